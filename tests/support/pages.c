#include "tests/support/pages.h"

#include <check.h>

#include "tests/support/tree_dump.h"

enum { ARENA_MAX = 1 << 30, DUMP_MAX = 64 << 20 };

static const struct attachment files[] = {
	{.name = SLICE_INIT("pic.png"),
	 .file_id = SLICE_INIT("f-pic"),
	 .type = SLICE_INIT("image/png"),
	 .bytes = SLICE_INIT("x")},
	{.name = SLICE_INIT("net.png"), .type = SLICE_INIT("image/png"), .bytes = SLICE_INIT("x")},
	{.name = SLICE_INIT("plan.pdf"),
	 .type = SLICE_INIT("application/pdf"),
	 .bytes = SLICE_INIT("x")},
};

static struct known_user users[] = {{SLICE_INIT("u1"), SLICE_INIT("Ann")}};

static struct known_link links[] = {
	{.url = SLICE_INIT("https://x.example/wiki/spaces/DOC/pages/7/Known"),
	 .title = SLICE_INIT("Known page"),
	 .summary = SLICE_INIT("What it says"),
	 .content_id = SLICE_INIT("7"),
	 .content_title = SLICE_INIT("Known")},
	{.url = SLICE_INIT("https://x.example/wiki/spaces/OPS"),
	 .title = SLICE_INIT("Operations"),
	 .space_key = SLICE_INIT("OPS")},
	{.url = SLICE_INIT("https://x.example/browse/ABC-9"),
	 .title = SLICE_INIT("Pump leaks"),
	 .status = SLICE_INIT("In Progress"),
	 .issue_key = SLICE_INIT("ABC-9")},
	{.url = SLICE_INIT("https://www.youtube.com/watch?v=1"), .title = SLICE_INIT("A film")},
};

#define NESTED(id) "<ac:structured-macro ac:name='zz' ac:local-id='" id "'/>"

static struct live_cell live_head[] = {{SLICE_INIT("Key"), SLICE_INIT("")},
				       {SLICE_INIT("State"), SLICE_INIT("")}};
static struct live_cell live_first[] = {{SLICE_INIT("A-1"), SLICE_INIT("https://x.example/A-1")},
					{SLICE_INIT(" <b> "), SLICE_INIT("")}};
static struct live_cell live_second[] = {{SLICE_INIT(""), SLICE_INIT("javascript:x")}};
static struct live_row live_rows[] = {{live_head, 2}, {live_first, 2}, {live_second, 1}};

static struct live_macro macros[] = {
	{SLICE_INIT("l-html"), LIVE_HTML, SLICE_INIT("<p>live <b>html</b></p>"), NULL, 0},
	{SLICE_INIT("l-adf"), LIVE_ADF,
	 SLICE_INIT("{\"type\":\"doc\",\"content\":[{\"type\":\"text\",\"text\":\"live ADF\"}]}"),
	 NULL, 0},
	{SLICE_INIT("l-text"), LIVE_TEXT, SLICE_INIT("one\ntwo\n\nthree"), NULL, 0},
	{SLICE_INIT("l-self"), LIVE_HTML, SLICE_INIT("<p>s</p>" NESTED("l-self")), NULL, 0},
	{SLICE_INIT("l-1"), LIVE_HTML, SLICE_INIT("1" NESTED("l-2")), NULL, 0},
	{SLICE_INIT("l-2"), LIVE_HTML, SLICE_INIT("2" NESTED("l-3")), NULL, 0},
	{SLICE_INIT("l-3"), LIVE_HTML, SLICE_INIT("3" NESTED("l-4")), NULL, 0},
	{SLICE_INIT("l-4"), LIVE_HTML, SLICE_INIT("4" NESTED("l-5")), NULL, 0},
	{SLICE_INIT("l-5"), LIVE_HTML, SLICE_INIT("5" NESTED("l-6")), NULL, 0},
	{SLICE_INIT("l-6"), LIVE_HTML, SLICE_INIT("6"), NULL, 0},
	{SLICE_INIT("l-alarm"), LIVE_TEXT, SLICE_INIT("ALARM 2026-11-22T02:40:00Z"), NULL, 0},
	{SLICE_INIT("l-both"), LIVE_TEXT, SLICE_INIT("OK, no longer ALARM"), NULL, 0},
	{SLICE_INIT("l-word"), LIVE_TEXT, SLICE_INIT("NOT-OK BOOK ok"), NULL, 0},
	{SLICE_INIT("l-alarm-adf"), LIVE_ADF,
	 SLICE_INIT("{\"type\":\"doc\",\"text\":\"ALARM 2026-11-22T02:40:00Z\"}"), NULL, 0},
	{SLICE_INIT("l-ok"), LIVE_HTML, SLICE_INIT("<b>OK</b> <i>2026-11-22T02:40:00Z</i>"), NULL,
	 0},
	{SLICE_INIT("l-rows"), LIVE_ROWS, SLICE_INIT(""), live_rows, 3},
	{SLICE_INIT("l-none"), LIVE_ROWS, SLICE_INIT(""), NULL, 0},
};

