#include "relay/gateway/compose.h"

#include "tests/support/check_main.h"

enum { ROOM = 64 * 1024 };

static struct job *job;
static struct keeper_tenant tenant;
static struct keeper_server server;
static struct composed out;
static struct problem problem;
static bool wants_from;

static struct party party(const char *name, const char *address)
{
	struct party p = {.name = slice_of_text(name)};
	ck_assert_int_eq(mailbox_parse(slice_of_text(address), &p.mailbox), FAULT_NONE);
	return p;
}

static void setup(void)
{
	ck_assert_int_eq(job_new(ROOM, &job), FAULT_NONE);
	job->tenant = SLICE_LIT("acme");
	job->page.title = SLICE_LIT("Status");
	tenant = (struct keeper_tenant){0};
	server = (struct keeper_server){.host = SLICE_LIT("smtp.example.com")};
	problem = (struct problem){0};
	wants_from = false;
}

static void teardown(void)
{
	job_free(&job);
}

static enum fault run(bool with_server)
{
	const struct compose_records records = {.tenant = &tenant,
						.server = with_server ? &server : NULL,
						.wants_from = wants_from};
	return compose(job, &records, &out, &problem);
}

/* Who stands in From, by what is known. */
static const struct {
	const char *job_from, *server_from, *tenant_from, *sender;
	const char *expected;
} from_rows[] = {
	{"job@a.example", "srv@a.example", "ten@a.example", "me@a.example", "job@a.example"},
	{NULL, "srv@a.example", "ten@a.example", "me@a.example", "srv@a.example"},
	{NULL, NULL, "ten@a.example", "me@a.example", "ten@a.example"},
	{NULL, NULL, NULL, "me@a.example", "me@a.example"},
	{NULL, "not an address", NULL, "me@a.example", "me@a.example"},
	{NULL, NULL, NULL, NULL, NULL},
};

START_TEST(test_from)
{
	job->has_from = from_rows[_i].job_from != NULL;
	if (job->has_from) {
		job->from = party("Job", from_rows[_i].job_from);
	}
	if (from_rows[_i].sender != NULL) {
		job->sender = party("Me", from_rows[_i].sender);
	}
	server.from_address = slice_of_text(from_rows[_i].server_from);
	tenant.from_address = slice_of_text(from_rows[_i].tenant_from);
	enum fault f = run(true);
	if (from_rows[_i].expected == NULL) {
		ck_assert_int_eq(f, FAULT_BAD_FIELD);
		ck_assert_uint_gt(problem_text(&problem).len, 40);
		return;
	}
	ck_assert_int_eq(f, FAULT_NONE);
	ck_assert(slice_eq(out.from.mailbox.address, slice_of_text(from_rows[_i].expected)));
	ck_assert(slice_eq(out.envelope_sender, out.from.mailbox.address));
}
END_TEST

/* Where the tenant's own sender is to stand in every mail; the rest is as above. */
static const struct {
	const char *job_from, *server_from, *tenant_from, *sender;
	bool always, wants;
	const char *expected;
	enum fault fault;
} record_rows[] = {
	{"job@a.example", "srv@a.example", "ten@a.example", "me@a.example", true, false,
	 "ten@a.example", FAULT_NONE},
	{NULL, NULL, "ten@a.example", NULL, true, true, "ten@a.example", FAULT_NONE},
	{"job@a.example", "srv@a.example", "ten@a.example", "me@a.example", false, true,
	 "job@a.example",
	 FAULT_NONE}, /* that none may be named is a rule of policy, asked before */
	{NULL, "srv@a.example", NULL, "me@a.example", false, true, "srv@a.example", FAULT_NONE},
	{NULL, NULL, "ten@a.example", "me@a.example", false, true, "ten@a.example", FAULT_NONE},
	{NULL, NULL, NULL, "me@a.example", false, true, NULL, FAULT_FORBIDDEN},
	{NULL, "not an address", "neither", "me@a.example", false, true, NULL, FAULT_FORBIDDEN},
	{NULL, NULL, NULL, NULL, false, true, NULL, FAULT_FORBIDDEN},
	{"job@a.example", "srv@a.example", NULL, "me@a.example", true, false, NULL,
	 FAULT_FORBIDDEN},
	{"job@a.example", NULL, "not an address", "me@a.example", true, false, NULL,
	 FAULT_FORBIDDEN},
};

