#include "relay/smtp/transcript.h"

#include <string.h>

#include "spool-free/base/wipe.h"

static struct slice tag_of(void *owner, struct slice address, char room[REDACT_TAG_MAX])
{
	const struct transcript *t = owner;
	return t->tag(t->owner, address, room);
}

static bool is_ours(void *owner, struct slice address)
{
	const struct transcript *t = owner;
	bool found = slice_eq_nocase(address, t->sender);
	for (size_t i = 0; i < t->recipient_count && !found; i++) {
		found = slice_eq_nocase(address, t->recipients[i].address);
	}
	return found;
}

static bool is_given(const struct transcript *t, struct slice word)
{
	const struct slice texts[] = {t->username, t->sender, secret_view(t->password),
				      secret_view(t->token)};
	bool found = false;
	for (size_t i = 0; i < COUNT_OF(texts) && !found; i++) {
		found = words_is_part(texts[i], word);
	}
	for (size_t i = 0; i < t->recipient_count && !found; i++) {
		found = words_is_part(t->recipients[i].address, word);
	}
	return found;
}

static bool hides(void *owner, struct slice word)
{
	enum { UNKNOWN, TOLD, HIDDEN };
	struct transcript *t = owner;
	unsigned char *known = &t->known[words_place(word)];
	if (*known == UNKNOWN) {
		*known = is_given(t, word) ? HIDDEN : TOLD;
	}
	return *known == HIDDEN;
}

static struct redact_rules rules_of(struct transcript *t)
{
	return (struct redact_rules){.owner = t, .tag = tag_of, .is_ours = is_ours, .hides = hides};
}

static void tell(struct transcript *t, enum transcript_side side, const struct redacted *r)
{
	t->line(t->owner, side, slice_of(r->text, r->len));
}

static void end_command(struct transcript *t)
{
	struct redacted out;
	const struct redact_rules rules = rules_of(t);
	/* A name longer than any command's end would be half an address. */
	redact_command(&rules, t->is_cut ? SLICE_LIT("*") : slice_of(t->said, t->len), &out);
	wipe(t->said, t->len);
	t->len = 0;
	t->is_cut = false;
	tell(t, TRANSCRIPT_SAYS, &out);
}

void transcript_say(struct transcript *t, struct slice words)
{
	for (size_t i = 0; t != NULL && i < words.len; i++) {
		char c = words.ptr[i];
		if (c == '\n') {
			end_command(t);
		} else if (c != '\r' && t->len < sizeof(t->said)) {
			t->said[t->len++] = c;
		} else {
			t->is_cut |= c != '\r';
		}
	}
}

void transcript_login(struct transcript *t, struct slice mechanism, size_t bytes)
{
	struct redacted out;
	if (t != NULL) {
		redact_login(mechanism, bytes, &out);
		tell(t, TRANSCRIPT_SAYS, &out);
	}
}

void transcript_content(struct transcript *t, uint64_t bytes)
{
	struct redacted out;
	if (t != NULL) {
		redact_content(bytes, &out);
		tell(t, TRANSCRIPT_SAYS, &out);
	}
}

void transcript_hear(struct transcript *t, enum redact_reply kind, int code, bool is_last,
		     struct slice text)
{
	struct redacted out;
	if (t != NULL) {
		const struct redact_rules rules = rules_of(t);
		redact_reply(&rules, kind, code, is_last, text, &out);
		tell(t, TRANSCRIPT_HEARS, &out);
	}
}

void transcript_note(struct transcript *t, struct slice word)
{
	if (t != NULL) {
		t->line(t->owner, TRANSCRIPT_NOTES, word);
	}
}
