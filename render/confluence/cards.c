#include "render/confluence/cards.h"

#include "spool-free/base/domain.h"
#include "render/confluence/known.h"
#include "render/confluence/links.h"
#include "render/confluence/targets.h"

void cards_show_status(struct reader *r, struct slice status)
{
	static const struct {
		struct slice word;
		enum status_colour colour;
	} words[] = {
		{SLICE_INIT("done"), STATUS_GREEN},
		{SLICE_INIT("closed"), STATUS_GREEN},
		{SLICE_INIT("resolved"), STATUS_GREEN},
		{SLICE_INIT("complete"), STATUS_GREEN},
		{SLICE_INIT("completed"), STATUS_GREEN},
		{SLICE_INIT("in progress"), STATUS_BLUE},
		{SLICE_INIT("in review"), STATUS_BLUE},
		{SLICE_INIT("blocked"), STATUS_RED},
		{SLICE_INIT("in development"), STATUS_BLUE},
	};
	struct slice text = words_keep(&r->b, status);
	if (text.len == 0) {
		return;
	}
	struct node_status *s = &builder_leaf(&r->b, NODE_STATUS)->of.status;
	s->text = text;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_eq_nocase(words[i].word, text)) {
			s->colour = (uint8_t)words[i].colour;
		}
	}
}

struct slice cards_film_host(struct slice href)
{
	static const struct {
		struct slice host, name;
	} films[] = {
		{SLICE_INIT("youtube.com"), SLICE_INIT("YouTube")},
		{SLICE_INIT("youtube-nocookie.com"), SLICE_INIT("YouTube")},
		{SLICE_INIT("youtu.be"), SLICE_INIT("YouTube")},
		{SLICE_INIT("vimeo.com"), SLICE_INIT("Vimeo")},
		{SLICE_INIT("loom.com"), SLICE_INIT("Loom")},
	};
	struct slice host = links_host(href);
	for (size_t i = 0; i < COUNT_OF(films); i++) {
		if (domain_holds(films[i].host, host)) {
			return films[i].name;
		}
	}
	return slice_of(NULL, 0);
}

static bool is_address(struct slice words, struct slice href)
{
	return slice_eq(words, href) || slice_starts_nocase(words, SLICE_LIT("http://")) ||
	       slice_starts_nocase(words, SLICE_LIT("https://"));
}

static struct slice join(struct reader *r, struct slice a, struct slice between, struct slice b)
{
	struct slice parts[] = {a, between, b};
	struct slice joined = a;
	return reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &joined), joined);
}

/* Whole characters only; an address is ASCII but for what the page itself wrote otherwise. */
static struct slice shorten(struct reader *r, struct slice address)
{
	size_t len = CARDS_ADDRESS_MAX;
	if (address.len <= len) {
		return address;
	}
	while (len > 0 && ((unsigned char)address.ptr[len] & 0xC0) == 0x80) {
		len--;
	}
	return join(r, slice_first(address, len), SLICE_LIT("…"), slice_of(NULL, 0));
}

static struct slice title_of(struct reader *r, const struct known_link *known, struct slice href,
			     struct slice words)
{
	if (known != NULL && known->title.len > 0) {
		return words_keep(&r->b, known->title);
	}
	words = words_keep(&r->b, words);
	if (words.len > 0 && !is_address(words, href)) {
		return words;
	}
	return slice_of(NULL, 0);
}

static struct slice film_title(struct reader *r, struct slice host, struct slice title)
{
	return join(r, reader_phrase(r, SLICE_LIT("Video: ")), title.len > 0 ? title : host,
		    slice_of(NULL, 0));
}

struct slice cards_summary(struct reader *r, struct slice status, struct slice summary)
{
	bool both = status.len > 0 && summary.len > 0;
	return join(r, status, both ? SLICE_LIT(" – ") : SLICE_LIT(""), summary);
}

static void show_block(struct reader *r, const struct known_link *known, struct slice href,
		       struct slice title, bool is_bare)
{
	struct card *card = builder_leaf_either(&r->b, NODE_CARD_INLINE, NODE_CARD)->of.card;
	card->label = title;
	card->href = href;
	card->is_link = true;
	card->is_bare = is_bare;
	if (known != NULL) {
		card->summary = cards_summary(r, words_keep(&r->b, known->status),
					      words_keep(&r->b, known->summary));
	}
}

void cards_show(struct reader *r, struct slice href, struct slice words, enum cards_look look)
{
	const struct known_link *known = known_address(r, href);
	struct slice title = title_of(r, known, href, words);
	struct slice film = look == CARDS_INLINE ? slice_of(NULL, 0) : cards_film_host(href);
	if (film.len > 0) {
		title = film_title(r, film, title);
	}
	if (title.len == 0) {
		title = shorten(r, href.len > 0 ? href : words_keep(&r->b, words));
	}
	if (title.len == 0) {
		return;
	}
	if (look != CARDS_INLINE) {
		show_block(r, known, href, title, look == CARDS_EMBED);
		return;
	}
	target_show_link(r, href, title);
	if (known != NULL && known->status.len > 0) {
		words_add(&r->b, SLICE_LIT(" "));
		cards_show_status(r, known->status);
	}
}
