/*
 * Redacted lines of SMTP: whatever comes, what is told is made of words of the table, numbers, tags and marks, within its limit;
 * and a word that may not be told is not.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "relay/smtp/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct slice words[] = {
#define WORD(w) SLICE_INIT(w),
#include "relay/smtp/words.def"
#undef WORD
	SLICE_INIT("byte"),
	SLICE_INIT("tagtagtag"),
};

static struct slice tag(void *owner, struct slice address, char room[REDACT_TAG_MAX])
{
	(void)owner;
	(void)address;
	memcpy(room, "tagtagtag", 9);
	return slice_of(room, 9);
}

static bool is_ours(void *owner, struct slice address)
{
	(void)owner;
	return address.len % 2 == 0;
}

static bool hides(void *owner, struct slice word)
{
	(void)owner;
	return slice_eq(word, SLICE_LIT("mailbox"));
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_known(struct slice run)
{
	size_t digits = 0;
	while (digits < run.len && run.ptr[digits] >= '0' && run.ptr[digits] <= '9') {
		digits++;
	}
	for (size_t i = 0; i < COUNT_OF(words) && digits < run.len; i++) {
		if (slice_eq_nocase(run, words[i])) {
			return true;
		}
	}
	return digits == run.len;
}

static void check(const struct redacted *r, bool is_reply)
{
	struct slice rest = slice_of(r->text, r->len);
	assert(r->len <= REDACT_MAX);
	while (rest.len > 0) {
		size_t n = 0;
		while (n < rest.len && is_letter_or_digit(rest.ptr[n])) {
			n++;
		}
		struct slice run = slice_first(rest, n);
		assert(n == 0 || is_known(run));
		assert(!is_reply || !slice_eq(run, SLICE_LIT("mailbox")));
		assert(n == rest.len || memchr(" -*./=,<>()+:;", rest.ptr[n], 14) != NULL);
		rest = slice_skip(rest, n + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct redact_rules rules = {.tag = tag, .is_ours = is_ours, .hides = hides};
	struct slice line = slice_of(data, size);
	struct redacted out;
	for (int kind = REDACT_REPLY; kind <= REDACT_CHALLENGE; kind++) {
		redact_reply(&rules, (enum redact_reply)kind, 250, size % 2 == 0, line, &out);
		check(&out, true);
	}
	redact_command(&rules, line, &out);
	check(&out, false);
	redact_login(line, size, &out);
	check(&out, false);
	return 0;
}
