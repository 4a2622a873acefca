#include "render/confluence/adf.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

#define NOT_SHOWN                                                                                  \
	"p{link(https://x.example/wiki/pages/viewpage.action?pageId=42){'This page could not be "  \
	"shown'}}"

/* Whole bodies: what is shown, and what is warned of. */
static const struct {
	struct slice json;
	const char *expected;
	const char *warning;
} rows[] = {
	{SLICE_INIT("{\"type\":\"doc\",\"version\":1,\"content\":[]}"), "", NULL},
	{SLICE_INIT("{\"content\":[{\"content\":[{\"text\":\"a\",\"type\":\"text\"}],\"type\":"
		    "\"paragraph\"}],\"version\":1,\"type\":\"doc\"}"),
	 "p{'a'}", NULL},
	{SLICE_INIT("\xEF\xBB\xBF{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}"), "p{'a'}",
	 NULL},
	{SLICE_INIT("\xFF\xFE{\0\"\0t\0y\0p\0e\0\"\0:\0\"\0d\0o\0c\0\"\0}\0"), "", NULL},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":\"a\"}"), "", NULL},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":{\"type\":\"paragraph\"}}"), "", NULL},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":null}"), "", NULL},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":[null,5,\"s\",true,{},[{\"type\":\"text\","
		    "\"text\":\"a\"}],[[]]]}"),
	 "p{'a'}", NULL},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":[],\"content\":[{\"type\":\"text\",\"text\":"
		    "\"first\",\"text\":\"last\"}]}"),
	 "p{'last'}", NULL},
	{SLICE_INIT("{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}"),
	 "p{'a'}", NULL},
	{SLICE_INIT("[{\"type\":\"text\",\"text\":\"a\"}]"), "p{'a'}", NULL},
	{SLICE_INIT("\"{\\\"type\\\":\\\"text\\\",\\\"text\\\":\\\"a\\\"}\""), "p{'a'}", NULL},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":[{\"type\":\"text\",\"text\":\"a"), "p{'a'}",
	 "not-well-formed"},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}}"),
	 "p{'a'}", "not-well-formed"},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":[{\"type\":\"text\",\"text\":\"a\nb\"}]}"),
	 "p{'a'break'b'}", "not-well-formed"},
	{SLICE_INIT("{\"type\":\"doc\",\"content\":[{\"type\":\"text\",\"text\":\"a\xFF\"}]}"),
	 "p{'a\uFFFD'}", NULL},
	{SLICE_INIT(""), NOT_SHOWN, "page-not-shown"},
	{SLICE_INIT("this is no JSON"), NOT_SHOWN, "page-not-shown"},
	{SLICE_INIT("{'type':'doc'}"), NOT_SHOWN, "page-not-shown"},
	{SLICE_INIT("null"), NOT_SHOWN, "page-not-shown"},
	{SLICE_INIT("5"), NOT_SHOWN, "page-not-shown"},
	{SLICE_INIT("\"text\""), NOT_SHOWN, "page-not-shown"},
	{SLICE_INIT("{}"), NOT_SHOWN, "page-not-shown"},
	{SLICE_INIT("[]"), NOT_SHOWN, "page-not-shown"},
};

START_TEST(bodies)
{
	struct page_reading p;
	ck_assert(page_read_as(&p, PAGE_ATLAS_DOC_FORMAT, rows[_i].json) == FAULT_NONE);
	struct slice dump = buf_view(&p.dump);
	ck_assert_msg(slice_eq(dump, slice_of_text(rows[_i].expected)), "%.*s: %.*s",
		      (int)rows[_i].json.len, rows[_i].json.ptr, (int)dump.len, dump.ptr);
	if (rows[_i].warning != NULL) {
		ck_assert_uint_gt(page_warning(&p, rows[_i].warning).len, 0);
	} else {
		ck_assert_ptr_null(p.document.warnings);
	}
	page_reading_drop(&p);
}
END_TEST

