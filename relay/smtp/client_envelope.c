#include "relay/smtp/client_inside.h"

#include "spool-free/base/text.h"
#include "relay/smtp/verdict.h"

enum {
	WINDOW_BYTES = 8 *
		       1024, /* commands are not made past this many that still have to go out */
	ORCPT_MAX = 500,     /* RFC 3461 4.2 */
	OUT_OF_SEQUENCE = 503,
};

/* As commands they would be answered; as content of a BDAT out of sequence they are not (relay.md E4). */
#define PROBE_CONTENT "NOOP\r\nNOOP\r\n"
#define PROBE	      "BDAT 12\r\n" PROBE_CONTENT
#define PROBE_END     "RCPT TO:<probe@invalid>\r\n" /* without MAIL: no server takes it */

static bool is_open(const struct smtp_client *c, size_t i)
{
	return c->message.results[i].outcome == OUTCOME_UNTRIED;
}

bool smtp_envelope_is_asked(const struct smtp_client *c, size_t i)
{
	return is_open(c, i) && c->message.results[i].phase == PHASE_RCPT;
}

size_t smtp_envelope_next_open(const struct smtp_client *c, size_t i)
{
	while (i < c->message.recipient_count && !is_open(c, i)) {
		i++;
	}
	return i;
}

bool smtp_envelope_is_answered(const struct smtp_client *c)
{
	enum smtp_owner owner = c->due[c->due_first].owner;
	return c->due_count == 0 || (owner >= SMTP_OWNS_DATA && owner <= SMTP_OWNS_FINAL);
}

/* What an address may not hold, whoever checked it before: it would end the command or begin
 * another. */
static bool is_safe(struct slice address)
{
	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.ptr[i];
		if (c <= ' ' || c == 0x7F || c == '<' || c == '>') {
			return false;
		}
	}
	return address.len <= MAILBOX_MAX && text_utf8_valid(address) == address.len;
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

static enum fault lacks(struct smtp_client *c, const char *sentence)
{
	return problem_set(&c->problem, FAULT_UPSTREAM_FEATURE, sentence);
}

/* Who alone needs SMTPUTF8 is refused alone, as a server without it would (RFC 6531 3.5). */
static enum fault judge_utf8(struct smtp_client *c)
{
	static const struct slice why = SLICE_INIT(
		"This address has letters beyond ASCII before its @; the mail server does "
		"not offer SMTPUTF8, which they need.");
	const struct smtp_message *m = &c->message;
	bool any_left = false;
	for (size_t i = 0; i < m->recipient_count; i++) {
		any_left |= is_open(c, i) && text_is_ascii(m->recipients[i].address);
	}
	if (!text_is_ascii(m->sender)) {
		return lacks(c,
			     "The sender's address has letters beyond ASCII; the mail server does "
			     "not offer SMTPUTF8, which they need. Nothing was sent.");
	}
	if (!any_left) {
		return lacks(c,
			     "No recipient's address can do without letters beyond ASCII; the mail "
			     "server does not offer SMTPUTF8, which they need. Nothing was sent.");
	}
	for (size_t i = 0; i < m->recipient_count; i++) {
		if (is_open(c, i) && !text_is_ascii(m->recipients[i].address)) {
			m->results[i] = (struct recipient_outcome){.outcome = OUTCOME_REFUSED,
								   .enhanced = "5.6.7",
								   .phase = PHASE_RCPT,
								   .text = why};
		}
	}
	return FAULT_NONE;
}

enum fault smtp_envelope_judge(struct smtp_client *c)
{
	const struct smtp_message *m = &c->message;
	if (!all_safe(m)) {
		return problem_set(&c->problem, FAULT_BAD_ADDRESS,
				   "An address holds a blank, a bracket or a control byte.");
	}
	if (m->require_tls && !c->ehlo.requiretls) {
		return lacks(c,
			     "The job asks for TLS all the way (require_tls); the mail server does "
			     "not offer REQUIRETLS. Nothing was sent.");
	}
	if (m->content != NULL && m->content->eight_bit && !c->ehlo.eightbitmime) {
		return lacks(c,
			     "The message has bytes beyond ASCII; the mail server does not offer "
			     "8BITMIME. Nothing was sent.");
	}
	if (m->content != NULL && c->ehlo.size_max > 0 && m->content->size > c->ehlo.size_max) {
		return smtp_verdict_oversize(&c->problem, m->content->size, c->ehlo.size_max);
	}
	return c->ehlo.smtputf8 ? FAULT_NONE : judge_utf8(c);
}

