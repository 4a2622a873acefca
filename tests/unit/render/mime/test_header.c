#include "render/mime/header.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10

/* The decoded text of each expected field was checked against another implementation. */
static const struct {
	const char *name;
	const char *value;
	const char *expected;
} text_rows[] = {
	{"plain", "Hello", "Subject: Hello\r\n"},
	{"empty", "", "Subject:\r\n"},
	{"blanks only", "   ", "Subject:\r\n"},
	{"blanks at the ends go", "  a b ", "Subject: a b\r\n"},
	{"a tab is a blank", "a\tb", "Subject: a b\r\n"},
	{"two blanks are kept", "a  b", "Subject: a =?UTF-8?Q?_b?=\r\n"},
	{"umlauts", "Grüße aus Köln", "Subject: =?UTF-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=\r\n"},
	{"only the part that needs it",
	 "Status \xc3\x84"
	 "rger and more",
	 "Subject: Status =?UTF-8?B?w4RyZ2Vy?= and more\r\n"},
	{"looks encoded, is not", "=?UTF-8?Q?x?=", "Subject: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=\r\n"},
	{"right to left", "مرحبا بالعالم",
	 "Subject: =?UTF-8?B?2YXYsdit2KjYpyDYqNin2YTYudin2YTZhQ==?=\r\n"},
	{"emoji outside the first plane", "👍🏽 ok",
	 "Subject: =?UTF-8?B?8J+RjfCfj70=?= ok\r\n"},
	{"folds at a blank",
	 "[Confluence] A fairly long subject in plain ASCII that has to be folded once or twice",
	 "Subject: [Confluence] A fairly long subject in plain ASCII that has to be\r\n"
	 " folded once or twice\r\n"},
	{"a word that no line holds", X50 X50 " end",
	 "Subject: =?UTF-8?Q?xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?=\r\n"
	 " =?UTF-8?Q?xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?= end\r\n"},
	{"split between characters", "日本語のとても長い件名がここにありますので折り返し",
	 "Subject: =?UTF-8?B?5pel5pys6Kqe44Gu44Go44Gm44KC6ZW344GE5Lu25ZCN44GM44GT44GT?=\r\n"
	 " =?UTF-8?B?44Gr44GC44KK44G+44GZ44Gu44Gn5oqY44KK6L+U44GX?=\r\n"},
};

static const struct {
	const char *name;
	struct slice value;
} refusals[] = {
	{"CR LF and a field", SLICE_INIT("x\r\nBcc: a@example.org")},
	{"LF", SLICE_INIT("x\ny")},
	{"CR", SLICE_INIT("x\ry")},
	{"NUL", SLICE_INIT("x\0y")},
	{"NUL at the end", SLICE_INIT("x\0")},
	{"bell", SLICE_INIT("x\ay")},
	{"escape", SLICE_INIT("\033[31m")},
	{"DEL", SLICE_INIT("x\x7fy")},
	{"half a character", SLICE_INIT("x\xc3")},
	{"overlong slash", SLICE_INIT("\xc0\xaf")},
	{"a surrogate", SLICE_INIT("\xed\xa0\x80")},
	{"past Unicode", SLICE_INIT("\xf4\x90\x80\x80")},
	{"Latin-1", SLICE_INIT("Gr\xfc\xdf"
			       "e")},
};

static const struct {
	const char *name;
	const char *display;
	const char *address;
	const char *expected;
} party_rows[] = {
	{"no name", "", "a@example.org", "To: a@example.org\r\n"},
	{"atoms", "Ann Example", "a@example.org", "To: Ann Example <a@example.org>\r\n"},
	{"a comma", "Example, Ann", "a@example.org", "To: \"Example, Ann\" <a@example.org>\r\n"},
	{"quote and backslash", "O\"Neil\\", "a@example.org",
	 "To: \"O\\\"Neil\\\\\" <a@example.org>\r\n"},
	{"an address as name", "b@example.net", "a@example.org",
	 "To: \"b@example.net\" <a@example.org>\r\n"},
	{"angle brackets", "<b@example.net>", "a@example.org",
	 "To: \"<b@example.net>\" <a@example.org>\r\n"},
	{"umlauts", "Müller, Jörg", "a@example.org",
	 "To: =?UTF-8?B?TcO8bGxlciwgSsO2cmc=?= <a@example.org>\r\n"},
	{"encoded word as name", "=?UTF-8?Q?x?=", "a@example.org",
	 "To: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?= <a@example.org>\r\n"},
	{"two blanks", "Ann  Example", "a@example.org", "To: \"Ann  Example\" <a@example.org>\r\n"},
	{"an address beyond ASCII is a group of nobody", "", "j\xC3\xB6rg@b.example",
	 "To: =?UTF-8?B?asO2cmdAYi5leGFtcGxl?= :;\r\n"},
	{"with a name", "Ann", "j\xC3\xB6rg@b.example",
	 "To: =?UTF-8?Q?Ann?= - =?UTF-8?B?asO2cmdAYi5leGFtcGxl?= :;\r\n"},
	{"a long name, two words",
	 "A very long name, which goes on for more than sixty characters, and has commas",
	 "d@example.org",
	 "To: =?UTF-8?Q?A_very_long_name=2C_which_goes_on_for_more_than_sixty_characte?=\r\n"
	 " =?UTF-8?Q?rs=2C_and_has_commas?= <d@example.org>\r\n"},
};

START_TEST(text_row)
{
	struct buf head;
	buf_init(&head, 4096);
	ck_assert_int_eq(
		mime_header_add(&head, SLICE_LIT("Subject"), slice_of_text(text_rows[_i].value)),
		FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&head), slice_of_text(text_rows[_i].expected)), "%s: %.*s",
		      text_rows[_i].name, (int)head.len, head.ptr);
	buf_deinit(&head);
}
END_TEST

