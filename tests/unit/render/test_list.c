#include "render/render.h"

#include <string.h>

#include "tests/support/check_main.h"

struct seen {
	const char *kind;
	struct slice name;
	struct slice becomes;
	size_t count; /* of rows of this kind and name */
	size_t all;
};

static void look(void *context, const char *kind, struct slice name, struct slice becomes)
{
	struct seen *s = context;
	s->all++;
	ck_assert(name.len > 0 && becomes.len > 0);
	if (strcmp(kind, s->kind) == 0 && slice_eq(name, s->name)) {
		s->becomes = becomes;
		s->count++;
	}
}

static const struct {
	const char *kind, *name, *becomes;
} rows[] = {
	{"element", "p", "shown"},
	{"element", "ac:image", "shown"},
	{"element", "script", "hidden"},
	{"node", "mediaSingle", "shown"},
	{"mark", "textColor", "shown"},
	{"view", "expand-content", "its content"},
	{"macro", "info", "shown"},
	{"macro", "div", "its body"},
	{"macro", "expand", "its body under its title"},
	{"macro", "calendar", "shown, else a line that leads to the page"},
	{"macro", "livesearch", "hidden"},
};

START_TEST(names_what_is_known)
{
	struct seen s = {.kind = rows[_i].kind, .name = slice_of_text(rows[_i].name)};
	render_list(look, &s);
	ck_assert_uint_eq(s.count, 1);
	ck_assert_msg(slice_eq(s.becomes, slice_of_text(rows[_i].becomes)), "%.*s",
		      (int)s.becomes.len, s.becomes.ptr);
	ck_assert_uint_gt(s.all, 200);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("list");
	TCase *t = tcase_create("list");
	tcase_add_loop_test(t, names_what_is_known, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
