#include "config/vault/vault.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/vaults.h"

static const struct slice acme = SLICE_INIT("acme");
static struct vault_kdf cheap = {.log_n = VAULTS_LOG_N, .r = 8, .p = 1};

static struct vault *v;
static struct secret *half, *second, *wrong;
static struct vaults_files before, now;

static void setup(void)
{
	v = vaults_sample(vaults_by_credential('k'));
	half = vaults_half('h');
	second = vaults_half('2');
	wrong = vaults_half('w');
	vaults_encode(v, &before);
	buf_init(&now.vault, 0);
	buf_init(&now.ledger, 0);
}

static void teardown(void)
{
	vault_free(&v);
	secret_free(&half);
	secret_free(&second);
	secret_free(&wrong);
	vaults_deinit(&before);
	vaults_deinit(&now);
}

static void save(void)
{
	vaults_deinit(&now);
	vaults_encode(v, &now);
}

static struct vault *opened(const struct vaults_files *files, char credential)
{
	struct problem p = {0};
	struct vault *o = NULL;
	enum fault f = vaults_open(files, vaults_by_credential(credential), &o, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	return o;
}

/* Of the files as they are, and of an older copy of the vault beside the newest ledger. */
static void check_states(unsigned newest, const struct buf *older_vault, unsigned older)
{
	struct vaults_files mixed = {.vault = *older_vault, .ledger = now.ledger};
	ck_assert_uint_eq(vaults_state(v), newest);
	struct vault *o = opened(&now, 'k');
	ck_assert_uint_eq(vaults_state(o), newest);
	vault_free(&o);
	o = opened(&mixed, 'k');
	ck_assert_uint_eq(vaults_state(o), older);
	vault_free(&o);
}

static void must(enum fault f, const struct problem *p)
{
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p->len, p->text);
}

static void check_refused(enum fault f, const struct problem *p, enum fault expected,
			  const char *part)
{
	struct slice said = problem_text(p);
	ck_assert_uint_eq(f, expected);
	ck_assert_msg(p->fault == f && slice_find(said, slice_of_text(part)) < said.len, "%.*s",
		      (int)said.len, said.ptr);
}

/* --- shredding --- */

START_TEST(a_shredded_tenant_is_gone_from_every_copy)
{
	size_t records = 0;
	struct problem p = {0};
	ck_assert_uint_eq(vault_shred(v, acme, &records), FAULT_NONE);
	ck_assert_uint_eq(records, 4);
	ck_assert_uint_eq(vault_shred(v, acme, &records), FAULT_NOT_FOUND);
	save();
	check_states(VAULTS_OTHERS, &before.vault, VAULTS_OTHERS);
	struct vaults_files mixed = {.vault = before.vault, .ledger = now.ledger};
	struct vault *o = opened(&mixed, 'k');
	ck_assert_uint_eq(vault_lost(o), 4);
	ck_assert_uint_eq(vault_count(o), VAULTS_COUNT - 4);
	struct vaults_files next;
	vaults_encode(o, &next);
	ck_assert_uint_eq(vault_lost(o), 0);
	vaults_deinit(&next);
	vault_free(&o);
	/* And the ledger of before is not the one that belongs to the vault. */
	mixed = (struct vaults_files){.vault = now.vault, .ledger = before.ledger};
	enum fault f = vaults_open(&mixed, vaults_by_credential('k'), &o, &p);
	check_refused(f, &p, FAULT_VAULT_ROLLBACK, "older than the vault file beside it");
}
END_TEST

/* With the first ledger of the three files that are written, whether the others come about or not. */
START_TEST(a_shredded_tenant_is_gone_at_once)
{
	size_t records;
	ck_assert_uint_eq(vault_shred(v, acme, &records), FAULT_NONE);
	buf_deinit(&now.ledger);
	buf_init(&now.ledger, VAULT_FILE_MAX);
	ck_assert_uint_eq(vault_encode_ledger(v, false, &now.ledger, NULL), FAULT_NONE);
	struct vaults_files mixed = {.vault = before.vault, .ledger = now.ledger};
	struct vault *o = opened(&mixed, 'k');
	ck_assert_uint_eq(vaults_state(o), VAULTS_OTHERS);
	ck_assert_uint_eq(vault_lost(o), 4);
	vault_free(&o);
}
END_TEST

