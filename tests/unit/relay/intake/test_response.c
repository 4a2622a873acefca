#include "relay/intake/response.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { OUT_MAX = 4096 };

static const struct civil at = {1795305028123}; /* 2026-11-21T23:50:28.123Z */

static struct buf out;

static bool says(const struct response *r, const char *text)
{
	buf_deinit(&out);
	buf_init(&out, OUT_MAX);
	ck_assert_uint_eq(response_write(r, &out), FAULT_NONE);
	return slice_find(buf_view(&out), slice_of_text(text)) < out.len;
}

START_TEST(writes_one_whole)
{
	const struct response r = {
		.status = 200,
		.type = SLICE_LIT("application/json"),
		.request_id = SLICE_LIT("id-1"),
		.at = at,
		.body = SLICE_LIT("{}"),
	};
	ck_assert(says(
		&r, "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 23:50:28 GMT\r\n"
		    "Content-Type: application/json\r\nContent-Length: 2\r\n"
		    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
		    "Strict-Transport-Security: max-age=31536000\r\nX-Request-Id: id-1\r\n\r\n{}"));
	buf_deinit(&out);
}
END_TEST

static const struct {
	struct response response;
	const char *there;
	const char *not_there;
} rows[] = {
	{{.status = 202, .location = SLICE_INIT("/v1/jobs/1")},
	 "\r\nLocation: /v1/jobs/1\r\n",
	 "Allow"},
	{{.status = 405, .allow = SLICE_INIT("POST")}, "\r\nAllow: POST\r\n", "Location"},
	{{.status = 503, .retry_after_s = 3}, "\r\nRetry-After: 3\r\n", "Connection"},
	{{.status = 401, .asks_for_token = true},
	 "\r\nWWW-Authenticate: Bearer\r\n",
	 "Retry-After"},
	{{.status = 200, .closes = true}, "\r\nConnection: close\r\n", "WWW-"},
	{{.status = 200, .is_head = true, .body = SLICE_INIT("{}")},
	 "\r\nContent-Length: 2\r\n",
	 "{}"},
	{{.status = 200}, "\r\nContent-Length: 0\r\n", "Content-Type:"},
	{{.status = 201, .version = 7}, "\r\nETag: \"7\"\r\n", "Location"},
	{{.status = 201, .version = UINT32_MAX}, "HTTP/1.1 201 Created\r\n", "Allow"},
	{{.status = 200}, "\r\nCache-Control: no-store\r\n", "ETag"},
	{{.status = 204}, "HTTP/1.1 204 No Content\r\n", "Content-Length"},
	{{.status = 299}, "HTTP/1.1 299 \r\n", "OK"},
	{{.status = 413}, "HTTP/1.1 413 Content Too Large\r\n", "X-Request-Id"},
};

START_TEST(adds_what_is_set_only)
{
	ck_assert(says(&rows[_i].response, rows[_i].there));
	ck_assert(!says(&rows[_i].response, rows[_i].not_there));
	buf_deinit(&out);
}
END_TEST

/* Each status that a fault has has a reason. */
START_TEST(knows_every_fault)
{
	const struct response r = {.status = fault_status((enum fault)_i)};
	ck_assert(!says(&r, " \r\n"));
	buf_deinit(&out);
}
END_TEST

START_TEST(continues)
{
	buf_init(&out, OUT_MAX);
	ck_assert_uint_eq(response_continue(&out), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&out), SLICE_LIT("HTTP/1.1 100 Continue\r\n\r\n")));
	buf_deinit(&out);
}
END_TEST

START_TEST(says_when_there_is_no_room)
{
	const struct response r = {.status = 200, .closes = true, .body = SLICE_LIT("{}")};
	ck_assert(says(&r, "{}"));
	size_t whole = out.len;
	for (size_t room = 0; room < whole; room++) {
		buf_deinit(&out);
		buf_init(&out, room);
		ck_assert_uint_eq(response_write(&r, &out), FAULT_TOO_LARGE);
	}
	buf_deinit(&out);
	buf_init(&out, OUT_MAX);
	oom_arm(1);
	enum fault f = response_write(&r, &out);
	ck_assert(oom_disarm());
	ck_assert_uint_eq(f, FAULT_NO_MEMORY);
	buf_deinit(&out);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/response");
	TCase *t = tcase_create("response");
	tcase_add_test(t, writes_one_whole);
	tcase_add_loop_test(t, adds_what_is_set_only, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, knows_every_fault, 1, FAULT_COUNT);
	tcase_add_test(t, continues);
	tcase_add_test(t, says_when_there_is_no_room);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
