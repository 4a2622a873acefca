#include "relay/smtp/provider.h"

#include "spool-free/base/domain.h"

static const struct {
	struct slice name;
	struct slice hosts;
	const char *greeting, *refusal;
} rows[PROVIDER_COUNT] = {
	[PROVIDER_UNKNOWN] = {SLICE_INIT("unknown"), SLICE_INIT(""), "", ""},
#define PROVIDER(name, word, hosts, greeting, refusal)                                             \
	[PROVIDER_##name] = {SLICE_INIT(word), SLICE_INIT(hosts), greeting, refusal},
#include "relay/smtp/provider.def"
#undef PROVIDER
};

struct slice smtp_provider_name(enum smtp_provider p)
{
	return rows[p].name;
}

/* Takes the part before `byte` off the front; all of it when there is none. False at the end. */
static bool next_part(struct slice *rest, char byte, struct slice *out_part)
{
	if (rest->len == 0) {
		return false;
	}
	if (!slice_cut_to(rest, byte, out_part)) {
		*out_part = *rest;
		rest->len = 0;
	}
	return true;
}

enum smtp_provider smtp_provider_of_host(struct slice host)
{
	for (enum smtp_provider p = PROVIDER_UNKNOWN; p < PROVIDER_COUNT; p++) {
		struct slice rest = rows[p].hosts;
		for (struct slice domain; next_part(&rest, '|', &domain);) {
			if (domain_holds(domain, host)) {
				return p;
			}
		}
	}
	return PROVIDER_UNKNOWN;
}

void smtp_words_take(struct smtp_words *w, struct slice text)
{
	w->len = text.len < sizeof(w->text) ? text.len : sizeof(w->text);
	for (size_t i = 0; i < w->len; i++) {
		char c = text.ptr[i];
		w->text[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
}

bool smtp_words_hold(const struct smtp_words *w, const char *words)
{
	struct slice text = slice_of(w->text, w->len);
	struct slice rest = slice_of_text(words);
	bool any = rest.len == 0;
	for (struct slice choice; !any && next_part(&rest, '|', &choice);) {
		bool all = true;
		for (struct slice word; all && next_part(&choice, '+', &word);) {
			all = slice_find(text, word) < text.len;
		}
		any = all;
	}
	return any;
}

enum smtp_provider smtp_provider_of_greeting(struct slice text)
{
	struct smtp_words w;
	smtp_words_take(&w, text);
	for (enum smtp_provider p = PROVIDER_UNKNOWN; p < PROVIDER_COUNT; p++) {
		if (rows[p].greeting[0] != '\0' && smtp_words_hold(&w, rows[p].greeting)) {
			return p;
		}
	}
	return PROVIDER_UNKNOWN;
}

enum smtp_provider smtp_provider_of_refusal(const struct smtp_words *w)
{
	for (enum smtp_provider p = PROVIDER_UNKNOWN; p < PROVIDER_COUNT; p++) {
		if (rows[p].refusal[0] != '\0' && smtp_words_hold(w, rows[p].refusal)) {
			return p;
		}
	}
	return PROVIDER_UNKNOWN;
}
