#include "relay/intake/spec.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/specs.h"

static const struct {
	struct slice fields; /* beside a good page and to: a@b.example */
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT("\"cc\":{}"), FAULT_BAD_FIELD, "The field 'cc' must be a list."},
	{SLICE_INIT("\"cc\":\"a@b.example\""), FAULT_BAD_FIELD, "The field 'cc' must be a list."},
	{SLICE_INIT("\"cc\":null"), FAULT_BAD_FIELD, "The field 'cc' must be a list."},
	{SLICE_INIT("\"cc\":[\"a@b.example\"]"), FAULT_BAD_FIELD,
	 "The field 'cc[0]' must be an object."},
	{SLICE_INIT("\"to\":[]"), FAULT_BAD_FIELD, "The field 'to' is there more than once."},
	{SLICE_INIT("\"bcc\":[{\"email\":\"a@b.example\"},[]]"), FAULT_BAD_FIELD,
	 "The field 'bcc[1]' must be an object."},
	{SLICE_INIT("\"cc\":[{}]"), FAULT_BAD_FIELD, "The field 'cc[0].email' must be there."},
	{SLICE_INIT("\"cc\":[{\"name\":\"A\"}]"), FAULT_BAD_FIELD,
	 "The field 'cc[0].email' must be there."},
	{SLICE_INIT(
		 "\"cc\":[{\"email\":\"a@b.example\"},{\"email\":\"c@b.example\"},{\"email\":7}]"),
	 FAULT_BAD_FIELD, "The field 'cc[2].email' must be a string."},
	{SLICE_INIT("\"cc\":[{\"email\":\"\"}]"), FAULT_BAD_ADDRESS,
	 "The field 'cc[0].email' must be one mail address, such as name@example.com."},
	{SLICE_INIT("\"cc\":[{\"email\":\"A <a@b.example>\"}]"), FAULT_BAD_ADDRESS,
	 "The field 'cc[0].email' must be one mail address, such as name@example.com."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a@b.example,c@d.example\"}]"), FAULT_BAD_ADDRESS,
	 "The field 'cc[0].email' must be one mail address, such as name@example.com."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a@b.example\\r\\nDATA\"}]"), FAULT_BAD_ADDRESS,
	 "The field 'cc[0].email' must be one mail address, such as name@example.com."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a\\u0000@b.example\"}]"), FAULT_BAD_ADDRESS,
	 "The field 'cc[0].email' must be one mail address, such as name@example.com."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a@b.example\",\"name\":\"A\\nBcc: c\"}]"),
	 FAULT_BAD_FIELD,
	 "The field 'cc[0].name' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a@b.example\",\"name\":1}]"), FAULT_BAD_FIELD,
	 "The field 'cc[0].name' must be a string."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a@b.example\",\"mail\":1}]"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'cc[0].mail' that Pagepost does not know."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a@b.example\",\"email\":\"a@b.example\"}]"),
	 FAULT_BAD_FIELD, "The field 'cc[0].email' is there more than once."},
	{SLICE_INIT("\"cc\":[{\"email\":\"a@b.example\"}"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 96: a comma or ] was expected."},
	{SLICE_INIT("\"sender\":[]"), FAULT_BAD_FIELD, "The field 'sender' must be an object."},
	{SLICE_INIT("\"sender\":{\"email\":\"x\"}"), FAULT_BAD_ADDRESS,
	 "The field 'sender.email' must be one mail address, such as name@example.com."},
	{SLICE_INIT("\"sender\":{\"name\":\"a\\u0001\"}"), FAULT_BAD_FIELD,
	 "The field 'sender.name' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"sender\":{\"account_id\":7}"), FAULT_BAD_FIELD,
	 "The field 'sender.account_id' must be a string."},
	{SLICE_INIT("\"sender\":{\"account_id\":\"\\n\"}"), FAULT_BAD_FIELD,
	 "The field 'sender.account_id' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"sender\":{\"groups\":\"staff\"}"), FAULT_BAD_FIELD,
	 "The field 'sender.groups' must be a list."},
	{SLICE_INIT("\"sender\":{\"groups\":{}}"), FAULT_BAD_FIELD,
	 "The field 'sender.groups' must be a list."},
	{SLICE_INIT("\"sender\":{\"groups\":null}"), FAULT_BAD_FIELD,
	 "The field 'sender.groups' must be a list."},
	{SLICE_INIT("\"sender\":{\"groups\":[\"staff\",{\"name\":\"x\"}]}"), FAULT_BAD_FIELD,
	 "The field 'sender.groups[1]' must be a string."},
	{SLICE_INIT("\"sender\":{\"groups\":[7]}"), FAULT_BAD_FIELD,
	 "The field 'sender.groups[0]' must be a string."},
	{SLICE_INIT("\"sender\":{\"groups\":[\"a\\nb\"]}"), FAULT_BAD_FIELD,
	 "The field 'sender.groups[0]' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"sender\":{\"groups\":[],\"groups\":[\"staff\"]}"), FAULT_BAD_FIELD,
	 "The field 'sender.groups' is there more than once."},
	{SLICE_INIT("\"sender\":{\"groups\":[\"a\"]},\"sender\":{}"), FAULT_BAD_FIELD,
	 "The field 'sender' is there more than once."},
	{SLICE_INIT("\"groups\":[\"staff\"]"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'groups' that Pagepost does not know."},
	{SLICE_INIT("\"from\":{\"name\":\"x\"}"), FAULT_BAD_FIELD,
	 "The field 'from.email' must be there."},
	{SLICE_INIT("\"from\":\"a@b.example\""), FAULT_BAD_FIELD,
	 "The field 'from' must be an object."},
	{SLICE_INIT("\"from\":{\"email\":\"a@b..example\"}"), FAULT_BAD_ADDRESS,
	 "The field 'from.email' must be one mail address, such as name@example.com."},
	{SLICE_INIT("\"reply_to\":[{\"email\":\"a@b.example\"}]"), FAULT_BAD_FIELD,
	 "The field 'reply_to' must be an object."},
	{SLICE_INIT("\"reply_to\":{\"email\":\"a@b.example\",\"name\":\"\\r\"}"), FAULT_BAD_FIELD,
	 "The field 'reply_to.name' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"reply_to\":{}"), FAULT_BAD_FIELD,
	 "The field 'reply_to.email' must be there."},
};

