#include "render/confluence/tree.h"

#include "tests/support/check_main.h"

static void add(struct node *parent, struct node *child)
{
	struct node **at = &parent->first;
	while (*at != NULL) {
		at = &(*at)->next;
	}
	*at = child;
	child->parent = parent;
}

/* root{ p{ a b } p{} } */
static struct node root = {.kind = NODE_ROOT};
static struct node first = {.kind = NODE_PARAGRAPH};
static struct node second = {.kind = NODE_PARAGRAPH};
static struct node a = {.kind = NODE_TEXT};
static struct node b = {.kind = NODE_BREAK};

static void set_up(void)
{
	root.first = first.first = second.first = NULL;
	first.next = second.next = a.next = b.next = NULL;
	add(&root, &first);
	add(&root, &second);
	add(&first, &a);
	add(&first, &b);
}

static void expect(struct walk *w, const struct node *at, bool leaving)
{
	ck_assert(walk_next(w));
	ck_assert_ptr_eq(w->at, at);
	ck_assert(w->leaving == leaving);
}

START_TEST(whole_walk)
{
	struct walk w = walk_of(&root);
	expect(&w, &root, false);
	expect(&w, &first, false);
	expect(&w, &a, false);
	expect(&w, &b, false);
	expect(&w, &first, true);
	expect(&w, &second, false);
	expect(&w, &second, true);
	expect(&w, &root, true);
	ck_assert(!walk_next(&w));
	ck_assert(!walk_next(&w));
}
END_TEST

START_TEST(walk_of_a_part)
{
	struct walk w = walk_of(&second);
	expect(&w, &second, false);
	expect(&w, &second, true);
	ck_assert(!walk_next(&w));
	w = walk_of(&a);
	expect(&w, &a, false);
	ck_assert(!walk_next(&w));
	w = walk_of(NULL);
	ck_assert(!walk_next(&w));
}
END_TEST

START_TEST(skipping)
{
	struct walk w = walk_of(&root);
	expect(&w, &root, false);
	expect(&w, &first, false);
	walk_skip(&w);
	expect(&w, &first, true);
	expect(&w, &second, false);
}
END_TEST

START_TEST(kinds)
{
	ck_assert_int_eq(node_level(&root), NODE_IS_PART);
	ck_assert_int_eq(node_level(&first), NODE_IS_BLOCK);
	ck_assert_int_eq(node_level(&a), NODE_IS_INLINE);
	ck_assert_int_eq(node_content(&first), NODE_HOLDS_INLINES);
	ck_assert_int_eq(node_content(&a), NODE_HOLDS_TEXTLESS);
	ck_assert(slice_eq(node_kind_name(NODE_PARAGRAPH), SLICE_LIT("PARAGRAPH")));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tree");
	TCase *t = tcase_create("tree");
	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, whole_walk);
	tcase_add_test(t, walk_of_a_part);
	tcase_add_test(t, skipping);
	tcase_add_test(t, kinds);
	suite_add_tcase(s, t);
	return check_main(s);
}
