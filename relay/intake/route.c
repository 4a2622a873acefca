#include "relay/intake/route.h"

static const struct {
	enum http_method method;
	struct slice pattern; /* `{id}` stands for one segment of letters, digits and '-' */
	enum intake_route name;
	bool has_body;
} routes[] = {
	{HTTP_POST, SLICE_INIT("/v1/jobs"), ROUTE_JOBS_POST, true},
	{HTTP_GET, SLICE_INIT("/v1/jobs/{id}"), ROUTE_JOB_GET, false},
	{HTTP_POST, SLICE_INIT("/v1/render"), ROUTE_RENDER, true},
	{HTTP_GET, SLICE_INIT("/healthz"), ROUTE_HEALTHZ, false},
	{HTTP_GET, SLICE_INIT("/readyz"), ROUTE_READYZ, false},
};

static bool is_id(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      c == '-')) {
			return false;
		}
	}
	return s.len > 0;
}

static bool matches(struct slice pattern, struct slice path, struct slice *out_id)
{
	size_t before = slice_find_byte(pattern, '{');
	*out_id = (struct slice){0};
	if (before == pattern.len) {
		return slice_eq(pattern, path);
	}
	*out_id = slice_skip(path, before);
	return slice_starts(path, slice_first(pattern, before)) && is_id(*out_id);
}

static enum fault add_allowed(struct buf *allow, enum http_method m)
{
	enum fault f = allow->len > 0 ? buf_add_text(allow, ", ") : FAULT_NONE;
	if (f == FAULT_NONE) {
		f = buf_add(allow, http_method_name(m));
	}
	return f == FAULT_NONE && m == HTTP_GET ? add_allowed(allow, HTTP_HEAD) : f;
}

enum fault route_find(enum http_method method, struct slice path, struct route *out_route,
		      struct buf *allow)
{
	enum http_method asked = method == HTTP_HEAD ? HTTP_GET : method;
	enum fault f = FAULT_NOT_FOUND;
	buf_clear(allow);
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		struct slice id;
		if (!matches(routes[i].pattern, path, &id)) {
			continue;
		}
		if (routes[i].method == asked) {
			*out_route = (struct route){routes[i].name, routes[i].has_body, id};
			return FAULT_NONE;
		}
		f = add_allowed(allow, routes[i].method);
		if (f != FAULT_NONE) {
			return f;
		}
		f = FAULT_METHOD;
	}
	return f;
}
