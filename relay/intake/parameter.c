#include "relay/intake/parameter.h"

static struct slice skip_blanks(struct slice s)
{
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t')) {
		s = slice_skip(s, 1);
	}
	return s;
}

static bool ends_word(char c)
{
	return c == ' ' || c == '\t' || c == ';' || c == '=' || c == '"' || c == ',';
}

static struct slice take_word(struct slice *rest)
{
	size_t n = 0;
	while (n < rest->len && !ends_word(rest->ptr[n])) {
		n++;
	}
	struct slice word = slice_first(*rest, n);
	*rest = slice_skip(*rest, n);
	return word;
}

struct slice parameter_head(struct slice *rest)
{
	size_t end = slice_find_byte(*rest, ';');
	struct slice head = slice_trim(slice_first(*rest, end));
	*rest = slice_skip(*rest, end);
	return head;
}

/* `rest` stands behind the opening quote. */
static bool take_quoted(struct slice *rest, struct slice *out_value)
{
	size_t n = 0;
	while (n < rest->len && rest->ptr[n] != '"') {
		/* A backslash hides a quote or itself; alone, as in a path of Windows, it means
		 * itself. */
		bool hides = rest->ptr[n] == '\\' && n + 1 < rest->len &&
			     (rest->ptr[n + 1] == '"' || rest->ptr[n + 1] == '\\');
		n += hides ? 2 : 1;
	}
	if (n >= rest->len) {
		return false;
	}
	*out_value = slice_first(*rest, n);
	*rest = slice_skip(*rest, n + 1);
	return true;
}

enum parameter_step parameter_next(struct slice *rest, struct parameter *out_parameter)
{
	struct slice s = skip_blanks(*rest);
	struct parameter p = {0};
	while (s.len > 0 && s.ptr[0] == ';') { /* RFC 9110: an empty parameter is passed over */
		s = skip_blanks(slice_skip(s, 1));
		if (s.len > 0 && s.ptr[0] != ';') {
			p.name = take_word(&s);
			break;
		}
	}
	if (p.name.len == 0) {
		*rest = s;
		return s.len == 0 ? PARAMETER_END : PARAMETER_BAD;
	}
	if (s.len == 0 || s.ptr[0] != '=') {
		return PARAMETER_BAD;
	}
	s = slice_skip(s, 1);
	p.is_quoted = s.len > 0 && s.ptr[0] == '"';
	if (p.is_quoted) {
		s = slice_skip(s, 1);
		if (!take_quoted(&s, &p.value)) {
			return PARAMETER_BAD;
		}
	} else {
		p.value = take_word(&s);
		if (p.value.len == 0) {
			return PARAMETER_BAD;
		}
	}
	*rest = skip_blanks(s);
	if (rest->len > 0 && rest->ptr[0] != ';') {
		return PARAMETER_BAD;
	}
	*out_parameter = p;
	return PARAMETER_ONE;
}
