#include "tests/support/tree_dump.h"

#include "spool-free/base/text.h"

static void say(struct buf *out, struct slice s)
{
	if (buf_add(out, s) != FAULT_NONE) {
		return;
	}
}

static void word(struct buf *out, const char *text)
{
	say(out, slice_of_text(text));
}

static void number(struct buf *out, const char *before, uint64_t n)
{
	word(out, before);
	if (buf_add_u64(out, n) != FAULT_NONE) {
		return;
	}
}

static void named(struct buf *out, const char *name, struct slice s)
{
	if (s.len > 0) {
		word(out, name);
		word(out, "=");
		say(out, s);
		word(out, ";");
	}
}

static void numbered(struct buf *out, const char *name, uint64_t n)
{
	if (n > 0) {
		word(out, name);
		number(out, "=", n);
		word(out, ";");
	}
}

static void colour(struct buf *out, const char *name, uint32_t c)
{
	static const char digits[] = "0123456789abcdef";
	if (c == COLOUR_NONE) {
		return;
	}
	word(out, name);
	word(out, "=#");
	for (int shift = 20; shift >= 0; shift -= 4) {
		say(out, slice_of(&digits[c >> shift & 15], 1));
	}
	word(out, ";");
}

static void marks(const struct node *n, struct buf *out)
{
	static const char *const names[] = {
		"b:", "i:", "u:", "s:", "code:", "sub:", "sup:", "small:", "big:"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if ((n->marks & 1u << i) != 0) {
			word(out, names[i]);
		}
	}
	if (n->ink != NULL) {
		colour(out, "ink", n->ink->text);
		colour(out, "ground", n->ink->ground);
	}
}

static void image(const struct image *i, struct buf *out)
{
	if (i->attachment >= 0) {
		number(out, "file=", (uint64_t)i->attachment);
		word(out, ";");
	}
	named(out, "url", i->url);
	named(out, "alt", i->alt);
	named(out, "href", i->href);
	numbered(out, "w", i->width);
	numbered(out, "h", i->height);
	numbered(out, "percent", i->percent);
	numbered(out, "border", i->border_width);
	word(out, i->is_inline ? "inline;" : "");
}

static void panel(const struct panel *p, struct buf *out)
{
	static const char *const types[] = {"info",  "note",	"tip",	  "warning",
					    "error", "success", "custom", "plain"};
	word(out, types[p->type]);
	word(out, ";");
	named(out, "title", p->title);
	named(out, "icon", p->icon);
	colour(out, "ground", p->ground);
	colour(out, "border", p->border);
	numbered(out, "borderwidth", p->border_width);
	numbered(out, "borderstyle", p->border_style);
	colour(out, "titleground", p->title_ground);
	colour(out, "titletext", p->title_text);
}

static void code(const struct code *c, struct buf *out)
{
	named(out, "language", c->language);
	named(out, "title", c->title);
	numbered(out, "from", c->numbered ? c->first_line : 0);
	word(out, c->bare ? "bare;" : "");
	word(out, "'");
	say(out, c->text);
	word(out, "'");
}

static void table(const struct table *t, struct buf *out)
{
	numbered(out, "columns", t->columns);
	numbered(out, "width", t->width);
	word(out, t->numbered ? "numbered;" : "");
	for (uint32_t i = 0; i < t->width_count; i++) {
		number(out, i == 0 ? "widths=" : ",", t->widths[i]);
	}
}

static void common(const struct node *n, struct buf *out)
{
	static const char *const aligns[] = {"",     "start;",	    "center;",
					     "end;", "wrap-start;", "wrap-end;"};
	word(out, aligns[n->align]);
	numbered(out, "indent", n->indent);
	word(out, (n->flags & NODE_HEAD) != 0 ? "head;" : "");
	word(out, (n->flags & NODE_DONE) != 0 ? "done;" : "");
	word(out, (n->flags & NODE_SMALL) != 0 ? "small;" : "");
	word(out, n->kind == NODE_ROW && (n->flags & NODE_FOOT) != 0 ? "foot;" : "");
	word(out, (n->flags & NODE_COUNT) != 0 ? "count;" : "");
	word(out, (n->flags & NODE_NESTED) != 0 ? "nested;" : "");
	word(out, (n->flags & NODE_THUMB) != 0 ? "thumb;" : "");
	word(out, n->kind == NODE_FILE_INLINE && (n->flags & NODE_SENT) != 0 ? "sent;" : "");
}

