#include "relay/smtp/checkup.h"

#include <string.h>

#include "tests/support/certs.h"
#include "tests/support/check_main.h"
#include "tests/support/smtp_server.h"

enum { FAR_MS = 60 * 1000, GUARD_MS = 30 * 1000 };

/* One look at a scripted server over real sockets; the report is read as text. */
struct play {
	const char *name;
	enum tls_mode tls;
	const char *script;
	const char *host; /* NULL: localhost, the certificate's name */
	const char *user; /* NULL: me; empty: none */
	const char *from, *to;
	bool wrong_port, closed_port, no_ranges, shared;
	uint64_t step_ms; /* 0: long */
	const char *
		steps; /* "resolve ok, connect failed server-unreachable, ..." without what was skipped */
	const char *holds; /* what else the report says; NULL: nothing more is asked */
};

struct stage {
	struct loop *loop;
	struct dialer *dialer;
	struct certs certs;
	struct tls_context *server_tls, *client_tls;
	struct smtp_server *server;
	struct secret *password;
	struct smtp_checkup *checkup;
	struct loop_timer *guard;
	bool guarded, done, starting;
};

static void on_guard(void *owner)
{
	struct stage *s = owner;
	s->guarded = true;
	loop_stop(s->loop);
}

static void on_done(void *owner, struct smtp_checkup *c)
{
	struct stage *s = owner;
	ck_assert(!s->done && !s->starting);
	ck_assert_ptr_eq(c, s->checkup);
	s->done = true;
	loop_stop(s->loop);
}

