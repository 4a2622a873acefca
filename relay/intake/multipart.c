#include "relay/intake/multipart.h"

#include <string.h>

#include "relay/intake/parameter.h"

static const struct slice blank_line = SLICE_INIT("\r\n\r\n");

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_boundary_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr("'()+_,-./:=? ", c) != NULL);
}

/* RFC 2046 5.1.1: 1 to 70 of certain bytes, the last one no blank. */
static bool is_boundary(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_boundary_byte(s.ptr[i])) {
			return false;
		}
	}
	return s.len > 0 && s.len <= MULTIPART_BOUNDARY_MAX && s.ptr[s.len - 1] != ' ';
}

enum fault multipart_boundary(struct slice content_type, struct slice *out_boundary,
			      struct problem *problem)
{
	struct slice rest = content_type;
	struct parameter p;
	struct slice boundary = {0};
	enum parameter_step step;
	if (!slice_eq_nocase(parameter_head(&rest), SLICE_LIT("multipart/form-data"))) {
		return problem_set(problem, FAULT_MEDIA_TYPE,
				   "The content type must be multipart/form-data.");
	}
	while ((step = parameter_next(&rest, &p)) == PARAMETER_ONE) {
		if (!slice_eq_nocase(p.name, SLICE_LIT("boundary"))) {
			continue;
		}
		if (boundary.ptr != NULL) {
			step = PARAMETER_BAD;
			break;
		}
		boundary = p.value;
	}
	if (step == PARAMETER_BAD || !is_boundary(boundary)) {
		return problem_set(
			problem, FAULT_BAD_MULTIPART,
			"The Content-Type must name one boundary of 1 to 70 characters.");
	}
	*out_boundary = boundary;
	return FAULT_NONE;
}

void multipart_init(struct multipart *m, struct slice boundary, size_t parts_max)
{
	*m = (struct multipart){.parts_max = parts_max, .delimiter_len = 4 + boundary.len};
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary.ptr, boundary.len);
}

static enum multipart_step bad(struct problem *problem, const char *literal)
{
	(void)problem_set(problem, FAULT_BAD_MULTIPART, literal);
	return MULTIPART_BAD;
}

static enum multipart_step bad_part(const struct multipart *m, struct problem *problem,
				    const char *literal)
{
	(void)problem_set(problem, FAULT_BAD_MULTIPART, "Part ");
	problem_add_number(problem, m->parts);
	problem_add(problem, literal);
	return MULTIPART_BAD;
}

static void move_to(struct multipart *m, unsigned place, size_t at)
{
	m->place = place;
	m->at = at;
	m->searched = at;
}

/* What a file name looked like before it was put between quotes; `s` lies in `body`. */
static struct slice unescape(char *body, struct slice s)
{
	static const struct {
		struct slice written;
		char byte;
	} escapes[] = {
		{SLICE_INIT("\\\""), '"'}, {SLICE_INIT("\\\\"), '\\'}, {SLICE_INIT("%22"), '"'},
		{SLICE_INIT("%0D"), '\r'}, {SLICE_INIT("%0A"), '\n'},
	};
	char *out = body + (s.ptr - body);
	const char *begin = out;
	while (s.len > 0) {
		size_t n = 1;
		char byte = s.ptr[0];
		for (size_t i = 0; i < COUNT_OF(escapes); i++) {
			if (slice_starts_nocase(s, escapes[i].written)) {
				byte = escapes[i].byte;
				n = escapes[i].written.len;
				break;
			}
		}
		*out++ = byte;
		s = slice_skip(s, n);
	}
	return slice_of(begin, (size_t)(out - begin));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 8187 3.2: UTF-8'language'percent-encoded. */
static bool unescape_extended(char *body, struct slice s, struct slice *out_name)
{
	struct slice charset;
	struct slice language;
	if (!slice_cut_to(&s, '\'', &charset) || !slice_cut_to(&s, '\'', &language) ||
	    !slice_eq_nocase(charset, SLICE_LIT("UTF-8"))) {
		return false;
	}
	char *out = body + (s.ptr - body);
	const char *begin = out;
	while (s.len > 0) {
		size_t n = 1;
		char byte = s.ptr[0];
		if (byte == '%') {
			int high = s.len > 2 ? hex_digit(s.ptr[1]) : -1;
			int low = s.len > 2 ? hex_digit(s.ptr[2]) : -1;
			if (high < 0 || low < 0) {
				return false;
			}
			byte = (char)(high * 16 + low);
			n = 3;
		}
		*out++ = byte;
		s = slice_skip(s, n);
	}
	*out_name = slice_of(begin, (size_t)(out - begin));
	return true;
}

/* RFC 7578 4.2: what a path says about the sender's folders is not used. */
static struct slice last_step(struct slice path)
{
	for (size_t i = path.len; i > 0; i--) {
		if (path.ptr[i - 1] == '/' || path.ptr[i - 1] == '\\') {
			return slice_skip(path, i);
		}
	}
	return path;
}

static bool read_disposition(char *body, struct slice value, struct multipart_part *part)
{
	struct slice name = {0};
	struct slice plain = {0};
	struct slice extended = {0};
	struct parameter p;
	enum parameter_step step;
	const struct {
		struct slice name;
		struct slice *value;
	} wanted[] = {
		{SLICE_LIT("name"), &name},
		{SLICE_LIT("filename"), &plain},
		{SLICE_LIT("filename*"), &extended},
	};
	if (!slice_eq_nocase(parameter_head(&value), SLICE_LIT("form-data"))) {
		return false;
	}
	while ((step = parameter_next(&value, &p)) == PARAMETER_ONE) {
		for (size_t i = 0; i < COUNT_OF(wanted); i++) {
			if (!slice_eq_nocase(p.name, wanted[i].name)) {
				continue;
			}
			if (wanted[i].value->ptr != NULL) {
				return false;
			}
			*wanted[i].value = p.value;
		}
	}
	if (step == PARAMETER_BAD || name.len == 0) {
		return false;
	}
	part->name = unescape(body, name);
	part->is_file = plain.ptr != NULL || extended.ptr != NULL;
	if (plain.ptr != NULL) {
		part->file_name = unescape(body, plain);
	}
	if (extended.ptr != NULL && !unescape_extended(body, extended, &part->file_name)) {
		return false;
	}
	part->file_name = last_step(part->file_name);
	return true;
}

static bool is_clean(struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];
		if ((c < ' ' && c != '\t') || c == 0x7f) {
			return false;
		}
	}
	return true;
}

