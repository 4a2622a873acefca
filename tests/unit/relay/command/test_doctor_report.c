#include "relay/command/doctor_report.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
	const char *name;
	const char *body, *text; /* text NULL: refused */
	bool is_well;
} rows[] = {
	{"all is well",
	 "{\"result\":\"ok\",\"steps\":[{\"step\":\"resolve\",\"result\":\"ok\",\"ms\":3},{"
	 "\"step\":"
	 "\"auth\",\"result\":\"skipped\"}],\"address\":\"192.0.2.1\",\"addresses_tried\":1}",
	 "resolve        3 ms  ok\nauth                 skipped\n\naddress           192.0.2.1\n",
	 true},
	{"a step that failed, with its cause",
	 "{\"result\":\"failed\",\"steps\":[{\"step\":\"auth\",\"result\":\"failed\",\"ms\":1200,"
	 "\"code\":535,\"enhanced\":\"5.7.8\",\"text\":\"no\",\"detail\":\"It is.\",\"cause\":{"
	 "\"code\":\"x\",\"owner\":\"admin\",\"detail\":\"Wrong.\",\"remedy\":\"Mend it.\"}}]}",
	 "auth        1200 ms  failed: 535 5.7.8 no\n    It is.\n    cause: Wrong.\n    remedy, by "
	 "the admin: Mend it.\n",
	 false},
	{"what was found",
	 "{\"result\":\"ok\",\"steps\":[],\"address\":\"::1\",\"greeting\":\"hi\",\"provider\":"
	 "\"exim\","
	 "\"tls\":{\"version\":\"TLSv1.3\",\"cipher\":\"A\",\"certificate\":{\"subject\":\"s\","
	 "\"names\":\"n\",\"issuer\":\"i\",\"begins\":\"b\",\"ends\":\"e\",\"key_sha256\":\"k\","
	 "\"trusted\":false,\"trouble\":\"it is old\"}},\"capabilities_clear\":[\"STARTTLS\"],"
	 "\"capabilities\":[\"SIZE 1\",\"X\"],\"mechanism\":\"PLAIN\",\"size_max\":1}",
	 "\naddress           ::1\ngreeting          hi\nprovider          exim\nTLS               "
	 "TLSv1.3, A\ncertificate       it is old\n  subject         s\n  names           n\n  "
	 "issuer "
	 "         i\n  valid from      b\n  valid until     e\n  key's SHA-256   k\noffers in "
	 "clear   "
	 "STARTTLS\noffers under TLS  SIZE 1, X\nlogin by          PLAIN\nlargest message   1\n",
	 true},
	{"escape sequences",
	 "{\"result\":\"failed\",\"steps\":[{\"step\":\"mail\",\"result\":\"failed\",\"code\":550,"
	 "\"text\":\"\\u001b[2J\\u009b\\r\\n\"}]}",
	 "mail                 failed: 550 ?[2J???\n", false},
	{"fields that are not known",
	 "{\"later\":{\"a\":[1,null]},\"result\":\"ok\",\"steps\":[{\"step\":\"x\",\"result\":"
	 "\"ok\","
	 "\"new\":[{}]}]}",
	 "x                    ok\n", true},
	/* What is no report of Pagepost's. */
	{"nothing", "", NULL, false},
	{"HTML", "<html></html>", NULL, false},
	{"a list", "[]", NULL, false},
	{"no result", "{\"steps\":[]}", NULL, false},
	{"a job's answer", "{\"state\":\"done\",\"outcome\":\"delivered\"}", NULL, false},
	{"cut short", "{\"result\":\"ok\",\"steps\":[", NULL, false},
	{"cut short in a step", "{\"result\":\"ok\",\"steps\":[{\"step\":\"x\"", NULL, false},
	{"something behind it", "{\"result\":\"ok\"} x", NULL, false},
	{"steps that are no list", "{\"result\":\"ok\",\"steps\":{}}", NULL, false},
	{"steps that are no objects", "{\"result\":\"ok\",\"steps\":[1]}", NULL, false},
	{"a certificate that is none", "{\"result\":\"ok\",\"tls\":{\"certificate\":[]}}", NULL,
	 false},
	{"capabilities that are none", "{\"result\":\"ok\",\"capabilities\":[{}]}", NULL, false},
	{"a result that is none", "{\"result\":true}", NULL, false},
};

static enum fault read_row(int i, struct buf *text, bool *out_is_well)
{
	struct buf body;
	buf_init(&body, 100000);
	ck_assert_int_eq(buf_add_text(&body, rows[i].body), FAULT_NONE);
	enum fault f = doctor_report_read(&body, text, out_is_well);
	buf_deinit(&body);
	return f;
}

START_TEST(reads)
{
	struct buf text;
	bool is_well = false;
	buf_init(&text, 100000);
	enum fault f = read_row(_i, &text, &is_well);
	ck_assert_msg((f == FAULT_NONE) == (rows[_i].text != NULL), "%s: %d", rows[_i].name,
		      (int)f);
	if (f == FAULT_NONE) {
		ck_assert_msg(slice_eq(buf_view(&text), slice_of_text(rows[_i].text)), "%s:\n%.*s",
			      rows[_i].name, (int)text.len, text.ptr);
		ck_assert_int_eq(is_well, rows[_i].is_well);
	}
	buf_deinit(&text);
}
END_TEST

START_TEST(says_when_there_is_no_room)
{
	for (size_t room = 0; rows[_i].text != NULL && room < strlen(rows[_i].text); room++) {
		struct buf text;
		bool is_well = false;
		buf_init(&text, room);
		ck_assert_int_eq(read_row(_i, &text, &is_well), FAULT_TOO_LARGE);
		ck_assert(!is_well);
		buf_deinit(&text);
	}
}
END_TEST

/* More lines than there is room for are left out, not written past the end. */
START_TEST(takes_so_many_lines)
{
	struct buf body, text;
	bool is_well = false;
	buf_init(&body, 100000);
	buf_init(&text, 100000);
	ck_assert_int_eq(buf_add_text(&body, "{\"result\":\"ok\",\"capabilities\":[\"a\""),
			 FAULT_NONE);
	for (unsigned i = 0; i < 200; i++) {
		ck_assert_int_eq(buf_add_text(&body, ",\"a\""), FAULT_NONE);
	}
	ck_assert_int_eq(buf_add_text(&body, "]}"), FAULT_NONE);
	ck_assert_int_eq(doctor_report_read(&body, &text, &is_well), FAULT_NONE);
	ck_assert(is_well);
	buf_deinit(&body);
	buf_deinit(&text);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/doctor_report");
	TCase *t = tcase_create("doctor_report");
	tcase_add_loop_test(t, reads, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, says_when_there_is_no_room, 0, COUNT_OF(rows));
	tcase_add_test(t, takes_so_many_lines);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
