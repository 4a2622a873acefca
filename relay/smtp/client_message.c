#include "relay/smtp/client_inside.h"

#include <assert.h>

#include "spool-free/base/wipe.h"
#include "relay/smtp/verdict.h"

/* Commands are not made past this many bytes that still have to go out. */
enum { WINDOW_BYTES = 8 * 1024, DOT_ROOM = 3, GO_AHEAD = 354 };

static bool is_open(const struct smtp_client *c, size_t i)
{
	return c->message.results[i].outcome == OUTCOME_UNTRIED;
}

static bool is_accepted(const struct smtp_client *c, size_t i)
{
	return is_open(c, i) && c->message.results[i].code != 0;
}

/* Of an envelope that is all: the server's word on this recipient is in. */
static bool is_answered(const struct smtp_client *c, size_t i)
{
	return c->message.envelope_only && is_accepted(c, i);
}

/* The first recipient at or behind `i` that has to be asked. */
static size_t next_open(const struct smtp_client *c, size_t i)
{
	while (i < c->message.recipient_count && !is_open(c, i)) {
		i++;
	}
	return i;
}

/* What an address may not hold, whoever checked it before: it would end the command or begin
 * another. */
static bool is_safe(struct slice address)
{
	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.ptr[i];
		if (c <= ' ' || c >= 0x7F || c == '<' || c == '>') {
			return false;
		}
	}
	return address.len <= MAILBOX_MAX;
}

static bool all_safe(const struct smtp_message *m)
{
	for (size_t i = 0; i < m->recipient_count; i++) {
		if (m->recipients[i].address.len == 0 || !is_safe(m->recipients[i].address)) {
			return false;
		}
	}
	return is_safe(m->sender);
}

static void begin_transaction(struct smtp_client *c)
{
	for (size_t i = 0; i < c->message.recipient_count; i++) {
		if (is_open(c, i)) {
			c->message.results[i] = (struct recipient_outcome){
				.outcome = OUTCOME_UNTRIED};
		}
	}
	c->turn = c->unclean ? SMTP_SAY_RSET : SMTP_SAY_MAIL;
	c->unclean = true;
	c->next_recipient = next_open(c, 0);
	c->accepted = 0;
	c->postponed = 0;
	c->mail_refused = false;
	c->lone_dot = false;
	c->dot_made = false;
	c->content_sent = 0;
	c->refusal.code = 0;
	c->phase = PHASE_MAIL;
	smtp_message_go_on(c);
}

void smtp_message_begin(struct smtp_client *c)
{
	const struct smtp_message *m = &c->message;
	assert(next_open(c, 0) < m->recipient_count);
	c->phase = PHASE_MAIL;
	if (!all_safe(m)) {
		problem_set(&c->problem, FAULT_BAD_ADDRESS,
			    "An address holds a blank, a bracket or a control byte.");
		smtp_message_over(c, FAULT_BAD_ADDRESS);
		return;
	}
	if (m->content != NULL && c->ehlo.size_max > 0 && m->content->size > c->ehlo.size_max) {
		smtp_verdict_oversize(&c->problem, m->content->size, c->ehlo.size_max);
		smtp_message_over(c, FAULT_UPSTREAM_SIZE);
		return;
	}
	c->messages++;
	smtp_client_move(c, SMTP_ENVELOPE);
	begin_transaction(c);
}

static void say_number(struct smtp_client *c, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	smtp_client_say(c, slice_of(digits + at, sizeof(digits) - at));
}

static void say_mail(struct smtp_client *c)
{
	smtp_client_say(c, SLICE_LIT("MAIL FROM:<"));
	smtp_client_say(c, c->message.sender);
	smtp_client_say(c, SLICE_LIT(">"));
	if (c->ehlo.size && c->message.content != NULL) {
		smtp_client_say(c, SLICE_LIT(" SIZE="));
		say_number(c, c->message.content->size);
	}
	smtp_client_say(c, SLICE_LIT("\r\n"));
	smtp_client_expect(c, SMTP_OWNS_MAIL, 0);
}

static void say_rcpt(struct smtp_client *c, size_t i)
{
	smtp_client_say(c, SLICE_LIT("RCPT TO:<"));
	smtp_client_say(c, c->message.recipients[i].address);
	smtp_client_say(c, SLICE_LIT(">\r\n"));
	smtp_client_expect(c, SMTP_OWNS_RCPT, i);
}

