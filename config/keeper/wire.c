#include "config/keeper/wire.h"

#include <string.h>

enum { PREFIX = 3, FIELD_HEAD = 2 };

/* The place is the number on the wire: rows are only added at the end. */
static const enum fault results[] = {
	FAULT_NONE,	      FAULT_INTERNAL,	      FAULT_NO_CALLER,	     FAULT_NOT_FOUND,
	FAULT_NO_SERVER,      FAULT_TENANT_SUSPENDED, FAULT_VAULT_DAMAGED,   FAULT_VAULT_VERSION,
	FAULT_BAD_RECORD,     FAULT_NO_MEMORY,	      FAULT_KEEPER_PROTOCOL, FAULT_FORBIDDEN,
	FAULT_KEY_HALF,	      FAULT_TENANT_GONE,      FAULT_PRECONDITION,    FAULT_NO_PRECONDITION,
	FAULT_CONFLICT,	      FAULT_VAULT_FULL,	      FAULT_VAULT_IO,	     FAULT_VAULT_MISSING,
	FAULT_VAULT_ROLLBACK,
};

uint8_t wire_result_of(enum fault f)
{
	for (size_t i = 0; i < COUNT_OF(results); i++) {
		if (results[i] == f) {
			return (uint8_t)i;
		}
	}
	return 1;
}

enum fault wire_result_fault(uint8_t result)
{
	return result < COUNT_OF(results) ? results[result] : FAULT_KEEPER_PROTOCOL;
}

void wire_put_number(unsigned char *at, uint64_t number, size_t width)
{
	for (size_t i = width; i > 0; i--) {
		at[i - 1] = (unsigned char)(number & 0xFF);
		number >>= 8;
	}
}

uint64_t wire_get_number(struct slice bytes)
{
	uint64_t number = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		number = number << 8 | (unsigned char)bytes.ptr[i];
	}
	return number;
}

enum fault wire_write(const struct wire_message *m, size_t limit, struct secret **out_frame)
{
	size_t len = PREFIX;
	char *room;
	for (size_t i = 0; i < m->count; i++) {
		if (m->fields[i].len > UINT16_MAX) {
			return FAULT_TOO_LARGE;
		}
		len += FIELD_HEAD + m->fields[i].len;
	}
	if (len > limit) {
		return FAULT_TOO_LARGE;
	}
	enum fault f = secret_new_room(WIRE_HEAD + len, out_frame, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	unsigned char *at = (unsigned char *)room;
	wire_put_number(at, len, WIRE_HEAD);
	at[WIRE_HEAD] = WIRE_VERSION;
	at[WIRE_HEAD + 1] = m->code;
	at[WIRE_HEAD + 2] = (unsigned char)m->count;
	at += WIRE_HEAD + PREFIX;
	for (size_t i = 0; i < m->count; i++) {
		wire_put_number(at, m->fields[i].len, FIELD_HEAD);
		if (m->fields[i].len > 0) {
			memcpy(at + FIELD_HEAD, m->fields[i].ptr, m->fields[i].len);
		}
		at += FIELD_HEAD + m->fields[i].len;
	}
	return FAULT_NONE;
}

void wire_frame_init(struct wire_frame *w, size_t limit)
{
	*w = (struct wire_frame){.limit = limit};
}

void wire_frame_deinit(struct wire_frame *w)
{
	secret_free(&w->body);
	wire_frame_init(w, w->limit);
}

static enum fault take_head(struct wire_frame *w, struct slice *bytes)
{
	struct slice part = slice_first(*bytes, WIRE_HEAD - w->head_len);
	memcpy(w->head + w->head_len, part.ptr, part.len);
	w->head_len += part.len;
	*bytes = slice_skip(*bytes, part.len);
	if (w->head_len < WIRE_HEAD) {
		return FAULT_NONE;
	}
	size_t len = wire_get_number(slice_of(w->head, WIRE_HEAD));
	if (len < PREFIX || len > w->limit) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = secret_new_room(len, &w->body, &w->room);
	if (f == FAULT_NONE) {
		w->room_len = len;
	}
	return f;
}

enum fault wire_frame_feed(struct wire_frame *w, struct slice *bytes)
{
	if (bytes->len > 0 && w->head_len < WIRE_HEAD) {
		enum fault f = take_head(w, bytes);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	struct slice part = slice_first(*bytes, w->room_len - w->body_len);
	if (part.len > 0) {
		memcpy(w->room + w->body_len, part.ptr, part.len);
		w->body_len += part.len;
		*bytes = slice_skip(*bytes, part.len);
	}
	return FAULT_NONE;
}

bool wire_frame_is_whole(const struct wire_frame *w)
{
	return w->body != NULL && w->body_len == w->room_len;
}

enum fault wire_frame_read(const struct wire_frame *w, struct wire_message *out_message)
{
	struct slice rest = secret_view(w->body);
	struct wire_message m = {0};
	if ((unsigned char)rest.ptr[0] != WIRE_VERSION) {
		return FAULT_KEEPER_PROTOCOL;
	}
	m.code = (uint8_t)rest.ptr[1];
	m.count = (unsigned char)rest.ptr[2];
	rest = slice_skip(rest, PREFIX);
	if (m.count > WIRE_FIELDS_MAX) {
		return FAULT_KEEPER_PROTOCOL;
	}
	for (size_t i = 0; i < m.count; i++) {
		if (rest.len < FIELD_HEAD) {
			return FAULT_KEEPER_PROTOCOL;
		}
		size_t len = wire_get_number(slice_first(rest, FIELD_HEAD));
		rest = slice_skip(rest, FIELD_HEAD);
		if (rest.len < len) {
			return FAULT_KEEPER_PROTOCOL;
		}
		m.fields[i] = slice_first(rest, len);
		rest = slice_skip(rest, len);
	}
	if (rest.len > 0) {
		return FAULT_KEEPER_PROTOCOL;
	}
	*out_message = m;
	return FAULT_NONE;
}
