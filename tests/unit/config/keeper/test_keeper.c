#include "config/keeper/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/event.h"
#include "config/vault/commit.h"
#include "config/keeper/held.h"
#include "config/keeper/wire.h"
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
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	keepers_settle(&k);
	uint64_t first = generation_of(c);
	struct vault *v = keepers_begin(&k);
	struct vault_unlock unlock = *vaults_by_credential('k'); /* good for three more of them */
	ck_assert_uint_eq(vault_rotate(v, &unlock, 1, cheap, NULL), FAULT_NONE);
	vaults_put_server(v, "bare", "more", NULL);
	keepers_end(&k);
	ck_assert_uint_eq(opens(c, "bare", "more"), FAULT_NONE);
	ck_assert_uint_eq(generation_of(c), first + 1);
	/* By another credential than the keeper's: it serves what it has. */
	v = keepers_begin(&k);
	unlock = *vaults_by_credential('l');
	ck_assert_uint_eq(vault_rotate(v, &unlock, 1, cheap, NULL), FAULT_NONE);
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
	ck_assert_int_eq(send(fd, "\0\0\0\3\4\x63\0", 7, MSG_NOSIGNAL), 7);
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

/* --- kill -9 ----------------------------------------------------------------------------------------------- */

/*
 * The keeper is killed at random moments while changes are made, each of them one of three: acme's settings are numbered,
 * bare gets a half of the key or loses it, a server of acme comes or goes. What was acknowledged last is there when the
 * vault is opened anew; the one that was under way is there whole or not at all.
 */
enum { KILL_CHANGES = 200, KILL_WINDOW_US = 12 * 1000 };

struct state {
	unsigned number;
	bool is_split;
	bool has_server;
};

static struct keeper_client *asker;
static struct keeper_proof acme; /* that administers */

static struct keeper_target target(enum keeper_kind kind, const char *name)
{
	return (struct keeper_target){.proof = &acme, .kind = kind, .name = slice_of_text(name)};
}

static enum fault put(enum keeper_kind kind, const char *name, enum keeper_condition_kind condition,
		      const char *key, const char *value)
{
	struct keeper_target t = target(kind, name);
	struct keeper_pair pair = {slice_of_text(key), KEEPER_TEXT, slice_of_text(value)};
	struct keeper_put put = {.condition = {.kind = condition}, .pairs = &pair, .count = 1};
	return keeper_put_record(asker, &t, &put, NULL);
}

static enum fault remove_server(const char *name)
{
	struct keeper_target t = target(KEEPER_SERVER, name);
	return keeper_remove_record(asker, &t, (struct keeper_condition){.kind = KEEPER_IF_ANY},
				    NULL);
}

static unsigned next_random(void)
{
	static unsigned x = 20261129;
	x = x * 1664525U + 1013904223U;
	return x >> 8;
}

static void number_text(char out[8], unsigned number)
{
	memcpy(out, "[0000] ", 8);
	for (unsigned i = 4; i > 0; i--, number /= 10) {
		out[i] = (char)('0' + number % 10);
	}
}

static struct state change_of(struct state now)
{
	switch (next_random() % 3) {
	case 0:
		now.number++;
		break;
	case 1:
		now.is_split = !now.is_split;
		break;
	default:
		now.has_server = !now.has_server;
		break;
	}
	return now;
}

static enum fault make(struct state from, struct state to, struct secret *half)
{
	char prefix[8];
	struct keeper_proof proof = keepers_proof(KEEPERS_BARE, NULL);
	if (to.number != from.number) {
		number_text(prefix, to.number);
		return put(KEEPER_SETTINGS, "", KEEPER_IF_ANY, "subject_prefix", prefix);
	}
	if (to.is_split != from.is_split) {
		proof.half = half;
		return keeper_change_half(asker, &proof,
					  to.is_split ? KEEPER_HALF_ADD : KEEPER_HALF_DROP, half,
					  NULL);
	}
	return to.has_server ? put(KEEPER_SERVER, "comes", KEEPER_IF_NEW, "host", "h.example")
			     : remove_server("comes");
}

