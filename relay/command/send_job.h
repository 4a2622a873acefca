/*
 * NAME     send_job - the job that `pagepost send` posts: its options as the JSON of design.md section 6
 */
#ifndef RELAY_COMMAND_SEND_JOB_H
#define RELAY_COMMAND_SEND_JOB_H

#include "spool-free/base/buf.h"

enum { SEND_PEOPLE_MAX = 1000, SEND_FILES_MAX = 100, SEND_PAGE_MAX = 64 * 1024 * 1024 };

enum send_kind { SEND_TO, SEND_CC, SEND_BCC, SEND_KINDS };

struct send_people {
	struct slice addresses[SEND_PEOPLE_MAX];
	size_t count;
};

/* Empty slices are left out of the job. */
struct send_job {
	struct slice page; /* the page's body */
	struct slice page_id, version, title, space_key, format, site_url;
	struct slice sender_name, sender_email, from, reply_to;
	struct send_people people[SEND_KINDS];
	struct slice subject, prefix, note, server, attachments, language;
	bool wants_receipt;
	struct slice header_text, button_label, css, logo, image_side; /* the layout */
};

MUST_USE enum fault send_job_json(const struct send_job *j, struct buf *into);

/* The media type that a file's extension stands for; application/octet-stream for one that is not known. */
const char *send_type_of(struct slice file_name);

#endif
