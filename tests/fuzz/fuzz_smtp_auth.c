/*
 * An arbitrary server behind AUTH. The first byte of the input chooses the mechanism; the rest are its 334s, one a line;
 * what stands behind "=" in a line is told in base64, anything else as it is. Whatever it says,
 *  - a login by SCRAM is sure only after a server's signature that a proof of ours, with the same keys, calls for;
 *  - every line is base64 and CRLF and keeps within its limit, and holds neither the password nor the token as such;
 *  - what is explained is printable and has no piece of the token;
 *  - two exchanges with the same server say the same.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/base64.h"
#include "relay/smtp/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PASSWORD "correct horse"
#define TOKEN	 "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9."

enum { LINES = 6, TURNS = 64, PATIENCE = 2, CHALLENGE_MAX = 2048 };

static const char *const mechanisms[] = {"SCRAM-SHA-256-PLUS",
					 "SCRAM-SHA-256",
					 "SCRAM-SHA-1-PLUS",
					 "SCRAM-SHA-1",
					 "CRAM-MD5",
					 "PLAIN",
					 "LOGIN",
					 "OAUTHBEARER",
					 "XOAUTH2"};

struct talk {
	struct smtp_login login;
	struct smtp_auth auth;
	struct secret *lines[LINES];
	size_t count;
	enum fault fault;
	enum fault sure;
	struct problem problem;
};

static bool holds(struct slice all, struct slice what)
{
	return slice_find(all, what) < all.len;
}

static void check_line(struct slice line, bool is_command)
{
	char room[12288];
	size_t len;
	assert(line.len >= 2 && line.len <= 12288 && slice_ends(line, SLICE_LIT("\r\n")));
	assert(!holds(line, SLICE_LIT(PASSWORD)) && !holds(line, SLICE_LIT(TOKEN)));
	line = slice_first(line, line.len - 2);
	if (is_command) {
		struct slice verb;
		struct slice name;
		assert(line.len <= 510 && slice_cut_to(&line, ' ', &verb));
		if (!slice_cut_to(&line, ' ', &name)) {
			return;
		}
	}
	assert(base64_decode(line, room, &len) == FAULT_NONE);
}

static void keep(struct talk *t, struct secret *line)
{
	check_line(secret_view(line), t->count == 0);
	t->lines[t->count++] = line;
}

static void hear(struct talk *t, struct slice challenge)
{
	struct secret *line = NULL;
	t->fault = smtp_auth_answer(&t->auth, &t->login, challenge, &line);
	for (unsigned turns = 0; t->fault == FAULT_NONE && line == NULL; turns++) {
		assert(t->auth.works && turns < TURNS);
		/* A large count costs time and finds nothing: the connection is lost before its end. */
		t->fault = turns < PATIENCE ? smtp_auth_turn(&t->auth, &t->login, &line)
					    : FAULT_UPSTREAM_LOST;
	}
	assert((t->fault == FAULT_NONE) == (line != NULL));
	if (line != NULL) {
		keep(t, line);
	}
}

static void hear_line(struct talk *t, struct slice line)
{
	char coded[CHALLENGE_MAX];
	if (slice_starts(line, SLICE_LIT("="))) {
		line = slice_first(slice_skip(line, 1), 1500);
		base64_encode(line, coded);
		line = slice_of(coded, base64_len(line.len));
	}
	hear(t, slice_first(line, CHALLENGE_MAX));
}

static void begin(struct talk *t, unsigned which, const struct secret *password,
		  const struct secret *token)
{
	static const unsigned char chance[SCRAM_CHANCE_LEN] = "eighteen bytes....";
	struct scram_binding binding = {
		.type = SLICE_LIT("tls-exporter"), .len = 8, .bytes = "exported"};
	struct secret *line = NULL;
	*t = (struct talk){.login = {.username = SLICE_LIT("me"),
				     .password = password,
				     .token = which >= 7 ? token : NULL,
				     .host = SLICE_LIT("mail.test"),
				     .port = 465}};
	smtp_auth_init(&t->auth, &t->login, smtp_auth_bit(slice_of_text(mechanisms[which])),
		       &binding, chance);
	assert(smtp_auth_begin(&t->auth, &t->login, &line) == FAULT_NONE);
	keep(t, line);
}

static void check_end(struct talk *t, unsigned which)
{
	bool is_scram = which < 4;
	problem_set(&t->problem, t->fault, "It failed.");
	smtp_auth_explain(&t->auth, &t->problem);
	struct slice said = problem_text(&t->problem);
	for (size_t i = 0; i < said.len; i++) {
		assert(said.ptr[i] >= ' ' && said.ptr[i] <= '~');
	}
	struct slice token = SLICE_LIT(TOKEN);
	for (size_t i = 0; i + 8 <= token.len; i++) {
		assert(!holds(said, slice_of(token.ptr + i, 8)));
	}
	t->sure = t->fault == FAULT_NONE ? smtp_auth_confirm(&t->auth) : t->fault;
	if (is_scram && t->sure == FAULT_NONE) {
		/* The command, the proof, and the word that thanks for the server's. */
		assert(t->auth.scram.state == SCRAM_SURE && t->count >= 3);
	}
	assert(which < 7 || !t->auth.refusal.came || t->sure != FAULT_NONE);
	smtp_auth_end(&t->auth);
}

static void talk(struct talk *t, unsigned which, struct slice server, const struct secret *password,
		 const struct secret *token)
{
	begin(t, which, password, token);
	while (server.len > 0 && t->fault == FAULT_NONE && t->count < LINES) {
		struct slice line;
		if (!slice_cut_to(&server, '\n', &line)) {
			line = server;
			server.len = 0;
		}
		hear_line(t, line);
	}
	check_end(t, which);
}

static void compare_and_free(struct talk *a, struct talk *b)
{
	assert(a->count == b->count && a->fault == b->fault && a->sure == b->sure);
	assert(slice_eq(problem_text(&a->problem), problem_text(&b->problem)));
	for (size_t i = 0; i < a->count; i++) {
		assert(secret_eq(a->lines[i], secret_view(b->lines[i])));
		secret_free(&a->lines[i]);
		secret_free(&b->lines[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct talk one, other;
	static struct secret *password, *token;
	if (size == 0 || size > 16384) {
		return 0;
	}
	if (password == NULL) {
		assert(secret_new(SLICE_LIT(PASSWORD), &password) == FAULT_NONE);
		assert(secret_new(SLICE_LIT(TOKEN), &token) == FAULT_NONE);
	}
	unsigned which = data[0] % COUNT_OF(mechanisms);
	struct slice server = slice_of(data + 1, size - 1);
	talk(&one, which, server, password, token);
	talk(&other, which, server, password, token);
	compare_and_free(&one, &other);
	return 0;
}