/* Whole: bare's server opens by the half alone while there is one, and without it otherwise. */
static bool is_state(struct vault *v, struct state s, const struct secret *half)
{
	char prefix[8];
	struct vault_record r;
	struct vault_key_name name = {VAULT_SETTINGS, SLICE_LIT("acme"), {0}};
	number_text(prefix, s.number);
	ck_assert_uint_eq(vault_find(v, name, NULL, &arena, &r, NULL), FAULT_NONE);
	bool opens = vaults_find(v, VAULT_SERVER, "bare", "theirs", NULL) == FAULT_NONE;
	ck_assert_uint_eq(vaults_find(v, VAULT_SERVER, "bare", "theirs", half), FAULT_NONE);
	ck_assert_uint_eq(vaults_find(v, VAULT_SERVER, "acme", "main", NULL), FAULT_NONE);
	bool comes = vaults_find(v, VAULT_SERVER, "acme", "comes", NULL) == FAULT_NONE;
	return slice_eq(r.settings.subject_prefix, slice_of(prefix, 7)) && opens == !s.is_split &&
	       vault_is_split(v, SLICE_LIT("bare")) == s.is_split && comes == s.has_server;
}

/* The process that kills is not the one that waits for answers. */
static pid_t kill_soon(unsigned us)
{
	pid_t killer = fork();
	ck_assert_int_ge(killer, 0);
	if (killer == 0) {
		struct timespec pause = {.tv_nsec = (long)us * 1000};
		ppoll(NULL, 0, &pause, NULL);
		kill(k.pid, SIGKILL);
		_exit(0);
	}
	return killer;
}

/* How many changes were begun until it was dead; `now` is what was acknowledged, or found, last. */
static unsigned round_until_killed(struct state *now, struct secret *half)
{
	unsigned begun = 0;
	struct state wanted = *now;
	if (!keepers_start(&k)) {
		ck_abort_msg("the vault did not open");
	}
	pid_t killer = kill_soon(next_random() % KILL_WINDOW_US);
	enum fault f = FAULT_NONE;
	while (f == FAULT_NONE) {
		*now = wanted;
		wanted = change_of(*now);
		f = make(*now, wanted, half);
		begun++;
	}
	ck_assert_uint_eq(f, FAULT_KEEPER_DOWN);
	ck_assert_int_eq(waitpid(killer, NULL, 0), killer);
	keepers_stop(&k);
	struct vault *v = keepers_load(&k);
	bool is_made = is_state(v, wanted, half);
	ck_assert_msg(is_made || is_state(v, *now, half), "neither before nor after");
	vault_free(&v);
	*now = is_made ? wanted : *now;
	arena_deinit(&arena);
	return begun;
}

START_TEST(killed_at_any_moment_nothing_acknowledged_is_lost)
{
	struct state now = {0};
	struct secret *half = vaults_half('h');
	keepers_kill(&k); /* which the fixture began */
	acme = keepers_proof(KEEPERS_ADMIN, NULL);
	asker = keepers_client(&k, 200);
	vaults_put_server(keepers_begin(&k), "bare", "theirs", NULL);
	keepers_end(&k);
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(put(KEEPER_SETTINGS, "", KEEPER_IF_ANY, "subject_prefix", "[0000] "),
			  FAULT_NONE);
	keepers_kill(&k);
	for (unsigned made = 0; made < KILL_CHANGES;) {
		made += round_until_killed(&now, half);
	}
	secret_free(&half);
	keeper_client_free(&asker);
}
END_TEST

/* --- what goes wrong behind the vault, and records that do not open ----------------------------------- */

static void setup_without_keeper(void)
{
	arena_init(&arena, KEEPERS_ARENA);
	keepers_setup(&k);
}

static void write_line(const char *path, const char *line)
{
	FILE *f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	fprintf(f, "%s\n", line);
	ck_assert_int_eq(fclose(f), 0);
}

