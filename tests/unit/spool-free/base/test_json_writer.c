#include "spool-free/base/json.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static void put_sample(struct json_writer *w)
{
	json_put_object(w);
	json_put_key(w, "a");
	json_put_array(w);
	json_put_u64(w, 0);
	json_put_u64(w, UINT64_MAX);
	json_put_bool(w, true);
	json_put_bool(w, false);
	json_put_null(w);
	json_put_array_end(w);
	json_put_key(w, "b\"");
	json_put_object(w);
	json_put_object_end(w);
	json_put_key(w, "c");
	json_put_array(w);
	json_put_array(w);
	json_put_array_end(w);
	json_put_object(w);
	json_put_key(w, "d");
	json_put_string(w, SLICE_LIT("x"));
	json_put_object_end(w);
	json_put_array_end(w);
	json_put_object_end(w);
}

static const struct slice sample = SLICE_INIT(
	"{\"a\":[0,18446744073709551615,true,false,null],\"b\\\"\":{},"
	"\"c\":[[],{\"d\":\"x\"}]}");

START_TEST(commas_stand_where_they_must)
{
	struct buf b;
	struct json_writer w;
	buf_init(&b, 1000);
	json_writer_init(&w, &b);
	put_sample(&w);
	ck_assert_uint_eq(json_writer_fault(&w), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&b), sample), "%.*s", (int)b.len, b.ptr);
	buf_deinit(&b);
}
END_TEST

static const struct {
	struct slice text;
	struct slice written;
} strings[] = {
	{SLICE_INIT(""), SLICE_INIT("\"\"")},
	{SLICE_INIT("plain"), SLICE_INIT("\"plain\"")},
	{SLICE_INIT("\"\\/"), SLICE_INIT("\"\\\"\\\\/\"")},
	{SLICE_INIT("\b\f\n\r\t"), SLICE_INIT("\"\\b\\f\\n\\r\\t\"")},
	{SLICE_INIT("\0\x01\x1F\x7F"), SLICE_INIT("\"\\u0000\\u0001\\u001f\x7F\"")},
	{SLICE_INIT("a\xC3\xA4\xF0\x9F\x98\x80z"), SLICE_INIT("\"a\xC3\xA4\xF0\x9F\x98\x80z\"")},
	{SLICE_INIT("a\x80z"), SLICE_INIT("\"a\xEF\xBF\xBDz\"")},
	{SLICE_INIT("\xED\xA0\x80"), SLICE_INIT("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"")},
	{SLICE_INIT("cut \xE2\x82"), SLICE_INIT("\"cut \xEF\xBF\xBD\xEF\xBF\xBD\"")},
};

START_TEST(strings_are_escaped)
{
	struct buf b;
	struct json_writer w;
	buf_init(&b, 1000);
	json_writer_init(&w, &b);
	json_put_string(&w, strings[_i].text);
	ck_assert_uint_eq(json_writer_fault(&w), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&b), strings[_i].written));
	buf_deinit(&b);
}
END_TEST

START_TEST(members_are_key_and_value)
{
	struct buf b;
	struct json_writer w;
	buf_init(&b, 1000);
	json_writer_init(&w, &b);
	json_put_object(&w);
	json_member_text(&w, "a\"", SLICE_LIT("b\n"));
	json_member_u64(&w, "n", UINT64_MAX);
	json_member_bool(&w, "yes", true);
	json_member_bool(&w, "no", false);
	json_member_time(&w, "at", (struct civil){.ms = 1795305028123});
	json_put_object_end(&w);
	ck_assert_uint_eq(json_writer_fault(&w), FAULT_NONE);
	ck_assert(slice_eq(
		buf_view(&b),
		SLICE_LIT(
			"{\"a\\\"\":\"b\\n\",\"n\":18446744073709551615,\"yes\":true,\"no\":false,"
			"\"at\":\"2026-11-21T23:50:28.123Z\"}")));
	buf_deinit(&b);
}
END_TEST

START_TEST(every_byte_can_be_read_back)
{
	char text[128];
	struct buf b;
	struct json_writer w;
	struct json j;
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = (char)i;
	}
	buf_init(&b, 1000);
	json_writer_init(&w, &b);
	json_put_string(&w, slice_of(text, sizeof(text)));
	json_init(&j, b.ptr, b.len);
	struct json_token t = json_next(&j);
	ck_assert_uint_eq(t.kind, JSON_STRING);
	ck_assert(slice_eq(t.text, slice_of(text, sizeof(text))));
	ck_assert_uint_eq(json_next(&j).kind, JSON_END);
	buf_deinit(&b);
}
END_TEST

START_TEST(the_first_fault_sticks)
{
	for (size_t ceiling = 0; ceiling < sample.len; ceiling++) {
		struct buf b;
		struct json_writer w;
		buf_init(&b, ceiling);
		json_writer_init(&w, &b);
		put_sample(&w);
		ck_assert_uint_eq(json_writer_fault(&w), FAULT_TOO_LARGE);
		/* What is there is a start of the whole: nothing came after the fault. */
		ck_assert(slice_starts(sample, buf_view(&b)));
		buf_deinit(&b);
	}
}
END_TEST

START_TEST(a_failing_allocation_sticks)
{
	for (unsigned n = 1;; n++) {
		struct buf b;
		struct json_writer w;
		buf_init(&b, 1000);
		json_writer_init(&w, &b);
		oom_arm(n);
		put_sample(&w);
		bool failed = oom_disarm();
		ck_assert_uint_eq(json_writer_fault(&w), failed ? FAULT_NO_MEMORY : FAULT_NONE);
		ck_assert(slice_starts(sample, buf_view(&b)));
		buf_deinit(&b);
		if (!failed) {
			ck_assert_uint_gt(n, 1);
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/json_writer");
	TCase *t = tcase_create("writer");
	tcase_add_test(t, commas_stand_where_they_must);
	tcase_add_loop_test(t, strings_are_escaped, 0, COUNT_OF(strings));
	tcase_add_test(t, members_are_key_and_value);
	tcase_add_test(t, every_byte_can_be_read_back);
	tcase_add_test(t, the_first_fault_sticks);
	tcase_add_test(t, a_failing_allocation_sticks);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
