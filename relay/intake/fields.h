/*
 * NAME     fields - a JSON object read by a table of rows; every mistake is named by its path
 * OWNS     nothing; texts are slices of the JSON
 * LIMIT    FIELDS_DEPTH steps of a path
 * FAULTS   BAD_JSON, TOO_DEEP (from json); UNKNOWN_FIELD; BAD_FIELD for a wrong type, a repeated
 *          key, a text that is too long or holds control characters; BAD_ADDRESS
 */
#ifndef RELAY_INTAKE_FIELDS_H
#define RELAY_INTAKE_FIELDS_H

#include "spool-free/base/json.h"

enum { FIELDS_DEPTH = 6, FIELDS_KEY_SHOWN = 64 };

struct fields {
	struct json json;
	struct problem *problem;
	void *ctx; /* of who wrote the table */
	struct {
		const char *key; /* NULL: the index counts */
		size_t index;
	} path[FIELDS_DEPTH];
	size_t depth;
	char unknown[FIELDS_KEY_SHOWN + 1];
	char free_key[FIELDS_KEY_SHOWN + 1];
};

struct field;

/* Takes the value that begins with `value` to where it belongs in `into`. */
typedef enum fault field_fn(struct fields *r, const struct field *f, struct json_token value,
			    void *into);

struct field {
	struct slice key;
	field_fn *take;
	size_t where; /* offset of what is filled in `into` */
	size_t max;   /* bytes of a text, or the largest number */
};

void fields_init(struct fields *r, char *bytes, size_t len, void *ctx, struct problem *problem);

/* The object that begins with `value`, row by row. */
MUST_USE enum fault fields_object(struct fields *r, struct json_token value,
				  const struct field *rows, size_t count, void *into);
/* Steps through the array that begins with `value`: false at its end and after a fault. */
MUST_USE enum fault fields_array(struct fields *r, struct json_token value);
bool fields_next(struct fields *r, size_t index, struct json_token *out_value,
		 enum fault *out_fault);

/* The same through the pairs of an object whose keys are the caller's; it stands nowhere inside another such object. */
MUST_USE enum fault fields_pairs(struct fields *r, struct json_token value);
bool fields_next_pair(struct fields *r, size_t index, struct slice *out_key,
		      struct json_token *out_value, enum fault *out_fault);

/* The path of what is looked at, while it is not the table that leads there. */
void fields_enter(struct fields *r, const char *key);
void fields_leave(struct fields *r);

/* "The field 'to[2].email' " and the rest of the sentence. */
enum fault fields_wrong(struct fields *r, enum fault f, const char *sentence);
/* What the reader found, or a wrong type: "must be a string." */
enum fault fields_wrong_type(struct fields *r, struct json_token value, const char *sentence);

/* Rows' functions. Texts: at most `max` bytes, and fit for a header line. */
field_fn fields_take_text;
field_fn fields_take_id;      /* a text or a whole number, kept as text */
field_fn fields_take_number;  /* a whole number up to `max`: uint64_t */
field_fn fields_take_mailbox; /* struct mailbox */

/* A text that may hold anything, at most `max` bytes: past them `f`, and both sizes are said. */
MUST_USE enum fault fields_long_text(struct fields *r, struct json_token value, size_t max,
				     enum fault f, struct slice *out_text);

#endif
