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
	{HTTP_GET, SLICE_INIT("/v1/receipt-key"), FAULT_NONE, ROUTE_RECEIPT_KEY, SLICE_INIT(""),
	 SLICE_INIT("")},
	{HTTP_POST, SLICE_INIT("/v1/receipt-key"), FAULT_METHOD, 0, SLICE_INIT(""),
	 SLICE_INIT("GET, HEAD")},
	{HTTP_GET, SLICE_INIT("/v1/receipt-key/x"), FAULT_NOT_FOUND, 0, SLICE_INIT(""),
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
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/check"), FAULT_METHOD, 0, SLICE_INIT(""),
	 SLICE_INIT("GET, HEAD, PUT, DELETE")},
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
		ck_assert_int_ne(route.scope, INTAKE_ADMINISTER);
		ck_assert_int_eq(route.body == ROUTE_BODY_CHECK, route.name == ROUTE_CHECK);
		ck_assert(slice_eq(route.id, rows[_i].id));
	}
	ck_assert(slice_eq(buf_view(&allow), rows[_i].allow));
}
END_TEST

#define T    "/v1/tenant"
#define X16  "0123456789abcdef"
#define X64  X16 X16 X16 X16
#define A63  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A252 A63 A63 A63 A63

/* What an admin's token asks for. */
static const struct {
	enum http_method method;
	const char *path;
	enum intake_route route;
	enum keeper_kind kind; /* 0: of no record */
	const char *id;
	bool has_body;
} admins[] = {
	{HTTP_GET, T "/settings", ROUTE_RECORD_GET, KEEPER_SETTINGS, "", false},
	{HTTP_HEAD, T "/settings", ROUTE_RECORD_GET, KEEPER_SETTINGS, "", false},
	{HTTP_PUT, T "/settings", ROUTE_RECORD_PUT, KEEPER_SETTINGS, "", true},
	{HTTP_DELETE, T "/settings", ROUTE_RECORD_REMOVE, KEEPER_SETTINGS, "", false},
	{HTTP_GET, T "/servers", ROUTE_RECORD_LIST, KEEPER_SERVER, "", false},
	{HTTP_GET, T "/servers/mail-1", ROUTE_RECORD_GET, KEEPER_SERVER, "mail-1", false},
	{HTTP_PUT, T "/servers/check", ROUTE_RECORD_PUT, KEEPER_SERVER, "check", true},
	{HTTP_DELETE, T "/servers/a", ROUTE_RECORD_REMOVE, KEEPER_SERVER, "a", false},
	{HTTP_PUT, T "/servers/a" A63, ROUTE_RECORD_PUT, KEEPER_SERVER, "a" A63, true},
	{HTTP_GET, T "/policy", ROUTE_RECORD_GET, KEEPER_POLICY, "", false},
	{HTTP_PUT, T "/policy", ROUTE_RECORD_PUT, KEEPER_POLICY, "", true},
	{HTTP_DELETE, T "/policy", ROUTE_RECORD_REMOVE, KEEPER_POLICY, "", false},
	{HTTP_GET, T "/policy/spaces", ROUTE_RECORD_LIST, KEEPER_POLICY, "", false},
	{HTTP_PUT, T "/policy/spaces/DOC", ROUTE_RECORD_PUT, KEEPER_POLICY, "DOC", true},
	{HTTP_GET, T "/policy/spaces/~jo.writer_1-x", ROUTE_RECORD_GET, KEEPER_POLICY,
	 "~jo.writer_1-x", false},
	{HTTP_GET, T "/policy/spaces/%7Ejo%2ewriter", ROUTE_RECORD_GET, KEEPER_POLICY, "~jo.writer",
	 false},
	{HTTP_DELETE, T "/policy/spaces/%41", ROUTE_RECORD_REMOVE, KEEPER_POLICY, "A", false},
	{HTTP_GET, T "/policy/spaces/" A252 "%61%61%61", ROUTE_RECORD_GET, KEEPER_POLICY,
	 A252 "aaa", false},
	{HTTP_GET, T "/aws", ROUTE_RECORD_LIST, KEEPER_AWS, "", false},
	{HTTP_PUT, T "/aws/main", ROUTE_RECORD_PUT, KEEPER_AWS, "main", true},
	{HTTP_GET, T "/tokens", ROUTE_RECORD_LIST, KEEPER_TOKEN, "", false},
	{HTTP_POST, T "/tokens", ROUTE_TOKEN_NEW, KEEPER_TOKEN, "", true},
	{HTTP_DELETE, T "/tokens/" X64, ROUTE_RECORD_REMOVE, KEEPER_TOKEN, X64, false},
	{HTTP_DELETE, T "/tokens/0123456789ab", ROUTE_RECORD_REMOVE, KEEPER_TOKEN, "0123456789ab",
	 false},
	{HTTP_PUT, T "/key", ROUTE_KEY_PUT, 0, "", true},
	{HTTP_POST, T "/key/confirm", ROUTE_KEY_CONFIRM, 0, "", false},
	{HTTP_DELETE, T "/key", ROUTE_KEY_REMOVE, 0, "", false},
	{HTTP_DELETE, T, ROUTE_TENANT_REMOVE, 0, "", false},
	{HTTP_POST, "/v1/lifecycle/installed", ROUTE_INSTALLED, 0, "", false},
	{HTTP_POST, "/v1/lifecycle/upgraded", ROUTE_UPGRADED, 0, "", false},
	{HTTP_POST, "/v1/lifecycle/uninstalled", ROUTE_UNINSTALLED, 0, "", false},
};

