#include "relay/intake/answer.h"

#include <string.h>

#include "spool-free/base/json.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { ANSWER_MAX = 64 * 1024 };

/* The value at a path such as "recipients.1.code", read back by our own reader. */
static struct slice at(const struct buf *answer, const char *path)
{
	static char bytes[ANSWER_MAX];
	struct json j;
	struct slice rest = slice_of_text(path);
	struct slice step;
	struct json_token t;
	memcpy(bytes, answer->ptr, answer->len);
	json_init(&j, bytes, answer->len);
	t = json_next(&j);
	while (rest.len > 0) {
		if (!slice_cut_to(&rest, '.', &step)) {
			step = rest;
			rest.len = 0;
		}
		uint64_t index = 0;
		bool is_array = t.kind == JSON_ARRAY;
		ck_assert(is_array ? slice_to_u64(step, 99, &index) : t.kind == JSON_OBJECT);
		for (;;) {
			t = json_next(&j);
			ck_assert_uint_ne(t.kind, JSON_BAD);
			if (t.kind == JSON_OBJECT_END || t.kind == JSON_ARRAY_END) {
				return (struct slice){0};
			}
			if (is_array ? index-- == 0 : slice_eq(t.text, step)) {
				t = is_array ? t : json_next(&j);
				break;
			}
			ck_assert_uint_eq(json_skip(&j, t), FAULT_NONE);
		}
	}
	return t.kind == JSON_OBJECT  ? SLICE_LIT("{")
	       : t.kind == JSON_ARRAY ? SLICE_LIT("[")
				      : t.text;
}

static bool says(const struct buf *answer, const char *path, const char *value)
{
	struct slice found = at(answer, path);
	if (!slice_eq(found, slice_of_text(value))) {
		printf("%s is %.*s in %.*s\n", path, (int)found.len, found.ptr, (int)answer->len,
		       answer->ptr);
		return false;
	}
	return true;
}

static bool is_json(const struct buf *answer)
{
	static char bytes[ANSWER_MAX];
	struct json j;
	memcpy(bytes, answer->ptr, answer->len);
	json_init(&j, bytes, answer->len);
	return json_skip(&j, json_next(&j)) == FAULT_NONE && json_next(&j).kind == JSON_END;
}

static const struct mailbox people[] = {
	{.address = SLICE_INIT("a@b.example")},
	{.address = SLICE_INIT("c@d.example")},
	{.address = SLICE_INIT("e@f.example")},
};

static const struct smtp_cause unknown = {.code = SLICE_INIT("unknown-recipient"),
					  .kind = CAUSE_ADDRESS,
					  .owner = CAUSE_OWNER_SENDER,
					  .detail = SLICE_INIT("There is none."),
					  .remedy = SLICE_INIT("Check it.")};

static const struct recipient_outcome results[] = {
	{.outcome = OUTCOME_DELIVERED,
	 .code = 250,
	 .enhanced = "2.0.0",
	 .phase = PHASE_FINAL,
	 .attempt = 2,
	 .text = SLICE_INIT("queued as \"1\"\\")},
	{.outcome = OUTCOME_REFUSED,
	 .code = 550,
	 .enhanced = "5.1.1",
	 .phase = PHASE_RCPT,
	 .attempt = 1,
	 .text = SLICE_INIT("no such \xc3\xbcser\n\xff"),
	 .cause = &unknown},
	{.outcome = OUTCOME_UNTRIED},
};

static struct render_warning second = {.code = SLICE_INIT("html-over-limit"),
				       .detail = SLICE_INIT("It is large.")};
static struct render_warning first = {
	.code = SLICE_INIT("a"), .detail = SLICE_INIT("b"), .next = &second};
static struct render_macro macro = {.name = SLICE_INIT("jira"), .fate = MACRO_CARD, .count = 3};
static const struct render_report report = {.macros = &macro,
					    .warnings = &first,
					    .html_bytes = 10,
					    .text_bytes = 20,
					    .message_bytes = 30};

static const struct answer_signature signatures[] = {{SLICE_INIT("example.com"), SLICE_INIT("s1")},
						     {SLICE_INIT("b.example"), SLICE_INIT("s2")}};

static const struct answer_job done = {
	.id = {{1, 2, 3}},
	.state = JOB_STATE_DONE,
	.recipients = people,
	.results = results,
	.recipient_count = 3,
	.message_id = SLICE_INIT("x@y.example"),
	.message_size = 12345,
	.signatures = signatures,
	.signature_count = 2,
	.report = &report,
};

