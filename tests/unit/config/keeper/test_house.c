#include "config/keeper/house.h"

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

enum { DAY = 24 * 3600 * 1000 };

static struct vault *vault;
static struct house house;
static struct arena arena;
static const struct civil noon = {.ms = INT64_C(1795953600000)}; /* 2026-11-29T12:00:00Z */

static void setup(void)
{
	vault = vaults_sample(vaults_by_credential('k'));
	arena_init(&arena, VAULTS_ARENA);
}

static void teardown(void)
{
	house_deinit(&house);
	house_deinit(&house);
	arena_deinit(&arena);
	vault_free(&vault);
}

static struct civil at(int64_t ms)
{
	return (struct civil){.ms = noon.ms + ms};
}

static void note(const char *token, struct civil when)
{
	unsigned char hash[32];
	char hex[64];
	vaults_hash(token, hash, hex);
	house_note_use(&house, slice_of(hash, sizeof(hash)), when);
}

static struct slice last_used(const char *token)
{
	unsigned char hash[32];
	static char hex[64];
	struct vault_record r;
	vaults_hash(token, hash, hex);
	struct vault_key_name name = {VAULT_TOKEN, {0}, slice_of(hex, sizeof(hex))};
	ck_assert_uint_eq(vault_find(vault, name, NULL, &arena, &r, NULL), FAULT_NONE);
	return r.token.last_used;
}

static size_t write_uses(void)
{
	size_t changed = 99;
	ck_assert_uint_eq(house_write_uses(&house, vault, &changed), FAULT_NONE);
	house_uses_are_saved(&house);
	return changed;
}

START_TEST(a_day_is_written_once)
{
	ck_assert(!house_has_news(&house));
	ck_assert_uint_eq(write_uses(), 0);
	note(VAULTS_TOKEN, noon);
	note(VAULTS_TOKEN, at(1000));
	ck_assert(house_has_news(&house));
	ck_assert_uint_eq(write_uses(), 1);
	ck_assert(!house_has_news(&house));
	ck_assert(slice_eq(last_used(VAULTS_TOKEN), SLICE_LIT("2026-11-29")));
	ck_assert_uint_eq(last_used(VAULTS_SLEEPER).len, 0);
	note(VAULTS_TOKEN, at(2000));
	ck_assert(!house_has_news(&house));
	note(VAULTS_TOKEN, at(DAY));
	note(VAULTS_SLEEPER, at(DAY));
	ck_assert_uint_eq(write_uses(), 2);
	ck_assert(slice_eq(last_used(VAULTS_TOKEN), SLICE_LIT("2026-11-30")));
	ck_assert(slice_eq(last_used(VAULTS_SLEEPER), SLICE_LIT("2026-11-30")));
}
END_TEST

/* The vault went back to what its files say: the same is to be written again. */
START_TEST(what_is_not_saved_stays_news)
{
	size_t changed;
	note(VAULTS_TOKEN, noon);
	ck_assert_uint_eq(house_write_uses(&house, vault, &changed), FAULT_NONE);
	ck_assert_uint_eq(changed, 1);
	ck_assert(house_has_news(&house));
	vault_free(&vault);
	vault = vaults_sample(vaults_by_credential('k'));
	ck_assert_uint_eq(write_uses(), 1);
	ck_assert(!house_has_news(&house));
	ck_assert(slice_eq(last_used(VAULTS_TOKEN), SLICE_LIT("2026-11-29")));
}
END_TEST

/* Noted a moment before midnight, written after it. */
START_TEST(a_day_that_ends_before_it_is_written_is_not_lost)
{
	note(VAULTS_TOKEN, noon);
	note(VAULTS_SLEEPER, noon);
	note(VAULTS_SLEEPER, at(DAY));
	ck_assert_uint_eq(write_uses(), 2);
	ck_assert(slice_eq(last_used(VAULTS_TOKEN), SLICE_LIT("2026-11-29")));
	ck_assert(slice_eq(last_used(VAULTS_SLEEPER), SLICE_LIT("2026-11-30")));
	note(VAULTS_SLEEPER, at(DAY));
	ck_assert_uint_eq(write_uses(), 0);
	ck_assert_uint_eq(house.count, 1); /* of the new day alone */
}
END_TEST

START_TEST(a_keeper_that_starts_anew_writes_no_day_twice)
{
	note(VAULTS_TOKEN, noon);
	ck_assert_uint_eq(write_uses(), 1);
	house_deinit(&house);
	note(VAULTS_TOKEN, at(1000));
	ck_assert_uint_eq(write_uses(), 0);
}
END_TEST

