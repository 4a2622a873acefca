#include "render/html/css.h"

#include <string.h>

#include "spool-free/job/job.h"

/* What is being read; `rest` shrinks from the front. */
struct parser {
	struct slice rest;
	struct arena *arena;
	struct css made;
	size_t declarations; /* of all selectors */
};

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* Comments become blanks; so nobody behind has to know them. */
static enum fault without_comments(struct slice text, struct arena *arena, struct slice *out)
{
	char *made = arena_bytes(arena, text.len + 1);
	if (made == NULL) {
		return FAULT_NO_MEMORY;
	}
	size_t n = 0;
	while (text.len > 0) {
		size_t at = slice_find(text, SLICE_LIT("/*"));
		memcpy(made + n, text.ptr, at);
		n += at;
		if (at == text.len) {
			break;
		}
		made[n++] = ' ';
		text = slice_skip(text, at + 2);
		text = slice_skip(text, slice_find(text, SLICE_LIT("*/")) + 2);
	}
	*out = slice_of(made, n);
	return FAULT_NONE;
}

/* Where the block that begins here ends: its `}`, or the end of the text. */
static size_t block_len(struct slice s)
{
	size_t depth = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '{') {
			depth++;
		} else if (s.ptr[i] == '}' && --depth == 0) {
			return i + 1;
		}
	}
	return s.len;
}

/* `@name ...;` or `@name ... { ... }` */
static void skip_at_rule(struct parser *p)
{
	size_t semicolon = slice_find_byte(p->rest, ';');
	size_t brace = slice_find_byte(p->rest, '{');
	p->made.dropped_rules++;
	if (semicolon < brace) {
		p->rest = slice_skip(p->rest, semicolon + 1);
	} else {
		p->rest = slice_skip(p->rest, brace);
		p->rest = slice_skip(p->rest, block_len(p->rest));
	}
}

static struct slice take_name(struct slice *s)
{
	size_t n = 0;
	while (n < s->len && is_name(s->ptr[n])) {
		n++;
	}
	struct slice name = slice_first(*s, n);
	*s = slice_skip(*s, n);
	return name;
}

/* One part, up to a blank. False: it is no selector that is known here. */
static bool take_part(struct slice *s, struct css_part *part, uint32_t *weight)
{
	*part = (struct css_part){0};
	part->tag = take_name(s);
	*weight += part->tag.len > 0 ? 1 : 0;
	while (s->len > 0 && (s->ptr[0] == '.' || s->ptr[0] == '#')) {
		bool class = s->ptr[0] == '.';
		*s = slice_skip(*s, 1);
		struct slice name = take_name(s);
		if (name.len == 0 || (class && part->class_count == CSS_CLASSES_MAX) ||
		    (!class && part->id.len > 0)) {
			return false;
		}
		*weight += class ? 1 << 8 : 1 << 16;
		if (class) {
			part->classes[part->class_count++] = name;
		} else {
			part->id = name;
		}
	}
	bool ends = s->len == 0 || s->ptr[0] == ' ' || s->ptr[0] == '\t' || s->ptr[0] == '\n' ||
		    s->ptr[0] == '\r';
	return ends && (part->tag.len > 0 || part->id.len > 0 || part->class_count > 0);
}

static bool read_selector(struct slice s, struct css_rule *rule)
{
	*rule = (struct css_rule){0};
	s = slice_trim(s);
	while (s.len > 0) {
		if (rule->part_count == CSS_PARTS_MAX ||
		    !take_part(&s, &rule->parts[rule->part_count], &rule->weight)) {
			return false;
		}
		rule->part_count++;
		s = slice_trim(s);
	}
	return rule->part_count > 0;
}

/* Behind all that are no stronger: of equal ones the later wins. */
static void add_rule(struct css *css, const struct css_rule *rule)
{
	size_t at = css->rule_count;
	while (at > 0 && css->rules[at - 1].weight > rule->weight) {
		css->rules[at] = css->rules[at - 1];
		at--;
	}
	css->rules[at] = *rule;
	css->rule_count++;
}

