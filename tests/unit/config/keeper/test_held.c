#include "config/keeper/held.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/vault/commit.h"
#include "tests/support/check_main.h"
#include "tests/support/keepers.h"
#include "tests/support/vaults.h"

/* How a keeper changes its vault: asked by the client, judged by the files and by what it tells afterwards. */

static struct keepers k;
static struct keeper_client *c;
static struct keeper_proof admin; /* of acme */
static struct keeper_proof bare;
static struct arena arena;
static struct problem problem;
static uint32_t version;
static bool is_new;

static const struct keeper_condition any = {.kind = KEEPER_IF_ANY};
static const struct keeper_condition fresh = {.kind = KEEPER_IF_NEW};

static void setup(void)
{
	arena_init(&arena, 4 * KEEPERS_ARENA);
	keepers_setup(&k);
	admin = keepers_proof(KEEPERS_ADMIN, NULL);
	bare = keepers_proof(KEEPERS_BARE, NULL);
	c = keepers_client(&k, KEEPERS_PATIENCE_MS);
}

static void teardown(void)
{
	secret_free(&admin.half);
	keeper_client_free(&c);
	keepers_teardown(&k);
	arena_deinit(&arena);
}

static struct keeper_target target(const struct keeper_proof *proof, enum keeper_kind kind,
				   const char *name)
{
	return (struct keeper_target){.proof = proof, .kind = kind, .name = slice_of_text(name)};
}

static enum fault put(enum keeper_kind kind, const char *name, struct keeper_condition condition,
		      const struct keeper_pair *pairs, size_t count)
{
	struct keeper_target t = target(&admin, kind, name);
	struct keeper_put put = {.condition = condition, .pairs = pairs, .count = count};
	enum fault f = keeper_put_record(c, &t, &put, &problem);
	if (f == FAULT_NONE) {
		version = put.version;
		is_new = put.is_new;
	}
	return f;
}

/* acme's settings become this prefix, and nothing else. */
static enum fault put_prefix(const char *prefix)
{
	struct keeper_pair pair = {SLICE_INIT("subject_prefix"), KEEPER_TEXT,
				   slice_of_text(prefix)};
	return put(KEEPER_SETTINGS, "", any, &pair, 1);
}

static enum fault put_server(const char *name)
{
	static const struct keeper_pair pairs[] = {
		{SLICE_INIT("host"), KEEPER_TEXT, SLICE_INIT("smtp.example.net")},
		{SLICE_INIT("port"), KEEPER_NUMBER, SLICE_INIT("587")},
	};
	return put(KEEPER_SERVER, name, fresh, pairs, COUNT_OF(pairs));
}

static enum fault remove_server(const char *name)
{
	struct keeper_target t = target(&admin, KEEPER_SERVER, name);
	return keeper_remove_record(c, &t, any, &problem);
}

static struct slice told_prefix(void)
{
	struct keeper_document d;
	struct keeper_target t = target(&admin, KEEPER_SETTINGS, "");
	ck_assert_uint_eq(keeper_get_record(c, &t, &arena, &d, &problem), FAULT_NONE);
	for (size_t i = 0; i < d.count; i++) {
		if (slice_eq(d.pairs[i].key, SLICE_LIT("subject_prefix"))) {
			return d.pairs[i].value;
		}
	}
	return (struct slice){0};
}

static bool is_on_disk(const char *prefix)
{
	struct vault_record r;
	struct vault_key_name name = {VAULT_SETTINGS, SLICE_LIT("acme"), {0}};
	struct vault *v = keepers_load(&k);
	ck_assert_uint_eq(vault_find(v, name, NULL, &arena, &r, NULL), FAULT_NONE);
	vault_free(&v);
	return slice_eq(r.settings.subject_prefix, slice_of_text(prefix));
}

static enum fault on_disk(enum vault_kind kind, const char *tenant, const char *name)
{
	struct vault *v = keepers_load(&k);
	enum fault f = vaults_find(v, kind, tenant, name, admin.half);
	vault_free(&v);
	return f;
}

static enum fault find(const struct keeper_proof *proof)
{
	struct keeper_caller caller;
	return keeper_find_caller(c, proof->token_hash, &caller);
}