static bool is_plain_encoding(struct slice value)
{
	return slice_eq_nocase(value, SLICE_LIT("binary")) ||
	       slice_eq_nocase(value, SLICE_LIT("8bit")) ||
	       slice_eq_nocase(value, SLICE_LIT("7bit"));
}

/* One line of a part's head; NULL when it is well, else what is wrong with it. */
static const char *read_head_line(char *body, struct slice line, struct multipart_part *part)
{
	struct slice name;
	if (!is_clean(line) || is_blank(line.ptr[0])) {
		return " has a folded line or a control character in its head.";
	}
	if (!slice_cut_to(&line, ':', &name) || name.len == 0 || is_blank(name.ptr[name.len - 1])) {
		return " has a line in its head that is no name, colon and value.";
	}
	line = slice_trim(line);
	if (slice_eq_nocase(name, SLICE_LIT("content-disposition"))) {
		if (part->name.ptr != NULL || !read_disposition(body, line, part)) {
			return " must have one Content-Disposition: form-data with a name.";
		}
	} else if (slice_eq_nocase(name, SLICE_LIT("content-type"))) {
		if (part->type.ptr != NULL) {
			return " has more than one Content-Type.";
		}
		part->type = line;
	} else if (slice_eq_nocase(name, SLICE_LIT("content-transfer-encoding")) &&
		   !is_plain_encoding(line)) {
		return " must come without a transfer encoding, as it is.";
	}
	return NULL;
}

static enum multipart_step read_head(struct multipart *m, char *body, struct slice head,
				     struct problem *problem)
{
	m->part = (struct multipart_part){0};
	while (head.len > 0) {
		size_t end = slice_find(head, SLICE_LIT("\r\n"));
		const char *wrong = read_head_line(body, slice_first(head, end), &m->part);
		if (wrong != NULL) {
			return bad_part(m, problem, wrong);
		}
		head = slice_skip(head, end + 2);
	}
	if (m->part.name.ptr == NULL) {
		return bad_part(m, problem, " must have a Content-Disposition: form-data.");
	}
	return MULTIPART_PART;
}

/* The body begins with a boundary; the CRLF before it may be left out (RFC 2046 5.1.1). */
static enum multipart_step at_start(struct multipart *m, struct slice body, struct problem *problem)
{
	struct slice wanted = slice_of(m->delimiter, m->delimiter_len);
	if (body.len == 0) {
		return MULTIPART_MORE;
	}
	if (body.ptr[0] != '\r') {
		wanted = slice_skip(wanted, 2);
	}
	struct slice both = slice_first(wanted, body.len);
	if (!slice_starts(body, both)) {
		return bad(problem, "The body must begin with the boundary of the Content-Type.");
	}
	if (both.len < wanted.len) {
		return MULTIPART_MORE;
	}
	move_to(m, AT_BOUNDARY_END, wanted.len);
	return MULTIPART_PART;
}

