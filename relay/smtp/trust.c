#include "relay/smtp/trust.h"

#include <assert.h>
#include <string.h>

/* The entry of this key; else a free one, else the one longest unused; NULL when all are in use. */
static struct smtp_trust_entry *find(struct smtp_trust *t, const unsigned char key[DIGEST_LEN])
{
	struct smtp_trust_entry *best = NULL;
	for (size_t i = 0; i < SMTP_TRUST_MAX; i++) {
		struct smtp_trust_entry *e = &t->entries[i];
		if (e->context != NULL && memcmp(e->key, key, DIGEST_LEN) == 0) {
			return e;
		}
		/* A free entry was never used: its `used` is 0. */
		if (e->users == 0 && (best == NULL || e->used < best->used)) {
			best = e;
		}
	}
	return best;
}

enum fault smtp_trust_take(struct smtp_trust *t, const struct tls_context *base,
			   struct slice ca_pem, struct smtp_trust_entry **out_entry,
			   struct problem *problem)
{
	unsigned char key[DIGEST_LEN];
	digest_sha256(ca_pem, key);
	struct smtp_trust_entry *e = find(t, key);
	if (e == NULL) {
		return problem_set(problem, FAULT_BUSY,
				   "Too many private certificate authorities are in use.");
	}
	if (e->context == NULL || memcmp(e->key, key, DIGEST_LEN) != 0) {
		struct tls_context *made;
		enum fault f = tls_context_client_with(base, ca_pem, &made, problem);
		if (f == FAULT_BAD_SETTING) {
			return problem_set(
				problem, FAULT_BAD_RECORD,
				"The private CA of the mail server is no PEM certificate.");
		}
		if (f != FAULT_NONE) {
			return f;
		}
		tls_context_free(&e->context);
		e->context = made;
		memcpy(e->key, key, DIGEST_LEN);
	}
	e->users++;
	e->used = ++t->clock;
	*out_entry = e;
	return FAULT_NONE;
}

void smtp_trust_release(struct smtp_trust_entry **entry)
{
	if (*entry != NULL) {
		assert((*entry)->users > 0);
		(*entry)->users--;
		*entry = NULL;
	}
}

void smtp_trust_deinit(struct smtp_trust *t)
{
	for (size_t i = 0; i < SMTP_TRUST_MAX; i++) {
		tls_context_free(&t->entries[i].context);
	}
}
