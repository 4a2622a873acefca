#include "relay/smtp/sink_inside.h"

#include "spool-free/base/base64.h"
#include "spool-free/base/wipe.h"

/* RFC 4616: authorization identity, NUL, user, NUL, password. */
static bool plain_is_right(const struct sink_policy *p, struct slice message)
{
	struct slice identity;
	struct slice user;
	if (!slice_cut_to(&message, '\0', &identity) || !slice_cut_to(&message, '\0', &user)) {
		return false;
	}
	bool identity_fits = identity.len == 0 || slice_eq(identity, user);
	return identity_fits && slice_eq(user, p->user) && secret_eq(p->password, message);
}

static void conclude(struct sink_session *s, bool right)
{
	s->state = SINK_COMMANDS;
	if (right) {
		s->is_authenticated = true;
		sink_say(s, "235 2.7.0 Logged in");
		return;
	}
	s->bad_commands++;
	sink_say(s, "535 5.7.8 User name or password is wrong");
}

static void judge(struct sink_session *s, struct slice message)
{
	switch (s->state) {
	case SINK_AUTH_USER:
		s->user_matches = slice_eq(message, s->policy->user);
		s->state = SINK_AUTH_PASSWORD;
		sink_say(s, "334 UGFzc3dvcmQ6");
		break;
	case SINK_AUTH_PASSWORD:
		conclude(s, secret_eq(s->policy->password, message) && s->user_matches);
		break;
	case SINK_AUTH_PLAIN:
		conclude(s, plain_is_right(s->policy, message));
		break;
	case SINK_COMMANDS:
	case SINK_CONTENT:
	case SINK_CHUNK:
	case SINK_TLS:
	case SINK_END:
		break;
	}
}

void sink_auth_answer(struct sink_session *s, struct slice answer)
{
	char room[SINK_LINE_MAX];
	size_t len = 0;
	if (slice_eq(answer, SLICE_LIT("*"))) {
		s->state = SINK_COMMANDS;
		sink_say(s, "501 5.7.0 Given up, as you wished");
		return;
	}
	/* RFC 4954 4: "=" alone is an empty initial response. */
	if (slice_eq(answer, SLICE_LIT("="))) {
		answer = SLICE_LIT("");
	}
	if (base64_decode(answer, room, &len) != FAULT_NONE) {
		s->state = SINK_COMMANDS;
		sink_say(s, "501 5.5.2 This is not base64");
	} else {
		judge(s, slice_of(room, len));
	}
	wipe(room, len);
}

static bool may_log_in(struct sink_session *s)
{
	if (s->policy->user.len == 0 || !s->is_extended) {
		sink_say(s, "503 5.5.1 AUTH was not offered");
	} else if (!s->is_tls) {
		sink_say(s, "538 5.7.11 AUTH needs TLS");
	} else if (s->is_authenticated || s->has_sender) {
		sink_say(s, "503 5.5.1 AUTH comes once, and before MAIL");
	} else {
		return true;
	}
	return false;
}

void sink_auth(struct sink_session *s, struct slice argument)
{
	struct slice initial = argument;
	struct slice name = argument;
	bool has_initial = slice_cut_to(&initial, ' ', &name);
	if (!may_log_in(s)) {
		return;
	}
	if (slice_eq_nocase(name, SLICE_LIT("PLAIN"))) {
		s->state = SINK_AUTH_PLAIN;
	} else if (slice_eq_nocase(name, SLICE_LIT("LOGIN"))) {
		s->state = SINK_AUTH_USER;
	} else {
		sink_say(s, "504 5.5.4 PLAIN and LOGIN are offered, nothing else");
		return;
	}
	if (has_initial) {
		sink_auth_answer(s, initial);
	} else {
		sink_say(s, s->state == SINK_AUTH_PLAIN ? "334 " : "334 VXNlcm5hbWU6");
	}
}