static enum multipart_step at_boundary_end(struct multipart *m, struct slice rest,
					   struct problem *problem)
{
	size_t n = 0;
	while (n < rest.len && n <= MULTIPART_HEAD_MAX && is_blank(rest.ptr[n])) {
		n++;
	}
	struct slice end = slice_first(slice_skip(rest, n), 2);
	struct slice line_end = slice_first(SLICE_LIT("\r\n"), end.len);
	if (n == 0 && slice_eq(end, slice_first(SLICE_LIT("--"), end.len))) {
		if (end.len == 2) {
			move_to(m, AT_END, m->at + 2);
			return MULTIPART_PART;
		}
		return MULTIPART_MORE;
	}
	if (n > MULTIPART_HEAD_MAX || !slice_eq(end, line_end)) {
		return bad(problem, "A boundary must be followed by a line end, or by '--'.");
	}
	if (end.len < 2) {
		return MULTIPART_MORE;
	}
	if (m->parts == m->parts_max) {
		(void)problem_set(problem, FAULT_TOO_LARGE, "The body may have at most ");
		problem_add_number(problem, m->parts_max);
		problem_add(problem, " parts.");
		return MULTIPART_BAD;
	}
	m->parts++;
	move_to(m, IN_HEAD, m->at + n + 2);
	m->searched = m->at -
		      2; /* the line end before the head may be the first half of a blank line */
	return MULTIPART_PART;
}

/* Where `what` begins in the body, looking at what is new only; `len` when it is not there yet. */
static size_t find(struct multipart *m, struct slice body, struct slice what)
{
	size_t at = m->searched + slice_find(slice_skip(body, m->searched), what);
	size_t tail = what.len - 1; /* a part of it may stand at the end */
	if (at == body.len && body.len > m->searched + tail) {
		m->searched = body.len - tail;
	}
	return at;
}

static enum multipart_step in_head(struct multipart *m, char *bytes, struct slice body,
				   struct problem *problem)
{
	size_t end = find(m, body, blank_line);
	bool is_whole = end < body.len;
	size_t head_len = is_whole ? end + 2 - m->at
				   : 0; /* 0: the blank line is the boundary's own */
	if (head_len > MULTIPART_HEAD_MAX ||
	    (!is_whole && body.len - m->at >= MULTIPART_HEAD_MAX + 2)) {
		return bad_part(m, problem, " has a head of more than 4096 bytes.");
	}
	if (!is_whole) {
		return MULTIPART_MORE;
	}
	enum multipart_step step = read_head(m, bytes, slice_of(bytes + m->at, head_len), problem);
	if (step == MULTIPART_PART) {
		move_to(m, IN_BYTES, end + blank_line.len);
		m->searched = m->at - 2; /* an empty part may leave out its line end */
	}
	return step;
}

static enum multipart_step in_bytes(struct multipart *m, struct slice body,
				    struct multipart_part *out_part)
{
	size_t end = find(m, body, slice_of(m->delimiter, m->delimiter_len));
	if (end == body.len) {
		return MULTIPART_MORE;
	}
	m->part.bytes = slice_of(body.ptr + m->at, end > m->at ? end - m->at : 0);
	*out_part = m->part;
	move_to(m, AT_BOUNDARY_END, end + m->delimiter_len);
	return MULTIPART_PART;
}

static enum multipart_step at_end(struct slice rest, struct problem *problem)
{
	size_t n = 0;
	while (n < rest.len && n <= MULTIPART_HEAD_MAX && is_blank(rest.ptr[n])) {
		n++;
	}
	struct slice end = slice_skip(rest, n);
	if (n > MULTIPART_HEAD_MAX || !slice_eq(end, slice_first(SLICE_LIT("\r\n"), end.len))) {
		return bad(problem, "Nothing but a line end may follow the closing boundary.");
	}
	return MULTIPART_OVER;
}

enum multipart_step multipart_next(struct multipart *m, char *body, size_t len,
				   struct multipart_part *out_part, struct problem *problem)
{
	struct slice all = slice_of(body, len);
	enum multipart_step step = MULTIPART_PART;
	while (step == MULTIPART_PART) {
		switch (m->place) {
		case AT_START:
			step = at_start(m, all, problem);
			break;
		case AT_BOUNDARY_END:
			step = at_boundary_end(m, slice_skip(all, m->at), problem);
			break;
		case IN_HEAD:
			step = in_head(m, body, all, problem);
			break;
		case IN_BYTES:
			step = in_bytes(m, all, out_part);
			if (step == MULTIPART_PART) {
				return step;
			}
			break;
		case AT_END:
			return at_end(slice_skip(all, m->at), problem);
		}
	}
	return step;
}

bool multipart_is_over(const struct multipart *m)
{
	return m->place == AT_END;
}

enum fault multipart_truncated(const struct multipart *m, struct problem *problem)
{
	if (m->parts == 0) {
		return problem_set(problem, FAULT_BAD_MULTIPART,
				   "The body ends before its first part.");
	}
	(void)problem_set(problem, FAULT_BAD_MULTIPART, "The body ends ");
	problem_add(problem, m->place == AT_BOUNDARY_END ? "behind part " : "inside part ");
	problem_add_number(problem, m->parts);
	problem_add(problem, ": the closing boundary is missing.");
	return FAULT_BAD_MULTIPART;
}
