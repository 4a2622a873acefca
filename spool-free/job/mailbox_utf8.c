#include "spool-free/job/mailbox_utf8.h"

#include "spool-free/base/text.h"

static bool is_letter_or_mark(uint32_t code)
{
	bool control = code < 0xA0;
	bool unseen = (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
		      (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || code >= 0xE0000;
	return !control && !unseen;
}

/* The same address with an x for each byte beyond ASCII: what else there is to judge is the same. */
static bool make_plain(struct slice text, char out_plain[MAILBOX_MAX])
{
	size_t at = 0;
	if (text.len > MAILBOX_MAX || text_utf8_valid(text) != text.len) {
		return false;
	}
	while (text.len > 0) {
		size_t before = text.len;
		char first = text.ptr[0];
		uint32_t code = text_next(&text);
		size_t n = before - text.len;
		if (n > 1 && !is_letter_or_mark(code)) {
			return false;
		}
		for (size_t i = 0; i < n; i++) {
			out_plain[at++] = n > 1 ? 'x' : first;
		}
	}
	return true;
}

enum fault mailbox_parse_utf8(struct slice text, struct mailbox *out_mailbox)
{
	char plain[MAILBOX_MAX];
	struct mailbox m;
	if (!make_plain(text, plain) ||
	    mailbox_parse(slice_of(plain, text.len), &m) != FAULT_NONE) {
		return FAULT_BAD_ADDRESS;
	}
	struct slice domain = slice_skip(text, m.local.len + 1);
	if (!text_is_ascii(domain)) {
		return FAULT_BAD_ADDRESS;
	}
	*out_mailbox = (struct mailbox){
		.address = text, .local = slice_first(text, m.local.len), .domain = domain};
	return FAULT_NONE;
}
