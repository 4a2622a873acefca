#include <stdio.h>

#include "spool-free/base/buf.h"
#include "spool-free/base/text.h"
#include "relay/command/vault_session.h"

enum { COLUMNS_MAX = 9, HASH_SHOWN = 12, GAP = 2, DETAILS_MAX = 4096 };

/* Rows of cells, printed when the width of each column is known. */
struct table {
	const struct vault *vault;
	struct arena *arena;
	size_t columns;
	size_t rows;
	struct slice (*cells)[COLUMNS_MAX];
};

static size_t width_of(struct slice s)
{
	size_t width = 0;
	while (s.len > 0) {
		width += text_columns(text_next(&s));
	}
	return width;
}

/* What may not reach a terminal is shown as '?': a label may hold any character that is fit for a header. */
static void print_cell(struct slice s)
{
	while (s.len > 0) {
		char bytes[TEXT_UTF8_MAX];
		uint32_t code = text_next(&s);
		bool is_control = code < 0x20 || (code >= 0x7F && code < 0xA0);
		size_t n = text_encode(is_control ? '?' : code, bytes);
		fwrite(bytes, 1, n, stdout);
	}
}

static void print_table(const struct table *t)
{
	for (size_t row = 0; row < t->rows; row++) {
		for (size_t column = 0; column < t->columns; column++) {
			struct slice cell = t->cells[row][column];
			size_t widest = 0;
			for (size_t i = 0; i < t->rows; i++) {
				size_t width = width_of(t->cells[i][column]);
				widest = width > widest ? width : widest;
			}
			print_cell(cell);
			size_t blanks = column + 1 < t->columns ? widest + GAP - width_of(cell) : 0;
			for (size_t i = 0; i < blanks; i++) {
				putchar(' ');
			}
		}
		putchar('\n');
	}
}

static enum fault start_table(struct table *t, const struct vault *v, struct arena *a,
			      const struct slice *head, size_t columns, size_t rows_max)
{
	*t = (struct table){.vault = v, .arena = a, .columns = columns};
	t->cells = arena_array(a, rows_max + 1, sizeof(*t->cells));
	if (t->cells == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < columns; i++) {
		t->cells[0][i] = head[i];
	}
	t->rows = 1;
	return FAULT_NONE;
}

static struct slice or_dash(struct slice s)
{
	return s.len > 0 ? s : SLICE_LIT("-");
}

static struct slice port_text(struct arena *a, uint16_t port)
{
	char digits[5];
	size_t at = sizeof(digits);
	struct slice text = {0};
	do {
		digits[--at] = (char)('0' + port % 10);
		port /= 10;
	} while (port > 0);
	enum fault f = arena_copy(a, slice_of(digits + at, sizeof(digits) - at), &text);
	return f == FAULT_NONE ? text : SLICE_LIT("?");
}

/* Empty when it set nothing. */
static struct vault_settings settings_of(const struct table *t, struct slice tenant)
{
	struct vault_key_name name = {.kind = VAULT_SETTINGS, .tenant = tenant};
	struct vault_record r;
	enum fault f = vault_find(t->vault, name, NULL, t->arena, &r, NULL);
	return f == FAULT_NONE ? r.settings : (struct vault_settings){0};
}

static void show_tenant(struct table *t, struct slice *cells, const struct vault_record *r)
{
	static const struct slice states[] = {
		[VAULT_ACTIVE] = SLICE_INIT("active"),
		[VAULT_SUSPENDED] = SLICE_INIT("suspended"),
		[VAULT_UNINSTALLED] = SLICE_INIT("uninstalled"),
	};
	struct vault_settings s = settings_of(t, r->tenant.id);
	cells[0] = r->tenant.id;
	cells[1] = states[r->tenant.state];
	cells[2] = r->tenant.created;
	cells[3] = s.default_server.len > 0 ? s.default_server : SLICE_LIT("(operator's)");
	cells[4] = or_dash(s.from_address);
	cells[5] = or_dash(s.subject_prefix);
}

static void show_token(struct table *t, struct slice *cells, const struct vault_record *r)
{
	(void)t;
	cells[0] = slice_first(r->token.hash, HASH_SHOWN);
	cells[1] = r->token.tenant;
	cells[2] = r->token.label;
	cells[3] = r->token.created;
}

static struct slice auth_name(const struct vault_server *s)
{
	if (s->auth == VAULT_AUTH_OAUTH) {
		return SLICE_LIT("oauth");
	}
	return s->username.len > 0 ? SLICE_LIT("password") : SLICE_LIT("none");
}

