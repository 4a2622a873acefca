#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const char *const known[] = {"info", "code", "toc", "jira", "drawio", "outgoing-links"};

static const struct page_row rows[] = {
	{"unknown with a rich body",
	 "<ac:structured-macro ac:name='zz'><ac:rich-text-body><p>a</p>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "p{'a'}"},
	{"unknown with a plain body",
	 "<ac:structured-macro ac:name='zz'><ac:plain-text-body><![CDATA[a]]>"
	 "</ac:plain-text-body></ac:structured-macro>",
	 "code('a')"},
	{"unknown without a body",
	 "<ac:structured-macro ac:name='zz'></ac:structured-macro>"
	 "<p>a <ac:structured-macro ac:name='zz'></ac:structured-macro></p>",
	 "card(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage.action?pag"
	 "eId=42;)p{'a 'card_inline(label=zz;macro=zz;href=https://x.example/wiki/page"
	 "s/viewpage.action?pageId=42;)}"},
	{"macro without a name", "<ac:structured-macro/>",
	 "card(label=Macro;href=https://x.example/wiki/pages/viewpage.action?pageId=42"
	 ";)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

START_TEST(rules)
{
	const struct macro_rule *rule = macro_rule_for(slice_of_text(known[_i]));
	ck_assert(slice_eq(rule->name, slice_of_text(known[_i])));
	ck_assert_ptr_nonnull(rule->show);
}
END_TEST

/* Each name once, so that no row hides another. */
START_TEST(every_name_is_found)
{
	size_t count = 0;
	for (const struct macro_rule *rule; (rule = macro_each(count)) != NULL; count++) {
		ck_assert_ptr_nonnull(rule->show);
		ck_assert_ptr_eq(macro_rule_for(rule->name), rule);
	}
	ck_assert_uint_gt(count, 140);
	ck_assert_ptr_null(macro_each(SIZE_MAX));
}
END_TEST

START_TEST(unknown_names)
{
	ck_assert_ptr_nonnull(macro_rule_for(SLICE_LIT("Info"))->show);
	ck_assert_uint_eq(macro_rule_for(SLICE_LIT("Info"))->name.len, 0);
	ck_assert_ptr_nonnull(macro_rule_for(slice_of(NULL, 0))->show);
	ck_assert_ptr_null(macro_rule_for_adf(SLICE_LIT("info")));
	ck_assert_ptr_nonnull(macro_rule_for_adf(SLICE_LIT("panel")));
}
END_TEST

#define STRUCTURED(name) "<ac:structured-macro ac:name='" name "'/>"

START_TEST(fates_are_counted)
{
	static const struct render_macro expected[] = {
		{SLICE_INIT("status"), MACRO_RENDERED, 2, NULL},
		{SLICE_INIT("children"), MACRO_CARD, 1, NULL},
		{SLICE_INIT("drawio"), MACRO_CARD, 1, NULL},
		{SLICE_INIT("drawio"), MACRO_SNAPSHOT, 1, NULL},
	};
	struct page_reading p;
	ck_assert(
		page_read(
			&p,
			SLICE_LIT(
				STRUCTURED("status") STRUCTURED("children") STRUCTURED("drawio")
					STRUCTURED(
						"status") "<ac:structured-macro "
							  "ac:name='drawio'><ac:parameter "
							  "ac:name='diagramName'>net</ac:parameter>"
							  "</ac:structured-macro>")) == FAULT_NONE);
	const struct render_macro *m = p.document.macros;
	for (size_t i = 0; i < COUNT_OF(expected); i++, m = m->next) {
		ck_assert_ptr_nonnull(m);
		ck_assert(slice_eq(m->name, expected[i].name));
		ck_assert_int_eq(m->fate, expected[i].fate);
		ck_assert_uint_eq(m->count, expected[i].count);
	}
	ck_assert_ptr_null(m);
	page_reading_drop(&p);
}
END_TEST

/* A page of ten thousand different names gets a short report. */
START_TEST(report_has_an_end)
{
	struct buf body;
	struct page_reading p;
	buf_init(&body, 1 << 20);
	for (uint64_t i = 0; i < 10000; i++) {
		ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='m") == FAULT_NONE);
		ck_assert(buf_add_u64(&body, i) == FAULT_NONE);
		ck_assert(buf_add_text(&body, "'/>") == FAULT_NONE);
	}
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	unsigned lines = 0;
	uint64_t all = 0;
	for (const struct render_macro *m = p.document.macros; m != NULL; m = m->next) {
		lines++;
		all += m->count;
	}
	ck_assert_uint_le(lines, MACRO_NAMES_MAX + 3);
	ck_assert_uint_eq(all, 10000);
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

static struct known_user users[] = {{SLICE_INIT("u1"), SLICE_INIT("Ann")}};
static struct known_link links[] = {
	{.url = SLICE_INIT("https://x.example/1"),
	 .title = SLICE_INIT("T"),
	 .content_title = SLICE_INIT("T")},
	{.issue_key = SLICE_INIT("A-1"), .title = SLICE_INIT("S"), .status = SLICE_INIT("Done")},
};
static struct live_macro lives[] = {
	{SLICE_INIT("h"), LIVE_HTML, SLICE_INIT("<table><tr><td>a</td></tr></table>"), NULL, 0},
	{SLICE_INIT("t"), LIVE_TEXT, SLICE_INIT("OK 2026-11-22T02:40:00Z"), NULL, 0},
	{SLICE_INIT("j"), LIVE_ADF,
	 SLICE_INIT("{\"type\":\"doc\",\"content\":[{\"type\":\"rule\"}]}"), NULL, 0},
};

#define WITH_PARAM(name, param, value)                                                             \
	"<ac:structured-macro ac:name='" name "'><ac:parameter ac:name='" param "'>" value         \
	"</ac:parameter></ac:structured-macro>"
#define WITH_BODY(name, body)                                                                      \
	"<ac:structured-macro ac:name='" name "'><ac:rich-text-body>" body                         \
	"</ac:rich-text-body></ac:structured-macro>"
#define WITH_TEXT(name, body)                                                                      \
	"<ac:structured-macro ac:name='" name "'><ac:plain-text-body>" body                        \
	"</ac:plain-text-body></ac:structured-macro>"
#define WITH_ID(name, id) "<ac:structured-macro ac:name='" name "' ac:local-id='" id "'/>"

/* One of each kind. */
static const char all_kinds[] = WITH_BODY("panel", "<p>a</p>") WITH_TEXT("code", "x") WITH_TEXT(
	"markdown", "# a | `b`") WITH_TEXT("html",
					   "<b>x</b>") WITH_PARAM("toc", "include",
								  "a.*") WITH_BODY("toc-zone",
										   "<h1>a</h1>")
	WITH_PARAM("toc", "type", "flat") WITH_BODY("footnote", "n") STRUCTURED(
		"display-footnotes") WITH_TEXT("footnote",
					       "m") WITH_PARAM("jira", "key",
							       "A-1") WITH_PARAM("jira", "jqlQuery",
										 "q")
		WITH_PARAM("include", "", "T") WITH_ID("include", "h") WITH_ID(
			"children",
			"j") WITH_PARAM("attachments", "patterns",
					".*a, b") STRUCTURED("gallery") WITH_PARAM("view-file",
										   "name", "a.png")
			WITH_PARAM("drawio", "name", "a") WITH_TEXT("plantuml", "A") WITH_PARAM(
				"widget",
				"url", "https://vimeo.com/1") WITH_PARAM("rss", "url",
									 "https://x.example/1")
				WITH_PARAM("auibutton", "title", "b") WITH_PARAM(
					"profile",
					"user",
					"<ri:user ri:account-id='u1'/>") WITH_PARAM("im",
										    "screenname", "s")
					WITH_PARAM("tooltip", "text", "t") WITH_PARAM("status", "title", "s") WITH_PARAM(
						"anchor", "",
						"a") WITH_BODY("details",
							       "<table><tr><td>k</td><td>v</td></"
							       "tr></table>")
						WITH_BODY("section", WITH_BODY("column", "c")) WITH_BODY(
							"deck",
							WITH_BODY(
								"card",
								"c")) WITH_PARAM("loremipsum", "",
										 "1") WITH_PARAM("m"
												 "e"
												 "t"
												 "a"
												 "d"
												 "a"
												 "t"
												 "a"
												 "-"
												 "s"
												 "o"
												 "p",
												 "r"
												 "e"
												 "v"
												 "i"
												 "e"
												 "w"
												 "e"
												 "r",
												 "u"
												 "1"
												 ","
												 " "
												 "b")
							WITH_ID("confluops",
								"t") STRUCTURED("confluops")
								WITH_PARAM(
									"contentbylabel",
									"label", "l") WITH_PARAM("m"
												 "a"
												 "t"
												 "h"
												 "b"
												 "l"
												 "o"
												 "c"
												 "k",
												 "b"
												 "o"
												 "d"
												 "y",
												 "m")
									STRUCTURED("z"
										   "z")
										STRUCTURED(
											"livesearc"
											"h") "<ac:"
											     "adf-"
											     "exten"
											     "sion>"
											     "<ac:"
											     "adf-"
											     "node "
											     "type="
											     "'exte"
											     "nsion"
											     "'><"
											     "ac:"
											     "adf-"
											     "attri"
											     "bute "
											     "key='"
											     "text'"
											     ">T"
											     "</"
											     "ac:"
											     "adf-"
											     "attri"
											     "bute>"
											     "</"
											     "ac:"
											     "adf-"
											     "node>"
											     "<ac:"
											     "adf-"
											     "fallb"
											     "ack><"
											     "p>f</"
											     "p></"
											     "ac:"
											     "adf-"
											     "fallb"
											     "ack>"
											     "</"
											     "ac:"
											     "adf-"
											     "exten"
											     "sion"
											     ">";

/* Asserts nothing itself: that would ask for memory. */
static enum fault read_all_kinds(size_t limit, const char **out_broken)
{
	static const struct attachment files[] = {{.name = SLICE_INIT("a.png"),
						   .type = SLICE_INIT("image/png"),
						   .bytes = SLICE_INIT("x")}};
	const struct page page = {
		.id = SLICE_LIT("1"),
		.title = SLICE_LIT("P"),
		.site_url = SLICE_LIT("https://x.example/wiki"),
		.facts = {.has_attachments = true, .updated = {1}},
		.body = slice_of_text(all_kinds),
	};
	const struct known around = {users,	      COUNT_OF(users), links,
				     COUNT_OF(links), lives,	       COUNT_OF(lives)};
	const struct document_params params = {
		.page = &page,
		.attachments = files,
		.attachment_count = COUNT_OF(files),
		.known = &around,
		.now = {2},
	};
	struct arena arena;
	struct document document;
	struct problem problem;
	arena_init(&arena, limit);
	enum fault f = document_read(&params, &arena, &document, &problem);
	*out_broken = f == FAULT_NONE ? tree_broken_promise(document.root) : NULL;
	arena_deinit(&arena);
	return f;
}

/* Wherever memory runs out, that is what is said. */
START_TEST(memory_runs_out)
{
	enum fault f = FAULT_NO_MEMORY;
	unsigned failed = 0;
	for (size_t limit = 4096; f != FAULT_NONE; limit += 256) {
		const char *broken;
		f = read_all_kinds(limit, &broken);
		ck_assert(broken == NULL && (f == FAULT_NONE || f == FAULT_NO_MEMORY));
		failed += f != FAULT_NONE;
	}
	ck_assert_uint_gt(failed, 10);
}
END_TEST

/* Sorting makes do without the memory that it asks for; nothing else does. */
START_TEST(every_allocation_fails)
{
	unsigned failed = 0;
	bool more = true;
	for (unsigned n = 1; more; n++) {
		oom_arm(n);
		const char *broken;
		enum fault f = read_all_kinds(1 << 24, &broken);
		more = oom_disarm();
		failed += f == FAULT_NO_MEMORY;
		ck_assert(broken == NULL && (f == FAULT_NONE || (more && f == FAULT_NO_MEMORY)));
	}
	ck_assert_uint_gt(failed, 3);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macros");
	TCase *t = tcase_create("macros");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, rules, 0, COUNT_OF(known));
	tcase_add_test(t, every_name_is_found);
	tcase_add_test(t, unknown_names);
	tcase_add_test(t, fates_are_counted);
	tcase_add_test(t, report_has_an_end);
	tcase_add_test(t, memory_runs_out);
	tcase_add_test(t, every_allocation_fails);
	suite_add_tcase(s, t);
	return check_main(s);
}
