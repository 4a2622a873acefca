/* Other places: pages shown in a frame, films, feeds, buttons. */
#include "render/confluence/cards.h"

#include "render/confluence/known.h"
#include "render/confluence/links.h"
#include "render/confluence/macros.h"
#include "render/confluence/targets.h"

/* What the macro leads to, by an address or by the page that is named; empty when that cannot be said. */
static struct slice destination(struct reader *r, const struct macro *m)
{
	static const struct slice names[] = {SLICE_INIT("url"),	     SLICE_INIT("src"),
					     SLICE_INIT("location"), SLICE_INIT("link"),
					     SLICE_INIT("href"),     SLICE_INIT("")};
	const struct reference *named = macro_reference(m);
	if (named != NULL && named->kind != REFERENCE_USER) {
		return target_href(r, named, slice_of(NULL, 0));
	}
	struct slice href = reader_link_href(r, macro_first_param(m, names, COUNT_OF(names)));
	return href;
}

static struct slice title_of(struct reader *r, const struct macro *m)
{
	static const struct slice titles[] = {SLICE_INIT("title"), SLICE_INIT("label"),
					      SLICE_INIT("text")};
	const struct reference *named = macro_reference(m);
	struct slice title = words_keep(&r->b, macro_first_param(m, titles, COUNT_OF(titles)));
	if (title.len == 0 && named != NULL && named->kind != REFERENCE_URL) {
		title = target_title(r, named);
	}
	return title;
}

/* A film is called one; of any other place without a title, the host says where it is. */
enum macro_fate macro_link(struct reader *r, struct macro *m, struct element *body)
{
	struct slice href = destination(r, m);
	struct slice host = links_host(href);
	if (host.len == 0) {
		return macro_card(r, m, body);
	}
	struct slice title = title_of(r, m);
	const struct known_link *known = known_address(r, href);
	if (cards_film_host(href).len > 0) {
		cards_show(r, href, title, CARDS_EMBED);
		return MACRO_RENDERED;
	}
	if (known != NULL && title.len == 0) {
		title = words_keep(&r->b, known->title);
	}
	macro_own_line(r);
	target_show_link(r, href, title.len > 0 ? title : host);
	macro_own_line(r);
	return MACRO_RENDERED;
}

/* "Redirection: page" */
static enum macro_fate labelled(struct reader *r, struct macro *m, struct element *body)
{
	struct slice href = destination(r, m);
	if (href.len == 0) {
		return macro_card(r, m, body);
	}
	struct slice title = title_of(r, m);
	builder_break(&r->b);
	words_add(&r->b, macro_label(r, m));
	words_add(&r->b, SLICE_LIT(": "));
	cards_show(r, href, title, CARDS_INLINE);
	builder_break(&r->b);
	return MACRO_RENDERED;
}

static enum macro_fate button(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	struct slice href = destination(r, m);
	struct slice title = title_of(r, m);
	title = title.len > 0 ? title : words_keep(&r->b, m->plain);
	if (href.len > 0 || title.len > 0) {
		target_show_link(r, href, title);
	}
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("widget", macro_link, 0, "Embedded page"),
	MACRO_CALLED("video", macro_link, 0, "Video"),
	MACRO_CALLED("iframe", macro_link, 0, "Embedded page"),
	MACRO_CALLED("gadget", macro_link, 0, "Gadget"),
	MACRO_CALLED("rss", labelled, 0, "News feed"),
	MACRO_CALLED("html-include", labelled, 0, "Embedded page"),
	MACRO_CALLED("redirect", labelled, 0, "Redirection"),
	MACRO("auibutton", button, 0),
};

const struct macro_table macro_links = {rows, COUNT_OF(rows)};
