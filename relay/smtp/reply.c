#include "relay/smtp/reply.h"

#include <string.h>

#include "spool-free/base/text.h"

enum { CODE_LEN = 3, TEXT_AT = 4, LAST_WORDS = 160 };

void smtp_reply_init(struct smtp_reply_parser *p)
{
	/* The buffers need no zeroes: their lengths say what counts. */
	p->line_over = true;
	p->reply_over = true;
}

static void start_line(struct smtp_reply_parser *p)
{
	if (p->reply_over) {
		p->reply.code = 0;
		p->reply.enhanced[0] = '\0';
		p->reply.text_len = 0;
		p->lines = 0;
		p->bytes = 0;
		p->reply_over = false;
	}
	p->line_len = 0;
	p->line_over = false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Checked with every feed: a peer that does not speak SMTP at all is found out before its first
 * line end. */
static bool begins_with_code(const struct smtp_reply_parser *p)
{
	for (size_t i = 0; i < CODE_LEN && i < p->line_len; i++) {
		if (!is_digit(p->line[i])) {
			return false;
		}
	}
	return p->line_len == 0 || (p->line[0] >= '2' && p->line[0] <= '5');
}

static bool is_printable(uint32_t code)
{
	bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
	bool invisible = (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
			 (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || code >= 0xE0000;
	return !control && !invisible;
}

static void keep_text(struct smtp_reply *r, struct slice text)
{
	while (text.len > 0) {
		char bytes[TEXT_UTF8_MAX];
		uint32_t code = text_next(&text);
		size_t n = text_encode(is_printable(code) ? code : ' ', bytes);
		if (n > sizeof(r->text) - r->text_len) {
			return;
		}
		memcpy(r->text + r->text_len, bytes, n);
		r->text_len += n;
	}
}

/* RFC 3463 section 2: class "." subject "." detail, one to three digits each; the class is the
 * code's first digit. */
static bool cut_enhanced(struct slice *text, int class, struct slice *out_enhanced)
{
	struct slice s = *text;
	if (s.len < 2 || s.ptr[0] != '0' + class || s.ptr[1] != '.') {
		return false;
	}
	size_t at = 2;
	for (unsigned part = 0; part < 2; part++) {
		size_t digits = 0;
		while (at < s.len && is_digit(s.ptr[at]) && digits < 3) {
			at++;
			digits++;
		}
		bool ends_well = part == 0 ? at < s.len && s.ptr[at] == '.'
					   : at == s.len || s.ptr[at] == ' ';
		if (digits == 0 || !ends_well) {
			return false;
		}
		at += part == 0;
	}
	*out_enhanced = slice_first(s, at);
	*text = slice_trim(slice_skip(s, at));
	return true;
}

/* Of a long reply the last line often says what is meant: the lines before it make room. */
static void make_room(struct smtp_reply *r, struct slice last)
{
	static const struct slice gap = SLICE_INIT(" ...");
	size_t wanted = last.len < LAST_WORDS ? last.len : LAST_WORDS;
	size_t kept = sizeof(r->text) - gap.len - 1 - wanted;
	if (r->text_len <= kept + gap.len) {
		return;
	}
	while (kept > 0 && ((unsigned char)r->text[kept] & 0xC0) == 0x80) { /* inside a character */
		kept--;
	}
	r->text_len = kept;
	keep_text(r, gap);
}

static void keep_line(struct smtp_reply_parser *p, bool last)
{
	struct smtp_reply *r = &p->reply;
	struct slice text = slice_trim(smtp_reply_line(p));
	struct slice enhanced;
	if (cut_enhanced(&text, smtp_reply_class(r), &enhanced) && r->enhanced[0] == '\0') {
		memcpy(r->enhanced, enhanced.ptr, enhanced.len);
		r->enhanced[enhanced.len] = '\0';
	}
	if (last && text.len > 0) {
		make_room(r, text);
	}
	if (r->text_len > 0 && text.len > 0) {
		keep_text(r, SLICE_LIT(" "));
	}
	keep_text(r, text);
}

static enum fault end_line(struct smtp_reply_parser *p, enum smtp_reply_step *out_step)
{
	p->line_len -= 1;
	if (p->line_len > 0 && p->line[p->line_len - 1] == '\r') {
		p->line_len -= 1;
	}
	struct slice line = slice_of(p->line, p->line_len);
	bool clean = slice_find_byte(line, '\r') == line.len &&
		     slice_find_byte(line, '\0') == line.len;
	bool last = line.len == CODE_LEN || (line.len > CODE_LEN && line.ptr[CODE_LEN] == ' ');
	bool goes_on = line.len > CODE_LEN && line.ptr[CODE_LEN] == '-';
	if (!clean || (!last && !goes_on) || ++p->lines > SMTP_REPLY_LINES) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	int code = (line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + (line.ptr[2] - '0');
	if (p->lines > 1 && code != p->reply.code) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	p->reply.code = code;
	keep_line(p, last);
	p->line_over = true;
	p->reply_over = last;
	*out_step = last ? SMTP_REPLY_DONE : SMTP_REPLY_LINE;
	return FAULT_NONE;
}

enum fault smtp_reply_feed(struct smtp_reply_parser *p, struct slice *bytes,
			   enum smtp_reply_step *out_step)
{
	if (p->line_over) {
		start_line(p);
	}
	size_t line_end = slice_find_byte(*bytes, '\n');
	bool ends = line_end < bytes->len;
	size_t n = ends ? line_end + 1 : bytes->len;
	if (n > sizeof(p->line) - p->line_len || n > SMTP_REPLY_MAX - p->bytes) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	if (n > 0) {
		memcpy(p->line + p->line_len, bytes->ptr, n);
	}
	p->line_len += n;
	p->bytes += n;
	*bytes = slice_skip(*bytes, n);
	if (!begins_with_code(p)) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	if (ends) {
		return end_line(p, out_step);
	}
	*out_step = SMTP_REPLY_MORE;
	return FAULT_NONE;
}

struct slice smtp_reply_line(const struct smtp_reply_parser *p)
{
	return slice_skip(slice_of(p->line, p->line_len), TEXT_AT);
}

const struct smtp_reply *smtp_reply_view(const struct smtp_reply_parser *p)
{
	return &p->reply;
}

int smtp_reply_class(const struct smtp_reply *r)
{
	return r->code / 100;
}

struct slice smtp_reply_text(const struct smtp_reply *r)
{
	return slice_of(r->text, r->text_len);
}
