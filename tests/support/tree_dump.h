/*
 * NAME     tree_dump - a document tree as one line of text, for rows of expected results
 * FORM     kind(attributes){children}; a paragraph is p, a tight one t; text is 'text', with its marks before it
 */
#ifndef TESTS_SUPPORT_TREE_DUMP_H
#define TESTS_SUPPORT_TREE_DUMP_H

#include "spool-free/base/buf.h"
#include "render/confluence/tree.h"

/* Appends to `out`; what does not fit is left out. */
void tree_dump(const struct node *root, struct buf *out);

/*
 * What tree.h promises about every tree, checked node by node: NULL, or what is wrong. Walks without help of walk_next().
 */
const char *tree_broken_promise(const struct node *root);

#endif
