#include "relay/intake/route.h"

#include "spool-free/base/hex.h"

enum { NAME_MAX_LEN = 64, TOKEN_ID_MIN = 12, TOKEN_ID_MAX = 64 };

/* What may stand for {id}. */
enum id_class {
	ID_JOB,	  /* letters, digits and '-' */
	ID_NAME,  /* of a record: 1 to 64 of a-z, 0-9 and '-' */
	ID_SPACE, /* a space's key */
	ID_TOKEN, /* the first digits of its hash, or all */
};

static const char *const hints[] = {
	[ID_JOB] = NULL,
	[ID_NAME] = "A name must be 1 to 64 of a-z, 0-9 and '-'.",
	[ID_SPACE] = "A space's key must be 1 to 255 letters, digits, '~', '.', '_' and '-'.",
	[ID_TOKEN] = "A token is named by its id, or by at least the first 12 digits of it.",
};

#define RECORD(method, path, name, body, kind, id)                                                 \
	{                                                                                          \
		method, SLICE_INIT("/v1/tenant" path), name, body, INTAKE_ADMINISTER, kind, id     \
	}
#define ONE_RECORD(path, kind, id)                                                                 \
	RECORD(HTTP_GET, path, ROUTE_RECORD_GET, ROUTE_BODY_NONE, kind, id),                       \
		RECORD(HTTP_PUT, path, ROUTE_RECORD_PUT, ROUTE_BODY_RECORD, kind, id),             \
		RECORD(HTTP_DELETE, path, ROUTE_RECORD_REMOVE, ROUTE_BODY_NONE, kind, id)
#define ALL_RECORDS(path, kind) RECORD(HTTP_GET, path, ROUTE_RECORD_LIST, ROUTE_BODY_NONE, kind, 0)

static const struct row {
	enum http_method method;
	struct slice pattern; /* `{id}` stands for one segment */
	enum intake_route name;
	enum route_body body;
	enum intake_scope scope;
	enum keeper_kind kind;
	enum id_class id;
} routes[] = {
	{HTTP_POST, SLICE_INIT("/v1/jobs"), ROUTE_JOBS_POST, ROUTE_BODY_JOB, INTAKE_SEND, 0, 0},
	{HTTP_GET, SLICE_INIT("/v1/jobs/{id}"), ROUTE_JOB_GET, ROUTE_BODY_NONE, INTAKE_SEND, 0,
	 ID_JOB},
	{HTTP_POST, SLICE_INIT("/v1/render"), ROUTE_RENDER, ROUTE_BODY_JOB, INTAKE_SEND, 0, 0},
	ONE_RECORD("/settings", KEEPER_SETTINGS, 0),
	ALL_RECORDS("/servers", KEEPER_SERVER),
	ONE_RECORD("/servers/{id}", KEEPER_SERVER, ID_NAME),
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/{id}/check"), ROUTE_CHECK, ROUTE_BODY_CHECK,
	 INTAKE_EITHER, KEEPER_SERVER, ID_NAME},
	ONE_RECORD("/policy", KEEPER_POLICY, 0),
	ALL_RECORDS("/policy/spaces", KEEPER_POLICY),
	ONE_RECORD("/policy/spaces/{id}", KEEPER_POLICY, ID_SPACE),
	ALL_RECORDS("/aws", KEEPER_AWS),
	ONE_RECORD("/aws/{id}", KEEPER_AWS, ID_NAME),
	ALL_RECORDS("/tokens", KEEPER_TOKEN),
	RECORD(HTTP_POST, "/tokens", ROUTE_TOKEN_NEW, ROUTE_BODY_RECORD, KEEPER_TOKEN, 0),
	RECORD(HTTP_DELETE, "/tokens/{id}", ROUTE_RECORD_REMOVE, ROUTE_BODY_NONE, KEEPER_TOKEN,
	       ID_TOKEN),
	RECORD(HTTP_PUT, "/key", ROUTE_KEY_PUT, ROUTE_BODY_RECORD, 0, 0),
	RECORD(HTTP_POST, "/key/confirm", ROUTE_KEY_CONFIRM, ROUTE_BODY_NONE, 0, 0),
	RECORD(HTTP_DELETE, "/key", ROUTE_KEY_REMOVE, ROUTE_BODY_NONE, 0, 0),
	RECORD(HTTP_GET, "/debug", ROUTE_DEBUG_GET, ROUTE_BODY_NONE, 0, 0),
	RECORD(HTTP_PUT, "/debug", ROUTE_DEBUG_PUT, ROUTE_BODY_RECORD, 0, 0),
	RECORD(HTTP_DELETE, "/debug", ROUTE_DEBUG_REMOVE, ROUTE_BODY_NONE, 0, 0),
	RECORD(HTTP_DELETE, "", ROUTE_TENANT_REMOVE, ROUTE_BODY_NONE, 0, 0),
	{HTTP_POST, SLICE_INIT("/v1/lifecycle/installed"), ROUTE_INSTALLED, ROUTE_BODY_NONE,
	 INTAKE_ADMINISTER, 0, 0},
	{HTTP_POST, SLICE_INIT("/v1/lifecycle/upgraded"), ROUTE_UPGRADED, ROUTE_BODY_NONE,
	 INTAKE_ADMINISTER, 0, 0},
	{HTTP_POST, SLICE_INIT("/v1/lifecycle/uninstalled"), ROUTE_UNINSTALLED, ROUTE_BODY_NONE,
	 INTAKE_ADMINISTER, 0, 0},
	{HTTP_GET, SLICE_INIT("/v1/receipt-key"), ROUTE_RECEIPT_KEY, ROUTE_BODY_NONE,
	 INTAKE_ANYBODY, 0, 0},
	{HTTP_GET, SLICE_INIT("/healthz"), ROUTE_HEALTHZ, ROUTE_BODY_NONE, INTAKE_ANYBODY, 0, 0},
	{HTTP_GET, SLICE_INIT("/readyz"), ROUTE_READYZ, ROUTE_BODY_NONE, INTAKE_ANYBODY, 0, 0},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
	return is_small(c) || (c >= 'A' && c <= 'Z');
}

