/*
 * NAME     message - a mail's parts as one rope: mixed( alternative( text, related( html, pictures
 * ) ), files ) RULE     empty levels are left out. Text parts are quoted-printable if under a third
 * of their bytes need it, else base64; files are base64 and never copied. Bcc has no place here
 * AUTHOR   From is the author, also where that is a shared mailbox; the person who sent the page stands in Reply-To.
 *          There is no Sender: readers would show "on behalf of", and servers would ask whether they may
 * THREAD   In-Reply-To and References name the page's own id, which no message has, so that all mails about a page
 *          stand together; a message never names itself
 * BOUNDARY "=_" can stand neither in quoted-printable nor in base64, and nothing else goes out: none occurs in a part
 * OWNS     nothing; heads and encoded texts lie in the arena, files stay where they are
 * FAULTS   NO_MEMORY; BAD_FIELD for an argument that cannot stand in a header
 * SEE      RFC 2045, 2046 (5.1), 2387 (related), 5322, 2183; 3834 (Auto-Submitted), 2919 (List-Id), 8058 (List-Unsubscribe-Post); render-spec.md section 12
 */
#ifndef RENDER_MIME_MESSAGE_H
#define RENDER_MIME_MESSAGE_H

#include "spool-free/base/instant.h"
#include "spool-free/base/problem.h"
#include "spool-free/job/mailbox.h"
#include "spool-free/job/rope.h"

enum { MESSAGE_URI_MAX = 900 }; /* it cannot be folded, and no line may have more than 998 */

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
	struct slice message_id;  /* without < > */
	struct slice thread_id;	  /* without < >; empty: no References */
	struct slice page;	  /* X-Pagepost-Page; may be empty */
	bool scheduled;		  /* no person sent it at that moment */
	struct slice list_id;	  /* of a scheduled one, without < >; may be empty */
	struct slice unsubscribe; /* the same; an https address of at most MESSAGE_URI_MAX bytes */
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