START_TEST(tells_an_outcome)
{
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, ANSWER_MAX);
	ck_assert_uint_eq(answer_job(&done, &b), FAULT_NONE);
	ck_assert(is_json(&b));
	ck_assert(says(&b, "id", "01020300-0000-0000-0000-000000000000"));
	ck_assert(says(&b, "state", "done") && says(&b, "outcome", "partly"));
	ck_assert(says(&b, "recipients.0.address", "a@b.example"));
	ck_assert(says(&b, "recipients.0.outcome", "delivered") &&
		  says(&b, "recipients.0.code", "250"));
	ck_assert(says(&b, "recipients.0.text", "queued as \"1\"\\"));
	ck_assert(says(&b, "recipients.1.outcome", "refused") &&
		  says(&b, "recipients.1.enhanced", "5.1.1"));
	ck_assert(says(&b, "recipients.1.phase", "rcpt"));
	ck_assert(says(&b, "recipients.1.text", "no such \xc3\xbcser\n\xef\xbf\xbd"));
	/* only what is news: the first attempt goes without saying */
	ck_assert(says(&b, "recipients.0.attempt", "2") && says(&b, "recipients.1.attempt", "") &&
		  says(&b, "recipients.2.attempt", ""));
	ck_assert(says(&b, "eta", ""));
	ck_assert(says(&b, "recipients.0.cause", "") &&
		  says(&b, "recipients.1.cause.code", "unknown-recipient"));
	ck_assert(says(&b, "recipients.1.cause.owner", "sender") &&
		  says(&b, "recipients.1.cause.detail", "There is none.") &&
		  says(&b, "recipients.1.cause.remedy", "Check it."));
	ck_assert(says(&b, "recipients.2.outcome", "untried") && says(&b, "recipients.2.code", ""));
	ck_assert(says(&b, "recipients.2.phase", "") && says(&b, "recipients.3", ""));
	ck_assert(says(&b, "message.message_id", "x@y.example") &&
		  says(&b, "message.size", "12345"));
	ck_assert(says(&b, "message.dkim.0.domain", "example.com") &&
		  says(&b, "message.dkim.1.selector", "s2") && says(&b, "message.dkim.2", ""));
	ck_assert(says(&b, "message.html_bytes", "10") && says(&b, "message.text_bytes", "20"));
	ck_assert(says(&b, "report.macros.0.name", "jira") &&
		  says(&b, "report.macros.0.fate", "card"));
	ck_assert(says(&b, "report.macros.0.count", "3") && says(&b, "report.macros.1", ""));
	ck_assert(says(&b, "report.warnings.0.code", "a"));
	ck_assert(says(&b, "report.warnings.1.detail", "It is large."));
	ck_assert(says(&b, "problem", "") && says(&b, "bytes_sent", ""));
	ck_assert(says(&b, "receipt", "") && says(&b, "receipt_fault", ""));
}
END_TEST

/* Who was left behind hears why; nobody else does. */
START_TEST(tells_why_the_rest_is_untried)
{
	CLEANUP(buf_deinit) struct buf b;
	struct answer_job a = done;
	struct problem p = {0};
	buf_init(&b, ANSWER_MAX);
	problem_set(&p, FAULT_PAUSED, "It is paused.");
	a.rest = &p;
	ck_assert_uint_eq(answer_job(&a, &b), FAULT_NONE);
	ck_assert(is_json(&b) && says(&b, "state", "done") && says(&b, "outcome", "partly"));
	ck_assert(says(&b, "recipients.2.problem.type", "urn:pagepost:problem:paused") &&
		  says(&b, "recipients.2.problem.detail", "It is paused.") &&
		  says(&b, "recipients.2.problem.owner", "operator"));
	ck_assert(says(&b, "recipients.0.problem", "") && says(&b, "recipients.1.problem", "") &&
		  says(&b, "problem", ""));
}
END_TEST

START_TEST(tells_a_receipt_or_why_there_is_none)
{
	CLEANUP(buf_deinit) struct buf b;
	CLEANUP(buf_deinit) struct buf without;
	struct answer_job a = done;
	struct problem p = {0};
	buf_init(&b, ANSWER_MAX);
	buf_init(&without, ANSWER_MAX);
	a.receipt = SLICE_LIT("eyJ.e30.c2ln");
	ck_assert_uint_eq(answer_job(&a, &b), FAULT_NONE);
	ck_assert(is_json(&b) && says(&b, "outcome", "partly"));
	ck_assert(says(&b, "receipt", "eyJ.e30.c2ln") && says(&b, "receipt_fault", ""));
	a.receipt.len = 0;
	problem_set(&p, FAULT_KEEPER_DOWN, "");
	a.receipt_problem = &p;
	ck_assert_uint_eq(answer_job(&a, &without), FAULT_NONE);
	ck_assert(is_json(&without) && says(&without, "outcome", "partly"));
	ck_assert(says(&without, "receipt", "") &&
		  says(&without, "receipt_fault.type", "urn:pagepost:problem:keeper-down"));
	ck_assert(says(&without, "receipt_fault.owner", "operator"));
}
END_TEST

