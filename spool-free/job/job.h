/*
 * NAME     job - one page-send request, parsed and checked; filled by intake, read by everyone behind it
 * OWNS     its arena (all slices below point into it), its lease of the budget, its account's secrets
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
	JOB_NAME_MAX = 255,   /* of a person, a file, a group, a space key */
	JOB_GROUPS_MAX = 200, /* of the sender */
	JOB_NOTE_MAX = 16 * 1024,
	JOB_USERS_MAX = 1000,
	JOB_LINKS_MAX = 1000,
	JOB_MACROS_MAX = 1000,
	JOB_ROWS_MAX = 1000, /* of a macro */
	JOB_CELLS_MAX = 50,  /* of a row */
	JOB_CSS_MAX = 16 * 1024,
	JOB_HEADER_TEXT_MAX = 1024,
	JOB_URL_MAX = 2048,
	JOB_LANGUAGE_MAX = 35,	    /* RFC 5646, 4.4.1 */
	JOB_IMAGE_SIDE_MAX = 16384, /* px */
};

enum page_format { PAGE_STORAGE, PAGE_ATLAS_DOC_FORMAT, PAGE_VIEW, PAGE_EXPORT_VIEW };

/* What Confluence knows of a page beside its body; each is empty, or 0, when the job does not say it. */
struct page_facts {
	struct slice space_name;
	struct slice author;  /* names of people */
	struct slice editor;  /* the last one */
	struct civil created; /* ms 0: not said */
	struct civil updated;
	bool has_contributors, has_attachments;
	uint64_t contributors; /* how many people edited it */
	uint64_t attachments;  /* how many files hang on it */
};

struct page {
	struct slice id;
	uint64_t version;
	struct slice title;
	struct slice space_key;
	struct page_facts facts;
	struct slice site_url; /* https://host[/path], no slash at the end; empty if unknown */
	enum page_format format;
	struct slice body;
};

struct attachment {
	struct slice name;    /* header-safe; no path parts */
	struct slice type;    /* as the caller said; the renderer looks at the bytes */
	struct slice bytes;   /* in the request's body, never copied */
	struct slice file_id; /* what Confluence calls it in media nodes; empty if unknown */
};

/* A person whose name the job knows; for mentions. */
struct known_user {
	struct slice account_id;
	struct slice name;
};

/* What the job knows of something that the page refers to; found by whichever of these the page names it with. */
struct known_link {
	struct slice url; /* absolute; where to go, and what a card on the page may name */
	struct slice title;
	struct slice summary; /* a line under the title */
	struct slice status;  /* of a Jira issue, a task */
	struct slice content_id;
	struct slice space_key; /* with content_title: a page or blog post; alone: a space */
	struct slice content_title;
	struct slice issue_key;
};

/* What Confluence or an app computed for a macro, a synced block or a card with a data source. */
enum live_kind { LIVE_HTML, LIVE_ADF, LIVE_TEXT, LIVE_ROWS };
struct live_cell {
	struct slice text;
	struct slice url; /* that it leads to; may be empty */
};
struct live_row {
	struct live_cell *cells;
	size_t cell_count;
};
struct live_macro {
	struct slice local_id; /* local id, macro id or resource id, as the page has it */
	enum live_kind kind;
	struct slice body;     /* but of LIVE_ROWS: */
	struct live_row *rows; /* the first one is the head */
	size_t row_count;
};

/* All that the caller knows of the page's surroundings. */
struct known {
	struct known_user *users;
	size_t user_count;
	struct known_link *links;
	size_t link_count;
	struct live_macro *macros;
	size_t macro_count;
};

/* How the mail is to look: what the job says, else the tenant's record. */
struct layout {
	struct slice header_text;  /* a line above the page's title; may be empty */
	struct slice button_label; /* empty: "Open in Confluence" */
	struct slice css;	   /* filtered by an allow-list, then inlined */
	struct slice
		logo; /* name of an attachment that stands in the header, and goes along nowhere else */
	uint32_t image_side; /* px; larger pictures are scaled down to it; 0: not scaled */
};

/* A mail that no person sent at that moment: RFC 3834, RFC 2919, RFC 8058. */
struct scheduled {
	bool is_set;
	struct slice list_id;	  /* without < >; may be empty */
	struct slice unsubscribe; /* https address; may be empty */
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
	struct secret *token; /* OAuth access token in place of it, or NULL */
};

/* What is to be told of the delivery, by whom it ends with (RFC 3461). All-zero: what servers do unasked. */
enum {
	NOTIFY_SUCCESS = 1,
	NOTIFY_FAILURE = 2,
	NOTIFY_DELAY = 4,
	NOTIFY_NEVER = 8, /* alone */
};
enum return_part { RETURN_UNSAID, RETURN_FULL, RETURN_HEADERS };
struct delivery_status {
	unsigned notify;	  /* bits, or 0: not said */
	enum return_part returns; /* of the mail, in a report of failure */
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
	struct slice *sender_groups; /* of Confluence, names or ids, as the app says */
	size_t sender_group_count;
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

	struct known known;
	struct layout layout;
	struct slice
		language; /* BCP 47 tag of the mail's own words, "en", "de-DE"; empty: English */
	struct scheduled scheduled;

	struct delivery_status status;
	bool wants_receipt; /* of what was sent: receipt.h */
	bool require_tls;   /* all the way, by each server that takes it (RFC 8689) */

	bool has_account;
	struct account account;
	struct slice server; /* name of a vault record; empty: the default */
};

MUST_USE enum fault job_new(size_t arena_limit, struct job **out_job);
void job_free(struct job **j); /* wipes all of it, gives the lease back */

bool job_is_late(const struct job *j, struct instant now);
size_t job_recipient_count(const struct job *j); /* to, cc and bcc together */

#endif
