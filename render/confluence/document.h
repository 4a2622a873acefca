/*
 * NAME     document - front door of the input side: a page's body becomes one document tree
 * PURE     no I/O; links are resolved against what the job carries, nothing is fetched
 * OWNS     nothing: all of the result lies in the arena given
 * LIMITS   TREE_DEPTH_MAX; time and memory linear in the body
 * FAULTS   NO_MEMORY; BAD_FIELD for a format that is not taken. Never for what stands on the page:
 *          broken input gives what could be read and a warning (render-spec.md rule 6)
 */
#ifndef RENDER_CONFLUENCE_DOCUMENT_H
#define RENDER_CONFLUENCE_DOCUMENT_H

#include "render/confluence/tree.h"
#include "render/render.h"

struct document_params {
	const struct page *page;
	const struct attachment *attachments; /* all that came with the job */
	size_t attachment_count;
	const struct known *known; /* may be NULL */
	struct slice language;	   /* of the mail, BCP 47; empty: English */
	struct civil now;	   /* when the mail is sent, for what is frozen to that moment */
};

struct document {
	struct node *root;	     /* NODE_ROOT; without children when the page is empty */
	struct render_macro *macros; /* in order of first appearance */
	struct render_warning *warnings;
	size_t node_count;
	const struct slice *languages; /* that blocks say they are in (BCP 47): node.language */
};

MUST_USE enum fault document_read(const struct document_params *params, struct arena *arena,
				  struct document *out_document, struct problem *problem);

/* The page itself in Confluence, absolute; empty when the job does not name the site. In the arena.
 */
MUST_USE enum fault document_page_url(const struct page *page, struct arena *arena,
				      struct slice *out_url);

#endif
