#include "relay/gateway/pause.h"

#include "tests/support/check_main.h"

enum { ROOM = 2048 };

static const struct {
	const char *text;
	const char *name; /* NULL: refused */
	uint16_t port;
} servers[] = {
	{"smtp.example.com", "smtp.example.com", 0},
	{"smtp.example.com:587", "smtp.example.com", 587},
	{"SMTP.Example.COM.:25", "smtp.example.com", 25},
	{"b\xc3\xbc"
	 "cher.example:465",
	 "xn--bcher-kva.example", 465},
	{"localhost", "localhost", 0},
	{"192.0.2.1:25", "192.0.2.1", 25},
	{"[2001:db8::1]:25", "2001:db8::1", 25},
	{"[2001:DB8::1]", "2001:db8::1", 0},
	{"2001:db8::1", "2001:db8::1", 0},
	{"[2001:db8:0:0:0:0:0:1]:25", "2001:db8::1", 25},
	{"127.1:25", "127.0.0.1", 25},
	{"", NULL, 0},
	{".", NULL, 0},
	{"smtp.example.com..", NULL, 0},
	{":25", NULL, 0},
	{"smtp.example.com:", NULL, 0},
	{"smtp.example.com:0", NULL, 0},
	{"smtp.example.com:65536", NULL, 0},
	{"smtp.example.com:25x", NULL, 0},
	{"smtp.example.com: 25", NULL, 0},
	{"smtp example.com", NULL, 0},
	{"smtp..example.com", NULL, 0},
	{"ann@example.com", NULL, 0},
	{"[2001:db8::1", NULL, 0},
	{"[2001:db8::1]25", NULL, 0},
	{"[]:25", NULL, 0},
	{"2001:db8::g", NULL, 0},
};

START_TEST(mail_servers)
{
	struct pause_target t;
	struct problem problem = {0};
	enum fault f = pause_upstream(slice_of_text(servers[_i].text), &t, &problem);
	if (servers[_i].name == NULL) {
		ck_assert_msg(f == FAULT_BAD_FIELD, "%s is taken", servers[_i].text);
		ck_assert_uint_gt(problem.len, 0);
		return;
	}
	ck_assert_msg(f == FAULT_NONE, "%s is refused", servers[_i].text);
	ck_assert_int_eq(t.what, PAUSE_UPSTREAM);
	ck_assert(slice_eq(pause_name(&t), slice_of_text(servers[_i].name)));
	ck_assert_uint_eq(t.port, servers[_i].port);
}
END_TEST

static const struct {
	const char *text;
	bool tenant, reason;
} words[] = {
	{"acme", true, true},
	{"acme-2", true, true},
	{"Acme", false, true},
	{"", false, false},
	{"a b", false, false},
	{"a.b", false, false},
	{"ann@example.com", false, false},
	{"a\nb", false, false},
	{"0123456789012345678901234567890123456789012345678901234567890123", true, true},
	{"01234567890123456789012345678901234567890123456789012345678901234", false, false},
};

START_TEST(ids_and_reasons)
{
	struct pause_target t;
	struct pause p = {.reason_len = 0};
	struct problem problem = {0};
	struct slice text = slice_of_text(words[_i].text);
	ck_assert_int_eq(pause_tenant(text, &t, &problem),
			 words[_i].tenant ? FAULT_NONE : FAULT_BAD_FIELD);
	ck_assert_int_eq(pause_take_reason(&p, text, &problem),
			 words[_i].reason ? FAULT_NONE : FAULT_BAD_FIELD);
	ck_assert_uint_eq(p.reason_len, words[_i].reason ? text.len : 0);
}
END_TEST

static struct pause_target target_of(const char *what, const char *name)
{
	struct pause_target t = {.what = PAUSE_ALL};
	struct problem problem;
	if (*what == 't') {
		ck_assert_int_eq(pause_tenant(slice_of_text(name), &t, &problem), FAULT_NONE);
	} else if (*what == 'u') {
		ck_assert_int_eq(pause_upstream(slice_of_text(name), &t, &problem), FAULT_NONE);
	}
	return t;
}

