#include "render/html/view.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

static const struct {
	uint64_t bytes;
	const char *text;
} sizes[] = {
	{0, "0 bytes"},	     {1, "1 byte"},	      {999, "999 bytes"},
	{1000, "1 KB"},	     {1499, "1 KB"},	      {1500, "2 KB"},
	{120400, "120 KB"},  {999999, "1000 KB"},     {1000000, "1.0 MB"},
	{3449999, "3.4 MB"}, {104857600, "104.8 MB"}, {UINT64_MAX, "18446744073709.5 MB"},
};

START_TEST(size)
{
	char room[VIEW_SIZE_TEXT];
	const struct view v = {.language = language_of(SLICE_LIT("en"))};
	struct slice made = view_size(&v, sizes[_i].bytes, room);
	ck_assert_msg(slice_eq(made, slice_of_text(sizes[_i].text)), "%.*s", (int)made.len,
		      made.ptr);
}
END_TEST

static const struct {
	struct node_date date;
	const char *text;
} dates[] = {
	{{.year = 2026, .month = 11, .day = 2}, "2 Nov 2026"},
	{{.year = 1, .month = 1, .day = 31}, "31 Jan 1"},
	{{.year = 65535, .month = 12, .day = 255}, "255 Dec 65535"},
	{{.raw = SLICE_INIT("soon")}, "soon"},
	{{.raw = SLICE_INIT("13th month"), .month = 13}, "13th month"},
};

START_TEST(date)
{
	char room[VIEW_DATE_TEXT];
	const struct view v = {.language = language_of(SLICE_LIT("en"))};
	struct slice made = view_date(&v, &dates[_i].date, room);
	ck_assert_msg(slice_eq(made, slice_of_text(dates[_i].text)), "%.*s", (int)made.len,
		      made.ptr);
}
END_TEST

static const struct party ann = {SLICE_INIT("Ann"), {.address = SLICE_INIT("ann@example.org")}};
static const struct party nameless = {SLICE_INIT(""), {.address = SLICE_INIT("ann@example.org")}};

static const struct {
	const char *space;
	const struct party *sender;
	const char *byline;
} bylines[] = {
	{"", NULL, ""},
	{"DEV", NULL, "Space DEV"},
	{"DEV", &ann, "Space DEV · sent by Ann"},
	{"", &ann, "Sent by Ann"},
	{"", &nameless, "Sent by ann@example.org"},
};

static struct node root = {.kind = NODE_ROOT};
static const struct document empty = {.root = &root};

START_TEST(byline)
{
	struct arena a;
	struct view v;
	struct page page = {.space_key = slice_of_text(bylines[_i].space)};
	struct render_input in = {.page = &page, .sender = bylines[_i].sender};
	arena_init(&a, 65536);
	ck_assert_int_eq(view_init(&v, &in, &empty, &a), FAULT_NONE);
	ck_assert(slice_eq(v.byline, slice_of_text(bylines[_i].byline)));
	ck_assert(slice_eq(v.title, SLICE_LIT("Untitled page")));
	arena_deinit(&a);
}
END_TEST

static const struct attachment files[] = {
	{.name = SLICE_INIT("a.txt"), .type = SLICE_INIT("text/plain"), .bytes = SLICE_INIT("a")},
	{.name = SLICE_INIT("b.txt"), .type = SLICE_INIT("text/plain"), .bytes = SLICE_INIT("b")},
};
static const struct slice wanted[] = {SLICE_INIT("b.txt"), SLICE_INIT("c.txt")};

START_TEST(which_files_go_along)
{
	static const size_t counts[] = {[ATTACH_ALL] = 2, [ATTACH_NONE] = 0, [ATTACH_NAMED] = 1};
	struct page page = {0};
	for (enum attach_mode mode = ATTACH_ALL; mode <= ATTACH_NAMED; mode++) {
		struct arena a;
		struct view v;
		struct render_input in = {.page = &page,
					  .attachments = files,
					  .attachment_count = COUNT_OF(files),
					  .attach = mode,
					  .attach_names = wanted,
					  .attach_name_count = COUNT_OF(wanted)};
		arena_init(&a, 65536);
		ck_assert_int_eq(view_init(&v, &in, &empty, &a), FAULT_NONE);
		ck_assert_uint_eq(v.file_count, counts[mode]);
		ck_assert(mode != ATTACH_NAMED || slice_eq(v.files[0].name, files[1].name));
		arena_deinit(&a);
	}
}
END_TEST

START_TEST(a_warning_is_told_once)
{
	struct arena a;
	struct view v;
	struct page page = {0};
	struct render_input in = {.page = &page};
	arena_init(&a, 65536);
	ck_assert_int_eq(view_init(&v, &in, &empty, &a), FAULT_NONE);
	ck_assert_int_eq(view_warn(&v, WARNING_NO_PICTURE, SLICE_LIT("y")), FAULT_NONE);
	ck_assert_int_eq(view_warn(&v, WARNING_NO_PICTURE, SLICE_LIT("z")), FAULT_NONE);
	ck_assert_int_eq(view_warn(&v, WARNING_NO_PICTURE, SLICE_LIT("y")), FAULT_NONE);
	ck_assert(v.warnings->next != NULL && v.warnings->next->next == NULL);
	ck_assert(slice_eq(v.warnings->next->detail, SLICE_LIT("z")));
	arena_deinit(&a);
}
END_TEST

/* The line beside the subject, and the direction of a block, by their first words. */
static const struct {
	const char *page;
	const char *hidden;
	bool rtl;
} firsts[] = {
	{"<p>Hello</p><p>you</p>", "mso-hide:all\">Hello you&#847;", false},
	{"<h1>A</h1><ul><li>b</li></ul>", "mso-hide:all\">A b&#847;", false},
	{"<p>123 שלום</p>", "mso-hide:all\">123 שלום&#847;", true},
	{"<p>a שלום</p>", "mso-hide:all\">a שלום&#847;", false},
	{"<p><ac:emoticon ac:name=\"tick\"/></p>", "<body", false},
};

START_TEST(first_words)
{
	struct written made;
	written_make(firsts[_i].page, &made);
	ck_assert(written_has(made.whole_html, firsts[_i].hidden));
	ck_assert_int_eq(written_has(made.html, "dir=\"rtl\""), firsts[_i].rtl);
	written_drop(&made);
}
END_TEST

START_TEST(no_memory)
{
	struct page page = {.space_key = SLICE_INIT("DEV"),
			    .id = SLICE_INIT("1"),
			    .site_url = SLICE_INIT("https://x.example")};
	struct render_input in = {
		.page = &page, .sender = &ann, .attachments = files, .attachment_count = 2};
	struct arena a;
	struct view v;
	arena_init(&a, 0);
	ck_assert_int_eq(view_init(&v, &in, &empty, &a), FAULT_NO_MEMORY);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("view");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, size, 0, (int)COUNT_OF(sizes));
	tcase_add_loop_test(t, date, 0, (int)COUNT_OF(dates));
	tcase_add_loop_test(t, byline, 0, (int)COUNT_OF(bylines));
	tcase_add_test(t, which_files_go_along);
	tcase_add_test(t, a_warning_is_told_once);
	tcase_add_loop_test(t, first_words, 0, (int)COUNT_OF(firsts));
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