static void status(const struct node_status *s, struct buf *out)
{
	static const char *const colours[] = {"neutral", "blue",   "red",   "yellow",
					      "green",	 "purple", "custom"};
	word(out, colours[s->colour]);
	word(out, ";");
	say(out, s->text);
}

static void date(const struct node_date *d, struct buf *out)
{
	if (d->month == 0) {
		say(out, d->raw);
		return;
	}
	number(out, "", d->year);
	number(out, "-", d->month);
	number(out, "-", d->day);
}

static void card(const struct card *c, struct buf *out)
{
	named(out, "label", c->label);
	named(out, "macro", c->macro);
	named(out, "href", c->href);
	named(out, "summary", c->summary);
	word(out, c->is_link ? "link;" : "");
}

static void inline_attributes(const struct node *n, struct buf *out)
{
	switch (n->kind) {
	case NODE_LINK:
		say(out, n->of.link.href);
		named(out, ";title",
		      n->of.link.title != NULL ? *n->of.link.title : slice_of(NULL, 0));
		break;
	case NODE_STATUS:
		status(&n->of.status, out);
		break;
	case NODE_DATE:
		date(&n->of.date, out);
		break;
	case NODE_MENTION:
		say(out, n->of.mention.name);
		break;
	case NODE_EMOJI:
		say(out, n->of.emoji.text);
		if (n->of.emoji.attachment != TREE_NO_ATTACHMENT) {
			number(out, ";file=", (uint64_t)n->of.emoji.attachment);
		}
		break;
	case NODE_ANCHOR:
		say(out, n->of.anchor.id);
		break;
	default:
		break;
	}
}

static void attributes(const struct node *n, struct buf *out)
{
	switch (n->kind) {
	case NODE_HEADING:
		number(out, "", n->of.heading.level);
		named(out, ";id", n->of.heading.id);
		break;
	case NODE_PANEL:
		panel(n->of.panel, out);
		break;
	case NODE_EXPAND:
	case NODE_FRAME:
	case NODE_TAB:
		say(out, n->of.titled.title);
		break;
	case NODE_GALLERY:
		numbered(out, "columns", n->of.gallery.columns == 3 ? 0 : n->of.gallery.columns);
		break;
	case NODE_NUMBERS:
		numbered(out, "start", n->of.numbers.start == 1 ? 0 : n->of.numbers.start);
		break;
	case NODE_TABLE:
		table(n->of.table, out);
		break;
	case NODE_CELL:
		numbered(out, "colspan", n->of.cell.colspan == 1 ? 0 : n->of.cell.colspan);
		numbered(out, "rowspan", n->of.cell.rowspan == 1 ? 0 : n->of.cell.rowspan);
		numbered(out, "valign", n->of.cell.valign);
		colour(out, "ground", n->of.cell.ground);
		break;
	case NODE_COLUMN:
		number(out, "", n->of.column.percent);
		numbered(out, ";valign", n->of.column.valign);
		break;
	case NODE_RULE:
		colour(out, "colour", n->of.rule.colour);
		numbered(out, "style", n->of.rule.style);
		numbered(out, "weight", n->of.rule.weight == 1 ? 0 : n->of.rule.weight);
		break;
	case NODE_PICTURE:
	case NODE_IMAGE:
		image(n->of.image, out);
		break;
	case NODE_CODE:
		code(n->of.code, out);
		break;
	case NODE_CARD:
	case NODE_CARD_INLINE:
		card(n->of.card, out);
		break;
	case NODE_FILE:
	case NODE_FILE_INLINE:
		say(out, n->of.file->name);
		named(out, ";href", n->of.file->href);
		break;
	default:
		inline_attributes(n, out);
		break;
	}
}

static void kind_name(const struct node *n, struct buf *out)
{
	if (n->kind == NODE_PARAGRAPH) {
		word(out, (n->flags & NODE_TIGHT) != 0 ? "t" : "p");
		return;
	}
	struct slice name = node_kind_name((enum node_kind)n->kind);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		char small = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
		say(out, slice_of(&small, 1));
	}
}