START_TEST(test_from_of_records)
{
	job->has_from = record_rows[_i].job_from != NULL;
	if (job->has_from) {
		job->from = party("Job", record_rows[_i].job_from);
	}
	if (record_rows[_i].sender != NULL) {
		job->sender = party("Me", record_rows[_i].sender);
	}
	server.from_address = slice_of_text(record_rows[_i].server_from);
	tenant.from_address = slice_of_text(record_rows[_i].tenant_from);
	tenant.from_name = SLICE_LIT("Pages");
	tenant.always_from = record_rows[_i].always;
	wants_from = record_rows[_i].wants;
	ck_assert_int_eq(run(true), record_rows[_i].fault);
	if (record_rows[_i].expected == NULL) {
		ck_assert_int_eq(problem.fault, record_rows[_i].fault);
		ck_assert_uint_gt(problem.len, 40);
		return;
	}
	ck_assert(slice_eq(out.from.mailbox.address, slice_of_text(record_rows[_i].expected)));
	ck_assert(!tenant.always_from || slice_eq(out.from.name, SLICE_LIT("Pages")));
}
END_TEST

/* What the job says of the mail's looks, else the tenant. */
START_TEST(test_layout)
{
	job->sender = party("Me", "me@a.example");
	tenant.header_text = SLICE_LIT("tenant's header");
	tenant.button_label = SLICE_LIT("tenant's button");
	tenant.css = SLICE_LIT("p{color:red}");
	tenant.image_side = 800;
	ck_assert_int_eq(run(false), FAULT_NONE);
	ck_assert(slice_eq(out.input.layout.header_text, tenant.header_text));
	ck_assert(slice_eq(out.input.layout.button_label, tenant.button_label));
	ck_assert(slice_eq(out.input.layout.css, tenant.css));
	ck_assert_uint_eq(out.input.layout.image_side, 800);
	job->layout = (struct layout){.header_text = SLICE_LIT("job's header"),
				      .button_label = SLICE_LIT("job's button"),
				      .css = SLICE_LIT("p{color:blue}"),
				      .logo = SLICE_LIT("logo.png"),
				      .image_side = 1600};
	ck_assert_int_eq(run(false), FAULT_NONE);
	ck_assert(slice_eq(out.input.layout.header_text, job->layout.header_text));
	ck_assert(slice_eq(out.input.layout.button_label, job->layout.button_label));
	ck_assert(slice_eq(out.input.layout.css, job->layout.css));
	ck_assert(slice_eq(out.input.layout.logo, job->layout.logo));
	ck_assert_uint_eq(out.input.layout.image_side, 1600);
}
END_TEST

START_TEST(test_reply_to_is_the_person)
{
	job->sender = party("Me", "me@a.example");
	ck_assert_int_eq(run(true), FAULT_NONE);
	ck_assert_ptr_null(out.input.reply_to);
	server.from_address = SLICE_LIT("pages@a.example");
	ck_assert_int_eq(run(true), FAULT_NONE);
	ck_assert(slice_eq(out.input.reply_to->mailbox.address, SLICE_LIT("me@a.example")));
	ck_assert(slice_eq(out.from.name, SLICE_LIT("Me")));
	job->has_reply_to = true;
	job->reply_to = party("", "desk@a.example");
	ck_assert_int_eq(run(true), FAULT_NONE);
	ck_assert(slice_eq(out.input.reply_to->mailbox.address, SLICE_LIT("desk@a.example")));
}
END_TEST

static const struct {
	const char *subject, *prefix, *tenant_prefix, *expected;
} subject_rows[] = {
	{"", "", "", "Status"},
	{"", "[A]", "[T]", "[A] Status"},
	{"", "", "[T] ", "[T] Status"},
	{"Own", "[A]", "[T]", "Own"},
};