/* Says one more command of the envelope; false when there is none to say now. */
static bool say_next(struct smtp_client *c)
{
	switch (c->turn) {
	case SMTP_SAY_RSET:
		smtp_client_say(c, SLICE_LIT("RSET\r\n"));
		smtp_client_expect(c, SMTP_OWNS_RSET, 0);
		c->turn = SMTP_SAY_MAIL;
		return true;
	case SMTP_SAY_MAIL:
		say_mail(c);
		c->turn = SMTP_SAY_RCPT;
		return true;
	case SMTP_SAY_RCPT:
		say_rcpt(c, c->next_recipient);
		c->next_recipient = next_open(c, c->next_recipient + 1);
		if (c->next_recipient == c->message.recipient_count) {
			c->turn = c->message.envelope_only ? SMTP_SAY_UNDO : SMTP_SAY_DATA;
		}
		return true;
	case SMTP_SAY_DATA:
		c->turn = SMTP_SAY_NOTHING;
		if (c->due_count == 0 && c->accepted == 0) {
			return false;
		}
		smtp_client_say(c, SLICE_LIT("DATA\r\n"));
		smtp_client_expect(c, SMTP_OWNS_DATA, 0);
		return false; /* RFC 2920 3.1: DATA ends its group */
	case SMTP_SAY_UNDO:
		smtp_client_say(c, SLICE_LIT("RSET\r\n"));
		smtp_client_expect(c, SMTP_OWNS_UNDO, 0);
		c->turn = SMTP_SAY_NOTHING;
		return false;
	case SMTP_SAY_NOTHING:
		break;
	}
	return false;
}

void smtp_message_go_on(struct smtp_client *c)
{
	unsigned window = c->ehlo.pipelining ? SMTP_WINDOW : 1;
	/* The next burst waits until half the window is free: few large writes instead of one a
	 * reply. */
	if (c->due_count > window / 2) {
		return;
	}
	while (c->due_count < window && c->out_len - c->out_at < WINDOW_BYTES && say_next(c)) {
	}
	if (c->due_count == 0 && c->turn == SMTP_SAY_NOTHING) {
		smtp_message_over(c, FAULT_NONE);
	}
}

void smtp_message_settle(struct smtp_client *c, enum smtp_phase phase, const struct smtp_reply *r)
{
	struct recipient_outcome all;
	bool made = false;
	for (size_t i = next_open(c, 0); i < c->message.recipient_count; i = next_open(c, i + 1)) {
		if (is_answered(c, i)) {
			continue;
		}
		if (!made) { /* one copy of the text serves all */
			smtp_verdict_record(&all, &c->scene, phase, r, c->message.arena);
			made = true;
		}
		c->message.results[i] = all;
	}
}

void smtp_message_over(struct smtp_client *c, enum fault f)
{
	c->has_message = false;
	c->message = (struct smtp_message){.arena = NULL};
	c->fault = f;
	/* An idle connection keeps nothing of a mail: neither its last bytes nor words about its
	 * recipients. */
	wipe(c->out, c->out_high);
	c->out_high = 0;
	wipe(c->replies.line, sizeof(c->replies.line));
	wipe(c->replies.reply.text, sizeof(c->replies.reply.text));
	wipe(c->refusal.text, sizeof(c->refusal.text));
	if (c->state == SMTP_ENVELOPE || c->state == SMTP_FINAL) {
		smtp_client_move(c, SMTP_READY);
	}
}

void smtp_message_interrupted(struct smtp_client *c, enum fault f)
{
	bool uncertain = smtp_client_uncertain(c);
	bool hung_up_after_refusal = f == FAULT_UPSTREAM_LOST && c->state >= SMTP_ENVELOPE &&
				     c->refusal.code != 0;
	if (!uncertain && hung_up_after_refusal) {
		smtp_message_settle(c, c->refused_at,
				    &c->refusal); /* the last word counts (relay.md B11) */
	}
	bool any_open = false;
	for (size_t i = 0; i < c->message.recipient_count; i++) {
		struct recipient_outcome *o = &c->message.results[i];
		if (uncertain && is_accepted(c, i)) {
			*o = (struct recipient_outcome){.outcome = OUTCOME_UNCERTAIN,
							.phase = PHASE_FINAL};
		} else if (is_open(c, i) && !is_answered(c, i)) {
			*o = (struct recipient_outcome){.outcome = OUTCOME_UNTRIED};
			any_open = true;
		}
	}
	smtp_message_over(c, any_open ? f : FAULT_NONE);
}

void smtp_message_reset(struct smtp_client *c UNUSED, const struct smtp_reply *r UNUSED,
			size_t recipient UNUSED)
{
}