enum fault page_read(struct page_reading *p, struct slice body)
{
	return page_read_as(p, PAGE_STORAGE, body);
}

enum fault page_read_as(struct page_reading *p, enum page_format format, struct slice body)
{
	const struct page page = {
		.id = SLICE_LIT("42"),
		.title = SLICE_LIT("My Page"),
		.version = 12,
		.facts = {.author = SLICE_LIT("Ben"),
			  .created = {1768381500000}, /* 2026-01-14T09:05Z */
			  .updated = {1794211200000}, /* 2026-11-09T08:00Z */
			  .has_contributors = true,
			  .contributors = 4},
		.space_key = SLICE_LIT("DOC"),
		.site_url = SLICE_LIT("https://x.example/wiki"),
		.format = format,
		.body = body,
	};
	const struct known known = {.users = users,
				    .user_count = COUNT_OF(users),
				    .links = links,
				    .link_count = COUNT_OF(links),
				    .macros = macros,
				    .macro_count = COUNT_OF(macros)};
	const struct document_params params = {
		.page = &page,
		.attachments = files,
		.attachment_count = COUNT_OF(files),
		.known = &known,
		.now = {1795315200000}, /* 2026-11-22T02:40Z */
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

static void check(enum page_format format, const struct page_row *row, struct slice body)
{
	struct page_reading p;
	ck_assert_msg(page_read_as(&p, format, body) == FAULT_NONE, "%s", row->name);
	struct slice dump = buf_view(&p.dump);
	const char *broken = tree_broken_promise(p.document.root);
	ck_assert_msg(slice_eq(dump, slice_of_text(row->expected)), "%s:\n got %.*s\nwant %s",
		      row->name, (int)dump.len, dump.ptr == NULL ? "" : dump.ptr, row->expected);
	ck_assert_msg(broken == NULL, "%s: %s", row->name, broken);
	page_reading_drop(&p);
}

void page_check(const struct page_row *row)
{
	page_check_as(PAGE_STORAGE, row);
}

void page_check_as(enum page_format format, const struct page_row *row)
{
	check(format, row, slice_of_text(row->input));
}

void page_check_adf(const struct page_row *row)
{
	char json[16 * 1024];
	struct buf body;
	buf_init(&body, sizeof(json));
	ck_assert(buf_add_text(&body, "{'type':'doc','version':1,'content':[") == FAULT_NONE &&
		  buf_add_text(&body, row->input) == FAULT_NONE &&
		  buf_add_text(&body, "]}") == FAULT_NONE);
	struct slice text = buf_view(&body);
	for (size_t i = 0; i < text.len; i++) {
		json[i] = text.ptr[i];
		if (json[i] == '\'') {
			json[i] = '"';
		}
	}
	check(PAGE_ATLAS_DOC_FORMAT, row, slice_of(json, text.len));
	buf_deinit(&body);
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