START_TEST(what_is_answered_is_on_disk)
{
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(put_prefix("[One] "), FAULT_NONE);
	ck_assert(!is_new);
	ck_assert(is_on_disk("[One] "));
	ck_assert(slice_eq(told_prefix(), SLICE_LIT("[One] ")));
	ck_assert_uint_eq(put_server("more"), FAULT_NONE);
	ck_assert(is_new);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "more"), FAULT_NONE);
	ck_assert_uint_eq(put_server("more"), FAULT_NO_PRECONDITION);
	ck_assert_uint_eq(remove_server("more"), FAULT_NONE);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "more"), FAULT_NOT_FOUND);
	ck_assert_uint_eq(remove_server("more"), FAULT_NOT_FOUND);
}
END_TEST

START_TEST(records_are_listed_and_changed_with_conditions)
{
	struct slice *names;
	size_t count;
	struct keeper_document d;
	struct keeper_target servers = target(&admin, KEEPER_SERVER, "");
	struct keeper_target main_server = target(&admin, KEEPER_SERVER, "main");
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(put_server("also"), FAULT_NONE);
	ck_assert_uint_eq(keeper_list_records(c, &servers, &arena, &names, &count, &problem),
			  FAULT_NONE);
	ck_assert_uint_eq(count, 2);
	ck_assert(slice_eq(names[0], SLICE_LIT("also")) && slice_eq(names[1], SLICE_LIT("main")));
	ck_assert_uint_eq(keeper_get_record(c, &main_server, &arena, &d, &problem), FAULT_NONE);
	struct keeper_condition it = {.kind = KEEPER_IF_VERSION, .version = d.version};
	struct keeper_condition old = {.kind = KEEPER_IF_VERSION, .version = d.version + 7};
	struct keeper_condition absent = {.kind = KEEPER_IF_ABSENT};
	ck_assert_uint_eq(keeper_remove_record(c, &main_server, old, &problem), FAULT_PRECONDITION);
	ck_assert_uint_eq(keeper_remove_record(c, &main_server, absent, &problem),
			  FAULT_PRECONDITION);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "main"), FAULT_NONE);
	ck_assert_uint_eq(keeper_remove_record(c, &main_server, it, &problem), FAULT_NONE);
	ck_assert_uint_eq(keeper_remove_record(c, &main_server, it, &problem), FAULT_NOT_FOUND);
	/* The ETag of a put is good for the next one, and then no more. */
	ck_assert_uint_eq(put_prefix("a"), FAULT_NONE);
	it.version = version;
	ck_assert_uint_eq(put(KEEPER_SETTINGS, "", it, NULL, 0), FAULT_NONE);
	ck_assert_uint_ne(version, it.version);
	ck_assert_uint_eq(put(KEEPER_SETTINGS, "", it, NULL, 0), FAULT_PRECONDITION);
}
END_TEST

START_TEST(a_revoked_token_is_nobodys_at_once)
{
	char hex[65] = {0};
	unsigned char hash[32];
	struct keeper_proof sender = keepers_proof("pp_sender", NULL);
	struct keeper_pair label = {SLICE_INIT("label"), KEEPER_TEXT, SLICE_INIT("x")};
	vaults_hash("pp_sender", hash, hex);
	ck_assert(keepers_start(&k));
	for (unsigned i = 0; i < 6; i++) {
		ck_assert_uint_eq(put(KEEPER_TOKEN, hex, fresh, &label, 1), FAULT_NONE);
		ck_assert_uint_eq(find(&sender), FAULT_NONE);
		ck_assert_uint_eq(find(&sender), FAULT_NONE); /* as it was answered before */
		ck_assert_uint_eq(i % 2 == 0 ? put_prefix("x") : FAULT_NONE, FAULT_NONE);
		ck_assert_uint_eq(find(&sender), FAULT_NONE);
		struct keeper_target t = target(&admin, KEEPER_TOKEN, hex);
		ck_assert_uint_eq(keeper_remove_record(c, &t, any, &problem), FAULT_NONE);
		ck_assert_uint_eq(find(&sender), FAULT_NO_CALLER);
	}
}
END_TEST

