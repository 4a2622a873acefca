#include "config/settings/settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"

enum { NOBODY = 65534 };

static struct settings_mistakes list;

START_TEST(test_defaults)
{
	struct settings *s = NULL;
	ck_assert_int_eq(settings_defaults(&s), FAULT_NONE);
	ck_assert_str_eq(s->listen.address, "127.0.0.1");
	ck_assert_uint_eq(s->listen.port, 8443);
	ck_assert_uint_eq(s->limits.body, 50U << 20);
	ck_assert_uint_eq(s->limits.idle_ms, 60000);
	ck_assert_uint_eq(s->limits.retained_ms, 15 * 60000);
	ck_assert_uint_eq(s->relay.allowed_ports.count, 4);
	ck_assert_uint_eq(s->relay.allowed_ports.items[3], 2525);
	ck_assert_uint_eq(s->relay.allowed_ranges.count, 0);
	ck_assert_ptr_null(s->relay.ca_file);
	ck_assert_ptr_null(s->vault.credential);
	ck_assert(s->policy.job_accounts);
	ck_assert_uint_eq(s->policy.from, SETTINGS_FROM_ANY);
	ck_assert_uint_eq(s->lockdown.allow_lacking, 0);
	settings_free(&s);
	ck_assert_ptr_null(s);
	settings_free(&s);
}
END_TEST

START_TEST(test_overlay)
{
	struct settings *s = NULL;
	static const char text[] = "listen: { address = \"::\"; port = 0; };\n"
				   "tls = { certificate = \"own.pem\"; key = \"/k/own.key\" }\n"
				   "limits: { body = 1048576L; job_part = \"64 KiB\"; idle = 1500; "
				   "wait = \"1 s\"; };\n"
				   "relay: { allowed_ranges = [\"127.0.0.0/8\", \"fd00::/8\"]; "
				   "allowed_ports = (1025);\n"
				   "  ehlo_name = \"gw.example.com\"; ca_file = \"../ca.pem\"; };\n"
				   "policy: { job_accounts = false; recipient_domains = "
				   "[\".example.com\"]; from = \"server\"; };\n"
				   "lockdown: { allow_lacking = [\"seccomp\", \"memory\"]; };\n";
	settings_mistakes_init(&list);
	enum fault f = settings_parse(slice_of_text(text), "t.conf", "/etc/pagepost", &s, &list);
	settings_print_mistakes(stderr, &list);
	settings_mistakes_deinit(&list);
	ck_assert_int_eq(f, FAULT_NONE);
	ck_assert_str_eq(s->listen.address, "::");
	ck_assert_uint_eq(s->listen.port, 0);
	ck_assert_str_eq(s->tls.certificate, "/etc/pagepost/own.pem");
	ck_assert_str_eq(s->tls.key, "/k/own.key");
	ck_assert_uint_eq(s->limits.body, 1048576);
	ck_assert_uint_eq(s->limits.job_part, 65536);
	ck_assert_uint_eq(s->limits.idle_ms, 1500);
	ck_assert_uint_eq(s->limits.wait_ms, 1000);
	ck_assert_uint_eq(s->limits.jobs, 1024);
	ck_assert_uint_eq(s->relay.allowed_ranges.count, 2);
	ck_assert_str_eq(s->relay.allowed_ranges.items[1], "fd00::/8");
	ck_assert_uint_eq(s->relay.allowed_ports.count, 1);
	ck_assert_uint_eq(s->relay.allowed_ports.items[0], 1025);
	ck_assert_str_eq(s->relay.ehlo_name, "gw.example.com");
	ck_assert_str_eq(s->relay.ca_file, "/etc/pagepost/../ca.pem");
	ck_assert(!s->policy.job_accounts);
	ck_assert_str_eq(s->policy.recipient_domains.items[0], ".example.com");
	ck_assert_uint_eq(s->policy.from, SETTINGS_FROM_SERVER);
	ck_assert_uint_eq(s->lockdown.allow_lacking,
			  SETTINGS_LACKING_SECCOMP | SETTINGS_LACKING_MEMORY);
	settings_free(&s);
}
END_TEST

