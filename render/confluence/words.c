#include "render/confluence/words.h"

#include <string.h>

#include "spool-free/base/sixteen.h"

enum {
	CHUNK_MIN = 1024,
	CHUNK_MAX = 64 * 1024,
	FIRST_GATHER = 64,
	MOVED_MAX = 512,
	COLLAPSE_MORE = SIXTEEN + 2, /* a blank before the run, and one at its start */
};

enum byte_class { PLAIN, BLANK, DROP, LEAD_C2 };

static const uint8_t classes[256] = {
	[0x00] = DROP,	[0x01] = DROP, [0x02] = DROP,  [0x03] = DROP,  [0x04] = DROP,
	[0x05] = DROP,	[0x06] = DROP, [0x07] = DROP,  [0x08] = DROP,  [0x09] = BLANK,
	[0x0A] = BLANK, [0x0B] = DROP, [0x0C] = BLANK, [0x0D] = BLANK, [0x0E] = DROP,
	[0x0F] = DROP,	[0x10] = DROP, [0x11] = DROP,  [0x12] = DROP,  [0x13] = DROP,
	[0x14] = DROP,	[0x15] = DROP, [0x16] = DROP,  [0x17] = DROP,  [0x18] = DROP,
	[0x19] = DROP,	[0x1A] = DROP, [0x1B] = DROP,  [0x1C] = DROP,  [0x1D] = DROP,
	[0x1E] = DROP,	[0x1F] = DROP, [0x20] = BLANK, [0x7F] = DROP,  [0xC2] = LEAD_C2,
};

static enum byte_class class_at(struct slice s, size_t i)
{
	return classes[(unsigned char)s.ptr[i]];
}

/* U+0080 to U+009F: controls that UTF-8 writes as C2 80 to C2 9F. */
static bool is_c1(struct slice s, size_t i)
{
	return i + 1 < s.len && (unsigned char)s.ptr[i] == 0xC2 &&
	       (unsigned char)s.ptr[i + 1] < 0xA0;
}

/* Where a collapsing copy stands. */
struct collapse {
	char *out;
	bool space; /* white space seen since the last byte written */
	bool fresh; /* nothing written yet on this line */
};

/* The space due, if it is. */
static void begin_word(struct collapse *c)
{
	*c->out = ' ';
	c->out += c->space && !c->fresh;
	c->space = c->fresh = false;
}

/* As many bytes from `at` on as stand as they are, one blank between words; 0 when the first does not. */
static size_t take_words(struct collapse *c, struct slice s, size_t at)
{
	sixteen_lanes v = sixteen_load_some(s.ptr + at, s.len - at);
	unsigned blanks = sixteen_bits(sixteen_equal(v, ' '));
	unsigned others = sixteen_bits((sixteen_less(v, ' ') & ~sixteen_less(v, 0)) |
				       sixteen_equal(v, 127) | sixteen_equal(v, (char)0xC2));
	others |= blanks & (blanks << 1 | 1);
	size_t n = others != 0 ? sixteen_first(others) : SIXTEEN;
	n = n < s.len - at ? n : s.len - at;
	if (n == 0) {
		return 0;
	}
	size_t last = blanks >> (n - 1) & 1; /* stays due */
	begin_word(c);
	sixteen_store(c->out, v);
	c->out += n - last;
	c->space = last != 0;
	return n;
}

/* One byte or character by its class. */
static size_t take_one(struct collapse *c, struct slice s, size_t at)
{
	enum byte_class class = class_at(s, at);
	size_t n = class == LEAD_C2 && at + 1 < s.len ? 2 : 1;
	if (class == BLANK || class == DROP || is_c1(s, at)) {
		c->space = c->space || class == BLANK;
		return n;
	}
	begin_word(c);
	memcpy(c->out, s.ptr + at, n);
	c->out += n;
	return n;
}

/* Writes up to COLLAPSE_MORE bytes more than there are, also behind what it says to have written. */
static void collapse(struct collapse *c, struct slice s)
{
	for (size_t i = 0; i < s.len;) {
		size_t n = take_words(c, s, i);
		i += n > 0 ? n : take_one(c, s, i);
	}
}

/* Takes white space and what vanishes off the front; true when white space was among it. */
static bool skip_blanks(struct slice *s)
{
	bool found = false;
	size_t i = 0;
	while (i < s->len) {
		enum byte_class class = class_at(*s, i);
		if (class == PLAIN || (class == LEAD_C2 && !is_c1(*s, i))) {
			break;
		}
		found = found || class == BLANK;
		i += class == LEAD_C2 ? 2 : 1;
	}
	*s = slice_skip(*s, i);
	return found;
}

/* Room for `n` bytes where the last run of text ends, or else at the start of a fresh chunk. */
static bool make_room(struct builder *b, size_t n)
{
	if ((size_t)(b->text_end - b->text_at) >= n) {
		return true;
	}
	size_t size = b->text_taken / 4;
	size = size < CHUNK_MIN ? CHUNK_MIN : size;
	size = size > CHUNK_MAX ? CHUNK_MAX : size;
	size = size < n ? n : size;
	char *at = b->fault == FAULT_NONE ? arena_bytes(b->arena, size) : NULL;
	if (at == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return false;
	}
	b->text_at = at;
	b->text_end = at + size;
	b->text_taken += size;
	return true;
}

