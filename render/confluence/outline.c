#include "render/confluence/outline.h"

#include <stdlib.h>
#include <string.h>

#include "spool-free/base/text.h"
#include "render/confluence/builder.h"
#include "render/confluence/toc.h"

/* A place to jump to, while ids are made. */
struct target {
	struct slice key; /* what ids are compared by: letters and digits in lower case */
	struct slice id;
	struct node *node;
	size_t order;
};

static void add(struct builder *b, struct outline_list *list, struct node *n, struct slice alias)
{
	struct outline_entry *e = builder_alloc(b, sizeof(*e));
	if (b->fault != FAULT_NONE) {
		return;
	}
	e->node = n;
	e->alias = alias;
	if (list->last == NULL) {
		list->first = e;
	} else {
		list->last->next = e;
	}
	list->last = e;
	list->count++;
}

void outline_add_target(struct builder *b, struct node *heading_or_anchor)
{
	add(b, &b->outline.targets, heading_or_anchor, slice_of(NULL, 0));
}

void outline_add_link(struct builder *b, struct node *link)
{
	add(b, &b->outline.links, link, slice_of(NULL, 0));
}

void outline_add_alias(struct builder *b, struct node *heading, struct slice id)
{
	if (heading != &b->spare && id.len > 0) {
		add(b, &b->outline.aliases, heading, id);
	}
}

bool outline_add_toc(struct builder *b, struct outline_toc toc)
{
	if (b->outline.toc_count == OUTLINE_TOCS) {
		return false;
	}
	b->outline.tocs[b->outline.toc_count++] = toc;
	return true;
}

size_t outline_text(const struct node *line, char *out, size_t room)
{
	size_t len = 0;
	struct walk w = walk_of(line);
	while (walk_next(&w)) {
		struct slice text = slice_of(NULL, 0);
		if (w.at->kind == NODE_TEXT) {
			text = w.at->of.text;
		} else if (w.at->kind == NODE_STATUS) {
			text = w.at->of.status.text;
		} else if (w.at->kind == NODE_EMOJI) {
			text = w.at->of.emoji.text;
		} else if (w.at->kind == NODE_BREAK) {
			text = SLICE_LIT(" ");
		}
		size_t n = text.len < room - len ? text.len : room - len;
		while (n < text.len && n > 0 && ((unsigned char)text.ptr[n] & 0xC0) == 0x80) {
			n--;
		}
		if (n > 0) {
			memcpy(out + len, text.ptr, n);
			len += n;
		}
		if (n < text.len) {
			break;
		}
	}
	return len;
}

static bool is_id_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (unsigned char)c >= 0x80;
}

/* Letters and digits; all between them is one hyphen. No dot, so that a suffix `.1` makes it
 * unique. */
static struct slice make_id(struct slice text, char out[OUTLINE_ID_MAX])
{
	size_t len = 0;
	for (size_t i = 0; i < text.len && len < OUTLINE_ID_MAX; i++) {
		if (is_id_byte(text.ptr[i])) {
			out[len++] = text.ptr[i];
		} else if (len > 0 && out[len - 1] != '-') {
			out[len++] = '-';
		}
	}
	len = text_utf8_valid(slice_of(out, len)); /* the limit may have cut a character */
	while (len > 0 && out[len - 1] == '-') {
		len--;
	}
	return slice_of(out, len);
}

static int hex_digit(char c)
{
	char lower = (char)(c | 0x20);
	return c >= '0' && c <= '9'	      ? c - '0'
	       : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
					      : -1;
}

