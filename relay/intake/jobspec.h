/*
 * NAME     jobspec - the JSON of a job becomes a struct job; every field is one row of a table (design.md section 6)
 * OWNS     nothing; the job's slices point into the JSON, which is changed in place (escapes, base64). Lists lie in the
 *          job's arena. A password goes to a secret, and its bytes in the JSON are wiped
 * FIELDS   site_url, page {id, version, title, space_key, space_name, created_at, updated_at, created_by, updated_by,
 *          contributors, attachments, format "storage" | "atlas_doc_format" | "view" | "export_view", body}, sender {name,
 *          email, account_id, groups [names]}, from, reply_to {name, email}, to, cc, bcc [{name, email}], subject,
 *          subject_prefix, note,
 *          attachments "all" | "none" | [names], file_ids {name: id}, server "name" | {host, port, tls "starttls" |
 *          "implicit", username, password}, and in application/json alone files [{name, content_type, content, file_id}],
 *          content in base64: what the attachment parts are in multipart/form-data.
 *          What the page needs: users [{account_id, name}], links [{url, title, summary, status, content_id, space_key,
 *          content_title, issue_key}], macros {local id: {html} | {adf} | {text}}, adf being an object (nested at most
 *          JSON_DEPTH with what is around it) or a string.
 *          What the mail server is asked for: delivery_status {notify "never" | ["success", "failure", "delay"], return
 *          "headers" | "full"} (RFC 3461), require_tls (RFC 8689).
 *          How it looks: layout {header_text, button_label, css, logo, image_side}, language, scheduled true | {list_id,
 *          unsubscribe}
 * RULES    an unknown field, a repeated one, null and a wrong type are refused by name; an address that is named twice
 *          gets one mail (the first of to, cc, bcc stays); each name in attachments, file_ids and layout.logo must be that
 *          of a file
 * FAULTS   BAD_JSON, TOO_DEEP, UNKNOWN_FIELD, BAD_FIELD, BAD_ADDRESS, TOO_LARGE, NO_MEMORY
 */
#ifndef RELAY_INTAKE_JOBSPEC_H
#define RELAY_INTAKE_JOBSPEC_H

#include "spool-free/base/problem.h"
#include "spool-free/job/job.h"

struct jobspec_limits {
	size_t page_body;
	size_t files;
	size_t recipients;
};

/*
 * The job part of a multipart body; a body of JSON alone; what is said about a page that stands elsewhere: nothing must be
 * there, and files come behind those that the job has.
 */
enum jobspec_form { JOBSPEC_PART, JOBSPEC_WHOLE, JOBSPEC_ABOUT };

MUST_USE enum fault jobspec_parse(char *bytes, size_t len, enum jobspec_form form,
				  const struct jobspec_limits *limits, struct job *job,
				  struct problem *problem);

/* What a file name must be, wherever it came from: fit for a header, no step of a path, not empty.
 */
bool jobspec_is_file_name(struct slice name);
/* type "/" subtype of tokens, perhaps with parameters, fit for a header. */
bool jobspec_is_media_type(struct slice type);
/* RFC 5646: what a language tag looks like, at most JOB_LANGUAGE_MAX bytes. */
bool jobspec_is_language(struct slice tag);

#endif