static void set_up(struct stage *s, const struct play *p)
{
	struct problem problem;
	struct cert_pair pair;
	*s = (struct stage){.done = false};
	certs_init(&s->certs);
	certs_leaf(&s->certs, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_int_eq(
		tls_context_server_new(pair.cert_file, pair.key_file, &s->server_tls, &problem),
		FAULT_NONE);
	ck_assert_int_eq(
		tls_context_client_new(s->certs.ca_file, SLICE_LIT(""), &s->client_tls, &problem),
		FAULT_NONE);
	ck_assert_int_eq(loop_new(&s->loop), FAULT_NONE);
	struct smtp_server_params params = {
		.loop = s->loop, .tls = s->server_tls, .implicit = p->tls == TLS_IMPLICIT};
	params.scripts[0] = p->script;
	s->server = smtp_server_new(&params);
	ck_assert_int_eq(secret_new(SLICE_LIT("secret"), &s->password), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(s->loop, on_guard, s, &s->guard), FAULT_NONE);
	loop_timer_set(s->guard, GUARD_MS);
}

static void clear_up(struct stage *s)
{
	smtp_checkup_free(&s->checkup);
	ck_assert_ptr_null(s->checkup);
	smtp_checkup_free(&s->checkup);
	dialer_stop(s->dialer);
	smtp_server_free(&s->server);
	loop_timer_free(&s->guard);
	dialer_free(&s->dialer);
	loop_free(&s->loop);
	tls_context_free(&s->server_tls);
	tls_context_free(&s->client_tls);
	certs_deinit(&s->certs);
	secret_free(&s->password);
}

static void start(struct stage *s, const struct play *p)
{
	static const char *const ranges[] = {"127.0.0.0/8", "::1/128"};
	struct problem problem;
	uint16_t port = p->closed_port ? 1 : smtp_server_port(s->server);
	const struct dialer_params dialer = {.allowed_ranges = ranges,
					     .allowed_range_count = p->no_ranges ? 0
										 : COUNT_OF(ranges),
					     .allowed_ports = &port,
					     .allowed_port_count = p->wrong_port ? 0 : 1};
	ck_assert_int_eq(dialer_new(&dialer, &s->dialer, &problem), FAULT_NONE);
	uint64_t step_ms = p->step_ms > 0 ? p->step_ms : FAR_MS;
	const struct smtp_relay_params relay = {
		.loop = s->loop,
		.dialer = s->dialer,
		.tls = s->client_tls,
		.ehlo_name = SLICE_LIT("client.test"),
		.connections_per_upstream = 4,
		.messages_per_connection = 100,
		.idle_ms = FAR_MS,
		.connect_ms = FAR_MS,
		.greeting_ms = step_ms,
		.command_ms = step_ms,
		.content_ms = step_ms,
		.final_min_ms = step_ms,
	};
	const struct smtp_checkup_params params = {
		.relay = &relay,
		.upstream = {.tenant = SLICE_LIT("acme"),
			     .host = slice_of_text(p->host != NULL ? p->host : "localhost"),
			     .port = port,
			     .tls = p->tls,
			     .is_shared = p->shared,
			     .username = slice_of_text(p->user != NULL ? p->user : "me"),
			     .password = s->password},
		.from = slice_of_text(p->from),
		.to = slice_of_text(p->to),
		.deadline = instant_after(loop_now(s->loop), SMTP_CHECKUP_MS),
		.done = on_done,
		.owner = s,
	};
	s->starting = true;
	ck_assert_int_eq(smtp_checkup_start(&params, &s->checkup), FAULT_NONE);
	s->starting = false;
}

static void add(struct buf *b, struct slice s)
{
	ck_assert_int_eq(buf_add(b, s), FAULT_NONE);
}

static void describe(const struct smtp_findings *f, struct buf *into)
{
	static const char *const words[] = {"skipped", "ok", "failed"};
	const enum smtp_step *steps;
	size_t count = smtp_findings_steps(f, &steps);
	for (size_t i = 0; i < count; i++) {
		enum smtp_found found = f->steps[steps[i]].found;
		if (found == SMTP_FOUND_SKIPPED) {
			continue;
		}
		add(into, into->len > 0 ? SLICE_LIT(", ") : SLICE_LIT(""));
		add(into, smtp_step_name(steps[i]));
		add(into, SLICE_LIT(" "));
		add(into, slice_of_text(words[found]));
		if (found == SMTP_FOUND_FAILED && f->cause != NULL) {
			add(into, SLICE_LIT(" "));
			add(into, f->cause->code);
		}
	}
}

#define TO_AUTH                                                                                    \
	"<220 mx.test ESMTP Postfix\n>EHLO \n<250-mx.test\n<250-PIPELINING\n<250-SIZE 1000\n<250 " \
	"AUTH PLAIN LOGIN\n>AUTH PLAIN AG1lAHNlY3JldA==\n"
#define TO_MAIL	      TO_AUTH "<235 in\n"
#define UPTO_GREETING "resolve ok, connect ok, tls ok, greeting "
#define UPTO_AUTH     UPTO_GREETING "ok, ehlo ok, auth "
#define UPTO_CLEAR    "resolve ok, connect ok, greeting ok, ehlo "

static const struct play plays[] = {
	{.name = "all is well",
	 .tls = TLS_IMPLICIT,
	 .from = "a@example.com",
	 .to = "b@example.com",
	 .script = TO_MAIL ">MAIL FROM:<a@example.com>\n>RCPT TO:<b@example.com>\n<250 ok\n<250 "
			   "ok\n>RSET\n<250 ok\n>QUIT\n<221 bye\n",
	 .steps = UPTO_AUTH "ok, mail ok, rcpt ok, rset ok",
	 .holds = "\"capabilities\":[\"PIPELINING\",\"SIZE 1000\",\"AUTH PLAIN LOGIN\"]"},
	{.name = "who it is by its greeting, and the login that was used",
	 .tls = TLS_IMPLICIT,
	 .from = "a@example.com",
	 .script = TO_MAIL ">MAIL FROM:<a@example.com>\n>RCPT TO:<a@example.com>\n<250 ok\n<250 "
			   "ok\n>RSET\n<250 ok\n>QUIT\n<221 bye\n",
	 .steps = UPTO_AUTH "ok, mail ok, rcpt ok, rset ok",
	 .holds = "\"mechanism\":\"PLAIN\",\"size_max\":1000"},
	{.name = "by STARTTLS, each side of it with its capabilities",
	 .tls = TLS_STARTTLS,
	 .from = "a@example.com",
	 .script = "<220 hi\n>EHLO \n<250-mx\n<250 STARTTLS\n>STARTTLS\n<220 go\nT\n>EHLO "
		   "\n<250-mx\n<250 AUTH PLAIN\n>AUTH PLAIN AG1lAHNlY3JldA==\n<235 in\n>MAIL "
		   "FROM:<a@example.com>\n<250 ok\n>RCPT TO:<a@example.com>\n<250 "
		   "ok\n>RSET\n<250 ok\n>QUIT\n<221 bye\n",
	 .steps = UPTO_CLEAR "ok, starttls ok, tls ok, ehlo-tls ok, auth ok, mail ok, rcpt ok, "
			     "rset ok",
	 .holds = "\"capabilities_clear\":[\"STARTTLS\"],\"capabilities\":[\"AUTH PLAIN\"]"},
	{.name = "no login, nobody named: the null sender, and the postmaster",
	 .tls = TLS_IMPLICIT,
	 .user = "",
	 .script = "<220 hi\n>EHLO \n<250 mx\n>MAIL FROM:<>\n<250 ok\n>RCPT "
		   "TO:<postmaster>\n<250 ok\n>RSET\n<250 ok\n>QUIT\n<221 bye\n",
	 .steps = UPTO_GREETING "ok, ehlo ok, mail ok, rcpt ok, rset ok",
	 .holds = "\"step\":\"auth\",\"result\":\"skipped\"}"},
	{.name = "the user name is an address",
	 .tls = TLS_IMPLICIT,
	 .user = "me@example.com",
	 .script = "<220 hi\n>EHLO \n<250-mx\n<250 AUTH PLAIN\n>AUTH PLAIN \n<235 in\n>MAIL "
		   "FROM:<me@example.com>\n<250 ok\n>RCPT TO:<me@example.com>\n<250 "
		   "ok\n>RSET\n<250 ok\n>QUIT\n<221 bye\n",
	 .steps = UPTO_AUTH "ok, mail ok, rcpt ok, rset ok"},

	{.name = "a name that nobody knows",
	 .tls = TLS_IMPLICIT,
	 .host = "mail.invalid",
	 .script = "",
	 .steps = "resolve failed server-name-unknown"},
	{.name = "refused",
	 .tls = TLS_IMPLICIT,
	 .host = "127.0.0.1",
	 .closed_port = true,
	 .script = "",
	 .steps = "resolve ok, connect failed server-unreachable"},
	{.name = "refused, at the operator's own",
	 .tls = TLS_IMPLICIT,
	 .host = "127.0.0.1",
	 .closed_port = true,
	 .shared = true,
	 .script = "",
	 .steps = "resolve ok, connect failed server-unreachable",
	 .holds = "\"owner\":\"operator\""},
	{.name = "blocked looks like refused",
	 .tls = TLS_IMPLICIT,
	 .host = "127.0.0.1",
	 .no_ranges = true,
	 .script = "",
	 .steps = "resolve ok, connect failed server-unreachable"},
	{.name = "a port that may not be used looks like refused",
	 .tls = TLS_IMPLICIT,
	 .host = "127.0.0.1",
	 .wrong_port = true,
	 .script = "",
	 .steps = "resolve ok, connect failed server-unreachable"},
	{.name = "a certificate for another name",
	 .tls = TLS_IMPLICIT,
	 .host = "127.0.0.1",
	 .script = "",
	 .steps = "resolve ok, connect ok, tls failed certificate-not-trusted",
	 .holds = "\"trusted\":false,\"trouble\":\""},
	{.name = "the same by STARTTLS",
	 .tls = TLS_STARTTLS,
	 .host = "127.0.0.1",
	 .script = "<220 hi\n>EHLO \n<250-mx\n<250 STARTTLS\n>STARTTLS\n<220 go\nT\n",
	 .steps = UPTO_CLEAR "ok, starttls ok, tls failed certificate-not-trusted",
	 .holds = "\"subject\":\""},
	{.name = "turned away by the greeting",
	 .tls = TLS_IMPLICIT,
	 .script = "<554 no service here\n>QUIT\n",
	 .steps = UPTO_GREETING "failed connection-refused",
	 .holds = "\"code\":554,\"text\":\"no service here\""},
	{.name = "no greeting",
	 .tls = TLS_IMPLICIT,
	 .step_ms = 50,
	 .script = "W\n",
	 .steps = UPTO_GREETING "failed no-answer-in-time"},
	{.name = "not SMTP",
	 .tls = TLS_STARTTLS,
	 .script = "<SSH-2.0-x\n",
	 .steps = "resolve ok, connect ok, greeting failed not-smtp"},
	{.name = "EHLO refused",
	 .tls = TLS_IMPLICIT,
	 .script = "<220 hi\n>EHLO \n<501 5.5.4 Invalid EHLO argument\n>QUIT\n",
	 .steps = UPTO_GREETING "ok, ehlo failed ehlo-name-refused"},
	{.name = "no STARTTLS",
	 .tls = TLS_STARTTLS,
	 .script = "<220 hi\n>EHLO \n<250 mx\n>QUIT\n",
	 .steps = UPTO_CLEAR "ok, starttls failed starttls-not-offered"},
	{.name = "STARTTLS refused",
	 .tls = TLS_STARTTLS,
	 .script = "<220 hi\n>EHLO \n<250-mx\n<250 STARTTLS\n>STARTTLS\n<454 4.7.0 TLS not "
		   "available due to local problem\n>QUIT\n",
	 .steps = UPTO_CLEAR "ok, starttls failed tls-unavailable"},
	{.name = "EHLO refused under TLS",
	 .tls = TLS_STARTTLS,
	 .script = "<220 hi\n>EHLO \n<250-mx\n<250 STARTTLS\n>STARTTLS\n<220 go\nT\n>EHLO \n<550 "
		   "no\n>QUIT\n",
	 .steps = UPTO_CLEAR "ok, starttls ok, tls ok, ehlo-tls failed session-refused"},
	{.name = "no login is offered",
	 .tls = TLS_IMPLICIT,
	 .script = "<220 hi\n>EHLO \n<250 mx\n>QUIT\n",
	 .steps = UPTO_AUTH "failed login-not-offered"},
	{.name = "the password is wrong",
	 .tls = TLS_IMPLICIT,
	 .script = TO_AUTH "<535 5.7.8 Error: authentication failed\n>QUIT\n",
	 .steps = UPTO_AUTH "failed credentials-refused",
	 .holds = "\"code\":535,\"enhanced\":\"5.7.8\",\"text\":\"Error: authentication failed\""},
	{.name = "SMTP AUTH is off for the tenant",
	 .tls = TLS_IMPLICIT,
	 .script = TO_AUTH "<535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
			   "disabled for the Tenant. [X.PROD.OUTLOOK.COM]\n>QUIT\n",
	 .steps = UPTO_AUTH "failed microsoft-smtp-auth-off-tenant"},
	{.name = "lost during the login",
	 .tls = TLS_IMPLICIT,
	 .script = TO_AUTH "X\n",
	 .steps = UPTO_AUTH "failed connection-lost"},
	{.name = "the sender is refused",
	 .tls = TLS_IMPLICIT,
	 .from = "a@example.com",
	 .script = TO_MAIL ">MAIL FROM:<a@example.com>\n>RCPT TO:<a@example.com>\n<550 5.7.60 "
			   "Client does not have permissions to send as this sender "
			   "[X.PROD.OUTLOOK.COM]\n<503 no\n>RSET\n<250 ok\n>QUIT\n",
	 .steps = UPTO_AUTH "ok, mail failed microsoft-send-as-denied"},
	{.name = "the sender is refused once a recipient is named",
	 .tls = TLS_IMPLICIT,
	 .from = "a@example.com",
	 .script = TO_MAIL ">MAIL FROM:<a@example.com>\n>RCPT TO:<a@example.com>\n<250 ok\n<553 "
			   "5.7.1 <a@example.com>: Sender address rejected: not owned by user "
			   "me\n>RSET\n<250 ok\n>QUIT\n",
	 .steps = UPTO_AUTH "ok, mail failed sender-not-allowed"},
	{.name = "the recipient is refused",
	 .tls = TLS_IMPLICIT,
	 .from = "a@example.com",
	 .to = "b@example.com",
	 .script = TO_MAIL ">MAIL FROM:<a@example.com>\n>RCPT TO:<b@example.com>\n<250 ok\n<554 "
			   "5.7.1 Relay access denied\n>RSET\n<250 ok\n>QUIT\n",
	 .steps = UPTO_AUTH "ok, mail ok, rcpt failed relay-denied"},
};

START_TEST(looks)
{
	const struct play *p = &plays[_i];
	struct stage s;
	struct buf steps, report;
	buf_init(&steps, 4096);
	buf_init(&report, 64 * 1024);
	set_up(&s, p);
	start(&s, p);
	loop_run(s.loop);
	ck_assert_msg(!s.guarded && s.done, "%s: stands still; server: %s", p->name,
		      smtp_server_trouble(s.server));
	const struct smtp_findings *f = smtp_checkup_findings(s.checkup);
	describe(f, &steps);
	ck_assert_int_eq(smtp_findings_report(f, &report), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&steps), slice_of_text(p->steps)),
		      "%s:\n  got  %.*s\n  want %s\n  %.*s", p->name, (int)steps.len, steps.ptr,
		      p->steps, (int)report.len, report.ptr);
	ck_assert_msg(p->holds == NULL ||
			      slice_find(buf_view(&report), slice_of_text(p->holds)) < report.len,
		      "%s: %.*s", p->name, (int)report.len, report.ptr);
	ck_assert_msg(smtp_server_trouble(s.server)[0] == '\0', "%s: server: %s", p->name,
		      smtp_server_trouble(s.server));
	buf_deinit(&steps);
	buf_deinit(&report);
	clear_up(&s);
}
END_TEST