START_TEST(finds_what_admins_ask_for)
{
	struct route route = {0};
	CLEANUP(buf_deinit) struct buf allow;
	buf_init(&allow, ROUTE_ALLOW_MAX);
	ck_assert_uint_eq(
		route_find(admins[_i].method, slice_of_text(admins[_i].path), &route, &allow),
		FAULT_NONE);
	ck_assert_uint_eq(route.name, admins[_i].route);
	ck_assert_uint_eq(route.scope, INTAKE_ADMINISTER);
	ck_assert_uint_eq(route.kind, admins[_i].kind);
	ck_assert_int_eq(route.body, admins[_i].has_body ? ROUTE_BODY_RECORD : ROUTE_BODY_NONE);
	ck_assert(slice_eq(route.id, slice_of_text(admins[_i].id)));
	ck_assert_uint_eq(allow.len, 0); /* of the other methods that were seen on the way */
}
END_TEST

static const struct {
	enum http_method method;
	const char *path;
	const char *allow; /* NULL: there is nothing here */
	bool hints;
} strays[] = {
	{HTTP_POST, T "/settings", "GET, HEAD, PUT, DELETE", false},
	{HTTP_PUT, T "/servers", "GET, HEAD", false},
	{HTTP_POST, T "/servers/a", "GET, HEAD, PUT, DELETE", false},
	{HTTP_DELETE, T "/policy/spaces", "GET, HEAD", false},
	{HTTP_PUT, T "/tokens", "GET, HEAD, POST", false},
	{HTTP_GET, T "/tokens/" X64, "DELETE", false},
	{HTTP_GET, T "/key", "PUT, DELETE", false},
	{HTTP_PUT, T "/key/confirm", "POST", false},
	{HTTP_GET, T, "DELETE", false},
	{HTTP_GET, "/v1/lifecycle/installed", "POST", false},
	{HTTP_GET, T "/servers/Mail", NULL, true},
	{HTTP_PUT, T "/servers/a_b", NULL, true},
	{HTTP_PUT, T "/servers/a%2Db", NULL, true},
	{HTTP_GET, T "/servers/", NULL, true},
	{HTTP_GET, T "/servers/aa" A63, NULL, true},
	{HTTP_GET, T "/servers/a/", NULL, false},
	{HTTP_GET, T "/servers/a/b", NULL, false},
	{HTTP_GET, T "/servers/..", NULL, true},
	{HTTP_GET, T "/policy/", NULL, false},
	{HTTP_GET, T "/policy/spaces/", NULL, true},
	{HTTP_GET, T "/policy/spaces/A%2FB", NULL, true},
	{HTTP_GET, T "/policy/spaces/A%00", NULL, true},
	{HTTP_GET, T "/policy/spaces/%C3%A9", NULL, true},
	{HTTP_GET, T "/policy/spaces/A%20B", NULL, true},
	{HTTP_GET, T "/policy/spaces/A+B", NULL, true},
	{HTTP_GET, T "/policy/spaces/%2541", NULL, true},
	{HTTP_GET, T "/policy/spaces/A%", NULL, true},
	{HTTP_GET, T "/policy/spaces/A%4", NULL, true},
	{HTTP_GET, T "/policy/spaces/A%4g", NULL, true},
	{HTTP_GET, T "/policy/spaces/" A252 "aaaa", NULL, true},
	{HTTP_GET, T "/policy/spaces/A/B", NULL, false},
	{HTTP_DELETE, T "/tokens/0123456789a", NULL, true},
	{HTTP_DELETE, T "/tokens/0123456789AB", NULL, true},
	{HTTP_DELETE, T "/tokens/0123456789ag", NULL, true},
	{HTTP_DELETE, T "/tokens/" X64 "0", NULL, true},
	{HTTP_DELETE, T "/tokens/", NULL, true},
	{HTTP_PUT, T "/aws/A", NULL, true},
	{HTTP_DELETE, T "/", NULL, false},
	{HTTP_POST, "/v1/lifecycle/installed/", NULL, false},
	{HTTP_POST, "/v1/lifecycle/gone", NULL, false},
	{HTTP_POST, "/v1/lifecycle/", NULL, false},
	{HTTP_GET, "/v1/tenants", NULL, false},
};

