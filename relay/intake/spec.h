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
	size_t named; /* recipients that the JSON has, kept or not */
	bool has_tls; /* the account says which; else the port decides */
};

/* Rows' functions, `into` being the job. */
field_fn spec_take_sender;
field_fn spec_take_from;
field_fn spec_take_reply_to;
field_fn spec_take_people; /* `where` and `max`: offsets of the list and of its length */
field_fn spec_take_files;
field_fn spec_take_attachments;
field_fn spec_take_server;

/* Each name in `attachments` is that of a file: one that is not would be missing in the mail, and nobody told. */
MUST_USE enum fault spec_judge_attachments(struct fields *r, const struct job *job);

/* An address gets one mail: the first of to, cc, bcc stays. */
void spec_drop_repeated_people(struct job *job);

#endif
