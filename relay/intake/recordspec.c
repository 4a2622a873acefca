#include "relay/intake/recordspec.h"

#include <string.h>

#include "spool-free/base/json.h"

struct reading {
	struct json json;
	char *bytes;
	struct recordspec record;
	size_t taken; /* bytes of keys and values */
	struct problem *problem;
};

static enum fault wrong(struct reading *r, struct slice key, const char *sentence)
{
	(void)problem_set(r->problem, FAULT_BAD_FIELD, "The field ");
	problem_add_name(r->problem, key);
	problem_add(r->problem, sentence);
	return FAULT_BAD_FIELD;
}

/* What the reader found, or the sentence. */
static enum fault wrong_token(struct reading *r, struct json_token value, struct slice key,
			      const char *sentence)
{
	if (value.kind != JSON_BAD) {
		return wrong(r, key, sentence);
	}
	if (r->problem != NULL) {
		*r->problem = *json_problem(&r->json);
	}
	return json_fault(&r->json);
}

/* Behind what of the list stands there already; the quotes and the comma between two texts have left room for the line end. */
static void add_line(struct reading *r, struct slice *list, struct slice item)
{
	char *at = r->bytes + (list->ptr - r->bytes) + list->len;
	*at = '\n';
	memmove(at + 1, item.ptr, item.len);
	list->len += 1 + item.len;
}

static enum fault take_list(struct reading *r, struct keeper_pair *pair)
{
	for (bool is_first = true;; is_first = false) {
		struct json_token item = json_next(&r->json);
		if (item.kind == JSON_ARRAY_END) {
			return FAULT_NONE;
		}
		if (item.kind != JSON_STRING) {
			return wrong_token(r, item, pair->key, " must be a list of texts.");
		}
		if (item.text.len == 0 || slice_find_byte(item.text, '\n') < item.text.len) {
			return wrong(r, pair->key,
				     " must be a list of texts, none of them empty or with a line "
				     "end in it.");
		}
		if (is_first) {
			pair->value = item.text;
		} else {
			add_line(r, &pair->value, item.text);
		}
	}
}

static enum fault take_value(struct reading *r, struct keeper_pair *pair)
{
	struct json_token value = json_next(&r->json);
	uint64_t number;
	switch (value.kind) {
	case JSON_STRING:
		pair->type = KEEPER_TEXT;
		pair->value = value.text;
		return FAULT_NONE;
	case JSON_NUMBER:
		pair->type = KEEPER_NUMBER;
		pair->value = value.text;
		return slice_to_u64(value.text, UINT64_MAX, &number)
			       ? FAULT_NONE
			       : wrong(r, pair->key, " must be a whole number, not below 0.");
	case JSON_TRUE:
	case JSON_FALSE:
		pair->type = KEEPER_ANSWER;
		pair->value = value.kind == JSON_TRUE ? SLICE_LIT("yes") : SLICE_LIT("no");
		return FAULT_NONE;
	case JSON_NULL:
		pair->type = KEEPER_NULL;
		return FAULT_NONE;
	case JSON_ARRAY:
		pair->type = KEEPER_LIST;
		return take_list(r, pair);
	case JSON_BAD:
	case JSON_END:
	case JSON_OBJECT:
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
	case JSON_KEY:
		break;
	}
	return wrong_token(r, value, pair->key, " must not be an object.");
}

static enum fault judge_key(struct reading *r, struct slice key)
{
	if (key.len == 0 || key.len > RECORDSPEC_KEY_MAX) {
		return wrong(r, key, " has a name that is empty or longer than 64 bytes.");
	}
	for (size_t i = 0; i < r->record.count; i++) {
		if (slice_eq(r->record.pairs[i].key, key)) {
			return wrong(r, key, " is there more than once.");
		}
	}
	return r->record.count < KEEPER_PAIRS_MAX
		       ? FAULT_NONE
		       : problem_set(r->problem, FAULT_BAD_FIELD,
				     "A record may have at most 64 fields.");
}

static enum fault take_pair(struct reading *r, struct slice key)
{
	enum fault f = judge_key(r, key);
	if (f != FAULT_NONE) {
		return f;
	}
	struct keeper_pair *pair = &r->record.pairs[r->record.count];
	pair->key = key;
	f = take_value(r, pair);
	r->record.count++;
	r->taken += key.len + pair->value.len;
	if (f == FAULT_NONE && r->taken > KEEPER_CHANGE_MAX) {
		(void)problem_set(r->problem, FAULT_TOO_LARGE,
				  "The fields of a record may have at most ");
		problem_add_number(r->problem, KEEPER_CHANGE_MAX);
		problem_add(r->problem, " bytes, all together.");
		return FAULT_TOO_LARGE;
	}
	return f;
}

static enum fault too_large(struct problem *problem, size_t len)
{
	(void)problem_set(problem, FAULT_TOO_LARGE, "The body of a record may have at most ");
	problem_add_number(problem, RECORDSPEC_MAX);
	problem_add(problem, " bytes; this one has ");
	problem_add_number(problem, len);
	problem_add(problem, ".");
	return FAULT_TOO_LARGE;
}

static enum fault read_object(struct reading *r)
{
	static const char must_be[] = "The body must be one JSON object.";
	struct json_token t = json_next(&r->json);
	if (t.kind != JSON_OBJECT && t.kind != JSON_BAD) {
		return problem_set(r->problem, FAULT_BAD_FIELD, must_be);
	}
	while (t.kind != JSON_BAD) {
		t = json_next(&r->json);
		if (t.kind == JSON_OBJECT_END) {
			t = json_next(&r->json);
			if (t.kind == JSON_END) {
				return FAULT_NONE;
			}
		} else if (t.kind == JSON_KEY) {
			enum fault f = take_pair(r, t.text);
			if (f != FAULT_NONE) {
				return f;
			}
		}
	}
	return wrong_token(r, t, (struct slice){0}, "");
}

enum fault recordspec_parse(char *bytes, size_t len, struct arena *arena,
			    struct recordspec *out_record, struct problem *problem)
{
	struct reading r = {.bytes = bytes, .problem = problem};
	if (len > RECORDSPEC_MAX) {
		return too_large(problem, len);
	}
	r.record.pairs = arena_array(arena, KEEPER_PAIRS_MAX, sizeof(*r.record.pairs));
	if (r.record.pairs == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	json_init(&r.json, bytes, len);
	enum fault f = read_object(&r);
	if (f == FAULT_NONE) {
		*out_record = r.record;
	}
	return f;
}
