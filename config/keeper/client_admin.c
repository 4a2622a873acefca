#include "config/keeper/client_inside.h"

enum { PAIRS_AT = 5 };

_Static_assert(PAIRS_AT + 2 * KEEPER_PAIRS_MAX <= (int)WIRE_FIELDS_MAX,
	       "a record's pairs find room");
_Static_assert((int)KEEPER_NAMES_MAX <= (int)WIRE_FIELDS_MAX, "a list's names find room");

/* What every request about records begins with. */
static struct wire_message request_of(enum wire_operation code, const struct keeper_target *t,
				      const unsigned char *kind)
{
	return (struct wire_message){
		.code = (uint8_t)code,
		.count = 4,
		.fields = {slice_of(t->proof->token_hash, KEEPER_TOKEN_HASH),
			   secret_view(t->proof->half), slice_of(kind, 1), t->name},
	};
}

static bool is_type(char letter)
{
	static const char told[] = {KEEPER_TEXT, KEEPER_NUMBER, KEEPER_ANSWER, KEEPER_LIST,
				    KEEPER_SECRET};
	return memchr(told, letter, sizeof(told)) != NULL;
}

static enum fault read_pairs(const struct wire_message *answer, struct arena *arena,
			     struct keeper_document *out)
{
	for (size_t i = 1; i < answer->count; i += 2) {
		struct keeper_pair *pair = &out->pairs[out->count];
		struct slice value = answer->fields[i + 1];
		if (value.len == 0 || !is_type(value.ptr[0])) {
			return FAULT_KEEPER_PROTOCOL;
		}
		pair->type = (enum keeper_type)value.ptr[0];
		enum fault f = arena_copy(arena, answer->fields[i], &pair->key);
		if (f == FAULT_NONE) {
			f = arena_copy(arena, slice_skip(value, 1), &pair->value);
		}
		if (f != FAULT_NONE) {
			return f;
		}
		out->count++;
	}
	return FAULT_NONE;
}

enum fault keeper_get_record(struct keeper_client *c, const struct keeper_target *target,
			     struct arena *arena, struct keeper_document *out_document,
			     struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	unsigned char kind = (unsigned char)target->kind;
	const struct wire_message request = request_of(WIRE_GET_RECORD, target, &kind);
	enum fault f = client_ask(c, &request, &w, &answer, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count % 2 != 1 || answer.count > 1 + 2 * KEEPER_PAIRS_MAX ||
	    answer.fields[0].len != WIRE_NUMBER) {
		return FAULT_KEEPER_PROTOCOL;
	}
	*out_document = (struct keeper_document){
		.version = (uint32_t)wire_get_number(answer.fields[0])};
	return read_pairs(&answer, arena, out_document);
}

enum fault keeper_list_records(struct keeper_client *c, const struct keeper_target *target,
			       struct arena *arena, struct slice **out_names, size_t *out_count,
			       struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	unsigned char kind = (unsigned char)target->kind;
	struct wire_message request = request_of(WIRE_LIST_RECORDS, target, &kind);
	request.count = 3;
	enum fault f = client_ask(c, &request, &w, &answer, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count > KEEPER_NAMES_MAX) {
		return FAULT_KEEPER_PROTOCOL;
	}
	struct slice *names = arena_array(arena, answer.count + 1, sizeof(*names));
	if (names == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < answer.count && f == FAULT_NONE; i++) {
		f = arena_copy(arena, answer.fields[i], &names[i]);
	}
	if (f == FAULT_NONE) {
		*out_names = names;
		*out_count = answer.count;
	}
	return f;
}

static struct slice condition_of(struct keeper_condition condition,
				 unsigned char room[WIRE_CONDITION_LEN])
{
	room[0] = (unsigned char)condition.kind;
	wire_put_number(room + 1, condition.version, WIRE_NUMBER);
	return slice_of(room, WIRE_CONDITION_LEN);
}

