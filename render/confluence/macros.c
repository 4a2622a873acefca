#include "render/confluence/macros.h"

static const struct macro_rule rules[] = {
#define MACRO(name, show, arg, label) {SLICE_INIT(name), show, arg, SLICE_INIT(label)},
#define ADF(type, show, arg, label)
#include "render/confluence/macros.def"
#undef ADF
#undef MACRO
};

static const struct macro_rule adf_rules[] = {
#define MACRO(name, show, arg, label)
#define ADF(type, show, arg, label) {SLICE_INIT(type), show, arg, SLICE_INIT(label)},
#include "render/confluence/macros.def"
#undef ADF
#undef MACRO
};

static const struct macro_rule unknown = {.show = macro_body};

static const struct macro_rule *find(const struct macro_rule *table, size_t count,
				     struct slice name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(table[i].name, name)) {
			return &table[i];
		}
	}
	return NULL;
}

const struct macro_rule *macro_rule_for(struct slice name)
{
	const struct macro_rule *rule = find(rules, COUNT_OF(rules), name);
	return rule != NULL ? rule : &unknown;
}

const struct macro_rule *macro_rule_for_adf(struct slice type)
{
	return find(adf_rules, COUNT_OF(adf_rules), type);
}

void macro_show(struct reader *r, struct macro *m, struct element *body)
{
	m->shown = true;
	enum macro_fate fate = m->rule->show(r, m, body);
	reader_count_macro(r, m->name, fate);
}

struct slice macro_param(const struct macro *m, struct slice name)
{
	for (const struct macro_param *p = m->params; p != NULL; p = p->next) {
		if (slice_eq(p->name, name)) {
			return p->value;
		}
	}
	return slice_of(NULL, 0);
}

const struct reference *macro_reference(const struct macro *m)
{
	for (const struct macro_param *p = m->params; p != NULL; p = p->next) {
		if (p->ref.kind != REFERENCE_NONE) {
			return &p->ref;
		}
	}
	return NULL;
}
