/*
 * NAME     render - front door: a page with its attachments becomes one MIME message
 * PURE     no socket, file, clock or random source: date, ids and boundary seed are arguments, so the same
 *          input gives the same bytes. What cannot be pure, other pictures, is the caller's: struct render_pictures
 * OWNS     nothing; all of the result lies in the arena given. The tree and what else is needed on the way lie
 *          beside it, under the same limit, and are gone at the end
 * LIMITS   depth 100 shown (deeper goes on flat), page body as intake's limit, HTML 102,400 bytes or a warning
 * FAULTS   NO_MEMORY, BAD_FIELD (an unusable argument). Never for what stands on the page: broken input gives a
 *          message that shows what could be read, and a warning (render-spec.md rule 6)
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "spool-free/base/instant.h"
#include "spool-free/base/problem.h"
#include "spool-free/job/job.h"
#include "spool-free/job/rope.h"

struct render_conversion {
	struct slice bytes; /* of WebP, AVIF, SVG, TIFF, BMP, PNG or JPEG */
	uint32_t
		longest_side; /* px; larger ones are scaled down to it, drawings drawn at it; 0: as it is */
	size_t most;	      /* bytes that the result may have */
};

/*
 * The ways to a picture that does not stand in the job as mail readers can show it. Either may be NULL: the page then
 * names the picture instead, and a warning says so. Both may take a while; both are called from the thread that renders.
 * Whatever fault they return, the mail goes out without that picture.
 */
struct render_pictures {
	void *context;
	/* To PNG or JPEG, upright, on white ground, without metadata. BAD_PICTURE: it cannot be done. */
	enum fault (*convert)(void *context, const struct render_conversion *wanted,
			      struct arena *arena, struct slice *out_bytes);
	/* The bytes at an http or https address, at most `most`. NULL unless policy lets pictures be fetched. */
	enum fault (*fetch)(void *context, struct slice url, size_t most, struct arena *arena,
			    struct slice *out_bytes);
};

/* How much of a mail pictures and files may be, in bytes; 0: as if nobody had set it. */
struct render_limits {
	uint64_t picture;  /* one in the text, once it is scaled: 1 MiB */
	uint64_t pictures; /* all in the text: 5 MiB */
	uint64_t
		files; /* what goes along as files, all together; the others are linked: what size_limit leaves */
};

struct render_input {
	const struct page *page;
	const struct party *from;   /* From: as it will stand in the header */
	const struct party *sender; /* the person who sends the page, for the frame; may be NULL */
	const struct party *reply_to; /* may be NULL */
	const struct party *to;
	size_t to_count;
	const struct party *cc;
	size_t cc_count;
	struct slice subject; /* final; empty: the title */
	struct slice note;    /* may be empty; lines by \n */
	/* All that came with the job: the page may show any of them */
	const struct attachment *attachments;
	size_t attachment_count;
	enum attach_mode attach; /* which of them go along as files */
	const struct slice *attach_names;
	size_t attach_name_count;
	const struct known *known; /* may be NULL */
	struct layout layout;
	struct slice language; /* BCP 47; empty: English */
	struct scheduled scheduled;
	struct render_limits limits;
	uint64_t
		size_limit; /* what the mail server takes, in bytes; 0: not known. Over it: a warning */
	const struct render_pictures *pictures; /* may be NULL */
	bool hides_remote; /* pictures on other web servers are named without a link to them */
	struct civil date;
	struct slice message_id;    /* without < >; its host part also serves Content-IDs */
	struct slice boundary_seed; /* any bytes; boundaries are a hash of it */
	bool message_only;	    /* `html` and `text` of the output are not wanted */
};

/* How a macro came out. */
enum macro_fate { MACRO_RENDERED, MACRO_SNAPSHOT, MACRO_CARD };

struct render_macro {
	struct slice name;
	enum macro_fate fate;
	uint64_t count;
	struct render_macro *next;
};

struct render_warning {
	/* Stable word of the table warning.def: html-over-limit, attachment-missing ...; static */
	struct slice code;
	/* A sentence; names macros, lines and columns, never the page's words */
	struct slice detail;
	struct render_warning *next;
};

struct render_report {
	struct render_macro *macros; /* in order of first appearance */
	struct render_warning *warnings;
	bool not_shown; /* nothing of the page could be read */
	uint64_t html_bytes;
	uint64_t text_bytes;
	uint64_t message_bytes;
};

struct render_output {
	struct rope message;
	struct render_report report;
	struct slice html; /* the parts before their transfer encoding */
	struct slice text;
};

/*
 * What pictures may take of the arena beside all else: whoever lends the arena its bytes adds it. `fetches` when pictures
 * may be fetched.
 */
size_t render_picture_room(const struct page *page, const struct attachment *attachments,
			   size_t attachment_count, bool fetches,
			   const struct render_limits *limits);

/* Called for each thing that is supported: its kind (element, macro, node, mark, view), its name, and what becomes of it. */
typedef void render_list_fn(void *context, const char *kind, struct slice name,
			    struct slice becomes);
void render_list(render_list_fn *each, void *context);

MUST_USE enum fault render_message(const struct render_input *in, struct arena *arena,
				   struct render_output *out, struct problem *problem);

#endif
