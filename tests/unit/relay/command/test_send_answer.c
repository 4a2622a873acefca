#include "relay/command/send_answer.h"

#include "tests/support/check_main.h"

static const struct {
	const char *name;
	int status;
	const char *body, *text; /* text NULL: refused */
	enum send_end end;
} rows[] = {
	{"delivered", 200,
	 "{\"id\":\"x\",\"state\":\"done\",\"outcome\":\"delivered\",\"recipients\":[{\"address\":"
	 "\"a@b.example\","
	 "\"outcome\":\"delivered\",\"code\":250,\"enhanced\":\"2.0.0\",\"text\":\"Taken\","
	 "\"phase\":\"final\"}]}",
	 "  a@b.example: delivered, 250 2.0.0 Taken (final)\noutcome: delivered\n", SEND_DELIVERED},
	{"partly, with a warning", 200,
	 "{\"state\":\"done\",\"outcome\":\"partly\",\"recipients\":[{\"address\":\"a@b.example\","
	 "\"outcome\":"
	 "\"delivered\"},{\"address\":\"c@d.example\",\"outcome\":\"refused\",\"code\":550}],"
	 "\"message\":"
	 "{\"size\":7},\"report\":{\"macros\":[{\"name\":\"x\"}],\"warnings\":[{\"code\":\"c\","
	 "\"detail\":"
	 "\"Line 3.\"}]},\"later\":[1,{\"a\":null}]}",
	 "  a@b.example: delivered\n  c@d.example: refused, 550\n  warning: Line 3.\noutcome: "
	 "partly\n",
	 SEND_NOT},
	{"refused, with a cause", 200,
	 "{\"state\":\"done\",\"outcome\":\"refused\",\"recipients\":[{\"address\":\"a@b.example\","
	 "\"outcome\":\"refused\",\"code\":550,\"cause\":{\"code\":\"x-y\",\"owner\":\"sender\","
	 "\"detail\":\"There is none.\",\"remedy\":\"Look it up.\"}}]}",
	 "  a@b.example: refused, 550\n    cause: There is none.\n    remedy, by the sender: Look "
	 "it up.\noutcome: refused\n",
	 SEND_NOT},
	{"some of it untried", 200,
	 "{\"state\":\"done\",\"outcome\":\"partly\",\"recipients\":[{\"address\":\"a@b.example\","
	 "\"outcome\":\"untried\",\"problem\":{\"title\":\"Paused.\",\"status\":503,\"detail\":"
	 "\"It "
	 "is paused.\\u001b\",\"owner\":\"operator\",\"cause\":{\"detail\":\"x\"}}}]}",
	 "  a@b.example: untried\n    not tried: It is paused.?\noutcome: partly\n", SEND_NOT},
	{"a problem with a cause", 502,
	 "{\"title\":\"Refused.\",\"owner\":\"admin\",\"cause\":{\"owner\":\"provider\",\"detail\":"
	 "\"It is shut.\",\"remedy\":\"Wait\\u001b.\"}}",
	 "not sent: Refused. (HTTP 502)\n    cause: It is shut.\n    remedy, by the provider: "
	 "Wait?.\n",
	 SEND_NOT},
	{"a cause that is none", 200,
	 "{\"state\":\"done\",\"outcome\":\"refused\",\"cause\":[{}],\"recipients\":[{\"address\":"
	 "\"a@b.example\",\"outcome\":\"refused\",\"cause\":\"x\"}]}",
	 "  a@b.example: refused\noutcome: refused\n", SEND_NOT},
	{"a receipt", 200, "{\"state\":\"done\",\"outcome\":\"delivered\",\"receipt\":\"a.b.c\"}",
	 "outcome: delivered\n", SEND_DELIVERED},
	{"no receipt", 200,
	 "{\"state\":\"done\",\"outcome\":\"delivered\",\"receipt_fault\":{\"title\":\"x\","
	 "\"detail\":\"It is down.\",\"status\":503}}",
	 "  no receipt was made: It is down.\noutcome: delivered\n", SEND_DELIVERED},
	{"a receipt's fault that is none", 200, "{\"receipt_fault\":\"x\"}", NULL, SEND_NOT},
	{"uncertain", 200, "{\"state\":\"done\",\"outcome\":\"uncertain\"}", "outcome: uncertain\n",
	 SEND_NOT},
	{"accepted", 202, "{\"id\":\"x\",\"state\":\"queued\"}", "", SEND_GOES_ON},
	{"under way", 200, "{\"state\":\"sending\",\"bytes_sent\":5}", "", SEND_GOES_ON},
	{"a fault at the end", 200,
	 "{\"state\":\"fault\",\"problem\":{\"title\":\"It is "
	 "down.\",\"status\":502,\"detail\":\"It is down.\","
	 "\"owner\":\"admin\"}}",
	 "not sent: It is down. To be mended by: admin.\n", SEND_NOT},
	{"a problem", 422,
	 "{\"type\":\"urn:x\",\"title\":\"A field is bad.\",\"status\":422,\"detail\":\"'to' must "
	 "be a list.\","
	 "\"owner\":\"caller\"}",
	 "not sent: A field is bad. 'to' must be a list. To be mended by: caller. (HTTP 422)\n",
	 SEND_NOT},
	{"a problem that says delivered", 500,
	 "{\"title\":\"x\",\"state\":\"done\",\"outcome\":\"delivered\"}",
	 "not sent: x (HTTP 500)\n", SEND_NOT},
	{"no problem at all", 204,
	 "{\"problem\":null,\"state\":\"done\",\"outcome\":\"delivered\"}", "outcome: delivered\n",
	 SEND_DELIVERED},
	{"escape sequences", 200,
	 "{\"state\":\"done\",\"outcome\":\"refused\",\"recipients\":[{\"address\":\"a@b.example\","
	 "\"outcome\":"
	 "\"refused\",\"text\":\"\\u001b[2J\\u0007\\u009b1m\xc3\xbc\\r\\n\"}]}",
	 "  a@b.example: refused ?[2J??1m\xc3\xbc??\noutcome: refused\n", SEND_NOT},
	/* What is no answer of Pagepost's. */
	{"nothing", 200, "", NULL, SEND_NOT},
	{"HTML", 502, "<html></html>", NULL, SEND_NOT},
	{"a list", 200, "[]", NULL, SEND_NOT},
	{"a cause cut short", 200, "{\"recipients\":[{\"cause\":{\"detail\":\"x\"", NULL, SEND_NOT},
	{"cut short", 200, "{\"state\":\"done\",\"outcome\":\"delivered\"", NULL, SEND_NOT},
	{"something behind it", 200, "{\"state\":\"done\",\"outcome\":\"delivered\"} x", NULL,
	 SEND_NOT},
	{"recipients that are no list", 200, "{\"recipients\":{}}", NULL, SEND_NOT},
	{"recipients that are no objects", 200, "{\"recipients\":[1]}", NULL, SEND_NOT},
	{"a problem that is none", 200, "{\"problem\":[]}", NULL, SEND_NOT},
	{"a report that is none", 200, "{\"report\":3}", NULL, SEND_NOT},
	{"warnings that are none", 200, "{\"report\":{\"warnings\":{}}}", NULL, SEND_NOT},
};

