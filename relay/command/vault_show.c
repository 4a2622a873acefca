#include <stdio.h>

#include "spool-free/base/buf.h"
#include "relay/command/vault_session.h"
#include "relay/command/vault_table.h"
#include "relay/command/vault_view.h"

enum { JSON_ROW_MAX = 64 * 1024 };

/* --- lists ----------------------------------------------------------------------------------------------- */

/* Of a record that only its tenant's half opens, all that is known is whose it is. */
static struct slice owner_at(struct vault_session *s, size_t at)
{
	for (size_t i = 0; i < vault_count(s->vault); i++) {
		struct vault_record r;
		if (vault_kind_at(s->vault, i) != VAULT_TENANT ||
		    vault_at(s->vault, i, NULL, &s->arena, &r, NULL) != FAULT_NONE) {
			continue;
		}
		if (vault_next_of(s->vault, r.tenant.id, at) == at) {
			return r.tenant.id;
		}
	}
	return SLICE_LIT("?");
}

/* `r` NULL: a server that is sealed by a half. */
static enum fault write_json(struct vault_session *s, const struct vault_record *r,
			     struct slice owner, struct slice *out)
{
	CLEANUP(buf_deinit) struct buf b;
	struct json_writer w;
	buf_init(&b, JSON_ROW_MAX);
	json_writer_init(&w, &b);
	json_put_object(&w);
	if (r != NULL) {
		vault_json_fields(&w, r);
	} else {
		json_member_text(&w, "tenant", owner);
	}
	if (r == NULL || r->kind == VAULT_SERVER) {
		json_member_bool(&w, "sealed_by_half", r == NULL);
	}
	json_put_object_end(&w);
	enum fault f = json_writer_fault(&w);
	return f == FAULT_NONE ? arena_copy(&s->arena, buf_view(&b), out) : f;
}

static enum fault add_sealed(struct vault_session *s, struct slice owner, struct vault_row *row)
{
	row->cells[0] = owner;
	row->cells[1] = SLICE_LIT("?");
	row->cells[2] = SLICE_LIT("(sealed by the tenant's half)");
	return write_json(s, NULL, owner, &row->json);
}

static enum fault add_row(struct vault_session *s, const struct vault_view *view, size_t at,
			  struct vault_table *t, struct problem *p)
{
	struct slice wanted = vault_session_option(s, OPTION_TENANT);
	struct vault_record r;
	struct vault_row row = {0};
	struct vault_row *into;
	struct slice owner;
	enum fault f = vault_at(s->vault, at, s->half, &s->arena, &r, p);
	if (f == FAULT_KEY_HALF) {
		owner = owner_at(s, at);
		f = add_sealed(s, owner, &row);
	} else if (f == FAULT_NONE) {
		owner = vault_tenant_of(&r);
		view->show(s, row.cells, &r);
		f = write_json(s, &r, owner, &row.json);
		vault_record_deinit(&r);
	}
	if (f != FAULT_NONE || (wanted.len > 0 && !slice_eq(wanted, owner))) {
		return f;
	}
	into = vault_table_row(t);
	if (into == NULL) {
		return FAULT_NO_MEMORY;
	}
	*into = row;
	return FAULT_NONE;
}

static enum fault gather(struct vault_session *s, enum vault_kind kind, struct vault_table *t,
			 struct problem *p)
{
	const struct vault_view *view = vault_view_of(kind);
	enum fault f = vault_table_start(t, &s->arena, view->head, view->columns,
					 vault_count(s->vault));
	for (size_t i = 0; i < vault_count(s->vault) && f == FAULT_NONE; i++) {
		if (vault_kind_at(s->vault, i) == kind) {
			f = add_row(s, view, i, t, p);
		}
	}
	if (f == FAULT_NONE) {
		vault_table_sort(t);
	}
	return f;
}

static void print_json_rows(const struct vault_table *t, const char *plural)
{
	printf("\"%s\":[", plural);
	for (size_t i = 1; i < t->count; i++) {
		fputs(i > 1 ? "," : "", stdout);
		fwrite(t->rows[i].json.ptr, 1, t->rows[i].json.len, stdout);
	}
	putchar(']');
}

