#include "relay/smtp/client_inside.h"

#include <assert.h>
#include <string.h>

#include "relay/smtp/verdict.h"

enum {
	DOT_ROOM = 3,
	CHUNK_ROOM = 32, /* "BDAT 18446744073709551615 LAST" */
	GO_AHEAD = 354,
	NOT_KNOWN_MOST = 504, /* 500 to 504: the command, or its argument, is not understood */
};

static void begin(struct smtp_client *c)
{
	smtp_client_move(c, SMTP_CONTENT);
	rope_rewind(c->message.content, &c->cursor);
	c->to_read = c->message.content->size;
	c->carry_at = 0;
	c->carry_len = 0;
	c->chunk_left = 0;
}

void smtp_content_may_begin(struct smtp_client *c, const struct smtp_reply *r,
			    size_t recipient UNUSED)
{
	if (r->code != GO_AHEAD) {
		smtp_client_fail(c, FAULT_UPSTREAM_PROTOCOL, NULL);
		return;
	}
	if (c->accepted == 0) {
		c->lone_dot = true;
		smtp_client_move(c, SMTP_FINAL);
		smtp_client_say(c, SLICE_LIT(".\r\n"));
		smtp_client_expect(c, SMTP_OWNS_FINAL, 0);
		return;
	}
	begin(c);
	c->content_from = c->said;
	smtp_client_expect(c, SMTP_OWNS_FINAL, 0);
	c->due[c->due_first].after = UINT64_MAX; /* until the dot is made */
}

/* All whom the server was asked about have its word already, if it took none of them. */
void smtp_content_refused_before(struct smtp_client *c, const struct smtp_reply *r,
				 size_t recipient UNUSED)
{
	if (c->accepted > 0) {
		smtp_message_settle(c, PHASE_DATA, r);
	}
}

static void make_with_dot(struct smtp_client *c)
{
	/* Content and dot share the last record: some middle-boxes lose a dot that comes alone
	 * (relay.md E4). */
	size_t n = rope_read(&c->cursor, c->out, sizeof(c->out) - DOT_ROOM);
	c->out_at = 0;
	c->out_len = n;
	c->out_high = n > c->out_high ? n : c->out_high;
	c->said += n;
	if (rope_at_end(&c->cursor)) {
		assert(c->said - c->content_from == c->message.content->size);
		transcript_content(c->transcript, c->message.content->size);
		smtp_client_say(c, SLICE_LIT(".\r\n"));
		c->due[c->due_first].after = c->said;
		c->content_made = true;
	}
}

/* Up to `max` bytes of the content, at least one. A rope gives whole base64 lines: what is beyond `max` is carried. */
static size_t read_some(struct smtp_client *c, char *room, size_t max)
{
	if (c->carry_at == c->carry_len && max >= sizeof(c->carry)) {
		return rope_read(&c->cursor, room, max);
	}
	if (c->carry_at == c->carry_len) {
		c->carry_at = 0;
		c->carry_len = rope_read(&c->cursor, c->carry, sizeof(c->carry));
	}
	struct slice carried = slice_first(
		slice_of(c->carry + c->carry_at, c->carry_len - c->carry_at), max);
	memcpy(room, carried.ptr, carried.len);
	c->carry_at += carried.len;
	return carried.len;
}

static void say_chunk(struct smtp_client *c, uint64_t size)
{
	bool last = size == c->to_read;
	smtp_client_say(c, SLICE_LIT("BDAT "));
	smtp_client_say_number(c, size);
	smtp_client_say(c, last ? SLICE_LIT(" LAST\r\n") : SLICE_LIT("\r\n"));
	smtp_client_expect(c, last ? SMTP_OWNS_FINAL : SMTP_OWNS_CHUNK, 0);
	struct smtp_due *due = &c->due[(c->due_first + c->due_count - 1) % SMTP_WINDOW];
	due->after += size;
	due->bytes = size;
	c->chunk_left = size;
}

/* A chunk cannot be taken back: the next one waits until somebody is known to take it, and the window is open. */
static bool may_say_chunk(const struct smtp_client *c)
{
	uint64_t size = c->to_read < SMTP_CHUNK ? c->to_read : SMTP_CHUNK;
	unsigned window = c->ehlo.pipelining ? SMTP_CHUNKS : 1;
	if (c->stopped || c->to_read == 0 || !smtp_envelope_is_answered(c) || c->accepted == 0 ||
	    c->due_count >= window) {
		return false;
	}
	for (unsigned i = 0; i < c->due_count; i++) {
		size += c->due[(c->due_first + i) % SMTP_WINDOW].bytes;
	}
	return size <= SMTP_CHUNK_BYTES;
}

static size_t room_left(const struct smtp_client *c)
{
	return sizeof(c->out) - c->out_len;
}

