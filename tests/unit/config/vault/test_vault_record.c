#include <string.h>

#include "config/vault/vault_inside.h"
#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

static struct vault *v;

static void setup(void)
{
	v = vaults_sample(vaults_by_credential('k'));
}

static void teardown(void)
{
	vault_free(&v);
}

static const struct {
	enum vault_kind kind;
	const char *tenant, *name;
	bool there;
} names[] = {
	{VAULT_TENANT, NULL, "acme", true},	 {VAULT_SETTINGS, "acme", NULL, true},
	{VAULT_SERVER, "acme", "main", true},	 {VAULT_SERVER, NULL, "operator", true},
	{VAULT_TENANT, NULL, "acm", false},	 {VAULT_TENANT, NULL, "acme2", false},
	{VAULT_TENANT, NULL, "", false},	 {VAULT_TENANT, "acme", NULL, false},
	{VAULT_TENANT, "acme", "acme", false},	 {VAULT_SETTINGS, NULL, "acme", false},
	{VAULT_SETTINGS, "bare", NULL, false},	 {VAULT_SETTINGS, NULL, NULL, false},
	{VAULT_POLICY, "acme", NULL, false},	 {VAULT_SERVER, "bare", "main", false},
	{VAULT_SERVER, NULL, "main", false},	 {VAULT_SERVER, "acme", "operator", false},
	{VAULT_SERVER, "acmemain", NULL, false}, {VAULT_SERVER, "acmem", "ain", false},
	{VAULT_SERVER, "main", "acme", false},	 {VAULT_AWS, "acme", "main", false},
	{VAULT_TOKEN, NULL, "acme", false},
};

START_TEST(records_are_found_by_all_of_their_name)
{
	enum fault f = vaults_find(v, names[_i].kind, names[_i].tenant, names[_i].name, NULL);
	struct vault_key_name name = {names[_i].kind, slice_of_text(names[_i].tenant),
				      slice_of_text(names[_i].name)};
	ck_assert_uint_eq(f, names[_i].there ? FAULT_NONE : FAULT_NOT_FOUND);
	ck_assert_int_eq(vault_version(v, name) != 0, names[_i].there);
	ck_assert_uint_eq(vault_remove(v, name), f);
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT - names[_i].there);
}
END_TEST

START_TEST(spaces_are_the_same_in_any_case)
{
	static const struct {
		const char *asked;
		bool there;
	} rows[] = {{"Docs", true}, {"DOCS", true}, {"docs", true}, {"docs2", false}, {"", false}};
	struct vault_record r = {
		.kind = VAULT_POLICY,
		.policy = {.tenant = SLICE_LIT("acme"), .space = SLICE_LIT("Docs")}};
	ck_assert_uint_eq(vault_put(v, &r, NULL, NULL), FAULT_NONE);
	r.policy.space = SLICE_LIT("DOCS");
	ck_assert_uint_eq(vault_put(v, &r, NULL, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT + 1);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct vault_key_name name = {VAULT_POLICY, SLICE_LIT("acme"),
					      slice_of_text(rows[i].asked)};
		ck_assert_int_eq(vault_version(v, name) != 0, rows[i].there);
	}
}
END_TEST

