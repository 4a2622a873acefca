#include "tests/support/dialogue.h"

#include <check.h>

#include "spool-free/base/base64.h"
#include "tests/support/chunks.h"

enum { RECIPIENTS = 256 };

struct play {
	const struct dialogue *script;
	const struct dialogue_login *login;
	const struct dialogue_with *with;
	size_t chunk;
	struct smtp_client client;
	struct secret *password, *token;
	struct arena arena;
	struct rope rope;
	struct slice content;
	char addresses[RECIPIENTS][24];
	struct mailbox recipients[RECIPIENTS];
	struct recipient_outcome results[RECIPIENTS];
};

static void add(struct buf *b, struct slice s)
{
	ck_assert_int_eq(buf_add(b, s), FAULT_NONE);
}

static void add_text(struct buf *b, const char *text)
{
	add(b, slice_of_text(text));
}

static void make_secrets(struct play *p)
{
	const char *password = p->login->password != NULL ? p->login->password : "secret";
	ck_assert_int_eq(secret_new(slice_of_text(password), &p->password), FAULT_NONE);
	if (p->login->token != NULL) {
		ck_assert_int_eq(secret_new(slice_of_text(p->login->token), &p->token), FAULT_NONE);
	}
}

static void take_addresses(struct play *p, struct slice to)
{
	for (size_t i = 0; to.len > 0; i++) {
		struct slice one = slice_first(to, slice_find_byte(to, ','));
		p->recipients[i].address = one;
		p->recipients[i].domain = slice_skip(one, slice_find_byte(one, '@') + 1);
		to = slice_skip(to, one.len + 1);
	}
}

static void set_up(struct play *p, const struct dialogue_with *with, size_t chunk)
{
	const struct dialogue *d = &with->play;
	const struct dialogue_login *login = &with->login;
	*p = (struct play){.script = d, .with = with, .login = login, .chunk = chunk};
	make_secrets(p);
	arena_init(&p->arena, 1024 * 1024);
	rope_init(&p->rope, &p->arena);
	p->content = slice_of_text(with->content != NULL ? with->content : DIALOGUE_CONTENT);
	ck_assert_int_eq(rope_add(&p->rope, p->content), FAULT_NONE);
	for (size_t i = 0; i < d->recipients; i++) {
		int n = i < 26 ? snprintf(p->addresses[i], sizeof(p->addresses[i]),
					  "%c@example.com", (char)('a' + i))
			       : snprintf(p->addresses[i], sizeof(p->addresses[i]),
					  "r%zu@example.com", i);
		p->recipients[i].address = slice_of(p->addresses[i], (size_t)n);
	}
	take_addresses(p, slice_of_text(with->to));
	struct smtp_client_params params = {
		.ehlo_name = SLICE_LIT("client.test"),
		.tls = d->tls,
		.login = {.username = slice_of_text(d->username),
			  .password = p->password,
			  .token = p->token,
			  .host = SLICE_LIT("mail.test"),
			  .port = 587},
	};
	size_t len;
	ck_assert_int_eq(base64_decode(SLICE_LIT(DIALOGUE_NONCE), (char *)params.chance, &len),
			 FAULT_NONE);
	smtp_client_init(&p->client, &params);
	if (login->binds) {
		struct scram_binding binding = {
			.type = SLICE_LIT("tls-exporter"), .len = 8, .bytes = "exported"};
		smtp_client_bind(&p->client, &binding);
	}
}

static void clear_up(struct play *p)
{
	smtp_client_deinit(&p->client);
	arena_deinit(&p->arena);
	secret_free(&p->password);
	secret_free(&p->token);
}

static bool feed_chunk(void *client, struct slice chunk)
{
	smtp_client_feed(client, chunk);
	while (smtp_client_want(client) == SMTP_WANT_TURN) {
		smtp_client_turn(client);
	}
	return true;
}

static void expect_said(struct play *p, struct slice words)
{
	struct slice output = smtp_client_output(&p->client);
	ck_assert_msg(slice_eq(output, words),
		      "%s, chunks of %zu: said \"%.*s\" instead of \"%.*s\"", p->script->name,
		      p->chunk, (int)output.len, output.ptr, (int)words.len, words.ptr);
	smtp_client_wrote(&p->client, output.len);
}

static void take_content(struct play *p)
{
	struct buf all;
	buf_init(&all, 4096);
	while (p->client.state == SMTP_CONTENT) {
		struct slice output = smtp_client_output(&p->client);
		ck_assert_msg(output.len > 0, "%s: content stands still", p->script->name);
		add(&all, output);
		smtp_client_wrote(&p->client, output.len);
	}
	struct slice got = buf_view(&all);
	struct slice dot = SLICE_LIT(".\r\n");
	ck_assert_msg(slice_ends(got, dot) || slice_ends(dot, got), "%s: no dot", p->script->name);
	got.len -= got.len < dot.len ? got.len : dot.len;
	ck_assert_msg(slice_ends(p->content, got) && all.len > 0, "%s: content differs",
		      p->script->name);
	buf_deinit(&all);
}

static void hand_over(struct play *p, bool envelope_only)
{
	struct smtp_message m = {
		.sender = p->with->sender != NULL ? slice_of_text(p->with->sender)
						  : SLICE_LIT("sender@example.com"),
		.recipients = p->recipients,
		.recipient_count = p->script->recipients,
		.envelope_only = envelope_only,
		.content = envelope_only ? NULL : &p->rope,
		.rung = p->with->rung,
		.status = p->with->status,
		.envelope_id = slice_of_text(p->with->envelope_id),
		.require_tls = p->with->require_tls,
		.results = p->results,
		.arena = &p->arena,
	};
	memset(p->results, 0, sizeof(p->results));
	smtp_client_send(&p->client, &m);
}

