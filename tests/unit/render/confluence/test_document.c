#include "render/confluence/document.h"

#include "tests/support/check_main.h"
#include "tests/support/corpus.h"
#include "tests/support/oom.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const char rich[] =
	"<h1>A</h1><ac:structured-macro ac:name='toc'/><p>a <b>b</b> <a href='#A'>c</a></p>"
	"<table><colgroup><col "
	"style='width:10px'/></colgroup><tr><td>x</td><td>y</td></tr><tr/></table>"
	"<ac:structured-macro ac:name='code'><ac:plain-text-body><![CDATA[int "
	"x;]]></ac:plain-text-body>"
	"</ac:structured-macro><ac:image><ri:attachment "
	"ri:filename='none.png'/><ac:caption>c</ac:caption>"
	"</ac:image><ul><li>1</li></ul><p><a name='z'/><ac:emoticon ac:name='tick'/></p>";

START_TEST(formats)
{
	const struct page page = {.format = (enum page_format)_i, .body = SLICE_LIT("<p>a</p>")};
	const struct document_params params = {.page = &page};
	struct arena arena;
	struct document document;
	struct problem problem;
	arena_init(&arena, 1 << 20);
	enum fault f = document_read(&params, &arena, &document, &problem);
	ck_assert_int_eq(f, FAULT_NONE);
	ck_assert_ptr_nonnull(document.root->first);
	arena_deinit(&arena);
}
END_TEST

START_TEST(empty_page)
{
	struct page_reading p;
	ck_assert(page_read(&p, slice_of(NULL, 0)) == FAULT_NONE);
	ck_assert_ptr_nonnull(p.document.root);
	ck_assert_ptr_null(p.document.root->first);
	ck_assert_ptr_null(p.document.warnings);
	page_reading_drop(&p);
}
END_TEST

START_TEST(page_address)
{
	struct page page = {.id = SLICE_LIT("7"), .site_url = SLICE_LIT("https://x.example")};
	struct arena arena;
	struct slice url;
	arena_init(&arena, 1 << 16);
	ck_assert(document_page_url(&page, &arena, &url) == FAULT_NONE);
	ck_assert(slice_eq(url, SLICE_LIT("https://x.example/pages/viewpage.action?pageId=7")));
	page.site_url = slice_of(NULL, 0);
	ck_assert(document_page_url(&page, &arena, &url) == FAULT_NONE);
	ck_assert_uint_eq(url.len, 0);
	arena_deinit(&arena);
}
END_TEST

/* Every allocation fails in its turn, of the arena's and of expat's. */
START_TEST(memory_fails)
{
	static const char *const bodies[] = {rich, "<p>a<b>c</p>&nosuch;\xff<table><td>"};
	unsigned failed = 0;
	for (unsigned n = 1;; n++) {
		struct page_reading p;
		oom_arm(n);
		enum fault f = page_read(&p, slice_of_text(bodies[_i]));
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
	const struct page page = {.body = slice_of_text(rich),
				  .site_url = SLICE_LIT("https://x.example")};
	const struct document_params params = {.page = &page};
	enum fault f = FAULT_NO_MEMORY;
	for (size_t limit = 0; f != FAULT_NONE && limit < 1 << 20; limit += 256) {
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

/* Ten times the page takes ten times the nodes, and no more memory than that. */
START_TEST(memory_is_linear)
{
	size_t taken[2];
	for (size_t i = 0; i < 2; i++) {
		struct buf body;
		struct page_reading p;
		buf_init(&body, 16 << 20);
		for (size_t n = 0; n < (i == 0 ? 100 : 1000); n++) {
			ck_assert(buf_add_text(&body, rich) == FAULT_NONE);
		}
		ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
		taken[i] = arena_taken(&p.arena);
		page_reading_drop(&p);
		buf_deinit(&body);
	}
	ck_assert_uint_lt(taken[1], taken[0] * 11);
}
END_TEST

/* Pages that hide more than the simple reading above knows of. */
static bool hides_by_rule(struct slice body)
{
	return slice_find(body, SLICE_LIT("hidden\">true")) < body.len ||
	       slice_find(body, SLICE_LIT("\"style\"")) < body.len ||
	       slice_find(body, SLICE_LIT("\"html\"")) < body.len ||
	       slice_find(body, SLICE_LIT("\"toc-zone\"")) < body.len;
}

START_TEST(page_of_the_corpus)
{
	struct page_reading p;
	const char *path = corpus_path(_i);
	struct slice body = corpus_read(_i);
	ck_assert_msg(page_read(&p, body) == FAULT_NONE, "%s", path);
	const char *broken = tree_broken_promise(p.document.root);
	ck_assert_msg(broken == NULL, "%s: %s", path, broken);
	bool read_as_xml = page_warning(&p, "not-well-formed").len == 0;
	if (read_as_xml && !hides_by_rule(body)) {
		corpus_expect_words(body, buf_view(&p.dump), path);
	}
	page_reading_drop(&p);
}
END_TEST

int main(void)
{
	int pages = corpus_find();
	if (pages == 0) {
		printf("document: no corpus beside this checkout, its pages are not read\n");
	}
	Suite *s = suite_create("document");
	TCase *t = tcase_create("document");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, formats, PAGE_STORAGE, PAGE_EXPORT_VIEW + 1);
	tcase_add_test(t, empty_page);
	tcase_add_test(t, page_address);
	tcase_add_loop_test(t, memory_fails, 0, 2);
	tcase_add_test(t, arena_ends);
	tcase_add_test(t, memory_is_linear);
	tcase_add_loop_test(t, page_of_the_corpus, 0, pages);
	suite_add_tcase(s, t);
	return check_main(s);
}