static bool is_new_domain(const struct smtp_client *c, size_t first, size_t i)
{
	const struct mailbox *all = c->message.recipients;
	for (size_t before = first; before < i; before++) {
		if (is_open(c, before) && slice_eq_nocase(all[before].domain, all[i].domain)) {
			return false;
		}
	}
	return true;
}

/* How far a transaction goes that begins with recipient `first` (RFC 9422). */
static size_t find_batch_end(const struct smtp_client *c, size_t first)
{
	uint64_t recipients = 0;
	uint64_t domains = 0;
	size_t i = first;
	for (; i < c->message.recipient_count; i = smtp_envelope_next_open(c, i + 1)) {
		recipients++;
		if (c->ehlo.recipients_max > 0 && recipients > c->ehlo.recipients_max) {
			break;
		}
		domains += c->ehlo.domains_max > 0 && is_new_domain(c, first, i);
		if (c->ehlo.domains_max > 0 && domains > c->ehlo.domains_max) {
			break;
		}
	}
	return i;
}

static enum smtp_turn first_turn(struct smtp_client *c)
{
	/* Its content would be commands to a server out of step: only where all else can ride behind it, so that its
	 * answers cost no time. */
	bool probe = c->chunked && c->message.rung == SMTP_RUNG_PROBE && c->ehlo.pipelining &&
		     c->lesson < SMTP_LESSON_SAFE;
	if (probe) {
		c->unclean = true; /* RFC 3030 2: RSET behind a BDAT that failed */
		return SMTP_SAY_PROBE;
	}
	return c->unclean ? SMTP_SAY_RSET : SMTP_SAY_MAIL;
}

void smtp_envelope_begin(struct smtp_client *c)
{
	for (size_t i = 0; i < c->message.recipient_count; i++) {
		if (is_open(c, i)) {
			c->message.results[i] = (struct recipient_outcome){
				.outcome = OUTCOME_UNTRIED};
		}
	}
	c->chunked = c->ehlo.chunking && !c->message.envelope_only &&
		     c->message.rung != SMTP_RUNG_DATA;
	c->turn = first_turn(c);
	c->unclean = true;
	c->transactions++;
	c->next_recipient = smtp_envelope_next_open(c, 0);
	c->batch_end = find_batch_end(c, c->next_recipient);
	c->accepted = 0;
	c->mail_refused = false;
	c->lone_dot = false;
	c->not_taken = false;
	c->content_made = false;
	c->stopped = false;
	c->content_sent = 0;
	c->refusal.code = 0;
	c->phase = PHASE_MAIL;
	smtp_envelope_go_on(c);
}

/* RFC 3461 section 4: what is no printable ASCII, and + and =, as + and two digits. */
static size_t xtext_len(struct slice text)
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		len += c <= ' ' || c > '~' || c == '+' || c == '=' ? 3 : 1;
	}
	return len;
}

static void say_xtext(struct smtp_client *c, struct slice text)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		const char coded[] = {'+', digits[byte >> 4], digits[byte & 15]};
		bool plain = byte > ' ' && byte <= '~' && byte != '+' && byte != '=';
		smtp_client_say(c,
				plain ? slice_of(text.ptr + i, 1) : slice_of(coded, sizeof(coded)));
	}
}

static void say_status_of_mail(struct smtp_client *c)
{
	const struct smtp_message *m = &c->message;
	if (!c->ehlo.dsn || (m->status.notify == 0 && m->status.returns == RETURN_UNSAID)) {
		return;
	}
	switch (m->status.returns) {
	case RETURN_UNSAID:
		break;
	case RETURN_FULL:
		smtp_client_say(c, SLICE_LIT(" RET=FULL"));
		break;
	case RETURN_HEADERS:
		smtp_client_say(c, SLICE_LIT(" RET=HDRS"));
		break;
	}
	if (m->envelope_id.len > 0) {
		smtp_client_say(c, SLICE_LIT(" ENVID="));
		say_xtext(c, m->envelope_id);
	}
}

