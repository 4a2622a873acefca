#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/vault/commit.h"
#include "relay/command/vault_input.h"
#include "relay/command/vault_session.h"

/* One tenant from a vault into another: a file of its own, sealed by a passphrase of its own. */

static void close_fd(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
	}
}

static enum fault cannot(struct problem *p, const char *what)
{
	return problem_set_errno(p, FAULT_VAULT_IO, what);
}

/* --- out ------------------------------------------------------------------------------------------------ */

static enum fault copy_one(struct vault_session *s, size_t at, struct vault *into,
			   struct problem *p)
{
	struct vault_record r;
	struct arena_mark mark = arena_mark(&s->arena);
	enum fault f = vault_at(s->vault, at, s->half, &s->arena, &r, p);
	if (f == FAULT_NONE) {
		f = vault_put(into, &r, NULL, p);
		vault_record_deinit(&r);
	}
	arena_go_back(&s->arena, mark);
	return f;
}

static enum fault copy_all(struct vault_session *s, struct slice id, struct vault *into,
			   struct problem *p)
{
	enum fault f = FAULT_NONE;
	size_t at = vault_next_of(s->vault, id, 0);
	for (; at < vault_count(s->vault) && f == FAULT_NONE;
	     at = vault_next_of(s->vault, id, at + 1)) {
		f = copy_one(s, at, into, p);
	}
	return f;
}

static bool write_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		bytes = slice_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return fsync(fd) == 0;
}

static enum fault write_file(const char *path, struct slice bytes, struct problem *p)
{
	CLEANUP(close_fd)
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		return cannot(p, "The file for the tenant cannot be made");
	}
	if (!write_all(fd, bytes)) {
		enum fault f = cannot(p, "The file for the tenant cannot be written");
		unlink(path);
		return f;
	}
	return FAULT_NONE;
}

static enum fault check_output(const struct vault_session *s, struct problem *p)
{
	return access(s->options[OPTION_OUTPUT], F_OK) != 0
		       ? FAULT_NONE
		       : problem_set(p, FAULT_VAULT_EXISTS,
				     "There is a file of this name already; it was left as it is.");
}

static enum fault ask_and_open(struct vault_session *s, struct problem *p)
{
	enum fault f = vault_session_key(s, p);
	if (f == FAULT_NONE) {
		f = vault_session_half(s, p);
	}
	if (f == FAULT_NONE) {
		f = vault_input_export_passphrase(&s->typed, p);
	}
	if (f == FAULT_NONE) {
		f = vault_session_open(s, p);
	}
	return f == FAULT_NONE ? vault_session_need_tenant(s, slice_of_text(s->name), p) : f;
}

enum fault vault_tenant_export(struct vault_session *s, struct problem *p)
{
	CLEANUP(vault_free) struct vault *one = NULL;
	CLEANUP(buf_deinit) struct buf bytes;
	struct vault_unlock unlock = {.kind = VAULT_PASSPHRASE};
	buf_init(&bytes, VAULT_FILE_MAX);
	enum fault f = check_output(s, p);
	if (f == FAULT_NONE) {
		f = ask_and_open(s, p);
	}
	if (f == FAULT_NONE) {
		unlock.bytes = s->typed;
		f = vault_create_portable(&unlock, vault_kdf_usual, &one, p);
	}
	if (f == FAULT_NONE) {
		f = copy_all(s, slice_of_text(s->name), one, p);
	}
	if (f == FAULT_NONE) {
		f = vault_encode(one, &bytes, p);
	}
	if (f == FAULT_NONE) {
		f = write_file(s->options[OPTION_OUTPUT], buf_view(&bytes), p);
	}
	if (f == FAULT_NONE) {
		fprintf(stderr,
			"pagepost %s: %zu records were exported. Whoever has the file and its "
			"passphrase has the tenant's secrets; shredding does not reach it.\n",
			s->command, vault_count(one));
	}
	return f;
}

/* --- in ------------------------------------------------------------------------------------------------- */

static enum fault check_kind(struct slice file, struct problem *p)
{
	struct vault_format format;
	enum fault f = vault_format_read(file, &format, p);
	if (f == FAULT_NONE &&
	    (format.head.format == VAULT_FORMAT_OLDEST || format.head.ledger_generation != 0)) {
		f = problem_set(p, FAULT_BAD_FIELD,
				"This file is a whole vault, and no exported tenant.");
	}
	return f;
}