START_TEST(place_of_a_mistake)
{
	struct page_reading p;
	struct slice json = SLICE_LIT("{\"type\":\"doc\",\n\"content\":[\n  {\"a\" 5}]}");
	ck_assert(page_read_as(&p, PAGE_ATLAS_DOC_FORMAT, json) == FAULT_NONE);
	ck_assert(
		slice_eq(page_warning(&p, "not-well-formed"),
			 SLICE_LIT("The page is not well-formed JSON at line 3, column 8 (a colon "
				   "was expected); it was read as far as it goes.")));
	page_reading_drop(&p);
}
END_TEST

START_TEST(names)
{
	size_t nodes = 0;
	size_t marks = 0;
	while (adf_node_name(nodes).len > 0) {
		nodes++;
	}
	while (adf_mark_name(marks).len > 0) {
		marks++;
	}
	ck_assert_uint_gt(nodes, 50);
	ck_assert_uint_gt(marks, 15);
	ck_assert(slice_eq(adf_node_name(0), SLICE_LIT("doc")));
	ck_assert(slice_eq(adf_mark_name(0), SLICE_LIT("strong")));
}
END_TEST

static void add_times(struct buf *b, unsigned times, const char *text)
{
	for (unsigned i = 0; i < times; i++) {
		ck_assert(buf_add_text(b, text) == FAULT_NONE);
	}
}

/* Far more levels than the reader's stack has: what stands in them is shown, blocks one after another. */
START_TEST(deep)
{
	enum { DEPTH = 20000 };
	static const char *const opens[] = {
		"{\"type\":\"blockquote\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},",
		"{\"type\":\"zz\",\"attrs\":{\"content\":[{\"type\":\"text\",\"text\":\"no\"}]},"
		"\"content\":[",
		"[",
	};
	static const char *const closes[] = {"]}", "]}", "]"};
	struct buf json;
	struct page_reading p;
	buf_init(&json, 8 << 20);
	add_times(&json, DEPTH, opens[_i]);
	ck_assert(buf_add_text(&json, "{\"type\":\"text\",\"text\":\"bottom\"}") == FAULT_NONE);
	add_times(&json, DEPTH, closes[_i]);
	ck_assert(page_read_as(&p, PAGE_ATLAS_DOC_FORMAT, buf_view(&json)) == FAULT_NONE);
	ck_assert_ptr_null(tree_broken_promise(p.document.root));
	struct slice dump = buf_view(&p.dump);
	ck_assert_uint_lt(slice_find(dump, SLICE_LIT("bottom")), dump.len);
	ck_assert_uint_eq(slice_find(dump, SLICE_LIT("no")), dump.len);
	ck_assert(_i == 2 || page_warning(&p, "too-deep").len > 0);
	page_reading_drop(&p);
	buf_deinit(&json);
}
END_TEST

/* Every node with everything, as far as one page can have it. */
static const char rich[] =
	"{\"type\":\"doc\",\"content\":["
	"{\"type\":\"heading\",\"attrs\":{\"level\":1},\"content\":[{\"type\":\"text\",\"text\":"
	"\"A\\u00fc\"}]},"
	"{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"b  c\\td\",\"marks\":["
	"{\"type\":\"link\",\"attrs\":{\"href\":\"https://a.example\",\"title\":\"t\"}},"
	"{\"type\":\"textColor\",\"attrs\":{\"color\":\"#ff0000\"}}]},"
	"{\"type\":\"mention\",\"attrs\":{\"id\":\"u1\"}},"
	"{\"type\":\"inlineCard\",\"attrs\":{\"url\":\"https://x.example/browse/ABC-9\"}},"
	"{\"type\":\"emoji\",\"attrs\":{\"id\":\"1f600\"}}]},"
	"{\"type\":\"table\",\"content\":[{\"type\":\"tableRow\",\"content\":[{\"type\":"
	"\"tableCell\",\"attrs\":{\"colwidth\":[5]},\"content\":[{\"type\":\"text\",\"text\":"
	"\"x\"}]}]},{\"type\":\"tableRow\"}]},"
	"{\"type\":\"mediaSingle\",\"content\":[{\"type\":\"media\",\"attrs\":{\"type\":\"file\","
	"\"alt\":\"none.png\"}},{\"type\":\"caption\",\"content\":[{\"type\":\"text\",\"text\":"
	"\"c\"}]}]},"
	"{\"type\":\"mediaGroup\",\"content\":[{\"type\":\"media\",\"attrs\":{\"type\":\"file\","
	"\"alt\":\"pic.png\"}}]},"
	"{\"type\":\"codeBlock\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]},"
	"{\"type\":\"bodiedExtension\",\"attrs\":{\"extensionType\":"
	"\"com.atlassian.confluence.macro.core\",\"extensionKey\":\"expand\",\"localId\":\"zz\","
	"\"parameters\":{\"macroParams\":{\"title\":{\"value\":\"T\"}}}},\"content\":[{\"type\":"
	"\"text\",\"text\":\"x\"}]},"
	"{\"type\":\"extension\",\"attrs\":{\"localId\":\"l-adf\"}},"
	"{\"type\":\"blockCard\",\"attrs\":{\"data\":{\"name\":\"n\"}}},"
	"{\"type\":\"multiBodiedExtension\",\"content\":[{\"type\":\"extensionFrame\"}]},"
	"{\"type\":\"unsupportedBlock\",\"attrs\":{\"cxhtml\":\"<p>x</p>\"}}]} x";

