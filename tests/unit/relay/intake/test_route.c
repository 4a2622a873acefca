#include "relay/intake/route.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static const struct {
	enum http_method method;
	struct slice path;
	enum fault fault;
	enum intake_route route;
	struct slice id;
	struct slice allow;
} rows[] = {
	{HTTP_POST, SLICE_INIT("/v1/jobs"), FAULT_NONE, ROUTE_JOBS_POST, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/render"), FAULT_NONE, ROUTE_RENDER, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/v1/jobs/0190-a"), FAULT_NONE, ROUTE_JOB_GET, SLICE_INIT("0190-a"),
	 SLICE_INIT("")},
	{HTTP_HEAD, SLICE_INIT("/v1/jobs/x"), FAULT_NONE, ROUTE_JOB_GET, SLICE_INIT("x"),
	 SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/healthz"), FAULT_NONE, ROUTE_HEALTHZ, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_HEAD, SLICE_INIT("/readyz"), FAULT_NONE, ROUTE_READYZ, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/mail-1/check"), FAULT_NONE, ROUTE_CHECK,
	 SLICE_INIT("mail-1"), SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/check/check"), FAULT_NONE, ROUTE_CHECK,
	 SLICE_INIT("check"), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/v1/tenant/servers/a/check"), FAULT_METHOD, 0, SLICE_INIT(""),
	 SLICE_INIT("POST")},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers//check"), FAULT_NOT_FOUND, 0, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/check"), FAULT_NOT_FOUND, 0, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/a/b/check"), FAULT_NOT_FOUND, 0, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/a/check/"), FAULT_NOT_FOUND, 0, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/../check"), FAULT_NOT_FOUND, 0, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/v1/jobs"), FAULT_METHOD, 0, SLICE_INIT(""), SLICE_INIT("POST")},
	{HTTP_PUT, SLICE_INIT("/v1/render"), FAULT_METHOD, 0, SLICE_INIT(""), SLICE_INIT("POST")},
	{HTTP_DELETE, SLICE_INIT("/v1/jobs/x"), FAULT_METHOD, 0, SLICE_INIT(""),
	 SLICE_INIT("GET, HEAD")},
	{HTTP_POST, SLICE_INIT("/healthz"), FAULT_METHOD, 0, SLICE_INIT(""),
	 SLICE_INIT("GET, HEAD")},
	{HTTP_GET, SLICE_INIT("/"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/jobs/"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/v1/jobs/"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/v1/jobs/a/b"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/v1/jobs/.."), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/v1/jobs/%61"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("//healthz"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/Healthz"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/healthz/"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
	{HTTP_GET, SLICE_INIT("/health"), FAULT_NOT_FOUND, 0, SLICE_INIT(""), SLICE_INIT("")},
};

START_TEST(finds)
{
	struct route route = {0};
	CLEANUP(buf_deinit) struct buf allow;
	buf_init(&allow, ROUTE_ALLOW_MAX);
	ck_assert_uint_eq(route_find(rows[_i].method, rows[_i].path, &route, &allow),
			  rows[_i].fault);
	if (rows[_i].fault == FAULT_NONE) {
		ck_assert_uint_eq(route.name, rows[_i].route);
		ck_assert_int_eq(route.body != ROUTE_BODY_NONE, rows[_i].method == HTTP_POST);
		ck_assert_int_eq(route.body == ROUTE_BODY_CHECK, route.name == ROUTE_CHECK);
		ck_assert(slice_eq(route.id, rows[_i].id));
	}
	ck_assert(slice_eq(buf_view(&allow), rows[_i].allow));
}
END_TEST

START_TEST(says_when_memory_is_out)
{
	struct route route = {0};
	CLEANUP(buf_deinit) struct buf allow;
	buf_init(&allow, ROUTE_ALLOW_MAX);
	oom_arm(1);
	enum fault f = route_find(HTTP_POST, SLICE_LIT("/healthz"), &route, &allow);
	ck_assert(oom_disarm());
	ck_assert_uint_eq(f, FAULT_NO_MEMORY);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/route");
	TCase *t = tcase_create("route");
	tcase_add_loop_test(t, finds, 0, COUNT_OF(rows));
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
