#include "config/keeper/keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/keeper/wire.h"
#include "config/vault/commit.h"
#include "tests/support/check_main.h"
#include "tests/support/keepers.h"
#include "tests/support/vaults.h"

/* How a keeper serves and follows its vault; how it changes it is test_held.c's. */

static struct keepers k;
static struct arena arena;

static void setup(void)
{
	arena_init(&arena, KEEPERS_ARENA);
	keepers_setup(&k);
	ck_assert(keepers_start(&k));
}

static void teardown(void)
{
	keepers_teardown(&k);
	arena_deinit(&arena);
}

static struct keeper_client *client(uint64_t timeout_ms)
{
	return keepers_client(&k, timeout_ms);
}

static enum fault find_caller(struct keeper_client *c, const char *token, struct keeper_caller *out)
{
	struct keeper_proof proof = keepers_proof(token, NULL);
	return keeper_find_caller(c, proof.token_hash, out);
}

static struct keeper_caller caller_of(const char *tenant)
{
	struct keeper_caller caller = {.tenant_len = strlen(tenant)};
	memcpy(caller.tenant, tenant, caller.tenant_len);
	return caller;
}

/* What a job of this caller gets; the server's secrets are the test's. */
static enum fault open_job(struct keeper_client *c, const char *token, const char *tenant,
			   const char *server, struct keeper_opened *out)
{
	struct keeper_proof proof = keepers_proof(token, NULL);
	struct keeper_caller caller = caller_of(tenant);
	struct keeper_job job = {
		.proof = &proof, .caller = &caller, .server = slice_of_text(server)};
	return keeper_open_job(c, &job, &arena, out, NULL);
}

/* Whether it opens, by a token of the tenant. */
static enum fault opens(struct keeper_client *c, const char *tenant, const char *server)
{
	struct keeper_opened o = {0};
	const char *token = strcmp(tenant, "acme") == 0	  ? VAULTS_TOKEN
			    : strcmp(tenant, "bare") == 0 ? KEEPERS_BARE
							  : "pp_fresh";
	enum fault f = open_job(c, token, tenant, server, &o);
	keeper_server_deinit(&o.server);
	return f;
}

static uint64_t generation_of(struct keeper_client *c)
{
	uint64_t generation = 0;
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	return generation;
}