START_TEST(another_tenant_of_the_name_is_another)
{
	size_t records;
	ck_assert_uint_eq(vault_shred(v, acme, &records), FAULT_NONE);
	save();
	vaults_put_tenant(v, "acme");
	vaults_put_server(v, "acme", "main", NULL);
	save();
	check_states(VAULTS_WHOLE & ~(unsigned)(VAULTS_SETTINGS | VAULTS_OF_TOKEN), &before.vault,
		     VAULTS_OTHERS);
	/* In one go as well. */
	ck_assert_uint_eq(vault_shred(v, acme, &records), FAULT_NONE);
	ck_assert_uint_eq(records, 2);
	vaults_put_tenant(v, "acme");
	save();
	check_states(VAULTS_OTHERS | VAULTS_TENANT, &before.vault, VAULTS_OTHERS);
}
END_TEST

START_TEST(only_tenants_are_shredded)
{
	static const char *const names[] = {"", "nobody", "operator", "main", "acm", "ACME"};
	size_t records;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		ck_assert_uint_eq(vault_shred(v, slice_of_text(names[i]), &records),
				  FAULT_NOT_FOUND);
	}
	save();
	check_states(VAULTS_WHOLE, &before.vault, VAULTS_WHOLE);
}
END_TEST

START_TEST(a_key_without_records_does_not_stay)
{
	struct vault_key_name bare = {VAULT_TENANT, {0}, SLICE_LIT("bare")};
	size_t len = before.ledger.len;
	ck_assert_uint_eq(vault_remove(v, bare), FAULT_NONE);
	save();
	ck_assert_uint_lt(now.ledger.len, len);
	struct vaults_files mixed = {.vault = before.vault, .ledger = now.ledger};
	struct vault *o = opened(&mixed, 'k');
	ck_assert_uint_eq(vaults_find(o, VAULT_TENANT, NULL, "bare", NULL), FAULT_NOT_FOUND);
	vault_free(&o);
}
END_TEST

/* --- halves --- */

static void split(void)
{
	struct problem p = {0};
	must(vault_split(v, acme, half, &p), &p);
	save();
}

START_TEST(secrets_open_with_the_half_alone)
{
	split();
	check_states(VAULTS_BY_H, &before.vault, VAULTS_OTHERS);
	ck_assert_uint_eq(vaults_find(v, VAULT_SERVER, "acme", "main", wrong), FAULT_KEY_HALF);
	ck_assert_uint_eq(vaults_find(v, VAULT_SERVER, "acme", "main", NULL), FAULT_KEY_HALF);
	ck_assert(!vault_is_split(v, SLICE_LIT("bare")));
	ck_assert(!vault_is_split(v, SLICE_LIT("")));
	for (size_t i = 0; i < vault_count(v); i++) {
		struct vault_record r;
		struct arena a;
		arena_init(&a, VAULTS_ARENA);
		enum fault f = vault_at(v, i, NULL, &a, &r, NULL);
		ck_assert_uint_eq(f, vault_needs_half_at(v, i) ? FAULT_KEY_HALF : FAULT_NONE);
		if (f == FAULT_NONE) {
			vault_record_deinit(&r);
		}
		arena_deinit(&a);
	}
}
END_TEST

START_TEST(servers_are_put_with_the_half)
{
	struct problem p = {0};
	split();
	struct vault_record r = vaults_server("acme", "main", "other");
	const struct secret *bad[] = {NULL, wrong, second};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		check_refused(vault_put(v, &r, bad[i], &p), &p, FAULT_KEY_HALF, "half");
	}
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT);
	ck_assert_uint_eq(vaults_state(v), VAULTS_BY_H);
	must(vault_put(v, &r, half, &p), &p);
	vault_record_deinit(&r);
	vaults_put_server(v, "acme", "more", half);
	vaults_put_server(v, "bare", "more",
			  wrong); /* it has none: what is given is not looked at */
	vaults_put_tenant(v, "acme");
	save();
	check_states(VAULTS_BY_H, &before.vault, VAULTS_OTHERS);
	ck_assert_uint_eq(vaults_find(v, VAULT_SERVER, "acme", "more", NULL), FAULT_KEY_HALF);
	ck_assert_uint_eq(vaults_find(v, VAULT_SERVER, "bare", "more", NULL), FAULT_NONE);
}
END_TEST