static void raw_bytes(struct slice line, struct buf *into)
{
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];
		char byte = c == '$' ? '\r' : c == '&' ? '\n' : c == '@' ? '\0' : c;
		add(into, slice_of(&byte, 1));
	}
}

/* Gathers the lines in a row that begin with the same letter. */
static void gather(struct slice *script, char kind, struct buf *into)
{
	struct slice line;
	while (script->len > 0 && script->ptr[0] == kind && slice_cut_to(script, '\n', &line)) {
		line = slice_skip(line, 1);
		if (kind == '!') {
			raw_bytes(line, into);
		} else {
			add(into, line);
			add_text(into, "\r\n");
		}
	}
}

static void step(struct play *p, char kind, struct slice rest)
{
	uint64_t n;
	switch (kind) {
	case '=':
		take_content(p);
		break;
	case '%':
		ck_assert(slice_to_u64(rest, 4096, &n));
		ck_assert_uint_ge(smtp_client_output(&p->client).len, n);
		smtp_client_wrote(&p->client, n);
		break;
	case '.':
		expect_said(p, SLICE_LIT(""));
		break;
	case 'T':
		ck_assert_int_eq(smtp_client_want(&p->client), SMTP_WANT_TLS);
		smtp_client_secured(&p->client);
		break;
	case 'M':
	case 'E':
		hand_over(p, kind == 'E');
		break;
	case 'Q':
		smtp_client_quit(&p->client);
		break;
	case 'X':
	case 'Z':
		smtp_client_lost(&p->client, kind == 'X' ? FAULT_UPSTREAM_LOST : FAULT_DEADLINE);
		break;
	default:
		ck_abort_msg("%s: no such step: %c", p->script->name, kind);
	}
}

static void describe(struct play *p, struct buf *result)
{
	static const char *const states[SMTP_STATE_COUNT] = {
		"opening", "securing", "ready", "envelope", "content", "final", "closing", "over"};
	static const char *const lessons[] = {"",	  ", taken", ", safe",
					      ", unsure", ", lost",  ", bad"};
	for (size_t i = 0; i < p->script->recipients; i++) {
		struct recipient_outcome *o = &p->results[i];
		add_text(result, i > 0 ? ", " : "");
		add(result, outcome_name(o->outcome));
		if (o->code != 0) {
			add_text(result, " ");
			ck_assert_int_eq(buf_add_u64(result, (uint64_t)o->code), FAULT_NONE);
		}
		add_text(result, o->enhanced[0] != '\0' ? " " : "");
		add_text(result, o->enhanced);
		if (o->outcome != OUTCOME_UNTRIED) {
			add_text(result, " ");
			add(result, phase_name(o->phase));
		}
	}
	add_text(result, " | ");
	enum fault f = p->client.fault;
	add(result, f == FAULT_NONE ? SLICE_LIT("none") : fault_slug(f));
	if (f != FAULT_NONE) {
		add_text(result, " at ");
		add(result, phase_name(p->client.phase));
	}
	add_text(result, " ");
	add_text(result, states[p->client.state]);
	add_text(result, lessons[p->client.lesson]);
	add_text(result, p->client.try_again ? ", again" : "");
}

static void play(const struct dialogue_with *with, size_t size, struct buf *result)
{
	static struct play p; /* large */
	set_up(&p, with, size);
	struct slice script = slice_of_text(with->play.script);
	while (script.len > 0) {
		struct buf words;
		struct slice line;
		char kind = script.ptr[0];
		buf_init(&words, 1024 * 1024);
		if (kind == '>') {
			gather(&script, kind, &words);
			expect_said(&p, buf_view(&words));
		} else if (kind == '<' || kind == '!') {
			gather(&script, kind, &words);
			chunks_each(buf_view(&words), size, feed_chunk, &p.client);
		} else {
			ck_assert(slice_cut_to(&script, '\n', &line));
			step(&p, kind, slice_skip(line, 1));
		}
		buf_deinit(&words);
	}
	expect_said(&p, SLICE_LIT(""));
	describe(&p, result);
	struct slice said = slice_of(p.client.problem.text, p.client.problem.len);
	ck_assert_msg(with->sentence == NULL || slice_ends(said, slice_of_text(with->sentence)),
		      "%s: the sentence is \"%.*s\"", with->play.name, (int)said.len, said.ptr);
	clear_up(&p);
}

void dialogue_play(const struct dialogue *d, size_t size, struct buf *result)
{
	const struct dialogue_with with = {.play = *d};
	play(&with, size, result);
}

void dialogue_check_with(const struct dialogue_with *with)
{
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		struct buf result;
		buf_init(&result, 64 * 1024);
		play(with, size, &result);
		struct slice got = buf_view(&result);
		ck_assert_msg(slice_eq(got, slice_of_text(with->play.expected)),
			      "%s, chunks of %zu:\n  got  %.*s\n  want %s", with->play.name, size,
			      (int)got.len, got.ptr, with->play.expected);
		buf_deinit(&result);
	}
}

void dialogue_check(const struct dialogue *d)
{
	const struct dialogue_with with = {.play = *d};
	dialogue_check_with(&with);
}

void dialogue_check_login(const struct dialogue *d, const struct dialogue_login *login,
			  const char *sentence)
{
	const struct dialogue_with with = {.play = *d, .login = *login, .sentence = sentence};
	dialogue_check_with(&with);
}
