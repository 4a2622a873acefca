#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/desk_client.h"
#include "relay/command/plain_options.h"
#include "relay/command/status_show.h"

static const char usage[] =
	"usage: pagepost status [-c FILE | --socket PATH] [--once] [--every SECONDS] [--json]\n"
	"\n"
	"Shows what the gateway does right now: jobs in flight, how those before ended, rates,\n"
	"each upstream with its connections and what is wrong with it, the last faults. On a\n"
	"terminal it is shown anew every two seconds until q or Ctrl-C; else once. The user that\n"
	"the gateway runs as, and root, may ask.\n"
	"\n"
	"  -c, --config FILE   settings, which say where the gateway's socket is\n"
	"                      (" COMMAND_SETTINGS_FILE ")\n"
	"  --socket PATH       that socket itself\n"
	"  --once              once, also on a terminal\n"
	"  --every SECONDS     1 to 3600 (2)\n"
	"  --json              once, as the gateway says it\n";

enum {
	PATH_ROOM = 4096,
	SCREEN_MAX = 1024 * 1024,
	EVERY_MOST_S = 3600,
	USUAL_ROWS = 24,
	USUAL_COLUMNS = 80
};

struct options {
	const char *config, *socket, *every;
	bool once, json, help;
	uint64_t every_s;
};

static const struct plain_option option_rows[] = {
	{"config", 'c', PLAIN_TEXT, offsetof(struct options, config)},
	{"socket", '\0', PLAIN_TEXT, offsetof(struct options, socket)},
	{"once", '\0', PLAIN_FLAG, offsetof(struct options, once)},
	{"every", '\0', PLAIN_TEXT, offsetof(struct options, every)},
	{"json", '\0', PLAIN_FLAG, offsetof(struct options, json)},
	{"help", '\0', PLAIN_FLAG, offsetof(struct options, help)},
};

static bool read_options(int argc, char **argv, struct options *o)
{
	*o = (struct options){.config = COMMAND_SETTINGS_FILE, .every = "2"};
	if (!plain_options_read(argc, argv, option_rows, COUNT_OF(option_rows), o)) {
		return false;
	}
	if (!slice_to_u64(slice_of_text(o->every), EVERY_MOST_S, &o->every_s) || o->every_s == 0) {
		fputs("pagepost status: --every takes whole seconds, from 1 to 3600.\n", stderr);
		return false;
	}
	return optind == argc;
}

/* Into `room`; EXIT_DONE, or what the mistakes in the settings come to. */
static int find_socket(const struct options *o, char room[PATH_ROOM])
{
	struct settings *settings;
	char beside[SETTINGS_SOCKET_ROOM];
	if (o->socket != NULL) {
		size_t len = strlen(o->socket);
		len = len < PATH_ROOM ? len : PATH_ROOM - 1; /* too long in any case */
		memcpy(room, o->socket, len);
		room[len] = '\0';
		return EXIT_DONE;
	}
	int code = command_read_settings("status", o->config, &settings);
	if (code == EXIT_DONE) {
		const char *path = settings_gateway_socket(settings, beside);
		memcpy(room, path, strlen(path) + 1); /* at most 127 bytes */
		settings_free(&settings);
	}
	return code;
}

/* One look: the answer's bytes are the status' texts. */
struct look {
	struct desk_client_answer answer;
	struct status status;
	struct instant at;
};

static void forget(struct look **l)
{
	if (*l != NULL) {
		desk_client_answer_deinit(&(*l)->answer);
		free(*l);
		*l = NULL;
	}
}

