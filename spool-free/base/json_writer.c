#include "spool-free/base/json.h"

#include "spool-free/base/text.h"

void json_writer_init(struct json_writer *w, struct buf *into)
{
	*w = (struct json_writer){.into = into};
}

enum fault json_writer_fault(const struct json_writer *w)
{
	return w->fault;
}

static void put(struct json_writer *w, struct slice bytes)
{
	if (w->fault == FAULT_NONE) {
		w->fault = buf_add(w->into, bytes);
	}
}

/* A value begins: behind another one it needs a comma. */
static void begin(struct json_writer *w)
{
	if (w->needs_comma) {
		put(w, SLICE_LIT(","));
	}
	w->needs_comma = true;
}

static void open_level(struct json_writer *w, struct slice mark)
{
	begin(w);
	put(w, mark);
	w->needs_comma = false;
}

static void close_level(struct json_writer *w, struct slice mark)
{
	put(w, mark);
	w->needs_comma = true;
}

void json_put_object(struct json_writer *w)
{
	open_level(w, SLICE_LIT("{"));
}

void json_put_object_end(struct json_writer *w)
{
	close_level(w, SLICE_LIT("}"));
}

void json_put_array(struct json_writer *w)
{
	open_level(w, SLICE_LIT("["));
}

void json_put_array_end(struct json_writer *w)
{
	close_level(w, SLICE_LIT("]"));
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static void put_escape(struct json_writer *w, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	static const char shorts[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
	if (c >= 0x20 || shorts[c] != 0) {
		char two[] = {'\\', c >= 0x20 ? (char)c : shorts[c]};
		put(w, slice_of(two, sizeof(two)));
		return;
	}
	char six[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
	put(w, slice_of(six, sizeof(six)));
}

static void put_quoted(struct json_writer *w, struct slice text)
{
	char code[TEXT_UTF8_MAX];
	put(w, SLICE_LIT("\""));
	while (text.len > 0) {
		size_t n = 0;
		while (n < text.len && is_plain((unsigned char)text.ptr[n])) {
			n++;
		}
		put(w, slice_first(text, n));
		text = slice_skip(text, n);
		if (text.len > 0 && (unsigned char)text.ptr[0] < 0x80) {
			put_escape(w, (unsigned char)text.ptr[0]);
			text = slice_skip(text, 1);
		} else if (text.len > 0) {
			put(w, slice_of(code, text_encode(text_next(&text), code)));
		}
	}
	put(w, SLICE_LIT("\""));
}

void json_put_name(struct json_writer *w, struct slice key)
{
	begin(w);
	put_quoted(w, key);
	put(w, SLICE_LIT(":"));
	w->needs_comma = false;
}

void json_put_key(struct json_writer *w, const char *key)
{
	json_put_name(w, slice_of_text(key));
}

void json_put_string(struct json_writer *w, struct slice text)
{
	begin(w);
	put_quoted(w, text);
}

void json_put_u64(struct json_writer *w, uint64_t number)
{
	begin(w);
	if (w->fault == FAULT_NONE) {
		w->fault = buf_add_u64(w->into, number);
	}
}

void json_put_bool(struct json_writer *w, bool value)
{
	begin(w);
	put(w, value ? SLICE_LIT("true") : SLICE_LIT("false"));
}

void json_put_null(struct json_writer *w)
{
	begin(w);
	put(w, SLICE_LIT("null"));
}

void json_member_text(struct json_writer *w, const char *key, struct slice text)
{
	json_put_key(w, key);
	json_put_string(w, text);
}

void json_member_u64(struct json_writer *w, const char *key, uint64_t number)
{
	json_put_key(w, key);
	json_put_u64(w, number);
}

void json_member_bool(struct json_writer *w, const char *key, bool value)
{
	json_put_key(w, key);
	json_put_bool(w, value);
}

void json_member_time(struct json_writer *w, const char *key, struct civil at)
{
	char text[CIVIL_RFC3339_LEN];
	civil_rfc3339(at, text);
	json_member_text(w, key, slice_of(text, sizeof(text)));
}
