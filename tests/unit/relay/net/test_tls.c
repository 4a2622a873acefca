#include "relay/net/tls.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "tests/support/certs.h"
#include "tests/support/check_main.h"

enum { NOBODY = 65534 };

static struct certs certs;
static struct cert_pair first, second;
static char encrypted_key[CERTS_PATH_MAX], not_pem[CERTS_PATH_MAX], missing[CERTS_PATH_MAX];

static void put_file(const char *name, const char *text, char out_path[CERTS_PATH_MAX])
{
	int n = snprintf(out_path, CERTS_PATH_MAX, "%s/%s", certs.folder, name);
	ck_assert_int_lt(n, CERTS_PATH_MAX);
	FILE *file = fopen(out_path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void setup(void)
{
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &first);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &second);
	put_file("text.pem", "no PEM at all\n", not_pem);
	put_file("encrypted.pem", "", encrypted_key);
	FILE *file = fopen(encrypted_key, "w");
	EVP_PKEY *key = EVP_EC_gen("P-256");
	ck_assert_int_eq(
		PEM_write_PKCS8PrivateKey(file, key, EVP_aes_256_cbc(), "secret", 6, NULL, NULL),
		1);
	EVP_PKEY_free(key);
	fclose(file);
	snprintf(missing, sizeof(missing), "%s/missing.pem", certs.folder);
}

static void teardown(void)
{
	certs_deinit(&certs);
}

static const struct {
	const char *name;
	const char *cert, *key;
	const char *says; /* NULL: fine */
} pairs[] = {
	{"a pair", first.cert_file, first.key_file, NULL},
	{"the key of another", first.cert_file, second.key_file, "does not belong"},
	{"no such certificate", missing, first.key_file, "certificate file cannot be read"},
	{"no such key", first.cert_file, missing, "private key cannot be read"},
	{"no certificate in it", not_pem, first.key_file, "must hold a PEM certificate"},
	{"no key in it", first.cert_file, not_pem, "one private key in PEM"},
	{"swapped", first.key_file, first.cert_file, "must hold a PEM certificate"},
	{"key under a passphrase", first.cert_file, encrypted_key, "passphrase"},
};

START_TEST(test_server)
{
	struct problem problem;
	struct tls_context *tls = NULL;
	enum fault f = tls_context_server_new(pairs[_i].cert, pairs[_i].key, &tls, &problem);
	if (pairs[_i].says == NULL) {
		ck_assert_int_eq(f, FAULT_NONE);
		tls_context_free(&tls);
	} else {
		ck_assert_int_eq(f, FAULT_BAD_SETTING);
		struct slice text = problem_text(&problem);
		ck_assert_msg(slice_find(text, slice_of_text(pairs[_i].says)) < text.len,
			      "%s: %.*s", pairs[_i].name, (int)text.len, text.ptr);
	}
	ck_assert_ptr_null(tls);
}
END_TEST

/* Says who must be allowed to read it. */
START_TEST(test_key_of_others)
{
	struct problem problem;
	struct tls_context *tls = NULL;
	uid_t own = geteuid();
	ck_assert_int_eq(chmod(certs.folder, 0755), 0);
	ck_assert_int_eq(chmod(first.cert_file, 0644), 0);
	ck_assert_int_eq(chmod(first.key_file, 0), 0);
	ck_assert_int_eq(own == 0 ? seteuid(NOBODY) : 0, 0); /* root may read everything */
	enum fault f = tls_context_server_new(first.cert_file, first.key_file, &tls, &problem);
	ck_assert_int_eq(seteuid(own), 0);
	ck_assert_int_eq(chmod(first.key_file, 0600), 0);
	ck_assert_int_eq(f, FAULT_BAD_SETTING);
	ck_assert_ptr_null(tls);
	ck_assert(own != 0 ||
		  slice_eq(problem_text(&problem),
			   SLICE_LIT("The file of the certificate's private key cannot be read "
				     "(Permission denied). The user of this process (uid 65534) "
				     "must be allowed to read it, and to enter its folders.")));
}
END_TEST

