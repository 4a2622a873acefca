#include "relay/intake/multipart.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"

enum { PARTS_MAX = 3, TOLD_MAX = 8192 };

/* One walk over a body that grows; what came out is written down. */
struct run {
	struct multipart multipart;
	char *body;
	size_t len;
	char told[TOLD_MAX];
	size_t told_len;
	struct problem problem;
	enum fault fault;
};

static void tell(struct run *r, struct slice s)
{
	ck_assert_uint_lt(r->told_len + s.len, TOLD_MAX);
	if (s.len > 0) {
		memcpy(r->told + r->told_len, s.ptr, s.len);
	}
	r->told_len += s.len;
}

static void tell_part(struct run *r, const struct multipart_part *p)
{
	tell(r, p->name);
	tell(r, p->is_file ? SLICE_LIT("|") : SLICE_LIT(""));
	tell(r, p->file_name);
	tell(r, p->type.len > 0 ? SLICE_LIT(",") : SLICE_LIT(""));
	tell(r, p->type);
	tell(r, SLICE_LIT("="));
	tell(r, p->bytes);
	tell(r, SLICE_LIT(";"));
}

static bool grow(void *ctx, struct slice chunk)
{
	struct run *r = ctx;
	struct multipart_part part;
	memcpy(r->body + r->len, chunk.ptr, chunk.len);
	r->len += chunk.len;
	for (;;) {
		switch (multipart_next(&r->multipart, r->body, r->len, &part, &r->problem)) {
		case MULTIPART_PART:
			tell_part(r, &part);
			break;
		case MULTIPART_BAD:
			r->fault = r->problem.fault;
			ck_assert_uint_ne(r->fault, FAULT_NONE);
			return false;
		case MULTIPART_MORE:
		case MULTIPART_OVER:
			return true;
		}
	}
}

static void run(struct run *r, struct slice boundary, struct slice body, size_t size)
{
	*r = (struct run){.body = malloc(body.len > 0 ? body.len : 1)};
	ck_assert_ptr_nonnull(r->body);
	multipart_init(&r->multipart, boundary, PARTS_MAX);
	chunks_each(body, size, grow, r);
	if (r->fault == FAULT_NONE && !multipart_is_over(&r->multipart)) {
		r->fault = multipart_truncated(&r->multipart, &r->problem);
	}
	free(r->body);
}

#define FORM(rest) "Content-Disposition: form-data" rest "\r\n"
#define A	   "--b\r\n" FORM("; name=\"a\"") "\r\n"

static const struct {
	const char *name;
	struct slice body;
	struct slice told;
} taken[] = {
	{"one part", SLICE_INIT(A "x\r\n--b--"), SLICE_INIT("a=x;")},
	{"a line end at the end", SLICE_INIT(A "x\r\n--b--\r\n"), SLICE_INIT("a=x;")},
	{"a line end first", SLICE_INIT("\r\n" A "x\r\n--b--"), SLICE_INIT("a=x;")},
	{"blanks after boundaries",
	 SLICE_INIT("--b \t\r\n" FORM("; name=a") "\r\nx\r\n--b\t\r\n" FORM(
		 "; name=c") "\r\ny\r\n--b-- \r\n"),
	 SLICE_INIT("a=x;c=y;")},
	{"an empty part", SLICE_INIT(A "\r\n--b--"), SLICE_INIT("a=;")},
	{"an empty part without its line end", SLICE_INIT(A "--b--"), SLICE_INIT("a=;")},
	{"line ends are content", SLICE_INIT(A "\r\n\r\n\r\n\r\n--b--"),
	 SLICE_INIT("a=\r\n\r\n\r\n;")},
	{"nearly the boundary", SLICE_INIT(A "\r\n--\r\n-b\r\n--c\n--b\r--b\r\r\n --b--b\r\n--b--"),
	 SLICE_INIT("a=\r\n--\r\n-b\r\n--c\n--b\r--b\r\r\n --b--b;")},
	{"any byte", SLICE_INIT(A "\0\xff\x80\r\0\n\r\n--b--"), SLICE_INIT("a=\0\xff\x80\r\0\n;")},
	{"a file",
	 SLICE_INIT("--b\r\ncontent-disposition:form-data;name=\"f\";filename=\"x.png\"\r\n"
		    "CONTENT-TYPE:  image/png \r\nX-Other: y\r\nContent-Transfer-Encoding: "
		    "Binary\r\n\r\nx\r\n--b--"),
	 SLICE_INIT("f|x.png,image/png=x;")},
	{"escapes of browsers",
	 SLICE_INIT("--b\r\n" FORM("; name=f; filename=\"a%22b%41%.x\"") "\r\n\r\n--b--"),
	 SLICE_INIT("f|a\"b%41%.x=;")},
	{"escapes of curl",
	 SLICE_INIT("--b\r\n" FORM("; name=f; filename=\"a\\\"b;c=d\\\\e\"") "\r\n\r\n--b--"),
	 SLICE_INIT("f|e=;")},
	{"a path of Windows",
	 SLICE_INIT("--b\r\n" FORM("; name=f; filename=\"C:\\new\\a.txt\"") "\r\n\r\n--b--"),
	 SLICE_INIT("f|a.txt=;")},
	{"a path",
	 SLICE_INIT("--b\r\n" FORM("; name=f; filename=\"../../etc/passwd\"") "\r\n\r\n--b--"),
	 SLICE_INIT("f|passwd=;")},
	{"an escaped line end",
	 SLICE_INIT("--b\r\n" FORM("; name=f; filename=\"a%0d%0Ab\"") "\r\n\r\n--b--"),
	 SLICE_INIT("f|a\r\nb=;")},
	{"UTF-8", SLICE_INIT("--b\r\n" FORM("; name=f; filename=\"\xc3\xbc\"") "\r\n\r\n--b--"),
	 SLICE_INIT("f|\xc3\xbc=;")},
	{"RFC 8187",
	 SLICE_INIT("--b\r\n" FORM(
		 "; name=f; filename=x; filename*=utf-8'de'%e2%82%AC%20a") "\r\n\r\n--b--"),
	 SLICE_INIT("f|\xe2\x82\xac a=;")},
	{"an empty file name",
	 SLICE_INIT("--b\r\n" FORM("; name=f; filename=\"\"") "\r\n\r\n--b--"), SLICE_INIT("f|=;")},
	{"no part", SLICE_INIT("--b--\r\n"), SLICE_INIT("")},
	{"as many parts as allowed", SLICE_INIT(A "1\r\n" A "2\r\n" A "3\r\n--b--"),
	 SLICE_INIT("a=1;a=2;a=3;")},
};

