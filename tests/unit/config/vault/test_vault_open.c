#include "config/vault/vault.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

static const unsigned char format_1[] = {
#include "tests/unit/config/vault/format_1.def"
};
static const struct slice old_file = {(const char *)format_1, sizeof(format_1)};

static struct vault *sample;
static struct vaults_files files;

static void setup(void)
{
	sample = vaults_sample(vaults_by_credential('k'));
	vaults_encode(sample, &files);
}

static void teardown(void)
{
	vault_free(&sample);
	vaults_deinit(&files);
}

static void check_refused(enum fault f, const struct problem *p, enum fault expected,
			  const char *part)
{
	struct slice said = problem_text(p);
	ck_assert_uint_eq(f, expected);
	ck_assert_msg(p->fault == f && slice_find(said, slice_of_text(part)) < said.len, "%.*s",
		      (int)said.len, said.ptr);
}

static void must(enum fault f, const struct problem *p)
{
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p->len, p->text);
}

static enum fault open_both(struct slice vault, struct slice ledger, struct vault **out,
			    struct problem *p)
{
	return vault_open(vault, ledger, vaults_by_credential('k'), out, p);
}

START_TEST(refresh_takes_only_what_is_newer)
{
	struct vaults_files first, second, fork, foreign;
	struct problem p = {0};
	const struct vault_unlock *u = vaults_by_credential('k');
	struct vault *v = vaults_sample(u);
	struct vault *running;
	vaults_encode(v, &first);
	vaults_encode(v, &second);
	ck_assert_uint_eq(vaults_open(&first, u, &running, &p), FAULT_NONE);
	ck_assert_uint_eq(vaults_refresh(&first, running, &p), FAULT_NONE);
	ck_assert_uint_eq(vaults_refresh(&second, running, &p), FAULT_NONE);
	ck_assert_uint_eq(vault_generation(running), 2);
	ck_assert_uint_eq(vaults_refresh(&first, running, &p), FAULT_VAULT_ROLLBACK);
	ck_assert_uint_eq(vault_generation(running), 2);

	/* Two commands that both began with generation 1: the second file of number 2 is not the one known. */
	vault_free(&v);
	ck_assert_uint_eq(vaults_open(&first, u, &v, &p), FAULT_NONE);
	struct vault_key_name bare = {VAULT_TENANT, {0}, SLICE_LIT("bare")};
	ck_assert_uint_eq(vault_remove(v, bare), FAULT_NONE);
	vaults_encode(v, &fork);
	ck_assert_uint_eq(vaults_refresh(&fork, running, &p), FAULT_VAULT_ROLLBACK);
	vault_free(&v);

	v = vaults_sample(u);
	vaults_encode(v, &foreign);
	ck_assert_uint_eq(vaults_refresh(&foreign, running, &p), FAULT_VAULT_ROLLBACK);
	second.vault.ptr[second.vault.len / 2] ^= 1;
	ck_assert_uint_eq(vaults_refresh(&second, running, &p), FAULT_VAULT_DAMAGED);
	ck_assert_uint_eq(vaults_state(running), VAULTS_WHOLE);
	vault_free(&v);
	vault_free(&running);
	vaults_deinit(&first);
	vaults_deinit(&second);
	vaults_deinit(&fork);
	vaults_deinit(&foreign);
}
END_TEST