static enum fault look_at(const char *socket, struct look **out_look, struct problem *problem)
{
	CLEANUP(forget) struct look *l = calloc(1, sizeof(*l));
	if (l == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	enum fault f = desk_ask(socket, "GET", "/status", (struct slice){0}, &l->answer, problem);
	if (f == FAULT_NONE) {
		size_t at = (size_t)(l->answer.body.ptr - l->answer.bytes.ptr);
		f = status_read(l->answer.bytes.ptr + at, l->answer.body.len, &l->status, problem);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	l->at = instant_now();
	*out_look = STEAL(l);
	return FAULT_NONE;
}

static int show_json(const char *socket)
{
	struct problem problem;
	CLEANUP(desk_client_answer_deinit) struct desk_client_answer a = {0};
	if (desk_ask(socket, "GET", "/status", (struct slice){0}, &a, &problem) != FAULT_NONE) {
		return command_problem("status", EXIT_CANNOT_RUN, &problem);
	}
	fwrite(a.body.ptr, 1, a.body.len, stdout);
	puts("");
	return EXIT_DONE;
}

static int show_once(const char *socket)
{
	struct problem problem;
	CLEANUP(forget) struct look *l = NULL;
	CLEANUP(buf_deinit) struct buf text;
	const struct status_view view = {.before = NULL};
	buf_init(&text, SCREEN_MAX);
	enum fault f = look_at(socket, &l, &problem);
	if (f == FAULT_NONE && status_show(&l->status, &view, &text) != FAULT_NONE) {
		f = problem_set(&problem, FAULT_NO_MEMORY, "");
	}
	if (f != FAULT_NONE) {
		return command_problem("status", EXIT_CANNOT_RUN, &problem);
	}
	fwrite(text.ptr, 1, text.len, stdout);
	return EXIT_DONE;
}

/* --- on a terminal --- */

struct terminal {
	struct termios before;
	bool is_changed;
	int signals;
};

static void write_out(struct slice bytes)
{
	fwrite(bytes.ptr, 1, bytes.len, stdout);
	fflush(stdout);
}

/* Another screen without a cursor; keys come one by one. */
static void enter(struct terminal *t)
{
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGWINCH);
	t->signals = sigprocmask(SIG_BLOCK, &ends, NULL) == 0
			     ? signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK)
			     : -1;
	if (isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &t->before) == 0) {
		struct termios keys = t->before;
		keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		t->is_changed = tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0;
	}
	write_out(SLICE_LIT("\033[?1049h\033[?25l"));
}

static void leave(struct terminal *t)
{
	write_out(SLICE_LIT("\033[?25h\033[?1049l"));
	if (t->is_changed) {
		tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
	}
	if (t->signals >= 0) {
		close(t->signals);
	}
}

/* True: it is to end. A change of the terminal's size ends the wait early. */
static bool wait_for_end(const struct terminal *t, int wait_ms)
{
	char key = 0;
	struct signalfd_siginfo info;
	struct pollfd polled[] = {{.fd = t->signals, .events = POLLIN},
				  {.fd = t->is_changed ? STDIN_FILENO : -1, .events = POLLIN}};
	if (poll(polled, COUNT_OF(polled), wait_ms) <= 0) {
		return false;
	}
	if (polled[0].revents != 0 && read(t->signals, &info, sizeof(info)) == sizeof(info)) {
		return info.ssi_signo != SIGWINCH;
	}
	if (polled[1].revents != 0) {
		return read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q';
	}
	return false;
}

static void draw(const struct look *l, struct status_view *view)
{
	CLEANUP(buf_deinit) struct buf text;
	struct winsize size = {.ws_row = 0};
	buf_init(&text, SCREEN_MAX);
	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	view->columns = size.ws_col > 0 ? size.ws_col : USUAL_COLUMNS;
	view->rows = size.ws_row > 1 ? size.ws_row - 1U : USUAL_ROWS - 1;
	if (status_show(&l->status, view, &text) != FAULT_NONE) {
		return;
	}
	struct slice rest = buf_view(&text);
	struct slice line;
	write_out(SLICE_LIT("\033[H"));
	while (slice_cut_to(&rest, '\n', &line)) {
		fwrite(line.ptr, 1, line.len, stdout);
		fputs("\033[K\n", stdout);
	}
	write_out(SLICE_LIT("\033[J"));
}

static int show_live(const char *socket, uint64_t every_s)
{
	struct problem problem = {0};
	struct terminal terminal = {.signals = -1};
	CLEANUP(forget) struct look *now = NULL;
	CLEANUP(forget) struct look *before = NULL;
	if (look_at(socket, &now, &problem) != FAULT_NONE) {
		return command_problem("status", EXIT_CANNOT_RUN, &problem);
	}
	enter(&terminal);
	for (bool ends = false; !ends;) {
		struct status_view view = {.bold = true};
		if (before != NULL) {
			view.before = &before->status;
			view.between_ms = now->at.ms - before->at.ms;
		}
		if (problem.fault !=
		    FAULT_NONE) { /* a restart, mostly: the next look may find it */
			view.trouble = problem_text(&problem);
		}
		draw(now, &view);
		ends = wait_for_end(&terminal, (int)every_s * 1000);
		struct look *next = NULL;
		problem = (struct problem){0};
		if (!ends && look_at(socket, &next, &problem) == FAULT_NONE) {
			forget(&before);
			before = now;
			now = next;
		}
	}
	leave(&terminal);
	return EXIT_DONE;
}

int command_status(int argc, char **argv)
{
	struct options o;
	char socket[PATH_ROOM];
	if (!read_options(argc, argv, &o)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (o.help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	int code = find_socket(&o, socket);
	if (code != EXIT_DONE) {
		return code;
	}
	if (o.json) {
		return show_json(socket);
	}
	return o.once || !isatty(STDOUT_FILENO) ? show_once(socket) : show_live(socket, o.every_s);
}