START_TEST(takes)
{
	for (size_t size = 1; size <= CHUNKS_MAX + 1; size++) {
		struct run r;
		run(&r, SLICE_LIT("b"), taken[_i].body,
		    size <= CHUNKS_MAX ? size : taken[_i].body.len);
		ck_assert_msg(r.fault == FAULT_NONE, "%s, chunks of %zu: %.*s", taken[_i].name,
			      size, (int)r.problem.len, r.problem.text);
		ck_assert_msg(slice_eq(slice_of(r.told, r.told_len), taken[_i].told),
			      "%s: told %.*s", taken[_i].name, (int)r.told_len, r.told);
	}
}
END_TEST

/* A body that was cut anywhere is never whole, and what is missing is said. */
START_TEST(names_what_was_cut)
{
	struct slice body = taken[_i].body;
	size_t whole = slice_find(body, SLICE_LIT("--b--")) + 5;
	while (slice_find(slice_skip(body, whole), SLICE_LIT("\r\n--b--")) < body.len - whole) {
		whole += slice_find(slice_skip(body, whole), SLICE_LIT("\r\n--b--")) + 7;
	}
	for (size_t n = 0; n < whole; n++) {
		struct run r;
		run(&r, SLICE_LIT("b"), slice_first(body, n), n > 0 ? n : 1);
		ck_assert_uint_eq(r.fault, FAULT_BAD_MULTIPART);
		ck_assert(slice_starts(problem_text(&r.problem), SLICE_LIT("The body ends ")));
	}
}
END_TEST

#define BAD_DISPOSITION "Part 1 must have one Content-Disposition: form-data with a name."

