#include "relay/smtp/auth.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/hex.h"
#include "spool-free/base/wipe.h"
#include "relay/smtp/saslprep.h"

enum {
	COMMAND_MAX = 512,     /* RFC 4954 4: with an initial response */
	AUTH_LINE_MAX = 12288, /* the same: any line of an exchange */
};

enum credential { PASSWORD, TOKEN };

/*
 * The nth message of the client, before base64; the command's initial response is number 0, and mechanisms where the
 * server begins have none. No message and no fault: there is work to be done first.
 */
typedef enum fault message_fn(struct smtp_auth *a, const struct smtp_login *login, unsigned number,
			      struct slice challenge, struct secret **out_message);

struct mechanism {
	struct slice name;
	message_fn *message;
	enum credential credential;
	bool server_begins;
	bool prepared; /* only for what SASLprep keeps */
	bool is_scram;
	enum digest_kind digest;
	bool binds;
};

/* NUL user NUL password: no authorization identity of its own. */
static enum fault say_plain(struct smtp_auth *a UNUSED, const struct smtp_login *login,
			    unsigned number, struct slice challenge UNUSED,
			    struct secret **out_message)
{
	const struct slice parts[] = {SLICE_LIT("\0"), login->username, SLICE_LIT("\0"),
				      secret_view(login->password)};
	return number == 0 ? secret_new_parts(parts, COUNT_OF(parts), out_message)
			   : FAULT_UPSTREAM_PROTOCOL;
}

/* Servers ask in many words ("Username:", "User Name", nothing); the order is the same everywhere. */
static enum fault say_login(struct smtp_auth *a UNUSED, const struct smtp_login *login,
			    unsigned number, struct slice challenge UNUSED,
			    struct secret **out_message)
{
	switch (number) {
	case 1:
		return secret_new(login->username, out_message);
	case 2:
		return secret_copy(login->password, out_message);
	default:
		return FAULT_UPSTREAM_PROTOCOL;
	}
}

/* What the server says behind 334. */
static enum fault decode(struct slice challenge, char room[SCRAM_MESSAGE_MAX], size_t *out_len)
{
	if (challenge.len > base64_len(SCRAM_MESSAGE_MAX) ||
	    base64_decode(challenge, room, out_len) != FAULT_NONE) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	return FAULT_NONE;
}

/* User, blank, HMAC-MD5 of the challenge in hexadecimal digits. */
static enum fault say_cram_md5(struct smtp_auth *a UNUSED, const struct smtp_login *login,
			       unsigned number, struct slice challenge, struct secret **out_message)
{
	char asked[SCRAM_MESSAGE_MAX];
	size_t len;
	unsigned char mac[DIGEST_LEN];
	char digits[2 * DIGEST_LEN];
	size_t mac_len = digest_len(DIGEST_MD5);
	if (number != 1 || decode(challenge, asked, &len) != FAULT_NONE) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	enum fault f = digest_hmac(DIGEST_MD5, secret_view(login->password), slice_of(asked, len),
				   mac);
	if (f != FAULT_NONE) {
		return f;
	}
	hex_encode(slice_of(mac, mac_len), digits);
	const struct slice parts[] = {login->username, SLICE_LIT(" "),
				      slice_of(digits, 2 * mac_len)};
	f = secret_new_parts(parts, COUNT_OF(parts), out_message);
	wipe(mac, sizeof(mac));
	wipe(digits, sizeof(digits));
	return f;
}

static enum fault go_on_with_scram(struct smtp_auth *a, const struct smtp_login *login,
				   struct secret **out_message)
{
	enum fault f = scram_turn(&a->scram, login->password);
	if (f == FAULT_NONE && a->scram.state == SCRAM_WORKED) {
		f = scram_say_final(&a->scram, login->username, out_message);
	}
	return f;
}

static enum fault say_scram(struct smtp_auth *a, const struct smtp_login *login, unsigned number,
			    struct slice challenge, struct secret **out_message)
{
	char said[SCRAM_MESSAGE_MAX];
	size_t len = 0;
	if (number == 0) {
		return scram_say_first(&a->scram, login->username, out_message);
	}
	enum fault f = decode(challenge, said, &len);
	if (f == FAULT_NONE && number == 1) {
		f = scram_take_first(&a->scram, slice_of(said, len), login->password);
		return f == FAULT_NONE ? go_on_with_scram(a, login, out_message) : f;
	}
	if (f == FAULT_NONE) {
		f = scram_take_final(&a->scram, slice_of(said, len));
	}
	return f == FAULT_NONE ? secret_new(SLICE_LIT(""), out_message) : f;
}

/* A 334 behind the token is no question: it says what is wrong, waits for `farewell`, and refuses. */
static enum fault take_token_refused(struct smtp_auth *a, const struct smtp_login *login,
				     struct slice challenge, struct slice farewell,
				     struct secret **out_message)
{
	char said[SCRAM_MESSAGE_MAX];
	size_t len = 0;
	if (a->refusal.came) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	if (decode(challenge, said, &len) != FAULT_NONE) {
		len = 0; /* a refusal all the same */
	}
	auth_token_refused(&a->refusal, secret_view(login->token), said, len);
	return secret_new(farewell, out_message);
}

