/* People: one of them, or all who have a part in the page. */
#include "render/confluence/macros.h"

#include "render/confluence/targets.h"

/* What the new editor writes for a person says nothing to a reader: "557058:…", or the older 24 digits. */
static bool is_account(struct slice name)
{
	enum { OLD_LEN = 24 };
	bool digits = name.len == OLD_LEN;
	for (size_t i = 0; digits && i < name.len; i++) {
		digits = slice_find_byte(SLICE_LIT("0123456789abcdef"), name.ptr[i]) < 16;
	}
	return digits || slice_find_byte(name, ':') < name.len;
}

/* Whom the macro names: by account, else by the name that old pages hold. */
static bool show_person(struct reader *r, const struct macro *m)
{
	static const struct slice names[] = {SLICE_INIT("user"), SLICE_INIT("username"),
					     SLICE_INIT("User")};
	const struct reference *user = macro_reference(m);
	struct slice name = words_keep(&r->b, macro_first_param(m, names, COUNT_OF(names)));
	if (user != NULL && user->kind == REFERENCE_USER) {
		target_show_user(r, user);
		return true;
	}
	if (name.len == 0) {
		return false;
	}
	name = slice_starts(name, SLICE_LIT("@")) ? slice_skip(name, 1) : name;
	name = is_account(name) ? target_user_name(r, name) : name;
	builder_leaf(&r->b, NODE_MENTION)->of.mention.name = name;
	return true;
}

static enum macro_fate profile(struct reader *r, struct macro *m, struct element *body)
{
	return show_person(r, m) ? MACRO_RENDERED : macro_card(r, m, body);
}

/* "screen name (service)" */
static enum macro_fate chat(struct reader *r, struct macro *m, struct element *body)
{
	struct slice name = macro_words(r, m, SLICE_LIT("screenname"));
	struct slice service = macro_words(r, m, SLICE_LIT("service"));
	if (name.len == 0) {
		return macro_card(r, m, body);
	}
	words_add(&r->b, name);
	if (service.len > 0) {
		words_add(&r->b, SLICE_LIT(" ("));
		words_add(&r->b, service);
		words_add(&r->b, SLICE_LIT(")"));
	}
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("profile", profile, 0, "Profile of a person"),
	MACRO_CALLED("profile-picture", profile, 0, "Picture of a person"),
	MACRO_CALLED("im", chat, 0, "Chat status"),
	MACRO_CALLED("contributors", macro_listed, 0, "Contributors"),
	MACRO_CALLED("contributors-summary", macro_listed, 0, "Contributors"),
	MACRO_CALLED("network", macro_listed, 0, "Network of a person"),
	MACRO_CALLED("userlister", macro_listed, 0, "Members of a group"),
};

const struct macro_table macro_people = {rows, COUNT_OF(rows)};