static const struct {
	struct slice body;
	const char *sentence;
} refused[] = {
	{SLICE_INIT(""), "The body ends before its first part."},
	{SLICE_INIT("x"), "The body must begin with the boundary of the Content-Type."},
	{SLICE_INIT("preamble\r\n" A "x\r\n--b--"),
	 "The body must begin with the boundary of the Content-Type."},
	{SLICE_INIT("\r\n\r\n" A "x\r\n--b--"),
	 "The body must begin with the boundary of the Content-Type."},
	{SLICE_INIT("\n" A "x\r\n--b--"),
	 "The body must begin with the boundary of the Content-Type."},
	{SLICE_INIT("--c\r\n" FORM("; name=a") "\r\nx\r\n--c--"),
	 "The body must begin with the boundary of the Content-Type."},
	{SLICE_INIT("--b\n" FORM("; name=a") "\r\nx\r\n--b--"),
	 "A boundary must be followed by a line end, or by '--'."},
	{SLICE_INIT("--bc\r\n" FORM("; name=a") "\r\nx\r\n--b--"),
	 "A boundary must be followed by a line end, or by '--'."},
	{SLICE_INIT(A "x\r\n--bc\r\n\r\n--b--"),
	 "A boundary must be followed by a line end, or by '--'."},
	{SLICE_INIT(A "x\r\n--b -- "), "A boundary must be followed by a line end, or by '--'."},
	{SLICE_INIT(A "x\r\n--b-x"), "A boundary must be followed by a line end, or by '--'."},
	{SLICE_INIT(A "x\r\n--b\rx"), "A boundary must be followed by a line end, or by '--'."},
	{SLICE_INIT(A "x\r\n--b--x"), "Nothing but a line end may follow the closing boundary."},
	{SLICE_INIT(A "x\r\n--b--\r\nepilogue"),
	 "Nothing but a line end may follow the closing boundary."},
	{SLICE_INIT(A "x\r\n--b--\r\n\r\n"),
	 "Nothing but a line end may follow the closing boundary."},
	{SLICE_INIT(A "x\r\n--b--\n"), "Nothing but a line end may follow the closing boundary."},
	{SLICE_INIT("--b\r\n\r\nx\r\n--b--"), "Part 1 must have a Content-Disposition: form-data."},
	{SLICE_INIT("--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--"),
	 "Part 1 must have a Content-Disposition: form-data."},
	{SLICE_INIT("--b\r\n" FORM("") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=\"\"") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=\"a") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a b") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a; name=b") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a; filename=a; filename=b") "\r\nx\r\n--b--"),
	 BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a; filename*=a") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a; filename*=latin1''a") "\r\nx\r\n--b--"),
	 BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a; filename*=utf-8''%4") "\r\nx\r\n--b--"),
	 BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a; filename*=utf-8''%xx") "\r\nx\r\n--b--"),
	 BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM(" name=a") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--"),
	 BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM("; name=a") FORM("; name=a") "\r\nx\r\n--b--"), BAD_DISPOSITION},
	{SLICE_INIT("--b\r\n" FORM(
		 "; name=a") "Content-Type: a/b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--"),
	 "Part 1 has more than one Content-Type."},
	{SLICE_INIT(
		 "--b\r\n" FORM("; name=a") "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--b--"),
	 "Part 1 must come without a transfer encoding, as it is."},
	{SLICE_INIT("--b\r\n" FORM("; name=a") "x\r\n\r\nx\r\n--b--"),
	 "Part 1 has a line in its head that is no name, colon and value."},
	{SLICE_INIT("--b\r\n" FORM("; name=a") ":x\r\n\r\nx\r\n--b--"),
	 "Part 1 has a line in its head that is no name, colon and value."},
	{SLICE_INIT("--b\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n--b--"),
	 "Part 1 has a line in its head that is no name, colon and value."},
	{SLICE_INIT(A "x\r\n--b\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\nx\r\n--b--"),
	 "Part 2 must have one Content-Disposition: form-data with a name."},
	{SLICE_INIT("--b\r\n" FORM("; name=a") " folded\r\n\r\nx\r\n--b--"),
	 "Part 1 has a folded line or a control character in its head."},
	{SLICE_INIT("--b\r\n" FORM("; name=\"a\0\"") "\r\nx\r\n--b--"),
	 "Part 1 has a folded line or a control character in its head."},
	{SLICE_INIT("--b\r\n" FORM("; name=\"a\n\"") "\r\nx\r\n--b--"),
	 "Part 1 has a folded line or a control character in its head."},
	{SLICE_INIT("--b\r\n" FORM("; name=\"a\r\"") "\r\nx\r\n--b--"),
	 "Part 1 has a folded line or a control character in its head."},
	{SLICE_INIT(A "1\r\n" A "2\r\n" A "3\r\n" A "4\r\n--b--"),
	 "The body may have at most 3 parts."},
	{SLICE_INIT(A "x"), "The body ends inside part 1: the closing boundary is missing."},
	{SLICE_INIT(A "x\r\n--b"), "The body ends behind part 1: the closing boundary is missing."},
	{SLICE_INIT(A "x\r\n--b\r\n"),
	 "The body ends inside part 2: the closing boundary is missing."},
};

START_TEST(refuses)
{
	for (size_t size = 1; size <= CHUNKS_MAX + 1; size++) {
		struct run r;
		run(&r, SLICE_LIT("b"), refused[_i].body, size <= CHUNKS_MAX ? size : 4096);
		struct slice said = problem_text(&r.problem);
		ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)),
			      "row %d, chunks of %zu: %.*s", _i, size, (int)said.len, said.ptr);
	}
}
END_TEST

