#include "render/mime/param.h"

#include "tests/support/check_main.h"

#define A10	 "aaaaaaaaaa"
#define A100	 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10
#define PLAIN(n) ";\r\n filename=\"" n "\""

static const struct {
	struct slice given;
	const char *clean;
	const char *expected; /* NULL: not looked at */
} rows[] = {
	{SLICE_INIT("plan.pdf"), "plan.pdf", PLAIN("plan.pdf")},
	{SLICE_INIT("two words.pdf"), "two words.pdf", PLAIN("two words.pdf")},
	{SLICE_INIT(""), "file", PLAIN("file")},
	{SLICE_INIT("."), "file", PLAIN("file")},
	{SLICE_INIT(".."), "file", PLAIN("file")},
	{SLICE_INIT("   "), "file", PLAIN("file")},
	{SLICE_INIT(".hidden"), "hidden", PLAIN("hidden")},
	{SLICE_INIT("../../etc/passwd"), "_.._etc_passwd", PLAIN("_.._etc_passwd")},
	{SLICE_INIT("C:\\x\\y.txt"), "C__x_y.txt", PLAIN("C__x_y.txt")},
	{SLICE_INIT("a\"b.txt"), "a_b.txt", PLAIN("a_b.txt")},
	{SLICE_INIT("a\r\nBcc: x.txt"), "a__Bcc_ x.txt", PLAIN("a__Bcc_ x.txt")},
	{SLICE_INIT("a\0b.txt"), "a_b.txt", PLAIN("a_b.txt")},
	{SLICE_INIT("a\x7f.txt"), "a_.txt", PLAIN("a_.txt")},
	{SLICE_INIT("\xe2\x80\xae"
		    "fdp.exe"),
	 "_fdp.exe", PLAIN("_fdp.exe")},
	{SLICE_INIT("x\xe2\x81\xa6y.exe"), "x_y.exe", PLAIN("x_y.exe")},
	{SLICE_INIT("x\xd8\x9cy.exe"), "x_y.exe", PLAIN("x_y.exe")},
	{SLICE_INIT("bad\xff.txt"), "bad\xef\xbf\xbd.txt", NULL},
	{SLICE_INIT("Übersicht 2026.xlsx"), "Übersicht 2026.xlsx",
	 ";\r\n filename*=UTF-8''%C3%9Cbersicht%202026.xlsx" PLAIN("_bersicht 2026.xlsx")},
	{SLICE_INIT("日本語日本語.txt"), "日本語日本語.txt",
	 ";\r\n filename*0*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E%E6%97%A5%E6%9C%AC"
	 ";\r\n filename*1*=%E8%AA%9E.txt" PLAIN("______.txt")},
	{SLICE_INIT(A10 A10 A10 A10 A10 "a.tar"), A10 A10 A10 A10 A10 "a.tar",
	 ";\r\n filename*0*=UTF-8''" A10 A10 A10 A10 A10
	 ";\r\n filename*1*=a.tar" PLAIN("aaaaaa" A10 A10 A10 A10 ".tar")},
	{SLICE_INIT(A100 A100 A100 ".pdf"),
	 A100 "aaaaaa" A10 A10 A10 A10 A10 A10 A10 A10 A10 ".pdf", NULL},
	{SLICE_INIT(A100 A100 A100 ".notanendingatallreally"), A100 A100, NULL},
};

START_TEST(name_row)
{
	struct arena a;
	struct buf head;
	struct slice clean;
	arena_init(&a, 65536);
	buf_init(&head, 4096);
	ck_assert_int_eq(mime_file_name(&a, rows[_i].given, &clean), FAULT_NONE);
	ck_assert_msg(slice_eq(clean, slice_of_text(rows[_i].clean)), "row %d: %.*s", _i,
		      (int)clean.len, clean.ptr);
	ck_assert_uint_le(clean.len, MIME_FILE_NAME_MAX);
	ck_assert_int_eq(mime_param_file(&head, clean), FAULT_NONE);
	ck_assert_msg(rows[_i].expected == NULL ||
			      slice_eq(buf_view(&head), slice_of_text(rows[_i].expected)),
		      "row %d: %.*s", _i, (int)head.len, head.ptr);
	struct slice rest = buf_view(&head);
	struct slice line;
	while (slice_cut_to(&rest, '\n', &line)) {
		ck_assert_uint_le(line.len, 79);
	}
	ck_assert_uint_le(rest.len, 78);
	buf_deinit(&head);
	arena_deinit(&a);
}
END_TEST

START_TEST(full)
{
	struct arena a;
	struct buf head;
	struct slice clean;
	arena_init(&a, 0);
	buf_init(&head, 10);
	ck_assert_int_eq(mime_file_name(&a, SLICE_LIT("x"), &clean), FAULT_NO_MEMORY);
	ck_assert_int_eq(mime_param_file(&head, SLICE_LIT("Übersicht")), FAULT_TOO_LARGE);
	buf_deinit(&head);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("param");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, name_row, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, full);
	suite_add_tcase(s, t);
	return check_main(s);
}