static void say_notify(struct smtp_client *c, unsigned notify)
{
	static const struct {
		unsigned bit;
		struct slice word;
	} words[] = {
		{NOTIFY_NEVER, SLICE_INIT("NEVER")},
		{NOTIFY_SUCCESS, SLICE_INIT("SUCCESS")},
		{NOTIFY_FAILURE, SLICE_INIT("FAILURE")},
		{NOTIFY_DELAY, SLICE_INIT("DELAY")},
	};
	bool first = true;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if ((notify & words[i].bit) != 0) {
			smtp_client_say(c, first ? SLICE_LIT(" NOTIFY=") : SLICE_LIT(","));
			smtp_client_say(c, words[i].word);
			first = false;
		}
	}
}

static void say_status_of_rcpt(struct smtp_client *c, struct slice address)
{
	if (!c->ehlo.dsn || c->message.status.notify == 0) {
		return;
	}
	say_notify(c, c->message.status.notify);
	/* An address beyond ASCII has a form of its own there (RFC 6533 3), which says nothing that RCPT does not. */
	if (text_is_ascii(address) && xtext_len(address) <= ORCPT_MAX) {
		smtp_client_say(c, SLICE_LIT(" ORCPT=rfc822;"));
		say_xtext(c, address);
	}
}

static bool needs_utf8(const struct smtp_client *c)
{
	const struct smtp_message *m = &c->message;
	for (size_t i = c->next_recipient; i < c->batch_end; i++) {
		if (is_open(c, i) && !text_is_ascii(m->recipients[i].address)) {
			return true;
		}
	}
	return !text_is_ascii(m->sender);
}

static void say_mail(struct smtp_client *c)
{
	const struct rope *content = c->message.content;
	smtp_client_say(c, SLICE_LIT("MAIL FROM:<"));
	smtp_client_say(c, c->message.sender);
	smtp_client_say(c, SLICE_LIT(">"));
	if (c->ehlo.size && content != NULL) {
		smtp_client_say(c, SLICE_LIT(" SIZE="));
		smtp_client_say_number(c, content->size);
	}
	if (content != NULL && content->eight_bit) {
		smtp_client_say(c, SLICE_LIT(" BODY=8BITMIME"));
	}
	if (needs_utf8(c)) {
		smtp_client_say(c, SLICE_LIT(" SMTPUTF8"));
	}
	if (c->message.require_tls) {
		smtp_client_say(c, SLICE_LIT(" REQUIRETLS"));
	}
	say_status_of_mail(c);
	smtp_client_say(c, SLICE_LIT("\r\n"));
	smtp_client_expect(c, SMTP_OWNS_MAIL, 0);
}

static void say_rcpt(struct smtp_client *c, size_t i)
{
	struct slice address = c->message.recipients[i].address;
	smtp_client_say(c, SLICE_LIT("RCPT TO:<"));
	smtp_client_say(c, address);
	smtp_client_say(c, SLICE_LIT(">"));
	say_status_of_rcpt(c, address);
	smtp_client_say(c, SLICE_LIT("\r\n"));
	smtp_client_expect(c, SMTP_OWNS_RCPT, i);
	c->message.results[i].phase = PHASE_RCPT;
}

/* DATA, or the content at once; nothing while it has to wait, or if nobody would get it. */
static bool say_content(struct smtp_client *c)
{
	bool together = c->message.rung == SMTP_RUNG_TOGETHER && c->ehlo.pipelining;
	if (c->chunked && !together && c->due_count > 0) {
		return false; /* its turn comes with the last reply */
	}
	c->turn = SMTP_SAY_NOTHING;
	if (c->due_count == 0 && c->accepted == 0) {
		return false;
	}
	if (c->chunked) {
		smtp_content_begin_chunks(c);
		return false;
	}
	smtp_client_say(c, SLICE_LIT("DATA\r\n"));
	smtp_client_expect(c, SMTP_OWNS_DATA, 0);
	return false; /* RFC 2920 3.1: DATA ends its group */
}