START_TEST(finds_nothing_there)
{
	struct route route = {.hint = "of a request before"};
	CLEANUP(buf_deinit) struct buf allow;
	buf_init(&allow, ROUTE_ALLOW_MAX);
	enum fault f = route_find(strays[_i].method, slice_of_text(strays[_i].path), &route,
				  &allow);
	ck_assert_uint_eq(f, strays[_i].allow != NULL ? FAULT_METHOD : FAULT_NOT_FOUND);
	ck_assert(slice_eq(buf_view(&allow), slice_of_text(strays[_i].allow)));
	if (f == FAULT_NOT_FOUND) {
		ck_assert_msg((route.hint != NULL) == strays[_i].hints, "%s", strays[_i].path);
	}
}
END_TEST

/* Each route needs a token, but those that only say that Pagepost is there, and the public keys of receipts. */
START_TEST(only_three_are_for_anybody)
{
	struct route route = {0};
	CLEANUP(buf_deinit) struct buf allow;
	buf_init(&allow, ROUTE_ALLOW_MAX);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].fault == FAULT_NONE) {
			ck_assert_uint_eq(route_find(rows[i].method, rows[i].path, &route, &allow),
					  FAULT_NONE);
			ck_assert_int_eq(route.scope == INTAKE_ANYBODY,
					 route.name == ROUTE_HEALTHZ ||
						 route.name == ROUTE_READYZ ||
						 route.name == ROUTE_RECEIPT_KEY);
			ck_assert_int_eq(route.scope == INTAKE_EITHER, route.name == ROUTE_CHECK);
		}
	}
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
	tcase_add_loop_test(t, finds_what_admins_ask_for, 0, COUNT_OF(admins));
	tcase_add_loop_test(t, finds_nothing_there, 0, COUNT_OF(strays));
	tcase_add_test(t, only_three_are_for_anybody);
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