static const struct {
	const char *what, *name;
	const char *tenant, *host;
	uint16_t port;
	bool meets;
} meetings[] = {
	{"all", "", "acme", "smtp.example.com", 587, true},
	{"all", "", "acme", "", 0, true},
	{"tenant", "acme", "acme", "", 0, true},
	{"tenant", "acme", "acme", "smtp.example.com", 587, true},
	{"tenant", "acme", "acme2", "smtp.example.com", 587, false},
	{"tenant", "acme", "acm", "acme", 587, false},
	{"upstream", "smtp.example.com", "acme", "smtp.example.com", 587, true},
	{"upstream", "smtp.example.com", "acme", "SMTP.example.com.", 25, true},
	{"upstream", "smtp.example.com:587", "acme", "smtp.example.com", 587, true},
	{"upstream", "smtp.example.com:587", "acme", "smtp.example.com", 25, false},
	{"upstream", "smtp.example.com", "acme", "smtp.example.com.example", 25, false},
	{"upstream", "smtp.example.com", "acme", "", 0, false},
	{"upstream", "smtp.example.com", "smtp.example.com", "other.example", 25, false},
	{"upstream", "[2001:db8::1]", "acme", "2001:DB8::1", 25, true},
	{"upstream", "::1", "acme", "0:0:0:0:0:0:0:1", 25, true},
	{"upstream", "[0:0:0:0:0:0:0:1]:25", "acme", "::1", 25, true},
	{"upstream", "[::1]:25", "acme", "::1", 587, false},
	{"upstream", "::1", "acme", "::2", 25, false},
	{"upstream", "127.0.0.1", "acme", "127.0.0.1.", 25, true},
	{"upstream", "127.0.0.1", "acme", "0x7f000001", 25, true},
	{"upstream", "127.0.0.1", "acme", "::ffff:127.0.0.1", 25, true},
};

START_TEST(whom_it_meets)
{
	struct pause_target t = target_of(meetings[_i].what, meetings[_i].name);
	ck_assert(pause_meets(&t, slice_of_text(meetings[_i].tenant),
			      slice_of_text(meetings[_i].host),
			      meetings[_i].port) == meetings[_i].meets);
}
END_TEST

/* 2026-11-30 04:10:09 UTC. */
static const struct civil since = {.ms = INT64_C(1796011809000)};