/* _i: opened, or taken by a vault that runs. */
START_TEST(the_ledger_must_be_the_vaults_own)
{
	struct problem p = {0};
	struct vault *o = NULL;
	struct vaults_files foreign, next;
	struct vault *other = vaults_sample(vaults_by_credential('k'));
	vaults_encode(other, &foreign);
	vault_free(&other);
	vaults_put_tenant(sample, "fresh");
	vaults_encode(sample, &next);
	must(vaults_open(&files, vaults_by_credential('k'), &o, &p), &p);
	const struct {
		struct slice ledger;
		enum fault fault;
		const char *part;
	} rows[] = {
		{{0}, FAULT_VAULT_MISSING, "(its name with .keys behind it) is missing"},
		{buf_view(&foreign.ledger), FAULT_VAULT_DAMAGED, "another vault's"},
		{buf_view(&files.ledger), FAULT_VAULT_ROLLBACK,
		 "older than the vault file beside it"},
		{slice_first(buf_view(&next.ledger), next.ledger.len - 1), FAULT_VAULT_DAMAGED,
		 "checksum"},
		{buf_view(&next.vault), FAULT_VAULT_DAMAGED, "not the key ledger"},
		{SLICE_LIT("x"), FAULT_VAULT_DAMAGED, "cut short"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct vault *fresh = NULL;
		enum fault f = _i == 0 ? open_both(buf_view(&next.vault), rows[i].ledger, &fresh,
						   &p)
				       : vault_refresh(o, buf_view(&next.vault), rows[i].ledger,
						       vaults_by_credential('k'), &p);
		check_refused(f, &p, rows[i].fault, rows[i].part);
		ck_assert_ptr_null(fresh);
		ck_assert_uint_eq(vaults_state(o), VAULTS_WHOLE);
		ck_assert_uint_eq(vault_generation(o), 1);
	}
	vault_free(&o);
	vaults_deinit(&foreign);
	vaults_deinit(&next);
}
END_TEST

START_TEST(an_older_ledger_than_was_seen_is_not_taken)
{
	struct problem p = {0};
	struct vault *o;
	struct buf later;
	must(vaults_open(&files, vaults_by_credential('k'), &o, &p), &p);
	vaults_put_tenant(sample, "another");
	buf_init(&later, VAULT_FILE_MAX);
	must(vault_encode_ledger(sample, false, &later, &p), &p);
	must(vault_refresh(o, buf_view(&files.vault), buf_view(&later), NULL, &p), &p);
	check_refused(vaults_refresh(&files, o, &p), &p, FAULT_VAULT_ROLLBACK,
		      "older than the one seen before");
	ck_assert_uint_eq(vaults_state(o), VAULTS_WHOLE);
	must(vault_revert(o, buf_view(&files.vault), buf_view(&files.ledger), NULL, &p), &p);
	ck_assert_uint_eq(vaults_state(o), VAULTS_WHOLE);
	buf_deinit(&later);
	vault_free(&o);
}
END_TEST

START_TEST(a_change_is_undone)
{
	struct problem p = {0};
	size_t records;
	ck_assert_uint_eq(vault_shred(sample, SLICE_LIT("acme"), &records), FAULT_NONE);
	vaults_put_tenant(sample, "fresh");
	must(vault_revert(sample, buf_view(&files.vault), buf_view(&files.ledger), NULL, &p), &p);
	ck_assert_uint_eq(vaults_state(sample), VAULTS_WHOLE);
	ck_assert(!vault_needs_ledger(sample));
}
END_TEST

/* What was left by a change that was cut off lives neither now nor by the next change. */
START_TEST(keys_of_a_change_that_was_cut_off_are_dropped)
{
	struct problem p = {0};
	struct buf ledger;
	struct vault *o;
	struct secret *half = vaults_half('h');
	struct vaults_files next;
	must(vault_split(sample, SLICE_LIT("acme"), half, &p), &p);
	buf_init(&ledger, VAULT_FILE_MAX);
	must(vault_encode_ledger(sample, false, &ledger, &p), &p);
	must(open_both(buf_view(&files.vault), buf_view(&ledger), &o, &p), &p);
	ck_assert_uint_eq(vaults_state(o), VAULTS_WHOLE);
	ck_assert(vault_needs_ledger(o));
	vaults_put_server(o, "acme", "more", NULL);
	vaults_encode(o, &next);
	ck_assert(!vault_needs_ledger(o));
	vault_free(&o);
	must(vaults_open(&next, vaults_by_credential('k'), &o, &p), &p);
	ck_assert_uint_eq(vaults_state(o), VAULTS_WHOLE);
	ck_assert_uint_eq(vaults_find(o, VAULT_SERVER, "acme", "more", NULL), FAULT_NONE);
	ck_assert(!vault_needs_ledger(o));
	ck_assert_uint_eq(next.ledger.len, files.ledger.len);
	vault_free(&o);
	secret_free(&half);
	buf_deinit(&ledger);
	vaults_deinit(&next);
}
END_TEST

/* --- a file of the first release --- */

static void check_old(const struct vault *o)
{
	struct vault_record r;
	struct arena a;
	struct problem p = {0};
	struct vault_key_name settings = {VAULT_SETTINGS, SLICE_LIT("acme"), {0}};
	struct vault_key_name server = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	struct vault_key_name tenant = {VAULT_TENANT, {0}, SLICE_LIT("acme")};
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(vault_count(o), 6); /* one more than there were: acme's settings */
	must(vault_find(o, settings, NULL, &a, &r, &p), &p);
	ck_assert(slice_eq(r.settings.from_address, SLICE_LIT("wiki@acme.example")));
	ck_assert(slice_eq(r.settings.from_name, SLICE_LIT("Acme")));
	ck_assert(slice_eq(r.settings.subject_prefix, SLICE_LIT("[Wiki] ")));
	ck_assert(slice_eq(r.settings.button_label, SLICE_LIT("Open")));
	ck_assert(slice_eq(r.settings.default_server, SLICE_LIT("main")));
	must(vault_find(o, tenant, NULL, &a, &r, &p), &p);
	ck_assert_uint_eq(r.tenant.before.from_name.len, 0);
	ck_assert_uint_eq(r.tenant.created.len, 24);
	must(vault_find(o, server, NULL, &a, &r, &p), &p);
	ck_assert(secret_eq(r.server.password, SLICE_LIT("hidden")));
	vault_record_deinit(&r);
	arena_deinit(&a);
	ck_assert_uint_eq(vaults_find(o, VAULT_SERVER, NULL, "operator", NULL), FAULT_NONE);
	ck_assert_uint_eq(vaults_find(o, VAULT_TENANT, NULL, "bare", NULL), FAULT_NONE);
	ck_assert_uint_eq(vaults_find(o, VAULT_SETTINGS, "bare", NULL, NULL), FAULT_NOT_FOUND);
	ck_assert_uint_eq(vaults_find_token(o, "pp_h3p-q7dvQlUjq1qlDX0nAPrqjS207WnaF-WnVPS-v0U"),
			  FAULT_NONE);
}

START_TEST(a_file_of_before_is_read_and_written_anew)
{
	struct problem p = {0};
	struct vault *o, *again, *running;
	struct vaults_files next;
	struct slice none = {0};
	must(open_both(old_file, none, &o, &p), &p);
	must(open_both(old_file, none, &running, &p), &p);
	check_old(o);
	ck_assert_uint_eq(vault_generation(o), 6);
	ck_assert_uint_eq(vault_lost(o), 0);
	ck_assert(vault_needs_ledger(o));
	vaults_encode(o, &next);
	ck_assert_uint_eq(vault_generation(o), 7);
	check_old(o);
	must(vaults_open(&next, vaults_by_credential('k'), &again, &p), &p);
	check_old(again);
	vault_free(&again);
	/* What runs with the old file follows, and does not go back. */
	must(vaults_refresh(&next, running, &p), &p);
	check_old(running);
	check_refused(vault_refresh(running, old_file, buf_view(&next.ledger), NULL, &p), &p,
		      FAULT_VAULT_ROLLBACK, "older generation");
	check_old(running);
	/* The new one needs its ledger as any. */
	check_refused(open_both(buf_view(&next.vault), none, &again, &p), &p, FAULT_VAULT_MISSING,
		      "is missing");
	vault_free(&o);
	vault_free(&running);
	vaults_deinit(&next);
}
END_TEST

START_TEST(a_file_of_before_is_refused_as_any)
{
	struct problem p = {0};
	struct vault *o = NULL;
	unsigned char bytes[sizeof(format_1)];
	for (size_t at = 0; at < sizeof(bytes); at += 7) {
		memcpy(bytes, format_1, sizeof(bytes));
		bytes[at] ^= 4;
		enum fault f = open_both(slice_of(bytes, sizeof(bytes)), (struct slice){0}, &o, &p);
		ck_assert_msg(f == FAULT_VAULT_DAMAGED || f == FAULT_VAULT_VERSION, "byte %zu", at);
		f = open_both(slice_of(bytes, at), (struct slice){0}, &o, &p);
		ck_assert_uint_eq(f, FAULT_VAULT_DAMAGED);
	}
	check_refused(vault_open(old_file, (struct slice){0}, vaults_by_credential('l'), &o, &p),
		      &p, FAULT_VAULT_LOCKED, "does not open this vault");
}
END_TEST

/* An upgrade that was cut off leaves a ledger behind, and may be done again; a later ledger is of later vaults. */
START_TEST(a_file_of_before_does_not_take_the_place_of_later_ones)
{
	struct problem p = {0};
	struct vault *o, *again = NULL;
	struct vaults_files first, later;
	must(open_both(old_file, (struct slice){0}, &o, &p), &p);
	vaults_encode(o, &first);
	must(open_both(old_file, buf_view(&first.ledger), &again, &p), &p);
	check_old(again);
	vault_free(&again);
	vaults_put_tenant(o, "fresh");
	vaults_encode(o, &later);
	check_refused(open_both(old_file, buf_view(&later.ledger), &again, &p), &p,
		      FAULT_VAULT_ROLLBACK, "of before there was one");
	check_refused(open_both(old_file, buf_view(&files.ledger), &again, &p), &p,
		      FAULT_VAULT_DAMAGED, "another vault's");
	check_refused(open_both(old_file, slice_first(buf_view(&first.ledger), 99), &again, &p), &p,
		      FAULT_VAULT_DAMAGED, "cut short");
	vault_free(&o);
	vaults_deinit(&first);
	vaults_deinit(&later);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/vault_open");
	TCase *t = tcase_create("vault_open");
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, refresh_takes_only_what_is_newer);
	tcase_add_loop_test(t, the_ledger_must_be_the_vaults_own, 0, 2);
	tcase_add_test(t, an_older_ledger_than_was_seen_is_not_taken);
	tcase_add_test(t, a_change_is_undone);
	tcase_add_test(t, keys_of_a_change_that_was_cut_off_are_dropped);
	tcase_add_test(t, a_file_of_before_is_read_and_written_anew);
	tcase_add_test(t, a_file_of_before_is_refused_as_any);
	tcase_add_test(t, a_file_of_before_does_not_take_the_place_of_later_ones);
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
