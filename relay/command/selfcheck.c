#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "spool-free/base/instant.h"
#include "spool-free/lockdown/lockdown.h"
#include "spool-free/lockdown/selfcheck.h"
#include "config/keeper/client.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/desk_client.h"
#include "relay/command/haystack.h"
#include "relay/command/plain_options.h"
#include "relay/command/selfcheck_mail.h"
#include "relay/command/selfcheck_process.h"

enum {
	PATH_ROOM = 128,
	URL_ROOM = 512,
	KEEPER_MS = 10 * 1000,
	LOOKS = 40, /* for memory that is about to be wiped: timers, connections that end */
	LOOK_MS = 250,
	TEXT_MAX = 256 * 1024,
};

static const char usage[] =
	"usage: pagepost selfcheck [-c FILE] [--json] [--no-mail] [--url URL] [--ca FILE]\n"
	"                          [--token-file FILE]\n"
	"\n"
	"An auditor's report on the running service: gateway and keeper try upon themselves what\n"
	"their confinement forbids; what the kernel says of both; then a mail with canaries in\n"
	"every place goes by a mail server in memory, and is looked for in the memory of both and\n"
	"in every file that changed. As root, who alone may read that memory.\n"
	"\n"
	"  -c FILE            the settings (" COMMAND_SETTINGS_FILE ")\n"
	"  --url URL          where clients connect (https://localhost and the port of the "
	"settings)\n"
	"  --ca FILE          PEM with the authorities for that; else the system's\n"
	"  --token-file FILE  a tenant's token, for a preview only; without it a tenant is made "
	"for the\n"
	"                     check and shredded afterwards, by the credential that the settings "
	"name\n"
	"  --no-mail          without the mail and the search for it\n"
	"  --json             the report as JSON\n"
	"\n"
	"Ends with 0 when all passed, 1 when something failed, 5 when the service cannot be "
	"asked.\n";

struct options {
	const char *settings_file, *url, *ca_file, *token_file;
	bool json, no_mail, help;
};

struct check {
	struct options o;
	struct settings *settings;
	char folder[PATH_ROOM];
	char url[URL_ROOM];
	char socket_room[SETTINGS_SOCKET_ROOM];
	struct timespec since;
	pid_t gateway, keeper;
	struct selfcheck_report report;
};

static const struct plain_option option_rows[] = {
	{NULL, 'c', PLAIN_TEXT, offsetof(struct options, settings_file)},
	{"url", '\0', PLAIN_TEXT, offsetof(struct options, url)},
	{"ca", '\0', PLAIN_TEXT, offsetof(struct options, ca_file)},
	{"token-file", '\0', PLAIN_TEXT, offsetof(struct options, token_file)},
	{"no-mail", '\0', PLAIN_FLAG, offsetof(struct options, no_mail)},
	{"json", '\0', PLAIN_FLAG, offsetof(struct options, json)},
	{"help", 'h', PLAIN_FLAG, offsetof(struct options, help)},
};

static bool read_options(int argc, char **argv, struct options *o)
{
	*o = (struct options){.settings_file = COMMAND_SETTINGS_FILE};
	return plain_options_read(argc, argv, option_rows, COUNT_OF(option_rows), o) &&
	       optind == argc;
}

/* --- a folder that gateway and keeper may do to what they can --- */

