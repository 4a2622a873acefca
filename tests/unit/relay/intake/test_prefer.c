#include "relay/intake/prefer.h"

#include <string.h>

#include "tests/support/check_main.h"

enum { USUAL = 20000, MOST = 60000 };

static const struct {
	const char *fields;
	uint64_t wait_ms;
} rows[] = {
	{"", USUAL},
	{"Prefer: wait=5\r\n", 5000},
	{"Prefer: WAIT = 5 \r\n", 5000},
	{"Prefer: wait=\"5\"\r\n", 5000},
	{"Prefer: wait=0\r\n", 0},
	{"Prefer: wait=60\r\n", MOST},
	{"Prefer: wait=61\r\n", MOST},
	{"Prefer: wait=86400\r\n", MOST},
	{"Prefer: respond-async, wait=7; x=y, wait=9\r\n", 7000},
	{"Prefer: respond-async\r\nPrefer: wait=8\r\n", 8000},
	{"Prefer: wait\r\n", USUAL},
	{"Prefer: wait=\r\n", USUAL},
	{"Prefer: wait=-1\r\n", USUAL},
	{"Prefer: wait=1.5\r\n", USUAL},
	{"Prefer: wait=99999999999999999999\r\n", USUAL},
	{"Prefer: waiting=5\r\n", USUAL},
	{"Prefer: ,;=,\r\n", USUAL},
	{"Prefer: wait=\"\r\n", USUAL},
};

START_TEST(reads_how_long_to_wait)
{
	static const char start[] = "GET / HTTP/1.1\r\nHost: a\r\n";
	const struct http_head_limits limits = {.bytes = 4096, .fields = 10};
	struct http_head head;
	char bytes[512];
	size_t n = sizeof(start) - 1;
	memcpy(bytes, start, n);
	memcpy(bytes + n, rows[_i].fields, strlen(rows[_i].fields));
	n += strlen(rows[_i].fields);
	memcpy(bytes + n, "\r\n", 2);
	http_head_init(&head, &limits);
	ck_assert_uint_eq(http_head_feed(&head, slice_of(bytes, n + 2), NULL), FAULT_NONE);
	ck_assert(head.is_over);
	ck_assert_uint_eq(prefer_wait_ms(&head, USUAL, MOST), rows[_i].wait_ms);
	ck_assert_uint_le(prefer_wait_ms(&head, USUAL, 1), 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/prefer");
	TCase *t = tcase_create("prefer");
	tcase_add_loop_test(t, reads_how_long_to_wait, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
