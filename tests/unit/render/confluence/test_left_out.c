#include "render/confluence/left_out.h"

#include "render/confluence/reader.h"
#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define SAYS(what) "Left out, because mail readers do not show it: " what "."

static const struct {
	enum page_format format;
	const char *body;
	const char *expected; /* empty: no warning */
} rows[] = {
	{PAGE_STORAGE,
	 "<p>a <a href='https://b.example/'>b</a> <a href='#c'>c</a> <a href='d'>d</a></p>", ""},
	{PAGE_STORAGE, "<p>a</p><script>b</script><script>c</script>", SAYS("2 script")},
	{PAGE_STORAGE, "<form><p>a</p><input/></form><iframe src='https://b.example/'></iframe>",
	 SAYS("1 iframe, 1 form, 1 input")},
	{PAGE_STORAGE, "<svg><script>x</script><style>y</style></svg>", SAYS("1 svg")},
	{PAGE_STORAGE, "<p>b<br></p><style>a<p></style>", SAYS("1 style")},
	{PAGE_STORAGE, "<p>a<br><embed src=x><video>b</video><audio></audio><canvas></canvas>",
	 SAYS("1 embed, 1 video, 1 audio, 1 canvas")},
	{PAGE_STORAGE, "<object></object><select></select><textarea></textarea><button>a</button>",
	 SAYS("1 object, 1 select, 1 textarea, 1 button")},
	{PAGE_STORAGE, "<p><a href='javascript:x'>a</a></p>",
	 SAYS("1 link with an address that may not leave")},
	{PAGE_STORAGE, "<p><a href='java&#9;script:x'>a</a><a href='FILE:///b'>b</a></p><iframe/>",
	 SAYS("1 iframe, 2 links with an address that may not leave")},
	{PAGE_STORAGE,
	 "<ac:link><ri:url ri:value='vbscript:a'/><ac:link-body>a</ac:link-body></ac:link>",
	 SAYS("1 link with an address that may not leave")},
	{PAGE_STORAGE,
	 "<ac:structured-macro "
	 "ac:name='html'><ac:plain-text-body><![CDATA[<p>a</p><script>b</script>"
	 "<a href='javascript:c'>d</a>]]></ac:plain-text-body></ac:structured-macro>",
	 SAYS("1 script, 1 link with an address that may not leave")},
	{PAGE_STORAGE,
	 "<ac:structured-macro ac:name='style'><ac:plain-text-body>a</ac:plain-text-body>"
	 "</ac:structured-macro><ac:structured-macro ac:name='javascript'/>",
	 SAYS("1 script, 1 style")},
	{PAGE_STORAGE, "<p><img src='data:image/png;base64,x'/></p>", ""},
	{PAGE_EXPORT_VIEW,
	 "<p>a</p><video src='https://b.example/c'></video><div class='hidden'><form></form></div>",
	 ""},
	{PAGE_EXPORT_VIEW,
	 "<form>a</form><script>b</script><style>c</style><iframe></iframe><object></object>",
	 SAYS("1 script, 1 style, 1 iframe, 1 object, 1 form")},
	{PAGE_EXPORT_VIEW,
	 "<script>a</script><div id='main-content'><form></form></div><form></form>",
	 SAYS("1 form")},
	{PAGE_ATLAS_DOC_FORMAT,
	 "{\"type\":\"doc\",\"version\":1,\"content\":[{\"type\":\"paragraph\",\"content\":["
	 "{\"type\":\"text\",\"text\":\"a\",\"marks\":[{\"type\":\"link\",\"attrs\":{\"href\":"
	 "\"javascript:b\"}}]},"
	 "{\"type\":\"text\",\"text\":\"c\",\"marks\":[{\"type\":\"link\",\"attrs\":{\"href\":"
	 "\"javascript:b\"}},{\"type\":\"em\"}]},"
	 "{\"type\":\"text\",\"text\":\"d\",\"marks\":[{\"type\":\"link\",\"attrs\":{\"href\":"
	 "\"https://e.example/\"}}]}]}]}",
	 SAYS("1 link with an address that may not leave")},
};

START_TEST(told_once)
{
	struct page_reading p;
	ck_assert(page_read_as(&p, rows[_i].format, slice_of_text(rows[_i].body)) == FAULT_NONE);
	struct slice detail = page_warning(&p, "content-dropped");
	ck_assert_msg(slice_eq(detail, slice_of_text(rows[_i].expected)), "%.*s", (int)detail.len,
		      detail.ptr);
	page_reading_drop(&p);
}
END_TEST

START_TEST(a_data_picture_has_a_warning_of_its_own)
{
	struct page_reading p;
	ck_assert(page_read(&p, SLICE_LIT("<p><img src='data:a'/><img src=' DATA:b'/></p>")) ==
		  FAULT_NONE);
	ck_assert_uint_gt(page_warning(&p, "data-picture").len, 0);
	ck_assert_ptr_null(p.document.warnings->next);
	page_reading_drop(&p);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("left_out");
	TCase *t = tcase_create("left_out");
	tcase_add_loop_test(t, told_once, 0, COUNT_OF(rows));
	tcase_add_test(t, a_data_picture_has_a_warning_of_its_own);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
