/*
 * NAME     job - one page-send request, parsed and checked; filled by intake, read by everyone behind it
 * OWNS     its arena (all slices below point into it), its lease of the budget, its account's password
 * LIMITS   design.md section 11
 * THREADS  one owner at a time: connection's loop, tenant's loop, worker, back
 */
#ifndef SPOOL_FREE_JOB_JOB_H
#define SPOOL_FREE_JOB_JOB_H

#include "spool-free/base/arena.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/secret.h"
#include "spool-free/base/uuid.h"
#include "spool-free/job/budget.h"
#include "spool-free/job/mailbox.h"
#include "spool-free/job/outcome.h"

enum {
	JOB_RECIPIENTS_MAX = 1000,
	JOB_ATTACHMENTS_MAX = 100,
	JOB_OVERHEAD = 256 * 1024, /* budgeted for each job beside its body */
	JOB_SUBJECT_MAX = 1024,
	JOB_NAME_MAX = 255, /* of a person, a file, a space key */
	JOB_NOTE_MAX = 16 * 1024,
};

enum page_format { PAGE_STORAGE, PAGE_ATLAS_DOC_FORMAT, PAGE_VIEW, PAGE_EXPORT_VIEW };

struct page {
	struct slice id;
	uint64_t version;
	struct slice title;
	struct slice space_key;
	struct slice site_url; /* https://host[/path], no slash at the end; empty if unknown */
	enum page_format format;
	struct slice body;
};

struct attachment {
	struct slice name;  /* header-safe; no path parts */
	struct slice type;  /* as the caller said; the renderer looks at the bytes */
	struct slice bytes; /* in the request's body, never copied */
};

enum attach_mode { ATTACH_ALL, ATTACH_NONE, ATTACH_NAMED };

enum tls_mode { TLS_STARTTLS, TLS_IMPLICIT };

/* An SMTP account carried in the job itself. */
struct account {
	struct slice host;
	uint16_t port;
	enum tls_mode tls;
	struct slice username; /* empty: no AUTH */
	struct secret *password;
};

struct job {
	struct arena arena;
	struct budget_lease lease;
	struct uuid id;
	struct slice tenant;	       /* id of the authenticated tenant */
	struct slice idempotency_key;  /* empty when none was given */
	unsigned char body_digest[32]; /* SHA-256 of the request body, for a repeated key */
	struct instant deadline;
	struct civil taken_at;

	struct page page;
	struct party sender; /* the logged-in user: name and address for the frame */
	struct slice sender_account_id;
	bool has_from;
	struct party from;
	bool has_reply_to;
	struct party reply_to;
	struct party *to, *cc, *bcc;
	size_t to_count, cc_count, bcc_count;
	struct slice subject; /* empty: prefix + title */
	struct slice subject_prefix;
	struct slice note;

	struct attachment *attachments;
	size_t attachment_count;
	enum attach_mode attach;
	struct slice *attach_names;
	size_t attach_name_count;

	bool has_account;
	struct account account;
	struct slice server; /* name of a vault record; empty: the default */
};

MUST_USE enum fault job_new(size_t arena_limit, struct job **out_job);
void job_free(struct job **j); /* wipes all of it, gives the lease back */

bool job_is_late(const struct job *j, struct instant now);
size_t job_recipient_count(const struct job *j); /* to, cc and bcc together */

#endif
