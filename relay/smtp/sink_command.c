#include "relay/smtp/sink_inside.h"

#include "spool-free/base/text.h"

/* Adds "prefix", text, CRLF; the buffer's ceiling is judged at the end of the whole reply. */
static void say_parts(struct sink_session *s, const char *prefix, struct slice text)
{
	if (buf_add_text(&s->output, prefix) != FAULT_NONE ||
	    buf_add(&s->output, text) != FAULT_NONE ||
	    buf_add_text(&s->output, "\r\n") != FAULT_NONE) {
		s->state = SINK_END;
	}
}

static void say_number(struct sink_session *s, const char *prefix, uint64_t number)
{
	if (buf_add_text(&s->output, prefix) != FAULT_NONE ||
	    buf_add_u64(&s->output, number) != FAULT_NONE ||
	    buf_add_text(&s->output, "\r\n") != FAULT_NONE) {
		s->state = SINK_END;
	}
}

static void greet(struct sink_session *s, struct slice name, bool extended)
{
	if (name.len == 0) {
		sink_say(s, "501 5.5.4 A name must follow");
		return;
	}
	sink_forget_mail(s);
	s->has_hello = true;
	s->is_extended = extended;
	if (!extended) {
		say_parts(s, "250 ", s->policy->host_name);
		return;
	}
	say_parts(s, "250-", s->policy->host_name);
	sink_offer(s);
	say_number(s, "250-SIZE ", s->policy->size_max);
	if (s->policy->recipients_max > 0) {
		say_number(s, "250-LIMITS RCPTMAX=", s->policy->recipients_max);
	}
	if (s->policy->offers_tls && !s->is_tls) {
		sink_say(s, "250-STARTTLS");
	}
	if (s->policy->user.len > 0 && s->is_tls) {
		sink_say(s, "250-AUTH PLAIN LOGIN");
	}
	sink_say(s, "250 ENHANCEDSTATUSCODES");
}

static void on_ehlo(struct sink_session *s, struct slice argument)
{
	greet(s, argument, true);
}

static void on_helo(struct sink_session *s, struct slice argument)
{
	greet(s, argument, false);
}

static void on_starttls(struct sink_session *s, struct slice argument)
{
	if (argument.len > 0) {
		sink_say(s, "501 5.5.4 STARTTLS stands alone");
	} else if (s->is_tls || !s->policy->offers_tls || !s->has_hello) {
		sink_say(s, "503 5.5.1 STARTTLS was not offered");
	} else {
		sink_say(s, "220 2.0.0 Go ahead");
		s->state = s->state == SINK_END ? SINK_END : SINK_TLS;
	}
}

/* What stands between angle brackets, and what follows them. */
static bool cut_path(struct slice *rest, struct slice *out_path)
{
	if (!slice_starts(*rest, SLICE_LIT("<"))) {
		return false;
	}
	struct slice after = slice_skip(*rest, 1);
	if (!slice_cut_to(&after, '>', out_path)) {
		return false;
	}
	*rest = after;
	return after.len == 0 || after.ptr[0] == ' ';
}

static bool is_mailbox(struct slice path)
{
	size_t at = slice_find_byte(path, '@');
	if (path.len > SINK_PATH_MAX || at == 0 || at + 1 >= path.len) {
		return false;
	}
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];
		if (c <= ' ' || c == 0x7f || c == '<' || c == ',') {
			return false;
		}
	}
	return text_utf8_valid(path) == path.len;
}

static bool may_send(struct sink_session *s)
{
	if (!s->has_hello) {
		sink_say(s, "503 5.5.1 EHLO comes first");
	} else if (s->policy->user.len > 0 && !s->is_authenticated) {
		sink_say(s, s->is_tls ? "530 5.7.0 AUTH comes first"
				      : "530 5.7.0 STARTTLS and AUTH come first");
	} else if (s->has_sender) {
		sink_say(s, "503 5.5.1 The sender is known already");
	} else {
		return true;
	}
	return false;
}

static void on_mail(struct sink_session *s, struct slice argument)
{
	struct slice path;
	struct slice rest = slice_skip(argument, 5);
	if (!may_send(s)) {
		return;
	}
	if (!slice_starts_nocase(argument, SLICE_LIT("FROM:")) || !cut_path(&rest, &path)) {
		sink_say(s, "501 5.5.4 It must be MAIL FROM:<address>");
		return;
	}
	if (path.len > 0 && !is_mailbox(path)) {
		sink_say(s, "553 5.1.7 This is not a mail address");
		return;
	}
	if (!sink_mail_parameters(s, rest)) {
		s->takes_utf8 = false;
		return;
	}
	if (!text_is_ascii(path) && !s->takes_utf8) {
		sink_say(s, "553 5.6.7 This address needs SMTPUTF8");
		return;
	}
	if (buf_add(&s->envelope, path) != FAULT_NONE) {
		s->takes_utf8 = false;
		sink_say(s, "452 4.3.1 Not enough memory");
		return;
	}
	s->sender_len = path.len;
	s->has_sender = true;
	sink_say(s, "250 2.1.0 Sender taken");
}

