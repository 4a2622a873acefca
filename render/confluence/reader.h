/*
 * NAME     reader - elements of storage format, one after another, become builder calls
 * USE      a parser (storage.h, soup.h) says start, text and end, properly nested; the rules for each element stand in
 *          elements.def, those for macros in the tables that macros.h speaks of
 * OWNS     nothing; all lies in the arena of its builder
 * LIMITS   READER_DEPTH open elements; deeper ones are not looked at, only what stands in them
 * FAULTS   kept in its builder
 * SEE      render-spec.md sections 4 and 5
 */
#ifndef RENDER_CONFLUENCE_READER_H
#define RENDER_CONFLUENCE_READER_H

#include "render/confluence/builder.h"
#include "render/confluence/document.h"
#include "render/confluence/left_out.h"
#include "render/confluence/words.h"
#include "render/warning.h"

enum {
	READER_DEPTH = 512,
	READER_INDEX = 1024,  /* slots for looking elements up; a power of two */
	TAG_ATTRS_MAX = 32,   /* further attributes are not looked at */
	MACRO_NAMES_MAX = 64, /* in the report; further ones are counted under one name */
	LIVE_DEPTH = 5,	      /* content of the job inside content of the job */
};

struct attr {
	struct slice name;
	struct slice value;
};

struct tag {
	struct slice name;
	struct attr attrs[TAG_ATTRS_MAX];
	size_t attr_count;
};

struct slice tag_attr(const struct tag *t, struct slice name); /* empty when it is not there */

enum reader_mode {
	READER_SHOW,
	READER_GATHER, /* text goes to reader.gather; of elements only those marked ANYWHERE count
			*/
	READER_SKIP,   /* nothing counts */
};

/* What an ri: element names. */
enum reference_kind {
	REFERENCE_NONE,
	REFERENCE_PAGE,
	REFERENCE_BLOG_POST,
	REFERENCE_FILE,
	REFERENCE_USER,
	REFERENCE_SPACE,
	REFERENCE_CONTENT,
	REFERENCE_URL,
	REFERENCE_SHORTCUT,
};

struct reference {
	enum reference_kind kind;
	bool elsewhere; /* the file hangs on another page, named by title and space */
	struct slice title;
	struct slice space;
	struct slice value; /* posting day, file name, account id, content id, URL, or key of a
			       shortcut */
	struct slice extra; /* parameter of a shortcut */
};

struct reader;
struct element;
struct macro;
struct link_context;
struct image_context;
struct known_index;
struct live_macro;
struct adf_extension;
struct notes;

struct element_rule {
	struct slice name;
	void (*start)(struct reader *r, const struct tag *t, struct element *e);
	void (*end)(struct reader *r, struct element *e); /* or NULL */
	uint16_t arg;
	bool anywhere; /* also while text is gathered */
};

/* An open element of the source, and what to go back to at its end. */
struct element {
	const struct element_rule *rule; /* NULL: nothing to do at its end */
	struct slice name;
	void *context; /* of the element's own start and end */
	const struct ink *ink;
	const struct builder_link *link;
	unsigned close; /* depth of the builder, or BUILDER_NO_DEPTH */
	uint16_t marks;
	uint8_t mode;
	bool in_head, in_foot;
};

struct reader {
	struct builder b;
	const struct document_params *params;
	struct slice page_url;
	enum reader_mode mode;
	bool in_head, in_foot; /* of rows */
	bool in_html;	       /* inside the body of an html macro */
	struct gather gather;
	struct reference *reference;	    /* where an ri: element goes, or NULL */
	struct macro *macro;		    /* the innermost one */
	struct abbreviation *abbreviations; /* that have said what they stand for */
	struct link_context *link;
	struct image_context *image;
	const struct known_index *known;	   /* known.h; NULL until something is looked for */
	const struct live_macro *live[LIVE_DEPTH]; /* live.h: inside which we are */
	unsigned live_depth;
	size_t live_again;	  /* bytes of it that were shown more than once */
	struct export_view *view; /* while HTML is read that Confluence rendered, or NULL */
	const uint8_t *shares; /* widths of the columns of the layout section we are in, 0-ended */
	struct adf_extension *adf; /* the innermost one */
	size_t markdown;	   /* bytes of it, read so far */
	unsigned lists;		   /* of files, made so far */
	struct notes *notes;	   /* notes.h; NULL until there is one */
	struct render_macro *macros, *last_macro;
	size_t macro_names;
	struct render_warning *warnings, *last_warning;
	uint64_t files_missing;
	struct left_out left_out;
	struct slice *languages; /* NULL until a block says one */
	size_t language_count;
	uint64_t overflow; /* elements open past READER_DEPTH */
	unsigned nested;   /* documents inside one another that are being read (adf.h) */
	unsigned depth;
	struct element stack[READER_DEPTH];
	uint8_t index[READER_INDEX]; /* hash of a name -> number of its rule, 0: none */
};

/* What it makes lies in the arena; the reader itself may lie anywhere, and need not be cleared before. */
MUST_USE enum fault reader_init(struct reader *r, const struct document_params *params,
				struct arena *arena);
void reader_start(struct reader *r, const struct tag *t);
void reader_text(struct reader *r, struct slice text); /* valid UTF-8 */
void reader_end(struct reader *r);		       /* of the innermost element */
MUST_USE enum fault reader_finish(struct reader *r, struct document *out_document);

/* A block says in which language it is. */
void reader_say_language(struct reader *r, const struct tag *t, struct node *block);

/* As if nothing had been read yet. What it has made stays in the arena, out of use. */
void reader_forget(struct reader *r);

/* For the rules. */
/* A place on the stack for what is no element but has children: reader_end() goes back to what is the case now. NULL
 * when the stack is full. */
struct element *reader_push(struct reader *r);
const struct element_rule *reader_rule(const struct reader *r,
				       struct slice name); /* the row of elements.def, or NULL */
void reader_gather(struct reader *r);			   /* from here on text is gathered */
void reader_warn(struct reader *r, enum warning w, struct slice detail);
void reader_count_macro(struct reader *r, struct slice name, enum macro_fate fate);
/* Words of ours in the mail's language: phrases.h */
struct slice reader_phrase(const struct reader *r, struct slice english);
/* The arena's answer or, when it has none, the empty slice and a fault kept. */
struct slice reader_result(struct reader *r, enum fault f, struct slice s);
struct slice reader_href(struct reader *r, struct slice raw); /* links_resolve() */
/* Of a link: the report says when its address may not leave. */
struct slice reader_link_href(struct reader *r, struct slice raw);

#endif
