#include "render/confluence/links.h"

#include "tests/support/check_main.h"

static const struct page page = {
	.id = SLICE_INIT("42"),
	.space_key = SLICE_INIT("DOC"),
	.site_url = SLICE_INIT("https://x.example/wiki"),
};
static const struct page nowhere = {.id = SLICE_INIT("42")};

static struct arena arena;

static void set_up(void)
{
	arena_init(&arena, 1 << 24);
}

static void tear_down(void)
{
	arena_deinit(&arena);
}

static const struct {
	const char *href;
	const char *expected; /* empty: it does not leave */
} rows[] = {
	{"https://a.example/x?y=1&z=2#f", "https://a.example/x?y=1&z=2#f"},
	{"HTTP://a.example", "HTTP://a.example"},
	{" https://a.example/ ", "https://a.example/"},
	{"https://a.example/a b\"c<d>", "https://a.example/a%20b%22c%3Cd%3E"},
	{"https://a.example/ü", "https://a.example/%C3%BC"},
	{"https://bücher.example/ü", "https://bücher.example/%C3%BC"},
	{"mailto:a@b.example", "mailto:a@b.example"},
	{"tel:+49123", "tel:+49123"},
	{"#part", "#part"},
	{"/display/A", "https://x.example/wiki/display/A"},
	{"/wiki", "https://x.example/wiki"},
	{"/wiki/spaces/A", "https://x.example/wiki/spaces/A"},
	{"/wikipedia", "https://x.example/wiki/wikipedia"},
	{"//cdn.example/x", "https://cdn.example/x"},
	{"page.html", "https://x.example/wiki/page.html"},
	{"?x=1", "https://x.example/wiki/?x=1"},
	{"", ""},
	{"#", ""},
	{"javascript:alert(1)", ""},
	{"&#106;avascript:alert(1)", ""},
	{"java&Tab;script:alert(1)", ""},
	{"JavaScript:alert(1)", ""},
	{"java\nscript:alert(1)", ""},
	{"java\tscript:alert(1)", ""},
	{"\x01javascript:alert(1)", ""},
	{" javascript:alert(1)", ""},
	{"vbscript:x", ""},
	{"data:text/html,x", ""},
	{"file:///etc/passwd", ""},
	{"ftp://a.example/x", ""},
	{"cid:x", ""},
	{"http:", ""},
	{"https:a.example", ""},
	{"https://", ""},
	{"x-y.z+1:a", ""},
};

START_TEST(resolve)
{
	struct slice out;
	ck_assert(links_resolve(&page, slice_of_text(rows[_i].href), &arena, &out) == FAULT_NONE);
	ck_assert_msg(slice_eq(out, slice_of_text(rows[_i].expected)), "%s: %.*s", rows[_i].href,
		      (int)out.len, out.ptr == NULL ? "" : out.ptr);
}
END_TEST

