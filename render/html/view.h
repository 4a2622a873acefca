/*
 * NAME     view - what both writers, HTML and text, must say alike: names, sizes, dates, what goes along
 * OWNS     nothing; its strings lie in the arena
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_HTML_VIEW_H
#define RENDER_HTML_VIEW_H

#include "render/confluence/document.h"
#include "render/html/media.h"

struct view {
	const struct render_input *in;
	const struct document *document;
	struct slice page_url; /* empty when the site is not known */
	struct slice title;    /* never empty */
	struct slice byline;   /* "Space DEV - sent by Ann"; may be empty */
	struct slice button;   /* label of the link to the page */
	struct media media;
	const struct message_file *files; /* what goes along as files */
	size_t file_count;
	bool cut; /* the HTML does not show all of the page; html_write() finds out */
	struct render_warning *warnings; /* the document's, then the writers' */
	struct render_warning **warnings_end;
	struct arena *arena;
};

MUST_USE enum fault view_init(struct view *v, const struct render_input *in,
			      const struct document *document, struct arena *arena);
/* Adds a warning; the same words are told once. `detail` lives as long as the arena. */
MUST_USE enum fault view_warn(struct view *v, struct slice code, struct slice detail);

/* The page's first words, for the line that readers show beside the subject: at most VIEW_SUMMARY_MAX bytes. */
enum { VIEW_SUMMARY_MAX = 110 };
MUST_USE enum fault view_summary(const struct view *v, struct slice *out_summary);

enum { VIEW_SIZE_TEXT = 24, VIEW_DATE_TEXT = 16 };
struct slice view_size(uint64_t bytes,
		       char room[VIEW_SIZE_TEXT]); /* "120 KB", "3.4 MB", "12 bytes" */
struct slice view_date(const struct node_date *date, char room[VIEW_DATE_TEXT]); /* "14 Jan 2025" */

/* Does the first letter in a block run right to left? Looks at its first few hundred bytes. */
bool view_is_rtl(const struct node *block);

extern const struct slice view_open_words;  /* of a card: "open in Confluence" */
extern const struct slice view_files_words; /* above the list of files */
extern const struct slice view_footer_words;
extern const struct slice view_details_words; /* title of an expand without one */
extern const struct slice view_long_words;    /* above a page whose HTML is cut */
extern const struct slice view_empty_words;   /* for a page without content */

#endif