static bool may_stand(enum id_class class, char c)
{
	switch (class) {
	case ID_JOB:
		return is_letter(c) || is_digit(c) || c == '-';
	case ID_NAME:
		return is_small(c) || is_digit(c) || c == '-';
	case ID_SPACE: /* what a URI never needs to encode: RFC 3986 2.3 */
		return is_letter(c) || is_digit(c) || c == '~' || c == '.' || c == '_' || c == '-';
	case ID_TOKEN:
		return is_digit(c) || (c >= 'a' && c <= 'f');
	}
	return false;
}

static bool is_id(enum id_class class, struct slice s)
{
	static const struct {
		size_t least, most;
	} lengths[] = {[ID_JOB] = {1, ROUTE_NAME_MAX},
		       [ID_NAME] = {1, NAME_MAX_LEN},
		       [ID_SPACE] = {1, ROUTE_NAME_MAX},
		       [ID_TOKEN] = {TOKEN_ID_MIN, TOKEN_ID_MAX}};
	for (size_t i = 0; i < s.len; i++) {
		if (!may_stand(class, s.ptr[i])) {
			return false;
		}
	}
	return s.len >= lengths[class].least && s.len <= lengths[class].most;
}

/* Whether the percents are whole has been looked at with the request line. */
static bool decode(struct slice s, char room[ROUTE_NAME_MAX], struct slice *out_text)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; n++) {
		bool encoded = s.ptr[i] == '%';
		if (n == ROUTE_NAME_MAX ||
		    (encoded && (s.len - i < 3 ||
				 hex_decode(slice_of(s.ptr + i + 1, 2), room + n) != FAULT_NONE))) {
			return false;
		}
		if (!encoded) {
			room[n] = s.ptr[i];
		}
		i += encoded ? 3 : 1;
	}
	*out_text = slice_of(room, n);
	return true;
}

/* What stands in the path where the pattern has {id}: one segment. */
static bool matches(struct slice pattern, struct slice path, struct slice *out_id)
{
	size_t before = slice_find_byte(pattern, '{');
	struct slice behind = slice_skip(pattern, slice_find_byte(pattern, '}') + 1);
	*out_id = (struct slice){0};
	if (before == pattern.len) {
		return slice_eq(pattern, path);
	}
	if (!slice_starts(path, slice_first(pattern, before)) || !slice_ends(path, behind) ||
	    path.len < before + behind.len) {
		return false;
	}
	*out_id = slice_of(path.ptr + before, path.len - before - behind.len);
	return slice_find_byte(*out_id, '/') == out_id->len;
}

static enum fault add_allowed(struct buf *allow, enum http_method m)
{
	enum fault f = allow->len > 0 ? buf_add_text(allow, ", ") : FAULT_NONE;
	if (f == FAULT_NONE) {
		f = buf_add(allow, http_method_name(m));
	}
	return f == FAULT_NONE && m == HTTP_GET ? add_allowed(allow, HTTP_HEAD) : f;
}

static bool takes(const struct row *row, struct slice id, struct route *r)
{
	if (slice_find_byte(row->pattern, '{') == row->pattern.len) {
		return true;
	}
	r->id = id;
	if ((row->id == ID_SPACE && !decode(id, r->decoded, &r->id)) || !is_id(row->id, r->id)) {
		r->hint = hints[row->id];
		return false;
	}
	return true;
}

enum fault route_find(enum http_method method, struct slice path, struct route *out_route,
		      struct buf *allow)
{
	enum http_method asked = method == HTTP_HEAD ? HTTP_GET : method;
	enum fault f = FAULT_NOT_FOUND;
	struct route *r = out_route;
	buf_clear(allow);
	r->hint = NULL;
	r->id = (struct slice){0};
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		const struct row *row = &routes[i];
		struct slice id;
		if (!matches(row->pattern, path, &id) || !takes(row, id, r)) {
			continue;
		}
		if (row->method == asked) {
			buf_clear(allow);
			r->name = row->name;
			r->body = row->body;
			r->scope = row->scope;
			r->kind = row->kind;
			return FAULT_NONE;
		}
		f = add_allowed(allow, row->method);
		if (f != FAULT_NONE) {
			return f;
		}
		f = FAULT_METHOD;
	}
	return f;
}
