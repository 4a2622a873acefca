#include "config/settings/take.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* libconfig 1.5 loses the start of a text that has no end; read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

static struct settings_mistakes list;

static char *said_of(const char *input)
{
	struct settings *s = NULL;
	char *said = NULL;
	size_t len;
	settings_mistakes_init(&list);
	ck_assert_int_eq(settings_parse(slice_of_text(input), "t.conf", "/etc", &s, &list),
			 FAULT_BAD_SETTING);
	ck_assert_ptr_null(s);
	FILE *to = open_memstream(&said, &len);
	settings_print_mistakes(to, &list);
	fclose(to);
	settings_mistakes_deinit(&list);
	return said;
}

#define SIZES "as a number of bytes or like \"50 MiB\" (B, KiB, MiB, GiB)\n"
#define DOMAINS                                                                                    \
	"a list of domains, like [\"example.com\", \".example.org\"], from 0 to 1000 of them\n"
#define PORTS	"a list of ports, like [25, 587], from 1 to 64 of them\n"
#define PORT	"a whole number from 0 to 65535\n"
#define FROM	"one of 'any', 'own', 'server'\n"
#define LACKING "a list of 'landlock', 'seccomp', 'memory'\n"
#define SYNTAX	"each group and key once, as group: { key = value; ... };\n"
#define NOT_SO	": is not what this key takes; allowed: "
#define NO_ITEM ": has an item that it does not take; allowed: "

/* Input, and all that is said about it; NULL: any words about t.conf. */
static const struct {
	const char *input;
	const char *said;
} rows[] = {
	{"limits: { bodi = 5; };",
	 "t.conf:1: limits.bodi: there is no such key; did you mean 'limits.body'?\n"},
	{"\nlimit: { body = 5; };",
	 "t.conf:2: limit: there is no such group; did you mean 'limits'?\n"},
	{"gateway: { ehlo_name = \"x\"; };",
	 "t.conf:1: gateway.ehlo_name: there is no such key; did you mean 'relay.ehlo_name'?\n"},
	{"metrics: { address = \"0.0.0.0\"; };",
	 "t.conf:1: metrics.address: is not an address of this machine alone; allowed: 127.0.0.1 "
	 "or ::1, or any address together with remote = true\n"},
	{"metrics: { port = 9100;\naddress = \"192.0.2.1\"; remote = false; };",
	 "t.conf:2: metrics.address: is not an address of this machine alone; allowed: 127.0.0.1 "
	 "or ::1, or any address together with remote = true\n"},
	{"port = 5;", "t.conf:1: port: there is no such group; did you mean 'listen.port'?\n"},
	{"listen: { zzzzzzzz = 1; };", "t.conf:1: listen.zzzzzzzz: there is no such key\n"},
	{"limits = 5;", "t.conf:1: limits: is a group of keys, not a key; allowed: keys and their "
			"values in braces, like { port = 8443; }\n"},
	{"listen: { port = 65536; };",
	 "t.conf:1: listen.port: is more than allowed; allowed: " PORT},
	{"listen: { port = 4294967297L; };",
	 "t.conf:1: listen.port: is more than allowed; allowed: " PORT},
	{"listen: { port = -1; };", "t.conf:1: listen.port: is less than allowed; allowed: " PORT},
	{"listen: { port = \"8443\"; };", "t.conf:1: listen.port" NOT_SO PORT},
	{"listen: { port = 1.5; };", "t.conf:1: listen.port" NOT_SO PORT},
	{"listen: { port = [1]; };", "t.conf:1: listen.port" NOT_SO PORT},
	{"listen: { port = true; };", "t.conf:1: listen.port" NOT_SO PORT},
	{"listen: { address = \"localhost\"; };",
	 "t.conf:1: listen.address" NOT_SO
	 "an IPv4 or IPv6 address in quotes, like \"127.0.0.1\" or \"::1\"\n"},
	{"listen: { address = \"\"; };",
	 "t.conf:1: listen.address: is empty; allowed: an IPv4 or IPv6 address in quotes, like "
	 "\"127.0.0.1\" or \"::1\"\n"},
	{"limits: { head = \"50 MB\"; };",
	 "t.conf:1: limits.head" NOT_SO "a size from 1 KiB to 1 MiB, " SIZES},
	{"limits: { head = \"2 MiB\"; };", "t.conf:1: limits.head: is more than allowed; allowed: "
					   "a size from 1 KiB to 1 MiB, " SIZES},
	{"limits: { head = 99999999999999999999; };", NULL},
	{"limits: { head = \"99999999999999999999 GiB\"; };", NULL},
	{"keeper: { answer = \"31 s\"; };", "t.conf:1: keeper.answer: is more than allowed; "
					    "allowed: a time from 100 ms to 30 s, as a number of "
					    "milliseconds or like \"20 s\" (ms, s, min, h, d)\n"},
	{"limits: { deadline = \"1 day\"; };",
	 "t.conf:1: limits.deadline" NOT_SO "a time from 1 s to 1 h, as a number of "
	 "milliseconds or like \"20 s\" (ms, s, min, h, d)\n"},
	{"policy: { job_accounts = 1; };",
	 "t.conf:1: policy.job_accounts" NOT_SO "true or false\n"},
	{"policy: { job_accounts = \"true\"; };",
	 "t.conf:1: policy.job_accounts" NOT_SO "true or false\n"},
	{"policy: { from = \"all\"; };", "t.conf:1: policy.from" NOT_SO FROM},
	{"policy: { from = \"\"; };", "t.conf:1: policy.from" NOT_SO FROM},
	{"policy: { from = \"any|own\"; };", "t.conf:1: policy.from" NOT_SO FROM},
	{"policy: { from = 1; };", "t.conf:1: policy.from" NOT_SO FROM},
	{"policy: { recipient_domains = \"example.com\"; };",
	 "t.conf:1: policy.recipient_domains" NOT_SO DOMAINS},
	{"policy: { recipient_domains = [\n\"example.com\",\n\"exa mple.com\",\n\"com\"]; };",
	 "t.conf:3: policy.recipient_domains" NO_ITEM DOMAINS
	 "t.conf:4: policy.recipient_domains" NO_ITEM DOMAINS},
	{"relay: { allowed_ranges = [\"10.0.0.1/8\"]; };",
	 "t.conf:1: relay.allowed_ranges" NO_ITEM "a list of address ranges, like "
	 "[\"10.0.0.0/8\", \"fd00::/8\"], from 0 to 64 of them\n"},
	{"relay: { allowed_ports = []; };",
	 "t.conf:1: relay.allowed_ports: has too few items; allowed: " PORTS},
	{"relay: { allowed_ports = [0, 25, 65536]; };",
	 "t.conf:1: relay.allowed_ports: has an item that is no port; allowed: " PORTS
	 "t.conf:1: relay.allowed_ports: has an item that is no port; allowed: " PORTS},
	{"relay: { allowed_ports = (\"25\", {}); };", NULL},
	{"relay: { allowed_ranges = ({ a = 1; }, (), 5); };", NULL},
	{"relay: { connections_per_upstream = 0; };",
	 "t.conf:1: relay.connections_per_upstream: is less than allowed; allowed: a whole number "
	 "from 1 to 64\n"},
	{"lockdown: { allow_lacking = [\"all\"]; };",
	 "t.conf:1: lockdown.allow_lacking" NO_ITEM LACKING},
	{"lockdown: { allow_lacking = true; };", "t.conf:1: lockdown.allow_lacking" NOT_SO LACKING},
	{"keeper: { allowed_user = \"No One\"; };",
	 "t.conf:1: keeper.allowed_user" NOT_SO "the name of a user in quotes, or \"\"\n"},
	{"tls: { key = \"a\\nb\"; };",
	 "t.conf:1: tls.key" NOT_SO "the path of a file in quotes, of at most 1024 bytes\n"},
	{"vault: { file = \"\"; };",
	 "t.conf:1: vault.file: is empty; allowed: the path of a file in "
	 "quotes, of at most 1024 bytes\n"},
	{"vault: { file = {}; };",
	 "t.conf:1: vault.file" NOT_SO "the path of a file in quotes, of at most 1024 bytes\n"},
	{"limits: { body = \"300 MiB\"; };",
	 "t.conf:1: limits.body: is more than 'limits.tenant_memory'\n"},
	{"limits: {\n jobs = 8; };", "t.conf:2: limits.jobs: is less than 'limits.tenant_jobs'\n"},
	{"limits: { job_part = 4096; body = 2048; };",
	 "t.conf:1: limits.job_part: is more than 'limits.body'\n"},
	{"limits: { wait = \"2 min\"; };",
	 "t.conf:1: limits.wait: is more than 'limits.wait_max'\n"},
	{"listen: {\n port = 70000;\n addres = 1;\n};\npolicy: { from = true; };",
	 "t.conf:2: listen.port: is more than allowed; allowed: " PORT
	 "t.conf:3: listen.addres: there is no such key; did you mean 'listen.address'?\n"
	 "t.conf:5: policy.from" NOT_SO FROM},
	{"listen: {\n port = 70000;\n};\nlimits { body",
	 "t.conf:4: syntax error; allowed: " SYNTAX
	 "t.conf:2: listen.port: is more than allowed; allowed: " PORT},
	{"listen: { port = 1;\nport = 2; };", "t.conf:2: duplicate setting name; allowed: " SYNTAX},
	{"@include \"there-is-none\"\n", NULL},
	{"}", "t.conf:1: syntax error; allowed: " SYNTAX},
	{"\xff\xfe", NULL},
	{"listen: { address = \"127.0.0.1", NULL},
	{"listen: (1,2", NULL},
};

