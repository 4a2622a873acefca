/*
 * A multipart body: byte by byte it must come to the same parts as whole, and every part must lie in the body and be
 * free of the boundary. The first line of the input is the Content-Type's parameter.
 */
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/buf.h"
#include "relay/intake/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS_MAX = 4, TOLD_MAX = 1024 * 1024 };

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void tell(struct buf *told, struct slice s)
{
	must(buf_add_u64(told, s.len) == FAULT_NONE && buf_add(told, s) == FAULT_NONE);
}

static void judge_part(const struct multipart_part *p, struct slice boundary, const char *body,
		       size_t len)
{
	must(p->name.len > 0);
	must(p->bytes.ptr >= body && p->bytes.ptr + p->bytes.len <= body + len);
	must(slice_find_byte(p->file_name, '/') == p->file_name.len);
	char mark[4 + MULTIPART_BOUNDARY_MAX] = "\r\n--";
	memcpy(mark + 4, boundary.ptr, boundary.len);
	struct slice delimiter = slice_of(mark, 4 + boundary.len);
	must(slice_find(p->bytes, delimiter) == p->bytes.len);
}

/* All parts in a form that shows every difference. */
static enum fault read_parts(struct slice boundary, struct slice input, size_t step,
			     struct buf *told)
{
	struct multipart m;
	struct multipart_part part;
	struct problem problem = {0};
	enum multipart_step last = MULTIPART_MORE;
	char *body = malloc(input.len > 0 ? input.len : 1);
	must(body != NULL);
	multipart_init(&m, boundary, PARTS_MAX);
	for (size_t n = 0; n < input.len && last != MULTIPART_BAD;) {
		size_t grown = n + step < input.len ? n + step : input.len;
		memcpy(body + n, input.ptr + n, grown - n);
		n = grown;
		while ((last = multipart_next(&m, body, n, &part, &problem)) == MULTIPART_PART) {
			judge_part(&part, boundary, body, n);
			tell(told, part.name);
			tell(told, part.file_name);
			tell(told, part.type);
			tell(told, part.bytes);
		}
	}
	enum fault f = last == MULTIPART_BAD ? problem.fault : FAULT_NONE;
	if (last != MULTIPART_BAD && !multipart_is_over(&m)) {
		f = multipart_truncated(&m, &problem);
	}
	must((f == FAULT_NONE) == (problem.fault == FAULT_NONE));
	tell(told, slice_of(problem.text, problem.len));
	free(body);
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_of(data, size);
	struct slice type;
	struct slice boundary = SLICE_LIT("b");
	struct problem problem;
	struct buf whole, bytes;
	if (slice_cut_to(&input, '\n', &type) &&
	    multipart_boundary(type, &boundary, &problem) != FAULT_NONE) {
		boundary = SLICE_LIT("b");
	}
	buf_init(&whole, TOLD_MAX);
	buf_init(&bytes, TOLD_MAX);
	enum fault f = read_parts(boundary, input, input.len > 0 ? input.len : 1, &whole);
	must(read_parts(boundary, input, 1, &bytes) == f);
	must(slice_eq(buf_view(&whole), buf_view(&bytes)));
	buf_deinit(&whole);
	buf_deinit(&bytes);
	return 0;
}
