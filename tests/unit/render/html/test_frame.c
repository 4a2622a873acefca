#include "render/html/html.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/written.h"

static const struct party ann = {SLICE_INIT("Ann <b>"), {.address = SLICE_INIT("ann@example.org")}};
static const struct attachment files[] = {{.name = SLICE_INIT("a<b.txt"),
					   .type = SLICE_INIT("text/plain"),
					   .bytes = SLICE_INIT("12345")}};

static struct render_input usual(const struct page *page)
{
	return (struct render_input){
		.page = page,
		.sender = &ann,
		.note = SLICE_INIT("First line\nsecond <line>"),
		.attachments = files,
		.attachment_count = COUNT_OF(files),
		.layout = {.button_label = SLICE_INIT("Zur \"Seite\"")},
		.message_id = SLICE_INIT("1@example.org"),
	};
}

static const struct page full = {
	.id = SLICE_INIT("7"),
	.title = SLICE_INIT("A & B </title>"),
	.space_key = SLICE_INIT("DEV"),
	.site_url = SLICE_INIT("https://x.example"),
};
static const struct page bare;

static struct node root = {.kind = NODE_ROOT};
static const struct document document = {.root = &root};

static struct slice write_frame(const struct page *page, struct arena *a)
{
	static struct view v;
	struct render_input in = usual(page);
	struct slice html;
	ck_assert_int_eq(view_init(&v, &in, &document, a), FAULT_NONE);
	ck_assert_int_eq(html_write(&v, &html), FAULT_NONE);
	return html;
}

static const struct {
	const char *name, *has;
} rows[] = {
	{"doctype", "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"},
	{"charset", "<meta charset=\"UTF-8\">"},
	{"title in the head", "<title>A &amp; B &lt;/title&gt;</title>"},
	{"title on the page", "A &amp; B &lt;/title&gt;</h1>"},
	{"byline", "Space DEV · sent by Ann &lt;b&gt;</p>"},
	{"note", "First line<br>\nsecond &lt;line&gt;</td>"},
	{"button", "<a href=\"https://x.example/pages/viewpage.action?pageId=7\""},
	{"label", "Zur &quot;Seite&quot;"},
	{"files", "&#128206; a&lt;b.txt (5 bytes)"},
	{"preheader", "First line second &lt;line&gt; · Space DEV · sent by Ann &lt;b&gt;&#847;"},
	{"a table for Word",
	 "<!--[if mso]><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
	 "border=\"0\" width=\"680\"><tr><td><![endif]-->"},
	{"its end", "<!--[if mso]></td></tr></table><![endif]-->"},
	{"the others", "max-width:680px"},
	{"an empty page", "This page has no content."},
};

START_TEST(full_frame)
{
	struct arena a;
	arena_init(&a, 1 << 20);
	struct slice html = write_frame(&full, &a);
	ck_assert_msg(written_has(html, rows[_i].has), "%s: %.*s", rows[_i].name, (int)html.len,
		      html.ptr);
	arena_deinit(&a);
}
END_TEST

START_TEST(bare_frame)
{
	struct arena a;
	arena_init(&a, 1 << 20);
	struct slice html = write_frame(&bare, &a);
	ck_assert(written_has(html, "<title>Untitled page</title>"));
	ck_assert(!written_has(html, "<a href"));
	ck_assert(!written_has(html, "Space "));
	/* One style block of at most 8 KB, in the head. */
	size_t at = slice_find(html, SLICE_LIT("<style>"));
	size_t end = slice_find(html, SLICE_LIT("</style>"));
	ck_assert_uint_lt(end - at, 8192);
	ck_assert_uint_lt(end, slice_find(html, SLICE_LIT("</head>")));
	arena_deinit(&a);
}
END_TEST

