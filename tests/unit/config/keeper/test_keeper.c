#include "config/keeper/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/vault/commit.h"
#include "config/keeper/client.h"
#include "config/keeper/wire.h"
#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

enum { PATIENCE_MS = 20 * 1000, ARENA = 64 * 1024 };

static char folder[] = "/tmp/pagepost-keeper-XXXXXX";
static char vault_path[PATH_MAX];
static char socket_path[PATH_MAX];
static struct vault *vault;
static pid_t keeper = -1;
static int stop_end = -1; /* closing it ends the keeper */

static void path_in_folder(char out[PATH_MAX], const char *name)
{
	size_t len = strlen(folder);
	memcpy(out, folder, len);
	memcpy(out + len, name, strlen(name) + 1);
}

static void save(void)
{
	struct problem p = {0};
	enum fault f = commit_save(vault_path, vault, false, NULL, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
}

static int run_keeper(int stop_fd, int ready_fd)
{
	struct problem p = {0};
	struct keeper_params params = {
		.vault_path = vault_path,
		.unlock = vaults_by_credential('k'),
		.socket_path = socket_path,
		.listen_fd = -1,
		.stop_fd = stop_fd,
		.ready_fd = ready_fd,
	};
	return keeper_run(&params, &p) == FAULT_NONE ? 0 : 3;
}

/* Returns when requests are answered. */
static void start_keeper(void)
{
	int stop[2];
	int ready[2];
	char byte;
	ck_assert_int_eq(pipe2(stop, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	keeper = fork();
	ck_assert_int_ge(keeper, 0);
	if (keeper == 0) {
		close(stop[1]);
		_exit(run_keeper(stop[0], ready[1]));
	}
	close(stop[0]);
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	stop_end = stop[1];
}

static int stop_keeper(void)
{
	int status = 0;
	close(stop_end);
	ck_assert_int_eq(waitpid(keeper, &status, 0), keeper);
	keeper = -1;
	return status;
}

static void kill_keeper(void)
{
	ck_assert_int_eq(kill(keeper, SIGKILL), 0);
	stop_keeper();
}

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	path_in_folder(vault_path, "/vault");
	path_in_folder(socket_path, "/socket");
	vault = vaults_sample(vaults_by_credential('k'));
	save();
	start_keeper();
}

static void teardown(void)
{
	static const char *const names[] = {"/vault",	       "/vault.prev", "/vault.new",
					    "/vault.prev.new", "/vault.keys", "/vault.keys.new",
					    "/socket",	       "/moved",      "/moved.keys"};
	char path[PATH_MAX];
	if (keeper > 0) {
		stop_keeper();
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		path_in_folder(path, names[i]);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left behind */
	vault_free(&vault);
}

static struct keeper_client *client(uint64_t timeout_ms)
{
	struct keeper_client *c;
	ck_assert_uint_eq(keeper_client_new(slice_of_text(socket_path), timeout_ms, &c),
			  FAULT_NONE);
	return c;
}

static enum fault find_caller(struct keeper_client *c, const char *token, struct keeper_caller *out)
{
	unsigned char hash[32];
	char hex[64];
	vaults_hash(token, hash, hex);
	return keeper_find_caller(c, hash, out);
}

static enum fault open_server(struct keeper_client *c, const char *tenant, const char *name,
			      struct arena *a, struct keeper_server *out)
{
	return keeper_open_server(c, slice_of_text(tenant), slice_of_text(name), a, out);
}

START_TEST(callers_are_found_by_their_token)
{
	struct keeper_caller caller;
	struct keeper_client *c = client(PATIENCE_MS);
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NONE);
	ck_assert(slice_eq(slice_of(caller.tenant, caller.tenant_len), SLICE_LIT("acme")));
	ck_assert_uint_eq(find_caller(c, VAULTS_SLEEPER, &caller), FAULT_TENANT_SUSPENDED);
	ck_assert_uint_eq(find_caller(c, "pp_unknown", &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(find_caller(c, "", &caller), FAULT_NO_CALLER);
	keeper_client_free(&c);
}
END_TEST

START_TEST(tenants_are_read)
{
	struct keeper_tenant t;
	struct arena a;
	struct keeper_client *c = client(PATIENCE_MS);
	arena_init(&a, ARENA);
	ck_assert_uint_eq(keeper_get_tenant(c, SLICE_LIT("acme"), &a, &t), FAULT_NONE);
	ck_assert(slice_eq(t.subject_prefix, SLICE_LIT("[Wiki] ")));
	ck_assert(slice_eq(t.from_address, SLICE_LIT("wiki@acme.example")));
	ck_assert(slice_eq(t.from_name, SLICE_LIT("Acme")));
	ck_assert(slice_eq(t.button_label, SLICE_LIT("Open")));
	ck_assert_uint_eq(keeper_get_tenant(c, SLICE_LIT("nobody"), &a, &t), FAULT_NOT_FOUND);
	ck_assert_uint_eq(keeper_get_tenant(c, SLICE_LIT("asleep"), &a, &t),
			  FAULT_TENANT_SUSPENDED);
	arena_deinit(&a);
	keeper_client_free(&c);
}
END_TEST

START_TEST(jobs_are_opened_by_their_token)
{
	static const struct keeper_caller acme = {.tenant = "acme", .tenant_len = 4};
	static const struct keeper_caller bare = {.tenant = "bare", .tenant_len = 4};
	unsigned char hash[32];
	char hex[64];
	struct keeper_opened o;
	struct arena a;
	struct keeper_client *c = client(PATIENCE_MS);
	struct slice none = {0};
	arena_init(&a, ARENA);
	vaults_hash(VAULTS_TOKEN, hash, hex);
	ck_assert_uint_eq(keeper_open_job(c, hash, &acme, none, &a, &o), FAULT_NONE);
	ck_assert(slice_eq(o.tenant.subject_prefix, SLICE_LIT("[Wiki] ")));
	ck_assert(slice_eq(o.server.name, SLICE_LIT("main")));
	ck_assert(slice_eq(o.server.host, SLICE_LIT("smtp.example.org")));
	ck_assert(secret_eq(o.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	secret_free(&o.server.password);
	ck_assert_uint_eq(keeper_open_job(c, hash, &bare, none, &a, &o), FAULT_NO_CALLER);
	ck_assert_uint_eq(keeper_open_job(c, hash, &acme, SLICE_LIT("nosuch"), &a, &o),
			  FAULT_NOT_FOUND);
	arena_deinit(&a);
	keeper_client_free(&c);
}
END_TEST

static const struct {
	const char *tenant, *name;
	enum fault fault;
	const char *opened, *password;
} servers[] = {
	{"acme", "main", FAULT_NONE, "main", VAULTS_PASSWORD},
	{"acme", "", FAULT_NONE, "main", VAULTS_PASSWORD},
	{"bare", "", FAULT_NONE, "operator", "of the operator"},
	{"bare", "main", FAULT_NOT_FOUND, NULL, NULL},
	{"acme", "operator", FAULT_NOT_FOUND, NULL, NULL},
	{"nobody", "", FAULT_NOT_FOUND, NULL, NULL},
	{"", "operator", FAULT_NOT_FOUND, NULL, NULL},
	{"asleep", "", FAULT_TENANT_SUSPENDED, NULL, NULL},
	{"a-tenant-whose-name-is-longer-than-sixty-four-bytes-is-nobodys-at-all", "",
	 FAULT_NOT_FOUND, NULL, NULL},
};

START_TEST(servers_are_opened_for_their_tenant_alone)
{
	struct keeper_server s = {0};
	struct arena a;
	struct keeper_client *c = client(PATIENCE_MS);
	arena_init(&a, ARENA);
	enum fault f = open_server(c, servers[_i].tenant, servers[_i].name, &a, &s);
	ck_assert_uint_eq(f, servers[_i].fault);
	if (f == FAULT_NONE) {
		ck_assert(slice_eq(s.name, slice_of_text(servers[_i].opened)));
		ck_assert_int_eq(s.is_operators, strcmp(servers[_i].opened, "operator") == 0);
		ck_assert(secret_eq(s.password, slice_of_text(servers[_i].password)));
		ck_assert(slice_eq(s.host, SLICE_LIT("smtp.example.org")));
		ck_assert(slice_eq(s.username, SLICE_LIT("relay@example.org")));
		ck_assert(slice_starts(s.ca_pem, SLICE_LIT("-----BEGIN")));
		ck_assert_uint_eq(s.port, 465);
		ck_assert_uint_eq(s.tls, TLS_IMPLICIT);
		secret_free(&s.password);
	}
	arena_deinit(&a);
	keeper_client_free(&c);
}
END_TEST

START_TEST(no_default_anywhere_is_no_server)
{
	struct keeper_server s;
	struct arena a;
	struct keeper_client *c = client(PATIENCE_MS);
	struct vault_key_name operators = {VAULT_SERVER, {0}, SLICE_LIT("operator")};
	struct vault_key_name mine = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	arena_init(&a, ARENA);
	ck_assert_uint_eq(vault_remove(vault, operators), FAULT_NONE);
	ck_assert_uint_eq(vault_remove(vault, mine), FAULT_NONE);
	save();
	ck_assert_uint_eq(open_server(c, "bare", "", &a, &s), FAULT_NO_SERVER);
	/* acme names one that is gone: the operator's is not silently taken instead. */
	ck_assert_uint_eq(open_server(c, "acme", "", &a, &s), FAULT_NO_SERVER);
	ck_assert_uint_eq(open_server(c, "acme", "main", &a, &s), FAULT_NOT_FOUND);
	arena_deinit(&a);
	keeper_client_free(&c);
}
END_TEST

START_TEST(changes_are_seen_and_rollbacks_are_not)
{
	char moved[PATH_MAX];
	uint64_t generation;
	struct buf old;
	struct vault_stamp stamp;
	struct keeper_caller caller;
	struct keeper_client *c = client(PATIENCE_MS);
	ck_assert_uint_eq(vault_store_read(vault_path, &old, &stamp, NULL), FAULT_NONE);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 1);

	struct vault_key_name acme = {VAULT_TENANT, {0}, SLICE_LIT("acme")};
	ck_assert_uint_eq(vault_remove(vault, acme), FAULT_NONE);
	save();
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 2);

	/* The old file again, in which the tenant is still there. */
	ck_assert_uint_eq(vault_store_replace(vault_path, buf_view(&old), false, NULL, NULL),
			  FAULT_NONE);
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 2);

	/* Damaged, then gone: what is known is served. */
	old.ptr[old.len / 2] ^= 1;
	ck_assert_uint_eq(vault_store_replace(vault_path, buf_view(&old), false, NULL, NULL),
			  FAULT_NONE);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	path_in_folder(moved, "/moved");
	ck_assert_int_eq(rename(vault_path, moved), 0);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 2);

	save();
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 3);
	buf_deinit(&old);
	keeper_client_free(&c);
}
END_TEST

/* The ledger of the vault changes with it; what was shredded is not served from what is known either. */
START_TEST(shredded_tenants_are_not_served)
{
	size_t records;
	uint64_t generation;
	struct keeper_server s = {0};
	struct keeper_caller caller;
	struct arena a;
	char keys[PATH_MAX], moved[PATH_MAX];
	struct keeper_client *c = client(PATIENCE_MS);
	arena_init(&a, ARENA);
	path_in_folder(keys, "/vault.keys");
	path_in_folder(moved, "/moved.keys");
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NONE);
	ck_assert_uint_eq(open_server(c, "acme", "main", &a, &s), FAULT_NONE);
	secret_free(&s.password);
	ck_assert_uint_eq(vault_shred(vault, SLICE_LIT("acme"), &records), FAULT_NONE);
	vaults_put_tenant(vault, "fresh");
	save();
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(open_server(c, "acme", "main", &a, &s), FAULT_NOT_FOUND);
	ck_assert_uint_eq(open_server(c, "fresh", "", &a, &s), FAULT_NONE);
	secret_free(&s.password);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 2);
	/* Without its ledger a newer vault is not taken, and with it it is. */
	ck_assert_int_eq(rename(keys, moved), 0);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(open_server(c, "fresh", "", &a, &s), FAULT_NONE);
	secret_free(&s.password);
	ck_assert_int_eq(rename(moved, keys), 0);
	vaults_put_server(vault, "fresh", "main", NULL);
	save();
	ck_assert_uint_eq(open_server(c, "fresh", "main", &a, &s), FAULT_NONE);
	secret_free(&s.password);
	arena_deinit(&a);
	keeper_client_free(&c);
}
END_TEST