void smtp_message_mail_taken(struct smtp_client *c UNUSED, const struct smtp_reply *r UNUSED,
			     size_t recipient UNUSED)
{
}

void smtp_message_mail_refused(struct smtp_client *c, const struct smtp_reply *r,
			       size_t recipient UNUSED)
{
	smtp_message_settle(c, PHASE_MAIL, r);
	c->mail_refused = true;
	c->turn = SMTP_SAY_NOTHING; /* what is in flight is still answered */
}

void smtp_message_rcpt_taken(struct smtp_client *c, const struct smtp_reply *r, size_t recipient)
{
	struct recipient_outcome *o = &c->message.results[recipient];
	if (c->mail_refused) {
		return;
	}
	if (c->message.envelope_only) {
		smtp_verdict_record(o, &c->scene, PHASE_RCPT, r, c->message.arena);
		o->outcome = OUTCOME_UNTRIED;
	} else {
		o->code = r->code;
		o->phase = PHASE_RCPT;
	}
	c->accepted++;
}

void smtp_message_rcpt_refused(struct smtp_client *c, const struct smtp_reply *r, size_t recipient)
{
	if (c->mail_refused) {
		return;
	}
	if (c->accepted > 0 && !c->message.envelope_only && smtp_verdict_too_many(r)) {
		c->postponed++; /* stays open: the next transaction asks again */
		return;
	}
	smtp_verdict_record(&c->message.results[recipient], &c->scene, PHASE_RCPT, r,
			    c->message.arena);
}

void smtp_message_data_taken(struct smtp_client *c, const struct smtp_reply *r,
			     size_t recipient UNUSED)
{
	if (r->code != GO_AHEAD) {
		smtp_client_fail(c, FAULT_UPSTREAM_PROTOCOL, NULL);
		return;
	}
	if (c->accepted == 0) {
		c->lone_dot = true;
		smtp_client_move(c, SMTP_FINAL);
		smtp_client_say(c, SLICE_LIT(".\r\n"));
		smtp_client_expect(c, SMTP_OWNS_FINAL, 0);
		return;
	}
	smtp_client_move(c, SMTP_CONTENT);
	rope_rewind(c->message.content, &c->cursor);
	c->content_from = c->said;
	smtp_client_expect(c, SMTP_OWNS_FINAL, 0);
	c->due[c->due_first].after = UINT64_MAX; /* until the dot is made */
}

void smtp_message_data_refused(struct smtp_client *c, const struct smtp_reply *r,
			       size_t recipient UNUSED)
{
	smtp_message_settle(c, PHASE_DATA, r);
}

void smtp_message_make_content(struct smtp_client *c)
{
	/* Content and dot share the last record: some middle-boxes lose a dot that comes alone
	 * (relay.md E4). */
	size_t n = rope_read(&c->cursor, c->out, sizeof(c->out) - DOT_ROOM);
	c->out_at = 0;
	c->out_len = n;
	c->out_high = n > c->out_high ? n : c->out_high;
	c->said += n;
	if (rope_at_end(&c->cursor)) {
		assert(c->said - c->content_from == c->message.content->size);
		smtp_client_say(c, SLICE_LIT(".\r\n"));
		c->due[c->due_first].after = c->said;
		c->dot_made = true;
	}
}

void smtp_message_final(struct smtp_client *c, const struct smtp_reply *r, size_t recipient UNUSED)
{
	bool early = c->state ==
		     SMTP_CONTENT; /* refused in mid-content: there is no way back to commands */
	if (c->lone_dot) {
		smtp_message_over(c, FAULT_NONE);
		return;
	}
	if (smtp_reply_class(r) != 2) {
		smtp_message_settle(c, c->phase, r);
		smtp_message_over(c, FAULT_NONE);
		if (early) {
			smtp_client_move(c, SMTP_OVER);
		}
		return;
	}
	struct recipient_outcome delivered;
	smtp_verdict_record(&delivered, &c->scene, PHASE_FINAL, r, c->message.arena);
	for (size_t i = 0; i < c->message.recipient_count; i++) {
		if (is_accepted(c, i)) {
			c->message.results[i] = delivered;
		}
	}
	c->unclean = false;
	if (c->postponed > 0) {
		smtp_client_move(c, SMTP_ENVELOPE);
		begin_transaction(c);
	} else {
		smtp_message_over(c, FAULT_NONE);
	}
}

void smtp_message_undone(struct smtp_client *c, const struct smtp_reply *r, size_t recipient UNUSED)
{
	c->unclean = smtp_reply_class(r) != 2;
}
