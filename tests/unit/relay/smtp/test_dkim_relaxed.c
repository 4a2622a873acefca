#include "relay/smtp/dkim_relaxed.h"

#include "spool-free/base/base64.h"
#include "tests/support/check_main.h"
#include "tests/support/chunks.h"

enum { FORM_MAX = 4096 };

static void check_slice(struct slice got, struct slice wanted)
{
	ck_assert_msg(slice_eq(got, wanted), "got %.*s", (int)got.len, got.ptr);
}

static const struct {
	struct slice head;
	struct slice relaxed; /* each field with CRLF */
	struct slice left;    /* what is no field */
} heads[] = {
	/* RFC 6376 3.4.5 */
	{SLICE_INIT("A: X\r\nB : Y\t\r\n\tZ  \r\n"), SLICE_INIT("a:X\r\nb:Y Z\r\n"),
	 SLICE_INIT("")},
	{SLICE_INIT("Subject:   two   blanks \t and a tab\t\r\n"),
	 SLICE_INIT("subject:two blanks and a tab\r\n"), SLICE_INIT("")},
	{SLICE_INIT("X-Empty:\r\n"), SLICE_INIT("x-empty:\r\n"), SLICE_INIT("")},
	{SLICE_INIT("X-Folded-Empty:\r\n \r\n"), SLICE_INIT("x-folded-empty:\r\n"), SLICE_INIT("")},
	{SLICE_INIT("To: a,\r\n b,\r\n\tc\r\nCc: d\r\n"), SLICE_INIT("to:a, b, c\r\ncc:d\r\n"),
	 SLICE_INIT("")},
	{SLICE_INIT("X: a:b: c\r\n"), SLICE_INIT("x:a:b: c\r\n"), SLICE_INIT("")},
	{SLICE_INIT("no field\r\n"), SLICE_INIT(""), SLICE_INIT("no field\r\n")},
	{SLICE_INIT(": no name\r\n"), SLICE_INIT(""), SLICE_INIT(": no name\r\n")},
	{SLICE_INIT("A: no end"), SLICE_INIT(""), SLICE_INIT("A: no end")},
	{SLICE_INIT("A: no end\r\n b"), SLICE_INIT(""), SLICE_INIT("A: no end\r\n b")},
	{SLICE_INIT("A: b\r\n\r\n"), SLICE_INIT("a:b\r\n"), SLICE_INIT("\r\n")},
	{SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
};

START_TEST(test_heads)
{
	struct slice head = heads[_i].head;
	struct dkim_field field;
	struct buf into;
	buf_init(&into, FORM_MAX);
	while (dkim_field_cut(&head, &field)) {
		ck_assert_uint_eq(dkim_field_relax(&field, &into), FAULT_NONE);
		ck_assert_uint_eq(buf_add_text(&into, "\r\n"), FAULT_NONE);
	}
	check_slice(buf_view(&into), heads[_i].relaxed);
	check_slice(head, heads[_i].left);
	buf_deinit(&into);
}
END_TEST

START_TEST(test_field_without_room)
{
	const struct slice relaxed = SLICE_LIT("name:a b");
	for (size_t most = 0; most <= relaxed.len; most++) {
		struct slice head = SLICE_LIT("Name: a\r\n\tb\r\n");
		struct dkim_field field;
		struct buf into;
		buf_init(&into, most);
		ck_assert(dkim_field_cut(&head, &field));
		ck_assert_uint_eq(dkim_field_relax(&field, &into),
				  most < relaxed.len ? FAULT_TOO_LARGE : FAULT_NONE);
		buf_deinit(&into);
	}
}
END_TEST

#define SPACES_100                                                                                 \
	"                                                  "                                       \
	"                                                  "
#define WORDS_50 "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
#define WORDS_500                                                                                  \
	WORDS_50 WORDS_50 WORDS_50 WORDS_50 WORDS_50 WORDS_50 WORDS_50 WORDS_50 WORDS_50 WORDS_50

static const struct {
	struct slice body;
	struct slice relaxed;
} bodies[] = {
	{SLICE_INIT(" C \r\nD \t E\r\n\r\n\r\n"), SLICE_INIT(" C\r\nD E\r\n")}, /* RFC 6376 3.4.5 */
	{SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("\r\n"), SLICE_INIT("")},
	{SLICE_INIT("\r\n\r\n \t\r\n"), SLICE_INIT("")},
	{SLICE_INIT("a"), SLICE_INIT("a\r\n")},
	{SLICE_INIT("a\r\n"), SLICE_INIT("a\r\n")},
	{SLICE_INIT("a "), SLICE_INIT("a\r\n")},
	{SLICE_INIT("a\r\n "), SLICE_INIT("a\r\n")},
	{SLICE_INIT("\r\na\r\n"), SLICE_INIT("\r\na\r\n")},
	{SLICE_INIT("a\r\n\r\n\r\nb"), SLICE_INIT("a\r\n\r\n\r\nb\r\n")},
	{SLICE_INIT("a" SPACES_100 "b\r\n"), SLICE_INIT("a b\r\n")},
	{SLICE_INIT(SPACES_100 "\r\n" SPACES_100 "b" SPACES_100 "\r\n"), SLICE_INIT("\r\n b\r\n")},
	{SLICE_INIT("\ta\t\tb\t\r\n"), SLICE_INIT(" a b\r\n")},
	{SLICE_INIT(WORDS_500 WORDS_500 WORDS_500 "\r\n" WORDS_500 "  x"),
	 SLICE_INIT(WORDS_500 WORDS_500 WORDS_500 "\r\n" WORDS_500 " x\r\n")},
	{SLICE_INIT("=C3=BC \xC3\xBC\r\n"), SLICE_INIT("=C3=BC \xC3\xBC\r\n")},
};

static bool feed(void *ctx, struct slice chunk)
{
	dkim_body_feed(ctx, chunk);
	return true;
}

START_TEST(test_bodies_in_any_chunks)
{
	unsigned char wanted[DIGEST_LEN];
	digest_sha256(bodies[_i].relaxed, wanted);
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		unsigned char got[DIGEST_LEN];
		struct dkim_body body = {.hash = NULL};
		ck_assert_uint_eq(digest_new(&body.hash), FAULT_NONE);
		chunks_each(bodies[_i].body, size, feed, &body);
		dkim_body_end(&body, got);
		ck_assert_mem_eq(got, wanted, DIGEST_LEN);
		digest_free(&body.hash);
	}
}
END_TEST

/* The body of RFC 8463 appendix A.1, and its bh=. */
START_TEST(test_published_hash)
{
	const struct slice text = SLICE_LIT("Hi.\r\n\r\nWe lost the game.  Are you hungry yet?"
					    "\r\n\r\nJoe.\r\n");
	unsigned char hash[DIGEST_LEN];
	char coded[44];
	struct dkim_body body = {.hash = NULL};
	ck_assert_uint_eq(digest_new(&body.hash), FAULT_NONE);
	dkim_body_feed(&body, text);
	dkim_body_end(&body, hash);
	digest_free(&body.hash);
	base64_encode(slice_of(hash, sizeof(hash)), coded);
	check_slice(slice_of(coded, sizeof(coded)),
		    SLICE_LIT("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("dkim_relaxed");
	TCase *c = tcase_create("head");
	tcase_add_loop_test(c, test_heads, 0, (int)COUNT_OF(heads));
	tcase_add_test(c, test_field_without_room);
	suite_add_tcase(s, c);
	c = tcase_create("body");
	tcase_add_loop_test(c, test_bodies_in_any_chunks, 0, (int)COUNT_OF(bodies));
	tcase_add_test(c, test_published_hash);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
