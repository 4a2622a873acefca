#include "relay/gateway/compose.h"

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"

enum { MESSAGE_ID_BYTES = 16 };

static bool has_address(const struct party *p)
{
	return p->mailbox.address.len > 0;
}

static struct slice first_of(struct slice a, struct slice b)
{
	return a.len > 0 ? a : b;
}

/* An address out of a record was checked when it was put there; one that is none now is as good as
 * not set. */
static bool from_record(struct slice address, struct slice name, struct party *out)
{
	struct party p = {.name = name};
	if (address.len == 0 || mailbox_parse(address, &p.mailbox) != FAULT_NONE) {
		return false;
	}
	*out = p;
	return true;
}

static enum fault choose_from(const struct job *job, const struct compose_records *records,
			      struct party *out, struct problem *problem)
{
	const struct keeper_tenant *tenant = records->tenant;
	const struct keeper_server *server = records->server;
	struct slice name = first_of(tenant->from_name, job->sender.name);
	if (tenant->always_from) {
		return from_record(tenant->from_address, name, out)
			       ? FAULT_NONE
			       : problem_set(
					 problem, FAULT_FORBIDDEN,
					 "The tenant's own sender is to stand in every mail, and "
					 "its settings have no address: an admin sets "
					 "'from_address'.");
	}
	if (job->has_from) {
		*out = job->from;
		return FAULT_NONE;
	}
	if (server != NULL &&
	    from_record(server->from_address, first_of(server->from_name, name), out)) {
		return FAULT_NONE;
	}
	if (from_record(tenant->from_address, name, out)) {
		return FAULT_NONE;
	}
	if (records->wants_from) {
		return problem_set(
			problem, FAULT_FORBIDDEN,
			"Only an address out of a record may stand in From, and neither the "
			"mail server's nor the tenant's record has one: an admin sets "
			"'from_address'.");
	}
	if (has_address(&job->sender)) {
		*out = job->sender;
		return FAULT_NONE;
	}
	return problem_set(
		problem, FAULT_BAD_FIELD,
		"No sender is known: give the job a 'from' or a 'sender.email', or set an "
		"address in the mail server's or the tenant's record.");
}

static enum fault make_message_id(struct job *job, struct slice domain, struct slice *out)
{
	char text[2 * MESSAGE_ID_BYTES > UUID_TEXT ? 2 * MESSAGE_ID_BYTES : UUID_TEXT];
	size_t len = UUID_TEXT;
	if (job->idempotency_key.len > 0) {
		unsigned char hash[DIGEST_LEN];
		const struct slice parts[] = {SLICE_LIT("message-id"), job->tenant,
					      job->idempotency_key};
		digest_sha256_parts(parts, COUNT_OF(parts), hash);
		hex_encode(slice_of(hash, MESSAGE_ID_BYTES), text);
		len = 2 * MESSAGE_ID_BYTES;
	} else {
		uuid_text(&job->id, text);
	}
	const struct slice id[] = {slice_of(text, len), SLICE_LIT("@"), domain};
	return arena_join(&job->arena, id, COUNT_OF(id), out);
}

static enum fault make_envelope_id(struct job *job, struct slice *out)
{
	char text[UUID_TEXT];
	uuid_text(&job->id, text);
	return arena_copy(&job->arena, slice_of(text, sizeof(text)), out);
}

static enum fault make_subject(struct job *job, const struct keeper_tenant *tenant,
			       struct slice *out)
{
	if (job->subject.len > 0) {
		*out = job->subject;
		return FAULT_NONE;
	}
	struct slice prefix = slice_trim(first_of(job->subject_prefix, tenant->subject_prefix));
	const struct slice parts[] = {prefix, prefix.len > 0 ? SLICE_LIT(" ") : (struct slice){0},
				      job->page.title};
	return arena_join(&job->arena, parts, COUNT_OF(parts), out);
}

static size_t add_parties(struct mailbox *into, size_t at, const struct party *from, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		into[at++] = from[i].mailbox;
	}
	return at;
}

static enum fault list_recipients(struct job *job, struct composed *out)
{
	size_t count = job_recipient_count(job);
	struct mailbox *all = arena_array(&job->arena, count > 0 ? count : 1, sizeof(*all));
	if (all == NULL) {
		return FAULT_NO_MEMORY;
	}
	size_t at = add_parties(all, 0, job->to, job->to_count);
	at = add_parties(all, at, job->cc, job->cc_count);
	out->recipient_count = add_parties(all, at, job->bcc, job->bcc_count);
	out->recipients = all;
	return FAULT_NONE;
}

static void fill_input(struct job *job, const struct keeper_tenant *tenant, struct composed *out)
{
	struct render_input *in = &out->input;
	in->page = &job->page;
	in->from = &out->from;
	in->sender = job->sender.name.len > 0 || has_address(&job->sender) ? &job->sender : NULL;
	if (job->has_reply_to) {
		in->reply_to = &job->reply_to;
	} else if (has_address(&job->sender) &&
		   !slice_eq_nocase(job->sender.mailbox.address, out->from.mailbox.address)) {
		in->reply_to = &job->sender;
	}
	in->to = job->to;
	in->to_count = job->to_count;
	in->cc = job->cc;
	in->cc_count = job->cc_count;
	in->note = job->note;
	in->attachments = job->attachments;
	in->attachment_count = job->attachment_count;
	in->attach = job->attach;
	in->attach_names = job->attach_names;
	in->attach_name_count = job->attach_name_count;
	in->known = &job->known;
	in->layout = job->layout;
	in->layout.header_text = first_of(job->layout.header_text, tenant->header_text);
	in->layout.button_label = first_of(job->layout.button_label, tenant->button_label);
	in->layout.css = first_of(job->layout.css, tenant->css);
	if (in->layout.image_side == 0) {
		in->layout.image_side = tenant->image_side;
	}
	in->language = job->language;
	in->scheduled = job->scheduled;
	in->date = job->taken_at;
	in->message_id = out->message_id;
	in->boundary_seed = out->message_id;
}

/* RFC 5233: what stands behind the '+' tells which job a report is about; the mailbox is the same. */
static enum fault choose_return_path(struct job *job, const struct keeper_server *server,
				     struct composed *out)
{
	char id[UUID_TEXT];
	struct mailbox path;
	out->envelope_sender = out->from.mailbox.address;
	if (server == NULL || server->return_path.len == 0 ||
	    mailbox_parse(server->return_path, &path) != FAULT_NONE) {
		return FAULT_NONE;
	}
	uuid_text(&job->id, id);
	const struct slice parts[] = {path.local, SLICE_LIT("+"), slice_of(id, sizeof(id)),
				      SLICE_LIT("@"), path.domain};
	return arena_join(&job->arena, parts, COUNT_OF(parts), &out->envelope_sender);
}

enum fault compose(struct job *job, const struct compose_records *records, struct composed *out,
		   struct problem *problem)
{
	*out = (struct composed){0};
	enum fault f = choose_from(job, records, &out->from, problem);
	if (f == FAULT_NONE) {
		f = make_message_id(job, out->from.mailbox.domain, &out->message_id);
	}
	if (f == FAULT_NONE) {
		f = make_envelope_id(job, &out->envelope_id);
	}
	if (f == FAULT_NONE) {
		f = make_subject(job, records->tenant, &out->input.subject);
	}
	if (f == FAULT_NONE) {
		f = list_recipients(job, out);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	fill_input(job, records->tenant, out);
	return choose_return_path(job, records->server, out);
}