START_TEST(names_too_long_are_nobodys)
{
	static char longest[UINT8_MAX + 2];
	memset(longest, 'a', sizeof(longest) - 1);
	ck_assert_uint_eq(vaults_find(v, VAULT_TENANT, NULL, longest, NULL), FAULT_NOT_FOUND);
	ck_assert_uint_eq(vaults_find(v, VAULT_SERVER, longest, "main", NULL), FAULT_NOT_FOUND);
	ck_assert_uint_eq(vault_next_of(v, slice_of_text(longest), 0), vault_count(v));
}
END_TEST

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct vault_record record_of(enum vault_kind kind, const char *tenant)
{
	struct vault_record r = {.kind = kind};
	struct slice of = slice_of_text(tenant);
	switch (kind) {
	case VAULT_TENANT:
		r.tenant = (struct vault_tenant){.id = of, .created = SLICE_LIT("x")};
		break;
	case VAULT_TOKEN:
		r.token = (struct vault_token){.hash = SLICE_LIT(HASH),
					       .tenant = of,
					       .label = SLICE_LIT("l"),
					       .created = SLICE_LIT("x")};
		break;
	case VAULT_SERVER:
		r = vaults_server(tenant, "fresh", "x");
		break;
	case VAULT_SETTINGS:
		r.settings = (struct vault_settings){.tenant = of, .css = SLICE_LIT("p {}\n")};
		break;
	case VAULT_POLICY:
		r.policy = (struct vault_policy){.tenant = of, .space = SLICE_LIT("DS")};
		break;
	case VAULT_AWS:
		r.aws = (struct vault_aws){.tenant = of,
					   .name = SLICE_LIT("fresh"),
					   .role_arn = SLICE_LIT("arn"),
					   .region = SLICE_LIT("eu")};
		break;
	case VAULT_HOUSE:
	case VAULT_KINDS:
		break;
	}
	return r;
}

/* A kind after the other: of a tenant that there is, twice, and of one that there is not. */
START_TEST(records_belong_to_a_tenant)
{
	enum vault_kind kind = (enum vault_kind)_i;
	struct problem p = {0};
	struct vault_record r = record_of(kind, "bare");
	size_t more = kind != VAULT_TENANT;
	struct vault_key_name name = vault_name_of(&r);
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(vault_put(v, &r, NULL, &p), FAULT_NONE);
		ck_assert_uint_eq(vault_count(v), VAULTS_COUNT + more);
	}
	ck_assert_uint_ne(vault_version(v, name), 0);
	vault_record_deinit(&r);
	r = record_of(kind, "nobody");
	enum fault f = vault_put(v, &r, NULL, &p);
	vault_record_deinit(&r);
	if (kind == VAULT_TENANT) {
		ck_assert_uint_eq(f, FAULT_NONE);
		return;
	}
	ck_assert_uint_eq(f, FAULT_NOT_FOUND);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("There is no such tenant in the vault.")));
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT + more);
}
END_TEST

START_TEST(what_cannot_be_is_not_put)
{
	struct problem p = {0};
	struct vault_record r = record_of((enum vault_kind)_i, "");
	if (r.kind == VAULT_SERVER) {
		r.server.port = 0;
	}
	ck_assert_uint_eq(vault_put(v, &r, NULL, &p), FAULT_BAD_RECORD);
	ck_assert(p.len > 0);
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT);
	vault_record_deinit(&r);
}
END_TEST

START_TEST(versions_tell_nothing_but_a_change)
{
	struct vaults_files files;
	struct vault_key_name name = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	struct vault_key_name other = {VAULT_TENANT, {0}, SLICE_LIT("acme")};
	vaults_encode(v, &files);
	vaults_deinit(&files);
	uint32_t first = vault_version(v, name);
	uint32_t others = vault_version(v, other);
	ck_assert_uint_ne(first, others); /* though both were written by the same change */
	vaults_put_server(v, "acme", "main", NULL);
	uint32_t second = vault_version(v, name);
	ck_assert_uint_ne(second, first);
	vaults_encode(v, &files);
	vaults_deinit(&files);
	ck_assert_uint_eq(vault_version(v, name), second);
	ck_assert_uint_eq(vault_version(v, other), others);
	/* What was removed and made again is not what it was. */
	ck_assert_uint_eq(vault_remove(v, name), FAULT_NONE);
	ck_assert_uint_eq(vault_version(v, name), 0);
	vaults_put_server(v, "acme", "main", NULL);
	ck_assert_uint_ne(vault_version(v, name), first);
	ck_assert_uint_ne(vault_version(v, name), second);
}
END_TEST

static const struct {
	const char *tenant;
	size_t count;
} owners[] = {{"acme", 4}, {"bare", 1}, {"asleep", 2}, {"", 1}, {"nobody", 0}, {"operator", 0}};

