#include "relay/intake/fields.h"

#include <string.h>

#include "spool-free/job/mailbox.h"
#include "tests/support/check_main.h"

struct sample {
	struct slice text;
	struct slice id;
	uint64_t number;
	struct mailbox mailbox;
	struct sample *inner;
	unsigned items;
};

static field_fn take_inner;
static field_fn take_items;

static const struct field rows[] = {
	{SLICE_INIT("text"), fields_take_text, offsetof(struct sample, text), 5},
	{SLICE_INIT("id"), fields_take_id, offsetof(struct sample, id), 5},
	{SLICE_INIT("number"), fields_take_number, offsetof(struct sample, number), 99},
	{SLICE_INIT("mailbox"), fields_take_mailbox, offsetof(struct sample, mailbox), 0},
	{SLICE_INIT("inner"), take_inner, 0, 0},
	{SLICE_INIT("items"), take_items, 0, 0},
};

static enum fault take_inner(struct fields *r, const struct field *f, struct json_token value,
			     void *into)
{
	struct sample *s = into;
	(void)f;
	return fields_object(r, value, rows, 3, s->inner);
}

static enum fault take_items(struct fields *r, const struct field *f, struct json_token value,
			     void *into)
{
	struct sample *s = into;
	struct sample item;
	(void)f;
	enum fault fault = fields_array(r, value);
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next(r, i, &value, &fault); i++) {
		fault = fields_object(r, value, rows, 3, &item);
		s->items++;
	}
	return fault;
}

static enum fault parse(struct slice json, struct sample *out, struct problem *problem)
{
	static char bytes[512];
	static struct sample inner;
	struct fields r;
	ck_assert_uint_lt(json.len, sizeof(bytes));
	memcpy(bytes, json.ptr, json.len);
	inner = (struct sample){0};
	*out = (struct sample){.inner = &inner};
	fields_init(&r, bytes, json.len, NULL, problem);
	return fields_object(&r, json_next(&r.json), rows, COUNT_OF(rows), out);
}

static const struct {
	struct slice json;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT("1"), FAULT_BAD_FIELD, "The job must be an object."},
	{SLICE_INIT("{\"text\":1}"), FAULT_BAD_FIELD, "The field 'text' must be a string."},
	{SLICE_INIT("{\"text\":\"123456\"}"), FAULT_BAD_FIELD,
	 "The field 'text' may have at most 5 bytes; it has 6."},
	{SLICE_INIT("{\"text\":\"\\n\"}"), FAULT_BAD_FIELD,
	 "The field 'text' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"id\":-1}"), FAULT_BAD_FIELD,
	 "The field 'id' must be a string or a whole number."},
	{SLICE_INIT("{\"id\":[]}"), FAULT_BAD_FIELD,
	 "The field 'id' must be a string or a whole number."},
	{SLICE_INIT("{\"number\":100}"), FAULT_BAD_FIELD,
	 "The field 'number' must be a whole number, not below 0."},
	{SLICE_INIT("{\"number\":1e1}"), FAULT_BAD_FIELD,
	 "The field 'number' must be a whole number, not below 0."},
	{SLICE_INIT("{\"number\":null}"), FAULT_BAD_FIELD,
	 "The field 'number' must be a whole number, not below 0."},
	{SLICE_INIT("{\"mailbox\":\"a\"}"), FAULT_BAD_ADDRESS,
	 "The field 'mailbox' must be one mail address, such as name@example.com."},
	{SLICE_INIT("{\"mailbox\":{}}"), FAULT_BAD_FIELD, "The field 'mailbox' must be a string."},
	{SLICE_INIT("{\"inner\":{\"text\":1}}"), FAULT_BAD_FIELD,
	 "The field 'inner.text' must be a string."},
	{SLICE_INIT("{\"inner\":{\"x y\":1}}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'inner.x?y' that Pagepost does not know."},
	{SLICE_INIT("{\"items\":[{},{\"id\":{}}]}"), FAULT_BAD_FIELD,
	 "The field 'items[1].id' must be a string or a whole number."},
	{SLICE_INIT("{\"items\":[{},3]}"), FAULT_BAD_FIELD,
	 "The field 'items[1]' must be an object."},
	{SLICE_INIT("{\"items\":3}"), FAULT_BAD_FIELD, "The field 'items' must be a list."},
	{SLICE_INIT("{\"items\":[{}"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 12: a comma or ] was expected."},
	{SLICE_INIT("{\"items\":"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 9: a value was expected."},
	{SLICE_INIT("{\"text\":\"a\",\"inner\":{},\"text\":\"a\"}"), FAULT_BAD_FIELD,
	 "The field 'text' is there more than once."},
	{SLICE_INIT(
		 "{\"0123456789012345678901234567890123456789012345678901234567890123456789\":1}"),
	 FAULT_UNKNOWN_FIELD,
	 "The job has a field '0123456789012345678901234567890123456789012345678901234567890123' "
	 "that Pagepost "
	 "does not know."},
};

START_TEST(refuses)
{
	struct sample s;
	struct problem problem = {0};
	ck_assert_uint_eq(parse(refused[_i].json, &s, &problem), refused[_i].fault);
	struct slice said = problem_text(&problem);
	ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)), "said: %.*s",
		      (int)said.len, said.ptr);
	ck_assert_uint_eq(problem.fault, refused[_i].fault);
}
END_TEST

START_TEST(fills)
{
	struct sample s;
	struct problem problem = {0};
	ck_assert_uint_eq(
		parse(SLICE_LIT("{\"text\":\"ab\",\"id\":77,\"number\":99,\"mailbox\":\"a@b."
				"example\","
				"\"inner\":{\"id\":\"x\",\"text\":\"in\"},\"items\":[{},{}]}"),
		      &s, &problem),
		FAULT_NONE);
	ck_assert(slice_eq(s.text, SLICE_LIT("ab")) && slice_eq(s.id, SLICE_LIT("77")) &&
		  s.number == 99);
	ck_assert(slice_eq(s.mailbox.domain, SLICE_LIT("b.example")) && s.items == 2);
	ck_assert(slice_eq(s.inner->text, SLICE_LIT("in")) &&
		  slice_eq(s.inner->id, SLICE_LIT("x")));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/fields");
	TCase *t = tcase_create("fields");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, fills);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
