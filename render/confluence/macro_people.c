/* People: one of them, or all who have a part in the page. */
#include "render/confluence/macros.h"

#include "render/confluence/targets.h"

static enum macro_fate profile(struct reader *r, struct macro *m, struct element *body)
{
	const struct reference *user = macro_reference(m);
	if (user == NULL || user->kind != REFERENCE_USER) {
		return macro_card(r, m, body);
	}
	target_show_user(r, user);
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("profile", profile, 0, "Profile of a person"),
	MACRO_CALLED("profile-picture", profile, 0, "Picture of a person"),
	MACRO_CALLED("contributors", macro_card, 0, "Contributors"),
	MACRO_CALLED("contributors-summary", macro_card, 0, "Contributors"),
	MACRO_CALLED("network", macro_card, 0, "Network of a person"),
	MACRO_CALLED("userlister", macro_card, 0, "Members of a group"),
	MACRO_CALLED("im", macro_card, 0, "Chat status"),
};

const struct macro_table macro_people = {rows, COUNT_OF(rows)};
