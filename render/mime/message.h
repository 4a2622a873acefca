/*
 * NAME     message - a mail's parts as one rope: mixed( alternative( text, related( html, pictures
 * ) ), files ) RULE     empty levels are left out. Text parts are quoted-printable if under a third
 * of their bytes need it, else base64; files are base64 and never copied. Bcc has no place here
 * OWNS     nothing; heads and encoded texts lie in the arena, files stay where they are
 * FAULTS   NO_MEMORY; BAD_FIELD for an argument that cannot stand in a header
 * SEE      RFC 2045, 2046 (5.1), 2387 (related), 5322, 2183; render-spec.md section 12
 */
#ifndef RENDER_MIME_MESSAGE_H
#define RENDER_MIME_MESSAGE_H

#include "spool-free/base/instant.h"
#include "spool-free/base/problem.h"
#include "spool-free/job/mailbox.h"
#include "spool-free/job/rope.h"

struct message_file {
	struct slice name; /* any; it is cleaned */
	struct slice type; /* as sniff_bytes() said */
	struct slice bytes;
	struct slice content_id; /* without < >; of pictures shown in the HTML */
};

struct message_parts {
	const struct party *from;
	const struct party *reply_to; /* may be NULL */
	const struct party *to;
	size_t to_count;
	const struct party *cc;
	size_t cc_count;
	struct slice subject;
	struct civil date;
	struct slice message_id; /* without < > */
	struct slice thread_id;	 /* without < >; empty: no References */
	struct slice page;	 /* X-Pagepost-Page; may be empty */
	struct slice text;
	struct slice html;
	const struct message_file *pictures;
	size_t picture_count;
	const struct message_file *files;
	size_t file_count;
	struct slice seed; /* of the boundaries */
};

MUST_USE enum fault message_build(const struct message_parts *parts, struct arena *arena,
				  struct rope *out_rope, struct problem *problem);

#endif
