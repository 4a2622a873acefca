/* The markdown macro: its text becomes HTML, without any HTML of its own, and is read like that of the html macro. */
#include <md4c-html.h>

#include "render/confluence/macros.h"
#include "render/confluence/soup.h"

/*
 * Longer ones, and those beyond so much on a page, are shown as they are: the time that some take grows faster. So is one
 * that becomes too much: each of its references repeats an address, which may be long.
 */
enum {
	MARKDOWN_MAX = 64 * 1024,
	MARKDOWN_PAGE_MAX = 256 * 1024,
	MARKDOWN_MADE_MAX = 2 * 1024 * 1024,
};

enum {
	FLAGS = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
		MD_FLAG_PERMISSIVEURLAUTOLINKS
};

struct making {
	struct builder *b;
	struct gather html;
	size_t len;
	bool is_too_much;
};

static void take(const MD_CHAR *text, MD_SIZE size, void *context)
{
	struct making *made = context;
	made->is_too_much = made->is_too_much || size > MARKDOWN_MADE_MAX - made->len;
	if (made->is_too_much) {
		return;
	}
	made->len += size;
	gather_add(&made->html, made->b, slice_of(text, size));
}

static enum macro_fate markdown(struct reader *r, struct macro *m, struct element *body)
{
	struct making made = {.b = &r->b};
	if (body != NULL || m->plain.len == 0) {
		return MACRO_RENDERED;
	}
	if (r->in_html || m->plain.len > MARKDOWN_MAX ||
	    m->plain.len > MARKDOWN_PAGE_MAX - r->markdown) {
		return macro_body(r, m, body);
	}
	r->markdown += m->plain.len;
	if (r->b.fault == FAULT_NONE &&
	    md_html(m->plain.ptr, (MD_SIZE)m->plain.len, take, &made, FLAGS, 0) != 0) {
		r->b.fault = FAULT_NO_MEMORY;
	}
	if (made.is_too_much) {
		return macro_body(r, m, body);
	}
	r->in_html = true;
	builder_break(&r->b);
	soup_read(gather_view(&made.html), r);
	builder_break(&r->b);
	r->in_html = false;
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("markdown", markdown, 0),
};

const struct macro_table macro_markdown = {rows, COUNT_OF(rows)};
