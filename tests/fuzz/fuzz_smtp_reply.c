/* SMTP replies: the same replies, whole or byte by byte, and their text is printable UTF-8 within its limit. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/text.h"
#include "relay/smtp/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct smtp_reply *r)
{
	struct slice text = smtp_reply_text(r);
	assert(r->code >= 200 && r->code <= 599);
	assert(text.len <= REPLY_TEXT_MAX && text_utf8_valid(text) == text.len);
	for (size_t i = 0; i < text.len; i++) {
		assert((unsigned char)text.ptr[i] >= ' ' && text.ptr[i] != 0x7F);
	}
	assert(memchr(r->enhanced, '\0', sizeof(r->enhanced)) != NULL);
	assert(r->enhanced[0] == '\0' || r->enhanced[0] == '0' + smtp_reply_class(r));
}

/* Up to one reply off the front of `*bytes`, fed in pieces of `piece`; DONE, MORE, or a fault. */
static enum fault read_one(struct smtp_reply_parser *p, struct slice *bytes, size_t piece,
			   enum smtp_reply_step *out_step)
{
	*out_step = SMTP_REPLY_MORE;
	while (bytes->len > 0) {
		struct slice part = slice_first(*bytes, piece);
		size_t before = part.len;
		enum fault f = smtp_reply_feed(p, &part, out_step);
		if (f != FAULT_NONE) {
			return f;
		}
		assert(part.len < before);
		*bytes = slice_skip(*bytes, before - part.len);
		if (*out_step == SMTP_REPLY_DONE) {
			return FAULT_NONE;
		}
	}
	return FAULT_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct smtp_reply_parser whole, bytewise;
	struct slice a = slice_of(data, size);
	struct slice b = a;
	smtp_reply_init(&whole);
	smtp_reply_init(&bytewise);
	while (a.len > 0) {
		enum smtp_reply_step step_a, step_b;
		enum fault fault_a = read_one(&whole, &a, SIZE_MAX, &step_a);
		enum fault fault_b = read_one(&bytewise, &b, 1, &step_b);
		assert(fault_a == fault_b);
		if (fault_a != FAULT_NONE) {
			break;
		}
		assert(step_a == step_b && a.len == b.len);
		if (step_a == SMTP_REPLY_DONE) {
			const struct smtp_reply *r = smtp_reply_view(&whole);
			const struct smtp_reply *s = smtp_reply_view(&bytewise);
			check(r);
			assert(r->code == s->code && strcmp(r->enhanced, s->enhanced) == 0);
			assert(slice_eq(smtp_reply_text(r), smtp_reply_text(s)));
		}
	}
	return 0;
}