START_TEST(a_half_waits_for_the_first_server)
{
	struct problem p = {0};
	struct vault_record r = vaults_server("bare", "first", "x");
	must(vault_split(v, SLICE_LIT("bare"), half, &p), &p);
	save();
	struct vault *o = opened(&now, 'k');
	ck_assert(vault_is_split(o, SLICE_LIT("bare")));
	check_refused(vault_put(o, &r, NULL, &p), &p, FAULT_KEY_HALF, "X-Pagepost-Key");
	must(vault_put(o, &r, half, &p), &p);
	vault_record_deinit(&r);
	vault_free(&o);
}
END_TEST

START_TEST(what_cannot_be_split_is_told)
{
	struct problem p = {0};
	struct secret *brief, *lengthy;
	ck_assert_uint_eq(secret_new(SLICE_LIT("31 bytes are not enough for it."), &brief),
			  FAULT_NONE);
	ck_assert_uint_eq(secret_new(SLICE_LIT("33 bytes are more than it can be."), &lengthy),
			  FAULT_NONE);
	const struct secret *bad[] = {NULL, brief, lengthy};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		check_refused(vault_split(v, acme, bad[i], &p), &p, FAULT_BAD_RECORD,
			      "has 32 bytes");
	}
	check_refused(vault_split(v, SLICE_LIT("nobody"), half, &p), &p, FAULT_NOT_FOUND,
		      "no such tenant");
	check_refused(vault_split(v, SLICE_LIT(""), half, &p), &p, FAULT_NOT_FOUND,
		      "no such tenant");
	check_refused(vault_add_half(v, acme, half, second, &p), &p, FAULT_NOT_FOUND,
		      "holds no half");
	check_refused(vault_keep_half(v, acme, half, &p), &p, FAULT_NOT_FOUND, "holds no half");
	check_refused(vault_unsplit(v, acme, half, &p), &p, FAULT_NOT_FOUND, "holds no half");
	check_refused(vault_unsplit(v, SLICE_LIT("nobody"), half, &p), &p, FAULT_NOT_FOUND,
		      "no such tenant");
	ck_assert_uint_eq(vault_check_half(v, acme, NULL, &p), FAULT_NONE);
	save();
	check_states(VAULTS_WHOLE, &before.vault, VAULTS_WHOLE);
	split();
	check_refused(vault_split(v, acme, second, &p), &p, FAULT_CONFLICT, "already");
	check_refused(vault_check_half(v, acme, NULL, &p), &p, FAULT_KEY_HALF, "32 bytes");
	check_refused(vault_check_half(v, acme, wrong, &p), &p, FAULT_KEY_HALF, "not the one");
	check_refused(vault_add_half(v, acme, wrong, second, &p), &p, FAULT_KEY_HALF,
		      "not the one");
	check_refused(vault_add_half(v, acme, half, brief, &p), &p, FAULT_BAD_RECORD, "32 bytes");
	check_refused(vault_keep_half(v, acme, second, &p), &p, FAULT_KEY_HALF, "not the one");
	check_refused(vault_unsplit(v, acme, wrong, &p), &p, FAULT_KEY_HALF, "not the one");
	ck_assert_uint_eq(vault_check_half(v, acme, half, &p), FAULT_NONE);
	save();
	check_states(VAULTS_BY_H, &before.vault, VAULTS_OTHERS);
	secret_free(&brief);
	secret_free(&lengthy);
}
END_TEST

