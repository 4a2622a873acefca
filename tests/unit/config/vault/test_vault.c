#include "config/vault/vault.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/vaults.h"

static enum fault open_file(const struct vaults_files *file, const struct vault_unlock *u,
			    struct problem *p)
{
	struct vault *v = NULL;
	*p = (struct problem){0};
	enum fault f = vaults_open(file, u, &v, p);
	if (f == FAULT_NONE) { /* bodies are judged when they are opened */
		for (size_t i = 0; i < vault_count(v) && f == FAULT_NONE; i++) {
			struct vault_record r;
			struct arena a;
			arena_init(&a, VAULTS_ARENA);
			f = vault_at(v, i, NULL, &a, &r, p);
			if (f == FAULT_NONE) {
				vault_record_deinit(&r);
			}
			arena_deinit(&a);
		}
	}
	vault_free(&v);
	return f;
}

static void find(const struct vault *v, enum vault_kind kind, const char *tenant, const char *name,
		 struct arena *a, struct vault_record *out)
{
	struct problem p = {0};
	struct vault_key_name key = {kind, slice_of_text(tenant), slice_of_text(name)};
	enum fault f = vault_find(v, key, NULL, a, out, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
}

#define ck_slice(s, text)                                                                          \
	ck_assert_msg(slice_eq((s), SLICE_LIT(text)), "'%.*s' is not '%s'", (int)(s).len, (s).ptr, \
		      (text))

static void check_sample(const struct vault *v)
{
	struct vault_record r;
	struct arena a;
	arena_init(&a, VAULTS_ARENA);
	find(v, VAULT_TENANT, NULL, "acme", &a, &r);
	ck_assert_uint_eq(r.tenant.state, VAULT_ACTIVE);
	find(v, VAULT_TENANT, NULL, "asleep", &a, &r);
	ck_assert_uint_eq(r.tenant.state, VAULT_SUSPENDED);
	find(v, VAULT_SETTINGS, "acme", NULL, &a, &r);
	ck_slice(r.settings.subject_prefix, "[Wiki] ");
	ck_slice(r.settings.default_server, "main");
	find(v, VAULT_SERVER, "acme", "main", &a, &r);
	ck_slice(r.server.host, "smtp.example.org");
	ck_slice(r.server.from_name, "Team \"K\xC3\xB6ln\" \\o/");
	ck_slice(r.server.ca_pem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	ck_assert_uint_eq(r.server.port, 465);
	ck_assert_uint_eq(r.server.tls, TLS_IMPLICIT);
	ck_assert(secret_eq(r.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	vault_record_deinit(&r);
	arena_deinit(&a);
}

START_TEST(what_was_sealed_is_opened)
{
	struct vaults_files file;
	struct problem p = {0};
	struct vault *v = vaults_sample(vaults_by_phrase(VAULTS_PHRASE));
	check_sample(v); /* before it was ever a file */
	vaults_encode(v, &file);
	check_sample(v); /* after it became one */
	vault_free(&v);
	ck_assert_uint_eq(vaults_open(&file, vaults_by_phrase(VAULTS_PHRASE), &v, &p), FAULT_NONE);
	ck_assert_uint_eq(vault_generation(v), 1);
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT);
	check_sample(v);
	vault_free(&v);
	vaults_deinit(&file);
}
END_TEST

START_TEST(nothing_readable_is_in_the_file)
{
	static const char *const words[] = {"acme",   "smtp", "s3cr", "relay",
					    "tenant", "host", "pp_"};
	struct vaults_files file;
	struct vault *v = vaults_sample(vaults_by_phrase(VAULTS_PHRASE));
	vaults_encode(v, &file);
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		ck_assert_uint_eq(slice_find(buf_view(&file.vault), slice_of_text(words[i])),
				  file.vault.len);
	}
	vault_free(&v);
	vaults_deinit(&file);
}
END_TEST

/* What a thief with a pen does: the checksum is put right again, so that only the seals are left. */
static void mend_checksum(struct buf *file)
{
	size_t covered = file->len - DIGEST_LEN;
	digest_sha256(slice_first(buf_view(file), covered), (unsigned char *)file->ptr + covered);
}

static void check_refusal(enum fault f, const struct problem *p, size_t at)
{
	ck_assert_msg(f == FAULT_VAULT_DAMAGED || f == FAULT_VAULT_VERSION ||
			      f == FAULT_VAULT_LOCKED,
		      "byte %zu: %.*s", at, (int)fault_slug(f).len, fault_slug(f).ptr);
	ck_assert_msg(p->len > 0 && p->fault == f, "byte %zu: no sentence", at);
	ck_assert_int_eq(p->text[p->len - 1], '.');
}

/* _i: 0 by passphrase, 1 by credential; +2 with a mended checksum. */
START_TEST(every_flipped_byte_is_refused)
{
	struct vaults_files file;
	struct problem p;
	const struct vault_unlock *u = _i % 2 == 0 ? vaults_by_phrase(VAULTS_PHRASE)
						   : vaults_by_credential('k');
	struct vault *v = vaults_sample(u);
	vaults_encode(v, &file);
	vault_free(&v);
	size_t end = _i < 2 ? file.vault.len : file.vault.len - DIGEST_LEN;
	if (_i == 2) {
		end = 200; /* head and slot: behind them a passphrase differs from a credential by its cost only */
	}
	unsigned locked = 0;
	for (size_t at = 0; at < end; at++) {
		char kept = file.vault.ptr[at];
		file.vault.ptr[at] = (char)(kept ^ (char)(1U << at % 8));
		if (_i >= 2) {
			mend_checksum(&file.vault);
		}
		enum fault f = open_file(&file, u, &p);
		check_refusal(f, &p, at);
		locked += f == FAULT_VAULT_LOCKED;
		file.vault.ptr[at] = kept;
	}
	/* Only who mends the checksum comes as far as the slot's own seal. */
	ck_assert_int_eq(locked > 0, _i >= 2);
	mend_checksum(&file.vault);
	ck_assert_uint_eq(open_file(&file, u, &p), FAULT_NONE);
	vaults_deinit(&file);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	struct vaults_files file;
	struct problem p;
	const struct vault_unlock *u = vaults_by_credential('k');
	struct vault *v = vaults_sample(u);
	vaults_encode(v, &file);
	vault_free(&v);
	while (file.vault.len > 0) {
		file.vault.len--;
		enum fault f = open_file(&file, u, &p);
		ck_assert_uint_eq(f, FAULT_VAULT_DAMAGED);
		check_refusal(f, &p, file.vault.len);
		if (file.vault.len > DIGEST_LEN) { /* and with a checksum made for what is left */
			struct vaults_files cut = {.ledger = file.ledger};
			buf_init(&cut.vault, file.vault.len);
			ck_assert_uint_eq(buf_add(&cut.vault, buf_view(&file.vault)), FAULT_NONE);
			mend_checksum(&cut.vault);
			check_refusal(open_file(&cut, u, &p), &p, file.vault.len);
			buf_deinit(&cut.vault);
		}
	}
	vaults_deinit(&file);
}
END_TEST

START_TEST(a_wrong_key_is_told_from_damage)
{
	static const struct {
		char made_by, opened_by;
		const char *sentence;
	} rows[] = {
		{'p', 'w', "The passphrase does not open this vault."},
		{'p', 'c', "This vault has no credential; it opens by a passphrase."},
		{'c', 'p', "This vault has no passphrase; it opens by a credential."},
		{'c', 'd', "The credential does not open this vault."},
		{'c', 's', "A credential must hold at least 32 random bytes."},
	};
	struct vaults_files file;
	struct problem p;
	struct secret *tiny;
	ck_assert_uint_eq(secret_new(SLICE_LIT("too short"), &tiny), FAULT_NONE);
	struct vault_unlock brief = {.kind = VAULT_CREDENTIAL, .bytes = tiny};
	struct vault *v = vaults_sample(rows[_i].made_by == 'p' ? vaults_by_phrase(VAULTS_PHRASE)
								: vaults_by_credential('k'));
	vaults_encode(v, &file);
	vault_free(&v);
	const struct vault_unlock *u = rows[_i].opened_by == 'p'   ? vaults_by_phrase(VAULTS_PHRASE)
				       : rows[_i].opened_by == 'w' ? vaults_by_phrase("wrong")
				       : rows[_i].opened_by == 'c' ? vaults_by_credential('k')
				       : rows[_i].opened_by == 'd' ? vaults_by_credential('l')
								   : &brief;
	ck_assert_uint_eq(open_file(&file, u, &p), FAULT_VAULT_LOCKED);
	ck_assert_msg(slice_eq(problem_text(&p), slice_of_text(rows[_i].sentence)), "%.*s",
		      (int)p.len, p.text);
	secret_free(&tiny);
	vaults_deinit(&file);
}
END_TEST

START_TEST(a_slot_is_changed_and_added)
{
	struct vaults_files file;
	struct problem p;
	struct vault_kdf cheap = {.log_n = VAULTS_LOG_N, .r = 8, .p = 1};
	struct vault *v = vaults_sample(vaults_by_phrase("old"));
	ck_assert_uint_eq(vault_set_slot(v, vaults_by_phrase("new"), cheap, &p), FAULT_NONE);
	ck_assert(!vault_has_slot(v, VAULT_CREDENTIAL));
	ck_assert_uint_eq(vault_set_slot(v, vaults_by_credential('k'), cheap, &p), FAULT_NONE);
	ck_assert(vault_has_slot(v, VAULT_CREDENTIAL));
	vaults_encode(v, &file);
	vault_free(&v);
	ck_assert_uint_eq(open_file(&file, vaults_by_phrase("old"), &p), FAULT_VAULT_LOCKED);
	ck_assert_uint_eq(open_file(&file, vaults_by_phrase("new"), &p), FAULT_NONE);
	ck_assert_uint_eq(open_file(&file, vaults_by_credential('k'), &p), FAULT_NONE);
	vaults_deinit(&file);
}
END_TEST

START_TEST(scrypt_out_of_bounds_is_not_run)
{
	static const struct {
		uint8_t log_n, r, p;
	} rows[] = {{VAULTS_LOG_N - 1, 8, 1}, {VAULT_LOG_N_MAX + 1, 8, 1}, {255, 8, 1},
		    {VAULTS_LOG_N, 0, 1},     {VAULTS_LOG_N, 17, 1},	   {VAULTS_LOG_N, 8, 0},
		    {VAULTS_LOG_N, 8, 5}};
	struct vault *v;
	struct problem p = {0};
	struct vault_kdf kdf = {.log_n = rows[_i].log_n, .r = rows[_i].r, .p = rows[_i].p};
	enum fault f = vault_create(vaults_by_phrase("x"), kdf, &v, &p);
	ck_assert_uint_eq(f, FAULT_VAULT_DAMAGED);
	ck_assert(slice_find(problem_text(&p), SLICE_LIT("out of bounds")) < p.len);
}
END_TEST

START_TEST(a_cheap_file_is_not_taken_outside_tests)
{
	struct vaults_files file;
	struct problem p;
	struct vault *v = vaults_sample(vaults_by_phrase("x"));
	vaults_encode(v, &file);
	vault_free(&v);
	struct vault_unlock strict = *vaults_by_phrase("x");
	strict.log_n_min = 0;
	ck_assert_uint_eq(open_file(&file, &strict, &p), FAULT_VAULT_DAMAGED);
	vaults_deinit(&file);
}
END_TEST

START_TEST(put_replaces_and_remove_removes)
{
	struct vault_record r;
	struct arena a;
	struct vaults_files file;
	struct problem p = {0};
	struct vault *v = vaults_sample(vaults_by_credential('k'));
	struct vault_record other = vaults_server("acme", "main", "other");
	other.server.port = 587;
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(vault_put(v, &other, NULL, &p), FAULT_NONE);
	vault_record_deinit(&other);
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT);
	find(v, VAULT_SERVER, "acme", "main", &a, &r);
	ck_assert_uint_eq(r.server.port, 587);
	ck_assert(secret_eq(r.server.password, SLICE_LIT("other")));
	vault_record_deinit(&r);
	struct vault_key_name gone = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	ck_assert_uint_eq(vault_remove(v, gone), FAULT_NONE);
	ck_assert_uint_eq(vault_remove(v, gone), FAULT_NOT_FOUND);
	ck_assert_uint_eq(vault_find(v, gone, NULL, &a, &r, &p), FAULT_NOT_FOUND);
	vaults_encode(v, &file);
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT - 1);
	find(v, VAULT_TENANT, NULL, "bare", &a, &r);
	vault_free(&v);
	vaults_deinit(&file);
	arena_deinit(&a);
}
END_TEST