/* The vault opens, and none of its records does. */
static void spoil_bodies(void)
{
	struct buf file;
	struct vault_format format;
	struct vault_stamp stamp;
	ck_assert_uint_eq(vault_store_read(k.vault_path, &file, &stamp, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_format_read(buf_view(&file), &format, NULL), FAULT_NONE);
	size_t end = (size_t)(format.bodies.ptr - file.ptr) + format.bodies.len;
	for (size_t at = end - format.bodies.len; at < end; at += VAULT_BODY_PAD) {
		file.ptr[at] ^= 1;
	}
	digest_sha256(slice_of(file.ptr, end), (unsigned char *)file.ptr + end);
	ck_assert_uint_eq(vault_store_replace(k.vault_path, buf_view(&file), false, NULL, NULL),
			  FAULT_NONE);
	buf_deinit(&file);
}

/* Of the next vault, or of the copy of its ledger among the backups. */
static void stand_in_the_way(bool is_of_copies, char made[3][PATH_MAX])
{
	keepers_path(&k, is_of_copies ? "/copies" : "/vault.new", made[0]);
	keepers_path(&k, "/copies/vault.keys", made[1]);
	keepers_path(&k, "/vault.copies", made[2]);
	ck_assert_int_eq(mkdir(made[0], 0700), 0);
	if (is_of_copies) {
		write_line(made[1], "no ledger of this vault");
		write_line(made[2], made[0]);
	}
}

/* A tenant that is gone is told to be, also when its keys alone could be taken away, or the vault was saved and no copy follows. */
START_TEST(a_shred_that_holds_is_told_as_made)
{
	char made[3][PATH_MAX];
	char told[4096] = "";
	int log[2];
	struct problem problem = {0};
	struct keeper_caller caller;
	struct keeper_proof admin = keepers_proof(KEEPERS_ADMIN, NULL);
	struct keeper_client *c = client(KEEPERS_PATIENCE_MS);
	ck_assert_int_eq(pipe2(log, O_CLOEXEC), 0);
	event_start(log[1], SLICE_LIT("keeper"));
	ck_assert(keepers_start(&k));
	event_start(-1, (struct slice){0});
	close(log[1]);
	keepers_settle(&k);
	stand_in_the_way(_i == 1, made);
	ck_assert_uint_eq(keeper_shred_tenant(c, &admin, &problem),
			  _i == 1 ? FAULT_CONFLICT : FAULT_VAULT_IO);
	ck_assert_uint_eq(find_caller(c, KEEPERS_ADMIN, &caller), FAULT_NO_CALLER);
	for (int i = 3; i > 0; i--) {
		ck_assert(remove(made[i - 1]) == 0 || _i == 0);
	}
	ck_assert_int_eq(keepers_stop(&k), 0);
	ck_assert_int_gt(read(log[0], told, sizeof(told) - 1), 0);
	ck_assert_ptr_nonnull(strstr(told, " vault.behind "));
	ck_assert_ptr_null(strstr(told, " vault.unsaved "));
	ck_assert_ptr_nonnull(strstr(told, "tenant=acme kind=tenant change=shredded by="));
	keeper_client_free(&c);
	close(log[0]);
}
END_TEST

/* A service manager hears of it, also while nobody asks; of one that is stopped it does not. */
START_TEST(it_tells_that_it_lives)
{
	int ends[2];
	char byte;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	k.alive_every_ms = 10;
	k.alive_fd = ends[1];
	ck_assert(keepers_start(&k));
	close(ends[1]);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	}
	ck_assert_int_eq(kill(k.pid, SIGSTOP), 0);
	ck_assert_int_eq(waitpid(k.pid, NULL, WUNTRACED), k.pid);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	while (read(ends[0], &byte, 1) == 1) {
	}
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(kill(k.pid, SIGCONT), 0);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, 0), 0);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	ck_assert_int_eq(keepers_stop(&k), 0);
	close(ends[0]);
}
END_TEST

/* A keeper whose tokens' days cannot be written tries again a while later, and not all the time. */
START_TEST(days_that_cannot_be_written_leave_time_for_requests)
{
	struct held h = {.path = k.vault_path,
			 .unlock = vaults_by_credential('k'),
			 .retention_ms = UINT64_MAX};
	struct problem problem = {0};
	struct keeper_proof admin = keepers_proof(KEEPERS_ADMIN, NULL);
	spoil_bodies();
	ck_assert_uint_eq(held_open(&h, &problem), FAULT_NONE);
	house_note_use(&h.house, slice_of(admin.token_hash, KEEPER_TOKEN_HASH), civil_now());
	held_keep_house(&h);
	ck_assert(house_has_news(&h.house));
	ck_assert_int_gt(held_idle_ms(&h), 1000);
	held_close(&h);
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
	t = tcase_create("killed");
	tcase_set_timeout(t, 300);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, killed_at_any_moment_nothing_acknowledged_is_lost);
	suite_add_tcase(s, t);
	t = tcase_create("trouble");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup_without_keeper, teardown);
	tcase_add_loop_test(t, a_shred_that_holds_is_told_as_made, 0, 2);
	tcase_add_test(t, it_tells_that_it_lives);
	tcase_add_test(t, days_that_cannot_be_written_leave_time_for_requests);
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