START_TEST(too_long)
{
	static char href[LINKS_MAX + 2];
	struct slice out;
	for (size_t i = 0; i < sizeof(href); i++) {
		href[i] = i < 8 ? "https://"[i] : 'a';
	}
	ck_assert(links_resolve(&page, slice_of(href, LINKS_MAX), &arena, &out) == FAULT_NONE);
	ck_assert_uint_eq(out.len, LINKS_MAX);
	ck_assert(links_resolve(&page, slice_of(href, LINKS_MAX + 1), &arena, &out) == FAULT_NONE);
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(without_a_site)
{
	struct slice none = slice_of(NULL, 0);
	struct slice out;
	ck_assert(links_resolve(&nowhere, SLICE_LIT("/x"), &arena, &out) == FAULT_NONE);
	ck_assert_uint_eq(out.len, 0);
	ck_assert(links_resolve(&nowhere, SLICE_LIT("https://a.example"), &arena, &out) ==
		  FAULT_NONE);
	ck_assert_uint_eq(out.len, 17);
	ck_assert(links_to_page_id(&nowhere, nowhere.id, &arena, &out) == FAULT_NONE);
	ck_assert_uint_eq(out.len, 0);
	ck_assert(links_to_page(&nowhere, SLICE_LIT("A"), SLICE_LIT("B"), none, &arena, &out) ==
		  FAULT_NONE);
	ck_assert_uint_eq(out.len, 0);
	ck_assert(links_to_file(&nowhere, SLICE_LIT("f"), &arena, &out) == FAULT_NONE);
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

static void expect(struct slice out, const char *wanted)
{
	ck_assert_msg(slice_eq(out, slice_of_text(wanted)), "%.*s", (int)out.len, out.ptr);
}

START_TEST(things_of_the_site)
{
	struct slice none = slice_of(NULL, 0);
	struct slice out;
	ck_assert(links_to_page(&page, none, SLICE_LIT("A&B/C"), SLICE_LIT("x y"), &arena, &out) ==
		  FAULT_NONE);
	expect(out,
	       "https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=A%26B%2FC#x%20y");
	ck_assert(links_to_page(&page, none, none, none, &arena, &out) == FAULT_NONE);
	expect(out, "");
	ck_assert(links_to_page_id(&page, SLICE_LIT("7&x"), &arena, &out) == FAULT_NONE);
	expect(out, "https://x.example/wiki/pages/viewpage.action?pageId=7%26x");
	ck_assert(links_to_blog_post(&page, none, SLICE_LIT("2024/05/17"), SLICE_LIT("A"), &arena,
				     &out) == FAULT_NONE);
	expect(out, "https://x.example/wiki/display/DOC/2024/05/17/A");
	ck_assert(links_to_blog_post(&page, none, SLICE_LIT("2024"), SLICE_LIT("A"), &arena,
				     &out) == FAULT_NONE);
	expect(out, "https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=A");
	const struct page unknown = {.site_url = SLICE_INIT("https://x.example")};
	ck_assert(links_to_blog_post(&unknown, none, SLICE_LIT("2024/05/17"), SLICE_LIT("A"),
				     &arena, &out) == FAULT_NONE);
	expect(out, "");
	ck_assert(links_to_space(&page, SLICE_LIT("~u"), &arena, &out) == FAULT_NONE);
	expect(out, "https://x.example/wiki/display/~u");
	ck_assert(links_to_file(&page, SLICE_LIT("../a b.pdf"), &arena, &out) == FAULT_NONE);
	expect(out, "https://x.example/wiki/download/attachments/42/..%2Fa%20b.pdf");
}
END_TEST

START_TEST(hosts)
{
	expect(links_host(SLICE_LIT("https://a.example/x")), "a.example");
	expect(links_host(SLICE_LIT("https://u:p@a.example:8443?x")), "a.example:8443");
	ck_assert_uint_eq(links_host(SLICE_LIT("mailto:a@b.example")).len, 0);
	expect(links_last_step(SLICE_LIT("https://a.example/x/y.png?z=/1#/2")), "y.png");
	expect(links_last_step(SLICE_LIT("y.png#z")), "y.png");
	ck_assert_uint_eq(links_last_step(SLICE_LIT("https://a.example/x/")).len, 0);
	ck_assert(!links_is_web(SLICE_LIT("mailto:a@b.example")));
}
END_TEST

START_TEST(out_of_memory)
{
	struct slice out;
	struct arena tiny;
	arena_init(&tiny, 0);
	ck_assert(links_resolve(&page, SLICE_LIT("https://a.example"), &tiny, &out) ==
		  FAULT_NO_MEMORY);
	ck_assert(links_to_space(&page, SLICE_LIT("A"), &tiny, &out) == FAULT_NO_MEMORY);
	arena_deinit(&tiny);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("links");
	TCase *t = tcase_create("links");
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, resolve, 0, COUNT_OF(rows));
	tcase_add_test(t, too_long);
	tcase_add_test(t, without_a_site);
	tcase_add_test(t, things_of_the_site);
	tcase_add_test(t, hosts);
	tcase_add_test(t, out_of_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