static void make_chunks(struct smtp_client *c)
{
	while (room_left(c) > CHUNK_ROOM) {
		if (c->chunk_left == 0 && !may_say_chunk(c)) {
			break;
		}
		if (c->chunk_left == 0) {
			say_chunk(c, c->to_read < SMTP_CHUNK ? c->to_read : SMTP_CHUNK);
		}
		uint64_t most = c->chunk_left < room_left(c) ? c->chunk_left : room_left(c);
		size_t n = read_some(c, c->out + c->out_len, (size_t)most);
		assert(n > 0);
		c->out_len += n;
		c->out_high = c->out_len > c->out_high ? c->out_len : c->out_high;
		c->said += n;
		c->chunk_left -= n;
		c->to_read -= n;
	}
	c->content_made = c->chunk_left == 0 && (c->to_read == 0 || c->stopped);
}

void smtp_content_make(struct smtp_client *c)
{
	if (c->chunked) {
		c->out_at = 0;
		c->out_len = 0;
		make_chunks(c);
	} else {
		make_with_dot(c);
	}
}

void smtp_content_begin_chunks(struct smtp_client *c)
{
	uint64_t size = c->message.content->size;
	begin(c);
	say_chunk(c, size <= SMTP_WHOLE_MAX ? size : SMTP_FIRST_CHUNK);
	make_chunks(c); /* what fits goes out together with the envelope */
}

static uint64_t count_sent(const struct smtp_client *c)
{
	uint64_t size = c->message.content->size;
	uint64_t unsent = c->said - c->sent;
	if (c->chunked) {
		uint64_t made = size - c->to_read;
		return made > unsent ? made - unsent : 0;
	}
	uint64_t out = c->sent - c->content_from;
	return out < size ? out : size;
}

void smtp_content_wrote(struct smtp_client *c)
{
	c->content_sent = count_sent(c);
	if (c->content_made && c->out_at == c->out_len) {
		smtp_client_move(c, SMTP_FINAL);
		smtp_content_go_on(c);
	}
}

void smtp_content_go_on(struct smtp_client *c)
{
	if (!c->chunked || !c->has_message) {
		return;
	}
	c->stopped |= smtp_envelope_is_answered(c) && c->accepted == 0;
	if (c->state == SMTP_CONTENT && c->stopped && c->chunk_left == 0) {
		c->content_made = true;
		if (c->out_at == c->out_len) {
			smtp_client_move(c, SMTP_FINAL);
		}
	}
	if (c->state == SMTP_FINAL && c->due_count == 0) {
		smtp_message_next(c);
	}
}

/*
 * To whom somebody accepted was named, BDAT is neither unknown nor out of sequence: the server does not do what it offers,
 * and may have read the content as commands. The message was not taken, and may be sent by DATA.
 */
static bool is_chunk_trouble(const struct smtp_client *c, const struct smtp_reply *r)
{
	return c->chunked && c->accepted > 0 && !c->stopped && r->code >= 500 &&
	       r->code <= NOT_KNOWN_MOST;
}

static void distrust(struct smtp_client *c)
{
	c->not_taken = true;
	c->refusal.code = 0;
	smtp_client_learn(c, SMTP_LESSON_BAD);
	smtp_client_fail(c, FAULT_UPSTREAM_PROTOCOL, NULL);
}

void smtp_content_chunk_taken(struct smtp_client *c UNUSED, const struct smtp_reply *r UNUSED,
			      size_t recipient UNUSED)
{
}

void smtp_content_chunk_refused(struct smtp_client *c, const struct smtp_reply *r,
				size_t recipient UNUSED)
{
	if (is_chunk_trouble(c, r)) {
		distrust(c);
		return;
	}
	if (c->accepted > 0) {
		smtp_message_settle(c, PHASE_CONTENT, r);
	}
	c->stopped = true;
}

static void refused(struct smtp_client *c, const struct smtp_reply *r)
{
	bool early = c->state == SMTP_CONTENT;
	if (is_chunk_trouble(c, r)) {
		distrust(c);
		return;
	}
	if (c->accepted > 0) {
		smtp_message_settle(c, c->phase, r);
	}
	if (c->chunked) {
		c->stopped = true; /* the rest of the chunk must still go out */
	} else {
		smtp_message_over(c, FAULT_NONE);
		if (early) { /* there is no way back to commands */
			smtp_client_move(c, SMTP_OVER);
		}
	}
}

void smtp_content_final(struct smtp_client *c, const struct smtp_reply *r, size_t recipient UNUSED)
{
	if (c->lone_dot) {
		smtp_message_next(c);
		return;
	}
	if (smtp_reply_class(r) != 2) {
		refused(c, r);
		return;
	}
	struct recipient_outcome delivered;
	smtp_verdict_record(&delivered, &c->scene, PHASE_FINAL, r, c->message.arena);
	for (size_t i = 0; c->accepted > 0 && i < c->message.recipient_count; i++) {
		if (smtp_envelope_is_asked(c, i)) {
			c->message.results[i] = delivered;
		}
	}
	if (c->accepted > 0) {
		c->unclean = false;
		smtp_client_learn(c, c->chunked ? SMTP_LESSON_TAKEN : SMTP_LESSON_NONE);
	}
	smtp_message_next(c);
}
