#include "relay/mailbox/message.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"

static const char mail[] = "From: =?utf-8?Q?J=C3=BCrgen?= <a@example.org>\r\n"
			   "To: b@example.org\r\n"
			   "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n from here\r\n"
			   "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
			   "MIME-Version: 1.0\r\n"
			   "Content-Type: multipart/mixed; boundary=\"outer\"\r\n"
			   "\r\n"
			   "--outer\r\n"
			   "Content-Type: multipart/alternative; boundary=\"inner\"\r\n"
			   "\r\n"
			   "--inner\r\n"
			   "Content-Type: text/plain; charset=utf-8\r\n"
			   "Content-Transfer-Encoding: quoted-printable\r\n"
			   "\r\n"
			   "caf=C3=A9\r\n"
			   "--inner\r\n"
			   "Content-Type: text/html; charset=utf-8\r\n"
			   "\r\n"
			   "<p>hi</p>\r\n"
			   "--inner--\r\n"
			   "--outer\r\n"
			   "Content-Type: application/pdf\r\n"
			   "Content-Transfer-Encoding: base64\r\n"
			   "Content-ID: <one@example.org>\r\n"
			   "Content-Disposition: attachment; filename=\"a.pdf\"\r\n"
			   "\r\n"
			   "JVBERi0=\r\n"
			   "--outer--\r\n";

static struct slice decoded(const struct message_view *v, size_t i)
{
	return slice_trim(v->parts[i].content);
}

START_TEST(test_structure)
{
	struct arena a;
	struct message_view v;
	arena_init(&a, 1024 * 1024);
	ck_assert_int_eq(message_read(slice_of_text(mail), &a, &v), FAULT_NONE);
	ck_assert_uint_eq(v.part_count, 5);
	ck_assert(slice_eq(v.parts[0].type, SLICE_LIT("multipart/mixed")) && v.parts[0].depth == 0);
	ck_assert(slice_eq(v.parts[1].type, SLICE_LIT("multipart/alternative")) &&
		  v.parts[1].depth == 1);
	ck_assert(slice_eq(v.parts[2].type, SLICE_LIT("text/plain")) && v.parts[2].depth == 2);
	ck_assert(slice_eq(decoded(&v, 2), SLICE_LIT("caf\xc3\xa9")));
	ck_assert(slice_eq(decoded(&v, 3), SLICE_LIT("<p>hi</p>")));
	ck_assert(v.parts[4].depth == 1);
	ck_assert(slice_eq(decoded(&v, 4), SLICE_LIT("%PDF-")));
	ck_assert(slice_eq(v.parts[4].name, SLICE_LIT("a.pdf")));
	ck_assert(slice_eq(v.parts[4].content_id, SLICE_LIT("one@example.org")));
	ck_assert_ptr_eq(message_find(&v, SLICE_LIT("TEXT/HTML")), &v.parts[3]);
	ck_assert_ptr_null(message_find(&v, SLICE_LIT("image/png")));
	ck_assert(slice_starts(v.subject, SLICE_LIT("Gr\xc3\xbc\xc3\x9f"
						    "e")));
	ck_assert(slice_starts(v.from, SLICE_LIT("J\xc3\xbcrgen")));
	arena_deinit(&a);
}
END_TEST

/* What makes libetpan itself overflow its stack (930 KB of nested messages, 500,000 parentheses). */
static const struct {
	const char *piece;
	size_t times;
	enum fault expected;
} hostile[] = {
	{"Content-Type: message/rfc822\r\n\r\n", 30000, FAULT_TOO_DEEP},
	{"(", 500000, FAULT_TOO_DEEP},
	{"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", 15000, FAULT_TOO_DEEP},
};

START_TEST(test_hostile)
{
	size_t len = strlen(hostile[_i].piece);
	char *text = malloc(len * hostile[_i].times);
	struct arena a;
	struct message_view v;
	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < hostile[_i].times; i++) {
		memcpy(text + i * len, hostile[_i].piece, len);
	}
	arena_init(&a, 1024 * 1024);
	ck_assert_int_eq(message_read(slice_of(text, len * hostile[_i].times), &a, &v),
			 hostile[_i].expected);
	arena_deinit(&a);
	free(text);
}
END_TEST

START_TEST(test_every_truncation)
{
	for (size_t len = 0; len < sizeof(mail) - 1; len++) {
		struct arena a;
		struct message_view v = {0};
		arena_init(&a, 1024 * 1024);
		enum fault f = message_read(slice_of(mail, len), &a, &v);
		ck_assert(f == FAULT_NONE || f == FAULT_MALFORMED);
		ck_assert_uint_le(v.part_count, 5);
		arena_deinit(&a);
	}
}
END_TEST

START_TEST(test_small_arena)
{
	struct arena a;
	struct message_view v;
	arena_init(&a, 1024);
	ck_assert_int_eq(message_read(slice_of_text(mail), &a, &v), FAULT_NO_MEMORY);
	arena_deinit(&a);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("message");
	TCase *c = tcase_create("read");
	tcase_add_test(c, test_structure);
	tcase_add_loop_test(c, test_hostile, 0, (int)COUNT_OF(hostile));
	tcase_add_test(c, test_every_truncation);
	tcase_add_test(c, test_small_arena);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