static size_t read_file(const char *path, char *room, size_t size)
{
	FILE *file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	size_t n = fread(room, 1, size, file);
	fclose(file);
	return n;
}

enum extra { EXTRA_NONE, EXTRA_CA, EXTRA_TWICE, EXTRA_KEY, EXTRA_TEXT, EXTRA_CUT, EXTRA_HUGE };

static const struct {
	const char *name;
	const char *ca_file;
	enum extra extra;
	const char *says; /* NULL: fine */
} clients[] = {
	{"the operator's", certs.ca_file, EXTRA_NONE, NULL},
	{"the operator's and another", certs.ca_file, EXTRA_CA, NULL},
	{"two others", certs.ca_file, EXTRA_TWICE, NULL},
	{"no such file", missing, EXTRA_NONE, "trusted authorities"},
	{"no certificate in it", not_pem, EXTRA_NONE, "trusted authorities"},
	{"another that is a key", certs.ca_file, EXTRA_KEY, "extra authorities"},
	{"another that is text", certs.ca_file, EXTRA_TEXT, "extra authorities"},
	{"another that is cut short", certs.ca_file, EXTRA_CUT, "extra authorities"},
	{"another that is too long", certs.ca_file, EXTRA_HUGE, "1 MiB"},
};

static struct slice extra_of(enum extra extra)
{
	static char room[2 * 1024 * 1024];
	size_t n = 0;
	switch (extra) {
	case EXTRA_NONE:
		break;
	case EXTRA_CA:
		n = read_file(certs.ca_file, room, sizeof(room));
		break;
	case EXTRA_TWICE:
		n = read_file(certs.ca_file, room, sizeof(room));
		n += read_file(first.cert_file, room + n, sizeof(room) - n);
		break;
	case EXTRA_KEY:
		n = read_file(first.key_file, room, sizeof(room));
		break;
	case EXTRA_TEXT:
		n = read_file(not_pem, room, sizeof(room));
		break;
	case EXTRA_CUT:
		n = read_file(certs.ca_file, room, sizeof(room)) / 2;
		break;
	case EXTRA_HUGE:
		n = sizeof(room);
		break;
	}
	return slice_of(room, n);
}

static void judge(enum fault f, const char *says, const struct problem *problem)
{
	if (says == NULL) {
		ck_assert_int_eq(f, FAULT_NONE);
		return;
	}
	ck_assert_int_eq(f, FAULT_BAD_SETTING);
	struct slice text = problem_text(problem);
	ck_assert_msg(slice_find(text, slice_of_text(says)) < text.len, "%.*s", (int)text.len,
		      text.ptr);
}

START_TEST(test_client)
{
	struct problem problem;
	struct tls_context *tls = NULL;
	judge(tls_context_client_new(clients[_i].ca_file, extra_of(clients[_i].extra), &tls,
				     &problem),
	      clients[_i].says, &problem);
	ck_assert_int_eq(tls == NULL, clients[_i].says != NULL);
	tls_context_free(&tls);
}
END_TEST

START_TEST(test_client_with)
{
	struct problem problem;
	struct tls_context *base, *tls = NULL;
	if (clients[_i].ca_file != certs.ca_file) {
		return; /* rows about the file itself */
	}
	ck_assert_int_eq(tls_context_client_new(certs.ca_file, (struct slice){0}, &base, NULL),
			 FAULT_NONE);
	judge(tls_context_client_with(base, extra_of(clients[_i].extra), &tls, &problem),
	      clients[_i].says, &problem);
	ck_assert_int_eq(tls == NULL, clients[_i].says != NULL);
	tls_context_free(&tls);
	tls_context_free(&base);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/tls");
	TCase *t = tcase_create("tls");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_server, 0, COUNT_OF(pairs));
	tcase_add_test(t, test_key_of_others);
	tcase_add_loop_test(t, test_client, 0, COUNT_OF(clients));
	tcase_add_loop_test(t, test_client_with, 0, COUNT_OF(clients));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
