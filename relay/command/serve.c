#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "config/keeper/client.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/inherited.h"
#include "relay/command/log_outlet.h"
#include "relay/command/outlet.h"

enum { LOOK_MS = 20, PING_MS = 200 };

static const char usage[] =
	"usage: pagepost serve -c FILE [--check-config]\n"
	"\n"
	"Starts the keeper of the vault and the gateway, and stops both on SIGTERM or SIGINT;\n"
	"on SIGHUP both read settings, certificate and vault again.\n"
	"The keeper asks for the vault's passphrase on the terminal or reads it from standard\n"
	"input, unless the settings name a credential. Prints `port=N` when clients can connect.\n"
	"\n"
	"  --check-config   says what is wrong with the settings file, and ends\n";

struct pair {
	const char *file;
	const struct settings *settings;
	pid_t keeper;
	pid_t gateway;
	int code; /* of the first one that ended */
	bool has_terminal;
};

/* Runs this program again as `pagepost NAME -c FILE`. The child ends when its parent does. */
static pid_t start(const char *name, const char *file, bool has_input)
{
	sigset_t none;
	pid_t parent = getpid();
	pid_t child = fork();
	if (child != 0) {
		return child;
	}
	signal(SIGHUP,
	       SIG_IGN); /* until it reads it itself: a reload must not end who is just starting */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent) {
		_exit(EXIT_CANNOT_RUN);
	}
	if (!has_input) {
		int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (null >= 0) {
			dup2(null, STDIN_FILENO);
		}
	}
	execl("/proc/self/exe", "pagepost", name, "-c", file, (char *)NULL);
	_exit(EXIT_CANNOT_RUN);
}

/* Takes note of children that ended; true when one did. */
static bool reap(struct pair *p)
{
	int status;
	pid_t gone = waitpid(-1, &status, WNOHANG);
	/* The first process of a container inherits strangers: their end is none of the pair's. */
	if (gone <= 0 || (gone != p->keeper && gone != p->gateway)) {
		return false;
	}
	struct slice name = gone == p->keeper ? SLICE_LIT("keeper") : SLICE_LIT("gateway");
	*(gone == p->keeper ? &p->keeper : &p->gateway) = 0;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_CANNOT_RUN;
	if (code != EXIT_DONE) {
		event_log(EVENT_CHILD_ENDED, EVENT_TEXT("process", name),
			  EVENT_NUMBER("status", (uint64_t)code));
	}
	p->code = p->code != EXIT_DONE ? p->code : code;
	return true;
}

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0) {
		close(fd);
	}
	return fd >= 0;
}

/* A terminal that was closed says so by the signal that otherwise asks for a reload. */
static bool is_terminal_gone(const struct pair *p)
{
	return p->has_terminal && !has_terminal();
}

static void pass_on(pid_t child, int signal)
{
	if (child > 0) {
		kill(child, signal);
	}
}

/* SIGHUP is both children's. */
static bool is_asked_to_stop(const struct pair *p, const sigset_t *signals)
{
	struct timespec look = {.tv_nsec = LOOK_MS * 1000000L};
	int got = sigtimedwait(signals, NULL, &look);
	if (got == SIGHUP && !is_terminal_gone(p)) {
		pass_on(p->keeper, SIGHUP);
		pass_on(p->gateway, SIGHUP);
		return false;
	}
	return got == SIGTERM || got == SIGINT || got == SIGHUP;
}

/* The passphrase may have to be typed: this waits as long as it takes. False when it will not come. */
static bool wait_for_keeper(struct pair *p, const sigset_t *signals)
{
	struct keeper_client *client;
	uint64_t generation;
	bool is_up = false;
	if (keeper_client_new(slice_of_text(p->settings->keeper.socket), PING_MS, &client) !=
	    FAULT_NONE) {
		return false;
	}
	while (!is_up && !reap(p) && !is_asked_to_stop(p, signals)) {
		is_up = keeper_ping(client, &generation) == FAULT_NONE;
	}
	keeper_client_free(&client);
	return is_up && p->keeper > 0;
}

static int supervise(struct pair *p, const sigset_t *signals)
{
	p->keeper = start("keeper", p->file, true);
	if (p->keeper > 0 && wait_for_keeper(p, signals)) {
		p->gateway = start("gateway", p->file, false);
	}
	while (p->keeper > 0 && p->gateway > 0 && !is_asked_to_stop(p, signals)) {
		reap(p);
	}
	/* The gateway first: its last jobs may still need the keeper. */
	pass_on(p->gateway, SIGTERM);
	while (p->gateway > 0) {
		if (is_asked_to_stop(p, signals)) {
			pass_on(p->gateway, SIGTERM);
		}
		reap(p);
	}
	pass_on(p->keeper, SIGTERM);
	while (p->keeper > 0) {
		(void)is_asked_to_stop(p, signals);
		reap(p);
	}
	return p->code;
}

static int serve(const char *file, const struct settings *settings)
{
	struct pair p = {.file = file, .settings = settings, .has_terminal = has_terminal()};
	struct outlet outlet;
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	/* Who started us may ignore it; then no child's end could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	if (inherited_close() != FAULT_NONE) {
		return command_fail("serve", EXIT_CANNOT_RUN, INHERITED_SENTENCE);
	}
	outlet_open(&outlet);
	int log = log_outlet_start(settings->log.form, settings->log.least, SLICE_LIT("serve"));
	int code = supervise(&p, &signals);
	log_outlet_stop(log); /* it writes into what the outlet waits for the end of */
	outlet_close(&outlet);
	return code;
}

/* The options, in any order; false when they are none. */
static bool read_options(int argc, char **argv, const char **out_file, bool *out_checks)
{
	const char *file = NULL;
	bool checks = false;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--check-config") == 0 && !checks) {
			checks = true;
		} else if (strcmp(argv[i], "-c") == 0 && file == NULL && i + 1 < argc) {
			file = argv[++i];
		} else {
			return false;
		}
	}
	*out_file = file;
	*out_checks = checks;
	return file != NULL;
}

int command_serve(int argc, char **argv)
{
	struct settings *settings;
	const char *file;
	bool checks;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (!read_options(argc, argv, &file, &checks)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	int code = command_read_settings("serve", file, &settings);
	if (code != EXIT_DONE) {
		return code;
	}
	if (checks) {
		printf("%s: no mistake found\n", file);
	} else {
		code = serve(file, settings);
	}
	settings_free(&settings);
	return code;
}