START_TEST(one_half_follows_the_other)
{
	struct problem p = {0};
	struct buf of_first;
	split();
	buf_init(&of_first, VAULT_FILE_MAX);
	ck_assert_uint_eq(buf_add(&of_first, buf_view(&now.vault)), FAULT_NONE);
	must(vault_add_half(v, acme, half, second, &p), &p);
	save();
	check_states(VAULTS_BY_BOTH, &of_first, VAULTS_BY_BOTH);
	must(vault_keep_half(v, acme, second, &p), &p);
	save();
	check_states(VAULTS_BY_2, &of_first, VAULTS_BY_2);
	check_refused(vault_keep_half(v, acme, half, &p), &p, FAULT_KEY_HALF, "not the one");
	buf_deinit(&of_first);
}
END_TEST

START_TEST(a_half_is_given_back)
{
	struct problem p = {0};
	struct buf of_half;
	split();
	buf_init(&of_half, VAULT_FILE_MAX);
	ck_assert_uint_eq(buf_add(&of_half, buf_view(&now.vault)), FAULT_NONE);
	must(vault_unsplit(v, acme, half, &p), &p);
	save();
	check_states(VAULTS_WHOLE, &before.vault, VAULTS_OTHERS);
	/* The servers of the copy need a key that is struck out: even with the half they do not open. */
	check_states(VAULTS_WHOLE, &of_half, VAULTS_OTHERS | VAULTS_PLAIN);
	must(vault_split(v, acme, second, &p), &p);
	save();
	check_states(VAULTS_BY_2, &of_half, VAULTS_OTHERS);
	buf_deinit(&of_half);
}
END_TEST

START_TEST(a_split_tenant_is_shredded_without_its_half)
{
	size_t records;
	split();
	ck_assert_uint_eq(vault_shred(v, acme, &records), FAULT_NONE);
	ck_assert_uint_eq(records, 4);
	ck_assert(!vault_is_split(v, acme));
	save();
	check_states(VAULTS_OTHERS, &before.vault, VAULTS_OTHERS);
}
END_TEST

/* --- another master key --- */

static void rotate(char credential)
{
	struct problem p = {0};
	struct vault_unlock unlocks[] = {*vaults_by_credential(credential),
					 *vaults_by_phrase(VAULTS_PHRASE)};
	must(vault_rotate(v, unlocks, COUNT_OF(unlocks), cheap, &p), &p);
}

START_TEST(the_old_master_key_opens_nothing)
{
	struct problem p = {0};
	struct vault *o = NULL;
	split();
	struct vaults_files split_files = now;
	buf_init(&now.vault, 0);
	buf_init(&now.ledger, 0);
	uint64_t generation = vault_generation(v);
	rotate('l');
	save();
	ck_assert_uint_eq(vault_generation(v), generation + 1);
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT);
	ck_assert_uint_eq(vaults_state(v), VAULTS_BY_H);
	enum fault f = vaults_open(&now, vaults_by_credential('k'), &o, &p);
	check_refused(f, &p, FAULT_VAULT_LOCKED, "does not open this vault");
	o = opened(&now, 'l');
	ck_assert_uint_eq(vaults_state(o), VAULTS_BY_H);
	vault_free(&o);
	ck_assert_uint_eq(vaults_open(&now, vaults_by_phrase(VAULTS_PHRASE), &o, &p), FAULT_NONE);
	vault_free(&o);
	struct buf *copies[] = {&before.vault, &split_files.vault};
	for (size_t i = 0; i < COUNT_OF(copies); i++) {
		struct vaults_files mixed = {.vault = *copies[i], .ledger = now.ledger};
		f = vaults_open(&mixed, vaults_by_credential('k'), &o, &p);
		check_refused(f, &p, FAULT_VAULT_DAMAGED, "another master key");
	}
	vaults_deinit(&split_files);
}
END_TEST