START_TEST(callers_are_found_by_their_token)
{
	struct keeper_caller caller;
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NONE);
	ck_assert(slice_eq(slice_of(caller.tenant, caller.tenant_len), SLICE_LIT("acme")));
	ck_assert(caller.may_send && !caller.may_administer && !caller.is_uninstalled);
	ck_assert_uint_eq(find_caller(c, KEEPERS_BARE, &caller), FAULT_NONE);
	ck_assert(slice_eq(slice_of(caller.tenant, caller.tenant_len), SLICE_LIT("bare")));
	ck_assert(caller.may_send && caller.may_administer && !caller.is_uninstalled);
	ck_assert_uint_eq(find_caller(c, VAULTS_SLEEPER, &caller), FAULT_TENANT_SUSPENDED);
	ck_assert_uint_eq(find_caller(c, "pp_unknown", &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(find_caller(c, "", &caller), FAULT_NO_CALLER);
	keeper_client_free(&c);
}
END_TEST

START_TEST(tenants_are_read)
{
	struct keeper_tenant t;
	const struct slice none = {0};
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	ck_assert_uint_eq(keeper_get_tenant(c, SLICE_LIT("acme"), none, &arena, &t), FAULT_NONE);
	ck_assert(slice_eq(t.subject_prefix, SLICE_LIT("[Wiki] ")));
	ck_assert(slice_eq(t.from_address, SLICE_LIT("wiki@acme.example")));
	ck_assert(slice_eq(t.from_name, SLICE_LIT("Acme")));
	ck_assert(slice_eq(t.button_label, SLICE_LIT("Open")));
	ck_assert_uint_eq(keeper_get_tenant(c, SLICE_LIT("nobody"), none, &arena, &t),
			  FAULT_NOT_FOUND);
	ck_assert_uint_eq(keeper_get_tenant(c, SLICE_LIT("asleep"), none, &arena, &t),
			  FAULT_TENANT_SUSPENDED);
	keeper_client_free(&c);
}
END_TEST

START_TEST(jobs_are_opened_by_their_token)
{
	struct keeper_opened o;
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	ck_assert_uint_eq(open_job(c, VAULTS_TOKEN, "acme", "", &o), FAULT_NONE);
	ck_assert(slice_eq(o.tenant.subject_prefix, SLICE_LIT("[Wiki] ")));
	ck_assert(slice_eq(o.server.name, SLICE_LIT("main")));
	ck_assert(slice_eq(o.server.host, SLICE_LIT("smtp.example.org")));
	ck_assert(secret_eq(o.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	keeper_server_deinit(&o.server);
	ck_assert_uint_eq(open_job(c, VAULTS_TOKEN, "bare", "", &o), FAULT_NO_CALLER);
	ck_assert_uint_eq(open_job(c, VAULTS_TOKEN, "acme", "nosuch", &o), FAULT_NOT_FOUND);
	keeper_client_free(&c);
}
END_TEST

static const struct {
	const char *token, *tenant, *name;
	enum fault fault;
	const char *opened, *password;
} servers[] = {
	{VAULTS_TOKEN, "acme", "main", FAULT_NONE, "main", VAULTS_PASSWORD},
	{VAULTS_TOKEN, "acme", "", FAULT_NONE, "main", VAULTS_PASSWORD},
	{KEEPERS_BARE, "bare", "", FAULT_NONE, "operator", "of the operator"},
	{KEEPERS_BARE, "bare", "main", FAULT_NOT_FOUND, NULL, NULL},
	{VAULTS_TOKEN, "acme", "operator", FAULT_NOT_FOUND, NULL, NULL},
	{KEEPERS_BARE, "bare", "operator", FAULT_NOT_FOUND, NULL, NULL},
	{KEEPERS_BARE, "acme", "main", FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_TOKEN, "nobody", "", FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_TOKEN, "", "operator", FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_SLEEPER, "asleep", "", FAULT_TENANT_SUSPENDED, NULL, NULL},
	{VAULTS_TOKEN, "a-tenant-whose-name-has-all-of-the-sixty-four-bytes-it-may-have-", "",
	 FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_TOKEN, "acme",
	 "a-server-whose-name-is-longer-than-sixty-four-bytes-is-nobodys-at-all", FAULT_NOT_FOUND,
	 NULL, NULL},
};

START_TEST(servers_are_opened_for_their_tenant_alone)
{
	struct keeper_opened o = {0};
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	enum fault f = open_job(c, servers[_i].token, servers[_i].tenant, servers[_i].name, &o);
	ck_assert_uint_eq(f, servers[_i].fault);
	if (f == FAULT_NONE) {
		const struct keeper_server *s = &o.server;
		ck_assert(slice_eq(s->name, slice_of_text(servers[_i].opened)));
		ck_assert_int_eq(s->is_operators, strcmp(servers[_i].opened, "operator") == 0);
		ck_assert(secret_eq(s->password, slice_of_text(servers[_i].password)));
		ck_assert(slice_eq(s->host, SLICE_LIT("smtp.example.org")));
		ck_assert(slice_eq(s->username, SLICE_LIT("relay@example.org")));
		ck_assert(slice_starts(s->ca_pem, SLICE_LIT("-----BEGIN")));
		ck_assert_uint_eq(s->port, 465);
		ck_assert_uint_eq(s->tls, TLS_IMPLICIT);
	}
	keeper_server_deinit(&o.server);
	keeper_client_free(&c);
}
END_TEST

START_TEST(no_default_anywhere_is_no_server)
{
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	struct vault_key_name operators = {VAULT_SERVER, {0}, SLICE_LIT("operator")};
	struct vault_key_name mine = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	struct vault *v = keepers_begin(&k);
	ck_assert_uint_eq(vault_remove(v, operators), FAULT_NONE);
	ck_assert_uint_eq(vault_remove(v, mine), FAULT_NONE);
	keepers_end(&k);
	ck_assert_uint_eq(opens(c, "bare", ""), FAULT_NO_SERVER);
	/* acme names one that is gone: the operator's is not silently taken instead. */
	ck_assert_uint_eq(opens(c, "acme", ""), FAULT_NO_SERVER);
	ck_assert_uint_eq(opens(c, "acme", "main"), FAULT_NOT_FOUND);
	keeper_client_free(&c);
}
END_TEST

static void replace(const struct buf *bytes)
{
	ck_assert_uint_eq(vault_store_replace(k.vault_path, buf_view(bytes), false, NULL, NULL),
			  FAULT_NONE);
}

START_TEST(changes_are_seen_and_rollbacks_are_not)
{
	char moved[PATH_MAX];
	struct buf old;
	struct vault_stamp stamp;
	struct keeper_caller caller;
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	keepers_settle(&k);
	ck_assert_uint_eq(vault_store_read(k.vault_path, &old, &stamp, NULL), FAULT_NONE);
	uint64_t first = generation_of(c);

	struct vault_key_name acme = {VAULT_TENANT, {0}, SLICE_LIT("acme")};
	ck_assert_uint_eq(vault_remove(keepers_begin(&k), acme), FAULT_NONE);
	keepers_end(&k);
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(generation_of(c), first + 1);

	/* The old file again, in which the tenant is still there. */
	replace(&old);
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(generation_of(c), first + 1);

	/* Damaged, then gone: what is known is served. */
	old.ptr[old.len / 2] ^= 1;
	replace(&old);
	ck_assert_uint_eq(generation_of(c), first + 1);
	keepers_path(&k, "/moved", moved);
	ck_assert_int_eq(rename(k.vault_path, moved), 0);
	ck_assert_uint_eq(generation_of(c), first + 1);

	keepers_end(&k);
	ck_assert_uint_eq(generation_of(c), first + 2);
	buf_deinit(&old);
	keeper_client_free(&c);
}
END_TEST

/* The ledger of the vault changes with it; what was shredded is not served from what is known either. */
START_TEST(shredded_tenants_are_not_served)
{
	size_t records;
	struct keeper_caller caller;
	char keys[PATH_MAX], moved[PATH_MAX];
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	keepers_path(&k, "/vault.keys", keys);
	keepers_path(&k, "/moved.keys", moved);
	keepers_settle(&k);
	ck_assert_uint_eq(opens(c, "acme", "main"), FAULT_NONE);
	uint64_t first = generation_of(c);
	struct vault *v = keepers_begin(&k);
	ck_assert_uint_eq(vault_shred(v, SLICE_LIT("acme"), &records), FAULT_NONE);
	vaults_put_tenant(v, "fresh");
	keepers_put_token(v, "pp_fresh", "fresh", VAULT_SCOPE_SEND);
	keepers_end(&k);
	ck_assert_uint_eq(find_caller(c, VAULTS_TOKEN, &caller), FAULT_NO_CALLER);
	ck_assert_uint_eq(opens(c, "acme", "main"), FAULT_NO_CALLER);
	ck_assert_uint_eq(opens(c, "fresh", ""), FAULT_NONE);
	ck_assert_uint_eq(generation_of(c), first + 1);
	/* Without its ledger a newer vault is not taken, and with it it is. */
	ck_assert_int_eq(rename(keys, moved), 0);
	ck_assert_uint_eq(generation_of(c), first + 1);
	ck_assert_uint_eq(opens(c, "fresh", ""), FAULT_NONE);
	ck_assert_int_eq(rename(moved, keys), 0);
	vaults_put_server(keepers_begin(&k), "fresh", "main", NULL);
	keepers_end(&k);
	ck_assert_uint_eq(opens(c, "fresh", "main"), FAULT_NONE);
	keeper_client_free(&c);
}
END_TEST

START_TEST(another_master_key_is_followed)
{
	struct vault_kdf cheap = {.log_n = VAULTS_LOG_N, .r = 8, .p = 1};
	struct vault_unlock unlock = *vaults_by_credential('k');
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	keepers_settle(&k);
	uint64_t first = generation_of(c);
	struct vault *v = keepers_begin(&k);
	ck_assert_uint_eq(vault_rotate(v, &unlock, 1, cheap, NULL), FAULT_NONE);
	vaults_put_server(v, "bare", "more", NULL);
	keepers_end(&k);
	ck_assert_uint_eq(opens(c, "bare", "more"), FAULT_NONE);
	ck_assert_uint_eq(generation_of(c), first + 1);
	/* By another credential than the keeper's: it serves what it has. */
	unlock = *vaults_by_credential('l');
	ck_assert_uint_eq(vault_rotate(keepers_begin(&k), &unlock, 1, cheap, NULL), FAULT_NONE);
	keepers_end(&k);
	ck_assert_uint_eq(opens(c, "bare", "more"), FAULT_NONE);
	ck_assert_uint_eq(generation_of(c), first + 1);
	keeper_client_free(&c);
}
END_TEST

START_TEST(a_restarted_keeper_is_found_again)
{
	uint64_t generation;
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	keepers_kill(&k); /* its socket stays behind */
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_int_eq(keepers_stop(&k), 0);
	ck_assert_int_ne(access(k.socket_path, F_OK), 0);
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	keeper_client_free(&c);
}
END_TEST

START_TEST(a_dead_keeper_is_told)
{
	uint64_t generation;
	struct keeper_client *c = client(50);
	keepers_kill(&k);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_KEEPER_DOWN);
	keeper_client_free(&c);
}
END_TEST

START_TEST(a_second_keeper_does_not_take_the_socket)
{
	uint64_t generation;
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	int stop[2];
	ck_assert_int_eq(pipe2(stop, O_CLOEXEC), 0);
	ck_assert_int_eq(keepers_run(&k, stop[0], -1), 3);
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
	memcpy(address.sun_path, k.socket_path, strlen(k.socket_path));
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
		SLICE_INIT("\0\0\0\3\2\1\0"),		    /* version 2 */
		SLICE_INIT("\0\0\0\3\3\1\1"),		    /* a field that is not there */
		SLICE_INIT("\0\0\0\4\3\1\0x"),		    /* a byte too many */
		SLICE_INIT("\0\0\0\3\3\1\0\0\0\0\3\3\1\0"), /* a second request before the answer */
	};
	char byte;
	uint64_t generation;
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
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
	ck_assert_int_eq(send(fd, "\0\0\0\3\3\x63\0", 7, MSG_NOSIGNAL), 7);
	ck_assert_int_eq(recv(fd, answer, sizeof(answer), MSG_WAITALL), 7);
	ck_assert_uint_eq(wire_result_fault(answer[5]), FAULT_KEEPER_PROTOCOL);
	close(fd);
}
END_TEST

START_TEST(more_peers_than_places_wait)
{
	int held[KEEPER_PEERS];
	uint64_t generation;
	struct keeper_client *late = client(KEEPERS_PATIENCE_MS);
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
	Suite *s = suite_create("config/keeper/keeper");
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
