#include "config/settings/mistake.h"

enum { MISTAKES_BYTES = 512 * 1024 };

void settings_mistakes_init(struct settings_mistakes *m)
{
	m->count = 0;
	m->untold = 0;
	arena_init(&m->arena, MISTAKES_BYTES);
}

void settings_mistakes_deinit(struct settings_mistakes *m)
{
	arena_deinit(&m->arena);
	m->count = 0;
	m->untold = 0;
}

enum fault settings_mistakes_add(struct settings_mistakes *m, const struct settings_spot *spot,
				 const struct problem *wrong, const struct problem *allowed)
{
	struct settings_mistake one = {.line = spot->line};
	if (m->count == SETTINGS_MISTAKES_MAX) {
		m->untold++;
		return FAULT_NONE;
	}
	enum fault f = arena_copy(&m->arena, slice_of_text(spot->file), &one.file);
	if (f == FAULT_NONE) {
		f = arena_copy(&m->arena, spot->key, &one.key);
	}
	if (f == FAULT_NONE) {
		f = arena_copy(&m->arena, slice_of(wrong->text, wrong->len), &one.wrong);
	}
	if (f == FAULT_NONE && allowed != NULL) {
		f = arena_copy(&m->arena, slice_of(allowed->text, allowed->len), &one.allowed);
	}
	if (f == FAULT_NONE) {
		m->items[m->count++] = one;
	}
	return f;
}

/* File names may come out of an @include: nothing that steers a terminal goes through. */
static void put(FILE *to, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		fputc(c < ' ' || c == 0x7F ? '?' : c, to);
	}
}

static void put_number(FILE *to, uint64_t number)
{
	struct problem digits = {0};
	problem_add_number(&digits, number);
	put(to, slice_of(digits.text, digits.len));
}

void settings_print_mistakes(FILE *to, const struct settings_mistakes *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct settings_mistake *one = &m->items[i];
		put(to, one->file);
		if (one->line > 0) {
			fputs(":", to);
			put_number(to, one->line);
		}
		fputs(": ", to);
		if (one->key.len > 0) {
			put(to, one->key);
			fputs(": ", to);
		}
		put(to, one->wrong);
		if (one->allowed.len > 0) {
			fputs("; allowed: ", to);
			put(to, one->allowed);
		}
		fputs("\n", to);
	}
	if (m->untold > 0) {
		fputs("and more mistakes: ", to);
		put_number(to, m->untold);
		fputs("\n", to);
	}
}
