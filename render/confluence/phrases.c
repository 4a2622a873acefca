#include "render/confluence/phrases.h"

static const struct {
	struct slice english, german;
} rows[] = {
#define PHRASE(english, german) {SLICE_INIT(english), SLICE_INIT(german)},
#include "render/confluence/phrases.def"
#undef PHRASE
};

struct slice phrases_in(struct slice language, struct slice english)
{
	struct slice main = slice_first(language, slice_find_byte(language, '-'));
	if (!slice_eq_nocase(main, SLICE_LIT("de"))) {
		return english;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (slice_eq(rows[i].english, english)) {
			return rows[i].german;
		}
	}
	return english;
}
