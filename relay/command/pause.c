#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/desk_client.h"
#include "relay/command/pauses_table.h"

/* `pagepost pause`, `resume` and `pauses`: one desk, one list. */

static const char pause_usage[] =
	"usage: pagepost pause (--all | --tenant ID | --upstream HOST[:PORT]) [OPTION]...\n"
	"\n"
	"Stops sending at once: everything, one tenant's, or that through one mail server. Callers "
	"hear so\n"
	"(503 `paused`), and nothing is kept for later; a mail that is on its way goes on to its "
	"end.\n"
	"Previews and the doctor go on. The pause holds until `pagepost resume`, its time or the "
	"gateway's\n"
	"restart. What is paused then is printed.\n"
	"\n"
	"  --for TIME        how long at most: 90s, 30m, 2h, 1d (until it is lifted)\n"
	"  --reason WORD     told to callers and to the log: 1 to 64 letters, digits and '-'\n"
	"  -c, --config FILE settings, which say where the gateway's socket is\n"
	"                    (" COMMAND_SETTINGS_FILE ")\n"
	"  --json            the list as JSON\n";
static const char resume_usage[] =
	"usage: pagepost resume (--all | --tenant ID | --upstream HOST[:PORT]) [OPTION]...\n"
	"\n"
	"Lifts a pause that was set with the same option. What is paused yet is printed.\n"
	"\n"
	"  -c, --config FILE settings, which say where the gateway's socket is\n"
	"                    (" COMMAND_SETTINGS_FILE ")\n"
	"  --json            the list as JSON\n";
static const char pauses_usage[] =
	"usage: pagepost pauses [OPTION]...\n"
	"\n"
	"Prints what is paused in the running gateway.\n"
	"\n"
	"  -c, --config FILE settings, which say where the gateway's socket is\n"
	"                    (" COMMAND_SETTINGS_FILE ")\n"
	"  --json            the list as JSON\n";

enum { ARENA_MAX = 256 * 1024, BODY_MAX = 4096, HELP = 256 };

struct options {
	const char *what; /* all, tenant, upstream; NULL: nothing was said */
	const char *name;
	const char *time, *reason, *config;
	unsigned targets;
	bool json, help;
};

/* The option's letters are those of `pause`; `resume` and `pauses` take fewer. */
struct call {
	const char *command;
	const char *usage;
	const char *method, *path;
	const struct option *options;
	bool has_target;
};

static const struct option pause_options[] = {
	{"all", no_argument, NULL, 'a'},
	{"tenant", required_argument, NULL, 't'},
	{"upstream", required_argument, NULL, 'u'},
	{"for", required_argument, NULL, 'f'},
	{"reason", required_argument, NULL, 'r'},
	{"config", required_argument, NULL, 'c'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, HELP},
	{0},
};
static const struct option resume_options[] = {
	{"all", no_argument, NULL, 'a'},
	{"tenant", required_argument, NULL, 't'},
	{"upstream", required_argument, NULL, 'u'},
	{"config", required_argument, NULL, 'c'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, HELP},
	{0},
};
static const struct option pauses_options[] = {
	{"config", required_argument, NULL, 'c'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, HELP},
	{0},
};

static void take_target(struct options *o, const char *what, const char *name)
{
	o->what = what;
	o->name = name;
	o->targets++;
}

static int take_option(struct options *o, int option)
{
	switch (option) {
	case 'a':
		take_target(o, "all", "");
		return EXIT_DONE;
	case 't':
		take_target(o, "tenant", optarg);
		return EXIT_DONE;
	case 'u':
		take_target(o, "upstream", optarg);
		return EXIT_DONE;
	case 'f':
		o->time = optarg;
		return EXIT_DONE;
	case 'r':
		o->reason = optarg;
		return EXIT_DONE;
	case 'c':
		o->config = optarg;
		return EXIT_DONE;
	case 'j':
		o->json = true;
		return EXIT_DONE;
	case HELP:
		o->help = true;
		return EXIT_DONE;
	default:
		return EXIT_USAGE; /* getopt has said which */
	}
}

static int parse(const struct call *c, struct options *o, int argc, char **argv)
{
	int option;
	while ((option = getopt_long(argc, argv, "c:", c->options, NULL)) != -1) {
		int code = take_option(o, option);
		if (code != EXIT_DONE || o->help) {
			return code;
		}
	}
	if (optind < argc) {
		return command_fail(c->command, EXIT_USAGE,
				    "it takes options only; --help lists them.");
	}
	if (c->has_target && o->targets != 1) {
		return command_fail(
			c->command, EXIT_USAGE,
			"it needs one of --all, --tenant ID and --upstream HOST[:PORT].");
	}
	return EXIT_DONE;
}

