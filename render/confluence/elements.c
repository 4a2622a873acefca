#include "render/confluence/elements.h"

#define SHOWN	 false
#define ANYWHERE true

const struct element_rule element_rules[] = {
#define ELEMENT(name, start, end, arg, where) {SLICE_INIT(name), start, end, arg, where},
#define END(end)
#include "render/confluence/elements.def"
#undef END
#undef ELEMENT
};

size_t element_rule_count(void)
{
	return COUNT_OF(element_rules);
}