/* "; " before all but the first; a detail that finds no room is left out as a whole. */
static void add_detail(struct buf *b, struct slice head, struct slice value, struct slice tail)
{
	const struct slice parts[] = {SLICE_LIT("; "), head, value, tail};
	size_t was = b->len;
	enum fault f = FAULT_NONE;
	for (size_t i = was == 0; i < COUNT_OF(parts) && f == FAULT_NONE; i++) {
		f = buf_add(b, parts[i]);
	}
	b->len = f == FAULT_NONE ? b->len : was;
}

static void add_number(struct buf *b, uint32_t number, const char *unit)
{
	char digits[16];
	struct buf text;
	struct slice none = {0};
	buf_init(&text, sizeof(digits));
	if (number > 0 && buf_add_u64(&text, number) == FAULT_NONE) {
		add_detail(b, none, buf_view(&text), slice_of_text(unit));
	}
	buf_deinit(&text);
}

static void add_dkim(struct buf *b, const struct dkim_key *k)
{
	struct slice none = {0};
	if (k->key != NULL) {
		add_detail(b, SLICE_LIT("dkim "), k->selector, none);
		if (buf_add_byte(b, '.') != FAULT_NONE || buf_add(b, k->domain) != FAULT_NONE) {
			return;
		}
	}
}

/* How a token is got, what is pinned, what limits are the server's own, what signs. */
static struct slice details(struct arena *a, const struct vault_server *s)
{
	static const struct slice flows[] = {
		[OAUTH_NONE] = SLICE_INIT(""),
		[OAUTH_CLIENT_CREDENTIALS] = SLICE_INIT("client-credentials "),
		[OAUTH_SERVICE_ACCOUNT] = SLICE_INIT("service-account "),
		[OAUTH_REFRESH_TOKEN] = SLICE_INIT("refresh-token "),
	};
	CLEANUP(buf_deinit) struct buf b;
	struct slice none = {0};
	struct slice copy = {0};
	buf_init(&b, DETAILS_MAX);
	if (s->oauth.flow != OAUTH_NONE) {
		add_detail(&b, flows[s->oauth.flow], s->oauth.client_id, none);
		add_detail(&b, none, s->oauth.token_url, none);
	}
	if (s->profile.len > 0) {
		add_detail(&b, SLICE_LIT("profile "), s->profile, none);
	}
	add_number(&b, (s->pins[0].len > 0) + (uint32_t)(s->pins[1].len > 0), " pinned");
	add_number(&b, s->limits.connections, " connections");
	add_number(&b, s->limits.per_minute, " a minute");
	add_number(&b, s->limits.per_hour, " an hour");
	add_number(&b, s->limits.recipients_per_mail, " recipients");
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		add_dkim(&b, &s->dkim[i]);
	}
	enum fault f = arena_copy(a, buf_view(&b), &copy);
	return f == FAULT_NONE ? copy : SLICE_LIT("?");
}

static void show_server(struct table *t, struct slice *cells, const struct vault_record *r)
{
	const struct vault_server *s = &r->server;
	cells[0] = s->tenant.len > 0 ? s->tenant : SLICE_LIT("(operator)");
	cells[1] = s->name;
	cells[2] = s->host;
	cells[3] = port_text(t->arena, s->port);
	cells[4] = s->tls == TLS_IMPLICIT ? SLICE_LIT("implicit") : SLICE_LIT("starttls");
	cells[5] = or_dash(s->username);
	cells[6] = or_dash(s->from_address);
	cells[7] = auth_name(s);
	cells[8] = or_dash(details(t->arena, s));
}

static const struct view {
	struct slice head[COLUMNS_MAX];
	size_t columns;
	void (*show)(struct table *t, struct slice *cells, const struct vault_record *r);
} views[] = {
	[VAULT_TENANT] = {{SLICE_INIT("TENANT"), SLICE_INIT("STATE"), SLICE_INIT("CREATED"),
			   SLICE_INIT("DEFAULT SERVER"), SLICE_INIT("FROM"),
			   SLICE_INIT("SUBJECT PREFIX")},
			  6,
			  show_tenant},
	[VAULT_TOKEN] = {{SLICE_INIT("ID"), SLICE_INIT("TENANT"), SLICE_INIT("LABEL"),
			  SLICE_INIT("CREATED")},
			 4,
			 show_token},
	[VAULT_SERVER] = {{SLICE_INIT("TENANT"), SLICE_INIT("SERVER"), SLICE_INIT("HOST"),
			   SLICE_INIT("PORT"), SLICE_INIT("TLS"), SLICE_INIT("USERNAME"),
			   SLICE_INIT("FROM"), SLICE_INIT("AUTH"), SLICE_INIT("DETAILS")},
			  9,
			  show_server},
};

