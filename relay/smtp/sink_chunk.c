#include "relay/smtp/sink_inside.h"

/* RFC 3030 section 2: whatever becomes of a chunk, its bytes are taken off the wire first. */
static const char *why_not(const struct sink_session *s)
{
	if (!s->is_extended || (s->policy->without & SINK_CHUNKING) != 0) {
		return "503 5.5.1 CHUNKING was not offered";
	}
	if (!s->has_sender) {
		return "503 5.5.1 MAIL comes first";
	}
	if (s->recipient_count == 0) {
		return "554 5.5.1 There is no valid recipient";
	}
	return s->chunks_failed ? "503 5.5.1 A chunk was refused: RSET comes first" : NULL;
}

/* CR and LF in pairs alone, and no line too long: as undot.h says of DATA, without its dots. */
static void look_at(struct sink_session *s, struct slice bytes)
{
	struct sink_lines *l = &s->lines;
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];
		l->has_bare |= (c == '\n') != l->after_cr;
		l->after_cr = c == '\r';
		l->len = c == '\n' ? 0 : l->len + (c != '\r');
		l->has_long |= l->len > UNDOT_LINE_MAX;
	}
}

static void end_chunk(struct sink_session *s)
{
	s->state = SINK_COMMANDS;
	if (s->refusal != NULL) {
		s->chunks_failed = true;
		sink_say(s, s->refusal);
	} else if (s->chunk_is_last) {
		s->undot.has_bare = s->lines.has_bare || s->lines.after_cr;
		s->undot.has_long = s->lines.has_long;
		sink_judge_content(s);
	} else {
		sink_say(s, "250 2.0.0 Chunk taken");
	}
}

void sink_bdat(struct sink_session *s, struct slice argument)
{
	struct slice last = argument;
	struct slice number = argument;
	uint64_t size;
	bool has_last = slice_cut_to(&last, ' ', &number);
	if (!slice_to_u64(number, SINK_CHUNK_MAX, &size) ||
	    (has_last && !slice_eq_nocase(last, SLICE_LIT("LAST")))) {
		/* What follows may be content or commands. */
		sink_say(s, "501 5.5.4 It must be BDAT and a number of bytes, and LAST or nothing");
		s->state = SINK_END;
		return;
	}
	s->refusal = why_not(s);
	s->has_chunks |= s->refusal == NULL;
	s->chunk_left = size;
	s->chunk_is_last = has_last;
	s->state = s->state == SINK_END ? SINK_END : SINK_CHUNK;
	if (size == 0 && s->state == SINK_CHUNK) {
		end_chunk(s);
	}
}

struct slice sink_feed_chunk(struct sink_session *s, struct slice bytes)
{
	size_t n = bytes.len < s->chunk_left ? bytes.len : (size_t)s->chunk_left;
	struct slice part = slice_first(bytes, n);
	if (s->refusal == NULL) {
		look_at(s, part);
		sink_keep(s, part);
	}
	s->chunk_left -= n;
	if (s->chunk_left == 0) {
		end_chunk(s);
	}
	return slice_skip(bytes, n);
}