static enum fault say_xoauth2(struct smtp_auth *a, const struct smtp_login *login, unsigned number,
			      struct slice challenge, struct secret **out_message)
{
	return number == 0 ? auth_token_say_xoauth2(login, out_message)
			   : take_token_refused(a, login, challenge, SLICE_LIT(""), out_message);
}

static enum fault say_oauthbearer(struct smtp_auth *a, const struct smtp_login *login,
				  unsigned number, struct slice challenge,
				  struct secret **out_message)
{
	return number == 0 ? auth_token_say_oauthbearer(login, out_message)
			   : take_token_refused(a, login, challenge, SLICE_LIT("\1"), out_message);
}

/*
 * Strongest first. What is bound before what is not, whatever the digest: beside any PLUS, "y" would mean that somebody has
 * changed the server's list (RFC 5802 6), and "n" would let him. PLAIN before LOGIN: one round trip instead of three;
 * OAUTHBEARER names the server it is meant for.
 */
static const struct mechanism mechanisms[] = {
	{.name = SLICE_INIT("SCRAM-SHA-256-PLUS"),
	 .message = say_scram,
	 .prepared = true,
	 .is_scram = true,
	 .digest = DIGEST_SHA256,
	 .binds = true},
	{.name = SLICE_INIT("SCRAM-SHA-1-PLUS"),
	 .message = say_scram,
	 .prepared = true,
	 .is_scram = true,
	 .digest = DIGEST_SHA1,
	 .binds = true},
	{.name = SLICE_INIT("SCRAM-SHA-256"),
	 .message = say_scram,
	 .prepared = true,
	 .is_scram = true,
	 .digest = DIGEST_SHA256},
	{.name = SLICE_INIT("SCRAM-SHA-1"),
	 .message = say_scram,
	 .prepared = true,
	 .is_scram = true,
	 .digest = DIGEST_SHA1},
	{.name = SLICE_INIT("CRAM-MD5"),
	 .message = say_cram_md5,
	 .prepared = true,
	 .server_begins = true},
	{.name = SLICE_INIT("PLAIN"), .message = say_plain},
	{.name = SLICE_INIT("LOGIN"), .message = say_login, .server_begins = true},
	{.name = SLICE_INIT("OAUTHBEARER"), .message = say_oauthbearer, .credential = TOKEN},
	{.name = SLICE_INIT("XOAUTH2"), .message = say_xoauth2, .credential = TOKEN},
};

static const struct mechanism *find(unsigned bit)
{
	for (size_t i = 0; i < COUNT_OF(mechanisms); i++) {
		if (bit == 1U << i) {
			return &mechanisms[i];
		}
	}
	return NULL;
}

unsigned smtp_auth_bit(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(mechanisms); i++) {
		if (slice_eq_nocase(name, mechanisms[i].name)) {
			return 1U << i;
		}
	}
	return 0;
}

struct slice smtp_auth_name(unsigned bit)
{
	const struct mechanism *m = find(bit);
	return m != NULL ? m->name : SLICE_LIT("");
}

void smtp_auth_init(struct smtp_auth *a, const struct smtp_login *login, unsigned offered,
		    const struct scram_binding *binding,
		    const unsigned char chance[SCRAM_CHANCE_LEN])
{
	enum credential credential = login->token != NULL ? TOKEN : PASSWORD;
	bool kept = smtp_saslprep_keeps(login->username) &&
		    smtp_saslprep_keeps(secret_view(login->password));
	*a = (struct smtp_auth){.binding = *binding};
	memcpy(a->chance, chance, sizeof(a->chance));
	for (size_t i = 0; i < COUNT_OF(mechanisms); i++) {
		const struct mechanism *m = &mechanisms[i];
		if ((offered & 1U << i) == 0 || m->credential != credential ||
		    (m->binds && binding->type.len == 0)) {
			continue;
		}
		if (m->prepared && !kept) {
			a->unprepared = true;
		} else {
			a->left |= 1U << i;
		}
	}
}

void smtp_auth_end(struct smtp_auth *a)
{
	scram_deinit(&a->scram);
	wipe(a, sizeof(*a));
}

static bool holds_byte_below(struct slice s, unsigned char least)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] < least) {
			return true;
		}
	}
	return false;
}

/* PLAIN separates by NUL, the others of its kind end there too often; tokens' fields end at a control byte. */
static enum fault judge(const struct mechanism *m, const struct smtp_login *login)
{
	bool bad = m->credential == TOKEN
			   ? holds_byte_below(login->username, ' ') ||
				     holds_byte_below(login->host, '!') ||
				     holds_byte_below(secret_view(login->token), '!')
			   : holds_byte_below(login->username, 1) ||
				     holds_byte_below(secret_view(login->password), 1);
	return bad ? FAULT_BAD_FIELD : FAULT_NONE;
}

