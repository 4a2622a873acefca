/*
 * NAME     provider - whose mail server it is: by its host name, by how it greets, by how it refuses
 * TABLE    provider.def: a new one is one row there
 * THREADS  constants
 */
#ifndef RELAY_SMTP_PROVIDER_H
#define RELAY_SMTP_PROVIDER_H

#include "spool-free/base/slice.h"

enum smtp_provider {
	PROVIDER_UNKNOWN,
#define PROVIDER(name, word, hosts, greeting, refusal) PROVIDER_##name,
#include "relay/smtp/provider.def"
#undef PROVIDER
	PROVIDER_COUNT
};

struct slice smtp_provider_name(enum smtp_provider p); /* "ionos"; UNKNOWN: "unknown" */

enum { SMTP_WORDS_MAX = 512 };

/* A server's words as they are looked through: at most SMTP_WORDS_MAX bytes, ASCII capitals made small. */
struct smtp_words {
	size_t len;
	char text[SMTP_WORDS_MAX];
};

void smtp_words_take(struct smtp_words *w, struct slice text);
/*
 * Whether one of `words` stands there: "a|b" is a or b, "a+b" is a and b, + binds closer; all in small letters.
 * No words at all stand everywhere.
 */
bool smtp_words_hold(const struct smtp_words *w, const char *words);

enum smtp_provider smtp_provider_of_host(struct slice host);
enum smtp_provider smtp_provider_of_greeting(struct slice text);
/* A server may hand on another's refusal. */
enum smtp_provider smtp_provider_of_refusal(const struct smtp_words *w);

#endif
