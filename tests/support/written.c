#include "tests/support/written.h"

#include <check.h>

#include "render/html/html.h"
#include "render/html/plain.h"

#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"

static const struct attachment files[] = {
	{.name = SLICE_INIT("dot.png"),
	 .type = SLICE_INIT("image/png"),
	 .bytes = SLICE_INIT(PNG_HEAD "\0\0\0\2\0\0\0\1\x08\6\0\0\0")},
	{.name = SLICE_INIT("wide.png"),
	 .type = SLICE_INIT("image/png"),
	 .bytes = SLICE_INIT(PNG_HEAD "\0\0\3\xe8\0\0\1\xf4\x08\6\0\0\0")},
	{.name = SLICE_INIT("drawing.svg"),
	 .type = SLICE_INIT("image/svg+xml"),
	 .bytes = SLICE_INIT("<svg xmlns=\"\"/>")},
	{.name = SLICE_INIT("table.csv"),
	 .type = SLICE_INIT("text/csv"),
	 .bytes = SLICE_INIT("a;b\n")},
	{.name = SLICE_INIT("again.png"),
	 .type = SLICE_INIT("image/png"),
	 .bytes = SLICE_INIT(PNG_HEAD "\0\0\0\2\0\0\0\1\x08\6\0\0\0")},
};

static const struct party from = {.mailbox.address = SLICE_INIT("a@example.org")};

static struct slice between(struct slice whole, const char *begin, const char *end)
{
	struct slice head = slice_of_text(begin);
	struct slice foot = slice_of_text(end);
	size_t at = slice_find(whole, head);
	ck_assert(at < whole.len);
	struct slice rest = slice_skip(whole, at + head.len);
	size_t last = 0;
	for (size_t i = slice_find(rest, foot); i < rest.len && last + i < rest.len;) {
		last += i;
		struct slice behind = slice_skip(rest, last + foot.len);
		size_t next = slice_find(behind, foot);
		if (next == behind.len) {
			break;
		}
		i = next + foot.len;
	}
	return slice_trim(slice_first(rest, last));
}

void written_make_on(const char *site, const char *storage, struct written *out)
{
	struct page page = {
		.id = SLICE_INIT("7"),
		.title = SLICE_INIT("T"),
		.site_url = slice_of_text(site),
		.body = slice_of_text(storage),
	};
	struct render_input in = {
		.page = &page,
		.from = &from,
		.attachments = files,
		.attachment_count = COUNT_OF(files),
		.attach = ATTACH_NONE,
		.message_id = SLICE_INIT("1@example.org"),
	};
	const struct document_params params = {
		.page = &page, .attachments = files, .attachment_count = COUNT_OF(files)};
	struct document document;
	arena_init(&out->arena, 256 * 1024 * 1024);
	ck_assert_int_eq(document_read(&params, &out->arena, &document, NULL), FAULT_NONE);
	ck_assert_int_eq(view_init(&out->view, &in, &document, &out->arena), FAULT_NONE);
	ck_assert_int_eq(html_write(&out->view, &out->whole_html), FAULT_NONE);
	ck_assert_int_eq(plain_write(&out->view, &out->whole_text), FAULT_NONE);
	out->html = between(out->whole_html,
			    "padding:20px 24px 12px;font:14px/1.43 Arial,Helvetica,sans-serif;"
			    "color:#172b4d;\">\n",
			    "</td></tr>\n<tr><td class=\"f ");
	out->text = between(out->whole_text, "T\n=\n", "\n-- \n");
	/* What they pointed to is gone. */
	out->view.in = NULL;
	out->view.document = NULL;
}

void written_make(const char *storage, struct written *out)
{
	written_make_on("", storage, out);
}

void written_drop(struct written *p)
{
	arena_deinit(&p->arena);
}

bool written_has(struct slice in, const char *what)
{
	return slice_find(in, slice_of_text(what)) < in.len;
}

bool written_warned(const struct written *p, const char *code)
{
	for (const struct render_warning *w = p->view.warnings; w != NULL; w = w->next) {
		if (slice_eq(w->code, slice_of_text(code))) {
			return true;
		}
	}
	return false;
}
