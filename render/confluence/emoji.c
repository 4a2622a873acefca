#include "render/confluence/emoji.h"

#include "spool-free/base/text.h"

struct row {
	struct slice name;
	struct slice text;
};

#define EMOJI_ID(name, text)
#define EMOTICON(name, text) {SLICE_INIT(name), SLICE_INIT(text)},
static const struct row emoticons[] = {
#include "render/confluence/emoji.def"
};
#undef EMOTICON
#undef EMOJI_ID

#define EMOTICON(name, text)
#define EMOJI_ID(name, text) {SLICE_INIT(name), SLICE_INIT(text)},
static const struct row ids[] = {
#include "render/confluence/emoji.def"
};
#undef EMOTICON
#undef EMOJI_ID

static struct slice find(const struct row *rows, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(rows[i].name, name)) {
			return rows[i].text;
		}
	}
	return slice_of(NULL, 0);
}

struct slice emoji_by_name(struct slice name)
{
	return find(emoticons, COUNT_OF(emoticons), name);
}

/* One code point that may stand in an emoji: no letter of a longer word that happens to be
 * hexadecimal. */
static bool read_code(struct slice part, uint32_t *out_code)
{
	uint32_t code = 0;
	if (part.len < 2 || part.len > 6) {
		return false;
	}
	for (size_t i = 0; i < part.len; i++) {
		char c = part.ptr[i];
		char lower = (char)(c | 0x20);
		if (c >= '0' && c <= '9') {
			code = code * 16 + (uint32_t)(c - '0');
		} else if (lower >= 'a' && lower <= 'f') {
			code = code * 16 + (uint32_t)(lower - 'a' + 10);
		} else {
			return false;
		}
	}
	*out_code = code;
	return code >= 0x23 && code <= 0x10FFFF && (code < 0x7F || code > 0x9F) &&
	       (code < 0xD800 || code > 0xDFFF);
}

struct slice emoji_by_id(struct slice id, char space[EMOJI_MAX])
{
	const struct slice own = SLICE_LIT("atlassian-");
	if (slice_starts(id, own)) {
		return find(ids, COUNT_OF(ids), slice_skip(id, own.len));
	}
	size_t len = 0;
	bool more = id.len > 0;
	bool has_symbol = false;
	while (more) {
		struct slice part = id;
		uint32_t code;
		more = slice_cut_to(&id, '-', &part);
		if (!read_code(part, &code) || len + TEXT_UTF8_MAX > EMOJI_MAX) {
			return slice_of(NULL, 0);
		}
		has_symbol = has_symbol || code >= 0x203C || code == 0xA9 || code == 0xAE;
		len += text_encode(code, space + len);
	}
	return has_symbol ? slice_of(space, len) : slice_of(NULL, 0);
}

bool emoji_is_shortcut(struct slice text)
{
	return text.len > 2 && text.ptr[0] == ':' && text.ptr[text.len - 1] == ':';
}
