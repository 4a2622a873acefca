/* Other places: pages shown in a frame, films, feeds. */
#include "render/confluence/macros.h"

#include "render/confluence/links.h"
#include "render/confluence/targets.h"

/* A link with the host's name. */
enum macro_fate macro_link(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("url"), SLICE_INIT("src"),
					     SLICE_INIT("location"), SLICE_INIT("")};
	const struct reference *named = macro_reference(m);
	struct slice raw = macro_first_param(m, names, COUNT_OF(names));
	if (raw.len == 0 && named != NULL && named->kind == REFERENCE_URL) {
		raw = named->value;
	}
	struct slice href = reader_href(r, raw);
	struct slice host = links_host(href);
	if (host.len == 0) {
		return macro_card(r, m, body);
	}
	struct slice title = words_keep(&r->b, macro_param(m, SLICE_LIT("title")));
	target_show_link(r, href, title.len > 0 ? title : host);
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("widget", macro_link, 0, "Embedded page"),
	MACRO_CALLED("video", macro_link, 0, "Video"),
	MACRO_CALLED("iframe", macro_link, 0, "Embedded page"),
	MACRO_CALLED("rss", macro_link, 0, "News feed"),
	MACRO_CALLED("html-include", macro_link, 0, "Embedded page"),
	MACRO_CALLED("redirect", macro_link, 0, "Redirection"),
	MACRO_CALLED("gadget", macro_card, 0, "Gadget"),
};

const struct macro_table macro_links = {rows, COUNT_OF(rows)};