static size_t count_byte(struct slice s, char byte)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		n += s.ptr[i] == byte ? 1 : 0;
	}
	return n;
}

/* Of one property the later one counts, but for an important one. The last of `made` is new; how many are left. */
static size_t drop_weaker(struct css_declaration *made, size_t count)
{
	const struct css_declaration last = made[count - 1];
	size_t kept = 0;
	for (size_t i = 0; i + 1 < count; i++) {
		if (made[i].property != last.property) {
			made[kept++] = made[i];
		} else if (made[i].important && !last.important) {
			return count - 1;
		}
	}
	made[kept++] = last;
	return kept;
}

static enum fault read_declarations(struct parser *p, struct slice body, struct css_rule *rule)
{
	struct css_declaration *made = arena_array(p->arena, count_byte(body, ';') + 1,
						   sizeof(*made));
	if (made == NULL) {
		return FAULT_NO_MEMORY;
	}
	rule->declarations = made;
	for (bool more = true; more;) {
		struct slice one = body;
		bool taken = false;
		more = slice_cut_to(&body, ';', &one);
		one = slice_trim(one);
		if (one.len == 0) {
			continue;
		}
		enum fault f = css_declaration_read(one, p->arena, &made[rule->declaration_count],
						    &taken);
		if (f != FAULT_NONE) {
			return f;
		}
		p->made.dropped_declarations += taken ? 0 : 1;
		if (taken) {
			rule->declaration_count = drop_weaker(made, rule->declaration_count + 1);
		}
	}
	return FAULT_NONE;
}

static enum fault take_rule(struct parser *p, struct slice selectors)
{
	struct css_rule declared = {0};
	size_t len = block_len(p->rest);
	bool closed = len > 1 && p->rest.ptr[len - 1] == '}';
	struct slice body = slice_skip(slice_first(p->rest, closed ? len - 1 : len), 1);
	p->rest = slice_skip(p->rest, len);
	enum fault f = read_declarations(p, body, &declared);
	for (bool more = f == FAULT_NONE; more;) {
		struct slice one = selectors;
		struct css_rule rule;
		more = slice_cut_to(&selectors, ',', &one);
		if (p->made.rule_count == CSS_RULES_MAX ||
		    declared.declaration_count > CSS_DECLARATIONS_MAX - p->declarations ||
		    !read_selector(one, &rule)) {
			p->made.dropped_rules++;
			continue;
		}
		rule.declarations = declared.declarations;
		rule.declaration_count = declared.declaration_count;
		p->declarations += rule.declaration_count;
		add_rule(&p->made, &rule);
	}
	return f;
}

enum fault css_parse(struct slice text, struct arena *arena, struct css *out_css)
{
	struct parser p = {.arena = arena};
	if (text.len > JOB_CSS_MAX) {
		text = slice_first(text, JOB_CSS_MAX);
		p.made.dropped_rules++;
	}
	p.made.rules = arena_array(arena, CSS_RULES_MAX, sizeof(*p.made.rules));
	enum fault f = p.made.rules != NULL ? without_comments(text, arena, &p.rest)
					    : FAULT_NO_MEMORY;
	while (f == FAULT_NONE) {
		p.rest = slice_trim(p.rest);
		if (p.rest.len == 0) {
			break;
		}
		if (p.rest.ptr[0] == '@') {
			skip_at_rule(&p);
			continue;
		}
		size_t brace = slice_find_byte(p.rest, '{');
		struct slice selectors = slice_first(p.rest, brace);
		if (brace == p.rest.len) {
			p.made.dropped_rules++;
			break;
		}
		p.rest = slice_skip(p.rest, brace);
		f = take_rule(&p, selectors);
	}
	if (f == FAULT_NONE) {
		*out_css = p.made;
	}
	return f;
}
