#include "relay/command/vault_backups.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "config/vault/backup.h"
#include "config/vault/commit.h"

#define ENDING ".backup"

enum { TIME_LETTERS = 16 /* 20261129T192200Z */, GENERATION_DIGITS = 10 };

/* --- names ------------------------------------------------------------------------------------------ */

static bool add(char out[VAULT_BACKUP_NAME_MAX + 1], size_t *len, struct slice s)
{
	if (s.len > VAULT_BACKUP_NAME_MAX - *len) {
		return false;
	}
	memcpy(out + *len, s.ptr, s.len);
	*len += s.len;
	out[*len] = '\0';
	return true;
}

bool vault_backup_name(const char *vault, uint64_t generation, struct civil at,
		       char out[VAULT_BACKUP_NAME_MAX + 1])
{
	char number[GENERATION_DIGITS + 1];
	char rfc3339[CIVIL_RFC3339_LEN];
	char time[TIME_LETTERS];
	size_t at_letter = 0;
	size_t len = 0;
	number[0] = '-';
	for (size_t i = GENERATION_DIGITS; i > 0; i--) {
		number[i] = (char)('0' + generation % 10);
		generation /= 10;
	}
	civil_rfc3339(at, rfc3339); /* 2026-11-29T19:22:00.123Z */
	for (size_t i = 0; i < CIVIL_RFC3339_LEN && at_letter < TIME_LETTERS - 1; i++) {
		if (rfc3339[i] != '-' && rfc3339[i] != ':') {
			time[at_letter++] = rfc3339[i];
		}
	}
	time[TIME_LETTERS - 1] = 'Z';
	return add(out, &len, slice_of_text(vault)) &&
	       add(out, &len, slice_of(number, sizeof(number))) && add(out, &len, SLICE_LIT("-")) &&
	       add(out, &len, slice_of(time, sizeof(time))) && add(out, &len, SLICE_LIT(ENDING));
}

/* 20261129T192200Z -> 2026-11-29T19:22:00Z */
static bool read_time(struct slice text, struct civil *out)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	char spread[sizeof(form) - 1];
	size_t from = 0;
	for (size_t i = 0; i < sizeof(spread); i++) {
		bool is_added = form[i] == '-' || form[i] == ':';
		spread[i] = is_added ? form[i] : text.ptr[from++];
	}
	return civil_parse(slice_of(spread, sizeof(spread)), out);
}

bool vault_backup_read_name(const char *vault, const char *name, struct civil *out_at)
{
	struct slice rest = slice_of_text(name);
	struct slice base = slice_of_text(vault);
	uint64_t generation;
	size_t due = base.len + 1 + GENERATION_DIGITS + 1 + TIME_LETTERS + sizeof(ENDING) - 1;
	if (rest.len != due || !slice_starts(rest, base) || rest.ptr[base.len] != '-' ||
	    !slice_ends(rest, SLICE_LIT(ENDING))) {
		return false;
	}
	rest = slice_skip(rest, base.len + 1);
	return slice_to_u64(slice_first(rest, GENERATION_DIGITS), UINT64_MAX, &generation) &&
	       rest.ptr[GENERATION_DIGITS] == '-' &&
	       read_time(slice_first(slice_skip(rest, GENERATION_DIGITS + 1), TIME_LETTERS),
			 out_at);
}

/* --- opening ------------------------------------------------------------------------------------------ */

struct opening {
	struct vault_session *session;
	struct buf file;
	struct buf ledger;
};

static void deinit(struct opening *o)
{
	buf_deinit(&o->file);
	buf_deinit(&o->ledger);
}

static enum fault read_ledger(struct opening *o, const char *path, struct problem *p)
{
	struct vault_stamp stamp;
	buf_deinit(&o->ledger);
	return vault_store_read(path, &o->ledger, &stamp, p);
}

static enum fault own_ledger(struct opening *o, struct problem *p)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s%s", o->session->path, COMMIT_LEDGER_ENDING);
	return n > 0 && (size_t)n < sizeof(path) ? read_ledger(o, path, p) : FAULT_VAULT_IO;
}

static enum fault copied_ledger(struct opening *o, const char *file, struct problem *p)
{
	char room[PATH_MAX];
	char path[PATH_MAX];
	int n = snprintf(room, sizeof(room), "%s", file);
	if (n < 0 || (size_t)n >= sizeof(room)) {
		return FAULT_VAULT_IO;
	}
	enum fault f = backup_ledger_path(o->session->path, dirname(room), path, p);
	return f == FAULT_NONE ? read_ledger(o, path, p) : f;
}

static enum fault try(struct opening *o, struct vault **out_vault, struct problem *p)
{
	return vault_open(buf_view(&o->file), buf_view(&o->ledger), &o->session->unlock, out_vault,
			  p);
}

/* Whether the file by itself is whole and opens by this key: then it is the ledger that does not fit. */
static bool is_whole(struct opening *o)
{
	struct vault *v = NULL;
	enum fault f = vault_open(buf_view(&o->file), (struct slice){0}, &o->session->unlock, &v,
				  NULL);
	vault_free(&v);
	return f == FAULT_VAULT_MISSING;
}

static enum fault refuse(struct opening *o, enum fault f, struct problem *p)
{
	if (f == FAULT_VAULT_DAMAGED && is_whole(o)) {
		return problem_set(
			p, f,
			"The backup is whole, but the key ledger does not fit it: the "
			"vault's keys were made anew since ('pagepost vault rotate'), or "
			"the ledger is damaged.");
	}
	return f;
}

enum fault vault_backups_open(struct vault_session *s, const char *file, struct buf *out_ledger,
			      struct vault **out_vault, struct problem *p)
{
	CLEANUP(deinit) struct opening o = {.session = s};
	struct vault_stamp stamp;
	enum fault f = vault_store_read(file, &o.file, &stamp, p);
	if (f == FAULT_VAULT_MISSING) {
		return problem_set(p, f, "There is no backup file at this place.");
	}
	if (f != FAULT_NONE) {
		return f;
	}
	f = own_ledger(&o, p);
	if (f == FAULT_NONE || f == FAULT_VAULT_MISSING) {
		f = try(&o, out_vault, p);
	}
	if (f != FAULT_VAULT_MISSING && f != FAULT_VAULT_DAMAGED && f != FAULT_VAULT_ROLLBACK) {
		return f; /* it is open, or another ledger would not open it, either */
	}
	struct problem own = {0};
	problem_set(&own, f, "");
	if (p != NULL) {
		own = *p;
	}
	enum fault copied = copied_ledger(&o, file, NULL);
	copied = copied == FAULT_NONE ? try(&o, out_vault, NULL) : copied;
	if (copied != FAULT_NONE) {
		if (p != NULL) {
			*p = own;
		}
		return refuse(&o, f, p);
	}
	return out_ledger != NULL ? buf_add(out_ledger, buf_view(&o.ledger)) : FAULT_NONE;
}
