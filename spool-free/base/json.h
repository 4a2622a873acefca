/*
 * NAME     json - strict pull reader (RFC 8259, UTF-8 only) over bytes the caller may change, and a writer
 * OWNS     nothing: strings are unescaped in place, so every slice points into the input
 * LIMIT    JSON_DEPTH nested arrays and objects, JSON_RAW_DEPTH inside json_raw()
 * FAULTS   BAD_JSON with a sentence that names the byte offset, TOO_DEEP
 * DECIDED  (the corpus' i_ cases) numbers of any size are read as text and judged where they are used;
 *          lone surrogates in escapes, invalid UTF-8, a BOM and UTF-16 are refused; a repeated key is
 *          the caller's to refuse (json_seen_twice helps); bytes after the value are refused
 */
#ifndef SPOOL_FREE_BASE_JSON_H
#define SPOOL_FREE_BASE_JSON_H

#include "spool-free/base/buf.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/slice.h"

enum {
	JSON_DEPTH = 64,
	JSON_RAW_DEPTH = 1024, /* of a value that is kept as it is, with what it stands in */
};

enum json_kind {
	JSON_BAD, /* see json_fault() */
	JSON_END, /* the one value is over, and nothing follows */
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_KEY, /* text is the key; its value comes next */
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

struct json {
	char *bytes;
	size_t len;
	size_t at;
	unsigned depth;
	unsigned char in_object[JSON_RAW_DEPTH / 8]; /* a bit for each level */
	unsigned char expect;			     /* private */
	bool keeps; /* private: strings are judged and left as they are */
	struct problem problem;
};

struct json_token {
	enum json_kind kind;
	struct slice text; /* key and string: unescaped; number: as written */
	size_t at;	   /* offset of its first byte */
};

/* `bytes` stay the caller's and are changed: escapes shrink in place. */
void json_init(struct json *j, char *bytes, size_t len);
struct json_token json_next(struct json *j);
/* After JSON_OBJECT, JSON_ARRAY or JSON_KEY: passes over the whole value that begins (or follows). */
MUST_USE enum fault json_skip(struct json *j, struct json_token begun);
/*
 * The same, the value's bytes being kept as they are: it is JSON again for a reader of its own. `begun` is JSON_OBJECT or
 * JSON_ARRAY.
 */
MUST_USE enum fault json_raw(struct json *j, struct json_token begun, struct slice *out_value);
/*
 * How many values, or pairs, the array or object has that `begun` has just begun; when it is broken, some number that is
 * not above the count of its bytes. So that a list gets as much room as it needs.
 */
size_t json_count(const struct json *j, struct json_token begun);
/* Marks field number `field` (below 64) in `*seen`; true when it was marked before. */
bool json_seen_twice(uint64_t *seen, unsigned field);
enum fault json_fault(const struct json *j);
const struct problem *json_problem(const struct json *j);

/*
 * Writer into a buf. Commas and escapes are its business; keys and strings may hold any UTF-8, and bytes that
 * are none become U+FFFD. The first fault of the buf sticks and is told by json_writer_fault().
 */
struct json_writer {
	struct buf *into;
	enum fault fault;
	bool needs_comma;
};

void json_writer_init(struct json_writer *w, struct buf *into);
void json_put_object(struct json_writer *w);
void json_put_object_end(struct json_writer *w);
void json_put_array(struct json_writer *w);
void json_put_array_end(struct json_writer *w);
void json_put_key(struct json_writer *w, const char *key);
void json_put_name(struct json_writer *w, struct slice key); /* a key that is no literal */
void json_put_string(struct json_writer *w, struct slice text);
void json_put_u64(struct json_writer *w, uint64_t number);
void json_put_bool(struct json_writer *w, bool value);
void json_put_null(struct json_writer *w);
/* Key and value at once. */
void json_member_text(struct json_writer *w, const char *key, struct slice text);
void json_member_u64(struct json_writer *w, const char *key, uint64_t number);
void json_member_bool(struct json_writer *w, const char *key, bool value);
void json_member_time(struct json_writer *w, const char *key, struct civil at); /* RFC 3339 */
enum fault json_writer_fault(const struct json_writer *w);

#endif