/* A part's head up to the limit is taken, one byte more is not, however it arrives. */
START_TEST(stops_at_the_limit_of_a_head)
{
	static char body[2 * MULTIPART_HEAD_MAX];
	static const char start[] = "--b\r\n" FORM("; name=a") "X: ";
	static const size_t sizes[] = {1, 7, 64, 4096, sizeof(body)};
	for (size_t extra = 0; extra <= 4; extra++) {
		size_t head = MULTIPART_HEAD_MAX + extra; /* with its last line end */
		memset(body, 'x', sizeof(body));
		memcpy(body, start, sizeof(start) - 1);
		memcpy(body + 5 + head - 2, "\r\n\r\n\r\n--b--", 13 - 2);
		for (size_t i = 0; i < COUNT_OF(sizes); i++) {
			struct run r;
			run(&r, SLICE_LIT("b"), slice_of(body, 5 + head + 9), sizes[i]);
			ck_assert_msg(r.fault == (extra == 0 ? FAULT_NONE : FAULT_BAD_MULTIPART),
				      "%zu more, chunks of %zu", extra, sizes[i]);
		}
	}
}
END_TEST

START_TEST(passes_over_a_few_blanks_only)
{
	static char body[2 * MULTIPART_HEAD_MAX + 16];
	static const size_t sizes[] = {1, 64, sizeof(body)};
	memset(body, ' ', sizeof(body));
	memcpy(body, "--b", 3);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct run r;
		run(&r, SLICE_LIT("b"), slice_of(body, sizeof(body)), sizes[i]);
		ck_assert(slice_starts(problem_text(&r.problem), SLICE_LIT("A boundary must")));
	}
	memcpy(body, "--b--", 5);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct run r;
		run(&r, SLICE_LIT("b"), slice_of(body, sizeof(body)), sizes[i]);
		ck_assert(slice_starts(problem_text(&r.problem),
				       SLICE_LIT("Nothing but a line end")));
	}
}
END_TEST

static const struct {
	struct slice type;
	enum fault fault;
	struct slice boundary;
} types[] = {
	{SLICE_INIT("multipart/form-data; boundary=abc"), FAULT_NONE, SLICE_INIT("abc")},
	{SLICE_INIT("Multipart/Form-Data ; charset=utf-8;BOUNDARY=\"a b:c\""), FAULT_NONE,
	 SLICE_INIT("a b:c")},
	{SLICE_INIT("multipart/form-data; boundary="
		    "0123456789012345678901234567890123456789012345678901234567890123456789"),
	 FAULT_NONE,
	 SLICE_INIT("0123456789012345678901234567890123456789012345678901234567890123456789")},
	{SLICE_INIT(""), FAULT_MEDIA_TYPE, SLICE_INIT("")},
	{SLICE_INIT("multipart/mixed; boundary=a"), FAULT_MEDIA_TYPE, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-datax; boundary=a"), FAULT_MEDIA_TYPE, SLICE_INIT("")},
	{SLICE_INIT("text/plain"), FAULT_MEDIA_TYPE, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data"), FAULT_BAD_MULTIPART, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary"), FAULT_BAD_MULTIPART, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary="), FAULT_BAD_MULTIPART, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary=\"\""), FAULT_BAD_MULTIPART, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary=\"a "), FAULT_BAD_MULTIPART, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary=\"a \""), FAULT_BAD_MULTIPART, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary=a*b"), FAULT_BAD_MULTIPART, SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary=\"a\\\"\""), FAULT_BAD_MULTIPART,
	 SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary=a; boundary=a"), FAULT_BAD_MULTIPART,
	 SLICE_INIT("")},
	{SLICE_INIT("multipart/form-data; boundary="
		    "01234567890123456789012345678901234567890123456789012345678901234567890"),
	 FAULT_BAD_MULTIPART, SLICE_INIT("")},
};

START_TEST(finds_the_boundary)
{
	struct problem problem = {0};
	struct slice boundary = {0};
	ck_assert_uint_eq(multipart_boundary(types[_i].type, &boundary, &problem), types[_i].fault);
	ck_assert(slice_eq(boundary, types[_i].boundary));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/multipart");
	TCase *t = tcase_create("multipart");
	tcase_set_timeout(t, 0);
	tcase_add_loop_test(t, takes, 0, COUNT_OF(taken));
	tcase_add_loop_test(t, names_what_was_cut, 0, COUNT_OF(taken));
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, stops_at_the_limit_of_a_head);
	tcase_add_test(t, passes_over_a_few_blanks_only);
	tcase_add_loop_test(t, finds_the_boundary, 0, COUNT_OF(types));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