/* Not parsed as text at all. */
static const struct {
	struct slice input;
	const char *said;
} unreadable[] = {
	{SLICE_INIT("listen: { };\0"), "t.conf: holds a zero byte; allowed: text in UTF-8\n"},
	{SLICE_INIT("\0"), "t.conf: holds a zero byte; allowed: text in UTF-8\n"},
};

START_TEST(test_unreadable)
{
	struct settings *s = NULL;
	char *said = NULL;
	size_t len;
	settings_mistakes_init(&list);
	ck_assert_int_eq(settings_parse(unreadable[_i].input, "t.conf", "/", &s, &list),
			 FAULT_BAD_SETTING);
	ck_assert_ptr_null(s);
	FILE *to = open_memstream(&said, &len);
	settings_print_mistakes(to, &list);
	fclose(to);
	ck_assert_str_eq(said, unreadable[_i].said);
	free(said);
	settings_mistakes_deinit(&list);
}
END_TEST

START_TEST(test_too_large)
{
	char *text = malloc(SETTINGS_FILE_MAX + 2);
	struct settings *s = NULL;
	memset(text, ' ', SETTINGS_FILE_MAX + 2);
	settings_mistakes_init(&list);
	ck_assert_int_eq(settings_parse(slice_of(text, SETTINGS_FILE_MAX), "t", "/", &s, &list),
			 FAULT_NONE);
	settings_free(&s);
	ck_assert_int_eq(settings_parse(slice_of(text, SETTINGS_FILE_MAX + 1), "t", "/", &s, &list),
			 FAULT_TOO_LARGE);
	settings_mistakes_deinit(&list);
	free(text);
}
END_TEST

static const char *const no_files[] = {"/nonexistent/pagepost.conf", "/", "/proc/self/mem",
				       "/dev/zero", ""};

START_TEST(test_no_file)
{
	struct settings *s = NULL;
	settings_mistakes_init(&list);
	ck_assert_int_eq(settings_read(no_files[_i], &s, &list), FAULT_BAD_SETTING);
	ck_assert_uint_eq(list.count, 1);
	ck_assert(slice_eq(list.items[0].file, slice_of_text(no_files[_i])));
	ck_assert_uint_gt(list.items[0].wrong.len, 0);
	settings_mistakes_deinit(&list);
}
END_TEST

static char folder[] = "/tmp/pagepost-settings-XXXXXX";

static void path_in_folder(const char *name, char *room, size_t size)
{
	ck_assert_int_lt(snprintf(room, size, "%s/%s", folder, name), (int)size);
}

static void put_file(const char *name, const char *text)
{
	char path[128];
	path_in_folder(name, path, sizeof(path));
	FILE *to = fopen(path, "we");
	ck_assert_ptr_nonnull(to);
	ck_assert_int_ge(fputs(text, to), 0);
	ck_assert_int_eq(fclose(to), 0);
}

/* Main file, included file, and which file and line the one mistake is of; NULL: there is none. */
static const struct {
	const char *name, *main, *part, *wrong_file;
	unsigned line;
} includes[] = {
	{"good part", "@include \"part\"\n", "listen: { port = 1; };\n", NULL, 0},
	{"bad value in the part", "\n\n@include \"part\"\n", "\nlisten: { port = -1; };\n", "part",
	 2},
	{"bad value behind the part", "@include \"part\"\ntls = 1;\n", "\n\nlisten: {};\n", "main",
	 2},
	{"syntax of the part", "@include \"part\"\n", "\n}", "part", 2},
	{"part of itself", "@include \"part\"\n", "@include \"part\"\n", "", 0},
	{"no such part", "\n@include \"other\"\n", "", "main", 2},
};