START_TEST(another_master_key_is_followed)
{
	uint64_t generation;
	struct keeper_server s = {0};
	struct arena a;
	struct vault_kdf cheap = {.log_n = VAULTS_LOG_N, .r = 8, .p = 1};
	struct vault_unlock unlock = *vaults_by_credential('k');
	struct keeper_client *c = client(PATIENCE_MS);
	arena_init(&a, ARENA);
	ck_assert_uint_eq(vault_rotate(vault, &unlock, 1, cheap, NULL), FAULT_NONE);
	vaults_put_server(vault, "bare", "more", NULL);
	save();
	ck_assert_uint_eq(open_server(c, "bare", "more", &a, &s), FAULT_NONE);
	secret_free(&s.password);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 2);
	/* By another credential than the keeper's: it serves what it has. */
	unlock = *vaults_by_credential('l');
	ck_assert_uint_eq(vault_rotate(vault, &unlock, 1, cheap, NULL), FAULT_NONE);
	save();
	ck_assert_uint_eq(open_server(c, "bare", "more", &a, &s), FAULT_NONE);
	secret_free(&s.password);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 2);
	arena_deinit(&a);
	keeper_client_free(&c);
}
END_TEST

START_TEST(a_restarted_keeper_is_found_again)
{
	uint64_t generation;
	struct keeper_client *c = client(PATIENCE_MS);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	kill_keeper(); /* its socket stays behind */
	start_keeper();
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_int_eq(stop_keeper(), 0);
	ck_assert_int_ne(access(socket_path, F_OK), 0);
	start_keeper();
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	keeper_client_free(&c);
}
END_TEST

