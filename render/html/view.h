/*
 * NAME     view - what both writers, HTML and text, must say alike: names, sizes, dates, what goes along
 * OWNS     nothing; its strings lie in the arena
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_HTML_VIEW_H
#define RENDER_HTML_VIEW_H

#include "render/confluence/document.h"
#include "render/html/language.h"
#include "render/html/media.h"
#include "render/warning.h"

enum text_direction { DIRECTION_NONE, DIRECTION_LTR, DIRECTION_RTL };

/* A file that the sender wanted to go along, and that is too large to. */
struct view_left_out {
	struct slice name;
	uint64_t size;
	struct slice href; /* of the file in Confluence; may be empty */
};

struct view {
	const struct render_input *in;
	const struct document *document;
	struct language language;
	bool rtl; /* the frame runs from right to left: by its language, else by the title */
	struct slice page_url; /* empty when the site is not known */
	struct slice title;    /* never empty */
	struct slice byline;   /* "Space DEV - sent by Ann"; may be empty */
	struct slice button;   /* label of the link to the page */
	struct slice header;   /* the tenant's line above the title; may be empty */
	int32_t logo;	       /* index of an attachment, or TREE_NO_ATTACHMENT */
	struct media media;
	struct message_file *chosen; /* what is to go along */
	size_t chosen_count;
	struct message_file *files; /* what does: final when the HTML is written */
	size_t file_count;
	struct view_left_out *left_out;
	size_t left_out_count;
	bool cut; /* the HTML does not show all of the page; html_write() finds out */
	struct render_warning *warnings; /* the document's, then the writers' */
	struct render_warning **warnings_end;
	struct arena *arena;
};

MUST_USE enum fault view_init(struct view *v, const struct render_input *in,
			      const struct document *document, struct arena *arena);
/* Does this attachment stand among the mail's files, whatever else is shown? */
bool view_sends(const struct view *v, int32_t attachment);
/* Adds a warning; the same words are told once. `detail` lives as long as the arena. */
MUST_USE enum fault view_warn(struct view *v, enum warning w, struct slice detail);

/* The note's and the page's first words, for the line that readers show beside the subject: at most VIEW_SUMMARY_MAX
 * characters. Fewer than VIEW_SUMMARY_LEAST are followed by who sent it from where. */
enum { VIEW_SUMMARY_LEAST = 40, VIEW_SUMMARY_MAX = 110 };
MUST_USE enum fault view_summary(const struct view *v, struct slice *out_summary);

enum { VIEW_SIZE_TEXT = 32, VIEW_DATE_TEXT = LANGUAGE_DATE_TEXT };
struct slice view_word(const struct view *v, enum word word);
struct slice view_size(const struct view *v, uint64_t bytes,
		       char room[VIEW_SIZE_TEXT]); /* "120 KB", "3.4 MB", "12 bytes" */
struct slice view_date(const struct view *v, const struct node_date *date,
		       char room[VIEW_DATE_TEXT]); /* "14 Jan 2025" */

/* Where the first letter in a block, or in a text, runs to. Looks at the first few hundred bytes. */
enum text_direction view_direction(const struct node *block);
enum text_direction view_text_direction(struct slice text);
bool view_is_rtl(const struct node *block);

/* Where a picture lies on another web server; empty when it does not, or when the mail must not say so. */
struct slice view_picture_url(const struct view *v, const struct image *i);

/* Once the HTML's pictures are known: a picture that the page shows does not go along a second time as a file, unless
 * it was named. */
void view_drop_shown(struct view *v);

#endif
