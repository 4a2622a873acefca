#include "config/vault/slots.h"

enum { SCRYPT_R_MAX = 16, SCRYPT_P_MAX = 4 };

const struct vault_kdf vault_kdf_usual = {.log_n = VAULT_LOG_N, .r = 8, .p = 1};

static bool kdf_is_bearable(const struct vault_slot *s, uint8_t log_n_min)
{
	uint8_t least = log_n_min > 0 ? log_n_min : VAULT_LOG_N_MIN;
	return s->kdf.log_n >= least && s->kdf.log_n <= VAULT_LOG_N_MAX && s->kdf.r > 0 &&
	       s->kdf.r <= SCRYPT_R_MAX && s->kdf.p > 0 && s->kdf.p <= SCRYPT_P_MAX;
}

static enum fault check_unlock(const struct vault_unlock *u, struct problem *p)
{
	if (u->kind == VAULT_CREDENTIAL && secret_view(u->bytes).len < VAULT_CREDENTIAL_MIN) {
		return problem_set(p, FAULT_VAULT_LOCKED,
				   "A credential must hold at least 32 random bytes.");
	}
	return FAULT_NONE;
}

static enum fault slot_key(const struct vault_slot *s, const struct vault_unlock *u,
			   struct secret **out_key, struct problem *p)
{
	struct slice salt = slice_of(s->salt, VAULT_SALT);
	if (s->kind == VAULT_CREDENTIAL) {
		return vault_crypto_hkdf(u->bytes, salt, SLICE_LIT("pagepost vault credential"),
					 out_key);
	}
	if (!kdf_is_bearable(s, u->log_n_min)) {
		return problem_set(
			p, FAULT_VAULT_DAMAGED,
			"The vault's passphrase slot asks for a cost of scrypt out of bounds.");
	}
	return vault_crypto_scrypt(u->bytes, salt, s->kdf, out_key);
}

enum fault vault_slot_make(const unsigned char uuid[VAULT_UUID], const struct secret *master,
			   const struct vault_unlock *unlock, struct vault_kdf kdf,
			   struct vault_slot *out_slot, struct problem *p)
{
	CLEANUP(secret_free) struct secret *key = NULL;
	char aad[VAULT_SLOT_AAD];
	struct vault_slot s = {.kind = unlock->kind};
	if (unlock->kind == VAULT_PASSPHRASE) {
		s.kdf = kdf;
	}
	enum fault f = check_unlock(unlock, p);
	if (f == FAULT_NONE) {
		f = vault_crypto_random(s.salt, VAULT_SALT);
	}
	if (f == FAULT_NONE) {
		f = slot_key(&s, unlock, &key, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	vault_format_slot_aad(uuid, &s, aad);
	f = vault_crypto_seal(key, slice_of(aad, sizeof(aad)), secret_view(master),
			      (char *)s.wrapped, s.wrapped + VAULT_KEY);
	if (f == FAULT_NONE) {
		*out_slot = s;
	}
	return f;
}

static enum fault unwrap(const struct vault_head *h, const struct vault_slot *s,
			 const struct vault_unlock *u, struct secret **out_master,
			 struct problem *p)
{
	CLEANUP(secret_free) struct secret *key = NULL;
	CLEANUP(secret_free) struct secret *master = NULL;
	char aad[VAULT_SLOT_AAD];
	char *room;
	enum fault f = slot_key(s, u, &key, p);
	if (f == FAULT_NONE) {
		f = secret_new_room(VAULT_KEY, &master, &room);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	vault_format_slot_aad(h->uuid, s, aad);
	f = vault_crypto_open(key, slice_of(aad, sizeof(aad)), slice_of(s->wrapped, VAULT_KEY),
			      s->wrapped + VAULT_KEY, room);
	if (f == FAULT_NONE) {
		*out_master = STEAL(master);
	}
	return f == FAULT_VAULT_DAMAGED ? FAULT_VAULT_LOCKED : f;
}

enum fault vault_slots_open(const struct vault_head *h, const struct vault_unlock *u,
			    struct secret **out_master, struct problem *p)
{
	bool tried = false;
	enum fault f = check_unlock(u, p);
	for (size_t i = 0; i < h->slot_count && f == FAULT_NONE; i++) {
		if (h->slots[i].kind != u->kind) {
			continue;
		}
		tried = true;
		f = unwrap(h, &h->slots[i], u, out_master, p);
		if (f != FAULT_VAULT_LOCKED) {
			return f;
		}
		f = FAULT_NONE; /* another slot of the kind may fit */
	}
	if (f != FAULT_NONE) {
		return f;
	}
	if (u->kind == VAULT_PASSPHRASE) {
		return problem_set(
			p, FAULT_VAULT_LOCKED,
			tried ? "The passphrase does not open this vault."
			      : "This vault has no passphrase; it opens by a credential.");
	}
	return problem_set(p, FAULT_VAULT_LOCKED,
			   tried ? "The credential does not open this vault."
				 : "This vault has no credential; it opens by a passphrase.");
}
