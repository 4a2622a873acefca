/*
 * NAME     pages - a page body is read and its tree dumped, for rows of input and expected tree
 * PAGE     "My Page", id 42, space DOC of https://x.example/wiki, with the files pic.png, net.png and plan.pdf, version 12, sent on
 *          22 Nov 2026, one known person, u1, and what pages.c lists of known links and of content for macros
 */
#ifndef TESTS_SUPPORT_PAGES_H
#define TESTS_SUPPORT_PAGES_H

#include "spool-free/base/buf.h"
#include "render/confluence/document.h"

struct page_row {
	const char *name;
	const char *input;
	const char *expected; /* as tree_dump() writes it */
};

struct page_reading {
	struct arena arena;
	struct document document;
	struct problem problem;
	struct buf dump;
};

enum fault page_read(struct page_reading *p, struct slice body); /* storage format */
enum fault page_read_as(struct page_reading *p, enum page_format format, struct slice body);
void page_reading_drop(struct page_reading *p);

/* Fails the test when the tree is another, or breaks a promise of tree.h. */
void page_check(const struct page_row *row);
void page_check_as(enum page_format format, const struct page_row *row);
/* The same for ADF: the input is what stands in the document's `content`, with apostrophes for quotation marks. */
void page_check_adf(const struct page_row *row);
/* Nodes to write it with. */
#define ADF_TEXT(text)		"{'type':'text','text':'" text "'}"
#define ADF_MARKED(text, marks) "{'type':'text','text':'" text "','marks':[" marks "]}"
#define ADF_OF(type, content)	"{'type':'" type "','content':[" content "]}"
#define ADF_WITH(type, attrs, content)                                                             \
	"{'type':'" type "','attrs':{" attrs "},'content':[" content "]}"
#define ADF_LEAF(type, attrs) "{'type':'" type "','attrs':{" attrs "}}"
#define ADF_P(content)	      ADF_OF("paragraph", content)
/* The first warning of that code, or an empty slice. */
struct slice page_warning(const struct page_reading *p, const char *code);

#endif