static const struct {
	const char *from, *wanted, *user, *to;
	const char *sender, *recipient;
} choices[] = {
	{"a@x.example", "b@x.example", "c@x.example", "d@x.example", "a@x.example", "d@x.example"},
	{"", "b@x.example", "c@x.example", "", "b@x.example", "b@x.example"},
	{"", "", "c@x.example", "", "c@x.example", "c@x.example"},
	{"", "", "apikey", "", "", "postmaster"},
	{"", "", "", "d@x.example", "", "d@x.example"},
	{"no address>\r\nX", "", "", "nor\r\nthis", "", "postmaster"},
};

START_TEST(chooses_addresses)
{
	const struct smtp_checkup_params p = {
		.upstream = {.username = slice_of_text(choices[_i].user)},
		.from = slice_of_text(choices[_i].from),
		.from_wanted = slice_of_text(choices[_i].wanted),
		.to = slice_of_text(choices[_i].to),
	};
	ck_assert(slice_eq(smtp_checkup_sender(&p), slice_of_text(choices[_i].sender)));
	ck_assert(slice_eq(smtp_checkup_recipient(&p), slice_of_text(choices[_i].recipient)));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp checkup");
	TCase *t = tcase_create("checkup");
	tcase_set_timeout(t, 120); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, looks, 0, COUNT_OF(plays));
	tcase_add_loop_test(t, chooses_addresses, 0, COUNT_OF(choices));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
