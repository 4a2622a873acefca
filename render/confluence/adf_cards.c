/* Links of ADF that are shown as cards. */
#include "render/confluence/adf_inside.h"

#include "render/confluence/cards.h"
#include "render/confluence/known.h"
#include "render/confluence/links.h"
#include "render/confluence/live.h"
#include "render/confluence/targets.h"

/* What is known of the place that a card leads to. */
struct place {
	struct slice href;
	struct slice title;   /* empty: its address */
	struct slice summary; /* may be empty */
	struct slice status;  /* may be empty */
};

static struct slice words_of(struct adf *a, uint32_t object, enum adf_word name)
{
	uint32_t cell = object != 0 ? adf_tape_member(&a->tape, object, name) : 0;
	struct slice text = adf_tape_text(&a->tape, cell);
	return text.len > 0 ? words_keep(&a->r->b, text) : text;
}

/* By what the job knows; else by the data that came with the card (JSON-LD). */
static struct place place_of(struct adf *a, const struct adf_node *n)
{
	uint32_t data = adf_attr_cell(a, n, ADF_W_data);
	struct slice url = adf_attr(a, n, ADF_W_url);
	if (url.len == 0 && data != 0) {
		url = adf_tape_text(&a->tape, adf_tape_member(&a->tape, data, ADF_W_url));
	}
	struct place p = {.href = reader_link_href(a->r, url)};
	const struct known_link *known = known_address(a->r, url);
	if (known != NULL) {
		p.title = words_keep(&a->r->b, known->title);
		p.summary = words_keep(&a->r->b, known->summary);
		p.status = words_keep(&a->r->b, known->status);
	}
	p.title = p.title.len > 0 ? p.title : words_of(a, data, ADF_W_name);
	p.summary = p.summary.len > 0 ? p.summary : words_of(a, data, ADF_W_summary);
	if (p.href.len == 0 && p.title.len == 0) {
		p.title = words_keep(&a->r->b, url); /* what must not be a link is still a text */
	}
	return p;
}

/* A long address is shown by its beginning: the whole of it stands behind the link. */
static struct slice shortened(struct adf *a, struct slice href)
{
	enum { SHOWN = 60 };
	struct slice whole = slice_first(href, SHOWN);
	if (whole.len == href.len) {
		return href;
	}
	while (whole.len > 0 && ((unsigned char)href.ptr[whole.len] & 0xC0) == 0x80) {
		whole.len--; /* not in the middle of a character */
	}
	struct slice parts[] = {whole, SLICE_LIT("…")};
	struct slice text = whole;
	return reader_result(a->r, arena_join(a->r->b.arena, parts, COUNT_OF(parts), &text), text);
}

static void put_card(struct adf *a, const struct adf_node *n, const struct place *p,
		     struct slice label)
{
	struct slice summary = cards_summary(a->r, p->status, p->summary);
	struct card *card = builder_leaf_either(&a->r->b, NODE_CARD_INLINE, NODE_CARD)->of.card;
	card->label = label.len > 0 ? label : shortened(a, p->href);
	card->href = p->href;
	card->summary = summary;
	card->is_link = true;
	card->is_bare = n->type == ADF_W_embedCard;
}

void adf_inline_card(struct adf *a, const struct adf_node *n)
{
	struct place p = place_of(a, n);
	if (p.title.len == 0 && p.href.len == 0) {
		return;
	}
	adf_part_before(a);
	struct adf_look before = adf_look_begin(a, n);
	a->r->b.link = NULL; /* the card is one itself */
	target_show_link(a->r, p.href, p.title.len > 0 ? p.title : shortened(a, p.href));
	if (p.status.len > 0) {
		words_add(&a->r->b, SLICE_LIT(" "));
		cards_show_status(a->r, p.status);
	}
	adf_look_end(a, &before);
	adf_part_behind(a);
}

static struct slice label_of(struct adf *a, const struct adf_node *n, const struct place *p)
{
	uint32_t source = adf_attr_cell(a, n, ADF_W_datasource);
	if (source != 0 && a->tape.cells[source].kind == ADF_OBJECT && p->title.len == 0) {
		return reader_phrase(a->r, SLICE_LIT("Open the list"));
	}
	struct slice film = cards_film_host(p->href);
	if (n->type != ADF_W_embedCard || film.len == 0) {
		return p->title;
	}
	struct slice parts[] = {reader_phrase(a->r, SLICE_LIT("Video: ")),
				p->title.len > 0 ? p->title : film};
	struct slice label = p->title;
	return reader_result(a->r, arena_join(a->r->b.arena, parts, COUNT_OF(parts), &label),
			     label);
}

/* Rows that the caller brings for a list of issues or pages. */
static bool show_list(struct adf *a, const struct adf_node *n)
{
	uint32_t source = adf_attr_cell(a, n, ADF_W_datasource);
	uint32_t id = source != 0 ? adf_tape_member(&a->tape, source, ADF_W_id) : 0;
	const struct slice ids[] = {adf_attr(a, n, ADF_W_localId), adf_tape_text(&a->tape, id)};
	struct known_live *live = source != 0 ? live_find(a->r, ids, COUNT_OF(ids)) : NULL;
	if (live != NULL) {
		live_show(a->r, live);
	}
	return live != NULL;
}

void adf_block_card(struct adf *a, const struct adf_node *n)
{
	if (show_list(a, n)) {
		return;
	}
	struct place p = place_of(a, n);
	struct slice label = label_of(a, n, &p);
	if (p.href.len == 0 && label.len > 0 && p.title.len == 0) {
		p.href = a->r->page_url; /* a list without an address of its own */
	}
	if (p.href.len > 0 || label.len > 0) {
		put_card(a, n, &p, label);
	}
}

/* Old pages. */
void adf_application_card(struct adf *a, const struct adf_node *n)
{
	uint32_t link = adf_attr_cell(a, n, ADF_W_link);
	struct slice url = slice_of(NULL, 0);
	if (link != 0) {
		url = adf_tape_text(&a->tape, adf_tape_member(&a->tape, link, ADF_W_url));
	}
	url = url.len > 0 ? url : adf_attr(a, n, ADF_W_textUrl);
	struct place p = {.href = reader_link_href(a->r, url)};
	p.title = words_of(a, adf_attr_cell(a, n, ADF_W_title), ADF_W_text);
	p.summary = words_of(a, adf_attr_cell(a, n, ADF_W_description), ADF_W_text);
	p.title = p.title.len > 0 ? p.title : adf_attr_words(a, n, ADF_W_text);
	if (p.title.len > 0 || p.href.len > 0) {
		put_card(a, n, &p, p.title);
	}
}