START_TEST(test_mistakes)
{
	char *said = said_of(rows[_i].input);
	if (rows[_i].said != NULL) {
		ck_assert_str_eq(said, rows[_i].said);
	} else {
		ck_assert(strncmp(said, "t.conf:1: ", 10) == 0);
	}
	free(said);
}
END_TEST

/* libconfig itself ends the program without memory; what comes after it must not. */
START_TEST(test_without_memory)
{
	config_t conf;
	config_init(&conf);
	ck_assert_int_eq(config_read_string(
				 &conf, "tls: { key = \"a\"; };\nrelay: { allowed_ports = [1, 0]; "
					"allowed_ranges = [\"::/0\"]; };\nlisten: { por = 1; };"),
			 CONFIG_TRUE);
	bool failed = true;
	for (unsigned n = 1; failed; n++) {
		struct settings *s = NULL;
		ck_assert_int_eq(settings_defaults(&s), FAULT_NONE);
		struct arena defaults = s->arena;
		arena_init(&s->arena, 1U << 20);
		settings_mistakes_init(&list);
		struct settings_taker t = {
			.into = s, .mistakes = &list, .file = "t.conf", .folder = "/etc"};
		oom_arm(n);
		enum fault f = settings_take(&t, config_root_setting(&conf));
		failed = oom_disarm();
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		ck_assert(failed || list.count == 2);
		settings_mistakes_deinit(&list);
		arena_deinit(&s->arena);
		s->arena = defaults;
		settings_free(&s);
	}
	config_destroy(&conf);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("take");
	TCase *t = tcase_create("take");
	tcase_add_loop_test(t, test_mistakes, 0, COUNT_OF(rows));
	tcase_add_test(t, test_without_memory);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
