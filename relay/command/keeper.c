#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "spool-free/lockdown/lockdown.h"
#include "config/settings/settings.h"
#include "config/keeper/keeper.h"
#include "relay/gateway/service.h"
#include "relay/gateway/wire_told.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/inherited.h"
#include "relay/command/log_outlet.h"
#include "relay/command/outlet.h"
#include "relay/command/plain_options.h"
#include "relay/command/vault_input.h"

enum { SYSTEMD_FIRST_FD = 3, BEATS = 4 /* in the time that the watchdog waits */ };
/* 30 days, where no settings say otherwise. */
#define RETENTION_MS (UINT64_C(30) * 24 * 3600 * 1000)

struct keeper_command {
	const char *settings_file;
	const char *vault;
	const char *socket;
	const char *credential;
	const char *user;
	const char *backups; /* their folder; NULL: beside the vault */
	bool help;
	unsigned may_lack; /* SETTINGS_LACKING_* */
	uint64_t retention_ms;
	struct settings *settings;
	struct settings *current; /* since the last reload; NULL: those of the start */
	struct secret *key;
	int manager; /* who is told that it lives; -1: nobody */
	struct problem problem;
};

static const struct plain_option option_rows[] = {
	{NULL, 'c', PLAIN_TEXT, offsetof(struct keeper_command, settings_file)},
	{"vault", '\0', PLAIN_TEXT, offsetof(struct keeper_command, vault)},
	{"socket", '\0', PLAIN_TEXT, offsetof(struct keeper_command, socket)},
	{"credential", '\0', PLAIN_TEXT, offsetof(struct keeper_command, credential)},
	{"allow-user", '\0', PLAIN_TEXT, offsetof(struct keeper_command, user)},
	{"help", 'h', PLAIN_FLAG, offsetof(struct keeper_command, help)},
};

static const char usage[] =
	"usage: pagepost keeper (-c FILE | --vault FILE --socket PATH) "
	"[--credential FILE] [--allow-user NAME]\n\n"
	"Opens the vault and answers the gateway on a UNIX socket until "
	"SIGTERM; on SIGHUP it reads the\nvault and the settings again. Without a credential the "
	"vault's "
	"passphrase is asked for\non a terminal, or read from standard input's first line.\n";

static int read_options(int argc, char **argv, struct keeper_command *k)
{
	if (!plain_options_read(argc, argv, option_rows, COUNT_OF(option_rows), k)) {
		return EXIT_USAGE;
	}
	return optind == argc ? EXIT_DONE
			      : command_fail("keeper", EXIT_USAGE, "it takes options only.");
}

static int take_settings(struct keeper_command *k)
{
	int code = command_read_settings("keeper", k->settings_file, &k->settings);
	if (code != EXIT_DONE) {
		return code;
	}
	const struct settings *s = k->settings;
	k->vault = k->vault != NULL ? k->vault : s->vault.file;
	k->socket = k->socket != NULL ? k->socket : s->keeper.socket;
	k->credential = k->credential != NULL ? k->credential : s->vault.credential;
	k->user = k->user != NULL ? k->user : s->keeper.allowed_user;
	k->may_lack = s->lockdown.allow_lacking;
	k->retention_ms = s->vault.retention_ms;
	k->backups = s->vault.backups;
	return EXIT_DONE;
}

static int find_user(const char *name, struct keeper_params *params)
{
	if (name == NULL) {
		return EXIT_DONE;
	}
	errno = 0;
	const struct passwd *user = getpwnam(name);
	if (user == NULL) {
		return command_fail(
			"keeper", EXIT_SETTINGS,
			"the user who may ask besides its own is not known to this system.");
	}
	params->has_peer = true;
	params->peer = user->pw_uid;
	return EXIT_DONE;
}

/* A socket that systemd made (sd_listen_fds(3)): the one it passes is ours. */
static bool take_passed_socket(struct keeper_params *params)
{
	uint64_t pid = 0;
	struct slice text = slice_of_text(getenv("LISTEN_PID"));
	if (!slice_to_u64(text, INT32_MAX, &pid) || (pid_t)pid != getpid() ||
	    !slice_eq(slice_of_text(getenv("LISTEN_FDS")), SLICE_LIT("1"))) {
		return false;
	}
	params->socket_path = NULL;
	params->listen_fd = SYSTEMD_FIRST_FD;
	fcntl(SYSTEMD_FIRST_FD, F_SETFD, FD_CLOEXEC);
	fcntl(SYSTEMD_FIRST_FD, F_SETFL, O_NONBLOCK);
	return true;
}

static int open_signal_fd(int one, int other)
{
	sigset_t both;
	sigemptyset(&both);
	sigaddset(&both, one);
	sigaddset(&both, other);
	return sigprocmask(SIG_BLOCK, &both, NULL) == 0 ? signalfd(-1, &both, SFD_CLOEXEC) : -1;
}

/* Of the settings one is the keeper's that can change while it runs: the retention. */
static uint64_t reload(void *ctx, uint64_t retention_ms)
{
	struct keeper_command *k = ctx;
	struct settings *next = NULL;
	struct settings_mistakes mistakes;
	const struct problem none = {0};
	if (k->settings_file == NULL) {
		return retention_ms;
	}
	settings_mistakes_init(&mistakes);
	enum fault f = settings_read(k->settings_file, &next, &mistakes);
	if (f != FAULT_NONE) {
		wire_tell_bad(f, &mistakes, &none);
	} else {
		(void)wire_tell_taken(&(struct wire_turn){
			.start = k->settings,
			.current = k->current != NULL ? k->current : k->settings,
			.next = next});
		settings_free(&k->current);
		k->current = next;
		retention_ms = next->vault.retention_ms;
		event_set_least(next->log.least);
	}
	settings_mistakes_deinit(&mistakes);
	return retention_ms;
}

