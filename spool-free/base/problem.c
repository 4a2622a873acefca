#include "spool-free/base/problem.h"

#include <errno.h>
#include <string.h>

enum { NAME_MAX_SHOWN = 64 };

static void add(struct problem *p, struct slice s)
{
	if (p == NULL) {
		return;
	}
	size_t room = PROBLEM_MAX - p->len;
	size_t n = s.len < room ? s.len : room;
	if (n > 0) {
		memcpy(p->text + p->len, s.ptr, n);
		p->len += n;
	}
}

enum fault problem_set(struct problem *p, enum fault f, const char *literal)
{
	if (p != NULL) {
		p->fault = f;
		p->cause = NULL;
		p->is_operators = false;
		p->len = 0;
		add(p, slice_of_text(literal));
	}
	return f;
}

enum fault problem_set_errno(struct problem *p, enum fault f, const char *literal)
{
	const char *why = strerrordesc_np(errno);
	problem_set(p, f, literal);
	problem_add(p, " (");
	problem_add(p, why != NULL ? why : "for a reason unknown");
	problem_add(p, ").");
	return f;
}

void problem_set_text(struct problem *p, enum fault f, struct slice sentence)
{
	problem_set(p, f, "");
	add(p, sentence);
}

void problem_add(struct problem *p, const char *literal)
{
	add(p, slice_of_text(literal));
}

void problem_add_number(struct problem *p, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	add(p, slice_of(digits + at, sizeof(digits) - at));
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.';
}

void problem_add_name(struct problem *p, struct slice name)
{
	add(p, SLICE_LIT("'"));
	struct slice shown = slice_first(name, NAME_MAX_SHOWN);
	for (size_t i = 0; i < shown.len; i++) {
		char c = is_name_byte(shown.ptr[i]) ? shown.ptr[i] : '?';
		add(p, slice_of(&c, 1));
	}
	add(p, SLICE_LIT("'"));
}

struct slice problem_owner_name(const struct problem *p)
{
	bool is_others = p->is_operators && fault_owner(p->fault) == FAULT_OWNER_ADMIN;
	return is_others ? SLICE_LIT("operator") : fault_owner_name(p->fault);
}

struct slice problem_text(const struct problem *p)
{
	return p->len > 0 ? slice_of(p->text, p->len) : fault_title(p->fault);
}
