#include "render/confluence/known.h"

#include <stdlib.h>

#include "tests/support/check_main.h"

static struct known_user users[] = {
	{SLICE_INIT("u2"), SLICE_INIT("Ben")},
	{SLICE_INIT("u1"), SLICE_INIT("Ann")},
	{SLICE_INIT("u1"), SLICE_INIT("Another")},
	{SLICE_INIT(""), SLICE_INIT("Nobody")},
};

static struct known_link links[] = {
	{.url = SLICE_INIT("https://x.example/a/"), .title = SLICE_INIT("address")},
	{.content_id = SLICE_INIT("7"), .title = SLICE_INIT("content")},
	{.content_title = SLICE_INIT("T"), .title = SLICE_INIT("own page")},
	{.content_title = SLICE_INIT("T"),
	 .space_key = SLICE_INIT("B"),
	 .title = SLICE_INIT("other")},
	{.space_key = SLICE_INIT("B"), .title = SLICE_INIT("space")},
	{.issue_key = SLICE_INIT("ABC-1"), .title = SLICE_INIT("issue")},
};

static struct live_macro macros[] = {{SLICE_INIT("m"), LIVE_TEXT, SLICE_INIT("x"), NULL, 0}};

static const struct page page = {.space_key = SLICE_INIT("A")};

static const struct known known = {users, COUNT_OF(users), links, COUNT_OF(links), macros, 1};

struct shop {
	struct arena arena;
	struct reader *r;
	struct document_params params;
};

static void open_shop(struct shop *s, const struct known *what)
{
	arena_init(&s->arena, 1 << 20);
	s->r = malloc(sizeof(*s->r));
	s->params = (struct document_params){.page = &page, .known = what};
	ck_assert(s->r != NULL && reader_init(s->r, &s->params, &s->arena) == FAULT_NONE);
}

static void close_shop(struct shop *s)
{
	free(s->r);
	arena_deinit(&s->arena);
}

static const struct {
	const struct known_link *(*ask)(struct reader *r, struct slice name);
	struct slice name;
	struct slice title; /* empty: not known */
} rows[] = {
	{known_address, SLICE_INIT("https://x.example/a"), SLICE_INIT("address")},
	{known_address, SLICE_INIT("https://x.example/a/"), SLICE_INIT("address")},
	{known_address, SLICE_INIT("https://x.example/b"), SLICE_INIT("")},
	{known_address, SLICE_INIT("https://x.example/wiki/spaces/A/pages/7/T"),
	 SLICE_INIT("content")},
	{known_address, SLICE_INIT("https://x.example/wiki/spaces/A/pages/77"), SLICE_INIT("")},
	{known_address, SLICE_INIT("https://x.example/v.action?pageId=7&x=y"),
	 SLICE_INIT("content")},
	{known_address, SLICE_INIT("https://x.example/browse/ABC-1?x"), SLICE_INIT("issue")},
	{known_address, SLICE_INIT(""), SLICE_INIT("")},
	{known_content, SLICE_INIT("7"), SLICE_INIT("content")},
	{known_content, SLICE_INIT("8"), SLICE_INIT("")},
	{known_content, SLICE_INIT(""), SLICE_INIT("")},
	{known_space, SLICE_INIT("B"), SLICE_INIT("space")},
	{known_space, SLICE_INIT("A"), SLICE_INIT("")},
	{known_issue, SLICE_INIT("ABC-1"), SLICE_INIT("issue")},
	{known_issue, SLICE_INIT("7"), SLICE_INIT("")},
};

START_TEST(finds)
{
	struct shop s;
	open_shop(&s, &known);
	const struct known_link *link = rows[_i].ask(s.r, rows[_i].name);
	ck_assert(link == NULL ? rows[_i].title.len == 0 : slice_eq(link->title, rows[_i].title));
	close_shop(&s);
}
END_TEST

START_TEST(pages_people_and_content)
{
	struct shop s;
	open_shop(&s, &known);
	ck_assert(slice_eq(known_person(s.r, SLICE_LIT("u1"))->name, SLICE_LIT("Ann")));
	ck_assert(slice_eq(known_person(s.r, SLICE_LIT("u2"))->name, SLICE_LIT("Ben")));
	ck_assert_ptr_null(known_person(s.r, SLICE_LIT("u")));
	ck_assert_ptr_null(known_person(s.r, SLICE_LIT("")));
	ck_assert(slice_eq(known_page(s.r, SLICE_LIT(""), SLICE_LIT("T"))->title,
			   SLICE_LIT("own page")));
	ck_assert(slice_eq(known_page(s.r, SLICE_LIT("B"), SLICE_LIT("T"))->title,
			   SLICE_LIT("other")));
	ck_assert_ptr_null(known_page(s.r, SLICE_LIT("C"), SLICE_LIT("T")));
	ck_assert_ptr_eq(known_live(s.r, SLICE_LIT("m"))->live, macros);
	ck_assert_ptr_null(known_live(s.r, SLICE_LIT("u1")));
	close_shop(&s);
}
END_TEST

START_TEST(nothing_is_known)
{
	static const struct known none = {.user_count = 0};
	const struct known *const both[] = {NULL, &none};
	for (size_t i = 0; i < COUNT_OF(both); i++) {
		struct shop s;
		open_shop(&s, both[i]);
		ck_assert_ptr_null(known_person(s.r, SLICE_LIT("u1")));
		ck_assert_ptr_null(known_address(s.r, SLICE_LIT("https://x.example/a")));
		ck_assert_ptr_null(known_live(s.r, SLICE_LIT("m")));
		close_shop(&s);
	}
}
END_TEST

START_TEST(memory_runs_out)
{
	struct shop s;
	open_shop(&s, &known);
	s.arena.limit = arena_taken(&s.arena);
	while (arena_alloc(&s.arena, 64) != NULL) {
	}
	ck_assert_ptr_null(known_person(s.r, SLICE_LIT("u1")));
	ck_assert_int_eq(s.r->b.fault, FAULT_NO_MEMORY);
	close_shop(&s);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("known");
	TCase *t = tcase_create("known");
	tcase_add_loop_test(t, finds, 0, COUNT_OF(rows));
	tcase_add_test(t, pages_people_and_content);
	tcase_add_test(t, nothing_is_known);
	tcase_add_test(t, memory_runs_out);
	suite_add_tcase(s, t);
	return check_main(s);
}