START_TEST(refusal)
{
	struct buf head;
	struct party p = {.name = refusals[_i].value,
			  .mailbox.address = SLICE_INIT("a@example.org")};
	struct party q = {.mailbox.address = refusals[_i].value};
	buf_init(&head, 4096);
	ck_assert_int_eq(buf_add_text(&head, "A: b\r\n"), FAULT_NONE);
	ck_assert_int_eq(mime_header_add(&head, SLICE_LIT("Subject"), refusals[_i].value),
			 FAULT_BAD_FIELD);
	ck_assert_int_eq(mime_header_tokens(&head, SLICE_LIT("X"), refusals[_i].value),
			 FAULT_BAD_FIELD);
	ck_assert_int_eq(mime_header_parties(&head, SLICE_LIT("To"), &p, 1), FAULT_BAD_FIELD);
	ck_assert_int_eq(mime_header_parties(&head, SLICE_LIT("To"), &q, 1), FAULT_BAD_FIELD);
	ck_assert(slice_eq(buf_view(&head), SLICE_LIT("A: b\r\n")));
	buf_deinit(&head);
}
END_TEST

START_TEST(party_row)
{
	struct buf head;
	struct party p = {.name = slice_of_text(party_rows[_i].display),
			  .mailbox.address = slice_of_text(party_rows[_i].address)};
	buf_init(&head, 4096);
	ck_assert_int_eq(mime_header_parties(&head, SLICE_LIT("To"), &p, 1), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&head), slice_of_text(party_rows[_i].expected)), "%s: %.*s",
		      party_rows[_i].name, (int)head.len, head.ptr);
	buf_deinit(&head);
}
END_TEST

static void each_line_is_short(struct slice head)
{
	struct slice line;
	while (slice_cut_to(&head, '\n', &line)) {
		ck_assert_uint_le(line.len, MIME_LINE + 1); /* with CR */
		ck_assert(slice_trim(line).len > 0);
	}
	ck_assert_uint_eq(head.len, 0);
}

START_TEST(many_parties)
{
	struct party all[200];
	struct buf head;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		all[i].name = slice_of_text(party_rows[i % COUNT_OF(party_rows)].display);
		all[i].mailbox.address = SLICE_LIT("somebody.with.a.name@department.example.org");
	}
	buf_init(&head, 65536);
	ck_assert_int_eq(mime_header_parties(&head, SLICE_LIT("Cc"), all, COUNT_OF(all)),
			 FAULT_NONE);
	each_line_is_short(buf_view(&head));
	head.len = 0;
	ck_assert_int_eq(mime_header_parties(&head, SLICE_LIT("Cc"), all, 0), FAULT_NONE);
	ck_assert_uint_eq(head.len, 0);
	buf_deinit(&head);
}
END_TEST

/* Every length of every kind of value, so that each way to reach the end of a line is taken. */
START_TEST(every_length)
{
	static const char *const units[] = {"x", "ab ", "ü", "日", "👍", "ü "};
	char value[800];
	struct buf head;
	buf_init(&head, 8192);
	for (size_t u = 0; u < COUNT_OF(units); u++) {
		size_t step = strlen(units[u]);
		for (size_t n = 0; n + step < sizeof(value); n += step) {
			memcpy(value + n, units[u], step);
			head.len = 0;
			ck_assert_int_eq(mime_header_add(&head, SLICE_LIT("Subject"),
							 slice_of(value, n + step)),
					 FAULT_NONE);
			each_line_is_short(buf_view(&head));
		}
	}
	buf_deinit(&head);
}
END_TEST

START_TEST(tokens)
{
	struct buf head;
	buf_init(&head, 4096);
	ck_assert_int_eq(mime_header_tokens(&head, SLICE_LIT("X"), SLICE_LIT("ü")),
			 FAULT_BAD_FIELD);
	ck_assert_int_eq(mime_header_tokens(&head, SLICE_LIT("X"), SLICE_LIT(" ")),
			 FAULT_BAD_FIELD);
	ck_assert_int_eq(mime_header_tokens(&head, SLICE_LIT("X"), SLICE_LIT("<a=?b@c>")),
			 FAULT_NONE);
	ck_assert(slice_eq(buf_view(&head), SLICE_LIT("X: <a=?b@c>\r\n")));
	buf_deinit(&head);
}
END_TEST

START_TEST(no_memory)
{
	struct buf small;
	buf_init(&small, 20);
	ck_assert_int_eq(
		mime_header_add(&small, SLICE_LIT("Subject"), SLICE_LIT("much too long for it")),
		FAULT_TOO_LARGE);
	ck_assert_uint_eq(small.len, 0);
	buf_deinit(&small);
	for (unsigned n = 1;; n++) {
		struct buf head;
		buf_init(&head, 4096);
		oom_arm(n);
		enum fault f = mime_header_add(&head, SLICE_LIT("Subject"),
					       SLICE_LIT("Grüße " X50 X50));
		bool hit = oom_disarm();
		ck_assert_int_eq(f, hit ? FAULT_NO_MEMORY : FAULT_NONE);
		ck_assert(!hit || head.len == 0);
		buf_deinit(&head);
		if (!hit) {
			break;
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("header");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, text_row, 0, (int)COUNT_OF(text_rows));
	tcase_add_loop_test(t, refusal, 0, (int)COUNT_OF(refusals));
	tcase_add_loop_test(t, party_row, 0, (int)COUNT_OF(party_rows));
	tcase_add_test(t, many_parties);
	tcase_add_test(t, every_length);
	tcase_add_test(t, tokens);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
