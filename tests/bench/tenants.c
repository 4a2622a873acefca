/*
 * What a vault of many tenants costs: each has settings, a token and three servers.
 *
 *   tenants COUNT FOLDER
 *
 * Makes the vault in FOLDER, opens it as a keeper does, and looks everything up that a job needs, in an order that means
 * nothing. Prints lines of name and figure: `open_p50_us` and `open_p99_us` of such a look-up, `change_p50_ms` of a change
 * of one tenant's settings until it is on the disk, `load_ms` of opening the files, `resident_mb` and `file_mb`.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "config/vault/commit.h"
#include "config/keeper/answers.h"

enum { SERVERS = 3, LOOK_UPS = 20000, CHANGES = 11, NAME = 24 };

static void must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "tenants: %s\n", what);
		exit(1);
	}
}

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct slice name(char room[NAME], const char *what, size_t number)
{
	int len = snprintf(room, NAME, "%s-%06zu", what, number);
	return slice_of(room, (size_t)len);
}

static void hash_of(size_t number, unsigned char out[DIGEST_LEN])
{
	char room[NAME];
	digest_sha256(name(room, "token", number), out);
}

static void put(struct vault *v, struct vault_record *r)
{
	must(vault_put(v, r, NULL, NULL) == FAULT_NONE, "a record is refused");
	vault_record_deinit(r);
}

static void put_settings(struct vault *v, struct slice id, const char *prefix)
{
	put(v, &(struct vault_record){.kind = VAULT_SETTINGS,
				      .settings = {.tenant = id,
						   .subject_prefix = slice_of_text(prefix),
						   .from_address = SLICE_LIT("wiki@example.org"),
						   .default_server = SLICE_LIT("server-000000")}});
}

static void put_tenant(struct vault *v, size_t number)
{
	unsigned char hash[DIGEST_LEN];
	char id_room[NAME], server_room[NAME], hex[VAULT_HASH_HEX];
	struct slice id = name(id_room, "tenant", number);
	put(v, &(struct vault_record){
		       .kind = VAULT_TENANT,
		       .tenant = {.id = id, .created = SLICE_LIT("2026-11-29T00:00:00.000Z")}});
	put_settings(v, id, "[Wiki]");
	hash_of(number, hash);
	hex_encode(slice_of(hash, sizeof(hash)), hex);
	put(v, &(struct vault_record){.kind = VAULT_TOKEN,
				      .token = {.hash = slice_of(hex, sizeof(hex)),
						.tenant = id,
						.label = SLICE_LIT("app"),
						.created = SLICE_LIT("2026-11-29T00:00:00.000Z")}});
	for (size_t i = 0; i < SERVERS; i++) {
		struct vault_record r = {.kind = VAULT_SERVER,
					 .server = {.tenant = id,
						    .name = name(server_room, "server", i),
						    .host = SLICE_LIT("smtp.example.org"),
						    .port = 587,
						    .username = SLICE_LIT("wiki@example.org")}};
		must(secret_new(SLICE_LIT("a password"), &r.server.password) == FAULT_NONE,
		     "there is no memory");
		put(v, &r);
	}
}

static void look_up(const struct vault *v, size_t number)
{
	unsigned char hash[DIGEST_LEN];
	char room[NAME];
	struct secret *frame = NULL;
	hash_of(number, hash);
	const struct wire_message request = {
		.code = WIRE_OPEN_JOB,
		.count = 5,
		.fields = {slice_of(hash, sizeof(hash)), {0}, name(room, "tenant", number)}};
	must(keeper_answer(v, &request, &frame) == FAULT_NONE &&
		     secret_view(frame).ptr[WIRE_HEAD + 1] == 0,
	     "a tenant is not found");
	secret_free(&frame);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

static double part(double *values, size_t count, double which)
{
	qsort(values, count, sizeof(*values), compare);
	return values[(size_t)((double)(count - 1) * which)];
}

static double file_mb(const char *path)
{
	struct vault_stamp stamp;
	must(vault_store_stamp(path, &stamp) == FAULT_NONE, "the file is gone");
	return (double)stamp.size / 1e6;
}

static double resident_mb(void)
{
	unsigned long all = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	must(f != NULL && fscanf(f, "%lu %lu", &all, &resident) == 2, "statm");
	fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void make(const char *path, const struct vault_unlock *unlock, size_t count)
{
	struct vault *v;
	must(vault_create(unlock, vault_kdf_usual, &v, NULL) == FAULT_NONE, "no vault");
	for (size_t i = 0; i < count; i++) {
		put_tenant(v, i);
	}
	must(commit_save(path, v, true, NULL, NULL) == FAULT_NONE, "the vault is not saved");
	vault_free(&v);
}

static void measure(const char *path, const struct vault_unlock *unlock, size_t count)
{
	static double times[LOOK_UPS], changes[CHANGES];
	struct commit_stamp stamp;
	struct vault *v;
	char room[NAME];
	double from = now_us();
	must(commit_load(path, unlock, &v, &stamp, NULL) == FAULT_NONE, "the vault is not opened");
	printf("load_ms %.1f\n", (now_us() - from) / 1e3);
	size_t at = 1;
	for (size_t i = 0; i < LOOK_UPS; i++) {
		at = (at * 7919 + 13) % count;
		from = now_us();
		look_up(v, at);
		times[i] = now_us() - from;
	}
	printf("open_p50_us %.1f\n", part(times, LOOK_UPS, 0.5));
	printf("open_p99_us %.1f\n", part(times, LOOK_UPS, 0.99));
	printf("resident_mb %.1f\n", resident_mb());
	for (size_t i = 0; i < CHANGES; i++) {
		from = now_us();
		put_settings(v, name(room, "tenant", i % count), "[New]");
		must(commit_save(path, v, false, NULL, NULL) == FAULT_NONE, "it is not saved");
		changes[i] = (now_us() - from) / 1e3;
	}
	printf("change_p50_ms %.1f\n", part(changes, CHANGES, 0.5));
	printf("file_mb %.2f\n", file_mb(path));
	vault_free(&v);
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	struct secret *key;
	must(argc == 3 && secret_heap_start() == FAULT_NONE, "usage: tenants COUNT FOLDER");
	snprintf(path, sizeof(path), "%s/vault", argv[2]);
	must(secret_new(SLICE_LIT("a credential of at least 32 bytes"), &key) == FAULT_NONE, "key");
	const struct vault_unlock unlock = {.kind = VAULT_CREDENTIAL, .bytes = key};
	make(path, &unlock, strtoul(argv[1], NULL, 10));
	measure(path, &unlock, strtoul(argv[1], NULL, 10));
	secret_free(&key);
	return 0;
}