START_TEST(a_tenants_records_are_walked_through)
{
	size_t count = 0;
	struct slice tenant = slice_of_text(owners[_i].tenant);
	for (size_t i = vault_next_of(v, tenant, 0); i < vault_count(v);
	     i = vault_next_of(v, tenant, i + 1)) {
		struct vault_record r;
		struct arena a;
		arena_init(&a, VAULTS_ARENA);
		ck_assert_uint_eq(vault_at(v, i, NULL, &a, &r, NULL), FAULT_NONE);
		ck_assert(slice_eq(vault_tenant_of(&r), tenant));
		ck_assert_uint_eq(vault_kind_at(v, i), r.kind);
		ck_assert(!vault_needs_half_at(v, i));
		vault_record_deinit(&r);
		arena_deinit(&a);
		count++;
	}
	ck_assert_uint_eq(count, owners[_i].count);
}
END_TEST

/* What the seal over the list holds together is bound to its place as well. */
static void spoil(struct item *item, const struct item *other, int how)
{
	switch (how) {
	case 0: /* another record's text, which has the same key */
		memcpy(item->entry.salt, other->entry.salt, VAULT_SALT);
		memcpy(item->entry.tag, other->entry.tag, VAULT_TAG);
		item->entry.body = other->entry.body;
		break;
	case 1:
		item->entry.version++;
		break;
	case 2:
		item->entry.kind = VAULT_POLICY;
		break;
	case 3:
		item->entry.salt[0] ^= 1;
		break;
	case 4:
		item->entry.tag[0] ^= 1;
		break;
	case 5: /* the master key is not what it was sealed with */
		item->entry.key = 0;
		break;
	case 6:
		item->fresh[0] ^= 1;
		break;
	default:
		item->entry.id[15] ^= 1;
		break;
	}
}

START_TEST(a_record_opens_in_its_place_alone)
{
	struct problem p = {0};
	struct vault_record r;
	struct arena a;
	size_t first = vault_next_of(v, SLICE_LIT("acme"), 0);
	size_t second = vault_next_of(v, SLICE_LIT("acme"), first + 1);
	arena_init(&a, VAULTS_ARENA);
	spoil(&v->items[first], &v->items[second], _i);
	ck_assert_uint_eq(vault_at(v, first, NULL, &a, &r, &p), FAULT_VAULT_DAMAGED);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("A record of the vault was tampered with: "
						       "its seal does not fit.")));
	arena_deinit(&a);
}
END_TEST

START_TEST(a_key_that_is_gone_opens_nothing)
{
	struct problem p = {0};
	struct vault_record r;
	struct arena a;
	size_t first = vault_next_of(v, SLICE_LIT("acme"), 0);
	arena_init(&a, VAULTS_ARENA);
	ledger_strike(&v->ledger, v->items[first].entry.owner);
	ck_assert_uint_eq(vault_at(v, first, NULL, &a, &r, &p), FAULT_NOT_FOUND);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("The record's key was struck out.")));
	arena_deinit(&a);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/vault_record");
	TCase *t = tcase_create("vault_record");
	tcase_add_test(t, spaces_are_the_same_in_any_case);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, records_are_found_by_all_of_their_name, 0, COUNT_OF(names));
	tcase_add_test(t, names_too_long_are_nobodys);
	tcase_add_loop_test(t, records_belong_to_a_tenant, VAULT_TENANT, VAULT_HOUSE);
	tcase_add_loop_test(t, what_cannot_be_is_not_put, VAULT_TENANT, VAULT_KINDS);
	tcase_add_test(t, versions_tell_nothing_but_a_change);
	tcase_add_loop_test(t, a_tenants_records_are_walked_through, 0, COUNT_OF(owners));
	tcase_add_loop_test(t, a_record_opens_in_its_place_alone, 0, 8);
	tcase_add_test(t, a_key_that_is_gone_opens_nothing);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
