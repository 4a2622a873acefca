/*
 * NAME     known - what the job knows of the page's surroundings, found by the names that the page uses
 * USE      each gives NULL when the job says nothing; of several entries of one name the first counts
 * OWNS     nothing: the index lies in the reader's arena, its entries in the job
 * LIMITS   the index is made when something is first looked for, n log n in what the job brings; a question then costs
 *          the logarithm of it
 * FAULTS   NO_MEMORY, kept in the reader's builder
 */
#ifndef RENDER_CONFLUENCE_KNOWN_H
#define RENDER_CONFLUENCE_KNOWN_H

#include "render/confluence/reader.h"

const struct known_user *known_person(struct reader *r, struct slice account_id);
const struct known_link *known_content(struct reader *r, struct slice content_id);
/* A page or blog post; `space_key` empty: the page's own space. */
const struct known_link *known_page(struct reader *r, struct slice space_key, struct slice title);
const struct known_link *known_space(struct reader *r, struct slice space_key);
const struct known_link *known_issue(struct reader *r, struct slice issue_key);
/*
 * By the whole address, a slash at its end or not, else by the id or key that an address of Confluence or Jira holds
 * (`/pages/123/`, `pageId=123`, `/browse/ABC-1`).
 */
const struct known_link *known_address(struct reader *r, struct slice url);

/* Live content, with the number of times it was shown already, which the caller counts (live.h). */
struct known_live {
	const struct live_macro *live;
	unsigned shown;
};
struct known_live *known_live(struct reader *r, struct slice id);

#endif
