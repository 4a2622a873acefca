#include "relay/gateway/wire_reload.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"

/* What is read on SIGHUP, and what becomes of jobs meanwhile, is tests/e2e/reload's; here is what the confinement lets through. */

static char root[PATH_MAX];

static const char *in_root(const char *name, char room[PATH_MAX])
{
	ck_assert_int_lt(snprintf(room, PATH_MAX, "%.*s/%s", PATH_MAX / 2, root, name), PATH_MAX);
	return room;
}

static void make_folder(const char *name)
{
	char room[PATH_MAX];
	ck_assert_int_eq(mkdir(in_root(name, room), 0700), 0);
}

static void make_file(const char *name)
{
	char room[PATH_MAX];
	int fd = open(in_root(name, room), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void setup(void)
{
	char room[PATH_MAX], to[PATH_MAX];
	char made[] = "/tmp/pagepost-reload-XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(made));
	ck_assert_ptr_nonnull(realpath(made, root));
	make_folder("conf");
	make_folder("live");
	make_folder("archive");
	make_folder("vault");
	make_file("conf/pagepost.conf");
	make_file("archive/tls1.crt");
	make_file("archive/tls1.key");
	make_file("vault/vault");
	make_file("vault/vault.key");
	make_file("vault/pagepost.conf");
	ck_assert_int_eq(symlink("../archive/tls1.crt", in_root("live/tls.crt", room)), 0);
	ck_assert_int_eq(symlink(in_root("archive/tls1.key", to), in_root("live/tls.key", room)),
			 0);
}

static void teardown(void)
{
	static const char *const files[] = {
		"conf/pagepost.conf", "archive/tls1.crt",    "archive/tls1.key", "vault/vault",
		"vault/vault.key",    "vault/pagepost.conf", "live/tls.crt",	 "live/tls.key"};
	static const char *const folders[] = {"conf", "live", "archive", "vault", ""};
	char room[PATH_MAX];
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		unlink(in_root(files[i], room));
	}
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		rmdir(in_root(folders[i], room));
	}
}

static bool holds(const struct reload_paths *p, const char *name)
{
	char room[PATH_MAX];
	const char *path = in_root(name, room);
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->items[i], path) == 0) {
			return true;
		}
	}
	return false;
}

static const struct {
	const char *name, *conf, *certificate, *key, *vault, *credential;
	const char *let[4];
	const char *not_let[4];
} rows[] = {
	{"folders, of links and of what they lead to",
	 "conf/pagepost.conf",
	 "live/tls.crt",
	 "live/tls.key",
	 "vault/vault",
	 "vault/vault.key",
	 {"conf", "live", "archive"},
	 {"vault", "vault/vault", ""}},
	{"beside the vault the file alone",
	 "vault/pagepost.conf",
	 "live/tls.crt",
	 "live/tls.key",
	 "vault/vault",
	 NULL,
	 {"vault/pagepost.conf", "live", "archive"},
	 {"vault", "vault/vault"}},
	{"beside its key, too",
	 "vault/pagepost.conf",
	 "live/tls.crt",
	 "live/tls.key",
	 "conf/vault",
	 "vault/vault.key",
	 {"vault/pagepost.conf"},
	 {"vault", "vault/vault.key", "conf"}},
	{"what a link leads to, beside the vault",
	 "conf/pagepost.conf",
	 "live/tls.crt",
	 "live/tls.key",
	 "archive/vault",
	 NULL,
	 {"conf", "live", "archive/tls1.crt", "archive/tls1.key"},
	 {"archive"}},
	{"what is not there",
	 "conf/none.conf",
	 "none/tls.crt",
	 "live/tls.key",
	 "vault/vault",
	 NULL,
	 {"conf", "live"},
	 {"none", "vault"}},
};

START_TEST(lets_through)
{
	char conf[PATH_MAX], crt[PATH_MAX], key[PATH_MAX], vault[PATH_MAX], credential[PATH_MAX];
	struct settings s = {.limits = {.body = 0}};
	struct reload_paths found;
	s.tls.certificate = in_root(rows[_i].certificate, crt);
	s.tls.key = in_root(rows[_i].key, key);
	s.vault.file = in_root(rows[_i].vault, vault);
	s.vault.credential = rows[_i].credential != NULL ? in_root(rows[_i].credential, credential)
							 : NULL;
	reload_paths_find(in_root(rows[_i].conf, conf), &s, &found);
	for (size_t i = 0; i < COUNT_OF(rows[_i].let) && rows[_i].let[i] != NULL; i++) {
		ck_assert_msg(holds(&found, rows[_i].let[i]), "%s: %s is to be read", rows[_i].name,
			      rows[_i].let[i]);
	}
	for (size_t i = 0; i < COUNT_OF(rows[_i].not_let) && rows[_i].not_let[i] != NULL; i++) {
		ck_assert_msg(!holds(&found, rows[_i].not_let[i]), "%s: %s is not", rows[_i].name,
			      rows[_i].not_let[i]);
	}
	reload_paths_deinit(&found);
	reload_paths_deinit(&found);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/wire_reload");
	TCase *t = tcase_create("reload");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, lets_through, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
