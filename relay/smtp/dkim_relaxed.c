#include "relay/smtp/dkim_relaxed.h"

#include <string.h>

#include "spool-free/base/sixteen.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool dkim_field_cut(struct slice *head, struct dkim_field *out_field)
{
	size_t end = 0;
	do { /* a line that begins with a blank goes on with the field (RFC 5322 2.2.3) */
		size_t line = slice_find(slice_skip(*head, end), SLICE_LIT("\r\n"));
		if (end + line == head->len) {
			return false;
		}
		end += line + 2;
	} while (end < head->len && is_blank(head->ptr[end]));
	struct slice field = slice_first(*head, end - 2);
	struct slice name;
	if (!slice_cut_to(&field, ':', &name) || slice_trim(name).len == 0) {
		return false;
	}
	*out_field = (struct dkim_field){.name = slice_trim(name), .value = field};
	*head = slice_skip(*head, end);
	return true;
}

enum fault dkim_field_relax(const struct dkim_field *f, struct buf *into)
{
	enum fault fault = FAULT_NONE;
	struct slice value = slice_trim(f->value);
	for (size_t i = 0; i < f->name.len && fault == FAULT_NONE; i++) {
		char c = f->name.ptr[i];
		fault = buf_add_byte(into, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
	}
	fault = fault == FAULT_NONE ? buf_add_byte(into, ':') : fault;
	bool blank = false;
	for (size_t i = 0; i < value.len && fault == FAULT_NONE; i++) {
		char c = value.ptr[i];
		if (c == '\r' || c == '\n') {
			continue;
		}
		if (is_blank(c)) {
			blank = true;
			continue;
		}
		fault = blank ? buf_add_byte(into, ' ') : FAULT_NONE;
		fault = fault == FAULT_NONE ? buf_add_byte(into, c) : fault;
		blank = false;
	}
	return fault;
}

/* How many bytes there are before the next blank or line end. */
static size_t run_of(const char *at, size_t len)
{
	size_t i = 0;
	for (; len - i >= SIXTEEN; i += SIXTEEN) {
		sixteen_lanes v = sixteen_load(at + i);
		unsigned ends = sixteen_bits(sixteen_equal(v, ' ') | sixteen_equal(v, '\t') |
					     sixteen_equal(v, '\r') | sixteen_equal(v, '\n'));
		if (ends != 0) {
			return i + sixteen_first(ends);
		}
	}
	while (i < len && !is_blank(at[i]) && at[i] != '\r' && at[i] != '\n') {
		i++;
	}
	return i;
}

static void flush(struct dkim_body *b)
{
	digest_add(b->hash, slice_of(b->said, b->len));
	b->len = 0;
}

static void say(struct dkim_body *b, struct slice bytes)
{
	if (bytes.len > sizeof(b->said) - b->len) {
		flush(b);
	}
	if (bytes.len > sizeof(b->said)) {
		digest_add(b->hash, bytes);
		return;
	}
	memcpy(b->said + b->len, bytes.ptr, bytes.len);
	b->len += bytes.len;
}

/* Something that stays: what was held back before it stays as well. */
static void say_run(struct dkim_body *b, struct slice run)
{
	for (; b->line_ends > 0; b->line_ends--) {
		say(b, SLICE_LIT("\r\n"));
	}
	if (b->blank) {
		say(b, SLICE_LIT(" "));
		b->blank = false;
	}
	say(b, run);
	b->any = true;
}

void dkim_body_feed(struct dkim_body *b, struct slice bytes)
{
	while (bytes.len > 0) {
		size_t n = run_of(bytes.ptr, bytes.len);
		if (n > 0) {
			say_run(b, slice_first(bytes, n));
			bytes = slice_skip(bytes, n);
			continue;
		}
		if (bytes.ptr[0] == '\n') {
			b->line_ends++;
			b->blank = false;
		} else if (bytes.ptr[0] != '\r') {
			b->blank = true;
		}
		bytes = slice_skip(bytes, 1);
	}
}

void dkim_body_end(struct dkim_body *b, unsigned char out[DIGEST_LEN])
{
	if (b->any) { /* its last line has an end, even if it had none */
		say(b, SLICE_LIT("\r\n"));
	}
	flush(b);
	digest_end(b->hash, out);
}