START_TEST(tells_when_it_goes_on)
{
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, ANSWER_MAX);
	const struct answer_job a = {.state = JOB_STATE_WAITING, .eta = {.ms = 1795995903004}};
	ck_assert_uint_eq(answer_job(&a, &b), FAULT_NONE);
	ck_assert(is_json(&b) && says(&b, "state", "waiting"));
	ck_assert(says(&b, "eta", "2026-11-29T23:45:03.004Z"));
}
END_TEST

static const struct {
	enum job_state state;
	const char *name;
} states[] = {
	{JOB_STATE_QUEUED, "queued"},	{JOB_STATE_RENDERING, "rendering"},
	{JOB_STATE_SENDING, "sending"}, {JOB_STATE_WAITING, "waiting"},
	{JOB_STATE_FAULT, "fault"},
};

/* No word about recipients before the upstream answered (design.md, promise 2). */
START_TEST(tells_a_state)
{
	struct problem problem;
	CLEANUP(buf_deinit) struct buf b;
	bool is_fault = states[_i].state == JOB_STATE_FAULT;
	buf_init(&b, ANSWER_MAX);
	(void)problem_set(&problem, FAULT_UPSTREAM_AUTH, "");
	struct answer_job a = {.state = states[_i].state,
			       .recipients = people,
			       .recipient_count = 3,
			       .bytes_sent = 77,
			       .problem = is_fault ? &problem : NULL};
	ck_assert_uint_eq(answer_job(&a, &b), FAULT_NONE);
	ck_assert(is_json(&b));
	ck_assert(says(&b, "state", states[_i].name));
	ck_assert(says(&b, "outcome", "") && says(&b, "recipients", ""));
	ck_assert(says(&b, "bytes_sent", states[_i].state == JOB_STATE_SENDING ? "77" : ""));
	ck_assert(says(&b, "problem.type", is_fault ? "urn:pagepost:problem:upstream-auth" : "") ||
		  !is_fault);
	if (is_fault) {
		ck_assert(says(&b, "problem.detail", "The mail server refused the login."));
	}
}
END_TEST

START_TEST(tells_of_an_end_by_a_fault)
{
	struct problem p;
	CLEANUP(buf_deinit) struct buf kept;
	CLEANUP(buf_deinit) struct buf b;
	struct uuid id = {0};
	buf_init(&kept, ANSWER_MAX);
	buf_init(&b, ANSWER_MAX);
	(void)problem_set(&p, FAULT_UPSTREAM_AUTH, "");
	ck_assert_uint_eq(answer_problem(&p, SLICE_LIT(""), SLICE_LIT("job"), &kept), FAULT_NONE);
	ck_assert_uint_eq(answer_ended(&id, buf_view(&kept), &b), FAULT_NONE);
	ck_assert(is_json(&b));
	ck_assert(says(&b, "id", "00000000-0000-0000-0000-000000000000"));
	ck_assert(says(&b, "state", "fault"));
	ck_assert(says(&b, "problem.type", "urn:pagepost:problem:upstream-auth"));
	buf_deinit(&b);
	buf_init(&b, kept.len);
	ck_assert_uint_eq(answer_ended(&id, buf_view(&kept), &b), FAULT_TOO_LARGE);
}
END_TEST

START_TEST(tells_every_problem)
{
	enum fault f = (enum fault)_i;
	struct problem p;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, ANSWER_MAX);
	(void)problem_set(&p, f, "The field \"x\" is <wrong>.");
	ck_assert_uint_eq(answer_problem(&p, SLICE_LIT("req-1"), SLICE_LIT(""), &b), FAULT_NONE);
	ck_assert(is_json(&b));
	struct slice type = at(&b, "type");
	ck_assert(slice_starts(type, SLICE_LIT("urn:pagepost:problem:")));
	ck_assert(slice_ends(type, fault_slug(f)));
	ck_assert(slice_eq(at(&b, "title"), fault_title(f)));
	uint64_t status = 0;
	ck_assert(slice_to_u64(at(&b, "status"), 599, &status));
	ck_assert_uint_eq(status, (unsigned)fault_status(f));
	ck_assert_uint_ge(status, 400);
	ck_assert(says(&b, "detail", "The field \"x\" is <wrong>."));
	ck_assert(slice_eq(at(&b, "owner"), fault_owner_name(f)));
	ck_assert(says(&b, "request_id", "req-1") && says(&b, "job", ""));
}
END_TEST

static const struct {
	enum fault fault;
	bool is_operators;
	const char *owner;
} owners[] = {
	{FAULT_UPSTREAM_AUTH, false, "admin"},	 {FAULT_UPSTREAM_AUTH, true, "operator"},
	{FAULT_OAUTH_REFUSED, true, "operator"}, {FAULT_BAD_RECORD, true, "operator"},
	{FAULT_UPSTREAM_LOST, true, "upstream"}, {FAULT_BAD_FIELD, true, "caller"},
	{FAULT_BUSY, true, "operator"},
};