/* `%20` is a blank again; as much of it as an id can have. */
static struct slice decode(struct slice href, char out[OUTLINE_ID_MAX])
{
	size_t len = 0;
	for (size_t i = 0; i < href.len && len < OUTLINE_ID_MAX; i++) {
		int high = i + 2 < href.len ? hex_digit(href.ptr[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(href.ptr[i + 2]) : -1;
		bool encoded = href.ptr[i] == '%' && low >= 0;
		out[len++] = encoded ? (char)(high * 16 + low) : href.ptr[i];
		i += encoded ? 2 : 0;
	}
	return slice_of(out, len);
}

static struct slice make_key(struct slice id, char out[OUTLINE_ID_MAX])
{
	size_t len = 0;
	for (size_t i = 0; i < id.len && len < OUTLINE_ID_MAX; i++) {
		char c = id.ptr[i];
		if (c != '-') {
			out[len++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
		}
	}
	return slice_of(out, len);
}

static void describe(struct builder *b, struct target *t, struct node *n)
{
	char text[OUTLINE_ID_MAX];
	char id[OUTLINE_ID_MAX];
	char key[OUTLINE_ID_MAX];
	struct slice words = n->kind == NODE_ANCHOR
				     ? slice_first(n->of.anchor.id, sizeof(text))
				     : slice_of(text, outline_text(n, text, sizeof(text)));
	struct slice made = make_id(words, id);
	made = made.len > 0 ? made : SLICE_LIT("section");
	t->node = n;
	if (arena_copy(b->arena, made, &t->id) != FAULT_NONE ||
	    arena_copy(b->arena, make_key(made, key), &t->key) != FAULT_NONE) {
		b->fault = FAULT_NO_MEMORY;
	}
}

static int by_key(const void *a, const void *b)
{
	const struct target *x = a;
	const struct target *y = b;
	int order = slice_compare(x->key, y->key);
	if (order != 0) {
		return order;
	}
	return x->order < y->order ? -1 : x->order > y->order;
}

static struct slice with_suffix(struct builder *b, struct slice id, size_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	for (; number > 0; number /= 10) {
		digits[--at] = (char)('0' + number % 10);
	}
	digits[--at] = '.';
	struct slice parts[] = {id, slice_of(digits + at, sizeof(digits) - at)};
	struct slice joined = id;
	if (arena_join(b->arena, parts, 2, &joined) != FAULT_NONE) {
		b->fault = FAULT_NO_MEMORY;
	}
	return joined;
}

/* Gives every target its id; what comes back is sorted by key, the first of equals first. */
static struct target *make_ids(struct builder *b)
{
	size_t count = b->outline.targets.count;
	struct target *all = arena_array(b->arena, count, sizeof(*all));
	if (all == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return NULL;
	}
	size_t n = 0;
	for (struct outline_entry *e = b->outline.targets.first; e != NULL; e = e->next) {
		describe(b, &all[n], e->node);
		all[n].order = n;
		n++;
	}
	qsort(all, count, sizeof(*all), by_key);
	size_t repeats = 0;
	for (size_t i = 0; i < count; i++) {
		repeats = i > 0 && slice_eq(all[i].key, all[i - 1].key) ? repeats + 1 : 0;
		if (repeats > 0) {
			all[i].id = with_suffix(b, all[i].id, repeats);
		}
		if (all[i].node->kind == NODE_ANCHOR) {
			all[i].node->of.anchor.id = all[i].id;
		} else {
			all[i].node->of.heading.id = all[i].id;
		}
	}
	return all;
}

/*
 * What the page itself called its headings. An alias of a heading that was dropped, or that another one has taken the room
 * of, is none.
 */
static struct target *sort_aliases(struct builder *b, size_t *out_count)
{
	size_t n = 0;
	struct target *all = arena_array(b->arena, b->outline.aliases.count, sizeof(*all));
	if (all == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return NULL;
	}
	for (struct outline_entry *e = b->outline.aliases.first; e != NULL; e = e->next) {
		char id[OUTLINE_ID_MAX];
		char key[OUTLINE_ID_MAX];
		struct slice made = make_key(make_id(slice_first(e->alias, sizeof(id)), id), key);
		if (e->node->kind != NODE_HEADING || e->node->of.heading.id.len == 0) {
			continue;
		}
		all[n] = (struct target){.node = e->node, .order = n, .id = e->node->of.heading.id};
		if (arena_copy(b->arena, made, &all[n].key) != FAULT_NONE) {
			b->fault = FAULT_NO_MEMORY;
			return NULL;
		}
		n++;
	}
	qsort(all, n, sizeof(*all), by_key);
	*out_count = n;
	return all;
}

static const struct target *find(const struct target *all, size_t count, struct slice key)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (slice_compare(all[middle].key, key) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < count && slice_eq(all[low].key, key) ? &all[low] : NULL;
}

/* All that links within the page can mean. */
struct places {
	const struct target *all, *aliases;
	size_t count, alias_count;
	struct slice title_key;
	struct slice page_url;
};

/*
 * `#My-Heading`, `#MyHeading` and the older `#PageTitle-MyHeading` all mean the heading "My
 * Heading"; the id that a heading had itself comes before that. An address that means nothing here goes to the page
 * itself.
 */
static void resolve(struct builder *b, struct node *link, const struct places *p)
{
	char text[OUTLINE_ID_MAX];
	char id[OUTLINE_ID_MAX];
	char key[OUTLINE_ID_MAX];
	struct slice name = decode(slice_skip(link->of.link.href, 1), text);
	struct slice wanted = make_key(make_id(name, id), key);
	const struct target *found = find(p->aliases, p->alias_count, wanted);
	if (found == NULL) {
		found = find(p->all, p->count, wanted);
	}
	if (found == NULL && p->title_key.len > 0 && slice_starts(wanted, p->title_key)) {
		wanted = slice_skip(wanted, p->title_key.len);
		found = find(p->all, p->count, wanted);
	}
	struct slice parts[] = {SLICE_LIT("#"), link->of.link.href};
	if (found != NULL) {
		parts[1] = found->id;
	} else if (p->page_url.len > 0) {
		parts[0] = p->page_url;
	} else {
		return;
	}
	if (arena_join(b->arena, parts, 2, &link->of.link.href) != FAULT_NONE) {
		b->fault = FAULT_NO_MEMORY;
	}
}

void outline_finish(struct builder *b, struct slice page_title, struct slice page_url)
{
	char title_id[OUTLINE_ID_MAX];
	char title_key[OUTLINE_ID_MAX];
	struct places p = {.page_url = page_url, .count = b->outline.targets.count};
	p.all = make_ids(b);
	if (b->fault == FAULT_NONE && b->outline.aliases.count > 0) {
		p.aliases = sort_aliases(b, &p.alias_count);
	}
	if (b->fault != FAULT_NONE) {
		return;
	}
	p.title_key = make_key(make_id(page_title, title_id), title_key);
	for (struct outline_entry *e = b->outline.links.first; e != NULL; e = e->next) {
		resolve(b, e->node, &p);
	}
	for (size_t i = 0; i < b->outline.toc_count && b->fault == FAULT_NONE; i++) {
		toc_fill(b, &b->outline.tocs[i]);
	}
}
