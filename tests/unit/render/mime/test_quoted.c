#include "render/mime/quoted.h"

#include <string.h>

#include "tests/support/check_main.h"

#define A25 "aaaaaaaaaaaaaaaaaaaaaaaaa"
#define A75 A25 A25 A25

static const struct {
	const char *name;
	struct slice text;
	const char *expected;
} rows[] = {
	{"empty", SLICE_INIT(""), ""},
	{"a line", SLICE_INIT("abc\n"), "abc\r\n"},
	{"no line end", SLICE_INIT("abc"), "abc\r\n"},
	{"CRLF", SLICE_INIT("abc\r\ndef\r\n"), "abc\r\ndef\r\n"},
	{"a CR alone", SLICE_INIT("a\rb"), "a=0Db\r\n"},
	{"a CR at the very end", SLICE_INIT("a\r"), "a=0D\r\n"},
	{"empty lines", SLICE_INIT("\n\n"), "\r\n\r\n"},
	{"leading dot", SLICE_INIT(".a\n..\n."), "=2Ea\r\n=2E.\r\n=2E\r\n"},
	{"dot elsewhere", SLICE_INIT("a.b"), "a.b\r\n"},
	{"From", SLICE_INIT("From me\nFrom\nfrom "), "=46rom me\r\nFrom\r\nfrom=20\r\n"},
	{"blank at the end", SLICE_INIT("a \nb\t\n c"), "a=20\r\nb=09\r\n c\r\n"},
	{"blank before CRLF", SLICE_INIT("a \r\n"), "a=20\r\n"},
	{"blanks only", SLICE_INIT("  "), " =20\r\n"},
	{"equals", SLICE_INIT("a=b"), "a=3Db\r\n"},
	{"NUL and DEL", SLICE_INIT("\0\x7f"), "=00=7F\r\n"},
	{"UTF-8",
	 SLICE_INIT("Gr\xc3\xbc"
		    "n"),
	 "Gr=C3=BCn\r\n"},
	{"75", SLICE_INIT(A75), A75 "\r\n"},
	{"76", SLICE_INIT(A75 "b"), A75 "=\r\nb\r\n"},
	{"a dot behind a soft break", SLICE_INIT(A75 ".b"), A75 "=\r\n=2Eb\r\n"},
	{"no room for three", SLICE_INIT(A25 A25 "aaaaaaaaaaaaaaaaaaaaaaa\xff"),
	 A25 A25 "aaaaaaaaaaaaaaaaaaaaaaa=\r\n=FF\r\n"},
	{"room for just three", SLICE_INIT(A25 A25 "aaaaaaaaaaaaaaaaaaaaaa\xff"),
	 A25 A25 "aaaaaaaaaaaaaaaaaaaaaa=FF\r\n"},
};

static enum fault encode(struct arena *a, struct slice text, struct slice *out_quoted)
{
	return quoted_encode(a, text, quoted_count(text), out_quoted);
}

START_TEST(quoted_row)
{
	struct arena a;
	struct slice out;
	arena_init(&a, 65536);
	ck_assert_int_eq(encode(&a, rows[_i].text, &out), FAULT_NONE);
	ck_assert_msg(slice_eq(out, slice_of_text(rows[_i].expected)), "%s: %.*s", rows[_i].name,
		      (int)out.len, out.ptr);
	arena_deinit(&a);
}
END_TEST

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

static size_t decode(struct slice in, char *out)
{
	size_t n = 0;
	for (size_t i = 0; i < in.len; i++) {
		if (in.ptr[i] != '=') {
			out[n++] = in.ptr[i];
		} else if (in.ptr[i + 1] == '\r') {
			i += 2;
		} else {
			out[n++] = (char)(digit(in.ptr[i + 1]) << 4 | digit(in.ptr[i + 2]));
			i += 2;
		}
	}
	return n;
}

/* Any bytes come back, in lines that any relay passes on; a small own generator keeps it repeatable. */
START_TEST(any_bytes)
{
	static const char letters[] = "..  \t=aF\xc3\xff\rrom";
	char in[700];
	char back[2000];
	struct arena a;
	uint32_t seed = 12345U + (uint32_t)_i;
	size_t len = (size_t)_i * 7;
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525U + 1013904223U;
		uint32_t pick = seed >> 24;
		in[i] = pick < 200   ? letters[pick % (sizeof(letters) - 1)]
			: pick < 205 ? '\n'
				     : (char)pick;
		if (i > 0 && in[i] == '\n' && in[i - 1] == '\r') {
			in[i] = 'x';
		}
	}
	in[len] = '\n';
	if (len > 0 && in[len - 1] == '\r') {
		in[len - 1] = 'x';
	}
	struct slice out;
	arena_init(&a, 65536);
	ck_assert_int_eq(encode(&a, slice_of(in, len + 1), &out), FAULT_NONE);
	struct slice rest = out;
	struct slice line;
	size_t n = 0;
	while (slice_cut_to(&rest, '\n', &line)) {
		ck_assert_uint_le(line.len, QUOTED_LINE + 1);
		ck_assert(line.ptr[line.len - 1] == '\r');
		line.len--;
		ck_assert(line.len == 0 || (line.ptr[0] != '.' && line.ptr[line.len - 1] != ' ' &&
					    line.ptr[line.len - 1] != '\t'));
		ck_assert(!slice_starts(line, SLICE_LIT("From ")));
	}
	ck_assert_uint_eq(rest.len, 0);
	n = decode(out, back);
	size_t at = 0;
	for (size_t i = 0; i <= len; i++) {
		at += in[i] == '\n' ? 1 : 0; /* its CR */
		ck_assert(at < n && back[at] == in[i]);
		at++;
	}
	ck_assert_uint_eq(at, n);
	arena_deinit(&a);
}
END_TEST

START_TEST(full)
{
	struct arena a;
	struct slice out;
	arena_init(&a, 10);
	ck_assert_int_eq(encode(&a, SLICE_LIT("abc"), &out), FAULT_NO_MEMORY);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("quoted");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, quoted_row, 0, (int)COUNT_OF(rows));
	tcase_add_loop_test(t, any_bytes, 0, 90);
	tcase_add_test(t, full);
	suite_add_tcase(s, t);
	return check_main(s);
}
