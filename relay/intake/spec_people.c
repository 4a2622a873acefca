#include "relay/intake/spec.h"

#include "spool-free/base/text.h"
#include "spool-free/job/mailbox_utf8.h"
#include "relay/net/resolve.h"

/* The same address with its domain as DNS has it: so every mail server takes it, and rules about domains see one form. */
static enum fault with_a_labels(struct spec *s, struct slice text, struct slice *out_text)
{
	char name[RESOLVE_NAME_MAX + 1];
	struct slice local;
	struct slice domain = text;
	*out_text = text;
	if (!slice_cut_to(&domain, '@', &local) || text_is_ascii(domain)) {
		return FAULT_NONE; /* what is wrong with it is found behind this */
	}
	if (resolve_name(domain, name) != FAULT_NONE) {
		return FAULT_BAD_ADDRESS;
	}
	const struct slice parts[] = {local, SLICE_LIT("@"), slice_of_text(name)};
	return arena_join(s->arena, parts, COUNT_OF(parts), out_text);
}

/* A recipient may have letters beyond ASCII on both sides of the @ (RFC 6531, RFC 5891). */
static enum fault take_recipient(struct fields *r, const struct field *f, struct json_token value,
				 void *into)
{
	struct mailbox *mailbox = (struct mailbox *)(void *)((char *)into + f->where);
	struct slice text;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	enum fault fault = with_a_labels(r->ctx, value.text, &text);
	if (fault == FAULT_NONE) {
		fault = mailbox_parse_utf8(text, mailbox);
	}
	if (fault == FAULT_BAD_ADDRESS) {
		return fields_wrong(r, FAULT_BAD_ADDRESS,
				    "must be one mail address, such as name@example.com.");
	}
	return fault == FAULT_NONE ? FAULT_NONE : problem_set(r->problem, fault, "");
}

static const struct field recipient_rows[] = {
	{SLICE_INIT("name"), fields_take_text, offsetof(struct party, name), JOB_NAME_MAX},
	{SLICE_INIT("email"), take_recipient, offsetof(struct party, mailbox), 0},
};

static const struct field party_rows[] = {
	{SLICE_INIT("name"), fields_take_text, offsetof(struct party, name), JOB_NAME_MAX},
	{SLICE_INIT("email"), fields_take_mailbox, offsetof(struct party, mailbox), 0},
};

static enum fault take_party(struct fields *r, const struct field *rows, struct json_token value,
			     struct party *out_party)
{
	struct party party = {0};
	enum fault f = fields_object(r, value, rows, COUNT_OF(party_rows), &party);
	if (f == FAULT_NONE && party.mailbox.address.len == 0) {
		fields_enter(r, "email");
		return fields_wrong(r, FAULT_BAD_FIELD, "must be there.");
	}
	if (f == FAULT_NONE) {
		*out_party = party;
	}
	return f;
}

enum fault spec_take_from(struct fields *r, const struct field *f, struct json_token value,
			  void *into)
{
	struct job *job = into;
	(void)f;
	job->has_from = true;
	return take_party(r, party_rows, value, &job->from);
}

enum fault spec_take_reply_to(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	struct job *job = into;
	(void)f;
	job->has_reply_to = true;
	return take_party(r, party_rows, value, &job->reply_to);
}

/* Of Confluence: what a tenant's policy asks for. */
static enum fault take_groups(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	static const struct field name = {SLICE_INIT(""), fields_take_text, 0, JOB_NAME_MAX};
	struct job *job = into;
	enum fault fault = fields_array(r, value);
	(void)f;
	if (fault == FAULT_NONE) {
		fault = spec_room(r, job, value, JOB_GROUPS_MAX, sizeof(*job->sender_groups),
				  &job->sender_groups);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next(r, i, &value, &fault); i++) {
		if (i == JOB_GROUPS_MAX) {
			return spec_too_many(r, JOB_GROUPS_MAX);
		}
		fault = fields_take_text(r, &name, value, &job->sender_groups[i]);
		job->sender_group_count = i + 1;
	}
	return fault;
}

enum fault spec_take_sender(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	static const struct field rows[] = {
		{SLICE_INIT("name"), fields_take_text, offsetof(struct job, sender.name),
		 JOB_NAME_MAX},
		{SLICE_INIT("email"), fields_take_mailbox, offsetof(struct job, sender.mailbox), 0},
		{SLICE_INIT("account_id"), fields_take_text,
		 offsetof(struct job, sender_account_id), JOB_NAME_MAX},
		{SLICE_INIT("groups"), take_groups, 0, 0},
	};
	(void)f;
	return fields_object(r, value, rows, COUNT_OF(rows), into);
}

/* `where` and `max` of the row are the offsets of the list and of its length. */
enum fault spec_take_people(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	struct spec *s = r->ctx;
	struct party spare = {0};
	size_t first = s->named;
	enum fault fault = fields_array(r, value);
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next(r, i, &value, &fault); i++) {
		/* Past the limit they are only counted, so that the refusal can name the number. */
		struct party *p = s->named < s->people_max ? &s->people[s->named] : &spare;
		fault = take_party(r, recipient_rows, value, p);
		s->named++;
	}
	if (fault == FAULT_NONE && s->named <= s->people_max) {
		*(struct party **)(void *)((char *)into + f->where) = s->people + first;
		*(size_t *)(void *)((char *)into + f->max) = s->named - first;
	}
	return fault;
}

static bool is_same(const struct mailbox *a, const struct mailbox *b)
{
	/* RFC 5321 2.4: the local part is the receiving host's to judge; domains have no case. */
	return slice_eq(a->local, b->local) && slice_eq_nocase(a->domain, b->domain);
}

static bool is_among(const struct mailbox *m, const struct party *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_same(m, &list[i].mailbox)) {
			return true;
		}
	}
	return false;
}

void spec_drop_repeated_people(struct job *job)
{
	struct {
		struct party *list;
		size_t *count;
	} lists[] = {
		{job->to, &job->to_count}, {job->cc, &job->cc_count}, {job->bcc, &job->bcc_count}};
	for (size_t l = 0; l < COUNT_OF(lists); l++) {
		struct party *list = lists[l].list;
		size_t kept = 0;
		for (size_t i = 0; i < *lists[l].count; i++) {
			const struct mailbox *m = &list[i].mailbox;
			bool seen = is_among(m, list, kept);
			for (size_t before = 0; before < l; before++) {
				seen |= is_among(m, lists[before].list, *lists[before].count);
			}
			if (!seen) {
				list[kept++] = list[i];
			}
		}
		*lists[l].count = kept;
	}
}