START_TEST(test_include)
{
	char path[128];
	struct settings *s = NULL;
	static const char start[] = "/tmp/pagepost-settings-XXXXXX";
	memcpy(folder, start, sizeof(start));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	put_file("main", includes[_i].main);
	put_file("part", includes[_i].part);
	path_in_folder("main", path, sizeof(path));
	settings_mistakes_init(&list);
	enum fault f = settings_read(path, &s, &list);
	ck_assert_int_eq(f, includes[_i].wrong_file == NULL ? FAULT_NONE : FAULT_BAD_SETTING);
	if (includes[_i].wrong_file != NULL) {
		ck_assert_uint_ge(list.count, 1);
		ck_assert_msg(
			slice_ends(list.items[0].file, slice_of_text(includes[_i].wrong_file)),
			"%s: %.*s", includes[_i].name, (int)list.items[0].file.len,
			list.items[0].file.ptr);
		ck_assert(includes[_i].line == 0 || list.items[0].line == includes[_i].line);
	}
	settings_mistakes_deinit(&list);
	settings_free(&s);
	ck_assert_int_eq(unlink(path), 0);
	path_in_folder("part", path, sizeof(path));
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Says who must be allowed to read it. */
START_TEST(test_file_of_others)
{
	char path[128];
	struct settings *s = NULL;
	uid_t own = geteuid();
	static const char start[] = "/tmp/pagepost-settings-XXXXXX";
	memcpy(folder, start, sizeof(start));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	put_file("main", "");
	path_in_folder("main", path, sizeof(path));
	ck_assert_int_eq(chmod(path, 0), 0);
	ck_assert_int_eq(own == 0 ? seteuid(NOBODY) : 0, 0); /* root may read everything */
	settings_mistakes_init(&list);
	ck_assert_int_eq(settings_read(path, &s, &list), FAULT_BAD_SETTING);
	ck_assert_int_eq(seteuid(own), 0);
	ck_assert_uint_eq(list.count, 1);
	ck_assert(slice_eq(list.items[0].file, slice_of_text(path)));
	ck_assert(slice_eq(list.items[0].wrong, SLICE_LIT("Permission denied")));
	ck_assert(own != 0 ||
		  slice_eq(list.items[0].allowed,
			   SLICE_LIT("a file that the user of this process (uid 65534) may read, "
				     "in folders that it may enter")));
	settings_mistakes_deinit(&list);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(test_file)
{
	struct settings *s = NULL;
	settings_mistakes_init(&list);
	ck_assert_int_eq(settings_read("config/settings/pagepost.conf.example", &s, &list),
			 FAULT_NONE);
	ck_assert_uint_eq(list.count, 0);
	settings_mistakes_deinit(&list);
	settings_free(&s);
}
END_TEST

static const struct {
	const char *text;
	const char *socket;
} sockets[] = {
	{"", "/run/pagepost/gateway.sock"},
	{"keeper: { socket = \"/srv/k.sock\"; };", "/srv/gateway.sock"},
	{"keeper: { socket = \"k.sock\"; };", "/etc/gateway.sock"},
	{"keeper: { socket = \"/k\"; };", "/gateway.sock"},
	{"gateway: { socket = \"/tmp/g\"; };", "/tmp/g"},
	{"gateway: { socket = \"g\"; }; metrics: { address = \"0.0.0.0\"; remote = true; };",
	 "/etc/g"},
};

START_TEST(the_gateways_socket_is_beside_the_keepers)
{
	char room[SETTINGS_SOCKET_ROOM];
	struct settings *s = NULL;
	struct settings_mistakes mistakes;
	settings_mistakes_init(&mistakes);
	ck_assert_int_eq(
		settings_parse(slice_of_text(sockets[_i].text), "t.conf", "/etc", &s, &mistakes),
		FAULT_NONE);
	ck_assert_str_eq(settings_gateway_socket(s, room), sockets[_i].socket);
	settings_mistakes_deinit(&mistakes);
	settings_free(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("settings");
	TCase *t = tcase_create("settings");
	tcase_add_test(t, test_defaults);
	tcase_add_test(t, test_overlay);
	tcase_add_loop_test(t, test_unreadable, 0, COUNT_OF(unreadable));
	tcase_add_test(t, test_too_large);
	tcase_add_loop_test(t, test_no_file, 0, COUNT_OF(no_files));
	tcase_add_loop_test(t, test_include, 0, COUNT_OF(includes));
	tcase_add_test(t, test_file_of_others);
	tcase_add_test(t, test_file);
	tcase_add_loop_test(t, the_gateways_socket_is_beside_the_keepers, 0, COUNT_OF(sockets));
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
