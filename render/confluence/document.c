#include "render/confluence/document.h"

#include <stdlib.h>

#include "render/confluence/adf.h"
#include "render/confluence/encoding.h"
#include "render/confluence/export_view.h"
#include "render/confluence/links.h"
#include "render/confluence/quick.h"
#include "render/confluence/reader.h"
#include "render/confluence/soup.h"
#include "render/confluence/storage.h"
#include "render/confluence/targets.h"

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

/* "The page is not well-formed XML at line 3, column 14 (mismatched tag); it was read like HTML." */
static void warn_of_form(struct reader *r, const char *language, uint64_t line, uint64_t column,
			 const char *reason, const char *what_was_done)
{
	struct problem sentence;
	struct slice detail = slice_of(NULL, 0);
	problem_set(&sentence, FAULT_MALFORMED, "The page is not well-formed ");
	problem_add(&sentence, language);
	problem_add(&sentence, " at line ");
	problem_add_number(&sentence, line);
	problem_add(&sentence, ", column ");
	problem_add_number(&sentence, column);
	problem_add(&sentence, " (");
	problem_add(&sentence, reason);
	problem_add(&sentence, "); ");
	problem_add(&sentence, what_was_done);
	enum fault f = arena_copy(r->b.arena, problem_text(&sentence), &detail);
	reader_warn(r, WARNING_NOT_WELL_FORMED, reader_result(r, f, detail));
}

static enum fault read_as_soup(struct slice body, const struct storage_error *error,
			       struct arena *arena, struct reader *r)
{
	enum fault f = encoding_to_utf8(body, arena, &body);
	if (f != FAULT_NONE) {
		return f;
	}
	warn_of_form(r, "XML", error->line, error->column, error->reason, "it was read like HTML.");
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
	enum fault f = encoding_to_utf8(body, arena, &body);
	if (f == FAULT_NONE) {
		f = new_reader(params, arena, &r);
	}
	if (f == FAULT_NONE) {
		f = export_view_read(body, r);
	}
	return f == FAULT_NONE ? reader_finish(r, out_document) : f;
}

/* One line, so that whoever gets the mail knows that there is a page. */
static void say_not_shown(struct reader *r)
{
	reader_warn(r, WARNING_PAGE_NOT_SHOWN,
		    SLICE_LIT("The page is nothing that can be read in its format; the mail "
			      "says so and links to it."));
	target_show_link(r, r->page_url,
			 reader_phrase(r, SLICE_LIT("This page could not be shown")));
}

static enum fault read_adf(const struct document_params *params, struct slice body,
			   struct arena *arena, struct document *out_document)
{
	CLEANUP(drop_reader) struct reader *r = NULL;
	struct adf_error error;
	enum fault f = encoding_to_utf8(body, arena, &body);
	f = f == FAULT_NONE ? new_reader(params, arena, &r) : f;
	f = f == FAULT_NONE ? adf_read(body, r, &error) : f;
	if (f != FAULT_NONE) {
		return f;
	}
	if (error.line > 0) {
		warn_of_form(r, "JSON", error.line, error.column, error.reason,
			     "it was read as far as it goes.");
	}
	if (error.no_document || (error.line > 0 && r->b.root->first == NULL)) {
		say_not_shown(r);
	}
	return reader_finish(r, out_document);
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
		f = read_adf(params, body, arena, out_document);
		break;
	}
	return f == FAULT_NONE ? f : problem_set(problem, f, "");
}
