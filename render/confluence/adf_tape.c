#include "render/confluence/adf_tape.h"

#include <string.h>

#include "spool-free/base/sixteen.h"
#include "spool-free/base/text.h"

enum {
	CELL_FOR = 20, /* bytes of text that a cell usually stands for */
	CELLS_MIN = 16,
	NOWHERE = UINT32_MAX, /* no array or object is open */
};

struct scan {
	const char *at, *end, *start;
	struct arena *arena;
	struct adf_tape tape;
	uint32_t room;
	uint32_t
		open; /* the innermost array or object; while open, its `len` is the one around it */
	bool failed;  /* memory is out */
};

static bool note(struct scan *s, const char *at, const char *wrong)
{
	if (s->tape.wrong == NULL) {
		s->tape.wrong = wrong;
		s->tape.wrong_at = (size_t)(at - s->start);
	}
	return false;
}

static bool grow(struct scan *s)
{
	size_t room = s->room > 0 ? 2 * (size_t)s->room
				  : (size_t)(s->end - s->at) / CELL_FOR + CELLS_MIN;
	char *at = room < NOWHERE ? arena_bytes(s->arena, (room + 1) * sizeof(struct adf_cell))
				  : NULL;
	if (at == NULL) {
		s->failed = true;
		return false;
	}
	at += -(uintptr_t)at % sizeof(struct adf_cell);
	struct adf_cell *cells = (struct adf_cell *)(void *)at;
	if (s->tape.count > 0) {
		memcpy(cells, s->tape.cells, s->tape.count * sizeof(*cells));
	}
	s->tape.cells = cells;
	s->room = (uint32_t)room;
	return true;
}

static bool put(struct scan *s, enum adf_kind kind, enum adf_word key, struct slice text)
{
	if (s->tape.count == s->room && !grow(s)) {
		return false;
	}
	s->tape.cells[s->tape.count++] = (struct adf_cell){
		.ptr = text.ptr,
		.len = (uint32_t)text.len,
		.kind = (uint8_t)kind,
		.key = (uint8_t)key,
	};
	return true;
}

/* Indented text has long runs of them, all other text none. */
static void skip_run_of_blanks(struct scan *s)
{
	const char *at = s->at;
	while (s->end - at >= SIXTEEN) {
		sixteen_lanes v = sixteen_load(at);
		sixteen_lanes blank = sixteen_equal(v, ' ') | sixteen_equal(v, '\n') |
				      sixteen_equal(v, '\r') | sixteen_equal(v, '\t');
		unsigned others = sixteen_bits(~blank);
		if (others != 0) {
			s->at = at + sixteen_first(others);
			return;
		}
		at += SIXTEEN;
	}
	while (at < s->end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) {
		at++;
	}
	s->at = at;
}

static inline void skip_blanks(struct scan *s)
{
	if (s->at < s->end && *s->at == ' ') {
		s->at++;
	}
	if (s->at < s->end && *s->at <= ' ') {
		skip_run_of_blanks(s);
	}
}

/* ---- strings ---- */

/* The first quote, backslash or byte below a blank. */
static const char *find_special(const char *at, const char *end)
{
	while (end - at >= SIXTEEN) {
		sixteen_lanes v = sixteen_load(at);
		sixteen_lanes found = sixteen_equal(v, '"') | sixteen_equal(v, '\\') |
				      (sixteen_less(v, ' ') & ~sixteen_less(v, 0));
		unsigned bits = sixteen_bits(found);
		if (bits != 0) {
			return at + sixteen_first(bits);
		}
		at += SIXTEEN;
	}
	while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20) {
		at++;
	}
	return at;
}

static bool read_unit(const char *at, const char *end, uint32_t *out_unit)
{
	uint32_t unit = 0;
	if (end - at < 4) {
		return false;
	}
	for (int i = 0; i < 4; i++) {
		char c = at[i];
		char lower = (char)(c | 0x20);
		if (c >= '0' && c <= '9') {
			unit = unit << 4 | (uint32_t)(c - '0');
		} else if (lower >= 'a' && lower <= 'f') {
			unit = unit << 4 | (uint32_t)(lower - 'a' + 10);
		} else {
			return false;
		}
	}
	*out_unit = unit;
	return true;
}

/* Behind `\u`. A surrogate without its other half is written as U+FFFD by text_encode(). */
static const char *unescape_unit(struct scan *s, const char *at, const char *end, char **to)
{
	uint32_t code, low;
	if (!read_unit(at, end, &code)) {
		note(s, at, "four hexadecimal digits were expected");
		return at - 1; /* the `u` is a letter like any other */
	}
	at += 4;
	if (code >= 0xD800 && code <= 0xDBFF && end - at >= 6 && at[0] == '\\' && at[1] == 'u' &&
	    read_unit(at + 2, end, &low) && low >= 0xDC00 && low <= 0xDFFF) {
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
		at += 6;
	}
	*to += text_encode(code, *to);
	return at;
}

