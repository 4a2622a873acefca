#include "relay/gateway/pause.h"

#include <string.h>

enum { TENANT_MAX = 64, PORT_MAX = 65535, MINUTE_LEN = 16 };

static const struct slice names[] = {
	[PAUSE_ALL] = SLICE_INIT("all"),
	[PAUSE_TENANT] = SLICE_INIT("tenant"),
	[PAUSE_UPSTREAM] = SLICE_INIT("upstream"),
};

struct slice pause_what_name(enum pause_what what)
{
	return names[what];
}

struct slice pause_name(const struct pause_target *t)
{
	return slice_of(t->name, t->name_len);
}

struct slice pause_reason(const struct pause *p)
{
	return slice_of(p->reason, p->reason_len);
}

static bool is_small_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_word(struct slice s, bool capitals, size_t most)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool is_capital = c >= 'A' && c <= 'Z';
		if (!is_small_or_digit(c) && c != '-' && !(capitals && is_capital)) {
			return false;
		}
	}
	return s.len > 0 && s.len <= most;
}

enum fault pause_tenant(struct slice id, struct pause_target *out_target, struct problem *problem)
{
	if (!is_word(id, false, TENANT_MAX)) {
		return problem_set(problem, FAULT_BAD_FIELD,
				   "A tenant's id must be 1 to 64 of a-z, 0-9 and '-'.");
	}
	struct pause_target t = {.what = PAUSE_TENANT, .name_len = id.len};
	memcpy(t.name, id.ptr, id.len);
	*out_target = t;
	return FAULT_NONE;
}

static enum fault not_a_server(struct problem *problem)
{
	return problem_set(problem, FAULT_BAD_FIELD,
			   "A mail server must be given as HOST, HOST:PORT or [IPv6 address]:PORT, "
			   "such as smtp.example.com:587.");
}

/* An address of IPv6 stands in brackets, or alone. */
static bool cut_port(struct slice text, struct slice *out_host, struct slice *out_port)
{
	bool has_bracket = slice_starts(text, SLICE_LIT("["));
	size_t end = slice_find_byte(text, has_bracket ? ']' : ':');
	*out_host = text;
	*out_port = (struct slice){0};
	if (has_bracket) {
		*out_host = slice_skip(slice_first(text, end), 1);
		text = slice_skip(text, end);
		end = 1;
		if (text.len == 0) { /* no ] */
			return false;
		}
	} else if (slice_find_byte(slice_skip(text, end + 1), ':') <
		   slice_skip(text, end + 1).len) {
		return true; /* more than one ':' */
	} else {
		*out_host = slice_first(text, end);
	}
	struct slice rest = slice_skip(text, end);
	*out_port = slice_skip(rest, 1);
	return rest.len == 0 || (rest.ptr[0] == ':' && out_port->len > 0);
}

/* As the host's name stands in a target. */
static bool name_of(struct slice host, char out_name[RESOLVE_NAME_MAX + 1], size_t *out_len)
{
	if (resolve_one_name(host, out_name) != FAULT_NONE) {
		return false;
	}
	*out_len = strlen(out_name);
	return true;
}

enum fault pause_upstream(struct slice text, struct pause_target *out_target,
			  struct problem *problem)
{
	struct pause_target t = {.what = PAUSE_UPSTREAM};
	struct slice host, digits;
	uint64_t port = 0;
	if (!cut_port(text, &host, &digits) ||
	    (digits.len > 0 && (!slice_to_u64(digits, PORT_MAX, &port) || port == 0)) ||
	    !name_of(host, t.name, &t.name_len)) {
		return not_a_server(problem);
	}
	t.port = (uint16_t)port;
	*out_target = t;
	return FAULT_NONE;
}

