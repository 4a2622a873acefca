#include "relay/intake/record_answer.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { ROOM = 4096 };

static const struct keeper_document document = {
	.version = 7,
	.count = 8,
	.pairs =
		{
			{SLICE_INIT("host"), KEEPER_TEXT, SLICE_INIT("a \"b\"\n")},
			{SLICE_INIT("port"), KEEPER_NUMBER, SLICE_INIT("587")},
			{SLICE_INIT("big"), KEEPER_NUMBER, SLICE_INIT("4294967295")},
			{SLICE_INIT("enforce"), KEEPER_ANSWER, SLICE_INIT("yes")},
			{SLICE_INIT("always_from"), KEEPER_ANSWER, SLICE_INIT("no")},
			{SLICE_INIT("groups"), KEEPER_LIST, SLICE_INIT("staff\nre views")},
			{SLICE_INIT("none"), KEEPER_LIST, SLICE_INIT("")},
			{SLICE_INIT("password"), KEEPER_SECRET, SLICE_INIT("must-not-show")},
		},
};

static const char record_text[] =
	"{\"host\":\"a \\\"b\\\"\\n\",\"port\":587,\"big\":4294967295,\"enforce\":true,"
	"\"always_from\":false,\"groups\":[\"staff\",\"re views\"],\"none\":[],\"password\":true}";

static const struct slice names[] = {SLICE_INIT("a"), SLICE_INIT("b-1")};

enum what { RECORD, PUT, SERVERS, SPACES, AWS, NO_NAMES, TOKENS, NO_TOKENS, TOKEN };

static enum fault write(enum what what, struct buf *into)
{
	static const struct keeper_document token = {
		.count = 2,
		.pairs = {{SLICE_INIT("label"), KEEPER_TEXT, SLICE_INIT("app")},
			  {SLICE_INIT("scope"), KEEPER_TEXT, SLICE_INIT("send")}}};
	CLEANUP(secret_free) struct secret *secret = NULL;
	struct json_writer w;
	enum fault f;
	switch (what) {
	case RECORD:
		return record_answer(&document, into);
	case PUT:
		return record_answer_put(UINT32_MAX, into);
	case SERVERS:
		return record_answer_list(KEEPER_SERVER, names, COUNT_OF(names), into);
	case SPACES:
		return record_answer_list(KEEPER_POLICY, names, 1, into);
	case AWS:
		return record_answer_list(KEEPER_AWS, names, 1, into);
	case NO_NAMES:
		return record_answer_list(KEEPER_SERVER, NULL, 0, into);
	case TOKENS:
	case NO_TOKENS:
		record_answer_tokens(&w, into);
		for (size_t i = 0; what == TOKENS && i < COUNT_OF(names); i++) {
			record_answer_tokens_add(&w, names[i], &token);
		}
		return record_answer_tokens_end(&w);
	case TOKEN:
		f = secret_new(SLICE_LIT("pp_x"), &secret);
		return f == FAULT_NONE ? record_answer_token(secret, SLICE_LIT("0f"), into) : f;
	}
	return FAULT_INTERNAL;
}

static const char *const texts[] = {
	[RECORD] = record_text,
	[PUT] = "{\"version\":4294967295}",
	[SERVERS] = "{\"servers\":[\"a\",\"b-1\"]}",
	[SPACES] = "{\"spaces\":[\"a\"]}",
	[AWS] = "{\"aws\":[\"a\"]}",
	[NO_NAMES] = "{\"servers\":[]}",
	[TOKENS] = "{\"tokens\":[{\"id\":\"a\",\"label\":\"app\",\"scope\":\"send\"},"
		   "{\"id\":\"b-1\",\"label\":\"app\",\"scope\":\"send\"}]}",
	[NO_TOKENS] = "{\"tokens\":[]}",
	[TOKEN] = "{\"token\":\"pp_x\",\"id\":\"0f\"}",
};

START_TEST(writes)
{
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, ROOM);
	ck_assert_uint_eq(write((enum what)_i, &b), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&b), slice_of_text(texts[_i])), "%.*s", (int)b.len, b.ptr);
}
END_TEST

START_TEST(says_when_there_is_no_room)
{
	for (size_t room = 1; room < slice_of_text(texts[_i]).len; room++) {
		CLEANUP(buf_deinit) struct buf b;
		buf_init(&b, room);
		ck_assert_uint_eq(write((enum what)_i, &b), FAULT_TOO_LARGE);
	}
	for (unsigned n = 1;; n++) {
		CLEANUP(buf_deinit) struct buf b;
		buf_init(&b, ROOM);
		oom_arm(n);
		enum fault f = write((enum what)_i, &b);
		bool failed = oom_disarm();
		ck_assert_uint_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/record_answer");
	TCase *t = tcase_create("record_answer");
	tcase_add_loop_test(t, writes, 0, COUNT_OF(texts));
	tcase_add_loop_test(t, says_when_there_is_no_room, 0, COUNT_OF(texts));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
