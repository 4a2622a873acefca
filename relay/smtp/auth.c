#include "relay/smtp/auth.h"

#include <string.h>

#include "spool-free/base/base64.h"

/* RFC 4954 section 4: an initial response only when the whole command keeps within 512 bytes. */
enum { COMMAND_MAX = 512 };

typedef enum fault auth_fn(const struct smtp_login *login, unsigned step, struct slice challenge,
			   struct secret **out_line);

/* verb, base64 of `what`, CRLF */
static enum fault encode_line(struct slice verb, struct slice what, struct secret **out_line)
{
	char *at;
	size_t coded = base64_len(what.len);
	enum fault f = secret_new_room(verb.len + coded + 2, out_line, &at);
	if (f != FAULT_NONE) {
		return f;
	}
	memcpy(at, verb.ptr, verb.len);
	base64_encode(what, at + verb.len);
	memcpy(at + verb.len + coded, "\r\n", 2);
	return FAULT_NONE;
}

/* NUL user NUL password: no authorization identity of its own. */
static enum fault plain_message(const struct smtp_login *login, struct secret **out_message)
{
	char *at;
	struct slice password = secret_view(login->password);
	enum fault f = secret_new_room(login->username.len + password.len + 2, out_message, &at);
	if (f != FAULT_NONE) {
		return f;
	}
	at[0] = '\0';
	memcpy(at + 1, login->username.ptr, login->username.len);
	at[1 + login->username.len] = '\0';
	if (password.len > 0) {
		memcpy(at + 2 + login->username.len, password.ptr, password.len);
	}
	return FAULT_NONE;
}

static enum fault plain_line(const struct smtp_login *login, unsigned step,
			     struct slice challenge UNUSED, struct secret **out_line)
{
	CLEANUP(secret_free) struct secret *message = NULL;
	struct slice verb = SLICE_LIT("AUTH PLAIN ");
	enum fault f = plain_message(login, &message);
	if (f != FAULT_NONE) {
		return f;
	}
	struct slice bytes = secret_view(message);
	bool fits = verb.len + base64_len(bytes.len) + 2 <= COMMAND_MAX;
	if (step == 0) {
		return fits ? encode_line(verb, bytes, out_line)
			    : secret_new(SLICE_LIT("AUTH PLAIN\r\n"), out_line);
	}
	return step == 1 && !fits ? encode_line(SLICE_LIT(""), bytes, out_line)
				  : FAULT_UPSTREAM_PROTOCOL;
}

/* Servers ask in many words ("Username:", "User Name", nothing); the order is the same everywhere.
 */
static enum fault login_line(const struct smtp_login *login, unsigned step,
			     struct slice challenge UNUSED, struct secret **out_line)
{
	switch (step) {
	case 0:
		return secret_new(SLICE_LIT("AUTH LOGIN\r\n"), out_line);
	case 1:
		return encode_line(SLICE_LIT(""), login->username, out_line);
	case 2:
		return encode_line(SLICE_LIT(""), secret_view(login->password), out_line);
	default:
		return FAULT_UPSTREAM_PROTOCOL;
	}
}

static const struct {
	struct slice name;
	auth_fn *line;
} mechanisms[] = {
	{SLICE_INIT("PLAIN"), plain_line}, /* before LOGIN: one round trip instead of three */
	{SLICE_INIT("LOGIN"), login_line},
};

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
	for (size_t i = 0; i < COUNT_OF(mechanisms); i++) {
		if (bit == 1U << i) {
			return mechanisms[i].name;
		}
	}
	return SLICE_LIT("");
}

unsigned smtp_auth_strongest(unsigned offered)
{
	return offered & -offered;
}

static bool holds_nul(struct slice s)
{
	return slice_find_byte(s, '\0') < s.len;
}

enum fault smtp_auth_line(unsigned mechanism, const struct smtp_login *login, unsigned step,
			  struct slice challenge, struct secret **out_line)
{
	if (holds_nul(login->username) || holds_nul(secret_view(login->password))) {
		return FAULT_BAD_FIELD;
	}
	for (size_t i = 0; i < COUNT_OF(mechanisms); i++) {
		if (mechanism == 1U << i) {
			return mechanisms[i].line(login, step, challenge, out_line);
		}
	}
	return FAULT_UPSTREAM_NO_AUTH;
}
