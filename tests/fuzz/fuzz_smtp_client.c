/*
 * An arbitrary server: its bytes are the input, told in bursts; a zero byte asks for a burst's end. Whatever it says,
 *  - no content goes out before a 354 or a BDAT that the server offers and the ladder allows, and AUTH not before TLS;
 *  - nothing is said behind BDAT LAST before its reply;
 *  - a recipient is delivered only after all content and its dot went out, and a 2yz after that;
 *  - whatever is accepted and lost behind the content is uncertain, nothing else is;
 *  - bursts in one piece and byte by byte end the same.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "relay/smtp/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECIPIENTS = 3, MESSAGES = 3 };

#define CONTENT "Subject: the-content\r\n\r\nA page.\r\n"

static char large[500 * 1000];

struct game {
	struct smtp_client client;
	struct arena arena;
	struct rope rope, large; /* the latter goes in chunks */
	unsigned kind;
	bool by_bdat;
	struct secret *password;
	struct mailbox recipients[RECIPIENTS];
	struct recipient_outcome results[MESSAGES][RECIPIENTS];
	enum fault faults[MESSAGES];
	unsigned begun;
	bool secure;
	bool go_ahead;	     /* the server said 354 somewhere */
	size_t go_ahead_at;  /* how much of it its last bytes are: a burst may end within */
	size_t content_out;  /* of the message under way, with its dot */
	char log[64 * 1024]; /* what the client said */
	size_t log_len;
};

static void hand_over(struct game *g)
{
	if (g->begun > 0) {
		g->faults[g->begun - 1] = g->client.fault;
	}
	if (g->begun == MESSAGES || smtp_client_want(&g->client) == SMTP_WANT_CLOSE ||
	    g->client.state == SMTP_CLOSING) {
		return;
	}
	unsigned kind = g->begun + g->kind;
	struct smtp_message m = {
		.sender = SLICE_LIT("sender@example.com"),
		.recipients = g->recipients,
		.recipient_count = RECIPIENTS,
		.envelope_only = kind % 7 == 6,
		.content = kind % 11 == 10 ? &g->large : &g->rope,
		.rung = (enum smtp_rung)(kind % 4),
		.status = {.notify = kind % 5 == 4 ? NOTIFY_DELAY : 0},
		.envelope_id = SLICE_LIT("id"),
		.results = g->results[g->begun++],
		.arena = &g->arena,
	};
	g->content_out = 0;
	smtp_client_send(&g->client, &m);
}

static void check_said(struct game *g, struct slice said)
{
	struct slice mark = SLICE_LIT("the-content");
	bool by_bdat = g->client.chunked && g->client.ehlo.chunking && !g->client.ehlo.masked &&
		       g->client.message.rung != SMTP_RUNG_DATA;
	if (slice_find(said, mark) < said.len) {
		assert(by_bdat || (g->go_ahead && g->client.accepted > 0));
		assert(!by_bdat || g->client.message.rung == SMTP_RUNG_TOGETHER ||
		       g->client.accepted > 0);
	}
	assert(g->client.due_count <= SMTP_WINDOW && g->client.out_len <= SMTP_OUT_SIZE);
	if (g->client.state == SMTP_FINAL) { /* all of it is out: no more but what ends it */
		assert(smtp_client_output(&g->client).len <= said.len);
	}
	if (slice_starts(said, SLICE_LIT("AUTH"))) {
		assert(g->secure);
	}
	if (g->client.state == SMTP_CONTENT) {
		g->content_out += said.len;
	}
}

static void take_output(struct game *g)
{
	for (;;) {
		struct slice said = smtp_client_output(&g->client);
		if (said.len == 0) {
			return;
		}
		check_said(g, said);
		if (said.len <= sizeof(g->log) - g->log_len) {
			memcpy(g->log + g->log_len, said.ptr, said.len);
			g->log_len += said.len;
		}
		smtp_client_wrote(&g->client, said.len);
	}
}

static void check_results(const struct game *g)
{
	for (unsigned m = 0; m < g->begun; m++) {
		for (size_t i = 0; i < RECIPIENTS; i++) {
			const struct recipient_outcome *o = &g->results[m][i];
			bool last = m + 1 == g->begun;
			if (o->outcome == OUTCOME_DELIVERED) {
				assert(o->code / 100 == 2 && o->phase == PHASE_FINAL);
			} else if (o->outcome == OUTCOME_UNCERTAIN) {
				assert(last && g->client.state == SMTP_OVER && o->code == 0);
			} else if (o->outcome != OUTCOME_UNTRIED) {
				/* its words may say that a 5yz is meant for now only (decode.h) */
				assert(o->code / 100 == 4 || o->code / 100 == 5);
			}
		}
	}
}