/* What stands before it, base64 of the message, CRLF. */
static enum fault encode(const struct slice *before, size_t count, struct slice message,
			 struct secret **out_line)
{
	char *at;
	size_t len = base64_len(message.len) + 2;
	for (size_t i = 0; i < count; i++) {
		len += before[i].len;
	}
	if (len > AUTH_LINE_MAX) {
		return FAULT_BAD_FIELD;
	}
	enum fault f = secret_new_room(len, out_line, &at);
	for (size_t i = 0; f == FAULT_NONE && i < count; i++) {
		memcpy(at, before[i].ptr, before[i].len);
		at += before[i].len;
	}
	if (f == FAULT_NONE) {
		base64_encode(message, at);
		memcpy(at + base64_len(message.len), "\r\n", 2);
	}
	return f;
}

static enum fault say_command(struct smtp_auth *a, const struct mechanism *m,
			      const struct smtp_login *login, struct secret **out_line)
{
	CLEANUP(secret_free) struct secret *initial = NULL;
	const struct slice before[] = {SLICE_LIT("AUTH "), m->name, SLICE_LIT(" ")};
	if (!m->server_begins) {
		enum fault f = m->message(a, login, 0, SLICE_LIT(""), &initial);
		if (f != FAULT_NONE) {
			return f;
		}
		size_t len = before[0].len + m->name.len + before[2].len +
			     base64_len(secret_view(initial).len) + 2;
		a->step = len > COMMAND_MAX ? 0 : 1;
	}
	bool alone = m->server_begins || a->step == 0;
	a->may_repeat = !alone;
	return encode(before, alone ? 2 : 3, alone ? SLICE_LIT("") : secret_view(initial),
		      out_line);
}

enum fault smtp_auth_begin(struct smtp_auth *a, const struct smtp_login *login,
			   struct secret **out_line)
{
	a->mechanism = a->left & -a->left;
	a->left &= ~a->mechanism;
	a->step = 1;
	a->asked = false;
	scram_deinit(&a->scram);
	const struct mechanism *m = find(a->mechanism);
	if (m == NULL) {
		return FAULT_UPSTREAM_NO_AUTH;
	}
	enum fault f = judge(m, login);
	if (f != FAULT_NONE) {
		return f;
	}
	if (m->is_scram) {
		/* "y" also behind a PLUS that was offered, and then not known: it has none, or somebody else spoke. */
		enum scram_bound bound = a->binding.type.len == 0 ? SCRAM_CANNOT_BIND
					 : m->binds		  ? SCRAM_BINDS
								  : SCRAM_COULD_BIND;
		scram_init(&a->scram, m->digest, bound, &a->binding,
			   slice_of(a->chance, sizeof(a->chance)));
	}
	return say_command(a, m, login, out_line);
}

/* Without a message work comes first. */
static enum fault encode_message(struct smtp_auth *a, const struct secret *message,
				 struct secret **out_line)
{
	a->works = message == NULL;
	return a->works ? FAULT_NONE : encode(NULL, 0, secret_view(message), out_line);
}

enum fault smtp_auth_answer(struct smtp_auth *a, const struct smtp_login *login,
			    struct slice challenge, struct secret **out_line)
{
	CLEANUP(secret_free) struct secret *message = NULL;
	/* An empty 334 behind the command: this server takes no response with it (relay.md E5). */
	unsigned number = a->may_repeat && challenge.len == 0 ? 0 : a->step;
	a->may_repeat = false;
	a->asked = true;
	a->step = number + 1;
	enum fault f = find(a->mechanism)->message(a, login, number, challenge, &message);
	return f == FAULT_NONE ? encode_message(a, message, out_line) : f;
}

enum fault smtp_auth_turn(struct smtp_auth *a, const struct smtp_login *login,
			  struct secret **out_line)
{
	CLEANUP(secret_free) struct secret *message = NULL;
	enum fault f = go_on_with_scram(a, login, &message);
	return f == FAULT_NONE ? encode_message(a, message, out_line) : f;
}

bool smtp_auth_can_go_on(const struct smtp_auth *a)
{
	return !a->asked && a->left != 0;
}

enum fault smtp_auth_confirm(struct smtp_auth *a)
{
	if (a->refusal.came) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	if (find(a->mechanism)->is_scram && a->scram.state != SCRAM_SURE) {
		a->scram.why = "The mail server ended the login without a proof that it knows the "
			       "password too.";
		return FAULT_UPSTREAM_PROTOCOL;
	}
	return FAULT_NONE;
}

void smtp_auth_explain(const struct smtp_auth *a, struct problem *p)
{
	if (a->scram.why != NULL) {
		problem_set(p, p->fault, a->scram.why);
	} else if (a->refusal.came) {
		auth_token_explain(&a->refusal, p);
	} else if (p->fault == FAULT_UPSTREAM_NO_AUTH && a->unprepared) {
		problem_add(p,
			    " SCRAM and CRAM-MD5, which it offers, are not used for a user name or "
			    "password with such characters.");
	}
}