START_TEST(refuses)
{
	struct specs s;
	specs_parse_with(&s, refused[_i].fields, JOBSPEC_PART);
	struct slice said = problem_text(&s.problem);
	ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)), "said: %.*s",
		      (int)said.len, said.ptr);
	ck_assert_uint_eq(s.fault, refused[_i].fault);
	specs_free(&s);
}
END_TEST

/* `count` recipients beside the one that is there. */
static struct slice recipients(char *room, size_t count)
{
	static const char one[] = ",{\"email\":\"r0000@b.example\"}";
	size_t n = 7;
	memcpy(room, "\"cc\":[ ", n);
	for (size_t i = 0; i < count; i++) {
		memcpy(room + n, one, sizeof(one) - 1);
		for (size_t k = 0, rest = i; k < 4; k++, rest /= 10) {
			room[n + 15 - k] = (char)('0' + rest % 10);
		}
		room[n] = i == 0 ? ' ' : ',';
		n += sizeof(one) - 1;
	}
	room[n] = ']';
	return slice_of(room, n + 1);
}

START_TEST(counts_them_all)
{
	static char room[64 * 1024];
	static const struct {
		size_t count;
		const char *sentence;
	} rows[] = {
		{4, NULL},
		{5, "The job has 6 recipients in 'to', 'cc' and 'bcc'; it must have 1 to 5."},
		{1999, "The job has 2000 recipients in 'to', 'cc' and 'bcc'; it must have 1 to 5."},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct specs s;
		specs_parse_with(&s, recipients(room, rows[i].count), JOBSPEC_PART);
		if (rows[i].sentence == NULL) {
			ck_assert_uint_eq(s.fault, FAULT_NONE);
			ck_assert_uint_eq(job_recipient_count(s.job), rows[i].count + 1);
		} else {
			ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD);
			ck_assert(slice_eq(problem_text(&s.problem),
					   slice_of_text(rows[i].sentence)));
		}
		specs_free(&s);
	}
}
END_TEST