static bool goes_on(struct builder *b, const struct node *last)
{
	return last != NULL && last->kind == NODE_TEXT && last->marks == b->marks &&
	       last->ink == b->ink && last->of.text.ptr + last->of.text.len == b->text_at;
}

/* As make_room(). A short run that is to go on goes along into the fresh chunk, so that it stays one. */
static bool make_room_here(struct builder *b, size_t n)
{
	struct node *last = builder_frame(b)->last;
	if ((size_t)(b->text_end - b->text_at) >= n) {
		return true;
	}
	size_t moved = goes_on(b, last) && last->of.text.len <= MOVED_MAX ? last->of.text.len : 0;
	if (!make_room(b, n + moved)) {
		return false;
	}
	if (moved > 0) {
		memcpy(b->text_at, last->of.text.ptr, moved);
		last->of.text.ptr = b->text_at;
		b->text_at += moved;
	}
	return true;
}

/* The run of text at the end of the paragraph, or a new one. */
static struct node *run_of_text(struct builder *b)
{
	struct node *last = builder_frame(b)->last;
	if (goes_on(b, last)) {
		return last;
	}
	builder_space_goes_before(b);
	struct node *n = builder_new(b, NODE_TEXT);
	n->marks = b->marks;
	n->ink = b->ink;
	n->of.text = slice_of(b->text_at, 0);
	builder_append(b, n);
	return n;
}

void words_add(struct builder *b, struct slice text)
{
	b->space = skip_blanks(&text) ||
		   b->space; /* first, so that it stays outside of a link that begins here */
	if (text.len == 0) {
		return;
	}
	builder_make_inline_place(b);
	if (b->fault != FAULT_NONE || !make_room_here(b, text.len + COLLAPSE_MORE)) {
		return;
	}
	struct node *n = run_of_text(b);
	struct collapse c = {.out = b->text_at, .space = b->space, .fresh = b->fresh};
	collapse(&c, text);
	n->of.text.len += (size_t)(c.out - b->text_at);
	b->text_at = c.out;
	b->space = c.space;
	b->fresh = c.fresh;
}

/* ---- white space that is kept ---- */

enum { TAB_BLANKS = 4 };

/* Takes control characters off the front, and one blank unless one waits already: that one stays outside of a link. */
static void take_front(struct builder *b, struct slice *s)
{
	bool more = true;
	while (more && s->len > 0) {
		enum byte_class class = class_at(*s, 0);
		if (class == DROP || is_c1(*s, 0)) {
			*s = slice_skip(*s, class == DROP ? 1 : 2);
		} else if (class == BLANK && !b->space && s->ptr[0] != '\t') {
			b->space = true;
			*s = slice_skip(*s, 1);
		} else {
			more = false;
		}
	}
}

/* A blank in a row of them: the first waits, as it may be the last; when it is not, both are written. */
static char *put_blank(struct collapse *c, char *out, bool in_row)
{
	if (!c->space && !in_row) {
		c->space = true;
		return out;
	}
	if (c->space && !c->fresh) {
		*out++ = ' ';
	} else if (c->space) {
		memcpy(out, "\xC2\xA0", 2);
		out += 2;
	}
	memcpy(out, "\xC2\xA0", 2);
	c->space = c->fresh = false;
	return out + 2;
}

static void keep(struct collapse *c, struct slice s)
{
	char *out = c->out;
	bool in_row = c->space;
	for (size_t i = 0; i < s.len;) {
		enum byte_class class = class_at(s, i);
		if (class == PLAIN || (class == LEAD_C2 && !is_c1(s, i))) {
			*out = ' ';
			out += c->space && !c->fresh;
			c->space = c->fresh = in_row = false;
			do {
				*out++ = s.ptr[i++];
			} while (i < s.len && class_at(s, i) == PLAIN);
		} else if (class == BLANK) {
			for (int n = s.ptr[i] == '\t' ? TAB_BLANKS : 1; n > 0; n--) {
				out = put_blank(c, out, in_row);
				in_row = true;
			}
			i++;
		} else {
			i += class == LEAD_C2 ? 2 : 1;
		}
	}
	c->out = out;
}

/* The most bytes that a line may become: a blank two, a tab eight. */
static size_t kept_len(struct slice s)
{
	size_t len = s.len + 4;
	for (size_t i = 0; i < s.len; i++) {
		len += s.ptr[i] == ' ' || s.ptr[i] == '\f';
		len += s.ptr[i] == '\t' ? 2 * TAB_BLANKS : 0;
	}
	return len;
}

