/*
 * NAME     targets - what the ri: elements of a page name, and how to get there
 * SEE      render-spec.md section 4
 */
#ifndef RENDER_CONFLUENCE_TARGETS_H
#define RENDER_CONFLUENCE_TARGETS_H

#include "render/confluence/reader.h"

/* Index of the job's attachment of that name, or TREE_NO_ATTACHMENT. */
int32_t target_attachment(const struct reader *r, struct slice name);
/* By the id that media nodes have, else by its name. */
int32_t target_medium(const struct reader *r, struct slice file_id, struct slice name);
/* The same for a file that an ri:attachment names: not one of another page that has the same name. */
int32_t target_file(const struct reader *r, const struct reference *ref);
/* Where it leads, empty when that cannot be said; `anchor` may be empty. */
struct slice target_href(struct reader *r, const struct reference *ref, struct slice anchor);
/* What to call it where the page says nothing. */
struct slice target_title(struct reader *r, const struct reference *ref);
struct slice target_user_name(struct reader *r, struct slice account_id);

/* Nodes for a file, a person and an emoji where the page stands. */
void target_show_file(struct reader *r, const struct reference *ref);
void target_show_user(struct reader *r, const struct reference *ref);
/* Shows the picture `name` if it came with the job. */
bool target_show_picture(struct reader *r, struct slice name, uint32_t width);
/* What follows links to `href`, if there is one; gives back the link that was, to be put into r->b.link again. */
const struct builder_link *target_set_link(struct reader *r, struct slice href);
void target_show_link(struct reader *r, struct slice href, struct slice text);

#endif
