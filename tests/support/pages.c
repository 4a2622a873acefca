#include "tests/support/pages.h"

#include <check.h>

#include "tests/support/tree_dump.h"

enum { ARENA_MAX = 1 << 30, DUMP_MAX = 64 << 20 };

static const struct attachment files[] = {
	{.name = SLICE_INIT("pic.png"), .type = SLICE_INIT("image/png"), .bytes = SLICE_INIT("x")},
	{.name = SLICE_INIT("net.png"), .type = SLICE_INIT("image/png"), .bytes = SLICE_INIT("x")},
	{.name = SLICE_INIT("plan.pdf"),
	 .type = SLICE_INIT("application/pdf"),
	 .bytes = SLICE_INIT("x")},
};

static struct known_user users[] = {{SLICE_INIT("u1"), SLICE_INIT("Ann")}};

enum fault page_read(struct page_reading *p, struct slice body)
{
	const struct page page = {
		.id = SLICE_LIT("42"),
		.title = SLICE_LIT("My Page"),
		.space_key = SLICE_LIT("DOC"),
		.site_url = SLICE_LIT("https://x.example/wiki"),
		.body = body,
	};
	const struct known known = {.users = users, .user_count = COUNT_OF(users)};
	const struct document_params params = {
		.page = &page,
		.attachments = files,
		.attachment_count = COUNT_OF(files),
		.known = &known,
	};
	arena_init(&p->arena, ARENA_MAX);
	buf_init(&p->dump, DUMP_MAX);
	enum fault f = document_read(&params, &p->arena, &p->document, &p->problem);
	if (f == FAULT_NONE) {
		tree_dump(p->document.root, &p->dump);
	}
	return f;
}

void page_reading_drop(struct page_reading *p)
{
	buf_deinit(&p->dump);
	arena_deinit(&p->arena);
}

void page_check(const struct page_row *row)
{
	struct page_reading p;
	ck_assert_msg(page_read(&p, slice_of_text(row->input)) == FAULT_NONE, "%s", row->name);
	struct slice dump = buf_view(&p.dump);
	const char *broken = tree_broken_promise(p.document.root);
	ck_assert_msg(slice_eq(dump, slice_of_text(row->expected)), "%s:\n got %.*s\nwant %s",
		      row->name, (int)dump.len, dump.ptr == NULL ? "" : dump.ptr, row->expected);
	ck_assert_msg(broken == NULL, "%s: %s", row->name, broken);
	page_reading_drop(&p);
}

struct slice page_warning(const struct page_reading *p, const char *code)
{
	for (const struct render_warning *w = p->document.warnings; w != NULL; w = w->next) {
		if (slice_eq(w->code, slice_of_text(code))) {
			return w->detail;
		}
	}
	return slice_of(NULL, 0);
}