static void keep_line(struct builder *b, struct slice line)
{
	take_front(b, &line);
	if (line.len == 0) {
		return;
	}
	bool waits = b->space; /* a paragraph that begins here would forget it */
	builder_make_inline_place(b);
	if (b->fault != FAULT_NONE || !make_room_here(b, kept_len(line))) {
		return;
	}
	b->space = b->space || (waits && b->fresh);
	struct node *n = run_of_text(b);
	struct collapse c = {.out = b->text_at, .space = b->space, .fresh = b->fresh};
	keep(&c, line);
	n->of.text.len += (size_t)(c.out - b->text_at);
	b->text_at = c.out;
	b->space = c.space;
	b->fresh = c.fresh;
}

/* The next line of a text, without its end; false when it was the last one. */
static bool cut_line(struct slice *text, struct slice *out_line)
{
	for (size_t i = 0; i < text->len; i++) {
		char c = text->ptr[i];
		if (c == '\n' || c == '\r') {
			bool two = c == '\r' && i + 1 < text->len && text->ptr[i + 1] == '\n';
			*out_line = slice_first(*text, i);
			*text = slice_skip(*text, i + (two ? 2 : 1));
			return true;
		}
	}
	*out_line = *text;
	return false;
}

/* No line end, no control character, no blank that has to become another: most text is so. */
static bool is_simple(struct slice s)
{
	size_t at = 0;
	unsigned blank_before = 0;
	for (; s.len - at >= SIXTEEN; at += SIXTEEN) {
		sixteen_lanes v = sixteen_load(s.ptr + at);
		sixteen_lanes odd = (sixteen_less(v, ' ') & ~sixteen_less(v, 0)) |
				    sixteen_equal(v, '\x7F') | sixteen_equal(v, '\xC2');
		unsigned blanks = sixteen_bits(sixteen_equal(v, ' '));
		if (sixteen_bits(odd) != 0 || (blanks & (blanks << 1 | blank_before)) != 0) {
			return false;
		}
		blank_before = blanks >> (SIXTEEN - 1);
	}
	for (; at < s.len; at++) {
		bool blank = s.ptr[at] == ' ';
		if ((!blank && class_at(s, at) != PLAIN) || (blank && blank_before != 0)) {
			return false;
		}
		blank_before = blank;
	}
	return true;
}

static void keep_simple(struct builder *b, struct slice s)
{
	if (s.ptr[0] == ' ') { /* stays outside of a link that begins here */
		b->space = true;
		s = slice_skip(s, 1);
	}
	bool trailing = s.len > 0 && s.ptr[s.len - 1] == ' ';
	s.len -= trailing;
	if (s.len == 0) {
		return;
	}
	builder_make_inline_place(b);
	if (b->fault != FAULT_NONE || !make_room_here(b, s.len + 2)) {
		return;
	}
	struct node *n = run_of_text(b);
	char *out = b->text_at;
	*out = ' ';
	out += b->space && !b->fresh;
	memcpy(out, s.ptr, s.len);
	out += s.len;
	n->of.text.len += (size_t)(out - b->text_at);
	b->text_at = out;
	b->space = trailing;
	b->fresh = false;
}

void words_add_kept(struct builder *b, struct slice text)
{
	struct slice line;
	if (text.len == 0) {
		return;
	}
	if (!(b->space && text.ptr[0] == ' ') && is_simple(text)) {
		keep_simple(b, text);
		return;
	}
	while (cut_line(&text, &line)) {
		keep_line(b, line);
		builder_leaf(b, NODE_BREAK);
	}
	keep_line(b, line);
}

struct slice words_keep(struct builder *b, struct slice text)
{
	char *at = b->fault == FAULT_NONE ? arena_bytes(b->arena, text.len + COLLAPSE_MORE) : NULL;
	if (at == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return slice_of(NULL, 0);
	}
	struct collapse c = {.out = at, .fresh = true};
	collapse(&c, text);
	return slice_of(at, (size_t)(c.out - at));
}

static bool gather_grow(struct gather *g, struct builder *b, size_t more)
{
	size_t wanted;
	if (__builtin_add_overflow(g->len, more, &wanted)) {
		b->fault = FAULT_NO_MEMORY;
		return false;
	}
	if (wanted <= g->room) {
		return true;
	}
	size_t room = g->room * 2 > wanted ? g->room * 2 : wanted;
	room = room < FIRST_GATHER ? FIRST_GATHER : room;
	char *at = b->fault == FAULT_NONE ? arena_bytes(b->arena, room) : NULL;
	if (at == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return false;
	}
	if (g->len > 0) {
		memcpy(at, g->ptr, g->len);
	}
	g->ptr = at;
	g->room = room;
	return true;
}

void gather_add(struct gather *g, struct builder *b, struct slice bytes)
{
	if (!gather_grow(g, b, bytes.len)) {
		return;
	}
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];
		if (is_c1(bytes, i)) {
			i++;
		} else if (class_at(bytes, i) != DROP && c != '\r' && c != '\f') {
			g->ptr[g->len++] = c;
		}
	}
}

struct slice gather_view(const struct gather *g)
{
	return slice_of(g->ptr, g->len);
}