START_TEST(keeps_the_first_of_an_address)
{
	struct specs s;
	specs_parse(&s,
		    SLICE_LIT("{\"bcc\":[{\"email\":\"x@b.example\"},{\"email\":\"A@b.example\"}],"
			      "\"cc\":[{\"email\":\"x@B.EXAMPLE\",\"name\":\"X\"}],"
			      "\"to\":[{\"email\":\"a@b.example\"},{\"email\":\"a@B.example\","
			      "\"name\":\"again\"}],"
			      "\"page\":{\"title\":\"T\",\"body\":\"\"}}"),
		    JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert_uint_eq(s.job->to_count, 1);
	ck_assert_uint_eq(s.job->to[0].name.len, 0);
	ck_assert_uint_eq(s.job->cc_count, 1);
	ck_assert(slice_eq(s.job->cc[0].name, SLICE_LIT("X")));
	ck_assert_uint_eq(s.job->bcc_count, 1); /* local parts are compared with their case */
	ck_assert(slice_eq(s.job->bcc[0].mailbox.address, SLICE_LIT("A@b.example")));
	specs_free(&s);
}
END_TEST

START_TEST(takes_letters_beyond_ascii)
{
	struct specs s;
	specs_parse_with(&s,
			 SLICE_LIT("\"cc\":[{\"email\":\"j\\u00f6rg@b\\u00fccher.example\"},"
				   "{\"email\":\"anna@B\xC3\x9C"
				   "CHER.example\"}]"),
			 JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	ck_assert(slice_eq(s.job->cc[0].mailbox.address,
			   SLICE_LIT("j\xC3\xB6rg@xn--bcher-kva.example")));
	ck_assert(slice_eq(s.job->cc[0].mailbox.domain, SLICE_LIT("xn--bcher-kva.example")));
	ck_assert(slice_eq(s.job->cc[1].mailbox.address, SLICE_LIT("anna@xn--bcher-kva.example")));
	specs_free(&s);
}
END_TEST

static const struct slice wide_and_wrong[] = {
	SLICE_INIT("\"cc\":[{\"email\":\"a\\u202eb@b.example\"}]"),
	SLICE_INIT("\"cc\":[{\"email\":\"\\u00f6 x@b.example\"}]"),
	SLICE_INIT("\"cc\":[{\"email\":\"a@-\\u00fc.example\"}]"),
	SLICE_INIT("\"cc\":[{\"email\":\"a@\\u00fc_.example\"}]"),
	SLICE_INIT("\"cc\":[{\"email\":\"\\u00f6@\"}]"),
	/* a sender must be one whom every server can answer */
	SLICE_INIT("\"from\":{\"email\":\"\\u00f6@b.example\"}"),
	SLICE_INIT("\"reply_to\":{\"email\":\"\\u00f6@b.example\"}"),
	SLICE_INIT("\"sender\":{\"email\":\"\\u00f6@b.example\"}"),
};

START_TEST(refuses_letters_beyond_ascii)
{
	struct specs s;
	specs_parse_with(&s, wide_and_wrong[_i], JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_BAD_ADDRESS, "%s", wide_and_wrong[_i].ptr);
	specs_free(&s);
}
END_TEST

/* `count` groups, each a name of `len` bytes. */
static struct slice groups(char *room, size_t count, size_t len)
{
	static const char before[] = "\"sender\":{\"groups\":[";
	size_t n = sizeof(before) - 1;
	memcpy(room, before, n);
	for (size_t i = 0; i < count; i++) {
		room[n++] = i == 0 ? ' ' : ',';
		room[n++] = '"';
		memset(room + n, 'g', len);
		n += len;
		room[n++] = '"';
	}
	memcpy(room + n, "]}", 2);
	return slice_of(room, n + 2);
}

START_TEST(limits_groups)
{
	static char room[64 * 1024];
	static const struct {
		size_t count, len;
		enum fault fault;
		const char *sentence;
	} rows[] = {
		{0, 0, FAULT_NONE, NULL},
		{1, 255, FAULT_NONE, NULL},
		{200, 255, FAULT_NONE, NULL},
		{1, 256, FAULT_BAD_FIELD,
		 "The field 'sender.groups[0]' may have at most 255 bytes; it has 256."},
		{201, 1, FAULT_TOO_LARGE,
		 "The field 'sender.groups[200]' is one too many: at most 200 are allowed."},
		{5000, 1, FAULT_TOO_LARGE,
		 "The field 'sender.groups[200]' is one too many: at most 200 are allowed."},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct specs s;
		specs_parse_with(&s, groups(room, rows[i].count, rows[i].len), JOBSPEC_PART);
		ck_assert_uint_eq(s.fault, rows[i].fault);
		if (rows[i].sentence == NULL) {
			ck_assert_uint_eq(s.job->sender_group_count, rows[i].count);
		} else {
			ck_assert(slice_eq(problem_text(&s.problem),
					   slice_of_text(rows[i].sentence)));
		}
		for (size_t k = 0; rows[i].fault == FAULT_NONE && k < rows[i].count; k++) {
			ck_assert_uint_eq(s.job->sender_groups[k].len, rows[i].len);
		}
		specs_free(&s);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/spec_people");
	TCase *t = tcase_create("people");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, counts_them_all);
	tcase_add_test(t, limits_groups);
	tcase_add_test(t, keeps_the_first_of_an_address);
	tcase_add_test(t, takes_letters_beyond_ascii);
	tcase_add_loop_test(t, refuses_letters_beyond_ascii, 0, COUNT_OF(wide_and_wrong));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
