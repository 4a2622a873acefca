#include "relay/intake/key_half.h"

#include "spool-free/base/base64.h"
#include "spool-free/base/wipe.h"

enum { LETTERS = 43, PADDED = 44 };

static char plain_letter(char c)
{
	return c == '-' ? '+' : c == '_' ? '/' : c;
}

enum fault key_half_parse(struct slice text, const char *what, struct secret **out_half,
			  struct problem *problem)
{
	char letters[PADDED];
	char bytes[PADDED / 4 * 3];
	size_t len = 0;
	enum fault f = FAULT_MALFORMED;
	if (text.len == LETTERS || (text.len == PADDED && text.ptr[LETTERS] == '=')) {
		for (size_t i = 0; i < LETTERS; i++) {
			letters[i] = plain_letter(text.ptr[i]);
		}
		letters[LETTERS] = '=';
		f = base64_decode(slice_of(letters, PADDED), bytes, &len);
	}
	if (f == FAULT_NONE && len == KEY_HALF_LEN) {
		f = secret_new(slice_of(bytes, KEY_HALF_LEN), out_half);
	} else {
		f = FAULT_BAD_FIELD;
	}
	wipe(letters, sizeof(letters));
	wipe(bytes, sizeof(bytes));
	if (f != FAULT_NONE) {
		(void)problem_set(problem, f, f == FAULT_BAD_FIELD ? what : "");
		problem_add(problem, f == FAULT_BAD_FIELD
					     ? " must be 32 bytes in base64 or base64url."
					     : "");
	}
	return f;
}
