/*
 * NAME     judged_page - what every page must become, whatever it is and in whichever format
 * JUDGES   it is read; no text is anything but clean UTF-8; every block stands where it may; nodes and memory stay in
 *          proportion to the page. What comes back changes when anything of the tree does
 */
#ifndef TESTS_FUZZ_JUDGED_PAGE_H
#define TESTS_FUZZ_JUDGED_PAGE_H

#include <stdlib.h>

#include "spool-free/base/text.h"
#include "render/confluence/document.h"

enum {
	ARENA_MAX = 512 * 1024 * 1024,
	NODES_FIXED = 16,
	NODES_A_BYTE = 2,
	MEMORY_FIXED = 256 * 1024,
	MEMORY_A_BYTE = 256,
};

static const struct attachment files[] = {
	{.name = SLICE_INIT("a.png"), .type = SLICE_INIT("image/png"), .bytes = SLICE_INIT("x")},
	{.name = SLICE_INIT("b.pdf"),
	 .type = SLICE_INIT("application/pdf"),
	 .bytes = SLICE_INIT("x")},
};

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static bool is_clean(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < 0x20 || c == 0x7F) {
			return false;
		}
	}
	return text_utf8_valid(s) == s.len;
}

static bool may_leave(struct slice href)
{
	static const struct slice starts[] = {SLICE_INIT("#"), SLICE_INIT("http://"),
					      SLICE_INIT("https://"), SLICE_INIT("mailto:"),
					      SLICE_INIT("tel:")};
	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		if (slice_starts_nocase(href, starts[i])) {
			return is_clean(href);
		}
	}
	return false;
}

static void judge_place(const struct node *n)
{
	switch (node_content(n->parent)) {
	case NODE_HOLDS_INLINES:
		must(node_level(n) == NODE_IS_INLINE);
		break;
	case NODE_HOLDS_BLOCKS:
		must(node_level(n) == NODE_IS_BLOCK);
		break;
	case NODE_HOLDS_PARTS:
		must(node_level(n) == NODE_IS_PART || n->kind == NODE_PICTURE);
		break;
	case NODE_HOLDS_TEXTLESS:
		must(false);
	}
}

/* What writers put into attributes and lines of their own. */
static bool is_clean_inside(const struct node *n)
{
	switch (n->kind) {
	case NODE_PANEL:
		return is_clean(n->of.panel->title) && is_clean(n->of.panel->icon);
	case NODE_EXPAND:
	case NODE_FRAME:
	case NODE_TAB:
		return is_clean(n->of.titled.title);
	case NODE_HEADING:
		return is_clean(n->of.heading.id);
	case NODE_CODE:
		return is_clean(n->of.code->title) && is_clean(n->of.code->language) &&
		       text_utf8_valid(n->of.code->text) == n->of.code->text.len;
	case NODE_IMAGE:
	case NODE_PICTURE:
		return is_clean(n->of.image->alt) && is_clean(n->of.image->name) &&
		       is_clean(n->of.image->url) && n->of.image->attachment < (int)COUNT_OF(files);
	case NODE_CARD:
	case NODE_CARD_INLINE:
		return n->of.card->label.len > 0 && is_clean(n->of.card->label) &&
		       is_clean(n->of.card->href);
	case NODE_FILE:
	case NODE_FILE_INLINE:
		return is_clean(n->of.file->name) && is_clean(n->of.file->href);
	case NODE_STATUS:
		return is_clean(n->of.status.text);
	case NODE_DATE:
		return is_clean(n->of.date.raw);
	case NODE_EMOJI:
		return is_clean(n->of.emoji.text);
	case NODE_ANCHOR:
		return is_clean(n->of.anchor.id);
	default:
		return true;
	}
}

/* A number that changes when anything of the tree does. */
static uint64_t judge(const struct node *root, size_t *out_count)
{
	uint64_t sum = 0;
	size_t count = 0;
	unsigned depth = 0;
	struct walk w = walk_of(root);
	while (walk_next(&w)) {
		const struct node *n = w.at;
		bool leaf = node_content(n) == NODE_HOLDS_TEXTLESS;
		sum = sum * 31 + n->kind * 2 + w.leaving;
		if (w.leaving) {
			depth--;
			continue;
		}
		depth += !leaf;
		count++;
		must(depth <= TREE_DEPTH_MAX);
		must(is_clean_inside(n));
		if (n != root) {
			judge_place(n);
		}
		if (n->kind == NODE_TEXT) {
			must(n->of.text.len > 0 && is_clean(n->of.text));
			sum += n->of.text.len;
		} else if (n->kind == NODE_LINK) {
			must(may_leave(n->of.link.href));
		}
	}
	*out_count = count;
	return sum;
}

static uint64_t judged_page(enum page_format format, struct slice body)
{
	const struct page page = {
		.id = SLICE_LIT("1"),
		.title = SLICE_LIT("T"),
		.space_key = SLICE_LIT("S"),
		.site_url = SLICE_LIT("https://x.example/wiki"),
		.format = format,
		.body = body,
	};
	const struct document_params params = {
		.page = &page, .attachments = files, .attachment_count = COUNT_OF(files)};
	struct arena arena;
	struct document document;
	size_t count;
	arena_init(&arena, ARENA_MAX);
	must(document_read(&params, &arena, &document, NULL) == FAULT_NONE);
	uint64_t sum = judge(document.root, &count);
	must(count <= body.len * NODES_A_BYTE + NODES_FIXED);
	must(arena_taken(&arena) <= body.len * MEMORY_A_BYTE + MEMORY_FIXED);
	arena_deinit(&arena);
	return sum;
}

#endif