START_TEST(many_records_keep_their_order)
{
	enum { MANY = 300 };
	struct vault_record r;
	struct arena a;
	struct vaults_files file;
	struct vault *v = vaults_sample(vaults_by_credential('k'));
	char name[] = "server-000";
	for (unsigned i = 0; i < MANY; i++) {
		name[7] = (char)('0' + i / 100);
		name[8] = (char)('0' + i / 10 % 10);
		name[9] = (char)('0' + i % 10);
		r = vaults_server("bare", name, name);
		ck_assert_uint_eq(vault_put(v, &r, NULL, NULL), FAULT_NONE);
		vault_record_deinit(&r);
	}
	vaults_encode(v, &file);
	vault_free(&v);
	ck_assert_uint_eq(vaults_open(&file, vaults_by_credential('k'), &v, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_count(v), MANY + VAULTS_COUNT);
	arena_init(&a, VAULTS_ARENA);
	find(v, VAULT_SERVER, "bare", "server-217", &a, &r);
	ck_assert(secret_eq(r.server.password, SLICE_LIT("server-217")));
	vault_record_deinit(&r);
	check_sample(v);
	arena_deinit(&a);
	vault_free(&v);
	vaults_deinit(&file);
}
END_TEST

/*
 * Everything but reading a record, for which libconfig wants its memory or ends the process. After a fault the vault is
 * as before: the same call then succeeds.
 */
static enum fault do_one(int which, struct vault *v, const struct vaults_files *file,
			 const struct vault_unlock *u, const struct vault_record *r)
{
	struct vault *other = NULL;
	struct vault_key_name bare = {VAULT_TENANT, {0}, SLICE_LIT("bare")};
	struct buf out;
	enum fault f = FAULT_NONE;
	buf_init(&out, VAULT_FILE_MAX);
	switch (which) {
	case 0:
		f = vaults_open(file, u, &other, NULL);
		break;
	case 1:
		f = vault_put(v, r, NULL, NULL);
		break;
	case 2:
		f = vault_encode(v, &out, NULL);
		break;
	case 3:
		f = vaults_refresh(file, v, NULL);
		break;
	case 4:
		f = vault_remove(v, bare);
		break;
	default:
		f = vault_set_slot(v, u, vault_kdf_usual, NULL);
		break;
	}
	buf_deinit(&out);
	vault_free(&other);
	return f;
}

START_TEST(a_failing_allocation_is_a_fault)
{
	const struct vault_unlock *u = vaults_by_credential('k');
	struct vault_record r = vaults_server("bare", "more", "x");
	struct vaults_files first, second;
	struct vault *v = vaults_sample(u);
	vaults_encode(v, &first);
	vaults_encode(v, &second);
	vault_free(&v);
	ck_assert_uint_eq(vaults_open(&first, u, &v, NULL), FAULT_NONE);
	for (unsigned n = 1;; n++) {
		oom_arm(n);
		enum fault f = do_one(_i, v, &second, u, &r);
		bool failed = oom_disarm();
		check_sample(v);
		if (f == FAULT_NONE) {
			break;
		}
		ck_assert(failed && (f == FAULT_NO_MEMORY || f == FAULT_SYSTEM));
	}
	ck_assert_uint_eq(vault_count(v), VAULTS_COUNT + (_i == 1) - (_i == 4));
	ck_assert_uint_eq(vault_generation(v), _i == 2 || _i == 3 ? 2 : 1);
	vault_record_deinit(&r);
	vault_free(&v);
	vaults_deinit(&first);
	vaults_deinit(&second);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("vault");
	TCase *t = tcase_create("vault");
	tcase_set_timeout(t, 120);
	tcase_add_test(t, what_was_sealed_is_opened);
	tcase_add_test(t, nothing_readable_is_in_the_file);
	tcase_add_loop_test(t, every_flipped_byte_is_refused, 0, 4);
	tcase_add_test(t, every_truncation_is_refused);
	tcase_add_loop_test(t, a_wrong_key_is_told_from_damage, 0, 5);
	tcase_add_test(t, a_slot_is_changed_and_added);
	tcase_add_loop_test(t, scrypt_out_of_bounds_is_not_run, 0, 7);
	tcase_add_test(t, a_cheap_file_is_not_taken_outside_tests);
	tcase_add_test(t, put_replaces_and_remove_removes);
	tcase_add_test(t, many_records_keep_their_order);
	tcase_add_loop_test(t, a_failing_allocation_is_a_fault, 0, 6);
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
