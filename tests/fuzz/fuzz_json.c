/*
 * JSON: what we read must be what another library reads, and what we write of it must read back as the same.
 * Known differences are not held against either: it refuses numbers past a double's range and NUL in keys, takes a bare
 * NUL behind a number, and goes deeper than we do.
 */
/* Both have enumerators of these names. */
#define JSON_OBJECT THEIR_OBJECT
#define JSON_ARRAY  THEIR_ARRAY
#define JSON_STRING THEIR_STRING
#define JSON_TRUE   THEIR_TRUE
#define JSON_FALSE  THEIR_FALSE
#define JSON_NULL   THEIR_NULL
#include <jansson.h>

#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL

#include "spool-free/base/json.h"

enum { WRITTEN_MAX = 1024 * 1024 };

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static char *copy_of(const void *bytes, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);
	must(copy != NULL);
	if (len > 0) {
		memcpy(copy, bytes, len);
	}
	return copy;
}

/* The tokens, one after another, in a form that shows every difference. */
static enum fault read_tokens(struct slice text, struct buf *out, struct buf *first_string)
{
	struct json j;
	struct json_token t;
	char *bytes = copy_of(text.ptr, text.len);
	json_init(&j, bytes, text.len);
	do {
		t = json_next(&j);
		must(t.at <= text.len && j.depth <= JSON_DEPTH);
		must(t.text.len == 0 ||
		     (t.text.ptr >= bytes && t.text.ptr + t.text.len <= bytes + text.len));
		must(buf_add_u64(out, t.kind) == FAULT_NONE &&
		     buf_add_u64(out, t.text.len) == FAULT_NONE &&
		     buf_add(out, t.text) == FAULT_NONE);
		if (t.kind == JSON_STRING && t.at == slice_find_byte(text, '"')) {
			must(buf_add(first_string, t.text) == FAULT_NONE);
		}
	} while (t.kind != JSON_BAD && t.kind != JSON_END);
	enum fault f = json_fault(&j);
	must((f != FAULT_NONE) == (t.kind == JSON_BAD));
	must(f == FAULT_NONE ||
	     slice_find(problem_text(json_problem(&j)), SLICE_LIT(" byte ")) < PROBLEM_MAX);
	free(bytes);
	return f;
}

/*
 * The bytes of a value are kept, and judged as if they were read; the values are as many as were counted. A value that
 * is too deep to be read may be kept, or be wrong in its depth.
 */
static void read_raw(struct slice text, enum fault expected)
{
	struct json j;
	struct slice raw;
	char *bytes = copy_of(text.ptr, text.len);
	json_init(&j, bytes, text.len);
	struct json_token t = json_next(&j);
	if (t.kind == JSON_OBJECT || t.kind == JSON_ARRAY) {
		size_t counted = json_count(&j, t);
		must(counted <= text.len);
		enum fault f = json_raw(&j, t, &raw);
		must(memcmp(bytes, text.ptr, text.len) == 0);
		must(raw.ptr >= bytes && raw.ptr + raw.len <= bytes + text.len);
		if (f == FAULT_NONE && expected != FAULT_TOO_DEEP) {
			struct json again;
			size_t seen = 0;
			json_init(&again, bytes + (raw.ptr - bytes), raw.len);
			t = json_next(&again);
			while ((t = json_next(&again)).kind != JSON_BAD && again.depth > 0) {
				seen += again.depth == 1 && t.kind != JSON_KEY &&
					t.kind != JSON_OBJECT && t.kind != JSON_ARRAY;
			}
			must(t.kind != JSON_BAD && seen == counted);
			f = json_next(&j).kind == JSON_END ? FAULT_NONE : json_fault(&j);
		}
		must(f == expected || expected == FAULT_TOO_DEEP);
	}
	free(bytes);
}

/* Numbers go out as strings: the writer knows whole ones only. */
static void put_token(struct json_writer *w, struct json_token t)
{
	char key[256];
	switch (t.kind) {
	case JSON_OBJECT:
		json_put_object(w);
		break;
	case JSON_OBJECT_END:
		json_put_object_end(w);
		break;
	case JSON_ARRAY:
		json_put_array(w);
		break;
	case JSON_ARRAY_END:
		json_put_array_end(w);
		break;
	case JSON_KEY:
		snprintf(key, sizeof(key), "key%zu", t.text.len);
		json_put_key(w, key);
		break;
	case JSON_STRING:
	case JSON_NUMBER:
		json_put_string(w, t.text);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		json_put_bool(w, t.kind == JSON_TRUE);
		break;
	case JSON_NULL:
		json_put_null(w);
		break;
	case JSON_BAD:
	case JSON_END:
		break;
	}
}

/* Writes what it reads and reads that again: the strings must be the same, in the same places. */
static void write_and_read_back(struct slice text)
{
	struct json j, again;
	struct json_token t, u;
	struct json_writer w;
	struct buf written;
	char *bytes = copy_of(text.ptr, text.len);
	char *untouched = copy_of(text.ptr, text.len);
	buf_init(&written, WRITTEN_MAX);
	json_writer_init(&w, &written);
	json_init(&j, bytes, text.len);
	for (t = json_next(&j); t.kind != JSON_END; t = json_next(&j)) {
		put_token(&w, t);
	}
	must(json_writer_fault(&w) == FAULT_NONE);
	json_init(&j, untouched, text.len);
	json_init(&again, written.ptr, written.len);
	do {
		t = json_next(&j);
		u = json_next(&again);
		must(u.kind == (t.kind == JSON_NUMBER ? JSON_STRING : t.kind));
		must(t.kind == JSON_KEY || slice_eq(t.text, u.text));
	} while (t.kind != JSON_END);
	buf_deinit(&written);
	free(bytes);
	free(untouched);
}

static void compare(struct slice text, enum fault f, struct slice first_string)
{
	json_error_t error;
	json_t *theirs = json_loadb(text.ptr, text.len,
				    JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL,
				    &error);
	if (theirs == NULL && f == FAULT_NONE) {
		must(json_error_code(&error) == json_error_numeric_overflow ||
		     json_error_code(&error) == json_error_null_byte_in_key);
	}
	if (theirs != NULL) {
		must(f == FAULT_NONE || f == FAULT_TOO_DEEP);
	}
	if (json_string_value(theirs) != NULL) {
		must(slice_eq(first_string,
			      slice_of(json_string_value(theirs), json_string_length(theirs))));
	}
	json_decref(theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	struct buf tokens, first_string;
	buf_init(&tokens, SIZE_MAX);
	buf_init(&first_string, SIZE_MAX);
	enum fault f = read_tokens(text, &tokens, &first_string);
	read_raw(text, f);
	if (f == FAULT_NONE) {
		write_and_read_back(text);
	}
	if (slice_find_byte(text, '\0') == text.len) {
		compare(text, f, buf_view(&first_string));
	}
	buf_deinit(&tokens);
	buf_deinit(&first_string);
	return 0;
}
