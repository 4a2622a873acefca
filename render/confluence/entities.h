/*
 * NAME     entities - the HTML 4 character entities that storage format uses without declaring them
 * TABLE    entities.def; the prolog for expat and the look-up of the tag soup reader both come from
 * it SEE      HTML 4.01 section 24; XML 1.0 section 4.6 for the five that need no declaration
 */
#ifndef RENDER_CONFLUENCE_ENTITIES_H
#define RENDER_CONFLUENCE_ENTITIES_H

#include "spool-free/base/arena.h"

/*
 * A document type that declares those which the body names (all 248 would take longer to read than
 * most pages), with the start of a root element that holds the content. FAULT NO_MEMORY
 */
MUST_USE enum fault entities_prolog(struct slice body, struct arena *a, struct slice *out_prolog);
struct slice entities_epilog(void);

/*
 * Reads one reference off the front of `s`, which begins with `&`: named or numeric, with its
 * semicolon or (HTML 4 pages have such) without. False, and nothing changed, when it is none: the
 * ampersand then stands for itself.
 */
bool entities_next(struct slice *s, uint32_t *out_code);

#endif
