#include "render/confluence/reader.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static struct arena arena;
static struct reader *r;
static const struct page page = {.title = SLICE_INIT("T")};
static const struct document_params params = {.page = &page};

static void set_up(void)
{
	arena_init(&arena, 1 << 26);
	r = arena_alloc(&arena, sizeof(*r));
	ck_assert_ptr_nonnull(r);
	ck_assert(reader_init(r, &params, &arena) == FAULT_NONE);
}

static void tear_down(void)
{
	arena_deinit(&arena);
}

static void start(const char *name)
{
	struct tag tag = {.name = slice_of_text(name)};
	reader_start(r, &tag);
}

START_TEST(attributes)
{
	struct tag tag = {
		.name = SLICE_LIT("p"),
		.attrs = {{SLICE_LIT("a"), SLICE_LIT("1")}, {SLICE_LIT("b"), SLICE_LIT("2")}},
		.attr_count = 2};
	ck_assert(slice_eq(tag_attr(&tag, SLICE_LIT("b")), SLICE_LIT("2")));
	ck_assert_uint_eq(tag_attr(&tag, SLICE_LIT("B")).len, 0);
	ck_assert_uint_eq(tag_attr(&tag, SLICE_LIT("c")).len, 0);
}
END_TEST

/* Deeper than anything is looked at: what stands there is still read, and every end finds its start. */
START_TEST(depth)
{
	struct document document;
	struct buf dump;
	buf_init(&dump, 4096);
	for (int i = 0; i < READER_DEPTH + 100; i++) {
		start("b");
	}
	reader_text(r, SLICE_LIT("x"));
	ck_assert_uint_eq(r->depth, READER_DEPTH);
	ck_assert_uint_eq(r->overflow, 100);
	for (int i = 0; i < READER_DEPTH + 100; i++) {
		reader_end(r);
	}
	reader_text(r, SLICE_LIT("y"));
	ck_assert(reader_finish(r, &document) == FAULT_NONE);
	tree_dump(document.root, &dump);
	ck_assert(slice_eq(buf_view(&dump), SLICE_LIT("p{b:'x''y'}")));
	ck_assert(slice_eq(document.warnings->code, SLICE_LIT("too-deep")));
	buf_deinit(&dump);
}
END_TEST

START_TEST(ends_without_starts)
{
	struct document document;
	reader_end(r);
	reader_text(r, SLICE_LIT("x"));
	reader_end(r);
	ck_assert(reader_finish(r, &document) == FAULT_NONE);
	ck_assert_uint_eq(document.node_count, 3);
}
END_TEST

START_TEST(starts_without_ends)
{
	struct document document;
	start("ac:structured-macro");
	start("ac:rich-text-body");
	start("ac:link");
	start("ac:image");
	start("table");
	reader_text(r, SLICE_LIT("x"));
	ck_assert(reader_finish(r, &document) == FAULT_NONE);
	ck_assert_ptr_null(tree_broken_promise(document.root));
}
END_TEST

START_TEST(missing_pictures_are_counted)
{
	struct page_reading p;
	ck_assert(
		page_read(&p, SLICE_LIT("<ac:image><ri:attachment ri:filename='a'/></ac:image>"
					"<ac:image><ri:attachment ri:filename='b'/></ac:image>")) ==
		FAULT_NONE);
	struct slice detail = page_warning(&p, "attachment-missing");
	ck_assert(slice_ends(detail, SLICE_LIT(": 2.")));
	page_reading_drop(&p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("reader");
	TCase *t = tcase_create("reader");
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, attributes);
	tcase_add_test(t, depth);
	tcase_add_test(t, ends_without_starts);
	tcase_add_test(t, starts_without_ends);
	tcase_add_test(t, missing_pictures_are_counted);
	suite_add_tcase(s, t);
	return check_main(s);
}
