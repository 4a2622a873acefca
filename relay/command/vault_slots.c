#include <stdio.h>

#include "config/vault/commit.h"
#include "relay/command/vault_input.h"
#include "relay/command/vault_session.h"

/* What opens the vault: shown, changed, and all keys behind it made anew. */

static const struct {
	enum vault_slot_kind kind;
	const char *name;
} slots[] = {
	{VAULT_PASSPHRASE, "passphrase"},
	{VAULT_CREDENTIAL, "credential"},
};

enum fault vault_init(struct vault_session *s, struct problem *p)
{
	struct vault_stamp stamp;
	if (vault_store_stamp(s->path, &stamp) == FAULT_NONE) {
		return problem_set(
			p, FAULT_VAULT_EXISTS,
			"There is a vault file at this place already; it was left as it is.");
	}
	enum fault f = vault_session_new_key(s, p);
	if (f == FAULT_NONE) {
		f = vault_session_lock(s, p);
	}
	if (f == FAULT_NONE) {
		f = vault_create(&s->unlock, vault_kdf_usual, &s->vault, p);
	}
	return f == FAULT_NONE ? commit_save(s->path, s->vault, true, NULL, p) : f;
}

enum fault vault_show_slots(struct vault_session *s, struct problem *p UNUSED)
{
	bool is_json = s->options[OPTION_JSON] != NULL;
	bool is_first = true;
	fputs(is_json ? "{\"slots\":[" : "OPENS BY\n", stdout);
	for (size_t i = 0; i < COUNT_OF(slots); i++) {
		if (vault_has_slot(s->vault, slots[i].kind)) {
			printf(is_json ? "%s\"%s\"" : "%s%s\n", is_json && !is_first ? "," : "",
			       slots[i].name);
			is_first = false;
		}
	}
	fputs(is_json ? "]}\n" : "", stdout);
	return FAULT_NONE;
}

enum fault vault_ask_passphrase(struct vault_session *s, struct problem *p)
{
	return vault_input_new_passphrase(&s->typed, p);
}

enum fault vault_ask_credential(struct vault_session *s, struct problem *p)
{
	return vault_input_new_credential(s->name, &s->typed, p);
}

/* A passphrase has no name, a credential's file has. */
enum fault vault_change_slot(struct vault_session *s, struct problem *p)
{
	struct vault_unlock fresh = {.bytes = s->typed};
	fresh.kind = s->name == NULL ? VAULT_PASSPHRASE : VAULT_CREDENTIAL;
	return vault_set_slot(s->vault, &fresh, vault_kdf_usual, p);
}

/* --- rotate ------------------------------------------------------------------------------------------ */

static bool has_slot(const struct vault_head *h, enum vault_slot_kind kind)
{
	for (size_t i = 0; i < h->slot_count; i++) {
		if (h->slots[i].kind == kind) {
			return true;
		}
	}
	return false;
}

/* A passphrase beside the credential that opens: it must be right, or nobody could open by it behind the change. */
static enum fault ask_other(struct vault_session *s, const struct vault_head *head,
			    struct problem *p)
{
	CLEANUP(secret_free) struct secret *master = NULL;
	if (s->unlock.kind == VAULT_PASSPHRASE) {
		return has_slot(head, VAULT_CREDENTIAL)
			       ? problem_set(p, FAULT_BAD_FIELD,
					     "This vault opens by a credential as well; name its "
					     "file by --credential, and the passphrase is asked "
					     "for.")
			       : FAULT_NONE;
	}
	if (!has_slot(head, VAULT_PASSPHRASE)) {
		return FAULT_NONE;
	}
	enum fault f = vault_input_line("Passphrase of the vault, which stays", &s->typed, p);
	if (f != FAULT_NONE) {
		return f;
	}
	const struct vault_unlock unlock = {.kind = VAULT_PASSPHRASE, .bytes = s->typed};
	return vault_slots_open(head, &unlock, &master, p);
}

enum fault vault_ask_slots(struct vault_session *s, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf file = {0};
	struct vault_format format;
	struct vault_stamp stamp;
	enum fault f = vault_store_read(s->path, &file, &stamp, p);
	if (f == FAULT_NONE) {
		f = vault_format_read(buf_view(&file), &format, p);
	}
	return f == FAULT_NONE ? ask_other(s, &format.head, p) : f;
}

enum fault vault_rotate_keys(struct vault_session *s, struct problem *p)
{
	const struct vault_unlock unlocks[] = {s->unlock,
					       {.kind = VAULT_PASSPHRASE, .bytes = s->typed}};
	size_t count = s->typed != NULL ? 2 : 1;
	/* A slot may have come since the question. */
	for (size_t i = 0; i < COUNT_OF(slots); i++) {
		bool is_asked = slots[i].kind == s->unlock.kind ||
				(count == 2 && slots[i].kind == VAULT_PASSPHRASE);
		if (vault_has_slot(s->vault, slots[i].kind) && !is_asked) {
			return problem_set(
				p, FAULT_CONFLICT,
				"What opens the vault was changed meanwhile; try again.");
		}
	}
	return vault_rotate(s->vault, unlocks, count, vault_kdf_usual, p);
}
