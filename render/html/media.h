/*
 * NAME     media - the job's attachments, and pictures from elsewhere, as a mail can show them: in the text or as file line
 * OWNS     nothing; its tables lie in the arena, bytes that it made lie where the message will
 * LIMITS   a picture in the text, and all of them, as the caller says, counted after scaling (render-spec.md section
 *          12); MEDIA_FETCH_MAX pictures from elsewhere
 * RULE     equal bytes are one part: their Content-ID is a hash of them, and the part is listed once. What is shown
 *          carries no metadata (bare.h). Only what is really shown is looked at, scaled or converted
 * FAULTS   NO_MEMORY
 * SEE      RFC 2392 (cid:), RFC 2045 7 (Content-ID)
 */
#ifndef RENDER_HTML_MEDIA_H
#define RENDER_HTML_MEDIA_H

#include "spool-free/job/job.h"
#include "render/mime/message.h"
#include "render/mime/sniff.h"
#include "render/render.h"

enum {
	MEDIA_PICTURE_MAX = 1024 * 1024,      /* where the caller does not say */
	MEDIA_PICTURES_MAX = 5 * 1024 * 1024, /* so is this */
	MEDIA_HEAVY = 200 * 1000, /* from here on it is worth while to scale what is shown small */
	MEDIA_VAST =
		16 * 1000 *
		1000, /* px: so is this, however few its bytes; each reader would unpack them all */
	MEDIA_FETCH_MAX = 20,
	MEDIA_FETCHED_MAX = 10 * 1024 * 1024, /* all of them, as they came */
};

/* Why an attachment is not shown in the text. */
enum media_verdict {
	MEDIA_SHOWN,
	MEDIA_NO_PICTURE,
	MEDIA_RARE,
	MEDIA_LARGE,
	MEDIA_FULL,
	MEDIA_CUT, /* it stood in a part of the page that the HTML does not show */
	MEDIA_NOT_FETCHED
};

struct medium {
	const struct attachment *file;
	struct sniff sniff;
	uint32_t shown_width; /* px, where it stands widest; 0: not known */
	bool is_judged;
	bool is_changed; /* other bytes are shown, of which those two may be told */
	bool is_scaled, is_converted;
	enum media_verdict verdict;  /* once it is judged */
	struct slice id, content_id; /* the latter when it is shown */
};

struct media_params {
	const struct attachment *files;
	size_t count;
	struct slice host;			/* right side of Content-IDs */
	const struct render_pictures *pictures; /* may be NULL */
	uint32_t image_side;			/* 0: any */
	struct render_limits limits;
	struct arena *keep; /* where bytes are put that the message needs */
	size_t room;	    /* of it, for pictures */
};

struct media {
	struct media_params p;
	struct medium *all; /* the job's, then those from elsewhere */
	size_t fetched_count;
	struct slice fetched[MEDIA_FETCH_MAX]; /* their addresses */
	size_t fetched_bytes;
	struct message_file *shown; /* distinct pictures in order of first use */
	size_t shown_count;
	size_t shown_bytes;
	size_t picture_max, pictures_max;
	struct arena *arena;
};

/* `arena` and `p->keep` share one limit, what the one takes the other has less; they may be the same. */
MUST_USE enum fault media_init(struct media *m, const struct media_params *p, struct arena *arena);
/* May medium `index` be shown in the text? If so it is from now on one of the message's parts. */
MUST_USE enum fault media_show(struct media *m, size_t index, enum media_verdict *out_verdict);
/* Does the mail show these bytes, but for their metadata? */
bool media_shows(const struct media *m, struct slice bytes);
/* It would have been shown, but for its size. */
static inline bool media_is_too_large(const struct medium *one)
{
	return one->is_judged && (one->verdict == MEDIA_LARGE || one->verdict == MEDIA_FULL);
}
/* Only the first `count` of those shown stay: what came later stands in a part of the page that was cut off. */
void media_keep_shown(struct media *m, size_t count);
/* The picture at an address becomes a medium. NOT_FETCHED: it may not, or cannot be had; SHOWN: media_show() may tell. */
MUST_USE enum fault media_fetch(struct media *m, struct slice url, size_t *out_index,
				enum media_verdict *out_verdict);

/* Bytes of `keep` that pictures may take. */
size_t media_room(const struct page *page, const struct attachment *files, size_t count,
		  bool fetches, const struct render_limits *limits);

#endif
