#include "render/warning.h"

static const struct {
	struct slice code, meaning;
} rows[WARNING_COUNT] = {
#define WARNING(name, code, meaning) [WARNING_##name] = {SLICE_INIT(code), SLICE_INIT(meaning)},
#include "render/warning.def"
#undef WARNING
};

struct slice warning_code(enum warning w)
{
	return rows[w].code;
}

struct slice warning_meaning(enum warning w)
{
	return rows[w].meaning;
}