/* Behind a backslash, which is not the last byte before `end`. */
static const char *unescape(struct scan *s, const char *at, const char *end, char **to)
{
	static const char names[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	const char *name = memchr(names, *at, sizeof(names) - 1);
	if (*at == 'u') {
		return unescape_unit(s, at + 1, end, to);
	}
	if (name == NULL) {
		note(s, at, "a backslash stands before what needs none");
		return at; /* taken as it is */
	}
	*(*to)++ = bytes[name - names];
	return at + 1;
}

/* Text with escapes is never longer without them. */
static bool copy_unescaped(struct scan *s, struct slice raw, struct slice *out_text)
{
	char *start = arena_bytes(s->arena, raw.len);
	if (start == NULL) {
		s->failed = true;
		return false;
	}
	char *to = start;
	const char *at = raw.ptr;
	const char *end = raw.ptr + raw.len;
	while (at < end) {
		const char *backslash = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((backslash != NULL ? backslash : end) - at);
		memcpy(to, at, plain);
		to += plain;
		at += plain;
		if (backslash != NULL) {
			at = at + 1 < end ? unescape(s, at + 1, end, &to) : end;
		}
	}
	*out_text = slice_of(start, (size_t)(to - start));
	return true;
}

/* `s->at` is behind the opening quote. A string without an end goes on to the end of the text. */
static bool read_string(struct scan *s, struct slice *out_text)
{
	const char *start = s->at;
	const char *at = start;
	bool escaped = false;
	for (;;) {
		at = find_special(at, s->end);
		if (at >= s->end) {
			note(s, s->end, "a string does not end");
			at = s->end;
			break;
		}
		if (*at == '"') {
			break;
		}
		if (*at == '\\') {
			escaped = true;
			at += s->end - at > 1 ? 2 : 1;
		} else {
			note(s, at, "a control character is not escaped");
			at++;
		}
	}
	struct slice raw = slice_of(start, (size_t)(at - start));
	s->at = at < s->end ? at + 1 : at;
	*out_text = raw;
	return !escaped || copy_unescaped(s, raw, out_text);
}

/* ---- values ---- */

static size_t digits(struct slice text, size_t at)
{
	size_t from = at;
	while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
		at++;
	}
	return at - from;
}

/* RFC 8259, 6: an integer without zeros before it, a fraction, an exponent. */
static bool is_number(struct slice t)
{
	size_t at = t.ptr[0] == '-' ? 1 : 0;
	size_t whole = digits(t, at);
	if (whole == 0 || (whole > 1 && t.ptr[at] == '0')) {
		return false;
	}
	at += whole;
	if (at < t.len && t.ptr[at] == '.') {
		size_t fraction = digits(t, ++at);
		if (fraction == 0) {
			return false;
		}
		at += fraction;
	}
	if (at < t.len && (t.ptr[at] == 'e' || t.ptr[at] == 'E')) {
		at++;
		at += at < t.len && (t.ptr[at] == '+' || t.ptr[at] == '-') ? 1 : 0;
		size_t exponent = digits(t, at);
		return exponent > 0 && at + exponent == t.len;
	}
	return at == t.len;
}

/* One that is none is kept as it stands. */
static bool read_number(struct scan *s, enum adf_word key)
{
	const char *start = s->at;
	while (s->at < s->end &&
	       ((*s->at >= '0' && *s->at <= '9') || *s->at == '-' || *s->at == '+' ||
		*s->at == '.' || *s->at == 'e' || *s->at == 'E')) {
		s->at++;
	}
	struct slice text = slice_of(start, (size_t)(s->at - start));
	if (!is_number(text)) {
		note(s, start, "this is no number");
	}
	return put(s, ADF_NUMBER, key, text);
}

static bool read_literal(struct scan *s, enum adf_word key)
{
	static const struct {
		struct slice word;
		enum adf_kind kind;
	} words[] = {
		{SLICE_INIT("true"), ADF_TRUE},
		{SLICE_INIT("false"), ADF_FALSE},
		{SLICE_INIT("null"), ADF_NULL},
	};
	struct slice rest = slice_of(s->at, (size_t)(s->end - s->at));
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_starts(rest, words[i].word)) {
			s->at += words[i].word.len;
			return put(s, words[i].kind, key, slice_of(NULL, 0));
		}
	}
	return note(s, s->at, "a value was expected");
}

static bool begin(struct scan *s, enum adf_kind kind, enum adf_word key)
{
	uint32_t number = s->tape.count;
	s->at++;
	if (!put(s, kind, key, slice_of(NULL, s->open))) {
		return false;
	}
	s->open = number;
	return true;
}

static void finish(struct scan *s)
{
	struct adf_cell *c = &s->tape.cells[s->open];
	s->open = c->len;
	c->len = s->tape.count;
}