static bool is_listed(struct slice path, const struct slice *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_nocase(path, list[i])) {
			return true;
		}
	}
	return false;
}

static size_t recipients_max(const struct sink_policy *p)
{
	return p->recipients_max > 0 ? p->recipients_max : SINK_RECIPIENTS_MAX;
}

static void take_recipient(struct sink_session *s, struct slice path)
{
	const struct sink_policy *p = s->policy;
	if (is_listed(path, p->refused, p->refused_count)) {
		sink_say(s, "550 5.1.1 There is no such mailbox here");
	} else if (is_listed(path, p->deferred, p->deferred_count)) {
		sink_say(s, "450 4.2.1 This mailbox is not available right now");
	} else if (s->recipient_count == recipients_max(p)) {
		sink_say(s, "452 4.5.3 Too many recipients in one go");
	} else if ((s->recipient_count > 0 && buf_add_byte(&s->envelope, ',') != FAULT_NONE) ||
		   buf_add(&s->envelope, path) != FAULT_NONE) {
		sink_say(s, "452 4.3.1 Not enough memory");
		s->state = SINK_END;
	} else {
		s->recipient_count++;
		sink_say(s, "250 2.1.5 Recipient taken");
	}
}

static void on_rcpt(struct sink_session *s, struct slice argument)
{
	struct slice path;
	struct slice rest = slice_skip(argument, 3);
	if (!s->has_sender) {
		sink_say(s, "503 5.5.1 MAIL comes first");
	} else if (s->has_chunks) {
		sink_say(s, "503 5.5.1 The content has begun");
	} else if (!slice_starts_nocase(argument, SLICE_LIT("TO:")) || !cut_path(&rest, &path)) {
		sink_say(s, "501 5.5.4 It must be RCPT TO:<address>");
	} else if (!is_mailbox(path)) {
		sink_say(s, "553 5.1.3 This is not a mail address");
	} else if (!text_is_ascii(path) && !s->takes_utf8) {
		sink_say(s, "553 5.6.7 This address needs SMTPUTF8");
	} else if (sink_rcpt_parameters(s, rest)) {
		take_recipient(s, path);
	}
}

static void on_data(struct sink_session *s, struct slice argument)
{
	if (argument.len > 0) {
		sink_say(s, "501 5.5.4 DATA stands alone");
	} else if (!s->has_sender) {
		sink_say(s, "503 5.5.1 MAIL comes first");
	} else if (s->has_chunks || s->chunks_failed) {
		sink_say(s, "503 5.5.1 DATA and BDAT do not mix");
	} else if (s->recipient_count == 0) {
		sink_say(s, "554 5.5.1 There is no valid recipient");
	} else {
		sink_say(s, "354 Go ahead, and end with a dot");
		s->state = s->state == SINK_END ? SINK_END : SINK_CONTENT;
	}
}

static void on_rset(struct sink_session *s, struct slice argument)
{
	if (argument.len > 0) {
		sink_say(s, "501 5.5.4 RSET stands alone");
		return;
	}
	sink_forget_mail(s);
	sink_say(s, "250 2.0.0 Forgotten");
}

static void on_noop(struct sink_session *s, struct slice argument)
{
	(void)argument;
	sink_say(s, "250 2.0.0 Nothing done");
}

static void on_vrfy(struct sink_session *s, struct slice argument)
{
	(void)argument;
	sink_say(s, "252 2.5.2 Send, and see");
}

static void on_quit(struct sink_session *s, struct slice argument)
{
	(void)argument;
	sink_say(s, "221 2.0.0 Good-bye");
	s->state = SINK_END;
}

static const struct {
	struct slice name;
	void (*run)(struct sink_session *s, struct slice argument);
} commands[] = {
	{SLICE_INIT("MAIL"), on_mail},	 {SLICE_INIT("RCPT"), on_rcpt},
	{SLICE_INIT("DATA"), on_data},	 {SLICE_INIT("EHLO"), on_ehlo},
	{SLICE_INIT("HELO"), on_helo},	 {SLICE_INIT("STARTTLS"), on_starttls},
	{SLICE_INIT("AUTH"), sink_auth}, {SLICE_INIT("RSET"), on_rset},
	{SLICE_INIT("NOOP"), on_noop},	 {SLICE_INIT("QUIT"), on_quit},
	{SLICE_INIT("VRFY"), on_vrfy},	 {SLICE_INIT("BDAT"), sink_bdat},
};

void sink_command(struct sink_session *s, struct slice line)
{
	struct slice argument = line;
	struct slice name = line;
	if (!slice_cut_to(&argument, ' ', &name)) {
		argument = (struct slice){0};
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (slice_eq_nocase(name, commands[i].name)) {
			commands[i].run(s, argument);
			return;
		}
	}
	sink_say(s, "500 5.5.1 This command is not known");
	if (++s->bad_commands >= SINK_BAD_COMMANDS_MAX) {
		sink_say(s, "421 4.7.0 Too many commands that are none");
		s->state = SINK_END;
	}
}