static const struct attachment pictures[] = {
	{.name = SLICE_INIT("logo.png"),
	 .type = SLICE_INIT("image/png"),
	 .bytes = SLICE_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\x90\0\0\0\x60\x08\6\0\0\0")},
	{.name = SLICE_INIT("a.csv"),
	 .type = SLICE_INIT("text/csv"),
	 .bytes = SLICE_INIT("1234567890")},
	{.name = SLICE_INIT("b.csv"), .type = SLICE_INIT("text/csv"), .bytes = SLICE_INIT("12345")},
};

struct frame_case {
	const char *name;
	struct layout layout;
	const char *language, *title;
	uint64_t attach_limit;
	const char *has, *lacks, *warning;
};

static const struct frame_case cases[] = {
	{"header text",
	 {.header_text = SLICE_INIT("ACME <Corp>\nHandbook")},
	 "",
	 "T",
	 0,
	 "ACME &lt;Corp&gt;<br>\nHandbook</td>",
	 "<img",
	 NULL},
	{"a logo is at most 48 px high",
	 {.logo = SLICE_INIT("logo.png")},
	 "",
	 "T",
	 0,
	 "\" width=\"200\" alt=\"Engineering\"",
	 NULL,
	 NULL},
	{"on a ground of its own",
	 {.logo = SLICE_INIT("logo.png")},
	 "",
	 "T",
	 0,
	 "<td bgcolor=\"#fefefe\" style=\"padding:4px;background-color:#fefefe\"><img src=\"cid:",
	 NULL,
	 NULL},
	{"it is no file of the list",
	 {.logo = SLICE_INIT("logo.png")},
	 "",
	 "T",
	 0,
	 "a.csv",
	 "logo.png",
	 NULL},
	{"a logo that is not there",
	 {.logo = SLICE_INIT("x.png")},
	 "",
	 "T",
	 0,
	 "logo.png (",
	 "<img",
	 "logo-not-shown"},
	{"a logo that is no picture",
	 {.logo = SLICE_INIT("a.csv")},
	 "",
	 "T",
	 0,
	 "b.csv",
	 "<img",
	 "logo-not-shown"},
	{"the space by its name",
	 {.image_side = 0},
	 "",
	 "T",
	 0,
	 "Space Engineering</p>",
	 "DEV",
	 NULL},
	{"German",
	 {.image_side = 0},
	 "de-AT",
	 "T",
	 0,
	 "<html lang=\"de-AT\" dir=\"ltr\">",
	 "Attached",
	 NULL},
	{"German button",
	 {.image_side = 0},
	 "de",
	 "T",
	 0,
	 "<b>In Confluence öffnen</b>",
	 NULL,
	 NULL},
	{"German files", {.image_side = 0}, "de", "T", 0, "<b>Angehängte Dateien</b>", NULL, NULL},
	{"Hebrew", {.image_side = 0}, "he", "T", 0, "<html lang=\"he\" dir=\"rtl\">", NULL, NULL},
	{"a Hebrew title",
	 {.image_side = 0},
	 "",
	 "שלום",
	 0,
	 "<h1 dir=\"rtl\" align=\"right\"",
	 "<h1 dir=\"ltr\"",
	 NULL},
	{"English words in it",
	 {.image_side = 0},
	 "",
	 "שלום",
	 0,
	 "<td class=\"f w g\" dir=\"ltr\" align=\"right\"",
	 NULL,
	 NULL},
	{"its frame",
	 {.image_side = 0},
	 "",
	 "שלום",
	 0,
	 "<td class=\"f w t\" dir=\"rtl\" align=\"right\"",
	 NULL,
	 NULL},
	{"a Hebrew title on an English page",
	 {.image_side = 0},
	 "en",
	 "שלום",
	 0,
	 "<html lang=\"en\" dir=\"ltr\">",
	 "<td class=\"f w t\" dir=\"rtl\"",
	 NULL},
	{"files that do not fit",
	 {.image_side = 0},
	 "",
	 "T",
	 34,
	 "<b>Not attached, because the mail would be "
	 "too large</b><br>\n&#128206; <a href=\"https://x.example/download/attachments/7/a.csv",
	 NULL,
	 "attachments-too-large"},
	{"those that do",
	 {.image_side = 0},
	 "",
	 "T",
	 34,
	 "&#128206; b.csv (5 bytes)",
	 NULL,
	 "attachments-too-large"},
};

static bool warned(const struct view *v, const char *code)
{
	for (const struct render_warning *w = v->warnings; w != NULL; w = w->next) {
		if (slice_eq(w->code, slice_of_text(code))) {
			return true;
		}
	}
	return false;
}

static enum fault write_case(const struct frame_case *c, struct arena *a, struct view *v,
			     struct slice *html)
{
	struct page page = full;
	page.title = slice_of_text(c->title);
	page.facts.space_name = SLICE_LIT("Engineering");
	struct render_input in = {
		.page = &page,
		.attachments = pictures,
		.attachment_count = COUNT_OF(pictures),
		.layout = c->layout,
		.language = slice_of_text(c->language),
		.limits.files = c->attach_limit,
		.message_id = SLICE_INIT("1@example.org"),
	};
	enum fault f = view_init(v, &in, &document, a);
	return f == FAULT_NONE ? html_write(v, html) : f;
}

START_TEST(frame_case)
{
	const struct frame_case *c = &cases[_i];
	struct arena a;
	struct view v;
	struct slice html;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(write_case(c, &a, &v, &html), FAULT_NONE);
	ck_assert_msg(written_has(html, c->has), "%s: %.*s", c->name, (int)html.len, html.ptr);
	ck_assert_msg(c->lacks == NULL || !written_has(html, c->lacks), "%s", c->name);
	ck_assert(c->warning == NULL || warned(&v, c->warning));
	ck_assert(c->warning != NULL || v.warnings == NULL);
	arena_deinit(&a);
}
END_TEST

START_TEST(no_memory)
{
	for (unsigned n = 1;; n++) {
		struct arena a;
		struct view v;
		struct slice html;
		arena_init(&a, 1 << 20);
		oom_arm(n);
		enum fault f = write_case(&cases[_i], &a, &v, &html);
		bool failed = oom_disarm();
		arena_deinit(&a);
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			break;
		}
	}
}
END_TEST