/* A value and its type's byte before it, one behind the other: secrets may be among them, so they lie in a secret. */
static enum fault join_values(const struct keeper_pair *pairs, size_t count,
			      struct wire_message *request, struct secret **out_values)
{
	size_t len = 0;
	char *at;
	for (size_t i = 0; i < count; i++) {
		len += 1 + pairs[i].value.len;
	}
	if (count > KEEPER_PAIRS_MAX || len > KEEPER_CHANGE_MAX) {
		return FAULT_TOO_LARGE;
	}
	enum fault f = secret_new_room(len > 0 ? len : 1, out_values, &at);
	for (size_t i = 0; i < count && f == FAULT_NONE; i++) {
		struct slice value = pairs[i].value;
		*at = (char)pairs[i].type;
		if (value.len > 0) {
			memcpy(at + 1, value.ptr, value.len);
		}
		request->fields[request->count++] = pairs[i].key;
		request->fields[request->count++] = slice_of(at, 1 + value.len);
		at += 1 + value.len;
	}
	return f;
}

static enum fault too_large(enum fault f, struct problem *p)
{
	return f != FAULT_TOO_LARGE
		       ? f
		       : problem_set(p, f,
				     "A record may have at most 64 keys and 60 KiB of values.");
}

enum fault keeper_put_record(struct keeper_client *c, const struct keeper_target *target,
			     struct keeper_put *put, struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w = {0};
	CLEANUP(secret_free) struct secret *values = NULL;
	struct wire_message answer;
	unsigned char kind = (unsigned char)target->kind;
	unsigned char room[WIRE_CONDITION_LEN];
	struct wire_message request = request_of(WIRE_PUT_RECORD, target, &kind);
	request.fields[request.count++] = condition_of(put->condition, room);
	enum fault f = join_values(put->pairs, put->count, &request, &values);
	if (f == FAULT_NONE) {
		f = client_ask(c, &request, &w, &answer, p);
	}
	if (f != FAULT_NONE) {
		return too_large(f, p);
	}
	if (answer.count != 2 || answer.fields[0].len != WIRE_NUMBER || answer.fields[1].len != 1) {
		return FAULT_KEEPER_PROTOCOL;
	}
	put->version = (uint32_t)wire_get_number(answer.fields[0]);
	put->is_new = answer.fields[1].ptr[0] != 0;
	return FAULT_NONE;
}

/* A request whose answer says no more than that it was done. */
static enum fault order(struct keeper_client *c, const struct wire_message *request,
			struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	return client_ask(c, request, &w, &answer, p);
}

enum fault keeper_remove_record(struct keeper_client *c, const struct keeper_target *target,
				struct keeper_condition condition, struct problem *p)
{
	unsigned char kind = (unsigned char)target->kind;
	unsigned char room[WIRE_CONDITION_LEN];
	struct wire_message request = request_of(WIRE_REMOVE_RECORD, target, &kind);
	request.fields[request.count++] = condition_of(condition, room);
	return order(c, &request, p);
}

enum fault keeper_tell_event(struct keeper_client *c, const struct keeper_proof *proof,
			     enum keeper_event event, struct problem *p)
{
	unsigned char byte = (unsigned char)event;
	const struct wire_message request = {
		.code = WIRE_TELL_EVENT,
		.count = 2,
		.fields = {slice_of(proof->token_hash, KEEPER_TOKEN_HASH), slice_of(&byte, 1)},
	};
	return order(c, &request, p);
}

enum fault keeper_shred_tenant(struct keeper_client *c, const struct keeper_proof *proof,
			       struct problem *p)
{
	const struct wire_message request = {
		.code = WIRE_SHRED_TENANT,
		.count = 1,
		.fields = {slice_of(proof->token_hash, KEEPER_TOKEN_HASH)},
	};
	return order(c, &request, p);
}

enum fault keeper_change_half(struct keeper_client *c, const struct keeper_proof *proof,
			      enum keeper_half_change change, const struct secret *fresh,
			      struct problem *p)
{
	unsigned char byte = (unsigned char)change;
	const struct wire_message request = {
		.code = WIRE_CHANGE_HALF,
		.count = 4,
		.fields = {slice_of(proof->token_hash, KEEPER_TOKEN_HASH), secret_view(proof->half),
			   slice_of(&byte, 1), secret_view(fresh)},
	};
	return order(c, &request, p);
}