/* By a command, with no other request between: how often the vault changed meanwhile is no matter. */
START_TEST(a_token_revoked_by_a_command_is_nobodys_at_once)
{
	char hex[65] = {0};
	unsigned char hash[32];
	struct keeper_proof sender = keepers_proof("pp_sender", NULL);
	vaults_hash("pp_sender", hash, hex);
	struct vault_key_name name = {VAULT_TOKEN, {0}, slice_of_text(hex)};
	ck_assert(keepers_start(&k));
	keepers_settle(&k);
	for (unsigned i = 0; i < 8; i++) {
		for (unsigned changes = 0; changes <= i / 2; changes++) {
			keepers_put_token(keepers_begin(&k), "pp_sender", "acme", VAULT_SCOPE_SEND);
			keepers_end(&k);
		}
		ck_assert_uint_eq(find(&sender), FAULT_NONE);
		ck_assert_uint_eq(vault_remove(keepers_begin(&k), name), FAULT_NONE);
		keepers_end(&k);
		ck_assert_uint_eq(find(&sender), FAULT_NO_CALLER);
	}
}
END_TEST

/* The first after a while at once, the next ones together a minute later: not each by itself. */
START_TEST(the_day_of_a_token_is_written)
{
	uint64_t before, after;
	ck_assert(keepers_start(&k));
	keepers_settle(&k);
	ck_assert_uint_eq(keeper_ping(c, &before), FAULT_NONE);
	for (unsigned i = 0; i < 20; i++) {
		ck_assert_uint_eq(find(&bare), FAULT_NONE);
		ck_assert_uint_eq(find(&admin), FAULT_NONE);
	}
	ck_assert_uint_eq(keeper_ping(c, &after), FAULT_NONE);
	ck_assert_uint_eq(before, after);
}
END_TEST

static bool is_gone(const struct keeper_proof *proof)
{
	for (unsigned i = 0; i < 1000; i++) {
		if (find(proof) == FAULT_NO_CALLER) {
			return true;
		}
		poll(NULL, 0, 5);
	}
	return false;
}

START_TEST(without_retention_what_is_uninstalled_goes_at_once)
{
	k.retention_ms = 0;
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_tell_event(c, &admin, KEEPER_UNINSTALLED, &problem), FAULT_NONE);
	ck_assert(is_gone(&admin));
	ck_assert_uint_eq(on_disk(VAULT_TENANT, "", "acme"), FAULT_NOT_FOUND);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "main"), FAULT_NOT_FOUND);
	ck_assert_uint_eq(on_disk(VAULT_TENANT, "", "bare"), FAULT_NONE);
	ck_assert_uint_eq(find(&bare), FAULT_NONE);
}
END_TEST

START_TEST(with_retention_what_is_uninstalled_comes_back)
{
	struct keeper_caller caller;
	k.retention_ms = 3600 * 1000;
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_tell_event(c, &admin, KEEPER_UNINSTALLED, &problem), FAULT_NONE);
	ck_assert_uint_eq(keeper_find_caller(c, admin.token_hash, &caller), FAULT_NONE);
	ck_assert(caller.is_uninstalled);
	ck_assert_uint_eq(put_prefix("x"), FAULT_TENANT_GONE);
	keepers_stop(&k);
	ck_assert(keepers_start(&k)); /* it looks for what is over when it starts */
	ck_assert_uint_eq(keeper_tell_event(c, &admin, KEEPER_INSTALLED, &problem), FAULT_NONE);
	ck_assert_uint_eq(put_prefix("x"), FAULT_NONE);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "main"), FAULT_NONE);
}
END_TEST

START_TEST(what_is_over_goes_when_a_keeper_starts)
{
	k.retention_ms = UINT64_MAX;
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_tell_event(c, &admin, KEEPER_UNINSTALLED, &problem), FAULT_NONE);
	keepers_stop(&k);
	k.retention_ms = 1;
	ck_assert(keepers_start(&k));
	ck_assert(is_gone(&admin));
}
END_TEST

START_TEST(a_tenant_may_go_by_itself)
{
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_shred_tenant(c, &admin, &problem), FAULT_NONE);
	ck_assert_uint_eq(find(&admin), FAULT_NO_CALLER);
	ck_assert_uint_eq(on_disk(VAULT_SETTINGS, "acme", ""), FAULT_NOT_FOUND);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "", "operator"), FAULT_NONE);
	ck_assert_uint_eq(keeper_shred_tenant(c, &admin, &problem), FAULT_NO_CALLER);
}
END_TEST

/* --- others that change the same files ------------------------------------------------------------- */

static void number_name(char name[8], const char *prefix, unsigned i)
{
	memcpy(name, prefix, 4);
	name[4] = (char)('0' + i / 10);
	name[5] = (char)('0' + i % 10);
	name[6] = '\0';
}

