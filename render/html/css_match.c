#include "render/html/css_match.h"

static bool has_class(const struct css_element *e, struct slice class, bool *inherited)
{
	for (size_t i = 0; i < e->name_count; i++) {
		struct slice name = e->names[i];
		bool soft = name.ptr[0] == '~';
		if (slice_eq(soft ? slice_skip(name, 1) : name, class)) {
			*inherited = *inherited || soft;
			return true;
		}
	}
	return false;
}

/* Is the element what the part says? `*inherited`: only by what it inherits. */
static bool meets(const struct css_element *e, const struct css_part *part, bool *inherited)
{
	*inherited = false;
	if (part->tag.len > 0 && !slice_eq_nocase(part->tag, e->tag)) {
		if (!e->takes_body || !slice_eq_nocase(part->tag, SLICE_LIT("body"))) {
			return false;
		}
		*inherited = true;
	}
	if (part->id.len > 0 && !slice_eq(part->id, e->id)) {
		return false;
	}
	for (size_t i = 0; i < part->class_count; i++) {
		if (!has_class(e, part->classes[i], inherited)) {
			return false;
		}
	}
	return true;
}

static bool may_stand(const struct css_element *e, enum css_property p, bool inherited)
{
	enum css_where where = css_property_where(p);
	if (inherited && !css_property_is_inherited(p)) {
		return false;
	}
	/* The body's colour was not chosen for a panel's ground. */
	if (inherited && p == CSS_COLOR && e->is_cell && !e->bare) {
		return false;
	}
	return where == CSS_ANY || e->is_cell || (where == CSS_TABLES && e->is_table);
}

/* In one look, however many were chosen before. */
static void choose(struct css_chosen *c, const struct css_declaration *d)
{
	const struct css_declaration *before = c->of[d->property];
	if (before == NULL || !before->important || d->important) {
		c->of[d->property] = d;
		c->turn[d->property] = ++c->turns;
	}
}

static void put_in_order(struct css_chosen *c)
{
	c->count = 0;
	for (size_t p = 0; p < CSS_PROPERTIES; p++) {
		size_t at = c->count;
		if (c->of[p] == NULL) {
			continue;
		}
		for (; at > 0 && c->turn[c->list[at - 1]->property] > c->turn[p]; at--) {
			c->list[at] = c->list[at - 1];
		}
		c->list[at] = c->of[p];
		c->count++;
	}
}

static void choose_all(struct css_chosen *c, const struct css_element *e, const struct css_rule *r,
		       bool inherited)
{
	for (size_t i = 0; i < r->declaration_count; i++) {
		const struct css_declaration *d = &r->declarations[i];
		if (may_stand(e, d->property, inherited)) {
			choose(c, d);
		} else if (inherited && d->property == CSS_BACKGROUND && !e->is_cell) {
			c->below = d;
		}
	}
}

void css_match(const struct css *css, const struct css_element *e, const uint8_t *above,
	       uint8_t *own, struct css_chosen *c)
{
	for (size_t i = 0; i < css->rule_count; i++) {
		const struct css_rule *r = &css->rules[i];
		bool inherited;
		own[i] = above[i];
		if (above[i] + 1U < r->part_count) {
			if (meets(e, &r->parts[above[i]], &inherited) && !inherited) {
				own[i]++;
			}
		} else if (meets(e, &r->parts[above[i]], &inherited)) {
			choose_all(c, e, r, inherited);
		}
	}
	put_in_order(c);
}

const struct css_declaration *css_chosen_of(const struct css_chosen *c, enum css_property p)
{
	return c->of[p];
}

bool css_chosen_has(const struct css_chosen *c, struct slice property)
{
	for (size_t i = 0; i < c->count; i++) {
		if (slice_eq_nocase(css_property_name(c->list[i]->property), property)) {
			return true;
		}
	}
	return false;
}
