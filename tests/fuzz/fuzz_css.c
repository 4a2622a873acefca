/*
 * Custom CSS: whatever it is, the HTML keeps its tags and its words, nothing but style, class and bgcolor changes, and no
 * address, function or markup comes in by it.
 */
#include "render/html/css_inline.h"

static const struct slice html = SLICE_INIT(
	"<!DOCTYPE html>\n<html lang=\"en\"><head><title>T</title></head><?=body?><body "
	"class=\"b\">"
	"<table role=\"presentation\"><tr><?header?><td class=\"f w t\" bgcolor=\"#ffffff\" "
	"style=\"background-color:#ffffff;color:#172b4d\"><?title?><h1 style=\"margin:0\">a</h1>"
	"<?button?><td class=\"d\"><?~button?><a href=\"https://x.example/\" "
	"style=\"color:#ffffff\">b"
	"</a></td><table border=\"1\"><tr><th>c</th><td class=\"t\">d &amp; e</td></tr></table>"
	"<ul><li><p id=\"i\">f</p></li></ul><br><img src=\"cid:x\" "
	"alt=\"\"></td></tr></table></body>"
	"</html>\n");

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

/* The next tag, without attributes that may change; empty at the end. */
static struct slice next_tag(struct slice *rest, struct slice *out_words)
{
	size_t at = slice_find_byte(*rest, '<');
	*out_words = slice_first(*rest, at);
	*rest = slice_skip(*rest, at);
	if (slice_starts(*rest, SLICE_LIT("<?"))) {
		*rest = slice_skip(*rest, slice_find(*rest, SLICE_LIT("?>")) + 2);
		must(out_words->len == 0 || slice_starts(*rest, SLICE_LIT("<")));
		struct slice none;
		return next_tag(rest, out_words->len > 0 ? &none : out_words);
	}
	size_t end = slice_find_byte(*rest, '>');
	struct slice tag = slice_first(*rest, end);
	*rest = slice_skip(*rest, end + 1);
	return slice_first(tag, slice_find_byte(tag, ' '));
}

static void judge(struct slice made)
{
	static const struct slice never[] = {
		SLICE_INIT("url("),	   SLICE_INIT("expression("), SLICE_INIT("@"),
		SLICE_INIT("var("),	   SLICE_INIT("calc("),	      SLICE_INIT("\\"),
		SLICE_INIT("javascript:"), SLICE_INIT("position:"),   SLICE_INIT("display:"),
	};
	struct slice before = html;
	struct slice after = made;
	while (before.len > 0) {
		struct slice words;
		struct slice same;
		struct slice tag = next_tag(&before, &words);
		must(slice_eq(next_tag(&after, &same), tag));
		must(slice_eq(words, same));
	}
	must(after.len == 0);
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		must(slice_find(made, never[i]) == made.len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct buf made;
	struct css css;
	arena_init(&arena, 1 << 24);
	buf_init(&made, 1 << 24);
	must(css_parse(slice_of(data, size), &arena, &css) == FAULT_NONE);
	must(css.rule_count <= CSS_RULES_MAX);
	must(css_inline(&css, html, &arena, &made) == FAULT_NONE);
	judge(buf_view(&made));
	buf_deinit(&made);
	arena_deinit(&arena);
	return 0;
}