START_TEST(what_is_no_token_is_passed_over)
{
	house_note_use(&house, SLICE_LIT("too short"), noon);
	ck_assert(!house_has_news(&house));
	note("pp_revoked meanwhile", noon);
	ck_assert_uint_eq(write_uses(), 0);
	ck_assert(!house_has_news(&house));
}
END_TEST

START_TEST(more_than_fit_are_noted_another_time)
{
	unsigned char hash[32] = {0};
	for (unsigned i = 0; i < HOUSE_USES + 100; i++) {
		hash[2] = (unsigned char)(i & 0xFF); /* all of them want the same place */
		hash[3] = (unsigned char)(i >> 8);
		house_note_use(&house, slice_of(hash, sizeof(hash)), noon);
	}
	ck_assert_uint_eq(house.count, HOUSE_USES);
	ck_assert_uint_eq(write_uses(), 0);
}
END_TEST

static void uninstall(const char *id, const char *since)
{
	struct vault_record r;
	struct vault_key_name name = {VAULT_TENANT, {0}, slice_of_text(id)};
	ck_assert_uint_eq(vault_find(vault, name, NULL, &arena, &r, NULL), FAULT_NONE);
	r.tenant.state = VAULT_UNINSTALLED;
	r.tenant.uninstalled = slice_of_text(since);
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
}

static const struct {
	const char *since;
	uint64_t retention_ms;
	int64_t now_ms; /* past noon */
	bool goes;
} sweeps[] = {
	{"2026-11-29T12:00:00.000Z", 0, 0, true},
	{"2026-11-29T12:00:00.000Z", 1000, 999, false},
	{"2026-11-29T12:00:00.000Z", 1000, 1000, true},
	{"2026-11-29T12:00:00.000Z", UINT64_C(30) * DAY, INT64_C(30) * DAY - 1, false},
	{"2026-11-29T12:00:00.000Z", UINT64_C(30) * DAY, INT64_C(30) * DAY, true},
	{"2026-11-29T13:00:00.000Z", 0, 0, false}, /* a clock that was put back */
	{"some day", 0, 0, false},
	{"", 0, 0, false},
};

START_TEST(what_was_uninstalled_long_ago_goes)
{
	struct house_gone gone;
	struct vault_record r;
	struct vault_key_name server = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	uninstall("acme", sweeps[_i].since);
	ck_assert_uint_eq(house_sweep(vault, at(sweeps[_i].now_ms), sweeps[_i].retention_ms, &gone),
			  FAULT_NONE);
	ck_assert_uint_eq(gone.count, sweeps[_i].goes);
	ck_assert_uint_eq(vault_version(vault, server) == 0, sweeps[_i].goes);
	if (sweeps[_i].goes) {
		ck_assert(slice_eq(slice_of(gone.tenants[0].id, gone.tenants[0].len),
				   SLICE_LIT("acme")));
	}
	struct vault_key_name asleep = {VAULT_TENANT, {0}, SLICE_LIT("asleep")};
	ck_assert_uint_eq(vault_find(vault, asleep, NULL, &arena, &r, NULL), FAULT_NONE);
}
END_TEST

START_TEST(many_go_in_rounds)
{
	enum { MANY = HOUSE_SWEEP + 10 };
	struct house_gone gone;
	char id[] = "gone-00";
	for (unsigned i = 0; i < MANY; i++) {
		id[5] = (char)('0' + i / 10);
		id[6] = (char)('0' + i % 10);
		struct vault_record r = {
			.kind = VAULT_TENANT,
			.tenant = {.id = slice_of_text(id),
				   .state = VAULT_UNINSTALLED,
				   .created = SLICE_LIT("x"),
				   .uninstalled = SLICE_LIT("2026-11-01T00:00:00.000Z")}};
		ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	}
	ck_assert_uint_eq(house_sweep(vault, noon, 0, &gone), FAULT_NONE);
	ck_assert_uint_eq(gone.count, HOUSE_SWEEP);
	ck_assert_uint_eq(house_sweep(vault, noon, 0, &gone), FAULT_NONE);
	ck_assert_uint_eq(gone.count, MANY - HOUSE_SWEEP);
	ck_assert_uint_eq(vault_count(vault), VAULTS_COUNT);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("house");
	TCase *t = tcase_create("house");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_day_is_written_once);
	tcase_add_test(t, a_keeper_that_starts_anew_writes_no_day_twice);
	tcase_add_test(t, what_is_not_saved_stays_news);
	tcase_add_test(t, a_day_that_ends_before_it_is_written_is_not_lost);
	tcase_add_test(t, what_is_no_token_is_passed_over);
	tcase_add_test(t, more_than_fit_are_noted_another_time);
	tcase_add_loop_test(t, what_was_uninstalled_long_ago_goes, 0, COUNT_OF(sweeps));
	tcase_add_test(t, many_go_in_rounds);
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
