/*
 * NAME     plain - a document tree becomes the text part of a mail
 * RULE     every word of the HTML part stands here too, in the same order (render-spec.md sections 1.2 and 11)
 * OWNS     nothing: the text lies in the view's arena; lines end with LF
 * USE      after html_write(): which pictures the mail shows is decided there
 * LIMITS   none of its own: the text is never cut. Time and memory are linear
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_HTML_PLAIN_H
#define RENDER_HTML_PLAIN_H

#include "render/html/view.h"

MUST_USE enum fault plain_write(struct view *v, struct slice *out_text);

#endif