START_TEST(rotation_keeps_names)
{
	struct vault_key_name split_server = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	struct vault_key_name tenant = {VAULT_TENANT, {0}, SLICE_LIT("acme")};
	struct vault_key_name operators = {VAULT_SERVER, {0}, SLICE_LIT("operator")};
	split();
	uint32_t kept = vault_version(v, split_server);
	uint32_t tenant_before = vault_version(v, tenant);
	uint32_t operators_before = vault_version(v, operators);
	rotate('k');
	save();
	ck_assert_uint_eq(vault_version(v, split_server), kept); /* nobody could open it */
	ck_assert_uint_ne(vault_version(v, tenant), tenant_before);
	ck_assert_uint_ne(vault_version(v, operators), operators_before);
	vaults_put_tenant(v, "fresh");
	vaults_put_server(v, "acme", "main", half);
	save();
	check_states(VAULTS_BY_H | VAULTS_FRESH, &now.vault, VAULTS_BY_H | VAULTS_FRESH);
}
END_TEST

START_TEST(two_rotations_are_one)
{
	struct buf ledger, vault;
	struct vault *o;
	rotate('l');
	rotate('m');
	buf_init(&ledger, VAULT_FILE_MAX);
	buf_init(&vault, VAULT_FILE_MAX);
	ck_assert_uint_eq(vault_encode_ledger(v, false, &ledger, NULL), FAULT_NONE);
	/* Those who hold the file of before read on. */
	struct vaults_files mixed = {.vault = before.vault, .ledger = ledger};
	o = opened(&mixed, 'k');
	ck_assert_uint_eq(vaults_state(o), VAULTS_WHOLE);
	vault_free(&o);
	ck_assert_uint_eq(vault_encode(v, &vault, NULL), FAULT_NONE);
	mixed = (struct vaults_files){.vault = vault, .ledger = ledger};
	o = opened(&mixed, 'm');
	ck_assert_uint_eq(vaults_state(o), VAULTS_WHOLE);
	vault_free(&o);
	buf_deinit(&ledger);
	buf_deinit(&vault);
}
END_TEST

/* What runs follows by what opened it; without that, or by another, it serves what it has. */
START_TEST(a_running_vault_follows)
{
	struct problem p = {0};
	struct vault *running;
	split();
	running = opened(&now, 'k');
	rotate('k');
	save();
	enum fault f = vault_refresh(running, buf_view(&now.vault), buf_view(&now.ledger), NULL,
				     &p);
	check_refused(f, &p, FAULT_VAULT_DAMAGED, "tampered");
	ck_assert_uint_eq(vaults_state(running), VAULTS_BY_H);
	f = vault_refresh(running, buf_view(&now.vault), buf_view(&now.ledger),
			  vaults_by_credential('x'), &p);
	check_refused(f, &p, FAULT_VAULT_LOCKED, "does not open");
	ck_assert_uint_eq(vaults_state(running), VAULTS_BY_H);
	/* The ledger is missing: the new master key is not taken to the old records. */
	f = vault_refresh(running, buf_view(&now.vault), (struct slice){0},
			  vaults_by_credential('k'), &p);
	check_refused(f, &p, FAULT_VAULT_MISSING, "is missing");
	ck_assert_uint_eq(vaults_state(running), VAULTS_BY_H);
	f = vault_refresh(running, buf_view(&now.vault), buf_view(&now.ledger),
			  vaults_by_credential('k'), &p);
	must(f, &p);
	ck_assert_uint_eq(vaults_state(running), VAULTS_BY_H);
	ck_assert_uint_eq(vault_generation(running), vault_generation(v));
	vault_free(&running);
}
END_TEST

/* --- without a ledger --- */

START_TEST(a_portable_vault_is_one_file)
{
	struct vault *portable, *o;
	struct buf file;
	size_t records;
	struct problem p = {0};
	must(vault_create_portable(vaults_by_credential('k'), cheap, &portable, &p), &p);
	vaults_put_tenant(portable, "acme");
	vaults_put_server(portable, "acme", "main", NULL);
	vaults_put_tenant(portable, "other");
	ck_assert(!vault_needs_ledger(portable));
	buf_init(&file, VAULT_FILE_MAX);
	must(vault_encode(portable, &file, &p), &p);
	ck_assert(!vault_has_retired_keys(portable));
	must(vault_open(buf_view(&file), (struct slice){0}, vaults_by_credential('k'), &o, &p), &p);
	ck_assert_uint_eq(vaults_find(o, VAULT_SERVER, "acme", "main", NULL), FAULT_NONE);
	ck_assert(!vault_is_split(o, acme));
	check_refused(vault_split(o, acme, half, &p), &p, FAULT_NOT_FOUND, "no such tenant");
	check_refused(vault_rotate(o, vaults_by_credential('l'), 1, cheap, &p), &p, FAULT_CONFLICT,
		      "no keys to change");
	ck_assert_uint_eq(vault_shred(o, acme, &records), FAULT_NONE);
	ck_assert_uint_eq(records, 2);
	ck_assert(!vault_needs_ledger(o));
	ck_assert_uint_eq(vaults_find(o, VAULT_TENANT, NULL, "other", NULL), FAULT_NONE);
	vault_free(&portable);
	vault_free(&o);
	buf_deinit(&file);
}
END_TEST

