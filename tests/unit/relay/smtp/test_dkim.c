#include "relay/smtp/dkim.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/signing_keys.h"

enum { ROOM = 1024 * 1024 };

#define HEAD                                                                                       \
	"Date: Sat, 28 Nov 2026 10:00:00 +0000\r\n"                                                \
	"From: Jo <jo@mail.example.com>\r\nTo: a@example.org,\r\n b@example.org\r\n"               \
	"Subject: Two  blanks\r\nMessage-ID: <1@example.com>\r\nX-Unsigned: x\r\n"                 \
	"Content-Type: text/plain\r\n"
#define MESSAGE HEAD "\r\nHello  \r\n\r\n"

static struct signing_key rsa, ed25519, weak;
static struct arena arena;
static struct rope message;
static struct problem problem;

static void make_keys(void)
{
	signing_key_make(SIGNING_RSA_2048, &rsa);
	signing_key_make(SIGNING_ED25519, &ed25519);
	signing_key_make(SIGNING_RSA_1024, &weak);
}

static void free_keys(void)
{
	signing_key_free(&rsa);
	signing_key_free(&ed25519);
	signing_key_free(&weak);
}

static void set_up(void)
{
	arena_init(&arena, ROOM);
	rope_init(&message, &arena);
	problem = (struct problem){0};
}

static void tear_down(void)
{
	arena_deinit(&arena);
}

static struct dkim_key key_of(const char *domain, const char *selector, const struct signing_key *k)
{
	return (struct dkim_key){.domain = slice_of_text(domain),
				 .selector = slice_of_text(selector),
				 .key = k->pem};
}

static enum fault sign(const struct dkim_key *keys, size_t count)
{
	const struct dkim_job job = {
		.keys = keys,
		.key_count = count,
		.from_domain = SLICE_LIT("mail.example.com"),
		.now = {.ms = 1764324000123},
	};
	return dkim_sign(&job, &message, &problem);
}

/* All of the message, in static storage. */
static struct slice whole(void)
{
	static char room[64 * 1024];
	struct rope_cursor at;
	rope_rewind(&message, &at);
	size_t n = rope_read(&at, room, sizeof(room));
	ck_assert(rope_at_end(&at) && n == message.size);
	return slice_of(room, n);
}

static size_t count_of(struct slice text, const char *word)
{
	size_t n = 0;
	struct slice what = slice_of_text(word);
	for (size_t at = slice_find(text, what); at < text.len; at = slice_find(text, what)) {
		text = slice_skip(text, at + what.len);
		n++;
	}
	return n;
}

static bool holds(struct slice text, const char *word)
{
	return count_of(text, word) > 0;
}

static const struct {
	const char *domain;
	const char *from;
	bool fits;
} fits[] = {
	{"example.com", "example.com", true},
	{"example.com", "mail.example.com", true},
	{"Example.COM", "a.b.example.com", true},
	{"mail.example.com", "example.com", false},
	{"example.com", "notexample.com", false},
	{"xample.com", "example.com", false},
	{"example.org", "example.com", false},
	{"", "example.com", false},
	{"example.com", "", false},
};

START_TEST(test_which_keys_fit)
{
	const struct dkim_key key = {.domain = slice_of_text(fits[_i].domain)};
	ck_assert(dkim_key_fits(&key, slice_of_text(fits[_i].from)) == fits[_i].fits);
}
END_TEST

START_TEST(test_nothing_is_signed_where_no_key_fits)
{
	const struct dkim_key key = key_of("example.org", "s", &weak);
	ck_assert_uint_eq(rope_add(&message, SLICE_LIT(MESSAGE)), FAULT_NONE);
	ck_assert_uint_eq(sign(&key, 1), FAULT_NONE);
	ck_assert_uint_eq(sign(NULL, 0), FAULT_NONE);
	ck_assert(slice_eq(whole(), SLICE_LIT(MESSAGE)));
}
END_TEST

START_TEST(test_fields_stand_in_front_in_the_order_of_the_keys)
{
	const struct dkim_key keys[] = {key_of("example.com", "one", &rsa),
					key_of("other.example", "two", &rsa),
					key_of("mail.example.com", "three", &ed25519)};
	ck_assert_uint_eq(rope_add(&message, SLICE_LIT(MESSAGE)), FAULT_NONE);
	ck_assert_uint_eq(sign(keys, COUNT_OF(keys)), FAULT_NONE);
	struct slice text = whole();
	ck_assert(slice_starts(text, SLICE_LIT("DKIM-Signature: v=1; c=relaxed/relaxed; "
					       "a=rsa-sha256;\r\n\td=example.com;\r\n\ts=one;")));
	ck_assert_uint_eq(count_of(text, "DKIM-Signature:"), 2);
	ck_assert(!holds(text, "s=two"));
	ck_assert(holds(text, "a=ed25519-sha256;\r\n\td=mail.example.com;\r\n\ts=three;"));
	ck_assert_uint_eq(count_of(text, "t=1764324000;"), 2);
	ck_assert(slice_ends(text, SLICE_LIT(MESSAGE)));
	for (struct slice line; slice_cut_to(&text, '\n', &line);) {
		ck_assert_uint_le(line.len, 78 + 1);
	}
}
END_TEST