static const struct {
	const char *what, *name;
	const char *reason;
	uint64_t for_ms, passed_ms;
	uint64_t retry_ms;
	const char *sentence;
	const char *json;
	bool some_sent;
} told[] = {
	{"all", "", "", 0, 0, 60000,
	 "The operator of this Pagepost paused all sending at 2026-11-30 04:10 UTC, until the "
	 "operator resumes it. Nothing was sent; send the page again later, or ask the operator "
	 "when.",
	 "{\"what\":\"all\",\"since\":\"2026-11-30T04:10:09.000Z\"}", false},
	{"tenant", "acme", "abuse-report", 1800000, 600000, 1200000,
	 "The operator of this Pagepost paused this site's sending at 2026-11-30 04:10 UTC "
	 "(abuse-report), until 2026-11-30 04:40 UTC at the latest. Nothing was sent; send the "
	 "page again then.",
	 "{\"what\":\"tenant\",\"name\":\"acme\",\"since\":\"2026-11-30T04:10:09.000Z\","
	 "\"until\":\"2026-11-30T04:40:09.000Z\",\"reason\":\"abuse-report\"}",
	 false},
	{"upstream", "smtp.example.com:587", "", 86400000, 1, 3600000,
	 "The operator of this Pagepost paused sending through this mail server at 2026-11-30 "
	 "04:10 UTC, until 2026-12-01 04:10 UTC at the latest. Nothing was sent; send the page "
	 "again then.",
	 "{\"what\":\"upstream\",\"name\":\"smtp.example.com\",\"port\":587,"
	 "\"since\":\"2026-11-30T04:10:09.000Z\",\"until\":\"2026-12-01T04:10:09.000Z\"}",
	 false},
	{"all", "", "x", 5000, 4500, 1000,
	 "The operator of this Pagepost paused all sending at 2026-11-30 04:10 UTC (x), until "
	 "2026-11-30 04:10 UTC at the latest. Nothing was sent; send the page again then.",
	 "{\"what\":\"all\",\"since\":\"2026-11-30T04:10:09.000Z\","
	 "\"until\":\"2026-11-30T04:10:14.000Z\",\"reason\":\"x\"}",
	 false},
	{"all", "", "", 0, 0, 60000,
	 "The operator of this Pagepost paused all sending at 2026-11-30 04:10 UTC, until the "
	 "operator resumes it. This recipient got nothing; send the page to them alone later, or "
	 "ask the operator when.",
	 "{\"what\":\"all\",\"since\":\"2026-11-30T04:10:09.000Z\"}", true},
	{"upstream", "smtp.example.com:587",
	 "0123456789012345678901234567890123456789012345678901234567890123", 86400000, 1, 3600000,
	 "The operator of this Pagepost paused sending through this mail server at 2026-11-30 "
	 "04:10 UTC (0123456789012345678901234567890123456789012345678901234567890123), until "
	 "2026-12-01 04:10 UTC at the latest. This recipient got nothing; send the page to them "
	 "alone then.",
	 "{\"what\":\"upstream\",\"name\":\"smtp.example.com\",\"port\":587,"
	 "\"since\":\"2026-11-30T04:10:09.000Z\",\"until\":\"2026-12-01T04:10:09.000Z\","
	 "\"reason\":\"0123456789012345678901234567890123456789012345678901234567890123\"}",
	 true},
};

START_TEST(what_is_told)
{
	const struct instant start = {.ms = 1000000};
	struct problem problem = {0};
	uint64_t retry_ms = 0;
	struct pause p = {.target = target_of(told[_i].what, told[_i].name), .since = since};
	if (*told[_i].reason != '\0') {
		ck_assert_int_eq(pause_take_reason(&p, slice_of_text(told[_i].reason), &problem),
				 FAULT_NONE);
	}
	if (told[_i].for_ms > 0) {
		p.until.ms = since.ms + (int64_t)told[_i].for_ms;
		p.ends = instant_after(start, told[_i].for_ms);
	}
	ck_assert_int_eq(pause_explain(&p, instant_after(start, told[_i].passed_ms),
				       told[_i].some_sent, &problem, &retry_ms),
			 FAULT_PAUSED);
	ck_assert_msg(slice_eq(problem_text(&problem), slice_of_text(told[_i].sentence)), "%.*s",
		      (int)problem.len, problem.text);
	ck_assert_int_eq(problem.fault, FAULT_PAUSED);
	ck_assert_uint_eq(retry_ms, told[_i].retry_ms);
	struct buf json;
	struct json_writer w;
	buf_init(&json, ROOM);
	json_writer_init(&w, &json);
	pause_put(&w, &p);
	ck_assert_int_eq(json_writer_fault(&w), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&json), slice_of_text(told[_i].json)), "%.*s",
		      (int)json.len, json.ptr);
	buf_deinit(&json);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pause");
	TCase *t = tcase_create("pause");
	tcase_add_loop_test(t, mail_servers, 0, COUNT_OF(servers));
	tcase_add_loop_test(t, ids_and_reasons, 0, COUNT_OF(words));
	tcase_add_loop_test(t, whom_it_meets, 0, COUNT_OF(meetings));
	tcase_add_loop_test(t, what_is_told, 0, COUNT_OF(told));
	suite_add_tcase(s, t);
	return check_main(s);
}