/* Says one more command of the envelope; false when there is none to say now. */
static bool say_next(struct smtp_client *c)
{
	switch (c->turn) {
	case SMTP_SAY_PROBE:
		smtp_client_say(c, SLICE_LIT(PROBE));
		smtp_client_expect(c, SMTP_OWNS_PROBE, 0);
		smtp_client_say(c, SLICE_LIT(PROBE_END));
		smtp_client_expect(c, SMTP_OWNS_PROBED, 0);
		c->turn = SMTP_SAY_RSET;
		return true;
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
		c->next_recipient = smtp_envelope_next_open(c, c->next_recipient + 1);
		if (c->next_recipient >= c->batch_end) {
			c->turn = c->message.envelope_only ? SMTP_SAY_UNDO : SMTP_SAY_DATA;
		}
		return true;
	case SMTP_SAY_DATA:
		return say_content(c);
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

void smtp_envelope_go_on(struct smtp_client *c)
{
	unsigned window = c->ehlo.pipelining ? SMTP_WINDOW : 1;
	/* The next burst waits until half the window is free: few large writes instead of one a
	 * reply. */
	if (c->due_count > window / 2) {
		return;
	}
	while (c->due_count < window && c->out_len - c->out_at < WINDOW_BYTES && say_next(c)) {
	}
	if (c->state == SMTP_ENVELOPE && c->due_count == 0 && c->turn == SMTP_SAY_NOTHING) {
		smtp_message_next(c);
	}
}

void smtp_envelope_probe_refused(struct smtp_client *c, const struct smtp_reply *r,
				 size_t recipient UNUSED)
{
	if (r->code != OUT_OF_SEQUENCE) {
		smtp_client_learn(c, SMTP_LESSON_UNSURE);
	}
}

void smtp_envelope_probed(struct smtp_client *c, const struct smtp_reply *r UNUSED,
			  size_t recipient UNUSED)
{
	smtp_client_learn(c, SMTP_LESSON_SAFE); /* unless it is unsure already */
}

void smtp_envelope_probe_other(struct smtp_client *c, const struct smtp_reply *r UNUSED,
			       size_t recipient UNUSED)
{
	smtp_client_learn(c, SMTP_LESSON_UNSURE);
}

void smtp_envelope_reset(struct smtp_client *c UNUSED, const struct smtp_reply *r UNUSED,
			 size_t recipient UNUSED)
{
}

void smtp_envelope_undone(struct smtp_client *c, const struct smtp_reply *r,
			  size_t recipient UNUSED)
{
	c->unclean = smtp_reply_class(r) != 2;
}

void smtp_envelope_mail_taken(struct smtp_client *c UNUSED, const struct smtp_reply *r UNUSED,
			      size_t recipient UNUSED)
{
}

void smtp_envelope_mail_refused(struct smtp_client *c, const struct smtp_reply *r,
				size_t recipient UNUSED)
{
	smtp_message_settle(c, PHASE_MAIL, r);
	c->mail_refused = true;
	c->turn = SMTP_SAY_NOTHING; /* what is in flight is still answered */
}

void smtp_envelope_rcpt_taken(struct smtp_client *c, const struct smtp_reply *r, size_t recipient)
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
	}
	c->accepted++;
}

void smtp_envelope_rcpt_refused(struct smtp_client *c, const struct smtp_reply *r, size_t recipient)
{
	struct recipient_outcome *o = &c->message.results[recipient];
	if (c->mail_refused) {
		return;
	}
	if (c->accepted > 0 && !c->message.envelope_only && smtp_verdict_too_many(r)) {
		if (c->recipients_max == 0 || c->accepted < c->recipients_max) {
			c->recipients_max = (unsigned)c->accepted;
		}
		o->phase = PHASE_NONE; /* stays open: the next transaction asks again */
		return;
	}
	smtp_verdict_record(o, &c->scene, PHASE_RCPT, r, c->message.arena);
}