/* --- no memory --- */

static enum fault do_one(int which, const struct vault_unlock *unlock)
{
	size_t records;
	switch (which) {
	case 0:
		return vault_shred(v, SLICE_LIT("bare"), &records);
	case 1:
		return vault_split(v, SLICE_LIT("bare"), half, NULL);
	case 2:
		return vault_unsplit(v, acme, half, NULL);
	case 3:
		return vault_add_half(v, acme, half, second, NULL);
	case 4:
		return vault_keep_half(v, acme, half, NULL);
	default:
		return vault_rotate(v, unlock, 1, cheap, NULL);
	}
}

/* A change that failed is undone from the files. The operator's record is left out: libconfig wants its memory. */
START_TEST(a_failing_allocation_is_undone)
{
	struct vault_key_name operators = {VAULT_SERVER, {0}, SLICE_LIT("operator")};
	unsigned expected = VAULTS_BY_H & ~(unsigned)VAULTS_OTHERS;
	const struct vault_unlock *unlock = vaults_by_credential('l');
	struct problem p = {0};
	ck_assert_uint_eq(vault_remove(v, operators), FAULT_NONE);
	split();
	for (unsigned n = 1;; n++) {
		oom_arm(n);
		enum fault f = do_one(_i, unlock);
		bool failed = oom_disarm();
		if (f == FAULT_NONE) {
			break;
		}
		/* Without memory a tenant's name is not known. */
		ck_assert(failed &&
			  (f == FAULT_NO_MEMORY || f == FAULT_SYSTEM || f == FAULT_NOT_FOUND));
		f = vault_revert(v, buf_view(&now.vault), buf_view(&now.ledger),
				 vaults_by_credential('k'), &p);
		must(f, &p);
		ck_assert_uint_eq(vaults_state(v), expected);
		ck_assert_uint_eq(vaults_find(v, VAULT_TENANT, NULL, "bare", NULL), FAULT_NONE);
		ck_assert(!vault_needs_ledger(v));
		ck_assert(!vault_has_retired_keys(v));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/vault_keys");
	TCase *t = tcase_create("vault_keys");
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_shredded_tenant_is_gone_from_every_copy);
	tcase_add_test(t, a_shredded_tenant_is_gone_at_once);
	tcase_add_test(t, another_tenant_of_the_name_is_another);
	tcase_add_test(t, only_tenants_are_shredded);
	tcase_add_test(t, a_key_without_records_does_not_stay);
	tcase_add_test(t, secrets_open_with_the_half_alone);
	tcase_add_test(t, servers_are_put_with_the_half);
	tcase_add_test(t, a_half_waits_for_the_first_server);
	tcase_add_test(t, what_cannot_be_split_is_told);
	tcase_add_test(t, one_half_follows_the_other);
	tcase_add_test(t, a_half_is_given_back);
	tcase_add_test(t, a_split_tenant_is_shredded_without_its_half);
	tcase_add_test(t, the_old_master_key_opens_nothing);
	tcase_add_test(t, rotation_keeps_names);
	tcase_add_test(t, two_rotations_are_one);
	tcase_add_test(t, a_running_vault_follows);
	tcase_add_test(t, a_portable_vault_is_one_file);
	tcase_add_loop_test(t, a_failing_allocation_is_undone, 0, 6);
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
