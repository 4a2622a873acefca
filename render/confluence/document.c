#include "render/confluence/document.h"

#include <stdlib.h>

#include "spool-free/base/text.h"
#include "render/confluence/export_view.h"
#include "render/confluence/links.h"
#include "render/confluence/quick.h"
#include "render/confluence/reader.h"
#include "render/confluence/soup.h"
#include "render/confluence/storage.h"

enum fault document_page_url(const struct page *page, struct arena *arena, struct slice *out_url)
{
	return links_to_page_id(page, page->id, arena, out_url);
}

/* The reader itself is gone when the tree stands: it is larger than most pages. */
static void drop_reader(struct reader **r)
{
	free(*r);
	*r = NULL;
}

static enum fault new_reader(const struct document_params *params, struct arena *arena,
			     struct reader **out_reader)
{
	CLEANUP(drop_reader) struct reader *r = malloc(sizeof(*r));
	if (r == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = reader_init(r, params, arena);
	if (f == FAULT_NONE) {
		*out_reader = STEAL(r);
	}
	return f;
}

/* Bytes that are no UTF-8 become U+FFFD, one each. */
static enum fault make_valid(struct slice body, struct arena *arena, struct slice *out_body)
{
	size_t valid = text_utf8_valid(body);
	if (valid == body.len) {
		*out_body = body;
		return FAULT_NONE;
	}
	size_t room;
	if (__builtin_mul_overflow(body.len, 3, &room)) {
		return FAULT_NO_MEMORY;
	}
	char *start = arena_bytes(arena, room);
	if (start == NULL) {
		return FAULT_NO_MEMORY;
	}
	char *at = start;
	while (body.len > 0) {
		at += text_encode(text_next(&body), at);
	}
	*out_body = slice_of(start, (size_t)(at - start));
	return FAULT_NONE;
}

/* "The page is not well-formed at line 3, column 14 (mismatched tag); it was read as far as it
 * goes." */
static enum fault describe(const struct storage_error *error, struct arena *arena,
			   struct slice *out_detail)
{
	struct problem sentence;
	problem_set(&sentence, FAULT_MALFORMED, "The page is not well-formed XML at line ");
	problem_add_number(&sentence, error->line);
	problem_add(&sentence, ", column ");
	problem_add_number(&sentence, error->column);
	problem_add(&sentence, " (");
	problem_add(&sentence, error->reason);
	problem_add(&sentence, "); it was read like HTML.");
	return arena_copy(arena, problem_text(&sentence), out_detail);
}

static enum fault read_as_soup(struct slice body, const struct storage_error *error,
			       struct arena *arena, struct reader *r)
{
	struct slice detail;
	enum fault f = make_valid(body, arena, &body);
	if (f == FAULT_NONE) {
		f = describe(error, arena, &detail);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	reader_warn(r, WARNING_NOT_WELL_FORMED, detail);
	soup_read(body, r);
	return r->b.fault;
}

/* A reader that has read the page so far as it goes gives way to a new one, and so does what it made. */
static enum fault renew_reader(const struct document_params *params, struct arena *arena,
			       struct arena_mark mark, struct reader **r)
{
	drop_reader(r);
	arena_go_back(arena, mark);
	return new_reader(params, arena, r);
}

/* Nearly every page is plain enough for the quick way; what is wrong with the others only the parser says. */
static enum fault read_storage(const struct document_params *params, struct slice body,
			       struct arena *arena, struct document *out_document)
{
	CLEANUP(drop_reader) struct reader *r = NULL;
	struct storage_error error = {.line = 0};
	struct arena_mark mark = arena_mark(arena);
	enum fault f = new_reader(params, arena, &r);
	if (f == FAULT_NONE && !quick_read(body, r)) {
		f = renew_reader(params, arena, mark, &r);
		f = f == FAULT_NONE ? storage_read(body, r, &error) : f;
	}
	if (f == FAULT_NONE && error.line > 0) {
		f = renew_reader(params, arena, mark, &r);
		f = f == FAULT_NONE ? read_as_soup(body, &error, arena, r) : f;
	}
	return f == FAULT_NONE ? reader_finish(r, out_document) : f;
}

static enum fault read_view(const struct document_params *params, struct slice body,
			    struct arena *arena, struct document *out_document)
{
	CLEANUP(drop_reader) struct reader *r = NULL;
	enum fault f = make_valid(body, arena, &body);
	if (f == FAULT_NONE) {
		f = new_reader(params, arena, &r);
	}
	if (f == FAULT_NONE) {
		f = export_view_read(body, r);
	}
	return f == FAULT_NONE ? reader_finish(r, out_document) : f;
}

enum fault document_read(const struct document_params *params, struct arena *arena,
			 struct document *out_document, struct problem *problem)
{
	const struct slice mark = SLICE_LIT("\xEF\xBB\xBF");
	struct slice body = params->page->body;
	enum fault f = FAULT_NONE;
	if (slice_starts(body, mark)) {
		body = slice_skip(body, mark.len);
	}
	switch (params->page->format) {
	case PAGE_STORAGE:
		f = read_storage(params, body, arena, out_document);
		break;
	case PAGE_VIEW:
	case PAGE_EXPORT_VIEW:
		f = read_view(params, body, arena, out_document);
		break;
	case PAGE_ATLAS_DOC_FORMAT:
		return problem_set(problem, FAULT_BAD_FIELD,
				   "Pages in this format are not taken by this version.");
	}
	return f == FAULT_NONE ? f : problem_set(problem, f, "");
}