START_TEST(a_dead_keeper_is_told)
{
	uint64_t generation;
	struct keeper_client *c = client(50);
	kill_keeper();
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_KEEPER_DOWN);
	keeper_client_free(&c);
}
END_TEST

START_TEST(a_second_keeper_does_not_take_the_socket)
{
	uint64_t generation;
	struct keeper_client *c = client(PATIENCE_MS);
	int stop[2];
	ck_assert_int_eq(pipe2(stop, O_CLOEXEC), 0);
	ck_assert_int_eq(run_keeper(stop[0], -1), 3);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	close(stop[0]);
	close(stop[1]);
	keeper_client_free(&c);
}
END_TEST

static int dial_raw(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(address.sun_path, socket_path, strlen(socket_path));
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* What speaks another protocol is hung up on; the others are served. */
START_TEST(nonsense_ends_its_connection_only)
{
	static const struct slice nonsense[] = {
		SLICE_INIT("GET / HTTP/1.1\r\n\r\n"),
		SLICE_INIT("\0\0\0\0"),
		SLICE_INIT("\xff\xff\xff\xff"),
		SLICE_INIT("\0\0\0\3\1\1\0"),		    /* version 1 */
		SLICE_INIT("\0\0\0\3\2\1\1"),		    /* a field that is not there */
		SLICE_INIT("\0\0\0\4\2\1\0x"),		    /* a byte too many */
		SLICE_INIT("\0\0\0\3\2\1\0\0\0\0\3\2\1\0"), /* a second request before the answer */
	};
	char byte;
	uint64_t generation;
	struct keeper_client *c = client(PATIENCE_MS);
	int fd = dial_raw();
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_int_eq(send(fd, nonsense[_i].ptr, nonsense[_i].len, MSG_NOSIGNAL),
			 (ssize_t)nonsense[_i].len);
	ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	close(fd);
	keeper_client_free(&c);
}
END_TEST

START_TEST(an_unknown_operation_is_answered)
{
	unsigned char answer[7];
	int fd = dial_raw();
	ck_assert_int_eq(send(fd, "\0\0\0\3\2\x63\0", 7, MSG_NOSIGNAL), 7);
	ck_assert_int_eq(recv(fd, answer, sizeof(answer), MSG_WAITALL), 7);
	ck_assert_uint_eq(wire_result_fault(answer[5]), FAULT_KEEPER_PROTOCOL);
	close(fd);
}
END_TEST

START_TEST(more_peers_than_places_wait)
{
	int held[KEEPER_PEERS];
	uint64_t generation;
	struct keeper_client *late = client(PATIENCE_MS);
	struct keeper_client *impatient = client(50);
	for (size_t i = 0; i < KEEPER_PEERS; i++) {
		held[i] = dial_raw();
	}
	ck_assert_uint_eq(keeper_ping(impatient, &generation), FAULT_KEEPER_DOWN);
	for (size_t i = 0; i < KEEPER_PEERS; i++) {
		close(held[i]);
	}
	ck_assert_uint_eq(keeper_ping(late, &generation), FAULT_NONE);
	keeper_client_free(&late);
	keeper_client_free(&impatient);
}
END_TEST

static const struct {
	uid_t peer, own;
	bool has_peer;
	uid_t extra;
	bool allowed;
} peers[] = {
	{1000, 1000, false, 0, true},	 {0, 1000, false, 0, true},
	{1001, 1000, false, 0, false},	 {1001, 1000, true, 1001, true},
	{1002, 1000, true, 1001, false}, {1001, 1000, false, 1001, false},
	{1001, 0, false, 0, false},	 {(uid_t)-1, 1000, false, 0, false},
};

START_TEST(only_some_users_may_ask)
{
	struct keeper_params params = {.has_peer = peers[_i].has_peer, .peer = peers[_i].extra};
	ck_assert_int_eq(keeper_peer_is_allowed(peers[_i].peer, peers[_i].own, &params),
			 peers[_i].allowed);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("keeper");
	TCase *t = tcase_create("keeper");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, callers_are_found_by_their_token);
	tcase_add_test(t, tenants_are_read);
	tcase_add_test(t, jobs_are_opened_by_their_token);
	tcase_add_loop_test(t, servers_are_opened_for_their_tenant_alone, 0, COUNT_OF(servers));
	tcase_add_test(t, no_default_anywhere_is_no_server);
	tcase_add_test(t, changes_are_seen_and_rollbacks_are_not);
	tcase_add_test(t, shredded_tenants_are_not_served);
	tcase_add_test(t, another_master_key_is_followed);
	tcase_add_test(t, a_restarted_keeper_is_found_again);
	tcase_add_test(t, a_dead_keeper_is_told);
	tcase_add_test(t, a_second_keeper_does_not_take_the_socket);
	tcase_add_loop_test(t, nonsense_ends_its_connection_only, 0, 7);
	tcase_add_test(t, an_unknown_operation_is_answered);
	tcase_add_test(t, more_peers_than_places_wait);
	suite_add_tcase(s, t);
	t = tcase_create("peers");
	tcase_add_loop_test(t, only_some_users_may_ask, 0, COUNT_OF(peers));
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
