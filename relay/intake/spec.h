/*
 * NAME     spec - what the rows of a job's fields share; private to jobspec and the spec_ files
 */
#ifndef RELAY_INTAKE_SPEC_H
#define RELAY_INTAKE_SPEC_H

#include "relay/intake/fields.h"
#include "relay/intake/jobspec.h"

struct spec {
	const struct jobspec_limits *limits;
	enum jobspec_form form;
	struct party *people; /* room for as many as the limit says; each list is a run of it */
	size_t people_max;
	struct arena *arena; /* the job's */
	size_t named;	     /* recipients that the JSON has, kept or not */
	bool has_tls;	     /* the account says which; else the port decides */
	struct spec_file_id *file_ids;
	size_t file_id_count;
};

/* A pair of `file_ids`: which file it is of is seen when all have been read. */
struct spec_file_id {
	struct slice name, id;
};

/* Rows' functions, `into` being the job. */
field_fn spec_take_site_url;
field_fn spec_take_page;
field_fn spec_take_sender;
field_fn spec_take_from;
field_fn spec_take_reply_to;
field_fn spec_take_people; /* `where` and `max`: offsets of the list and of its length */
field_fn spec_take_files;
field_fn spec_take_file_name;
field_fn spec_take_file_ids;
field_fn spec_take_attachments;
field_fn spec_take_users;
field_fn spec_take_links;
field_fn spec_take_macros;
field_fn spec_take_layout;
field_fn spec_take_language;
field_fn spec_take_scheduled;
field_fn spec_take_delivery_status;
field_fn spec_take_require_tls;
field_fn spec_take_receipt;
field_fn spec_take_server;

/*
 * Each name in `attachments`, `file_ids` and `layout.logo` is that of a file: one that is not would be missing in the
 * mail, and nobody told. The ids go to their files.
 */
MUST_USE enum fault spec_judge_files(struct fields *r, struct job *job);

/*
 * Room for what the list, or object, that begins with `value` holds, at most `max`; NULL and NO_MEMORY when there is none.
 */
MUST_USE enum fault spec_room(struct fields *r, struct job *job, struct json_token value,
			      size_t max, size_t size, void *out_list);
/* "is one too many: at most 1000 are allowed." */
enum fault spec_too_many(struct fields *r, size_t max);

/* A whole address that a mail may lead to; `scheme` with its colon and slashes, then a host. No blanks, no < > ". */
bool spec_is_address(struct slice url, struct slice scheme);

/* An address gets one mail: the first of to, cc, bcc stays. */
void spec_drop_repeated_people(struct job *job);

#endif
