#include "relay/intake/route.h"

static const struct {
	enum http_method method;
	struct slice pattern; /* `{id}` stands for one segment of letters, digits and '-' */
	enum intake_route name;
	enum route_body body;
} routes[] = {
	{HTTP_POST, SLICE_INIT("/v1/jobs"), ROUTE_JOBS_POST, ROUTE_BODY_JOB},
	{HTTP_GET, SLICE_INIT("/v1/jobs/{id}"), ROUTE_JOB_GET, ROUTE_BODY_NONE},
	{HTTP_POST, SLICE_INIT("/v1/render"), ROUTE_RENDER, ROUTE_BODY_JOB},
	{HTTP_POST, SLICE_INIT("/v1/tenant/servers/{id}/check"), ROUTE_CHECK, ROUTE_BODY_CHECK},
	{HTTP_GET, SLICE_INIT("/healthz"), ROUTE_HEALTHZ, ROUTE_BODY_NONE},
	{HTTP_GET, SLICE_INIT("/readyz"), ROUTE_READYZ, ROUTE_BODY_NONE},
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
	return is_id(*out_id);
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
			*out_route = (struct route){routes[i].name, routes[i].body, id};
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
