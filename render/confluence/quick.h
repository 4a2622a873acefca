/*
 * NAME     quick - storage format as pages have it: elements, attributes, text, CDATA, comments, known entities
 * USE      what it reads to the end is well-formed, and its reader saw what the XML parser would have shown it. Whatever
 *          else it meets, an error or a thing that pages do not have, it stops at, false: the page is to be read again
 *          from its start by storage.h, which knows all of XML and says what is wrong where
 * LIMITS   QUICK_DEPTH open elements, TAG_ATTRS_MAX attributes of one
 * OWNS     nothing; names and most values are views into the page
 * FAULTS   kept in the reader's builder
 * SPEED    sixteen bytes at a time; no copy but that of values with entities in them
 * SEE      W3C XML 1.0 (fifth edition), sections 2 and 4; render-spec.md section 4
 */
#ifndef RENDER_CONFLUENCE_QUICK_H
#define RENDER_CONFLUENCE_QUICK_H

#include "render/confluence/reader.h"

enum { QUICK_DEPTH = 256 };

MUST_USE bool quick_read(struct slice body, struct reader *r);

#endif
