#include "render/html/addresses.h"

#include "tests/support/check_main.h"

#define LONG "https://example.org/a/long/address/of/more/than/sixty/bytes/number-"

static struct node nodes[40];

/* A tree of links with these addresses, in a row. */
static struct node *links(const char *const *hrefs, size_t count)
{
	nodes[0] = (struct node){.kind = NODE_PARAGRAPH, .first = count > 0 ? &nodes[1] : NULL};
	for (size_t i = 0; i < count; i++) {
		nodes[1 + i] = (struct node){.kind = NODE_LINK,
					     .parent = &nodes[0],
					     .next = i + 1 < count ? &nodes[2 + i] : NULL,
					     .of.link.href = slice_of_text(hrefs[i])};
	}
	return &nodes[0];
}

static const struct {
	const char *name;
	const char *hrefs[6];
	uint32_t numbers[6]; /* in order of use */
} rows[] = {
	{"short ones are written out", {"https://a.example/", "https://a.example/"}, {0, 0}},
	{"once is written out", {LONG "1", LONG "2"}, {0, 0}},
	{"twice gets a number", {LONG "1", LONG "1"}, {1, 1}},
	{"in order of use", {LONG "2", LONG "1", LONG "1", LONG "2", LONG "3"}, {1, 2, 2, 1, 0}},
};

START_TEST(numbers)
{
	struct arena a;
	struct addresses all;
	size_t count = 0;
	while (count < 6 && rows[_i].hrefs[count] != NULL) {
		count++;
	}
	arena_init(&a, 65536);
	ck_assert_int_eq(addresses_count(&all, links(rows[_i].hrefs, count), &a), FAULT_NONE);
	for (size_t i = 0; i < count; i++) {
		ck_assert_msg(addresses_number(&all, slice_of_text(rows[_i].hrefs[i])) ==
				      rows[_i].numbers[i],
			      "%s: %zu", rows[_i].name, i);
	}
	for (uint32_t i = 0; i < all.count; i++) {
		ck_assert_uint_eq(all.listed[i]->number, i + 1);
	}
	arena_deinit(&a);
}
END_TEST

START_TEST(many)
{
	static char text[30][80];
	const char *hrefs[30];
	struct arena a;
	struct addresses all;
	for (size_t i = 0; i < 30; i++) {
		(void)snprintf(text[i], sizeof(text[i]), LONG "%zu", i % 15);
		hrefs[i] = text[i];
	}
	arena_init(&a, 65536);
	ck_assert_int_eq(addresses_count(&all, links(hrefs, 30), &a), FAULT_NONE);
	for (size_t i = 0; i < 30; i++) {
		ck_assert_uint_eq(addresses_number(&all, slice_of_text(hrefs[i])), i % 15 + 1);
	}
	ck_assert_uint_eq(all.count, 15);
	arena_deinit(&a);
}
END_TEST

START_TEST(no_memory)
{
	static const char *const two[] = {LONG "1", LONG "1"};
	struct arena a;
	struct addresses all;
	arena_init(&a, 10);
	ck_assert_int_eq(addresses_count(&all, links(two, 2), &a), FAULT_NO_MEMORY);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("addresses");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, numbers, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, many);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
