#include "relay/smtp/client_inside.h"

#include "relay/smtp/verdict.h"

enum { MECHANISM_UNKNOWN = 504, MECHANISM_TOO_WEAK = 534 };

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

void smtp_session_greeted(struct smtp_client *c, const struct smtp_reply *r,
			  size_t recipient UNUSED)
{
	recognise(c, r);
	smtp_witness_greeted(c->params.witness, r);
	smtp_session_say_ehlo(c);
}

static void be_ready(struct smtp_client *c)
{
	c->params.login = (struct smtp_login){.password = NULL};
	smtp_client_move(c, SMTP_READY);
	if (c->has_message) {
		smtp_message_begin(c);
	}
}

static void say_auth_line(struct smtp_client *c, struct slice challenge)
{
	enum fault f = smtp_auth_line(c->mechanism, &c->params.login, c->auth_step, challenge,
				      &c->line);
	if (f != FAULT_NONE) {
		smtp_client_fail(c, f, NULL);
		return;
	}
	c->out_at = 0;
	c->said += secret_view(c->line).len;
	smtp_client_expect(c, SMTP_OWNS_AUTH, 0);
}

static void say_auth(struct smtp_client *c)
{
	c->phase = PHASE_AUTH;
	c->mechanism = smtp_auth_strongest(c->mechanisms);
	c->mechanisms &= ~c->mechanism;
	c->auth_step = 0;
	if (c->mechanism == 0) {
		smtp_client_fail_politely(c, FAULT_UPSTREAM_NO_AUTH, NULL);
	} else {
		say_auth_line(c, SLICE_LIT(""));
	}
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
	} else if (c->params.login.username.len > 0) {
		c->mechanisms = c->ehlo.mechanisms;
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
	/* No EHLO after AUTH: some servers then forget the login (relay.md B15). */
	be_ready(c);
}

void smtp_session_refused(struct smtp_client *c, const struct smtp_reply *r,
			  size_t recipient UNUSED)
{
	smtp_client_fail_politely(c, smtp_verdict_session(c->phase, r), r);
}

void smtp_session_auth_other(struct smtp_client *c, const struct smtp_reply *r, size_t recipient)
{
	if (smtp_reply_class(r) == 3) {
		c->auth_step++;
		say_auth_line(c, smtp_reply_text(r));
	} else if ((r->code == MECHANISM_UNKNOWN || r->code == MECHANISM_TOO_WEAK) &&
		   c->mechanisms != 0) {
		say_auth(c);
	} else {
		smtp_session_refused(c, r, recipient);
	}
}