START_TEST(a_command_in_between_loses_nothing)
{
	char name[8];
	ck_assert(keepers_start(&k));
	for (unsigned i = 0; i < 10; i++) {
		number_name(name, "cli-", i);
		vaults_put_server(keepers_begin(&k), "acme", name, NULL);
		keepers_end(&k);
		number_name(name, "api-", i);
		ck_assert_uint_eq(put_server(name), FAULT_NONE);
	}
	for (unsigned i = 0; i < 10; i++) {
		number_name(name, "cli-", i);
		ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", name), FAULT_NONE);
		number_name(name, "api-", i);
		ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", name), FAULT_NONE);
	}
}
END_TEST

static void change_as_a_command(void)
{
	char name[8];
	for (unsigned i = 0; i < 20; i++) {
		number_name(name, "cli-", i);
		vaults_put_server(keepers_begin(&k), "bare", name, NULL);
		keepers_end(&k);
	}
}

START_TEST(two_who_change_at_once_lose_nothing)
{
	char name[8];
	int status = 0;
	ck_assert(keepers_start(&k));
	pid_t command = fork();
	if (command == 0) {
		change_as_a_command();
		_exit(0);
	}
	for (unsigned i = 0; i < 20; i++) {
		number_name(name, "api-", i);
		ck_assert_uint_eq(put_server(name), FAULT_NONE);
	}
	ck_assert_int_eq(waitpid(command, &status, 0), command);
	ck_assert_int_eq(status, 0);
	for (unsigned i = 0; i < 20; i++) {
		number_name(name, "cli-", i);
		ck_assert_uint_eq(on_disk(VAULT_SERVER, "bare", name), FAULT_NONE);
		number_name(name, "api-", i);
		ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", name), FAULT_NONE);
	}
}
END_TEST

/* One request waits for the lock, and no further one: all others would wait as well. */
START_TEST(a_locked_vault_is_a_conflict)
{
	enum { MORE = 4, LESS_THAN_A_WAIT_MS = 1500 };
	ck_assert(keepers_start(&k));
	keepers_begin(&k);
	ck_assert_uint_eq(put_prefix("[New] "), FAULT_CONFLICT);
	ck_assert_uint_gt(problem.len, 0);
	struct instant first = instant_now();
	for (int i = 0; i < MORE; i++) {
		ck_assert_uint_eq(put_prefix("[New] "), FAULT_CONFLICT);
	}
	ck_assert_uint_lt(instant_now().ms - first.ms, LESS_THAN_A_WAIT_MS);
	ck_assert(slice_eq(told_prefix(), SLICE_LIT("[Wiki] ")));
	vault_store_unlock(&k.lock);
	ck_assert_uint_eq(put_prefix("[New] "), FAULT_NONE);
}
END_TEST

/* --- files that the keeper does not take ------------------------------------------------------------- */

static void read_bytes(const char *path, struct buf *out)
{
	struct vault_stamp stamp;
	ck_assert_uint_eq(vault_store_read(path, out, &stamp, NULL), FAULT_NONE);
}

static void write_bytes(const struct buf *bytes)
{
	ck_assert_uint_eq(vault_store_replace(k.vault_path, buf_view(bytes), false, NULL, NULL),
			  FAULT_NONE);
}

enum spoil { DAMAGED, OLDER, MISSING, WITHOUT_LEDGER };
static const struct {
	enum spoil how;
	enum fault fault;
} spoilt[] = {
	{DAMAGED, FAULT_VAULT_DAMAGED},
	{OLDER, FAULT_VAULT_ROLLBACK},
	{MISSING, FAULT_VAULT_MISSING},
	{WITHOUT_LEDGER, FAULT_VAULT_MISSING},
};

