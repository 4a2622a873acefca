#include "relay/smtp/client_inside.h"

#include "relay/smtp/verdict.h"

enum { MECHANISM_UNKNOWN = 504, LINE_END = 2 };

void smtp_session_say_ehlo(struct smtp_client *c)
{
	smtp_ehlo_init(&c->ehlo);
	smtp_witness_asks(c->params.witness, c->secure);
	smtp_client_say(c, SLICE_LIT("EHLO "));
	smtp_client_say(c, c->params.ehlo_name);
	smtp_client_say(c, SLICE_LIT("\r\n"));
	smtp_client_expect(c, SMTP_OWNS_EHLO, 0);
}

/* A host name that tells nothing leaves it to what the server says of itself. */
static void recognise(struct smtp_client *c, const struct smtp_reply *r)
{
	if (c->scene.provider == PROVIDER_UNKNOWN) {
		c->scene.provider = smtp_provider_of_greeting(smtp_reply_text(r));
	}
}

/* "220 ****************2******": a middle-box that knows little of SMTP lets little of it pass. */
static bool is_masked(struct slice greeting)
{
	return slice_find(greeting, SLICE_LIT("****")) < greeting.len;
}

void smtp_session_greeted(struct smtp_client *c, const struct smtp_reply *r,
			  size_t recipient UNUSED)
{
	recognise(c, r);
	smtp_witness_greeted(c->params.witness, r);
	c->masked = is_masked(smtp_reply_text(r));
	smtp_session_say_ehlo(c);
}

static void be_ready(struct smtp_client *c)
{
	c->ehlo.masked |= c->masked;
	if (c->ehlo.masked) {
		c->ehlo.pipelining = false;
		c->ehlo.chunking = false;
	}
	c->params.login = (struct smtp_login){.password = NULL};
	smtp_auth_end(&c->auth);
	smtp_client_move(c, SMTP_READY);
	if (c->has_message) {
		smtp_message_begin(c);
	}
}

/* What the mechanism made: a line, or the wish for more turns. */
static void say_auth_line(struct smtp_client *c, enum fault f)
{
	if (f != FAULT_NONE) {
		smtp_client_fail(c, f, NULL);
	} else if (c->line != NULL) {
		bool begins = slice_starts(secret_view(c->line), SLICE_LIT("AUTH "));
		transcript_login(c->transcript,
				 begins ? smtp_auth_name(c->mechanism) : (struct slice){0},
				 secret_view(c->line).len - LINE_END);
		c->out_at = 0;
		c->said += secret_view(c->line).len;
		smtp_client_expect(c, SMTP_OWNS_AUTH, 0);
	}
}

static void say_auth(struct smtp_client *c)
{
	c->phase = PHASE_AUTH;
	enum fault f = smtp_auth_begin(&c->auth, &c->params.login, &c->line);
	c->mechanism = c->auth.mechanism;
	if (f == FAULT_UPSTREAM_NO_AUTH) {
		smtp_client_fail_politely(c, f, NULL);
	} else {
		say_auth_line(c, f);
	}
}

void smtp_client_turn(struct smtp_client *c)
{
	c->progress++;
	say_auth_line(c, smtp_auth_turn(&c->auth, &c->params.login, &c->line));
}

void smtp_session_capable(struct smtp_client *c, const struct smtp_reply *r,
			  size_t recipient UNUSED)
{
	recognise(c, r);
	if (!c->secure && !c->ehlo.starttls) {
		c->phase = PHASE_STARTTLS;
		smtp_client_fail_politely(c, FAULT_UPSTREAM_NO_TLS, NULL);
	} else if (!c->secure) {
		smtp_client_say(c, SLICE_LIT("STARTTLS\r\n"));
		smtp_client_expect(c, SMTP_OWNS_STARTTLS, 0);
	} else if (c->params.login.username.len > 0 || c->params.login.token != NULL) {
		smtp_auth_init(&c->auth, &c->params.login, c->ehlo.mechanisms, &c->binding,
			       c->params.chance);
		say_auth(c);
	} else {
		be_ready(c);
	}
}

void smtp_session_may_secure(struct smtp_client *c, const struct smtp_reply *r UNUSED,
			     size_t recipient UNUSED)
{
	smtp_client_move(c, SMTP_SECURING);
}

void smtp_session_logged_in(struct smtp_client *c, const struct smtp_reply *r UNUSED,
			    size_t recipient UNUSED)
{
	enum fault f = smtp_auth_confirm(&c->auth);
	if (f != FAULT_NONE) {
		smtp_client_fail(c, f, NULL);
		return;
	}
	/* No EHLO after AUTH: some servers then forget the login (relay.md B15). */
	be_ready(c);
}

void smtp_session_refused(struct smtp_client *c, const struct smtp_reply *r,
			  size_t recipient UNUSED)
{
	smtp_client_fail_politely(c, smtp_verdict_session(c->phase, r), r);
}

/*
 * Only a mechanism whose name the server does not know is left for a weaker one. 534 is none of these: who finds a
 * mechanism too weak takes no weaker one, and large providers say it of passwords.
 */
void smtp_session_auth_other(struct smtp_client *c, const struct smtp_reply *r, size_t recipient)
{
	if (smtp_reply_class(r) == 3) {
		say_auth_line(c,
			      smtp_auth_answer(&c->auth, &c->params.login,
					       slice_trim(smtp_reply_line(&c->replies)), &c->line));
	} else if (r->code == MECHANISM_UNKNOWN && smtp_auth_can_go_on(&c->auth)) {
		say_auth(c);
	} else {
		smtp_session_refused(c, r, recipient);
	}
}