/* A hundred files with the longest names, sent or left out, leave room to a page that is too long as well. */
START_TEST(many_files)
{
	static char names[JOB_ATTACHMENTS_MAX][JOB_NAME_MAX];
	static struct attachment many[JOB_ATTACHMENTS_MAX];
	static struct node rules[1000];
	struct node page_root = {.kind = NODE_ROOT, .first = rules};
	const struct document long_page = {.root = &page_root};
	for (size_t i = 0; i < COUNT_OF(many); i++) {
		memset(names[i], '&', sizeof(names[i]));
		many[i] = (struct attachment){.name = slice_of(names[i], sizeof(names[i])),
					      .bytes = SLICE_INIT("12")};
	}
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		rules[i] = (struct node){.kind = NODE_RULE,
					 .parent = &page_root,
					 .next = i + 1 < COUNT_OF(rules) ? &rules[i + 1] : NULL};
	}
	for (uint64_t limit = 0; limit <= 100; limit += 50) {
		struct arena a;
		struct view v;
		struct slice html;
		struct render_input in = {.page = &full,
					  .attachments = many,
					  .attachment_count = COUNT_OF(many),
					  .limits.files = limit,
					  .message_id = SLICE_INIT("1@example.org")};
		arena_init(&a, 1 << 24);
		ck_assert_int_eq(view_init(&v, &in, &long_page, &a), FAULT_NONE);
		ck_assert_int_eq(html_write(&v, &html), FAULT_NONE);
		ck_assert_uint_le(html.len, 102400);
		ck_assert(v.cut && written_has(html, "<br>\n&hellip;"));
		ck_assert_uint_eq(v.file_count + v.left_out_count, COUNT_OF(many));
		arena_deinit(&a);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("frame");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, full_frame, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, bare_frame);
	tcase_add_test(t, many_files);
	tcase_add_loop_test(t, frame_case, 0, (int)COUNT_OF(cases));
	/* A logo needs a hash, and that an allocation of OpenSSL's own. */
	tcase_add_loop_test(t, no_memory, 4, (int)COUNT_OF(cases));
	suite_add_tcase(s, t);
	return check_main(s);
}
