#include "config/keeper/house.h"

#include <stdlib.h>
#include <string.h>

#include "spool-free/base/hex.h"
#include "spool-free/base/wipe.h"

enum {
	PLACES = 2 * HOUSE_USES,
	DAY_MS = 24 * 3600 * 1000,
	DAY_TEXT = 10, /* of an RFC 3339 time: its date */
	OPENED_MAX = 64 * 1024,
};

struct house_use {
	unsigned char hash[HOUSE_HASH];
	int64_t day;
	bool is_taken;
	bool is_saved;
};

void house_deinit(struct house *h)
{
	if (h->uses != NULL) {
		wipe(h->uses, PLACES * sizeof(*h->uses));
		free(h->uses);
	}
	*h = (struct house){0};
}

/* --- uses of tokens ----------------------------------------------------------------------------------- */

/* With another day all places are free again, but not before what was noted the day before is saved. */
static void begin_day(struct house *h, int64_t day)
{
	if (h->uses == NULL) {
		h->uses = calloc(PLACES, sizeof(*h->uses));
		h->day = day;
	} else if (h->day != day && h->unsaved == 0) {
		wipe(h->uses, PLACES * sizeof(*h->uses));
		h->count = 0;
		h->day = day;
	}
}

/* Half the places at most are taken, so that there is a free one. A hash is as good at its first bytes as at all. */
static struct house_use *place_of(const struct house *h, const char *hash)
{
	size_t at = ((unsigned char)hash[0] | (size_t)(unsigned char)hash[1] << 8) % PLACES;
	while (h->uses[at].is_taken && memcmp(h->uses[at].hash, hash, HOUSE_HASH) != 0) {
		at = (at + 1) % PLACES;
	}
	return &h->uses[at];
}

void house_note_use(struct house *h, struct slice token_hash, struct civil now)
{
	int64_t day = now.ms / DAY_MS;
	if (token_hash.len != HOUSE_HASH) {
		return;
	}
	begin_day(h, day);
	if (h->uses == NULL) {
		return; /* without memory the day is noted another time */
	}
	struct house_use *u = place_of(h, token_hash.ptr);
	if (!u->is_taken && h->count < HOUSE_USES) {
		memcpy(u->hash, token_hash.ptr, HOUSE_HASH);
		u->is_taken = true;
		u->is_saved = true;
		u->day = day - 1;
		h->count++;
	}
	if (u->is_taken && u->day != day) {
		h->unsaved += u->is_saved;
		u->is_saved = false;
		u->day = day;
	}
}

bool house_has_news(const struct house *h)
{
	return h->unsaved > 0;
}

static enum fault write_use(struct vault *v, const struct house_use *u, size_t *changed)
{
	char hex[VAULT_HASH_HEX];
	char time[CIVIL_RFC3339_LEN];
	struct slice day = slice_of(time, DAY_TEXT);
	struct vault_record r;
	struct arena a;
	civil_rfc3339((struct civil){.ms = u->day * DAY_MS}, time);
	hex_encode(slice_of(u->hash, HOUSE_HASH), hex);
	struct vault_key_name name = {VAULT_TOKEN, {0}, slice_of(hex, sizeof(hex))};
	arena_init(&a, OPENED_MAX);
	enum fault f = vault_find(v, name, NULL, &a, &r, NULL);
	if (f == FAULT_NONE && !slice_eq(r.token.last_used, day)) {
		r.token.last_used = day;
		f = vault_put(v, &r, NULL, NULL);
		*changed += f == FAULT_NONE;
	}
	arena_deinit(&a);
	return f == FAULT_NOT_FOUND ? FAULT_NONE : f; /* it was revoked meanwhile */
}

enum fault house_write_uses(const struct house *h, struct vault *v, size_t *out_changed)
{
	enum fault f = FAULT_NONE;
	*out_changed = 0;
	for (size_t i = 0; h->unsaved > 0 && i < PLACES && f == FAULT_NONE; i++) {
		const struct house_use *u = &h->uses[i];
		if (u->is_taken && !u->is_saved) {
			f = write_use(v, u, out_changed);
		}
	}
	return f;
}

void house_uses_are_saved(struct house *h)
{
	for (size_t i = 0; h->unsaved > 0 && i < PLACES; i++) {
		h->unsaved -= h->uses[i].is_taken && !h->uses[i].is_saved;
		h->uses[i].is_saved = true;
	}
}

/* --- tenants that are gone ------------------------------------------------------------------------------ */

static bool is_over(const struct vault_tenant *t, struct civil now, uint64_t retention_ms)
{
	struct civil since;
	return t->state == VAULT_UNINSTALLED && civil_parse(t->uninstalled, &since) &&
	       now.ms >= since.ms && (uint64_t)(now.ms - since.ms) >= retention_ms;
}

static void note_gone(struct house_gone *gone, struct slice id)
{
	memcpy(gone->tenants[gone->count].id, id.ptr, id.len);
	gone->tenants[gone->count++].len = id.len;
}

static enum fault look_at(const struct vault *v, size_t at, struct civil now, uint64_t retention_ms,
			  struct house_gone *gone)
{
	CLEANUP(arena_deinit) struct arena a;
	struct vault_record r;
	arena_init(&a, OPENED_MAX);
	enum fault f = vault_at(v, at, NULL, &a, &r, NULL);
	if (f == FAULT_NONE && is_over(&r.tenant, now, retention_ms)) {
		note_gone(gone, r.tenant.id);
	}
	return f;
}

enum fault house_sweep(struct vault *v, struct civil now, uint64_t retention_ms,
		       struct house_gone *out_gone)
{
	enum fault f = FAULT_NONE;
	size_t records;
	*out_gone = (struct house_gone){0};
	for (size_t i = 0; i < vault_count(v) && f == FAULT_NONE; i++) {
		if (vault_kind_at(v, i) == VAULT_TENANT && out_gone->count < HOUSE_SWEEP) {
			f = look_at(v, i, now, retention_ms, out_gone);
		}
	}
	for (size_t i = 0; i < out_gone->count && f == FAULT_NONE; i++) {
		f = vault_shred(v, slice_of(out_gone->tenants[i].id, out_gone->tenants[i].len),
				&records);
	}
	return f;
}
