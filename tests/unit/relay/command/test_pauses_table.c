#include "relay/command/pauses_table.h"

#include <string.h>

#include "tests/support/captured.h"
#include "tests/support/check_main.h"

enum { ROOM = 1024, ARENA_MAX = 64 * 1024 };

static const struct {
	const char *json;
	const char *printed; /* NULL: refused */
} lists[] = {
	{"{\"pauses\":[]}", "WHAT  WHICH  SINCE  UNTIL  REASON\n"},
	{"{\"later\":{\"a\":[1]},\"pauses\":[{\"what\":\"all\",\"since\":\"2026-11-30T04:10:09."
	 "000Z\","
	 "\"by\":{\"x\":1}}]}",
	 "WHAT  WHICH  SINCE                 UNTIL          REASON\n"
	 "all   -      2026-11-30 04:10 UTC  until resumed  -\n"},
	{"{\"pauses\":[{\"what\":\"upstream\",\"name\":\"2001:db8::1\",\"port\":25,"
	 "\"since\":\"2026-11-30T04:10:09.000Z\",\"until\":\"2026-11-30T05:10:09.000Z\","
	 "\"reason\":\"abuse\"},{\"what\":\"upstream\",\"name\":\"smtp.example.com\",\"port\":587,"
	 "\"since\":\"x\"},{\"what\":\"tenant\",\"name\":\"ac\\u001bme\"}]}",
	 "WHAT      WHICH                 SINCE                 UNTIL                 REASON\n"
	 "upstream  [2001:db8::1]:25      2026-11-30 04:10 UTC  2026-11-30 05:10 UTC  abuse\n"
	 "upstream  smtp.example.com:587  x                     until resumed         -\n"
	 "tenant    ac?me                 -                     until resumed         -\n"},
	{"", NULL},
	{"[]", NULL},
	{"{\"pauses\":{}}", NULL},
	{"{\"pauses\":[1]}", NULL},
	{"{\"pauses\":[{\"what\":[]}]}", NULL},
	{"{\"pauses\":[{\"what\":\"all\"}", NULL},
};

START_TEST(reads_lists)
{
	struct arena arena;
	struct vault_table t;
	struct captured c;
	struct buf printed;
	char json[ROOM];
	size_t len = strlen(lists[_i].json);
	memcpy(json, lists[_i].json, len);
	arena_init(&arena, ARENA_MAX);
	enum fault f = pauses_table_read(json, len, &arena, &t);
	ck_assert_int_eq(f == FAULT_NONE, lists[_i].printed != NULL);
	if (f == FAULT_NONE) {
		captured_begin(&c);
		vault_table_print(&t);
		captured_end(&c, &printed);
		ck_assert_msg(slice_eq(buf_view(&printed), slice_of_text(lists[_i].printed)),
			      "%.*s", (int)printed.len, printed.ptr);
		buf_deinit(&printed);
	}
	arena_deinit(&arena);
}
END_TEST

static const struct {
	const char *text;
	uint64_t seconds; /* 0: refused */
} times[] = {
	{"1s", 1},    {"90s", 90},	{"30m", 1800},
	{"2h", 7200}, {"1d", 86400},	{"366d", 31622400},
	{"367d", 0},  {"31622401s", 0}, {"", 0},
	{"30", 0},    {"m", 0},		{"0m", 0},
	{"-1m", 0},   {"1.5h", 0},	{"30 m", 0},
	{"30M", 0},   {"30min", 0},	{"99999999999999999999d", 0},
};

START_TEST(reads_times)
{
	uint64_t seconds = 0;
	bool good = pauses_table_seconds(slice_of_text(times[_i].text), &seconds);
	ck_assert_msg(good == (times[_i].seconds > 0), "%s", times[_i].text);
	if (good) {
		ck_assert_uint_eq(seconds, times[_i].seconds);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pauses table");
	TCase *t = tcase_create("table");
	tcase_add_loop_test(t, reads_lists, 0, COUNT_OF(lists));
	tcase_add_loop_test(t, reads_times, 0, COUNT_OF(times));
	suite_add_tcase(s, t);
	return check_main(s);
}