START_TEST(memory_fails)
{
	unsigned failed = 0;
	for (unsigned n = 1;; n++) {
		struct page_reading p;
		oom_arm(n);
		enum fault f = page_read_as(&p, PAGE_ATLAS_DOC_FORMAT, slice_of_text(rich));
		bool hit = oom_disarm();
		page_reading_drop(&p);
		if (!hit) {
			ck_assert_int_eq(f, FAULT_NONE);
			break;
		}
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY);
		failed += f == FAULT_NO_MEMORY;
	}
	ck_assert_uint_gt(failed, 0);
}
END_TEST

/* The arena ends at every place. */
START_TEST(arena_ends)
{
	static struct live_macro macros[] = {
		{SLICE_INIT("l-adf"), LIVE_ADF, SLICE_INIT("[{\"type\":\"rule\"}]"), NULL, 0}};
	const struct known known = {.macros = macros, .macro_count = 1};
	const struct page page = {.body = slice_of_text(rich),
				  .format = PAGE_ATLAS_DOC_FORMAT,
				  .site_url = SLICE_LIT("https://x.example")};
	const struct document_params params = {.page = &page, .known = &known};
	enum fault f = FAULT_NO_MEMORY;
	for (size_t limit = 0; f != FAULT_NONE && limit < 1 << 20; limit += 128) {
		struct arena arena;
		struct document document;
		arena_init(&arena, limit);
		f = document_read(&params, &arena, &document, NULL);
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY);
		arena_deinit(&arena);
	}
	ck_assert_int_eq(f, FAULT_NONE);
}
END_TEST

/* Ten times the page takes ten times the memory. */
START_TEST(memory_is_linear)
{
	size_t taken[2];
	for (unsigned i = 0; i < 2; i++) {
		struct buf json;
		struct page_reading p;
		buf_init(&json, 16 << 20);
		ck_assert(buf_add_text(&json, "[") == FAULT_NONE);
		for (unsigned n = 0; n < (i == 0 ? 200 : 2000); n++) {
			ck_assert(buf_add(&json, slice_first(slice_of_text(rich),
							     strlen(rich) - 2)) == FAULT_NONE &&
				  buf_add_text(&json, ",") == FAULT_NONE);
		}
		ck_assert(buf_add_text(&json, "0]") == FAULT_NONE);
		ck_assert(page_read_as(&p, PAGE_ATLAS_DOC_FORMAT, buf_view(&json)) == FAULT_NONE);
		taken[i] = arena_taken(&p.arena);
		page_reading_drop(&p);
		buf_deinit(&json);
	}
	ck_assert_uint_lt(taken[1], taken[0] * 11);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf");
	TCase *t = tcase_create("adf");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, bodies, 0, COUNT_OF(rows));
	tcase_add_test(t, place_of_a_mistake);
	tcase_add_test(t, names);
	tcase_add_loop_test(t, deep, 0, 3);
	tcase_add_test(t, memory_fails);
	tcase_add_test(t, arena_ends);
	tcase_add_test(t, memory_is_linear);
	suite_add_tcase(s, t);
	return check_main(s);
}