static void tell_alive(void *ctx)
{
	const struct keeper_command *k = ctx;
	service_alive_by(k->manager);
}

static void report_step(void *ctx, enum lockdown_step step, enum lockdown_result result)
{
	(void)ctx;
	event_log(EVENT_LOCKDOWN, EVENT_TEXT("step", lockdown_step_name(step)),
		  EVENT_TEXT("result", lockdown_result_name(result)));
}

/* NULL for a path that is too long or none. */
static const char *folder_of(const char *path, char room[PATH_MAX])
{
	struct slice text = slice_of_text(path);
	if (text.len == 0 || text.len >= PATH_MAX) {
		return NULL;
	}
	memcpy(room, text.ptr, text.len + 1);
	return dirname(room);
}

/* The vault is open and the socket made: from here on nothing else is needed. */
static enum fault confine(void *ctx)
{
	struct keeper_command *k = ctx;
	char vault_room[PATH_MAX];
	char socket_room[PATH_MAX];
	char settings_room[PATH_MAX];
	const char *settings_folder = folder_of(k->settings_file, settings_room);
	struct lockdown_params params = {
		.readable = &settings_folder, /* where the file is replaced */
		.readable_count = settings_folder != NULL ? 1 : 0,
		.role = LOCKDOWN_KEEPER,
		.writable_folder = folder_of(k->vault, vault_room),
		.backup_folder = k->backups,
		.socket_folder = folder_of(k->socket, socket_room),
		.landlock_may_lack = (k->may_lack & SETTINGS_LACKING_LANDLOCK) != 0,
		.seccomp_may_lack = (k->may_lack & SETTINGS_LACKING_SECCOMP) != 0,
		.memory_may_lack = (k->may_lack & SETTINGS_LACKING_MEMORY) != 0,
		.problem = &k->problem,
	};
	return lockdown_apply(&params, report_step, NULL);
}

static int code_of(enum fault f)
{
	return f == FAULT_CONFINEMENT || f == FAULT_SYSTEM ? EXIT_CANNOT_RUN : EXIT_VAULT;
}

static int run(struct keeper_command *k)
{
	struct problem *p = &k->problem;
	struct keeper_params params = {
		.vault_path = k->vault,
		.socket_path = k->socket,
		.listen_fd = -1,
		.retention_ms = k->retention_ms,
		.confine = confine,
		.confine_ctx = k,
		.reload = reload,
		.reload_ctx = k,
		.ready_fd = -1,
	};
	bool by_credential = k->credential != NULL;
	params.alive_every_ms = service_watchdog_ms() / BEATS;
	k->manager = params.alive_every_ms > 0 ? service_open() : -1;
	if (k->manager >= 0) {
		params.alive = tell_alive;
		params.alive_ctx = k;
	}
	if (!take_passed_socket(&params) && k->socket == NULL) {
		return command_fail("keeper", EXIT_USAGE,
				    "the socket must be named by -c FILE or --socket PATH.");
	}
	int code = find_user(k->user, &params);
	if (code != EXIT_DONE) {
		return code;
	}
	enum fault f = by_credential ? vault_input_credential(k->credential, &k->key, p)
				     : vault_input_line("Passphrase of the vault", &k->key, p);
	if (f == FAULT_NONE) {
		struct vault_unlock unlock = {.kind = by_credential ? VAULT_CREDENTIAL
								    : VAULT_PASSPHRASE,
					      .bytes = k->key};
		params.unlock = &unlock;
		params.stop_fd = open_signal_fd(SIGTERM, SIGINT);
		params.reload_fd = open_signal_fd(SIGHUP, SIGHUP);
		f = params.stop_fd >= 0 && params.reload_fd >= 0 ? keeper_run(&params, p)
								 : FAULT_SYSTEM;
	}
	if (f != FAULT_NONE) {
		p->fault = f;
		return command_problem("keeper", code_of(f), p);
	}
	return EXIT_DONE;
}

static void start_log(const struct settings *s)
{
	enum event_form form = s != NULL ? s->log.form : EVENT_FORM_TEXT;
	enum event_level least = s != NULL ? s->log.least : EVENT_LEVEL_info;
	log_outlet_start(form, least, SLICE_LIT("keeper"));
}

int command_keeper(int argc, char **argv)
{
	struct keeper_command k = {.retention_ms = RETENTION_MS};
	struct outlet outlet;
	int code = read_options(argc, argv, &k);
	if (code == EXIT_DONE && k.help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (inherited_close() != FAULT_NONE) {
		return command_fail("keeper", EXIT_CANNOT_RUN, INHERITED_SENTENCE);
	}
	outlet_open(&outlet);
	if (code == EXIT_DONE && k.settings_file != NULL) {
		code = take_settings(&k);
	}
	start_log(k.settings);
	if (code == EXIT_DONE && k.vault == NULL) {
		code = command_fail("keeper", EXIT_USAGE,
				    "the vault must be named by -c FILE or --vault FILE.");
	}
	if (code == EXIT_DONE) {
		code = run(&k);
	}
	settings_free(&k.current);
	settings_free(&k.settings);
	secret_free(&k.key);
	return code;
}
