/*
 * NAME     html - a document tree becomes the HTML part of a mail
 * RULE     tables and inline styles only, nothing active, every word escaped, pictures as cid: (render-spec.md
 *          sections 1, 2, 6, 7, 10)
 * CSS      a tenant's own is inlined behind the writing; its bytes count too
 * OWNS     nothing: the HTML lies in the view's arena
 * LIMITS   HTML_LIMIT bytes: a longer page is cut behind a whole block, says so at both places (id="size-notice")
 *          and warns (html-over-limit); the text part holds all of it. Time is linear
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_HTML_HTML_H
#define RENDER_HTML_HTML_H

#include "render/html/view.h"

MUST_USE enum fault html_write(struct view *v, struct slice *out_html);

#endif
