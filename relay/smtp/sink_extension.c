#include "relay/smtp/sink_inside.h"

static bool take_size(struct sink_session *s, struct slice value)
{
	uint64_t size;
	if (!slice_to_u64(value, UINT64_MAX, &size)) {
		sink_say(s, "501 5.5.4 SIZE is a number of bytes");
		return false;
	}
	if (size > s->policy->size_max) {
		sink_say(s, "552 5.3.4 The message is larger than the size announced");
		return false;
	}
	return true;
}

static bool take_body(struct sink_session *s, struct slice value)
{
	if (slice_eq_nocase(value, SLICE_LIT("7BIT")) ||
	    slice_eq_nocase(value, SLICE_LIT("8BITMIME"))) {
		return true;
	}
	sink_say(s, "501 5.5.4 BODY is 7BIT or 8BITMIME");
	return false;
}

static bool take_utf8(struct sink_session *s, struct slice value)
{
	if (value.len > 0) {
		sink_say(s, "501 5.5.4 SMTPUTF8 has no value");
		return false;
	}
	s->takes_utf8 = true;
	return true;
}

static bool take_require_tls(struct sink_session *s, struct slice value)
{
	if (value.len > 0 || !s->is_tls) {
		sink_say(s, "501 5.5.4 REQUIRETLS has no value, and needs TLS");
		return false;
	}
	return true;
}

/* RFC 4954 5: a statement of trust; this server trusts nobody, and takes note of nothing. */
static bool take_auth(struct sink_session *s, struct slice value)
{
	if (value.len > 0 && s->is_authenticated) {
		return true;
	}
	sink_say(s, "503 5.5.4 AUTH= needs a login and a value");
	return false;
}

static bool take_return(struct sink_session *s, struct slice value)
{
	if (slice_eq_nocase(value, SLICE_LIT("FULL")) ||
	    slice_eq_nocase(value, SLICE_LIT("HDRS"))) {
		return true;
	}
	sink_say(s, "501 5.5.4 RET is FULL or HDRS");
	return false;
}

/* RFC 3461 section 4: + and two digits of sixteen in capitals, or what is printable but + and =. */
static bool is_xtext(struct slice text)
{
	static const struct slice digits = SLICE_INIT("0123456789ABCDEF");
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c <= ' ' || c > '~' || c == '=') {
			return false;
		}
		if (c == '+') {
			if (text.len - i < 3 ||
			    slice_find_byte(digits, text.ptr[i + 1]) == digits.len ||
			    slice_find_byte(digits, text.ptr[i + 2]) == digits.len) {
				return false;
			}
			i += 2;
		}
	}
	return text.len > 0;
}

static bool take_envelope_id(struct sink_session *s, struct slice value)
{
	if (value.len <= SINK_ENVELOPE_ID_MAX && is_xtext(value)) {
		return true;
	}
	sink_say(s, "501 5.5.4 ENVID is xtext of at most 100 characters");
	return false;
}

static bool is_event(struct slice word)
{
	return slice_eq_nocase(word, SLICE_LIT("SUCCESS")) ||
	       slice_eq_nocase(word, SLICE_LIT("FAILURE")) ||
	       slice_eq_nocase(word, SLICE_LIT("DELAY"));
}

static bool take_notify(struct sink_session *s, struct slice value)
{
	struct slice rest = value;
	struct slice word;
	bool good = true;
	if (slice_eq_nocase(value, SLICE_LIT("NEVER"))) {
		return true;
	}
	while (slice_cut_to(&rest, ',', &word)) {
		good = good && is_event(word);
	}
	if (!good || !is_event(rest)) {
		sink_say(s, "501 5.5.4 NOTIFY is NEVER, or some of SUCCESS,FAILURE,DELAY");
		return false;
	}
	return true;
}