static enum fault open_file(struct vault_session *s, struct slice file, struct vault **out_one,
			    struct problem *p)
{
	struct vault_unlock unlock = {.kind = VAULT_PASSPHRASE};
	enum fault f = vault_input_line("Passphrase of the exported file", &s->typed, p);
	if (f != FAULT_NONE) {
		return f;
	}
	unlock.bytes = s->typed;
	f = vault_open(file, (struct slice){0}, &unlock, out_one, p);
	return f == FAULT_VAULT_LOCKED
		       ? problem_set(p, f, "The passphrase does not open the exported file.")
		       : f;
}

/* The one tenant of the file. */
static enum fault find_tenant(struct vault_session *s, const struct vault *one,
			      struct vault_record *out, struct problem *p)
{
	for (size_t i = 0; i < vault_count(one); i++) {
		if (vault_kind_at(one, i) == VAULT_TENANT) {
			return vault_at(one, i, NULL, &s->arena, out, p);
		}
	}
	return problem_set(p, FAULT_VAULT_DAMAGED, "The exported file holds no tenant.");
}

static void rename_owner(struct vault_record *r, struct slice id)
{
	switch (r->kind) {
	case VAULT_TENANT:
		r->tenant.id = id;
		break;
	case VAULT_TOKEN:
		r->token.tenant = id;
		break;
	case VAULT_SERVER:
		r->server.tenant = id;
		break;
	case VAULT_SETTINGS:
		r->settings.tenant = id;
		break;
	case VAULT_POLICY:
		r->policy.tenant = id;
		break;
	case VAULT_AWS:
		r->aws.tenant = id;
		break;
	case VAULT_HOUSE: /* the operator's: no tenant takes it along */
	case VAULT_KINDS:
		break;
	}
}

static enum fault put_one(struct vault_session *s, struct vault_record *r, struct slice id,
			  struct problem *p)
{
	rename_owner(r, id);
	if (vault_version(s->vault, vault_name_of(r)) == 0) {
		return vault_put(s->vault, r, NULL, p);
	}
	/* A token goes by its hash alone: nobody else may get it. */
	return problem_set(
		p, FAULT_CONFLICT,
		r->kind == VAULT_TENANT
			? "There is a tenant of this id already; --as ID gives it another."
			: "A token of the exported tenant is another tenant's here; revoke "
			  "one of them first.");
}

static enum fault put_all(struct vault_session *s, const struct vault *one, struct slice id,
			  struct problem *p)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < vault_count(one) && f == FAULT_NONE; i++) {
		struct vault_record r;
		if (vault_kind_at(one, i) == VAULT_TENANT) {
			continue;
		}
		f = vault_at(one, i, NULL, &s->arena, &r, p);
		if (f == FAULT_NONE) {
			f = put_one(s, &r, id, p);
			vault_record_deinit(&r);
		}
	}
	return f;
}

static enum fault take_in(struct vault_session *s, const struct vault *one, struct problem *p)
{
	struct vault_record tenant;
	enum fault f = find_tenant(s, one, &tenant, p);
	if (f != FAULT_NONE) {
		return f;
	}
	s->changed = s->options[OPTION_AS] != NULL ? vault_session_option(s, OPTION_AS)
						   : tenant.tenant.id;
	f = put_one(s, &tenant, s->changed, p); /* before all that is its own */
	return f == FAULT_NONE ? put_all(s, one, s->changed, p) : f;
}

enum fault vault_tenant_import(struct vault_session *s, struct problem *p)
{
	CLEANUP(vault_free) struct vault *one = NULL;
	CLEANUP(buf_deinit) struct buf file = {0};
	struct vault_stamp stamp;
	enum fault f = vault_store_read(s->name, &file, &stamp, p);
	if (f == FAULT_VAULT_MISSING) {
		return problem_set(p, f, "There is no exported file at this place.");
	}
	if (f == FAULT_NONE) {
		f = check_kind(buf_view(&file), p);
	}
	if (f == FAULT_NONE) {
		f = vault_session_key(s, p);
	}
	if (f == FAULT_NONE) {
		f = open_file(s, buf_view(&file), &one, p);
	}
	if (f == FAULT_NONE) {
		f = vault_session_lock(s, p);
	}
	if (f == FAULT_NONE) {
		f = vault_session_open(s, p);
	}
	if (f == FAULT_NONE) {
		f = take_in(s, one, p);
	}
	return f == FAULT_NONE ? vault_session_save(s, p) : f;
}
