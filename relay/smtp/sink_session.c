#include "relay/smtp/sink_session.h"

#include "relay/smtp/sink_inside.h"

void sink_say(struct sink_session *s, const char *line)
{
	if (s->state == SINK_END) {
		return;
	}
	enum fault f = buf_add_text(&s->output, line);
	if (f == FAULT_NONE) {
		f = buf_add_text(&s->output, "\r\n");
	}
	if (f != FAULT_NONE) {
		/* A client that sends commands and reads no answers. */
		s->state = SINK_END;
	}
}

static void give_back_content(struct sink_session *s)
{
	*s->policy->room += s->content.len;
	buf_deinit(&s->content);
	s->content_size = 0;
	s->content_fault = FAULT_NONE;
	s->undot = (struct undot){0};
	s->lines = (struct sink_lines){0};
	s->has_chunks = false;
	s->chunks_failed = false;
}

void sink_forget_mail(struct sink_session *s)
{
	give_back_content(s);
	buf_clear(&s->envelope);
	s->has_sender = false;
	s->takes_utf8 = false;
	s->sender_len = 0;
	s->recipient_count = 0;
}

enum fault sink_session_init(struct sink_session *s, const struct sink_policy *policy, bool is_tls)
{
	*s = (struct sink_session){.policy = policy, .is_tls = is_tls};
	buf_init(&s->line, SINK_LINE_MAX);
	buf_init(&s->output, SINK_OUTPUT_MAX);
	buf_init(&s->envelope, SINK_ENVELOPE_MAX);
	buf_init(&s->content, policy->size_max);
	enum fault f = buf_add_text(&s->output, "220 ");
	if (f == FAULT_NONE) {
		f = buf_add(&s->output, policy->host_name);
	}
	if (f == FAULT_NONE) {
		f = buf_add_text(&s->output, " ESMTP Pagepost sink\r\n");
	}
	if (f != FAULT_NONE) {
		sink_session_deinit(s);
	}
	return f;
}

void sink_session_deinit(struct sink_session *s)
{
	if (s->policy != NULL) {
		sink_forget_mail(s);
	}
	buf_deinit(&s->line);
	buf_deinit(&s->output);
	buf_deinit(&s->envelope);
}

void sink_keep(void *ctx, struct slice run)
{
	struct sink_session *s = ctx;
	const struct sink_policy *p = s->policy;
	s->content_size += run.len;
	if (s->content_fault != FAULT_NONE) {
		return;
	}
	if (s->content_size > p->size_max) {
		s->content_fault = FAULT_TOO_LARGE;
	} else if (p->keeps_content) {
		s->content_fault = run.len > *p->room ? FAULT_NO_MEMORY : buf_add(&s->content, run);
		*p->room -= s->content_fault == FAULT_NONE ? run.len : 0;
	}
}

static void take_message(struct sink_session *s)
{
	struct slice envelope = buf_view(&s->envelope);
	const struct sink_message m = {
		.sender = slice_first(envelope, s->sender_len),
		.recipients = slice_skip(envelope, s->sender_len),
		.recipient_count = s->recipient_count,
		.content = buf_view(&s->content),
		.size = s->content_size,
	};
	s->policy->taken(s->policy->ctx, &m);
	if (s->policy->drops_after_dot) {
		s->state = SINK_END;
	}
	sink_say(s, "250 2.0.0 Taken");
}

void sink_judge_content(struct sink_session *s)
{
	if (s->content_fault == FAULT_TOO_LARGE) {
		sink_say(s, "552 5.3.4 The message is larger than the size announced");
	} else if (s->content_fault != FAULT_NONE) {
		sink_say(s, "452 4.3.1 Not enough memory for the message");
	} else if (s->undot.has_bare) {
		sink_say(s, "550 5.6.11 The message has a CR or LF that stands alone");
	} else if (s->undot.has_long) {
		sink_say(s, "550 5.6.0 The message has a line of more than 998 bytes");
	} else {
		take_message(s);
	}
	sink_forget_mail(s);
}

static struct slice feed_content(struct sink_session *s, struct slice bytes)
{
	size_t n = undot_feed(&s->undot, bytes, sink_keep, s);
	if (undot_is_over(&s->undot)) {
		s->state = SINK_COMMANDS;
		sink_judge_content(s);
	}
	return slice_skip(bytes, n);
}

static void on_line(struct sink_session *s, struct slice line)
{
	switch (s->state) {
	case SINK_COMMANDS:
		sink_command(s, line);
		break;
	case SINK_AUTH_PLAIN:
	case SINK_AUTH_USER:
	case SINK_AUTH_PASSWORD:
		sink_auth_answer(s, line);
		break;
	case SINK_CONTENT:
	case SINK_CHUNK:
	case SINK_TLS:
	case SINK_END:
		break;
	}
}

static void refuse_line(struct sink_session *s, const char *reply)
{
	sink_say(s, reply);
	s->state = SINK_END;
}

/* One line out of the front of `bytes`, together with what was held of it before. */
static struct slice feed_line(struct sink_session *s, struct slice bytes)
{
	size_t n = slice_find_byte(bytes, '\n');
	bool whole = n < bytes.len;
	struct slice part = slice_first(bytes, whole ? n + 1 : n);
	if (buf_add(&s->line, part) != FAULT_NONE) {
		refuse_line(s, "500 5.5.6 The line is too long");
		return (struct slice){0};
	}
	if (!whole) {
		return (struct slice){0};
	}
	struct slice line = buf_view(&s->line);
	size_t cr = slice_find_byte(line, '\r');
	if (cr + 2 != line.len) {
		refuse_line(s, "500 5.5.2 A line must end in CR LF, and hold neither elsewhere");
		return (struct slice){0};
	}
	on_line(s, slice_first(line, cr));
	buf_clear(&s->line);
	return slice_skip(bytes, part.len);
}

enum fault sink_session_feed(struct sink_session *s, struct slice bytes)
{
	while (bytes.len > 0) {
		switch (s->state) {
		case SINK_COMMANDS:
		case SINK_AUTH_PLAIN:
		case SINK_AUTH_USER:
		case SINK_AUTH_PASSWORD:
			bytes = feed_line(s, bytes);
			break;
		case SINK_CONTENT:
			bytes = feed_content(s, bytes);
			break;
		case SINK_CHUNK:
			bytes = sink_feed_chunk(s, bytes);
			break;
		case SINK_TLS:
			/* RFC 3207 section 5: nothing may follow STARTTLS in the clear. */
			s->state = SINK_END;
			return FAULT_MALFORMED;
		case SINK_END:
			return FAULT_NONE;
		}
	}
	return FAULT_NONE;
}

struct slice sink_session_output(const struct sink_session *s)
{
	return buf_view(&s->output);
}

void sink_session_wrote(struct sink_session *s, size_t n)
{
	buf_drop(&s->output, n);
}

enum sink_want sink_session_want(const struct sink_session *s)
{
	if (s->state == SINK_END) {
		return SINK_WANTS_END;
	}
	return s->state == SINK_TLS ? SINK_WANTS_TLS : SINK_WANTS_INPUT;
}

void sink_session_secured(struct sink_session *s)
{
	/* RFC 3207 4.2: what was said before is forgotten. */
	sink_forget_mail(s);
	s->is_tls = true;
	s->has_hello = false;
	s->is_authenticated = false;
	s->state = SINK_COMMANDS;
}