void tree_dump(const struct node *root, struct buf *out)
{
	struct walk w = walk_of(root);
	while (walk_next(&w)) {
		const struct node *n = w.at;
		if (n == root) {
			continue;
		}
		if (w.leaving) {
			word(out, "}");
			continue;
		}
		marks(n, out);
		if (n->kind == NODE_TEXT) {
			word(out, "'");
			say(out, n->of.text);
			word(out, "'");
			continue;
		}
		kind_name(n, out);
		size_t start = out->len;
		word(out, "(");
		common(n, out);
		attributes(n, out);
		if (out->len == start + 1) {
			out->len = start;
		} else {
			word(out, ")");
		}
		if (node_content(n) != NODE_HOLDS_TEXTLESS) {
			word(out, "{");
		}
	}
}

static bool part_fits(enum node_kind home, enum node_kind part)
{
	switch (home) {
	case NODE_BULLETS:
	case NODE_NUMBERS:
		return part == NODE_ITEM;
	case NODE_TASKS:
		return part == NODE_TASK;
	case NODE_DECISIONS:
		return part == NODE_DECISION;
	case NODE_TABLE:
		return part == NODE_ROW || part == NODE_CAPTION;
	case NODE_ROW:
		return part == NODE_CELL;
	case NODE_LAYOUT:
		return part == NODE_COLUMN;
	case NODE_PICTURE:
		return part == NODE_CAPTION;
	case NODE_GALLERY:
		return part == NODE_PICTURE;
	default:
		return false;
	}
}

static const char *check_child(const struct node *home, const struct node *n)
{
	switch (node_content(home)) {
	case NODE_HOLDS_TEXTLESS:
		return "a leaf has children";
	case NODE_HOLDS_INLINES:
		return node_level(n) == NODE_IS_INLINE ? NULL : "a block among inlines";
	case NODE_HOLDS_BLOCKS:
		return node_level(n) == NODE_IS_BLOCK ? NULL : "no block among blocks";
	case NODE_HOLDS_PARTS:
		return part_fits((enum node_kind)home->kind, (enum node_kind)n->kind)
			       ? NULL
			       : "a part in the wrong place";
	}
	return "an unknown kind";
}

static const char *check_text(struct slice s)
{
	if (text_utf8_valid(s) != s.len) {
		return "text is not UTF-8";
	}
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < 0x20 || c == 0x7F || (c == ' ' && i > 0 && s.ptr[i - 1] == ' ')) {
			return "text has control characters or blanks in a row";
		}
	}
	return s.len > 0 ? NULL : "text is empty";
}

static bool is_address(struct slice s)
{
	return slice_starts(s, SLICE_LIT("#")) || slice_starts_nocase(s, SLICE_LIT("http://")) ||
	       slice_starts_nocase(s, SLICE_LIT("https://")) ||
	       slice_starts_nocase(s, SLICE_LIT("mailto:")) ||
	       slice_starts_nocase(s, SLICE_LIT("tel:"));
}

static const char *check_node(const struct node *n)
{
	if (n->kind == NODE_TEXT) {
		return check_text(n->of.text);
	}
	if (n->kind == NODE_LINK) {
		for (const struct node *p = n->parent; p != NULL; p = p->parent) {
			if (p->kind == NODE_LINK) {
				return "a link in a link";
			}
		}
		return is_address(n->of.link.href) ? NULL : "an address that may not leave";
	}
	if (n->kind == NODE_CELL && (n->of.cell.colspan == 0 || n->of.cell.rowspan == 0)) {
		return "a span of nothing";
	}
	if ((n->kind == NODE_CARD || n->kind == NODE_CARD_INLINE) && n->of.card->label.len == 0) {
		return "a card without a label";
	}
	if (n->kind == NODE_HEADING && (n->of.heading.level < 1 || n->of.heading.level > 6)) {
		return "a level out of range";
	}
	return NULL;
}

const char *tree_broken_promise(const struct node *root)
{
	const struct node *n = root;
	unsigned depth = 1;
	while (n != NULL) {
		const char *wrong = check_node(n);
		if (wrong == NULL && n->parent != NULL) {
			wrong = check_child(n->parent, n);
		}
		if (wrong == NULL && depth > TREE_DEPTH_MAX) {
			wrong = "too deep";
		}
		if (wrong != NULL) {
			return wrong;
		}
		if (n->first != NULL) {
			if (n->first->parent != n) {
				return "a child of somebody else";
			}
			n = n->first;
			depth++;
			continue;
		}
		while (n != root && n->next == NULL) {
			n = n->parent;
			depth--;
		}
		if (n != root && n->next->parent != n->parent) {
			return "a sibling of somebody else";
		}
		n = n == root ? NULL : n->next;
	}
	return NULL;
}
