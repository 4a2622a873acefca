#include "render/html/plain_writer.h"

#include "spool-free/base/text.h"

void plain_put_number(struct plain *p, uint64_t number)
{
	char digits[20];
	size_t n = sizeof(digits);
	do {
		digits[--n] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	flow_text(p->flow, slice_of(digits + n, sizeof(digits) - n));
}

void plain_put_address(struct plain *p, struct slice href)
{
	uint32_t number = addresses_number(&p->addresses, href);
	if (number > 0) {
		flow_lit(p->flow, " [");
		plain_put_number(p, number);
		flow_lit(p->flow, "]");
		return;
	}
	flow_lit(p->flow, " <");
	flow_text(p->flow, href);
	flow_lit(p->flow, ">");
}

/* Digits and signs have raised and lowered forms of their own, which stay one word with what they belong to. */
static struct slice raised_or_lowered(char c, bool raised)
{
	static const struct slice up[] = {SLICE_INIT("⁰"), SLICE_INIT("¹"), SLICE_INIT("²"),
					  SLICE_INIT("³"), SLICE_INIT("⁴"), SLICE_INIT("⁵"),
					  SLICE_INIT("⁶"), SLICE_INIT("⁷"), SLICE_INIT("⁸"),
					  SLICE_INIT("⁹")};
	static const struct slice down[] = {SLICE_INIT("₀"), SLICE_INIT("₁"), SLICE_INIT("₂"),
					    SLICE_INIT("₃"), SLICE_INIT("₄"), SLICE_INIT("₅"),
					    SLICE_INIT("₆"), SLICE_INIT("₇"), SLICE_INIT("₈"),
					    SLICE_INIT("₉")};
	if (c >= '0' && c <= '9') {
		return raised ? up[c - '0'] : down[c - '0'];
	}
	if (c == '-') {
		return raised ? SLICE_LIT("⁻") : SLICE_LIT("₋");
	}
	return raised ? SLICE_LIT("⁺") : SLICE_LIT("₊");
}

static bool is_number(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool sign = i == 0 && s.len > 1 && (s.ptr[i] == '-' || s.ptr[i] == '+');
		if (!sign && (s.ptr[i] < '0' || s.ptr[i] > '9')) {
			return false;
		}
	}
	return s.len > 0;
}

static void put_words(struct plain *p, struct slice words, unsigned marks)
{
	bool raised = (marks & MARK_SUP) != 0;
	if ((marks & (MARK_SUP | MARK_SUB)) == 0) {
		flow_text(p->flow, words);
	} else if (is_number(words)) {
		for (size_t i = 0; i < words.len; i++) {
			flow_text(p->flow, raised_or_lowered(words.ptr[i], raised));
		}
	} else if (raised && slice_eq(words, SLICE_LIT("n"))) {
		flow_lit(p->flow, "ⁿ");
	} else {
		/* A single letter is a formula's; more are an ordinal's ending or the like. */
		flow_text(p->flow, words.len != 1 ? SLICE_LIT("")
				   : raised	  ? SLICE_LIT("^")
						  : SLICE_LIT("_"));
		flow_text(p->flow, words);
	}
}

void plain_text(struct plain *p, const struct node *n)
{
	struct slice text = n->of.text;
	if ((n->marks & (MARK_CODE | MARK_SUB | MARK_SUP)) == 0) {
		flow_text(p->flow, text);
		return;
	}
	/* Blanks at the ends stand outside of the marks. */
	struct slice words = slice_trim(text);
	size_t before = words.len > 0 ? (size_t)(words.ptr - text.ptr) : text.len;
	struct slice mark = (n->marks & MARK_CODE) != 0 && words.len > 0 ? SLICE_LIT("`")
									 : SLICE_LIT("");
	flow_text(p->flow, slice_first(text, before));
	flow_text(p->flow, mark);
	put_words(p, words, n->marks);
	flow_text(p->flow, mark);
	flow_text(p->flow, slice_skip(text, before + words.len));
}

void plain_break(struct plain *p, const struct node *n)
{
	(void)n;
	if (p->flow->open || p->flow->word.len > 0) {
		flow_line_end(p->flow);
	} else {
		flow_gap(p->flow, 1);
	}
}

void plain_enter_link(struct plain *p, const struct node *n)
{
	(void)p;
	(void)n;
}

/* Does the link's own text say its address? */
static bool says_address(const struct node *n)
{
	struct slice href = n->of.link.href;
	const struct node *only = n->first;
	if (only == NULL || only->next != NULL || only->kind != NODE_TEXT) {
		return false;
	}
	struct slice text = slice_trim(only->of.text);
	if (slice_starts_nocase(href, SLICE_LIT("mailto:")) &&
	    slice_eq(slice_skip(href, 7), text)) {
		return true;
	}
	return slice_eq(href, text);
}

void plain_leave_link(struct plain *p, const struct node *n)
{
	struct slice href = n->of.link.href;
	if (href.len > 0 && href.ptr[0] != '#' && !says_address(n)) {
		plain_put_address(p, href);
	}
}

/* `more` may be empty. */
static void put_file(struct plain *p, const struct attachment *a, struct slice more)
{
	char size[VIEW_SIZE_TEXT];
	flow_lit(p->flow, "[file: ");
	flow_text(p->flow, a->name);
	flow_lit(p->flow, ", ");
	flow_text(p->flow, view_size(p->view, a->bytes.len, size));
	if (more.len > 0) {
		flow_lit(p->flow, ", ");
		flow_text(p->flow, more);
	}
	flow_lit(p->flow, "]");
}

