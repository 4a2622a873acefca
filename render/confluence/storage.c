#include "render/confluence/storage.h"

#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define XML_DTD 1 /* expat declares its limits for entities only then */
#include <expat.h>

#include "spool-free/base/wipe.h"
#include "render/confluence/entities.h"

enum {
	DEPTH_MAX = 4096, /* of the source; the tree is flat long before */
	EXPANSION_FROM = 64 *
			 1024, /* bytes that entities may make before their factor is looked at */
};

static const float EXPANSION_FACTOR = 4.0f;

struct parse {
	struct reader *reader;
	XML_Parser parser;
	struct slice prolog;
	unsigned depth;
	bool too_deep;
};

/* The parser copies pieces of the page: they are wiped when it frees them. */
static void wipe_and_free(void *bytes)
{
	if (bytes != NULL) {
		wipe(bytes, malloc_usable_size(bytes));
		free(bytes);
	}
}

static void *grow_and_wipe(void *bytes, size_t size)
{
	void *bigger = malloc(size);
	if (bigger != NULL && bytes != NULL) {
		size_t had = malloc_usable_size(bytes);
		memcpy(bigger, bytes, had < size ? had : size);
		wipe_and_free(bytes);
	}
	return bigger;
}

static void on_start(void *user, const XML_Char *name, const XML_Char **atts)
{
	struct parse *p = user;
	if (p->depth++ == 0) {
		return; /* the root that the prolog brought */
	}
	if (p->depth > DEPTH_MAX) {
		p->too_deep = true;
		XML_StopParser(p->parser, XML_FALSE);
		return;
	}
	struct tag tag;
	tag.name = slice_of_text(name);
	tag.attr_count = 0;
	for (size_t i = 0; atts[i] != NULL && tag.attr_count < TAG_ATTRS_MAX; i += 2) {
		tag.attrs[tag.attr_count++] = (struct attr){.name = slice_of_text(atts[i]),
							    .value = slice_of_text(atts[i + 1])};
	}
	reader_start(p->reader, &tag);
}

static void on_end(void *user, const XML_Char *name)
{
	(void)name;
	struct parse *p = user;
	if (--p->depth > 0) {
		reader_end(p->reader);
	}
}

static void on_text(void *user, const XML_Char *text, int len)
{
	struct parse *p = user;
	reader_text(p->reader, slice_of(text, (size_t)len));
}

/* All at once: a parser that gets a long tag in pieces looks at all of it again with each. */
static enum XML_Status feed(struct parse *p, struct slice bytes, bool last)
{
	return bytes.len > INT_MAX ? XML_STATUS_ERROR
				   : XML_Parse(p->parser, bytes.ptr, (int)bytes.len, last);
}

/*
 * The prolog is a line of its own, so that lines and columns are those of the page. What is noticed only in the epilog
 * is wrong at the end of the page.
 */
static void say_where(struct parse *p, struct slice body, struct storage_error *out_error)
{
	enum XML_Error error = XML_GetErrorCode(p->parser);
	uint64_t end = p->prolog.len + body.len;
	uint64_t at = (uint64_t)XML_GetCurrentByteIndex(p->parser);
	uint64_t line = XML_GetCurrentLineNumber(p->parser);
	uint64_t column = XML_GetCurrentColumnNumber(p->parser) + 1;
	uint64_t past = at > end ? at - end : 0;
	*out_error = (struct storage_error){
		.line = line > 1 ? line - 1 : 1,
		.column = column > past ? column - past : 1,
		.reason = p->too_deep ? "nested too deeply" : XML_ErrorString(error),
	};
}

enum fault storage_read(struct slice body, struct reader *r, struct storage_error *out_error)
{
	struct parse p = {.reader = r};
	enum fault f = entities_prolog(body, r->b.arena, &p.prolog);
	*out_error = (struct storage_error){.line = 0};
	if (f != FAULT_NONE) {
		return f;
	}
	const XML_Memory_Handling_Suite memory = {malloc, grow_and_wipe, wipe_and_free};
	p.parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
	if (p.parser == NULL) {
		return FAULT_NO_MEMORY;
	}
	XML_SetUserData(p.parser, &p);
	XML_SetElementHandler(p.parser, on_start, on_end);
	XML_SetCharacterDataHandler(p.parser, on_text);
	XML_SetBillionLaughsAttackProtectionMaximumAmplification(p.parser, EXPANSION_FACTOR);
	XML_SetBillionLaughsAttackProtectionActivationThreshold(p.parser, EXPANSION_FROM);
	if (feed(&p, p.prolog, false) != XML_STATUS_OK || feed(&p, body, false) != XML_STATUS_OK ||
	    feed(&p, entities_epilog(), true) != XML_STATUS_OK) {
		if (XML_GetErrorCode(p.parser) == XML_ERROR_NO_MEMORY) {
			f = FAULT_NO_MEMORY;
		} else {
			say_where(&p, body, out_error);
		}
	}
	XML_ParserFree(p.parser);
	return f != FAULT_NONE ? f : r->b.fault;
}
