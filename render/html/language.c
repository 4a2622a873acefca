#include "render/html/language.h"

#include <string.h>

enum { COLUMNS = 2 };

/* As the columns of words.def. */
static const struct slice column_tags[COLUMNS] = {SLICE_INIT("en"), SLICE_INIT("de")};

static const struct slice words[WORDS][COLUMNS] = {
#define WORD(name, en, de) [WORD_##name] = {SLICE_INIT(en), SLICE_INIT(de)},
#include "render/html/words.def"
#undef WORD
};

static const struct months {
	struct slice tag, behind_day, behind_month, names;
} months[] = {
#define MONTHS(tag, day, month, names)                                                             \
	{SLICE_INIT(#tag), SLICE_INIT(day), SLICE_INIT(month), SLICE_INIT(names)},
#include "render/html/months.def"
#undef MONTHS
};

static const struct slice rtl_tags[] = {
	SLICE_INIT("ar"), SLICE_INIT("he"), SLICE_INIT("iw"),  SLICE_INIT("fa"),
	SLICE_INIT("ur"), SLICE_INIT("ps"), SLICE_INIT("yi"),  SLICE_INIT("dv"),
	SLICE_INIT("sd"), SLICE_INIT("ug"), SLICE_INIT("ckb"),
};

/* Letters, digits and hyphens, a letter first: nothing else may stand in the attribute. */
bool language_is_tag(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && (i == 0 || (c != '-' && (c < '0' || c > '9')))) {
			return false;
		}
	}
	return s.len >= 2 && s.len <= LANGUAGE_TAG_MAX && s.ptr[s.len - 1] != '-';
}

struct language language_of(struct slice tag)
{
	struct language l = {.tag = SLICE_LIT("en")};
	if (!language_is_tag(tag)) {
		return l;
	}
	struct slice main = slice_first(tag, slice_find_byte(tag, '-'));
	l.tag = tag;
	for (size_t i = 0; i < COLUMNS; i++) {
		l.words = slice_eq_nocase(main, column_tags[i]) ? (uint8_t)i : l.words;
	}
	for (size_t i = 0; i < COUNT_OF(months); i++) {
		l.months = slice_eq_nocase(main, months[i].tag) ? (uint8_t)i : l.months;
	}
	for (size_t i = 0; i < COUNT_OF(rtl_tags); i++) {
		l.rtl = l.rtl || slice_eq_nocase(main, rtl_tags[i]);
	}
	return l;
}

struct slice language_word(const struct language *l, enum word word)
{
	return words[word][l->words];
}

struct slice language_of_words(const struct language *l)
{
	struct slice main = slice_first(l->tag, slice_find_byte(l->tag, '-'));
	return slice_eq_nocase(main, column_tags[l->words]) ? slice_of(NULL, 0)
							    : column_tags[l->words];
}

char language_decimal(const struct language *l)
{
	return l->months == 0 ? '.' : ',';
}

static size_t put(char *room, size_t at, struct slice text)
{
	memcpy(room + at, text.ptr, text.len);
	return at + text.len;
}

static size_t put_number(char *room, size_t at, unsigned number)
{
	char digits[5];
	size_t n = sizeof(digits);
	do {
		digits[--n] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 && n > 0);
	return put(room, at, slice_of(digits + n, sizeof(digits) - n));
}

static struct slice month_name(const struct months *m, unsigned month)
{
	struct slice rest = m->names;
	struct slice name = rest;
	for (; month > 0; month--) {
		name = rest;
		(void)slice_cut_to(&rest, ' ', &name);
	}
	return name;
}

struct slice language_date(const struct language *l, const struct node_date *date,
			   char room[LANGUAGE_DATE_TEXT])
{
	const struct months *m = &months[l->months];
	if (date->month < 1 || date->month > 12) {
		return date->raw;
	}
	size_t n = put_number(room, 0, date->day);
	n = put(room, n, m->behind_day);
	n = put(room, n, month_name(m, date->month));
	n = put(room, n, m->behind_month);
	return slice_of(room, put_number(room, n, date->year));
}