enum fault pause_take_reason(struct pause *p, struct slice word, struct problem *problem)
{
	if (!is_word(word, true, PAUSE_REASON_MAX)) {
		return problem_set(problem, FAULT_BAD_FIELD,
				   "A reason must be one word of 1 to 64 letters, digits and '-': "
				   "it is told to callers and to the log.");
	}
	memcpy(p->reason, word.ptr, word.len);
	p->reason_len = word.len;
	return FAULT_NONE;
}

bool pause_is_same(const struct pause_target *a, const struct pause_target *b)
{
	return a->what == b->what && a->port == b->port && slice_eq(pause_name(a), pause_name(b));
}

bool pause_meets(const struct pause_target *t, struct slice tenant, struct slice host,
		 uint16_t port)
{
	char name[RESOLVE_NAME_MAX + 1];
	size_t len;
	switch (t->what) {
	case PAUSE_ALL:
		return true;
	case PAUSE_TENANT:
		return slice_eq(pause_name(t), tenant);
	case PAUSE_UPSTREAM:
		break;
	}
	return (t->port == 0 || t->port == port) && name_of(host, name, &len) &&
	       slice_eq(pause_name(t), slice_of(name, len));
}

static void add_minute(struct problem *p, struct civil at)
{
	char text[CIVIL_RFC3339_LEN + 1];
	civil_rfc3339(at, text);
	text[MINUTE_LEN] = '\0';
	text[MINUTE_LEN - 6] = ' '; /* the T */
	problem_add(p, text);
	problem_add(p, " UTC");
}

static void add_reason(struct problem *p, const struct pause *pause)
{
	char word[PAUSE_REASON_MAX + 1];
	if (pause->reason_len > 0) {
		memcpy(word, pause->reason, pause->reason_len);
		word[pause->reason_len] = '\0';
		problem_add(p, " (");
		problem_add(p, word);
		problem_add(p, ")");
	}
}

enum fault pause_explain(const struct pause *p, struct instant now, bool some_sent,
			 struct problem *problem, uint64_t *out_retry_ms)
{
	static const char *const whats[] = {
		[PAUSE_ALL] = "The operator of this Pagepost paused all sending at ",
		[PAUSE_TENANT] = "The operator of this Pagepost paused this site's sending at ",
		[PAUSE_UPSTREAM] =
			("The operator of this Pagepost paused sending through this mail "
			 "server at "),
	};
	uint64_t left_ms = instant_left_ms(p->ends, now);
	(void)problem_set(problem, FAULT_PAUSED, whats[p->target.what]);
	add_minute(problem, p->since);
	add_reason(problem, p);
	if (p->until.ms != 0) {
		problem_add(problem, ", until ");
		add_minute(problem, p->until);
		problem_add(problem, " at the latest.");
		problem_add(problem, some_sent ? " This recipient got nothing; send the page to "
						 "them alone then."
					       : " Nothing was sent; send the page again then.");
	} else {
		problem_add(problem, ", until the operator resumes it.");
		problem_add(problem, some_sent ? " This recipient got nothing; send the page to "
						 "them alone later, or ask the operator when."
					       : " Nothing was sent; send the page again later, or "
						 "ask the operator when.");
		left_ms = PAUSE_RETRY_MS;
	}
	left_ms = left_ms < 1000 ? 1000 : left_ms;
	*out_retry_ms = left_ms < PAUSE_RETRY_MAX_MS ? left_ms : PAUSE_RETRY_MAX_MS;
	return FAULT_PAUSED;
}

void pause_put(struct json_writer *w, const struct pause *p)
{
	json_put_object(w);
	json_member_text(w, "what", pause_what_name(p->target.what));
	if (p->target.what != PAUSE_ALL) {
		json_member_text(w, "name", pause_name(&p->target));
	}
	if (p->target.port != 0) {
		json_member_u64(w, "port", p->target.port);
	}
	json_member_time(w, "since", p->since);
	if (p->until.ms != 0) {
		json_member_time(w, "until", p->until);
	}
	if (p->reason_len > 0) {
		json_member_text(w, "reason", pause_reason(p));
	}
	json_put_object_end(w);
}
