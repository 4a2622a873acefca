#include "config/settings/key.h"

#include <string.h>

#include "config/settings/settings.h"

enum reload { RELOAD_UNSAID, RELOAD_TAKEN, RELOAD_KEPT };

static const enum reload reloads[] = {
#define RELOAD(group, name, word) [SETTINGS_KEY_##group##_##name] = RELOAD_##word,
#include "config/settings/reload.def"
#undef RELOAD
};

/* A key without a row, and one with two, are mistakes that the build finds. */
enum {
#define RELOAD(group, name, word) ROW_##group##_##name,
#include "config/settings/reload.def"
#undef RELOAD
	ROWS
};
_Static_assert((int)ROWS == (int)SETTINGS_KEY_COUNT,
	       "reload.def has a row for each key of settings.def");

static bool are_texts_equal(const struct settings_texts *a, const struct settings_texts *b)
{
	bool equal = a->count == b->count;
	for (size_t i = 0; equal && i < a->count; i++) {
		equal = strcmp(a->items[i], b->items[i]) == 0;
	}
	return equal;
}

static bool are_ports_equal(const struct settings_ports *a, const struct settings_ports *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(a->items[0])) == 0);
}

static bool is_text_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_equal(enum settings_type type, const void *a, const void *b)
{
	switch (type) {
	case SETTINGS_BOOL:
		return *(const bool *)a == *(const bool *)b;
	case SETTINGS_SIZE:
		return *(const size_t *)a == *(const size_t *)b;
	case SETTINGS_DURATION:
		return *(const uint64_t *)a == *(const uint64_t *)b;
	case SETTINGS_COUNT:
	case SETTINGS_CHOICE:
	case SETTINGS_CHOICES:
		return *(const unsigned *)a == *(const unsigned *)b;
	case SETTINGS_PORT:
		return *(const uint16_t *)a == *(const uint16_t *)b;
	case SETTINGS_PATH:
	case SETTINGS_ADDRESS:
	case SETTINGS_HOST:
	case SETTINGS_USER:
		return is_text_equal(*(const char *const *)a, *(const char *const *)b);
	case SETTINGS_PORTS:
		return are_ports_equal(a, b);
	case SETTINGS_RANGES:
	case SETTINGS_DOMAINS:
		return are_texts_equal(a, b);
	}
	return false;
}

bool settings_is_taken(const struct settings_key *k)
{
	return reloads[k - settings_keys] == RELOAD_TAKEN;
}

unsigned settings_differ(const struct settings *a, const struct settings *b, bool taken,
			 settings_differ_fn *fn, void *ctx)
{
	unsigned count = 0;
	for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
		const struct settings_key *k = &settings_keys[i];
		if (settings_is_taken(k) != taken ||
		    is_equal(k->type, (const char *)a + k->offset, (const char *)b + k->offset)) {
			continue;
		}
		count++;
		if (fn != NULL) {
			fn(ctx, k->path);
		}
	}
	return count;
}