static bool make_folder(struct check *c)
{
	/* A unit has a /tmp of its own, where this folder would not be. */
	static const char *const places[] = {"/run/" SELFCHECK_FOLDER "XXXXXX",
					     "/tmp/" SELFCHECK_FOLDER "XXXXXX"};
	char victim[PATH_ROOM + sizeof(SELFCHECK_VICTIM)];
	bool placed = false;
	for (size_t i = 0; !placed && i < COUNT_OF(places); i++) {
		snprintf(c->folder, sizeof(c->folder), "%s", places[i]);
		placed = mkdtemp(c->folder) != NULL;
	}
	if (!placed) {
		c->folder[0] = '\0';
		return false;
	}
	/* Nothing but the confinement is to stand in their way, whoever they are. */
	snprintf(victim, sizeof(victim), "%s" SELFCHECK_VICTIM, c->folder);
	int fd = open(victim, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool made = fd >= 0 && write(fd, "victim\n", 7) == 7 && fchmod(fd, 0666) == 0;
	if (fd >= 0) {
		close(fd);
	}
	return made && chmod(c->folder, 0777) == 0;
}

static void remove_folder(const char *folder)
{
	char *const roots[] = {(char *)folder, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
	for (const FTSENT *e = walk != NULL ? fts_read(walk) : NULL; e != NULL;
	     e = fts_read(walk)) {
		if (e->fts_info != FTS_D) {
			(void)remove(e->fts_path);
		}
	}
	if (walk != NULL) {
		fts_close(walk);
	}
}

/* --- what they find out about themselves --- */

static void add_attempts(struct check *c, const char *whose, const struct selfcheck *found)
{
	for (size_t i = 0; i < PROBE_ATTEMPTS; i++) {
		enum probe_result r = found->attempts[i];
		bool held = r == PROBE_REFUSED || r == PROBE_CLOSED;
		selfcheck_report_add(&c->report, whose, probe_name(i),
				     held ? SELFCHECK_PASSED : SELFCHECK_FAILED,
				     r == PROBE_CLOSED ? SLICE_LIT("refused: none is open")
						       : probe_result_name(r));
	}
	static const uint64_t right[SELFCHECK_NUMBERS] = {
		[SELFCHECK_NO_NEW_PRIVILEGES] = 1, [SELFCHECK_SECCOMP] = 2};
	for (enum selfcheck_number n = SELFCHECK_DUMPABLE; n < SELFCHECK_NUMBERS; n++) {
		if (n != SELFCHECK_FILE_LIMIT) { /* the keeper has its own */
			selfcheck_report_add(&c->report, whose, selfcheck_number_name(n),
					     found->numbers[n] == right[n] ? SELFCHECK_PASSED
									   : SELFCHECK_FAILED,
					     SLICE_LIT("as it says itself"));
		}
	}
}

static enum fault ask_gateway(struct check *c, struct problem *problem)
{
	struct desk_client_answer answer = {0};
	struct selfcheck found;
	const char *socket = settings_gateway_socket(c->settings, c->socket_room);
	enum fault f = desk_ask(socket, "POST", "/selfcheck", slice_of_text(c->folder), &answer,
				problem);
	if (f == FAULT_NONE && selfcheck_read(answer.body, &found) != FAULT_NONE) {
		f = problem_set(problem, FAULT_MALFORMED,
				"The gateway is of another version than this command.");
	}
	if (f == FAULT_NONE) {
		c->gateway = (pid_t)found.numbers[SELFCHECK_PID];
		add_attempts(c, "gateway", &found);
	}
	desk_client_answer_deinit(&answer);
	return f;
}

static enum fault ask_keeper(struct check *c, struct problem *problem)
{
	struct keeper_client *client;
	struct selfcheck found;
	enum fault f = keeper_client_new(slice_of_text(c->settings->keeper.socket), KEEPER_MS,
					 &client);
	if (f == FAULT_NONE) {
		f = keeper_probe(client, slice_of_text(c->folder), &found);
		keeper_client_free(&client);
	}
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	c->keeper = (pid_t)found.numbers[SELFCHECK_PID];
	add_attempts(c, "keeper", &found);
	return FAULT_NONE;
}

/* --- the search --- */

static const char memory_row[] = "canaries in its memory";
static const char files_row[] = "canaries in files";

struct finds {
	size_t count;
	char first[SELFCHECK_DETAIL_MAX];
};

static void note(void *ctx, const struct canary_hit *hit, const char *where)
{
	struct finds *f = ctx;
	if (f->count++ == 0) {
		snprintf(f->first, sizeof(f->first), "%s as %s in %s", hit->place, hit->form,
			 where);
	}
}

static void add_search(struct check *c, const char *whose, const char *what, enum fault f,
		       const struct finds *found, const char *looked)
{
	enum selfcheck_result result = found->count == 0 ? SELFCHECK_PASSED : SELFCHECK_FAILED;
	const char *detail = found->count == 0 ? looked : found->first;
	if (f == FAULT_FORBIDDEN) {
		result = SELFCHECK_NOT_TRIED;
		detail = "only root may read it";
	} else if (f != FAULT_NONE) {
		result = SELFCHECK_FAILED;
		detail = "it could not be read";
	}
	selfcheck_report_add(&c->report, whose, slice_of_text(what), result, slice_of_text(detail));
}

static void search_memory(struct check *c, const struct canaries *canaries, const char *whose,
			  pid_t pid)
{
	char looked[SELFCHECK_DETAIL_MAX];
	struct finds found = {.count = 1};
	enum fault f = FAULT_NONE;
	for (int i = 0; f == FAULT_NONE && found.count > 0 && i < LOOKS; i++) {
		const struct timespec rest = {.tv_nsec = LOOK_MS * 1000000L};
		struct haystack h = {.canaries = canaries, .hit = note, .ctx = &found};
		nanosleep(&rest, NULL);
		found = (struct finds){0};
		f = haystack_search_memory(&h, pid);
		snprintf(looked, sizeof(looked), "none in %llu MiB",
			 (unsigned long long)(h.bytes >> 20));
	}
	add_search(c, whose, memory_row, f, &found, looked);
}

static void search_own(struct check *c, const struct canaries *canaries, const char *mark)
{
	struct finds found = {0};
	struct haystack h = {.canaries = canaries, .hit = note, .ctx = &found};
	enum fault f = haystack_search_memory(&h, getpid());
	selfcheck_report_add(&c->report, "mail", SLICE_LIT("the search finds what is there"),
			     f == FAULT_NONE && found.count > 0 && mark[0] != '\0'
				     ? SELFCHECK_PASSED
				     : SELFCHECK_FAILED,
			     SLICE_LIT("a canary in this command's own memory"));
}

static void search_files(struct check *c, const struct canaries *canaries)
{
	char looked[SELFCHECK_DETAIL_MAX];
	struct finds found = {0};
	struct haystack h = {.canaries = canaries, .hit = note, .ctx = &found};
	struct stat given;
	/* Whoever wrote the token there keeps it: it is no leak, however new it is. */
	if (c->o.token_file != NULL && stat(c->o.token_file, &given) == 0) {
		h.spared = &given;
	}
	enum fault f = haystack_search_files(&h, c->since);
	snprintf(looked, sizeof(looked), "none in the %llu that changed, under all mounts",
		 (unsigned long long)h.files);
	add_search(c, "machine", files_row, f, &found, looked);
}

/* What was never there proves nothing by not being found. */
static void tell_unsearched(struct check *c)
{
	static const struct {
		const char *whose, *what;
	} rows[] = {{"gateway", memory_row}, {"keeper", memory_row}, {"machine", files_row}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		selfcheck_report_add(&c->report, rows[i].whose, slice_of_text(rows[i].what),
				     SELFCHECK_NOT_TRIED,
				     SLICE_LIT("no canary was sent: nothing to look for"));
	}
}

static void check_mail(struct check *c)
{
	char mark[CANARY_LEN + 1];
	CLEANUP(canaries_free) struct canaries *canaries = NULL;
	CLEANUP(canaries_free) struct canaries *marks = NULL;
	if (canaries_new(&canaries) != FAULT_NONE || canaries_new(&marks) != FAULT_NONE ||
	    canary_letters(mark) != FAULT_NONE ||
	    canaries_add(marks, "mark", slice_of_text(mark)) != FAULT_NONE) {
		return;
	}
	const struct selfcheck_mail mail = {
		.settings_file = c->o.settings_file,
		.url = c->url,
		.ca_file = c->o.ca_file,
		.token_file = c->o.token_file,
		.folder = c->folder,
		.desk = settings_gateway_socket(c->settings, c->socket_room),
		.ports = c->settings->relay.allowed_ports.items,
		.port_count = c->settings->relay.allowed_ports.count,
	};
	if (!selfcheck_mail_send(&mail, canaries, &c->report)) {
		tell_unsearched(c);
		return;
	}
	search_own(c, marks, mark);
	search_memory(c, canaries, "gateway", c->gateway);
	search_memory(c, canaries, "keeper", c->keeper);
	search_files(c, canaries);
}

/* --- all of it --- */

static void check_processes(struct check *c)
{
	const struct selfcheck_process gateway = {.whose = "gateway", .pid = c->gateway};
	const struct selfcheck_process keeper = {
		.whose = "keeper", .pid = c->keeper, .file_limit_max = LOCKDOWN_VAULT_BYTES};
	selfcheck_process_look(&gateway, &c->report);
	selfcheck_process_look(&keeper, &c->report);
}

static int print(const struct check *c)
{
	CLEANUP(buf_deinit) struct buf text;
	buf_init(&text, TEXT_MAX);
	enum fault f = c->o.json ? selfcheck_report_json(&c->report, &text)
				 : selfcheck_report_table(&c->report, &text);
	if (f != FAULT_NONE) {
		return command_fail("selfcheck", EXIT_CANNOT_RUN, "the report could not be made.");
	}
	fwrite(text.ptr, 1, text.len, stdout);
	return c->report.results[SELFCHECK_FAILED] > 0 ? EXIT_NOT_DELIVERED : EXIT_DONE;
}

static int run(struct check *c)
{
	struct problem problem = {0};
	/* A file's time is the clock's last tick. */
	c->since.tv_sec = (time_t)(civil_now().ms / 1000) - 1;
	if (!make_folder(c)) {
		return command_fail("selfcheck", EXIT_CANNOT_RUN,
				    "no folder can be made in /run or /tmp.");
	}
	enum fault f = ask_gateway(c, &problem);
	f = f == FAULT_NONE ? ask_keeper(c, &problem) : f;
	if (f != FAULT_NONE) {
		return command_problem("selfcheck", EXIT_CANNOT_RUN, &problem);
	}
	if (!c->o.no_mail) {
		check_mail(c);
	}
	/* Afterwards: what a mail leaves open would show. */
	check_processes(c);
	return print(c);
}

int command_selfcheck(int argc, char **argv)
{
	static struct check c;
	if (!read_options(argc, argv, &c.o)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (c.o.help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	int code = command_read_settings("selfcheck", c.o.settings_file, &c.settings);
	if (code != EXIT_DONE) {
		return code;
	}
	snprintf(c.url, sizeof(c.url), "https://localhost:%u", c.settings->listen.port);
	if (c.o.url != NULL) {
		snprintf(c.url, sizeof(c.url), "%s", c.o.url);
	}
	code = run(&c);
	if (c.folder[0] != '\0') {
		remove_folder(c.folder);
	}
	settings_free(&c.settings);
	return code;
}
