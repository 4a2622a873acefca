#include <stdio.h>

#include "config/vault/store.h"
#include "relay/command/vault_backups.h"
#include "relay/command/vault_session.h"

/* What hangs in the air: harmless to the vault, but somebody will wonder. */
static void note_loose_end(struct vault_session *s, const struct vault_record *r)
{
	struct vault_key_name server = {VAULT_SERVER, {0}, {0}};
	if (r->kind != VAULT_SETTINGS || r->settings.default_server.len == 0) {
		return;
	}
	server.tenant = r->settings.tenant;
	server.name = r->settings.default_server;
	if (vault_version(s->vault, server) == 0) {
		fprintf(stderr, "pagepost %s: note: the default server of tenant '", s->command);
		fwrite(server.tenant.ptr, 1, server.tenant.len, stderr);
		fputs("' is not in the vault; its jobs without a server will be refused.\n",
		      stderr);
	}
}

/* The seal was checked when the vault was opened; here each record is opened as well. */
enum fault vault_verify(struct vault_session *s, struct problem *p)
{
	size_t counts[VAULT_KINDS] = {0};
	size_t sealed = 0;
	for (size_t i = 0; i < vault_count(s->vault); i++) {
		struct vault_record r;
		struct arena_mark mark = arena_mark(&s->arena);
		enum fault f = vault_at(s->vault, i, NULL, &s->arena, &r, p);
		if (f != FAULT_NONE && f != FAULT_KEY_HALF) {
			return f;
		}
		counts[vault_kind_at(s->vault, i)]++;
		sealed += f == FAULT_KEY_HALF;
		if (f == FAULT_NONE) {
			note_loose_end(s, &r);
			vault_record_deinit(&r);
		}
		arena_go_back(&s->arena, mark);
	}
	printf("The %s is whole: generation %llu, %zu tenants, %zu tokens, %zu servers.\n",
	       s->name != NULL ? "backup" : "vault", (unsigned long long)vault_generation(s->vault),
	       counts[VAULT_TENANT], counts[VAULT_TOKEN], counts[VAULT_SERVER]);
	if (sealed > 0) {
		printf("%zu of the servers are sealed by their tenants' halves, and were not "
		       "opened.\n",
		       sealed);
	}
	if (vault_lost(s->vault) > 0) {
		printf("%zu records more are of tenants that were shredded since, or whose half of "
		       "the key was set or given up; nobody can open them.\n",
		       vault_lost(s->vault));
	}
	return FAULT_NONE;
}

enum fault vault_verify_files(struct vault_session *s, struct problem *p)
{
	struct vault_stamp stamp;
	enum fault f = vault_store_stamp(s->name != NULL ? s->name : s->path, &stamp);
	if (f == FAULT_VAULT_MISSING) {
		return problem_set(
			p, f,
			s->name != NULL ? "There is no backup file at this place."
					: "There is no vault file at this place; 'pagepost vault "
					  "init' makes one.");
	}
	f = vault_session_key(s, p);
	if (f == FAULT_NONE) {
		f = s->name != NULL ? vault_backups_open(s, s->name, NULL, &s->vault, p)
				    : vault_session_open(s, p);
	}
	return f == FAULT_NONE ? vault_verify(s, p) : f;
}