/* Refused with what is wrong, and the file stays as it is; when it is good again, changes are made again. */
START_TEST(what_is_not_taken_is_not_written_over)
{
	enum spoil how = spoilt[_i].how;
	struct buf old, good, seen;
	char moved[PATH_MAX], keys[PATH_MAX];
	const char *away = how == MISSING ? k.vault_path : keys;
	keepers_path(&k, "/moved", moved);
	keepers_path(&k, "/vault.keys", keys);
	ck_assert(keepers_start(&k));
	keepers_settle(&k);
	read_bytes(k.vault_path, &old);
	ck_assert_uint_eq(put_prefix("[Known] "), FAULT_NONE);
	read_bytes(k.vault_path, &good);
	if (how == DAMAGED) {
		old.ptr[old.len / 2] ^= 1;
	}
	if (how == DAMAGED || how == OLDER) {
		write_bytes(&old);
	} else {
		ck_assert_int_eq(rename(away, moved), 0);
	}
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(put_prefix("[Lost] "), spoilt[_i].fault);
		ck_assert(slice_ends(problem_text(&problem), SLICE_LIT("nothing is changed.")));
		ck_assert_uint_eq(keeper_shred_tenant(c, &bare, NULL), spoilt[_i].fault);
		ck_assert(slice_eq(told_prefix(), SLICE_LIT("[Known] ")));
	}
	if (how == DAMAGED || how == OLDER) {
		read_bytes(k.vault_path, &seen);
		ck_assert(slice_eq(buf_view(&seen), buf_view(&old)));
		buf_deinit(&seen);
		write_bytes(&good);
	} else {
		ck_assert_int_ne(access(away, F_OK), 0);
		ck_assert_int_eq(rename(moved, away), 0);
	}
	ck_assert_uint_eq(put_prefix("[Again] "), FAULT_NONE);
	ck_assert(is_on_disk("[Again] "));
	ck_assert_uint_eq(find(&bare), FAULT_NONE);
	buf_deinit(&old);
	buf_deinit(&good);
}
END_TEST

/* --- a disk that takes no more ------------------------------------------------------------------------ */

START_TEST(on_a_full_disk_a_change_is_undone)
{
	static char css[JOB_CSS_MAX];
	struct stat st;
	const struct keeper_pair large[] = {
		{SLICE_INIT("subject_prefix"), KEEPER_TEXT, SLICE_INIT("[Lost] ")},
		{SLICE_INIT("css"), KEEPER_TEXT, {css, sizeof(css)}}};
	memset(css, 'a', sizeof(css));
	ck_assert_int_eq(stat(k.vault_path, &st), 0);
	k.file_max = (uint64_t)st.st_size + sizeof(css) / 2;
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(put_prefix("[Known] "), FAULT_NONE);
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(put(KEEPER_SETTINGS, "", any, large, COUNT_OF(large)),
				  FAULT_VAULT_IO);
		ck_assert_uint_gt(problem.len, 0);
		ck_assert(slice_eq(told_prefix(), SLICE_LIT("[Known] ")));
		ck_assert(is_on_disk("[Known] "));
	}
	ck_assert_uint_eq(put_prefix("[Small] "), FAULT_NONE);
	ck_assert(is_on_disk("[Small] "));
}
END_TEST

/* What stands in the way is a folder: of the vault's next file, or of its ledger's. */
START_TEST(what_cannot_be_written_is_undone)
{
	static const char *const ways[] = {"/vault.new", "/vault.prev.new", "/vault.keys.new"};
	char in_the_way[PATH_MAX];
	struct secret *half = vaults_half('h');
	keepers_path(&k, ways[_i], in_the_way);
	ck_assert(keepers_start(&k));
	keepers_settle(&k);
	ck_assert_int_eq(mkdir(in_the_way, 0700), 0);
	if (_i < 2) {
		ck_assert_uint_eq(put_prefix("[Lost] "), FAULT_VAULT_IO);
		ck_assert_uint_eq(put_server("lost"), FAULT_VAULT_IO);
	}
	ck_assert_uint_eq(keeper_change_half(c, &admin, KEEPER_HALF_ADD, half, &problem),
			  FAULT_VAULT_IO);
	ck_assert(slice_eq(told_prefix(), SLICE_LIT("[Wiki] ")));
	ck_assert_uint_eq(remove_server("lost"), FAULT_NOT_FOUND);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "main"), FAULT_NONE);
	ck_assert_int_eq(rmdir(in_the_way), 0);
	ck_assert_uint_eq(put_prefix("[New] "), FAULT_NONE);
	ck_assert_uint_eq(keeper_change_half(c, &admin, KEEPER_HALF_ADD, half, &problem),
			  FAULT_NONE);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "main"), FAULT_KEY_HALF);
	ck_assert_uint_eq(on_disk(VAULT_SETTINGS, "acme", ""), FAULT_NONE);
	secret_free(&half);
}
END_TEST

