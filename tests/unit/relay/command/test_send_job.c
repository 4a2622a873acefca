#include "relay/command/send_job.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static struct send_job job; /* too large for the stack */

static void person(enum send_kind kind, const char *address)
{
	job.people[kind].addresses[job.people[kind].count++] = slice_of_text(address);
}

static void fill_all(void)
{
	job = (struct send_job){
		.page = SLICE_LIT("<p>\"\xc3\xbc\"</p>\n"),
		.page_id = SLICE_LIT("42"),
		.version = SLICE_LIT("7"),
		.title = SLICE_LIT("Title"),
		.space_key = SLICE_LIT("KEY"),
		.format = SLICE_LIT("storage"),
		.site_url = SLICE_LIT("https://x.example/wiki"),
		.sender_name = SLICE_LIT("Ann"),
		.sender_email = SLICE_LIT("ann@x.example"),
		.from = SLICE_LIT("from@x.example"),
		.reply_to = SLICE_LIT("reply@x.example"),
		.subject = SLICE_LIT("Subject"),
		.prefix = SLICE_LIT("[W]"),
		.note = SLICE_LIT("Hello\nthere"),
		.server = SLICE_LIT("mail"),
		.attachments = SLICE_LIT("none"),
		.language = SLICE_LIT("de"),
		.header_text = SLICE_LIT("Wiki"),
		.button_label = SLICE_LIT("Read"),
		.css = SLICE_LIT("p{color:red}\n"),
		.logo = SLICE_LIT("l.png"),
		.image_side = SLICE_LIT("1200"),
	};
	person(SEND_TO, "a@x.example");
	person(SEND_TO, "b@x.example");
	person(SEND_CC, "c@x.example");
	person(SEND_BCC, "d@x.example");
}

static void fill_least(void)
{
	job = (struct send_job){.page = SLICE_LIT("<p/>"), .format = SLICE_LIT("storage")};
}

static void fill_prefix_and_title(void)
{
	fill_least();
	job.title = SLICE_LIT("T");
	job.prefix = SLICE_LIT("[W]");
}

static void fill_title(void)
{
	fill_least();
	job.title = SLICE_LIT("T");
}

static void fill_receipt(void)
{
	fill_least();
	job.wants_receipt = true;
}

static void fill_bad_bytes(void)
{
	fill_least();
	job.note = SLICE_LIT("a\xff"
			     "b");
}

static const struct {
	void (*fill)(void);
	const char *json;
} rows[] = {
	{fill_all,
	 "{\"site_url\":\"https://x.example/"
	 "wiki\",\"page\":{\"id\":\"42\",\"version\":7,\"title\":\"Title\","
	 "\"space_key\":\"KEY\",\"format\":\"storage\",\"body\":\"<p>\\\"\xc3\xbc\\\"</p>\\n\"},"
	 "\"sender\":{\"name\":\"Ann\",\"email\":\"ann@x.example\"},\"from\":{\"email\":\"from@x."
	 "example\"},"
	 "\"reply_to\":{\"email\":\"reply@x.example\"},"
	 "\"to\":[{\"email\":\"a@x.example\"},{\"email\":\"b@x.example\"}],"
	 "\"cc\":[{\"email\":\"c@x.example\"}],\"bcc\":[{\"email\":\"d@x.example\"}],"
	 "\"subject\":\"[W] "
	 "Subject\",\"note\":\"Hello\\nthere\",\"attachments\":\"none\",\"server\":\"mail\","
	 "\"language\":\"de\",\"layout\":{\"header_text\":\"Wiki\",\"button_label\":\"Read\","
	 "\"css\":\"p{color:red}\\n\",\"logo\":\"l.png\",\"image_side\":1200}}"},
	{fill_least, "{\"page\":{\"format\":\"storage\",\"body\":\"<p/>\"}}"},
	{fill_prefix_and_title, "{\"page\":{\"title\":\"T\",\"format\":\"storage\",\"body\":\"<p/"
				">\"},\"subject\":\"[W] T\"}"},
	{fill_title, "{\"page\":{\"title\":\"T\",\"format\":\"storage\",\"body\":\"<p/>\"}}"},
	{fill_receipt, "{\"page\":{\"format\":\"storage\",\"body\":\"<p/>\"},\"receipt\":true}"},
	{fill_bad_bytes,
	 "{\"page\":{\"format\":\"storage\",\"body\":\"<p/>\"},\"note\":\"a\xef\xbf\xbd"
	 "b\"}"},
};

START_TEST(test_json)
{
	struct buf got;
	buf_init(&got, 100000);
	rows[_i].fill();
	ck_assert_int_eq(send_job_json(&job, &got), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&got), slice_of_text(rows[_i].json)), "%.*s", (int)got.len,
		      got.ptr);
	buf_deinit(&got);
}
END_TEST

START_TEST(test_no_memory)
{
	for (unsigned n = 1;; n++) {
		struct buf got;
		buf_init(&got, 100000);
		fill_all();
		oom_arm(n);
		enum fault f = send_job_json(&job, &got);
		bool more = oom_disarm();
		ck_assert_int_eq(f, more ? FAULT_NO_MEMORY : FAULT_NONE);
		buf_deinit(&got);
		if (!more) {
			break;
		}
	}
}
END_TEST

static const struct {
	struct slice name;
	const char *type;
} types[] = {
	{SLICE_INIT("a.pdf"), "application/pdf"},
	{SLICE_INIT("a.b.PNG"), "image/png"},
	{SLICE_INIT("a.Jpeg"), "image/jpeg"},
	{SLICE_INIT("b.xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{SLICE_INIT(".pdf"), "application/octet-stream"},
	{SLICE_INIT("pdf"), "application/octet-stream"},
	{SLICE_INIT("a.pdf.exe"), "application/octet-stream"},
	{SLICE_INIT("a."), "application/octet-stream"},
	{SLICE_INIT(""), "application/octet-stream"},
};

START_TEST(test_type)
{
	ck_assert_str_eq(send_type_of(types[_i].name), types[_i].type);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/send_job");
	TCase *t = tcase_create("send_job");
	tcase_add_loop_test(t, test_json, 0, COUNT_OF(rows));
	tcase_add_test(t, test_no_memory);
	tcase_add_loop_test(t, test_type, 0, COUNT_OF(types));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
