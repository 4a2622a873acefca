#include "spool-free/job/cause.h"

#include "tests/support/check_main.h"

static const struct {
	enum cause_owner owner;
	const char *name;
} owners[] = {
	{CAUSE_OWNER_SENDER, "sender"},		{CAUSE_OWNER_ADMIN, "admin"},
	{CAUSE_OWNER_POSTMASTER, "postmaster"}, {CAUSE_OWNER_PROVIDER, "provider"},
	{CAUSE_OWNER_OPERATOR, "operator"},
};

START_TEST(names_owners)
{
	ck_assert(slice_eq(cause_owner_name(owners[_i].owner), slice_of_text(owners[_i].name)));
}
END_TEST

static const struct {
	enum cause_kind kind;
	const char *name;
} kinds[] = {
	{CAUSE_THROTTLE, "throttle"}, {CAUSE_QUOTA, "quota"},	  {CAUSE_TEMPORARY, "temporary"},
	{CAUSE_NETWORK, "network"},   {CAUSE_TLS, "tls"},	  {CAUSE_AUTH, "auth"},
	{CAUSE_SENDER, "sender"},     {CAUSE_ADDRESS, "address"}, {CAUSE_POLICY, "policy"},
	{CAUSE_SIZE, "size"},	      {CAUSE_CONTENT, "content"}, {CAUSE_REPUTATION, "reputation"},
	{CAUSE_PROTOCOL, "protocol"},
};

START_TEST(names_kinds)
{
	ck_assert(slice_eq(cause_kind_name(kinds[_i].kind), slice_of_text(kinds[_i].name)));
}
END_TEST

static const struct smtp_cause cause = {
	.code = SLICE_INIT("shut"),
	.owner = CAUSE_OWNER_ADMIN,
	.detail = SLICE_INIT("It is \"shut\"."),
	.remedy = SLICE_INIT("Open it."),
};

static const struct smtp_cause senders = {
	.code = SLICE_INIT("a"),
	.owner = CAUSE_OWNER_SENDER,
	.detail = SLICE_INIT("b"),
	.remedy = SLICE_INIT("c"),
};

static const struct {
	const struct smtp_cause *cause;
	bool is_operators;
	const char *json;
} written[] = {
	{&cause, false,
	 "{\"cause\":{\"code\":\"shut\",\"owner\":\"admin\","
	 "\"detail\":\"It is \\\"shut\\\".\",\"remedy\":\"Open it.\"}}"},
	{&cause, true,
	 "{\"cause\":{\"code\":\"shut\",\"owner\":\"operator\","
	 "\"detail\":\"It is \\\"shut\\\".\",\"remedy\":\"Open it.\"}}"},
	{&senders, true,
	 "{\"cause\":{\"code\":\"a\",\"owner\":\"sender\","
	 "\"detail\":\"b\",\"remedy\":\"c\"}}"},
	{NULL, false, "{}"},
	{NULL, true, "{}"},
};

START_TEST(writes_what_is_known)
{
	CLEANUP(buf_deinit) struct buf b;
	struct json_writer w;
	buf_init(&b, 1024);
	json_writer_init(&w, &b);
	json_put_object(&w);
	cause_put(&w, written[_i].cause, written[_i].is_operators);
	json_put_object_end(&w);
	ck_assert_uint_eq(json_writer_fault(&w), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&b), slice_of_text(written[_i].json)), "%.*s", (int)b.len,
		      b.ptr);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("cause");
	TCase *t = tcase_create("names");
	tcase_add_loop_test(t, names_owners, 0, COUNT_OF(owners));
	tcase_add_loop_test(t, names_kinds, 0, COUNT_OF(kinds));
	tcase_add_loop_test(t, writes_what_is_known, 0, COUNT_OF(written));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