static int write_body(const struct call *c, const struct options *o, struct buf *into)
{
	struct json_writer w;
	uint64_t seconds = 0;
	if (!c->has_target) {
		return EXIT_DONE;
	}
	if (o->time != NULL && !pauses_table_seconds(slice_of_text(o->time), &seconds)) {
		return command_fail(c->command, EXIT_USAGE,
				    "--for must be a number and s, m, h or d, such as 30m; at most "
				    "366d.");
	}
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "what", slice_of_text(o->what));
	if (o->name[0] != '\0' || strcmp(o->what, "all") != 0) {
		json_member_text(&w, "name", slice_of_text(o->name));
	}
	if (seconds > 0) {
		json_member_u64(&w, "seconds", seconds);
	}
	if (o->reason != NULL) {
		json_member_text(&w, "reason", slice_of_text(o->reason));
	}
	json_put_object_end(&w);
	return json_writer_fault(&w) == FAULT_NONE
		       ? EXIT_DONE
		       : command_fail(c->command, EXIT_USAGE, "that is too long.");
}

static int print(const struct call *c, const struct options *o, const struct desk_client_answer *a)
{
	CLEANUP(arena_deinit) struct arena arena;
	struct vault_table t;
	struct slice json;
	arena_init(&arena, ARENA_MAX);
	if (o->json) {
		fwrite(a->body.ptr, 1, a->body.len, stdout);
		putchar('\n');
		return EXIT_DONE;
	}
	enum fault f = arena_copy(&arena, a->body, &json);
	if (f == FAULT_NONE) {
		f = pauses_table_read((char *)(uintptr_t)json.ptr, json.len, &arena, &t);
	}
	if (f != FAULT_NONE) {
		return command_fail(c->command, EXIT_CANNOT_RUN,
				    "the gateway's answer cannot be read.");
	}
	if (t.count == 1) {
		puts("Nothing is paused.");
	} else {
		vault_table_print(&t);
	}
	return EXIT_DONE;
}

static int ask(const struct call *c, const struct options *o, const struct settings *s)
{
	char room[SETTINGS_SOCKET_ROOM];
	struct problem problem = {0};
	CLEANUP(buf_deinit) struct buf body;
	CLEANUP(desk_client_answer_deinit) struct desk_client_answer answer = {0};
	buf_init(&body, BODY_MAX);
	int code = write_body(c, o, &body);
	if (code != EXIT_DONE) {
		return code;
	}
	enum fault f = desk_ask(settings_gateway_socket(s, room), c->method, c->path,
				buf_view(&body), &answer, &problem);
	if (f != FAULT_NONE) {
		bool is_ours = f == FAULT_BAD_FIELD || f == FAULT_UNKNOWN_FIELD;
		return command_problem(c->command,
				       is_ours		      ? EXIT_USAGE
				       : f == FAULT_NOT_FOUND ? EXIT_NOT_DELIVERED
							      : EXIT_CANNOT_RUN,
				       &problem);
	}
	return print(c, o, &answer);
}

static int run(const struct call *c, int argc, char **argv)
{
	CLEANUP(settings_free) struct settings *settings = NULL;
	struct options o = {.config = COMMAND_SETTINGS_FILE};
	int code = parse(c, &o, argc, argv);
	if (code != EXIT_DONE) {
		return code;
	}
	if (o.help) {
		fputs(c->usage, stdout);
		return EXIT_DONE;
	}
	code = command_read_settings(c->command, o.config, &settings);
	return code == EXIT_DONE ? ask(c, &o, settings) : code;
}

int command_pause(int argc, char **argv)
{
	static const struct call c = {"pause", pause_usage, "PUT", "/pauses", pause_options, true};
	return run(&c, argc, argv);
}

int command_resume(int argc, char **argv)
{
	static const struct call c = {"resume",	      resume_usage,   "POST",
				      "/pauses/lift", resume_options, true};
	return run(&c, argc, argv);
}

int command_pauses(int argc, char **argv)
{
	static const struct call c = {"pauses",	 pauses_usage,	 "GET",
				      "/pauses", pauses_options, false};
	return run(&c, argc, argv);
}