/* So that one more file can be opened, and no second one. */
static void leave_one_descriptor(void)
{
	char path[64];
	rlim_t most = 0;
	for (unsigned vacant = 0; vacant < 2; most++) {
		FILE *f = fmemopen(path, sizeof(path), "w");
		fprintf(f, "/proc/%d/fd/%u", (int)k.pid, (unsigned)most);
		fclose(f);
		vacant += access(path, F_OK) != 0;
	}
	struct rlimit limit = {.rlim_cur = most - 1, .rlim_max = 1024};
	ck_assert_int_eq(prlimit(k.pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

/* Neither the change nor the files of before can be opened: it is undone as soon as they can. */
START_TEST(what_could_not_be_undone_is_undone_later)
{
	struct rlimit before;
	ck_assert(keepers_start(&k));
	keepers_settle(&k);
	ck_assert_uint_eq(put_prefix("[Known] "), FAULT_NONE);
	ck_assert_int_eq(prlimit(k.pid, RLIMIT_NOFILE, NULL, &before), 0);
	leave_one_descriptor(); /* which is the lock's */
	ck_assert_uint_eq(put_prefix("[Lost] "), FAULT_VAULT_IO);
	before.rlim_max = 1024;
	before.rlim_cur = 1024;
	ck_assert_int_eq(prlimit(k.pid, RLIMIT_NOFILE, &before, NULL), 0);
	ck_assert(slice_eq(told_prefix(), SLICE_LIT("[Known] ")));
	ck_assert_uint_eq(put_prefix("[New] "), FAULT_NONE);
	ck_assert(is_on_disk("[New] "));
}
END_TEST

/* Of a tenant that is to go, the keys go first: it is gone, and told so when it is asked to go again. */
START_TEST(a_tenant_that_was_half_shredded_is_gone)
{
	char in_the_way[PATH_MAX];
	keepers_path(&k, "/vault.new", in_the_way);
	ck_assert(keepers_start(&k));
	keepers_settle(&k);
	ck_assert_int_eq(mkdir(in_the_way, 0700), 0);
	ck_assert_uint_eq(keeper_shred_tenant(c, &admin, &problem), FAULT_VAULT_IO);
	ck_assert_int_eq(rmdir(in_the_way), 0);
	ck_assert_uint_eq(find(&admin), FAULT_NO_CALLER);
	ck_assert_uint_eq(find(&bare), FAULT_NONE);
	ck_assert_uint_eq(on_disk(VAULT_SERVER, "acme", "main"), FAULT_NOT_FOUND);
}
END_TEST

/* --- a tenant's half --------------------------------------------------------------------------------------- */

static enum fault open_job(const char *token, struct secret *half, struct keeper_opened *out)
{
	struct keeper_proof proof = keepers_proof(token, half);
	struct keeper_caller caller = {.tenant = "acme", .tenant_len = 4};
	struct keeper_job job = {.proof = &proof,
				 .caller = &caller,
				 .server = SLICE_LIT("main"),
				 .space = SLICE_LIT("DOCS")};
	return keeper_open_job(c, &job, &arena, out, &problem);
}

START_TEST(a_split_tenants_job_opens_by_its_half)
{
	struct keeper_opened o;
	struct secret *half = vaults_half('h');
	struct secret *second = vaults_half('2');
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_change_half(c, &admin, KEEPER_HALF_ADD, half, &problem),
			  FAULT_NONE);
	ck_assert_uint_eq(open_job(VAULTS_TOKEN, NULL, &o), FAULT_KEY_HALF);
	ck_assert_uint_gt(problem.len, 0);
	ck_assert_uint_eq(open_job(VAULTS_TOKEN, second, &o), FAULT_KEY_HALF);
	ck_assert_uint_eq(open_job(VAULTS_TOKEN, half, &o), FAULT_NONE);
	ck_assert(secret_eq(o.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	keeper_server_deinit(&o.server);
	ck_assert_uint_eq(put_prefix("[New] "), FAULT_NONE); /* no secret is in there */
	ck_assert_uint_eq(put_server("more"), FAULT_KEY_HALF);
	admin.half = STEAL(half);
	ck_assert_uint_eq(put_server("more"), FAULT_NONE);
	ck_assert_uint_eq(keeper_change_half(c, &admin, KEEPER_HALF_ADD, second, &problem),
			  FAULT_NONE);
	ck_assert_uint_eq(open_job(VAULTS_TOKEN, second, &o), FAULT_NONE);
	keeper_server_deinit(&o.server);
	ck_assert_uint_eq(keeper_change_half(c, &admin, KEEPER_HALF_DROP, NULL, &problem),
			  FAULT_NONE);
	ck_assert_uint_eq(open_job(VAULTS_TOKEN, NULL, &o), FAULT_NONE);
	ck_assert(secret_eq(o.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	keeper_server_deinit(&o.server);
	secret_free(&second);
}
END_TEST

/* --- what was put is what a job gets ----------------------------------------------------------------------- */

static const struct keeper_pair settings_pairs[] = {
	{SLICE_INIT("from_name"), KEEPER_TEXT, SLICE_INIT("Acme \"K\xC3\xB6ln\"")},
	{SLICE_INIT("from_address"), KEEPER_TEXT, SLICE_INIT("new@acme.example")},
	{SLICE_INIT("always_from"), KEEPER_ANSWER, SLICE_INIT("yes")},
	{SLICE_INIT("subject_prefix"), KEEPER_TEXT, SLICE_INIT("[New] ")},
	{SLICE_INIT("header_text"), KEEPER_TEXT, SLICE_INIT("one\ntwo")},
	{SLICE_INIT("button_label"), KEEPER_TEXT, SLICE_INIT("Read")},
	{SLICE_INIT("css"), KEEPER_TEXT, SLICE_INIT("p { color: red; }\n\\x41 { }")},
	{SLICE_INIT("image_side"), KEEPER_NUMBER, SLICE_INIT("640")},
	{SLICE_INIT("attached"), KEEPER_NUMBER, SLICE_INIT("1073741824")},
	{SLICE_INIT("default_server"), KEEPER_TEXT, SLICE_INIT("main")},
};

static const struct keeper_pair policy_pairs[] = {
	{SLICE_INIT("groups"), KEEPER_LIST, SLICE_INIT("mail senders\nadmins")},
	{SLICE_INIT("recipient_domains"), KEEPER_LIST, SLICE_INIT("example.org\n.example.net")},
	{SLICE_INIT("from"), KEEPER_TEXT, SLICE_INIT("list")},
	{SLICE_INIT("senders"), KEEPER_LIST, SLICE_INIT("a@b.example\nc@d.example")},
	{SLICE_INIT("recipients"), KEEPER_NUMBER, SLICE_INIT("0")},
	{SLICE_INIT("attachments"), KEEPER_NUMBER, SLICE_INIT("7")},
	{SLICE_INIT("attachment_bytes"), KEEPER_NUMBER, SLICE_INIT("1073741824")},
	{SLICE_INIT("job_accounts"), KEEPER_ANSWER, SLICE_INIT("no")},
	{SLICE_INIT("upstream_hosts"), KEEPER_LIST, SLICE_INIT(".mail.example")},
	{SLICE_INIT("external_images"), KEEPER_ANSWER, SLICE_INIT("yes")},
	{SLICE_INIT("operator_server"), KEEPER_ANSWER, SLICE_INIT("no")},
	/* What a space's policy has not. */
	{SLICE_INIT("enforce"), KEEPER_ANSWER, SLICE_INIT("no")},
	{SLICE_INIT("spaces"), KEEPER_LIST, SLICE_INIT("DOCS\n~me")},
};

enum { OF_SPACE = COUNT_OF(policy_pairs) - 2 };

static void check_policy(const struct policy_rules *r, bool is_space)
{
	ck_assert_uint_eq(r->enforce, is_space ? POLICY_UNSET : POLICY_NO);
	ck_assert_uint_eq(r->operator_server, POLICY_NO);
	ck_assert(slice_eq(r->groups, SLICE_LIT("mail senders\nadmins")));
	ck_assert(slice_eq(r->spaces, is_space ? SLICE_LIT("") : SLICE_LIT("DOCS\n~me")));
	ck_assert(slice_eq(r->recipient_domains, SLICE_LIT("example.org\n.example.net")));
	ck_assert_uint_eq(r->from, POLICY_FROM_LIST);
	ck_assert(slice_eq(r->senders, SLICE_LIT("a@b.example\nc@d.example")));
	ck_assert(r->recipients.is_set && r->recipients.most == 0);
	ck_assert(r->attachments.is_set && r->attachments.most == 7);
	ck_assert(r->attachment_bytes.is_set && r->attachment_bytes.most == 1073741824);
	ck_assert_uint_eq(r->job_accounts, POLICY_NO);
	ck_assert(slice_eq(r->upstream_hosts, SLICE_LIT(".mail.example")));
	ck_assert_uint_eq(r->external_images, POLICY_YES);
}

static void check_settings(const struct keeper_tenant *t)
{
	ck_assert(slice_eq(t->from_name, settings_pairs[0].value));
	ck_assert(slice_eq(t->from_address, settings_pairs[1].value));
	ck_assert(t->always_from);
	ck_assert(slice_eq(t->subject_prefix, settings_pairs[3].value));
	ck_assert(slice_eq(t->header_text, settings_pairs[4].value));
	ck_assert(slice_eq(t->button_label, settings_pairs[5].value));
	ck_assert(slice_eq(t->css, settings_pairs[6].value));
	ck_assert_uint_eq(t->image_side, 640);
	ck_assert_uint_eq(t->attached, 1073741824);
}

/* A GET tells each pair as it was put; what it says is what may be put again. */
static void check_document(enum keeper_kind kind, const char *name, const struct keeper_pair *pairs,
			   size_t count)
{
	struct keeper_document d;
	struct keeper_target t = target(&admin, kind, name);
	ck_assert_uint_eq(keeper_get_record(c, &t, &arena, &d, &problem), FAULT_NONE);
	ck_assert_uint_eq(d.count, count);
	for (size_t i = 0; i < count; i++) {
		size_t at = 0;
		while (at < d.count && !slice_eq(d.pairs[at].key, pairs[i].key)) {
			at++;
		}
		ck_assert_uint_lt(at, d.count);
		ck_assert_int_eq(d.pairs[at].type, pairs[i].type);
		ck_assert(slice_eq(d.pairs[at].value, pairs[i].value));
	}
}

START_TEST(what_was_put_is_what_a_job_gets)
{
	struct keeper_opened o;
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(put(KEEPER_SETTINGS, "", any, settings_pairs, COUNT_OF(settings_pairs)),
			  FAULT_NONE);
	ck_assert_uint_eq(put(KEEPER_POLICY, "DOCS", fresh, policy_pairs, OF_SPACE), FAULT_NONE);
	ck_assert_uint_eq(open_job(VAULTS_TOKEN, NULL, &o), FAULT_NONE);
	check_settings(&o.tenant);
	check_policy(&o.tenant.space_policy, true);
	ck_assert_uint_eq(o.tenant.policy.enforce, POLICY_UNSET);
	ck_assert(!o.tenant.policy.recipients.is_set);
	ck_assert_uint_eq(o.tenant.policy.groups.len, 0);
	keeper_server_deinit(&o.server);
	ck_assert_uint_eq(put(KEEPER_POLICY, "", fresh, policy_pairs, COUNT_OF(policy_pairs)),
			  FAULT_NONE);
	ck_assert_uint_eq(open_job(VAULTS_TOKEN, NULL, &o), FAULT_NONE);
	check_policy(&o.tenant.policy, false);
	keeper_server_deinit(&o.server);
	check_document(KEEPER_SETTINGS, "", settings_pairs, COUNT_OF(settings_pairs));
	check_document(KEEPER_POLICY, "DOCS", policy_pairs, OF_SPACE);
	check_document(KEEPER_POLICY, "", policy_pairs, COUNT_OF(policy_pairs));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/held");
	TCase *t = tcase_create("held");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_is_answered_is_on_disk);
	tcase_add_test(t, records_are_listed_and_changed_with_conditions);
	tcase_add_test(t, a_revoked_token_is_nobodys_at_once);
	tcase_add_test(t, a_token_revoked_by_a_command_is_nobodys_at_once);
	tcase_add_test(t, the_day_of_a_token_is_written);
	tcase_add_test(t, without_retention_what_is_uninstalled_goes_at_once);
	tcase_add_test(t, with_retention_what_is_uninstalled_comes_back);
	tcase_add_test(t, what_is_over_goes_when_a_keeper_starts);
	tcase_add_test(t, a_tenant_may_go_by_itself);
	tcase_add_test(t, a_command_in_between_loses_nothing);
	tcase_add_test(t, two_who_change_at_once_lose_nothing);
	tcase_add_test(t, a_locked_vault_is_a_conflict);
	tcase_add_loop_test(t, what_is_not_taken_is_not_written_over, 0, COUNT_OF(spoilt));
	tcase_add_test(t, on_a_full_disk_a_change_is_undone);
	tcase_add_loop_test(t, what_cannot_be_written_is_undone, 0, 3);
	tcase_add_test(t, what_could_not_be_undone_is_undone_later);
	tcase_add_test(t, a_tenant_that_was_half_shredded_is_gone);
	tcase_add_test(t, a_split_tenants_job_opens_by_its_half);
	tcase_add_test(t, what_was_put_is_what_a_job_gets);
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