static enum fault read_row(int i, struct buf *text, enum send_end *out_end)
{
	struct buf body;
	buf_init(&body, 100000);
	ck_assert_int_eq(buf_add_text(&body, rows[i].body), FAULT_NONE);
	struct send_answer said = {0};
	struct slice row = slice_of_text(rows[i].body);
	bool has_receipt = slice_find(row, SLICE_LIT("\"receipt\":\"a.b.c\"")) < row.len;
	enum fault f = send_answer_read(rows[i].status, &body, text, &said);
	*out_end = said.end;
	ck_assert(f != FAULT_NONE ||
		  slice_eq(said.receipt, has_receipt ? SLICE_LIT("a.b.c") : (struct slice){0}));
	buf_deinit(&body);
	return f;
}

START_TEST(test_rows)
{
	struct buf text;
	enum send_end end = SEND_NOT;
	buf_init(&text, 100000);
	enum fault f = read_row(_i, &text, &end);
	if (rows[_i].text == NULL) {
		ck_assert_msg(f != FAULT_NONE, "%s", rows[_i].name);
	} else {
		ck_assert_msg(f == FAULT_NONE, "%s", rows[_i].name);
		ck_assert_msg(slice_eq(buf_view(&text), slice_of_text(rows[_i].text)), "%s: %.*s",
			      rows[_i].name, (int)text.len, text.ptr);
		ck_assert_int_eq(end, rows[_i].end);
	}
	buf_deinit(&text);
}
END_TEST

START_TEST(test_no_room)
{
	for (size_t room = 0; rows[_i].text != NULL && room < strlen(rows[_i].text); room++) {
		struct buf text;
		enum send_end end = SEND_NOT;
		buf_init(&text, room);
		ck_assert_int_eq(read_row(_i, &text, &end), FAULT_TOO_LARGE);
		buf_deinit(&text);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/send_answer");
	TCase *t = tcase_create("send_answer");
	tcase_add_loop_test(t, test_rows, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, test_no_room, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