static bool take_original(struct sink_session *s, struct slice value)
{
	struct slice address = value;
	struct slice type;
	if (value.len <= SINK_ORIGINAL_MAX && slice_cut_to(&address, ';', &type) && type.len > 0 &&
	    is_xtext(address)) {
		return true;
	}
	sink_say(s, "501 5.5.4 ORCPT is a type, a semicolon, and an address as xtext");
	return false;
}

struct parameter {
	struct slice name;
	bool (*take)(struct sink_session *s, struct slice value); /* false: it has answered */
	unsigned of;						  /* extension, or 0 */
};

static const struct parameter of_mail[] = {
	{SLICE_INIT("SIZE"), take_size, 0},
	{SLICE_INIT("BODY"), take_body, SINK_EIGHT_BIT},
	{SLICE_INIT("SMTPUTF8"), take_utf8, SINK_UTF8},
	{SLICE_INIT("AUTH"), take_auth, 0},
	{SLICE_INIT("REQUIRETLS"), take_require_tls, SINK_REQUIRE_TLS},
	{SLICE_INIT("RET"), take_return, SINK_DSN},
	{SLICE_INIT("ENVID"), take_envelope_id, SINK_DSN},
};

static const struct parameter of_rcpt[] = {
	{SLICE_INIT("NOTIFY"), take_notify, SINK_DSN},
	{SLICE_INIT("ORCPT"), take_original, SINK_DSN},
};

static bool take_one(struct sink_session *s, struct slice parameter, const struct parameter *rows,
		     size_t count)
{
	struct slice value = parameter;
	struct slice name = parameter;
	if (!slice_cut_to(&value, '=', &name)) {
		value = (struct slice){0};
	}
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_nocase(name, rows[i].name) && (rows[i].of & s->policy->without) == 0) {
			return rows[i].take(s, value);
		}
	}
	sink_say(s, "555 5.5.4 This parameter was not offered");
	return false;
}

static bool take_all(struct sink_session *s, struct slice rest, const struct parameter *rows,
		     size_t count)
{
	while (rest.len > 0) {
		struct slice one;
		rest = slice_skip(rest, 1);
		size_t end = slice_find_byte(rest, ' ');
		one = slice_first(rest, end);
		rest = slice_skip(rest, end);
		if (!s->is_extended) {
			sink_say(s, "555 5.5.4 Parameters need EHLO");
			return false;
		}
		if (!take_one(s, one, rows, count)) {
			return false;
		}
	}
	return true;
}

bool sink_mail_parameters(struct sink_session *s, struct slice rest)
{
	return take_all(s, rest, of_mail, COUNT_OF(of_mail));
}

bool sink_rcpt_parameters(struct sink_session *s, struct slice rest)
{
	return take_all(s, rest, of_rcpt, COUNT_OF(of_rcpt));
}

static const struct {
	struct slice name; /* as an option has it */
	const char *line;  /* of EHLO's reply */
	unsigned extension;
	bool needs_tls;
} extensions[] = {
	{SLICE_INIT("pipelining"), "250-PIPELINING", SINK_PIPELINING, false},
	{SLICE_INIT("8bitmime"), "250-8BITMIME", SINK_EIGHT_BIT, false},
	{SLICE_INIT("smtputf8"), "250-SMTPUTF8", SINK_UTF8, false},
	{SLICE_INIT("chunking"), "250-CHUNKING", SINK_CHUNKING, false},
	{SLICE_INIT("dsn"), "250-DSN", SINK_DSN, false},
	{SLICE_INIT("requiretls"), "250-REQUIRETLS", SINK_REQUIRE_TLS, true},
};

unsigned sink_extension(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(extensions); i++) {
		if (slice_eq_nocase(name, extensions[i].name)) {
			return extensions[i].extension;
		}
	}
	return 0;
}

void sink_offer(struct sink_session *s)
{
	for (size_t i = 0; i < COUNT_OF(extensions); i++) {
		if ((extensions[i].extension & s->policy->without) == 0 &&
		    (s->is_tls || !extensions[i].needs_tls)) {
			sink_say(s, extensions[i].line);
		}
	}
}
