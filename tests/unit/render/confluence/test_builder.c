#include "render/confluence/builder.h"

#include <string.h>

#include "render/confluence/words.h"
#include "tests/support/check_main.h"
#include "tests/support/tree_dump.h"

static struct arena arena;
static struct builder b;
static struct buf dump;

static void set_up(void)
{
	arena_init(&arena, 1 << 26);
	buf_init(&dump, 1 << 20);
	ck_assert(builder_init(&b, &arena) == FAULT_NONE);
}

static void tear_down(void)
{
	buf_deinit(&dump);
	arena_deinit(&arena);
}

static void expect(const char *wanted)
{
	ck_assert(builder_finish(&b, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE);
	tree_dump(b.root, &dump);
	ck_assert_msg(slice_eq(buf_view(&dump), slice_of_text(wanted)), "%.*s", (int)dump.len,
		      dump.ptr == NULL ? "" : dump.ptr);
	ck_assert_ptr_null(tree_broken_promise(b.root));
}

/* Each in its turn is opened inside of the one before; then comes a word. Nothing of it need make sense. */
static const struct {
	enum node_kind kinds[4];
	unsigned count;
	const char *expected;
} nests[] = {
	{{NODE_PARAGRAPH}, 1, "p{'x'}"},
	{{NODE_PARAGRAPH, NODE_PARAGRAPH}, 2, "p{'x'}"},
	{{NODE_BULLETS}, 1, "bullets{item{t{'x'}}}"},
	{{NODE_ITEM}, 1, "bullets{item{t{'x'}}}"},
	{{NODE_BULLETS, NODE_BULLETS}, 2, "bullets{item{bullets{item{t{'x'}}}}}"},
	{{NODE_ITEM, NODE_ITEM}, 2, "bullets{item{bullets{item{t{'x'}}}}}"},
	{{NODE_TABLE}, 1, "table(columns=1;){row{cell{t{'x'}}}}"},
	{{NODE_ROW}, 1, "table(columns=1;){row{cell{t{'x'}}}}"},
	{{NODE_CELL}, 1, "table(columns=1;){row{cell{t{'x'}}}}"},
	{{NODE_TABLE, NODE_CELL}, 2, "table(columns=1;){row{cell{t{'x'}}}}"},
	{{NODE_TABLE, NODE_ITEM}, 2, "table(columns=1;){row{cell{bullets{item{t{'x'}}}}}}"},
	{{NODE_TASK}, 1, "tasks{task{t{'x'}}}"},
	{{NODE_DECISION}, 1, "decisions{decision{t{'x'}}}"},
	{{NODE_COLUMN}, 1, "group{group{p{'x'}}}"},
	{{NODE_CAPTION}, 1, "p{'x'}"},
	{{NODE_TABLE, NODE_CAPTION}, 2, "table{caption{'x'}}"},
	{{NODE_PICTURE, NODE_CAPTION, NODE_PARAGRAPH}, 3, "picture{caption{'x'}}"},
	{{NODE_PICTURE, NODE_CAPTION, NODE_TABLE}, 3, "picture{caption{'x'}}"},
	{{NODE_PICTURE}, 1, "picture{}p{'x'}"},
	{{NODE_HEADING, NODE_PARAGRAPH}, 2, "heading(1;id=x;){'x'}"},
	{{NODE_HEADING, NODE_QUOTE}, 2, "quote{p{'x'}}"},
	{{NODE_PARAGRAPH, NODE_LAYOUT, NODE_TASK}, 3, "group{group{tasks{task{t{'x'}}}}}"},
	{{NODE_ROW, NODE_ROW},
	 2,
	 "table(columns=1;){row{cell{table(columns=1;){row{cell{t{'x'}}}}}}}"},
};

START_TEST(nest)
{
	unsigned closes[4];
	for (unsigned i = 0; i < nests[_i].count; i++) {
		builder_open(&b, nests[_i].kinds[i], &closes[i]);
	}
	words_add(&b, SLICE_LIT("x"));
	for (unsigned i = nests[_i].count; i-- > 0;) {
		if (closes[i] != BUILDER_NO_DEPTH) {
			builder_close(&b, closes[i]);
		}
	}
	expect(nests[_i].expected);
}
END_TEST

/* Every kind in every kind in every kind: the tree keeps its promises. */
START_TEST(any_kind_in_any)
{
	for (unsigned i = 0; i < NODE_KINDS * NODE_KINDS; i++) {
		enum node_kind kinds[] = {(enum node_kind)_i, (enum node_kind)(i / NODE_KINDS),
					  (enum node_kind)(i % NODE_KINDS)};
		unsigned closes[COUNT_OF(kinds)];
		arena_deinit(&arena);
		arena_init(&arena, 1 << 20);
		ck_assert(builder_init(&b, &arena) == FAULT_NONE);
		for (size_t j = 0; j < COUNT_OF(kinds); j++) {
			struct node probe = {.kind = (uint8_t)kinds[j]};
			bool leaf = node_level(&probe) == NODE_IS_INLINE ||
				    node_content(&probe) == NODE_HOLDS_TEXTLESS ||
				    kinds[j] == NODE_RULE;
			closes[j] = BUILDER_NO_DEPTH;
			if (kinds[j] == NODE_ROOT || kinds[j] == NODE_LINK ||
			    kinds[j] == NODE_TEXT || kinds[j] == NODE_CARD ||
			    kinds[j] == NODE_CARD_INLINE || kinds[j] == NODE_GALLERY) {
				continue; /* no reader opens them so, or they need a label */
			}
			if (leaf) {
				builder_leaf(&b, kinds[j]);
			} else {
				builder_open(&b, kinds[j], &closes[j]);
			}
			words_add(&b, SLICE_LIT("x "));
		}
		for (size_t j = COUNT_OF(kinds); j-- > 0;) {
			if (closes[j] != BUILDER_NO_DEPTH) {
				builder_close(&b, closes[j]);
			}
			words_add(&b, SLICE_LIT(" y"));
		}
		ck_assert(builder_finish(&b, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE);
		const char *broken = tree_broken_promise(b.root);
		ck_assert_msg(broken == NULL, "%d %d %d: %s", kinds[0], kinds[1], kinds[2], broken);
	}
}
END_TEST

START_TEST(depth_has_an_end)
{
	enum { DEEP = 300 };
	unsigned closes[DEEP];
	for (unsigned i = 0; i < DEEP; i++) {
		builder_open(&b,
			     i % 3 == 0	  ? NODE_BULLETS
			     : i % 3 == 1 ? NODE_TABLE
					  : NODE_QUOTE,
			     &closes[i]);
	}
	words_add(&b, SLICE_LIT("x"));
	ck_assert(b.too_deep);
	for (unsigned i = DEEP; i-- > 0;) {
		if (closes[i] != BUILDER_NO_DEPTH) {
			builder_close(&b, closes[i]);
		}
	}
	ck_assert(builder_finish(&b, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE);
	ck_assert_ptr_null(tree_broken_promise(b.root));
}
END_TEST

START_TEST(marks_and_links_divide_text)
{
	struct builder_link link = {.href = SLICE_LIT("https://a.example")};
	words_add(&b, SLICE_LIT("a "));
	b.marks = MARK_EM;
	words_add(&b, SLICE_LIT("b "));
	b.link = &link;
	words_add(&b, SLICE_LIT("c"));
	b.marks = 0;
	words_add(&b, SLICE_LIT(" d"));
	b.link = NULL;
	words_add(&b, SLICE_LIT("e"));
	expect("p{'a 'i:'b 'link(https://a.example){i:'c '\'d'}'e'}");
}
END_TEST

START_TEST(leaf_by_place)
{
	builder_leaf_either(&b, NODE_CARD_INLINE, NODE_CARD)->of.card->label = SLICE_LIT("A");
	words_add(&b, SLICE_LIT("x "));
	builder_leaf_either(&b, NODE_CARD_INLINE, NODE_CARD)->of.card->label = SLICE_LIT("B");
	expect("card(label=A;)p{'x 'card_inline(label=B;)}");
}
END_TEST

/* The nth piece of memory is missing, for every n: a fault, and never a crash. */
/* Line ends in a row have a limit, which a word begins anew. */
START_TEST(breaks_have_an_end)
{
	enum { MANY = 250, MOST = 100 };
	char wanted[16 + 2 * 5 * MOST];
	size_t n = 0;
	words_add(&b, SLICE_LIT("a"));
	for (int i = 0; i < MANY; i++) {
		builder_leaf(&b, NODE_BREAK);
	}
	words_add(&b, SLICE_LIT("b"));
	for (int i = 0; i < MANY; i++) {
		builder_leaf(&b, NODE_BREAK);
	}
	words_add(&b, SLICE_LIT("c"));
	for (const char *word = "abc"; *word != '\0'; word++) {
		char text[] = "p{'x'";
		text[3] = *word;
		const char *piece = *word == 'a' ? text : text + 2;
		memcpy(wanted + n, piece, strlen(piece));
		n += strlen(piece);
		for (int i = 0; *word != 'c' && i < MOST; i++) {
			memcpy(wanted + n, "break", 5);
			n += 5;
		}
	}
	wanted[n++] = '}';
	wanted[n] = '\0';
	expect(wanted);
}
END_TEST

START_TEST(memory_ends)
{
	unsigned done = 0;
	for (size_t limit = 0; done == 0 && limit < 1 << 20; limit += 512) {
		struct arena small;
		unsigned closes[3];
		arena_init(&small, limit);
		if (builder_init(&b, &small) != FAULT_NONE) {
			arena_deinit(&small);
			continue;
		}
		builder_open(&b, NODE_TABLE, &closes[0]);
		builder_open(&b, NODE_CELL, &closes[1]);
		for (int i = 0; i < 400; i++) {
			builder_open(&b, NODE_PANEL, &closes[2]);
			words_add(&b, SLICE_LIT("some words"));
			builder_leaf(&b, NODE_IMAGE)->of.image->width = 1;
			if (closes[2] != BUILDER_NO_DEPTH) {
				builder_close(&b, closes[2]);
			}
		}
		done = builder_finish(&b, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE;
		arena_deinit(&small);
	}
	ck_assert_uint_eq(done, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("builder");
	TCase *t = tcase_create("builder");
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, nest, 0, COUNT_OF(nests));
	tcase_add_loop_test(t, any_kind_in_any, 0, NODE_KINDS);
	tcase_add_test(t, depth_has_an_end);
	tcase_add_test(t, marks_and_links_divide_text);
	tcase_add_test(t, leaf_by_place);
	tcase_add_test(t, breaks_have_an_end);
	tcase_add_test(t, memory_ends);
	suite_add_tcase(s, t);
	return check_main(s);
}
