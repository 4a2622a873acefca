#include "relay/intake/spec.h"

#include "tests/support/check_main.h"
#include "tests/support/specs.h"

#define EVENT_RULE " must be \"success\", \"failure\" or \"delay\", each at most once."
#define NOTIFY_RULE                                                                                \
	"The field 'delivery_status.notify' must be \"never\" or a list of \"success\", "          \
	"\"failure\" and \"delay\", each at most once."
#define RETURN_RULE  "The field 'delivery_status.return' must be \"headers\" or \"full\"."
#define TLS_RULE     "The field 'require_tls' must be true or false."
#define RECEIPT_RULE "The field 'receipt' must be true or false."

static const struct {
	struct slice fields;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT("\"delivery_status\":true"), FAULT_BAD_FIELD,
	 "The field 'delivery_status' must be an object."},
	{SLICE_INIT("\"delivery_status\":{\"orcpt\":1}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'delivery_status.orcpt' that Pagepost does not know."},
	{SLICE_INIT("\"delivery_status\":{\"notify\":true}"), FAULT_BAD_FIELD, NOTIFY_RULE},
	{SLICE_INIT("\"delivery_status\":{\"notify\":\"success\"}"), FAULT_BAD_FIELD, NOTIFY_RULE},
	{SLICE_INIT("\"delivery_status\":{\"notify\":\"NEVER\"}"), FAULT_BAD_FIELD, NOTIFY_RULE},
	{SLICE_INIT("\"delivery_status\":{\"notify\":[\"never\"]}"), FAULT_BAD_FIELD,
	 "The field 'delivery_status.notify[0]'" EVENT_RULE},
	{SLICE_INIT("\"delivery_status\":{\"notify\":[\"delay\",\"delay\"]}"), FAULT_BAD_FIELD,
	 "The field 'delivery_status.notify[1]'" EVENT_RULE},
	{SLICE_INIT("\"delivery_status\":{\"notify\":[1]}"), FAULT_BAD_FIELD,
	 "The field 'delivery_status.notify[0]'" EVENT_RULE},
	{SLICE_INIT("\"delivery_status\":{\"notify\":[\"success\\r\\nQUIT\"]}"), FAULT_BAD_FIELD,
	 "The field 'delivery_status.notify[0]'" EVENT_RULE},
	{SLICE_INIT("\"delivery_status\":{\"return\":\"hdrs\"}"), FAULT_BAD_FIELD, RETURN_RULE},
	{SLICE_INIT("\"delivery_status\":{\"return\":true}"), FAULT_BAD_FIELD, RETURN_RULE},
	{SLICE_INIT("\"require_tls\":\"yes\""), FAULT_BAD_FIELD, TLS_RULE},
	{SLICE_INIT("\"require_tls\":1"), FAULT_BAD_FIELD, TLS_RULE},
	{SLICE_INIT("\"receipt\":\"true\""), FAULT_BAD_FIELD, RECEIPT_RULE},
	{SLICE_INIT("\"receipt\":null"), FAULT_BAD_FIELD, RECEIPT_RULE},
	{SLICE_INIT("\"receipt\":{}"), FAULT_BAD_FIELD, RECEIPT_RULE},
};

START_TEST(refuses)
{
	struct specs s;
	specs_parse_with(&s, refused[_i].fields, JOBSPEC_PART);
	ck_assert_msg(s.fault == refused[_i].fault && slice_eq(problem_text(&s.problem),
							       slice_of_text(refused[_i].sentence)),
		      "%s: %.*s", refused[_i].fields.ptr, (int)s.problem.len, s.problem.text);
	specs_free(&s);
}
END_TEST

static const struct {
	struct slice fields;
	unsigned notify;
	enum return_part returns;
	bool require_tls;
	bool receipt;
} taken[] = {
	{SLICE_INIT("\"subject\":\"x\""), 0, RETURN_UNSAID, false, false},
	{SLICE_INIT("\"delivery_status\":{}"), 0, RETURN_UNSAID, false, false},
	{SLICE_INIT("\"delivery_status\":{\"notify\":[]}"), 0, RETURN_UNSAID, false, false},
	{SLICE_INIT("\"delivery_status\":{\"notify\":\"never\"}"), NOTIFY_NEVER, RETURN_UNSAID,
	 false, false},
	{SLICE_INIT("\"delivery_status\":{\"notify\":[\"delay\",\"success\",\"failure\"],"
		    "\"return\":\"headers\"}"),
	 NOTIFY_SUCCESS | NOTIFY_FAILURE | NOTIFY_DELAY, RETURN_HEADERS, false, false},
	{SLICE_INIT("\"delivery_status\":{\"return\":\"full\"},\"require_tls\":true"), 0,
	 RETURN_FULL, true, false},
	{SLICE_INIT("\"require_tls\":false"), 0, RETURN_UNSAID, false, false},
	{SLICE_INIT("\"receipt\":false"), 0, RETURN_UNSAID, false, false},
	{SLICE_INIT("\"receipt\":true"), 0, RETURN_UNSAID, false, true},
};

START_TEST(takes)
{
	struct specs s;
	specs_parse_with(&s, taken[_i].fields, JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	ck_assert_uint_eq(s.job->status.notify, taken[_i].notify);
	ck_assert_int_eq(s.job->status.returns, taken[_i].returns);
	ck_assert_int_eq(s.job->require_tls, taken[_i].require_tls);
	ck_assert_int_eq(s.job->wants_receipt, taken[_i].receipt);
	specs_free(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("spec of the delivery");
	TCase *t = tcase_create("delivery");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, takes, 0, COUNT_OF(taken));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