/* What was hashed, put together by hand. */
START_TEST(test_signature_is_over_the_relaxed_fields)
{
	const struct signing_key *by = &rsa;
	const struct dkim_key key = key_of("example.com", "s", by);
	char signature[512], text[1024];
	size_t n = 0, len;
	struct buf hashed;
	ck_assert_uint_eq(rope_add(&message, SLICE_LIT(MESSAGE)), FAULT_NONE);
	ck_assert_uint_eq(sign(&key, 1), FAULT_NONE);
	struct slice coded = slice_first(whole(), slice_find(whole(), SLICE_LIT("\r\nDate:")));
	coded = slice_skip(coded, slice_find(coded, SLICE_LIT("\tb=")) + 3);
	for (size_t i = 0; i < coded.len; i++) {
		if (coded.ptr[i] > ' ') {
			text[n++] = coded.ptr[i];
		}
	}
	ck_assert_uint_eq(base64_decode(slice_of(text, n), signature, &len), FAULT_NONE);
	buf_init(&hashed, ROOM);
	ck_assert_uint_eq(
		buf_add(&hashed,
			SLICE_LIT("from:Jo <jo@mail.example.com>\r\nto:a@example.org, "
				  "b@example.org\r\n"
				  "subject:Two blanks\r\ndate:Sat, 28 Nov 2026 10:00:00 +0000\r\n"
				  "message-id:<1@example.com>\r\ncontent-type:text/plain\r\n"
				  "dkim-signature:v=1; c=relaxed/relaxed; a=rsa-sha256; "
				  "d=example.com; s=s; t=1764324000; bh="
				  /* of "Hello\r\n" */
				  "Ba3gj8+xBPQLJTahTfzW6RbWQ/XPgESxkCi2B66PSQg=; "
				  "h=From:From:Reply-To:To:To:Cc:Subject:Subject:Date:Date:Message-"
				  "ID: "
				  "Message-ID:MIME-Version:Content-Type:Content-Type: "
				  "Content-Transfer-Encoding; b=")),
		FAULT_NONE);
	ck_assert(signing_key_verifies(by, buf_view(&hashed), slice_of(signature, len)));
	buf_deinit(&hashed);
}
END_TEST

START_TEST(test_what_a_server_renames_stays_unsigned)
{
	const struct dkim_key key = key_of("example.com", "s", &ed25519);
	const struct dkim_job job = {.keys = &key,
				     .key_count = 1,
				     .from_domain = SLICE_LIT("example.com"),
				     .renames = true};
	ck_assert_uint_eq(rope_add(&message, SLICE_LIT(MESSAGE)), FAULT_NONE);
	ck_assert_uint_eq(dkim_sign(&job, &message, &problem), FAULT_NONE);
	struct slice field = slice_first(whole(), slice_find(whole(), SLICE_LIT("\r\nDate: ")));
	ck_assert(holds(field, "Subject:Subject:"));
	ck_assert(!holds(field, "Date") && !holds(field, "Message-ID"));
}
END_TEST

START_TEST(test_of_several_fields_all_are_signed)
{
	const struct dkim_key key = key_of("example.com", "s", &ed25519);
	ck_assert_uint_eq(rope_add(&message, SLICE_LIT("From: a\r\nFROM: b\r\n\r\nx\r\n")),
			  FAULT_NONE);
	ck_assert_uint_eq(sign(&key, 1), FAULT_NONE);
	ck_assert(holds(whole(), "h=From:From:From:Reply-To:"));
}
END_TEST

#define X_10 "X: 1\r\nX: 2\r\nX: 3\r\nX: 4\r\nX: 5\r\nX: 6\r\nX: 7\r\nX: 8\r\nX: 9\r\nX: 0\r\n"

static const struct slice no_messages[] = {
	SLICE_INIT("From: a\r\n"),
	SLICE_INIT(HEAD),
	SLICE_INIT("no field\r\n\r\nbody\r\n"),
	SLICE_INIT(X_10 X_10 X_10 X_10 X_10 X_10 X_10 "\r\nbody\r\n"),
};