/* What an admin would mend at a server of the tenant's is not the admin's at the operator's. */
START_TEST(tells_whose_it_is_to_mend)
{
	static const struct smtp_cause cause = {.code = SLICE_INIT("c"),
						.owner = CAUSE_OWNER_ADMIN,
						.detail = SLICE_INIT("d"),
						.remedy = SLICE_INIT("r")};
	const struct recipient_outcome result = {.outcome = OUTCOME_REFUSED, .cause = &cause};
	const char *owner = owners[_i].is_operators ? "operator" : "admin";
	struct answer_job a = done;
	struct problem p;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, ANSWER_MAX);
	(void)problem_set(&p, owners[_i].fault, "");
	p.is_operators = owners[_i].is_operators;
	p.cause = &cause;
	ck_assert_uint_eq(answer_problem(&p, SLICE_LIT(""), SLICE_LIT(""), &b), FAULT_NONE);
	ck_assert(says(&b, "owner", owners[_i].owner) && says(&b, "cause.owner", owner));
	buf_clear(&b);
	a.results = &result;
	a.recipient_count = 1;
	a.is_operators = owners[_i].is_operators;
	ck_assert_uint_eq(answer_job(&a, &b), FAULT_NONE);
	ck_assert(says(&b, "recipients.0.cause.owner", owner));
	(void)problem_set(&p, owners[_i].fault, "Anew.");
	ck_assert(!p.is_operators);
}
END_TEST

/* A refused session has the same member as a refused recipient. */
START_TEST(tells_the_cause_of_a_problem)
{
	struct problem p;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, ANSWER_MAX);
	(void)problem_set(&p, FAULT_UPSTREAM_AUTH, "");
	p.cause = &unknown;
	ck_assert_uint_eq(answer_problem(&p, SLICE_LIT(""), SLICE_LIT(""), &b), FAULT_NONE);
	ck_assert(is_json(&b));
	ck_assert(says(&b, "owner", "admin") && says(&b, "cause.owner", "sender") &&
		  says(&b, "cause.code", "unknown-recipient") &&
		  says(&b, "cause.detail", "There is none.") &&
		  says(&b, "cause.remedy", "Check it."));
	buf_clear(&b);
	(void)problem_set(&p, FAULT_UPSTREAM_AUTH, ""); /* a new sentence has no cause yet */
	ck_assert_uint_eq(answer_problem(&p, SLICE_LIT(""), SLICE_LIT(""), &b), FAULT_NONE);
	ck_assert(says(&b, "cause", ""));
}
END_TEST

START_TEST(names_the_job_of_a_problem)
{
	struct problem p;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, ANSWER_MAX);
	(void)problem_set(&p, FAULT_DEADLINE, "");
	ck_assert_uint_eq(answer_problem(&p, SLICE_LIT(""), SLICE_LIT("job-1"), &b), FAULT_NONE);
	ck_assert(says(&b, "job", "job-1") && says(&b, "request_id", "") &&
		  says(&b, "status", "504"));
}
END_TEST

START_TEST(says_when_there_is_no_room)
{
	struct buf b;
	buf_init(&b, ANSWER_MAX);
	ck_assert_uint_eq(answer_job(&done, &b), FAULT_NONE);
	size_t whole = b.len;
	buf_deinit(&b);
	for (size_t room = 0; room < whole; room += 7) {
		buf_init(&b, room);
		ck_assert_uint_eq(answer_job(&done, &b), FAULT_TOO_LARGE);
		buf_deinit(&b);
	}
	for (unsigned n = 1;; n++) {
		buf_init(&b, ANSWER_MAX);
		oom_arm(n);
		enum fault f = answer_job(&done, &b);
		bool failed = oom_disarm();
		buf_deinit(&b);
		ck_assert_uint_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			ck_assert_uint_gt(n, 1);
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/answer");
	TCase *t = tcase_create("answer");
	tcase_add_test(t, tells_an_outcome);
	tcase_add_test(t, tells_why_the_rest_is_untried);
	tcase_add_test(t, tells_a_receipt_or_why_there_is_none);
	tcase_add_test(t, tells_when_it_goes_on);
	tcase_add_loop_test(t, tells_a_state, 0, COUNT_OF(states));
	tcase_add_test(t, tells_of_an_end_by_a_fault);
	tcase_add_loop_test(t, tells_every_problem, 1, FAULT_COUNT);
	tcase_add_loop_test(t, tells_whose_it_is_to_mend, 0, COUNT_OF(owners));
	tcase_add_test(t, tells_the_cause_of_a_problem);
	tcase_add_test(t, names_the_job_of_a_problem);
	tcase_add_test(t, says_when_there_is_no_room);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