enum { TABLES_MAX = 3 };

static void print_all(const struct vault_table *t, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fputs(i > 0 ? "\n" : "", stdout);
		vault_table_print(&t[i]);
	}
}

static void print_all_json(const struct vault_table *t, const enum vault_kind *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fputs(i > 0 ? "," : "{", stdout);
		print_json_rows(&t[i], vault_view_of(kinds[i])->plural);
	}
	fputs("}\n", stdout);
}

static enum fault list(struct vault_session *s, const enum vault_kind *kinds, size_t count,
		       struct problem *p)
{
	struct vault_table tables[TABLES_MAX];
	if (s->options[OPTION_TENANT] != NULL) { /* whoever mistypes an id is told so */
		enum fault f = vault_session_need_tenant(s, vault_session_option(s, OPTION_TENANT),
							 p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	for (size_t i = 0; i < count; i++) {
		enum fault f = gather(s, kinds[i], &tables[i], p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	if (s->options[OPTION_JSON] != NULL) {
		print_all_json(tables, kinds, count);
	} else {
		print_all(tables, count);
	}
	return FAULT_NONE;
}

enum fault vault_list_tenants(struct vault_session *s, struct problem *p)
{
	return list(s, (const enum vault_kind[]){VAULT_TENANT}, 1, p);
}

enum fault vault_list_tokens(struct vault_session *s, struct problem *p)
{
	return list(s, (const enum vault_kind[]){VAULT_TOKEN}, 1, p);
}

enum fault vault_list_servers(struct vault_session *s, struct problem *p)
{
	return list(s, (const enum vault_kind[]){VAULT_SERVER}, 1, p);
}

enum fault vault_list_aws(struct vault_session *s, struct problem *p)
{
	return list(s, (const enum vault_kind[]){VAULT_AWS}, 1, p);
}

enum fault vault_list_policies(struct vault_session *s, struct problem *p)
{
	return list(s, (const enum vault_kind[]){VAULT_POLICY}, 1, p);
}

enum fault vault_list_all(struct vault_session *s, struct problem *p)
{
	const enum vault_kind kinds[] = {VAULT_TENANT, VAULT_SERVER, VAULT_TOKEN};
	return list(s, kinds, COUNT_OF(kinds), p);
}

/* --- one record ------------------------------------------------------------------------------------------ */

/* What is known of a tenant beside its record. */
struct extra {
	bool is_tenant;
	bool is_split;
	uint64_t counts[VAULT_KINDS];
};

static enum fault print_json(const struct vault_record *r, const struct extra *e)
{
	CLEANUP(buf_deinit) struct buf b;
	struct json_writer w;
	buf_init(&b, JSON_ROW_MAX);
	json_writer_init(&w, &b);
	json_put_object(&w);
	vault_json_fields(&w, r);
	if (e->is_tenant) {
		json_member_bool(&w, "split", e->is_split);
		json_member_u64(&w, "servers", e->counts[VAULT_SERVER]);
		json_member_u64(&w, "tokens", e->counts[VAULT_TOKEN]);
	}
	json_put_object_end(&w);
	enum fault f = json_writer_fault(&w);
	if (f == FAULT_NONE) {
		fwrite(b.ptr, 1, b.len, stdout);
		putchar('\n');
	}
	return f;
}

static enum fault add_line(struct vault_table *t, struct slice key, struct slice value)
{
	struct vault_row *row = vault_table_row(t);
	if (row == NULL) {
		return FAULT_NO_MEMORY;
	}
	row->cells[0] = key;
	row->cells[1] = value;
	return FAULT_NONE;
}

static enum fault add_extra(struct vault_session *s, struct vault_table *t, const struct extra *e)
{
	enum fault f = add_line(t, SLICE_LIT("split"),
				e->is_split ? SLICE_LIT("yes") : SLICE_LIT("no"));
	if (f == FAULT_NONE) {
		f = add_line(t, SLICE_LIT("servers"),
			     vault_number_text(&s->arena, e->counts[VAULT_SERVER]));
	}
	if (f == FAULT_NONE) {
		f = add_line(t, SLICE_LIT("tokens"),
			     vault_number_text(&s->arena, e->counts[VAULT_TOKEN]));
	}
	return f;
}

static enum fault show(struct vault_session *s, const struct vault_record *r, const struct extra *e)
{
	enum { ROWS_MAX = 72 /* a kind has fewer than 64 fields */ };
	static const struct slice head[] = {SLICE_INIT("KEY"), SLICE_INIT("VALUE")};
	struct vault_table t;
	if (s->options[OPTION_JSON] != NULL) {
		return print_json(r, e);
	}
	enum fault f = vault_table_start(&t, &s->arena, head, COUNT_OF(head), ROWS_MAX);
	if (f == FAULT_NONE) {
		f = vault_table_fields(&t, r);
	}
	if (f == FAULT_NONE && e->is_tenant) {
		f = add_extra(s, &t, e);
	}
	if (f == FAULT_NONE) {
		vault_table_print(&t);
	}
	return f;
}

static enum fault show_found(struct vault_session *s, struct vault_key_name name, struct problem *p)
{
	struct vault_record r;
	struct extra none = {0};
	enum fault f = vault_find(s->vault, name, s->half, &s->arena, &r, p);
	if (f == FAULT_NOT_FOUND) {
		return vault_session_missing(name.kind, p);
	}
	if (f == FAULT_NONE) {
		f = show(s, &r, &none);
		vault_record_deinit(&r);
	}
	return f;
}

enum fault vault_show_tenant(struct vault_session *s, struct problem *p)
{
	struct vault_record r;
	struct vault_key_name name = {.kind = VAULT_TENANT, .name = slice_of_text(s->name)};
	struct extra e = {.is_tenant = true};
	enum fault f = vault_session_need_tenant(s, name.name, p);
	if (f == FAULT_NONE) {
		f = vault_find(s->vault, name, NULL, &s->arena, &r, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	e.is_split = vault_is_split(s->vault, name.name);
	size_t at = vault_next_of(s->vault, name.name, 0);
	for (; at < vault_count(s->vault); at = vault_next_of(s->vault, name.name, at + 1)) {
		e.counts[vault_kind_at(s->vault, at)]++;
	}
	return show(s, &r, &e);
}

enum fault vault_show_server(struct vault_session *s, struct problem *p)
{
	struct vault_key_name name;
	enum fault f = vault_session_name_server(s, &name, p);
	return f == FAULT_NONE ? show_found(s, name, p) : f;
}

enum fault vault_show_aws(struct vault_session *s, struct problem *p)
{
	struct vault_key_name name = {VAULT_AWS, vault_session_option(s, OPTION_TENANT),
				      slice_of_text(s->name)};
	enum fault f = vault_session_need_tenant(s, name.tenant, p);
	return f == FAULT_NONE ? show_found(s, name, p) : f;
}

/* What was never set is shown as well: as a record in which nothing is said. */
static enum fault get(struct vault_session *s, struct vault_record *r, struct problem *p)
{
	struct extra none = {0};
	enum fault f = vault_session_need_tenant(s, vault_tenant_of(r), p);
	if (f == FAULT_NONE) {
		f = vault_find(s->vault, vault_name_of(r), NULL, &s->arena, r, NULL);
		f = f == FAULT_NOT_FOUND ? FAULT_NONE : f;
	}
	return f == FAULT_NONE ? show(s, r, &none) : f;
}

enum fault vault_get_settings(struct vault_session *s, struct problem *p)
{
	struct vault_record r = {.kind = VAULT_SETTINGS};
	r.settings.tenant = vault_session_option(s, OPTION_TENANT);
	return get(s, &r, p);
}

enum fault vault_get_policy(struct vault_session *s, struct problem *p)
{
	struct vault_record r = {.kind = VAULT_POLICY};
	r.policy.tenant = vault_session_option(s, OPTION_TENANT);
	r.policy.space = vault_session_option(s, OPTION_SPACE);
	return get(s, &r, p);
}
