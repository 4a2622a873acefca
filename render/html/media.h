/*
 * NAME     media - the job's attachments as a mail can show them: picture in the text, or file line
 * OWNS     nothing; its table lies in the arena
 * LIMITS   a picture in the text at most 1 MiB, all of them 5 MiB (render-spec.md section 12); over it, a file line
 * RULE     equal bytes are one part: their Content-ID is a hash of them, and the part is listed once
 * FAULTS   NO_MEMORY
 * SEE      RFC 2392 (cid:), RFC 2045 7 (Content-ID)
 */
#ifndef RENDER_HTML_MEDIA_H
#define RENDER_HTML_MEDIA_H

#include "spool-free/job/job.h"
#include "render/mime/message.h"
#include "render/mime/sniff.h"

enum { MEDIA_PICTURE_MAX = 1024 * 1024, MEDIA_PICTURES_MAX = 5 * 1024 * 1024 };

/* Why an attachment is not shown in the text. */
enum media_verdict { MEDIA_SHOWN, MEDIA_NO_PICTURE, MEDIA_RARE, MEDIA_LARGE, MEDIA_FULL };

struct medium {
	const struct attachment *file;
	struct sniff sniff;
	struct slice content_id; /* set when it is shown */
};

struct media {
	struct medium *all;
	size_t count;
	struct slice host;	    /* right side of Content-IDs */
	struct message_file *shown; /* distinct pictures in order of first use */
	size_t shown_count;
	size_t shown_bytes;
	struct arena *arena;
};

MUST_USE enum fault media_init(struct media *m, const struct attachment *files, size_t count,
			       struct slice host, struct arena *arena);
/* May attachment `index` be shown in the text? If so it is from now on one of the message's parts. */
MUST_USE enum fault media_show(struct media *m, size_t index, enum media_verdict *out_verdict);
/* Only the first `count` of those shown stay: what came later stands in a part of the page that was cut off. */
void media_keep_shown(struct media *m, size_t count);

#endif