static bool read_value(struct scan *s, enum adf_word key)
{
	skip_blanks(s);
	char c = s->at < s->end ? *s->at : '\0';
	if (c == '"') {
		struct slice text;
		s->at++;
		if (!read_string(s, &text) || !put(s, ADF_STRING, key, text)) {
			return false;
		}
		if (key == ADF_W_type) {
			s->tape.cells[s->tape.count - 1].word = (uint8_t)adf_word_of(text);
		}
		return true;
	}
	if (c == '{' || c == '[') {
		return begin(s, c == '{' ? ADF_OBJECT : ADF_ARRAY, key);
	}
	if (c == '-' || (c >= '0' && c <= '9')) {
		return read_number(s, key);
	}
	return read_literal(s, key);
}

static bool read_member(struct scan *s)
{
	struct slice name;
	if (s->at >= s->end || *s->at != '"') {
		return note(s, s->at, "a key in quotes was expected");
	}
	s->at++;
	if (!read_string(s, &name)) {
		return false;
	}
	skip_blanks(s);
	if (s->at >= s->end || *s->at != ':') {
		return note(s, s->at, "a colon was expected");
	}
	s->at++;
	enum adf_word key = adf_word_of(name);
	return (key != ADF_OTHER_WORD || put(s, ADF_KEY, ADF_NO_WORD, name)) && read_value(s, key);
}

static bool read_part(struct scan *s)
{
	return s->tape.cells[s->open].kind == ADF_OBJECT ? read_member(s)
							 : read_value(s, ADF_NO_WORD);
}

/* Goes on from behind a value, or from behind the bracket that opens an array or object. */
static bool read_on(struct scan *s)
{
	const struct adf_cell *c = &s->tape.cells[s->open];
	bool is_first = s->open + 1 == s->tape.count;
	skip_blanks(s);
	char next = s->at < s->end ? *s->at : '\0';
	if (next == (c->kind == ADF_OBJECT ? '}' : ']')) {
		s->at++;
		finish(s);
		return true;
	}
	if (is_first) {
		return read_part(s);
	}
	if (next != ',') {
		return note(s, s->at, "a comma was expected");
	}
	s->at++;
	skip_blanks(s);
	if (s->at < s->end && *s->at == (c->kind == ADF_OBJECT ? '}' : ']')) {
		note(s, s->at, "nothing stands behind a comma");
		s->at++;
		finish(s);
		return true;
	}
	return read_part(s);
}

/* A key whose value never came is none. */
static void drop_lone_key(struct scan *s)
{
	if (s->tape.count > 0 && s->tape.cells[s->tape.count - 1].kind == ADF_KEY) {
		s->tape.count--;
	}
}

enum fault adf_tape_read(struct slice json, struct arena *arena, struct adf_tape *out_tape)
{
	struct scan s = {.start = json.ptr, .at = json.ptr, .arena = arena, .open = NOWHERE};
	s.end = json.len > 0 ? json.ptr + json.len : json.ptr;
	if (json.len >= NOWHERE) {
		return FAULT_NO_MEMORY;
	}
	bool good = read_value(&s, ADF_NO_WORD);
	while (good && s.open != NOWHERE) {
		good = read_on(&s);
	}
	if (s.failed) {
		return FAULT_NO_MEMORY;
	}
	skip_blanks(&s);
	if (good && s.at < s.end) {
		note(&s, s.at, "nothing more was expected");
	}
	drop_lone_key(&s);
	while (s.open != NOWHERE) {
		finish(&s);
	}
	*out_tape = s.tape;
	return FAULT_NONE;
}

uint32_t adf_tape_member(const struct adf_tape *t, uint32_t at, enum adf_word key)
{
	uint32_t found = 0;
	if (t->cells[at].kind != ADF_OBJECT) {
		return 0;
	}
	uint32_t end = t->cells[at].len;
	for (uint32_t i = at + 1; i < end; i = adf_tape_next(t, i)) {
		if (t->cells[i].key == key) {
			found = i;
		}
	}
	return found;
}

struct slice adf_tape_text(const struct adf_tape *t, uint32_t at)
{
	const struct adf_cell *c = &t->cells[at];
	return at != 0 && c->kind == ADF_STRING ? slice_of(c->ptr, c->len) : slice_of(NULL, 0);
}

struct slice adf_tape_scalar(const struct adf_tape *t, uint32_t at)
{
	const struct adf_cell *c = &t->cells[at];
	bool scalar = c->kind == ADF_STRING || c->kind == ADF_NUMBER;
	return at != 0 && scalar ? slice_of(c->ptr, c->len) : slice_of(NULL, 0);
}

struct slice adf_tape_key(const struct adf_tape *t, uint32_t at)
{
	const struct adf_cell *c = &t->cells[at];
	if (c->key == ADF_OTHER_WORD) {
		return slice_of(t->cells[at - 1].ptr, t->cells[at - 1].len);
	}
	return adf_word_name((enum adf_word)c->key);
}