/* By tenant and name: the vault's own order means nothing. */
static int compare_rows(const void *a, const void *b)
{
	const struct slice *left = a;
	const struct slice *right = b;
	int order = slice_compare(left[0], right[0]);
	return order != 0 ? order : slice_compare(left[1], right[1]);
}

static enum fault list(struct vault_session *s, enum vault_kind kind, struct problem *p)
{
	const struct view *view = &views[kind];
	struct slice wanted = vault_session_option(s, OPTION_TENANT);
	struct table t;
	enum fault f = start_table(&t, s->vault, &s->arena, view->head, view->columns,
				   vault_count(s->vault));
	for (size_t i = 0; i < vault_count(s->vault) && f == FAULT_NONE; i++) {
		struct vault_record r;
		if (vault_kind_at(s->vault, i) != kind) {
			continue;
		}
		f = vault_at(s->vault, i, NULL, &s->arena, &r, p);
		if (f != FAULT_NONE) {
			return f;
		}
		struct slice *cells = t.cells[t.rows];
		view->show(&t, cells, &r);
		struct slice owner = kind == VAULT_TOKEN ? r.token.tenant : cells[0];
		t.rows += wanted.len == 0 || slice_eq(wanted, owner);
		vault_record_deinit(&r);
	}
	if (f == FAULT_NONE) {
		qsort(t.cells + 1, t.rows - 1, sizeof(*t.cells), compare_rows);
		print_table(&t);
	}
	return f;
}

enum fault vault_list_tenants(struct vault_session *s, struct problem *p)
{
	return list(s, VAULT_TENANT, p);
}

enum fault vault_list_tokens(struct vault_session *s, struct problem *p)
{
	return list(s, VAULT_TOKEN, p);
}

enum fault vault_list_servers(struct vault_session *s, struct problem *p)
{
	return list(s, VAULT_SERVER, p);
}

enum fault vault_list_all(struct vault_session *s, struct problem *p)
{
	enum fault f = list(s, VAULT_TENANT, p);
	if (f == FAULT_NONE) {
		putchar('\n');
		f = list(s, VAULT_SERVER, p);
	}
	if (f == FAULT_NONE) {
		putchar('\n');
		f = list(s, VAULT_TOKEN, p);
	}
	return f;
}

/* What hangs in the air: harmless to the vault, but somebody will wonder. */
static void note_loose_end(struct vault_session *s, const struct vault_record *r)
{
	struct vault_record other;
	struct vault_key_name server = {VAULT_SERVER, {0}, {0}};
	if (r->kind != VAULT_SETTINGS || r->settings.default_server.len == 0) {
		return;
	}
	server.tenant = r->settings.tenant;
	server.name = r->settings.default_server;
	enum fault f = vault_find(s->vault, server, NULL, &s->arena, &other, NULL);
	if (f == FAULT_NONE) {
		vault_record_deinit(&other);
	} else if (f == FAULT_NOT_FOUND) {
		fputs("pagepost vault: note: the default server of tenant '", stderr);
		fwrite(server.tenant.ptr, 1, server.tenant.len, stderr);
		fputs("' is not in the vault; its jobs without a server will be refused.\n",
		      stderr);
	}
}

/* The seal was checked when the vault was opened; here each record is opened as well. */
enum fault vault_verify(struct vault_session *s, struct problem *p)
{
	size_t counts[VAULT_KINDS] = {0};
	for (size_t i = 0; i < vault_count(s->vault); i++) {
		struct vault_record r;
		enum fault f = vault_at(s->vault, i, NULL, &s->arena, &r, p);
		if (f != FAULT_NONE) {
			return f;
		}
		counts[r.kind]++;
		note_loose_end(s, &r);
		vault_record_deinit(&r);
	}
	printf("The vault is whole: generation %llu, %zu tenants, %zu tokens, %zu servers.\n",
	       (unsigned long long)vault_generation(s->vault), counts[VAULT_TENANT],
	       counts[VAULT_TOKEN], counts[VAULT_SERVER]);
	return FAULT_NONE;
}