START_TEST(test_subject)
{
	job->sender = party("Me", "me@a.example");
	job->subject = slice_of_text(subject_rows[_i].subject);
	job->subject_prefix = slice_of_text(subject_rows[_i].prefix);
	tenant.subject_prefix = slice_of_text(subject_rows[_i].tenant_prefix);
	ck_assert_int_eq(run(false), FAULT_NONE);
	ck_assert(slice_eq(out.input.subject, slice_of_text(subject_rows[_i].expected)));
}
END_TEST

START_TEST(test_message_id)
{
	job->sender = party("Me", "me@a.example");
	job->idempotency_key = SLICE_LIT("k1");
	ck_assert_int_eq(run(false), FAULT_NONE);
	struct slice first = out.message_id;
	ck_assert(slice_ends(first, SLICE_LIT("@a.example")));
	job->id.bytes[0] = 9; /* another job, the same key */
	ck_assert_int_eq(run(false), FAULT_NONE);
	ck_assert(slice_eq(out.message_id, first));
	job->tenant = SLICE_LIT("other");
	ck_assert_int_eq(run(false), FAULT_NONE);
	ck_assert(!slice_eq(out.message_id, first));
	job->idempotency_key = (struct slice){0};
	ck_assert_int_eq(run(false), FAULT_NONE);
	ck_assert_uint_eq(out.message_id.len, UUID_TEXT + sizeof("@a.example") - 1);
}
END_TEST

START_TEST(test_recipients_in_order)
{
	struct party to[] = {party("", "a@x.example"), party("", "b@x.example")};
	struct party cc[] = {party("", "c@x.example")};
	struct party bcc[] = {party("", "d@x.example")};
	job->sender = party("Me", "me@a.example");
	job->to = to;
	job->to_count = 2;
	job->cc = cc;
	job->cc_count = 1;
	job->bcc = bcc;
	job->bcc_count = 1;
	ck_assert_int_eq(run(false), FAULT_NONE);
	ck_assert_uint_eq(out.recipient_count, 4);
	ck_assert(slice_eq(out.recipients[3].address, SLICE_LIT("d@x.example")));
	ck_assert_uint_eq(out.input.to_count + out.input.cc_count, 3);
}
END_TEST

START_TEST(test_no_room)
{
	job->sender = party("Me", "me@a.example");
	job->arena.limit = arena_taken(&job->arena);
	enum fault f = run(false);
	for (int i = 0; f == FAULT_NONE && i < ROOM; i++) { /* until the open block is used up */
		f = run(false);
	}
	ck_assert_int_eq(f, FAULT_NO_MEMORY);
}
END_TEST

static const struct {
	const char *return_path, *expected;
} return_rows[] = {
	{NULL, "me@a.example"},
	{"", "me@a.example"},
	{"bounces@b.example", "bounces+01234567-89ab-7def-8123-456789abcdef@b.example"},
	{"not an address", "me@a.example"},
};

START_TEST(test_return_path)
{
	static const unsigned char id[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x7d, 0xef,
					   0x81, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
	memcpy(&job->id, id, sizeof(id));
	job->sender = party("Me", "me@a.example");
	server.return_path = slice_of_text(return_rows[_i].return_path);
	ck_assert_int_eq(run(true), FAULT_NONE);
	ck_assert_msg(slice_eq(out.envelope_sender, slice_of_text(return_rows[_i].expected)),
		      "%.*s", (int)out.envelope_sender.len, out.envelope_sender.ptr);
	ck_assert(slice_eq(out.from.mailbox.address, SLICE_LIT("me@a.example")));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("compose");
	TCase *c = tcase_create("particulars");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, test_from, 0, (int)COUNT_OF(from_rows));
	tcase_add_loop_test(c, test_from_of_records, 0, (int)COUNT_OF(record_rows));
	tcase_add_test(c, test_layout);
	tcase_add_test(c, test_reply_to_is_the_person);
	tcase_add_loop_test(c, test_subject, 0, (int)COUNT_OF(subject_rows));
	tcase_add_test(c, test_message_id);
	tcase_add_test(c, test_recipients_in_order);
	tcase_add_test(c, test_no_room);
	tcase_add_loop_test(c, test_return_path, 0, (int)COUNT_OF(return_rows));
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