START_TEST(test_no_messages)
{
	const struct dkim_key key = key_of("example.com", "s", &ed25519);
	ck_assert_uint_eq(rope_add(&message, no_messages[_i]), FAULT_NONE);
	ck_assert_uint_eq(sign(&key, 1), FAULT_MALFORMED);
	ck_assert(slice_eq(whole(), no_messages[_i]));
}
END_TEST

START_TEST(test_a_key_that_cannot_sign_is_named)
{
	const struct dkim_key key = key_of("example.com", "spring", &weak);
	ck_assert_uint_eq(rope_add(&message, SLICE_LIT(MESSAGE)), FAULT_NONE);
	ck_assert_uint_eq(sign(&key, 1), FAULT_BAD_RECORD);
	ck_assert(holds(problem_text(&problem), "spring"));
	ck_assert(holds(problem_text(&problem), "2048 to 4096 bits"));
}
END_TEST

/* A head longer than a block, a body of many, base64 among it: the hash is the one of the bytes as they go out. */
START_TEST(test_large_messages_are_read_whole)
{
	static char big[300 * 1000];
	const struct dkim_key key = key_of("example.com", "s", &ed25519);
	char hash[2][44];
	memset(big, 'x', sizeof(big));
	for (unsigned i = 0; i < 2; i++) { /* as base64, and as the text that it becomes */
		rope_init(&message, &arena);
		ck_assert_uint_eq(rope_add(&message, SLICE_LIT("From: a\r\nTo:")), FAULT_NONE);
		for (unsigned line = 0; line < 400; line++) {
			ck_assert_uint_eq(
				rope_add(&message,
					 SLICE_LIT(" a-rather-long-address@example.org,\r\n")),
				FAULT_NONE);
		}
		ck_assert_uint_eq(rope_add(&message, SLICE_LIT(" b\r\n\r\n")), FAULT_NONE);
		if (i == 0) {
			ck_assert_uint_eq(rope_add_base64(&message, slice_of(big, sizeof(big))),
					  FAULT_NONE);
		} else {
			char *text = arena_bytes(&arena, base64_lines_len(sizeof(big)));
			base64_encode_lines(slice_of(big, sizeof(big)), text);
			ck_assert_uint_eq(
				rope_add(&message, slice_of(text, base64_lines_len(sizeof(big)))),
				FAULT_NONE);
		}
		ck_assert_uint_eq(sign(&key, 1), FAULT_NONE);
		struct rope_cursor at;
		char room[1024];
		rope_rewind(&message, &at);
		struct slice field = slice_of(room, rope_read(&at, room, sizeof(room)));
		field = slice_skip(field, slice_find(field, SLICE_LIT("bh=")) + 3);
		memcpy(hash[i], field.ptr, sizeof(hash[i]));
	}
	ck_assert_mem_eq(hash[0], hash[1], sizeof(hash[0]));
}
END_TEST

START_TEST(test_without_memory)
{
	const struct dkim_key key = key_of("example.com", "s", &ed25519);
	for (unsigned n = 1;; n++) {
		struct arena own;
		arena_init(&own, ROOM);
		rope_init(&message, &own);
		ck_assert_uint_eq(rope_add(&message, SLICE_LIT(MESSAGE)), FAULT_NONE);
		oom_arm(n);
		enum fault f = sign(&key, 1);
		bool failed = oom_disarm();
		ck_assert(f == FAULT_NONE || failed);
		ck_assert(f == FAULT_NONE || message.size == sizeof(MESSAGE) - 1);
		arena_deinit(&own);
		if (!failed) {
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("dkim");
	TCase *c = tcase_create("sign");
	tcase_add_unchecked_fixture(c, make_keys, free_keys);
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_loop_test(c, test_which_keys_fit, 0, (int)COUNT_OF(fits));
	tcase_add_test(c, test_nothing_is_signed_where_no_key_fits);
	tcase_add_test(c, test_fields_stand_in_front_in_the_order_of_the_keys);
	tcase_add_test(c, test_signature_is_over_the_relaxed_fields);
	tcase_add_test(c, test_what_a_server_renames_stays_unsigned);
	tcase_add_test(c, test_of_several_fields_all_are_signed);
	tcase_add_loop_test(c, test_no_messages, 0, (int)COUNT_OF(no_messages));
	tcase_add_test(c, test_a_key_that_cannot_sign_is_named);
	tcase_add_test(c, test_large_messages_are_read_whole);
	tcase_add_test(c, test_without_memory);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