static void look_for_go_ahead(struct game *g, struct slice burst)
{
	const struct slice code = SLICE_LIT("354");
	for (size_t i = 0; i < burst.len && !g->go_ahead; i++) {
		if (burst.ptr[i] != code.ptr[g->go_ahead_at]) {
			g->go_ahead_at = 0;
		}
		g->go_ahead_at += burst.ptr[i] == code.ptr[g->go_ahead_at];
		g->go_ahead = g->go_ahead_at == code.len;
	}
}

static void feed(struct game *g, struct slice burst, bool bytewise)
{
	unsigned delivered_before = 0, delivered = 0;
	bool content_was_out = smtp_client_uncertain(&g->client);
	size_t expected = sizeof(CONTENT) - 1 + 3;
	for (size_t i = 0; g->begun > 0 && i < RECIPIENTS; i++) {
		delivered_before += g->results[g->begun - 1][i].outcome == OUTCOME_DELIVERED;
	}
	g->by_bdat = g->client.chunked || g->client.message.content == &g->large;
	look_for_go_ahead(g, burst);
	if (bytewise) {
		for (size_t i = 0; i < burst.len; i++) {
			smtp_client_feed(&g->client, slice_of(burst.ptr + i, 1));
		}
	} else {
		smtp_client_feed(&g->client, burst);
	}
	for (size_t i = 0; g->begun > 0 && i < RECIPIENTS; i++) {
		delivered += g->results[g->begun - 1][i].outcome == OUTCOME_DELIVERED;
	}
	if (delivered > delivered_before) {
		assert(content_was_out);
		assert(g->by_bdat || (g->content_out % expected == 0 && g->content_out > 0));
	}
}

static void play(struct game *g, struct slice server, bool bytewise)
{
	static const char *const to[RECIPIENTS] = {"a@example.com", "b@example.com",
						   "c@example.com"};
	memset(g, 0, sizeof(*g));
	arena_init(&g->arena, 1024 * 1024);
	rope_init(&g->rope, &g->arena);
	assert(rope_add(&g->rope, SLICE_LIT(CONTENT)) == FAULT_NONE);
	rope_init(&g->large, &g->arena);
	assert(rope_add(&g->large, SLICE_LIT("Subject: the-content\r\n\r\n")) == FAULT_NONE);
	assert(rope_add_base64(&g->large, slice_of(large, sizeof(large))) == FAULT_NONE);
	g->kind = (unsigned)(server.len % 77);
	assert(secret_new(SLICE_LIT("secret"), &g->password) == FAULT_NONE);
	for (size_t i = 0; i < RECIPIENTS; i++) {
		g->recipients[i].address = slice_of_text(to[i]);
	}
	g->secure = server.len % 2 == 0;
	struct smtp_client_params params = {
		.ehlo_name = SLICE_LIT("client.test"),
		.tls = g->secure ? TLS_IMPLICIT : TLS_STARTTLS,
		.login = {.username = server.len % 3 == 0 ? SLICE_LIT("") : SLICE_LIT("me"),
			  .password = g->password},
	};
	smtp_client_init(&g->client, &params);
	hand_over(g);
	while (server.len > 0) {
		struct slice burst;
		if (!slice_cut_to(&server, '\0', &burst)) {
			burst = server;
			server.len = 0;
		}
		feed(g, burst, bytewise);
		if (smtp_client_want(&g->client) == SMTP_WANT_TLS) {
			g->secure = true;
			smtp_client_secured(&g->client);
		}
		take_output(g);
		if (!smtp_client_busy(&g->client)) {
			hand_over(g);
			take_output(g);
		}
	}
	bool uncertain = smtp_client_uncertain(&g->client);
	bool busy = smtp_client_busy(&g->client);
	smtp_client_lost(&g->client, FAULT_UPSTREAM_LOST);
	assert(!smtp_client_busy(&g->client));
	for (size_t i = 0; busy && i < RECIPIENTS; i++) {
		assert(uncertain || g->results[g->begun - 1][i].outcome != OUTCOME_UNCERTAIN);
	}
	check_results(g);
}

static void clear(struct game *g)
{
	smtp_client_deinit(&g->client);
	arena_deinit(&g->arena);
	secret_free(&g->password);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct game whole, bytewise;
	play(&whole, slice_of(data, size), false);
	play(&bytewise, slice_of(data, size), true);
	assert(whole.begun == bytewise.begun && whole.client.state == bytewise.client.state);
	assert(whole.log_len == bytewise.log_len &&
	       memcmp(whole.log, bytewise.log, whole.log_len) == 0);
	for (unsigned m = 0; m < whole.begun; m++) {
		for (size_t i = 0; i < RECIPIENTS; i++) {
			assert(whole.results[m][i].outcome == bytewise.results[m][i].outcome);
			assert(whole.results[m][i].code == bytewise.results[m][i].code);
		}
	}
	clear(&whole);
	clear(&bytewise);
	return 0;
}