void plain_image(struct plain *p, const struct node *n)
{
	const struct image *i = n->of.image;
	const struct media *m = &p->view->media;
	bool missing = i->attachment == TREE_NO_ATTACHMENT;
	struct slice alt = i->alt.len > 0 ? i->alt : missing ? i->name : (struct slice){0};
	/* What the HTML does not show stands there by name and size. */
	if (!missing && m->all[i->attachment].content_id.len == 0) {
		const struct medium *one = &m->all[i->attachment];
		put_file(p, one->file,
			 media_is_too_large(one) ? view_word(p->view, WORD_TOO_LARGE)
						 : (struct slice){0});
	} else if (alt.len > 0 || missing) {
		flow_text(p->flow, alt.len > 0 ? SLICE_LIT("[image: ") : SLICE_LIT("[image"));
		flow_text(p->flow, alt);
		flow_lit(p->flow, "]");
	}
	struct slice url = view_picture_url(p->view, i);
	struct slice href = url.len > 0 ? url : i->href;
	if (href.len > 0 && href.ptr[0] != '#') {
		plain_put_address(p, href);
	}
}

/* Latin-1, Greek and Cyrillic letters; what has no upper case, or one of more letters, stays as it is. */
static uint32_t upper(uint32_t code)
{
	bool latin = (code >= 'a' && code <= 'z') || (code >= 0xe0 && code <= 0xfe && code != 0xf7);
	bool greek = code >= 0x3b1 && code <= 0x3c9 && code != 0x3c2;
	bool cyrillic = code >= 0x430 && code <= 0x44f;
	if (latin || greek || cyrillic) {
		return code - 0x20;
	}
	return code >= 0x450 && code <= 0x45f ? code - 0x50 : code;
}

void plain_status(struct plain *p, const struct node *n)
{
	const struct node_status *s = &n->of.status;
	flow_lit(p->flow, "[");
	for (struct slice rest = s->text; rest.len > 0;) {
		char bytes[TEXT_UTF8_MAX];
		uint32_t code = text_next(&rest);
		size_t len = text_encode(s->mixed_case ? code : upper(code), bytes);
		flow_text(p->flow, slice_of(bytes, len));
	}
	flow_lit(p->flow, "]");
}

void plain_date(struct plain *p, const struct node *n)
{
	char room[VIEW_DATE_TEXT];
	flow_text(p->flow, view_date(p->view, &n->of.date, room));
}

void plain_mention(struct plain *p, const struct node *n)
{
	flow_lit(p->flow, "@");
	flow_text(p->flow, n->of.mention.name);
}

void plain_emoji(struct plain *p, const struct node *n)
{
	flow_text(p->flow, n->of.emoji.text);
}

void plain_card_inline(struct plain *p, const struct node *n)
{
	const struct card *c = n->of.card;
	flow_text(p->flow, c->is_link ? SLICE_LIT("") : SLICE_LIT("["));
	flow_text(p->flow, c->label);
	if (!c->is_link && c->href.len > 0) {
		flow_lit(p->flow, " – ");
		flow_text(p->flow, view_word(p->view, WORD_OPEN_CARD));
		flow_lit(p->flow, ":");
	}
	if (c->href.len > 0 && !slice_eq(c->href, c->label)) {
		plain_put_address(p, c->href);
	}
	flow_text(p->flow, c->is_link ? SLICE_LIT("") : SLICE_LIT("]"));
}

/* Behind a link to a file: the reader has it already. */
static void say_it_is_sent(struct plain *p, const struct file_line *f)
{
	if (view_sends(p->view, f->attachment)) {
		flow_lit(p->flow, " (");
		flow_text(p->flow, view_word(p->view, WORD_ATTACHED));
		flow_lit(p->flow, ": ");
		flow_text(p->flow, f->name);
		flow_lit(p->flow, ")");
	}
}

void plain_file_inline(struct plain *p, const struct node *n)
{
	const struct file_line *f = n->of.file;
	if ((n->flags & NODE_SENT) != 0) {
		say_it_is_sent(p, f);
		return;
	}
	if (f->attachment != TREE_NO_ATTACHMENT) {
		put_file(p, &p->view->in->attachments[f->attachment],
			 view_sends(p->view, f->attachment) ? view_word(p->view, WORD_ATTACHED)
							    : (struct slice){0});
	} else {
		flow_lit(p->flow, "[file: ");
		flow_text(p->flow, f->name);
		flow_lit(p->flow, "]");
	}
	if (f->href.len > 0) {
		plain_put_address(p, f->href);
	}
}

void plain_inlines(struct plain *p, const struct node *n)
{
	struct walk w = walk_of(n);
	while (walk_next(&w)) {
		if (w.at == n) {
			continue;
		}
		if (node_level(w.at) != NODE_IS_INLINE) {
			flow_lit(p->flow, " ");
			if (w.at->kind == NODE_CODE && !w.leaving) {
				flow_text(p->flow, w.at->of.code->text);
			}
			continue;
		}
		plain_fn *fn = w.leaving ? plain_leaving(w.at) : plain_entering(w.at);
		if (w.at->kind == NODE_BREAK) {
			flow_lit(p->flow, " ");
		} else if (fn != NULL) {
			fn(p, w.at);
		}
	}
}
