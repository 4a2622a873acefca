#include "tests/support/keepers.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "config/vault/commit.h"
#include "config/keeper/keeper.h"
#include "tests/support/vaults.h"

enum { PAUSE_MS = 5, LOCK_WAIT_MS = 10 * 1000 };

void keepers_path(const struct keepers *k, const char *name, char out[PATH_MAX])
{
	size_t len = strlen(k->folder);
	memcpy(out, k->folder, len);
	memcpy(out + len, name, strlen(name) + 1);
}

void keepers_put_token(struct vault *v, const char *token, const char *tenant,
		       enum vault_scope scope)
{
	unsigned char hash[32];
	char hex[64];
	vaults_hash(token, hash, hex);
	struct vault_record r = {.kind = VAULT_TOKEN,
				 .token = {.hash = slice_of(hex, sizeof(hex)),
					   .tenant = slice_of_text(tenant),
					   .label = SLICE_LIT("a label"),
					   .created = SLICE_LIT("2026-11-22T00:00:00.000Z"),
					   .scope = scope}};
	ck_assert_uint_eq(vault_put(v, &r, NULL, NULL), FAULT_NONE);
}

struct keeper_proof keepers_proof(const char *token, struct secret *half)
{
	char hex[64];
	struct keeper_proof proof = {.half = half};
	vaults_hash(token, proof.token_hash, hex);
	return proof;
}

void keepers_setup(struct keepers *k)
{
	struct problem p = {0};
	*k = (struct keepers){.folder = "/tmp/pagepost-keeper-XXXXXX",
			      .retention_ms = UINT64_MAX,
			      .pid = -1,
			      .stop_end = -1,
			      .lock = -1};
	ck_assert_ptr_nonnull(mkdtemp(k->folder));
	keepers_path(k, "/vault", k->vault_path);
	keepers_path(k, "/socket", k->socket_path);
	k->vault = vaults_sample(vaults_by_credential('k'));
	keepers_put_token(k->vault, KEEPERS_ADMIN, "acme", VAULT_SCOPE_BOTH);
	keepers_put_token(k->vault, KEEPERS_BARE, "bare", VAULT_SCOPE_BOTH);
	enum fault f = commit_save(k->vault_path, k->vault, true, NULL, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
}

void keepers_teardown(struct keepers *k)
{
	static const char *const names[] = {
		"/vault",      "/vault.prev", "/vault.new",	 "/vault.lock", "/vault.prev.new",
		"/vault.keys", "/socket",     "/vault.keys.new", "/moved",	"/moved.keys"};
	char path[PATH_MAX];
	if (k->pid > 0) {
		keepers_stop(k);
	}
	vault_store_unlock(&k->lock);
	vault_free(&k->vault);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		keepers_path(k, names[i], path);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(k->folder), 0); /* nothing else was left behind */
}

static void tell_alive(void *fd)
{
	if (write(*(const int *)fd, "1", 1) != 1) {
		_exit(5);
	}
}

int keepers_run(const struct keepers *k, int stop_fd, int ready_fd)
{
	int alive_fd = k->alive_fd;
	struct problem p = {0};
	struct keeper_params params = {
		.vault_path = k->vault_path,
		.unlock = vaults_by_credential('k'),
		.socket_path = k->socket_path,
		.listen_fd = -1,
		.retention_ms = k->retention_ms,
		.stop_fd = stop_fd,
		.ready_fd = ready_fd,
		.alive = k->alive_every_ms > 0 ? tell_alive : NULL,
		.alive_ctx = &alive_fd,
		.alive_every_ms = k->alive_every_ms,
	};
	return keeper_run(&params, &p) == FAULT_NONE ? 0 : 3;
}

static void limit_files(uint64_t most)
{
	struct rlimit limit = {.rlim_cur = most, .rlim_max = most};
	if (most > 0 &&
	    (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)) {
		_exit(4);
	}
}

bool keepers_start(struct keepers *k)
{
	int stop[2];
	int ready[2];
	char byte;
	ck_assert_int_eq(pipe2(stop, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	k->pid = fork();
	ck_assert_int_ge(k->pid, 0);
	if (k->pid == 0) {
		close(stop[1]);
		close(ready[0]);
		limit_files(k->file_max);
		_exit(keepers_run(k, stop[0], ready[1]));
	}
	close(stop[0]);
	close(ready[1]);
	ssize_t n = read(ready[0], &byte, 1);
	close(ready[0]);
	k->stop_end = stop[1];
	return n == 1;
}

int keepers_stop(struct keepers *k)
{
	int status = 0;
	close(k->stop_end);
	ck_assert_int_eq(waitpid(k->pid, &status, 0), k->pid);
	k->pid = -1;
	return status;
}

void keepers_kill(struct keepers *k)
{
	ck_assert_int_eq(kill(k->pid, SIGKILL), 0);
	keepers_stop(k);
}

struct keeper_client *keepers_client(const struct keepers *k, uint64_t timeout_ms)
{
	struct keeper_client *c;
	ck_assert_uint_eq(keeper_client_new(slice_of_text(k->socket_path), timeout_ms, &c),
			  FAULT_NONE);
	return c;
}

struct vault *keepers_load(const struct keepers *k)
{
	struct vault *v;
	struct commit_stamp stamp;
	struct problem p = {0};
	enum fault f = commit_load(k->vault_path, vaults_by_credential('k'), &v, &stamp, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	return v;
}

static bool is_noted(const struct keepers *k, const char *token)
{
	struct arena a;
	struct vault_record r;
	struct vault *v = keepers_load(k);
	unsigned char hash[32];
	char hex[64];
	vaults_hash(token, hash, hex);
	struct vault_key_name name = {VAULT_TOKEN, {0}, slice_of(hex, sizeof(hex))};
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(vault_find(v, name, NULL, &a, &r, NULL), FAULT_NONE);
	bool noted = r.token.last_used.len > 0;
	arena_deinit(&a);
	vault_free(&v);
	return noted;
}

void keepers_settle(struct keepers *k)
{
	struct keeper_caller caller;
	struct keeper_proof proof = keepers_proof(VAULTS_TOKEN, NULL);
	struct keeper_client *c = keepers_client(k, KEEPERS_PATIENCE_MS);
	ck_assert_uint_eq(keeper_find_caller(c, proof.token_hash, &caller), FAULT_NONE);
	keeper_client_free(&c);
	for (unsigned i = 0; !is_noted(k, VAULTS_TOKEN); i++) {
		ck_assert_uint_lt(i, KEEPERS_PATIENCE_MS / PAUSE_MS);
		poll(NULL, 0, PAUSE_MS);
	}
}

struct vault *keepers_begin(struct keepers *k)
{
	struct problem p = {0};
	struct commit_stamp stamp;
	enum fault f = vault_store_lock(k->vault_path, LOCK_WAIT_MS, &k->lock, &p);
	if (f == FAULT_NONE) {
		f = commit_reload(k->vault_path, k->vault, vaults_by_credential('k'), &stamp, &p);
	}
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	return k->vault;
}

void keepers_end(struct keepers *k)
{
	struct problem p = {0};
	enum fault f = commit_save(k->vault_path, k->vault, false, NULL, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	vault_store_unlock(&k->lock);
}
