#include "render/html/out.h"

enum { PLAIN, BLANK, AMP, LESS, MORE, QUOTE };

static const unsigned char class_of[256] = {
	[' '] = BLANK, ['\n'] = BLANK, ['\t'] = BLANK, ['-'] = BLANK,
	['&'] = AMP,   ['<'] = LESS,   ['>'] = MORE,   ['"'] = QUOTE,
};

static const struct slice entity_of[] = {
	[AMP] = SLICE_INIT("&amp;"),
	[LESS] = SLICE_INIT("&lt;"),
	[MORE] = SLICE_INIT("&gt;"),
	[QUOTE] = SLICE_INIT("&quot;"),
};

void out_put(struct out *o, struct slice html)
{
	if (o->fault == FAULT_NONE) {
		o->fault = buf_add(o->into, html);
	}
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void out_text(struct out *o, struct slice text)
{
	size_t from = 0;
	unsigned run = o->run;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char class = class_of[(unsigned char)text.ptr[i]];
		if (class == PLAIN) {
			run += is_continuation(text.ptr[i]) ? 0 : 1;
			if (run <= OUT_RUN_MAX || is_continuation(text.ptr[i])) {
				continue;
			}
			out_put(o, slice_of(text.ptr + from, i - from));
			out_lit(o, "<wbr>");
			from = i;
			run = OUT_RUN_MAX - OUT_RUN_STEP + 1;
		} else if (class == BLANK) {
			run = 0;
		} else {
			run++;
			out_put(o, slice_of(text.ptr + from, i - from));
			out_put(o, entity_of[class]);
			from = i + 1;
		}
	}
	out_put(o, slice_of(text.ptr + from, text.len - from));
	o->run = run;
}

size_t out_text_len(struct slice text)
{
	size_t len = text.len;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char class = class_of[(unsigned char)text.ptr[i]];
		len += class >= AMP ? entity_of[class].len - 1 : 0;
	}
	return len;
}

struct slice out_cut(struct slice text, size_t room)
{
	size_t fits = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char class = class_of[(unsigned char)text.ptr[i]];
		size_t len = class >= AMP ? entity_of[class].len : 1;
		if (!is_continuation(text.ptr[i])) {
			fits = i;
		}
		if (len > room) {
			return slice_first(text, fits);
		}
		room -= len;
	}
	return text;
}

void out_attr(struct out *o, struct slice text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char class = class_of[(unsigned char)text.ptr[i]];
		if (class >= AMP) {
			out_put(o, slice_of(text.ptr + from, i - from));
			out_put(o, entity_of[class]);
			from = i + 1;
		}
	}
	out_put(o, slice_of(text.ptr + from, text.len - from));
}

void out_number(struct out *o, uint64_t number)
{
	if (o->fault == FAULT_NONE) {
		o->fault = buf_add_u64(o->into, number);
	}
}

void out_colour(struct out *o, uint32_t rgb)
{
	char text[7] = {'#'};
	for (int i = 0; i < 6; i++) {
		text[1 + i] = "0123456789abcdef"[rgb >> (20 - 4 * i) & 15];
	}
	out_put(o, slice_of(text, sizeof(text)));
}
