#include "relay/command/log_options.h"

#include <getopt.h>
#include <string.h>

#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/log_time.h"

enum {
	LONG_TENANT = 900,
	LONG_UPSTREAM,
	LONG_OUTCOME,
	LONG_FAULT,
	LONG_EVENT,
	LONG_JOB,
	LONG_LEVEL,
	LONG_SINCE,
	LONG_UNTIL,
	LONG_COUNT,
	LONG_FIND,
	LONG_JSON,
};

static const struct option longs[] = {
	{"follow", no_argument, NULL, 'f'},
	{"config", required_argument, NULL, 'c'},
	{"help", no_argument, NULL, 'h'},
	{"tenant", required_argument, NULL, LONG_TENANT},
	{"upstream", required_argument, NULL, LONG_UPSTREAM},
	{"outcome", required_argument, NULL, LONG_OUTCOME},
	{"fault", required_argument, NULL, LONG_FAULT},
	{"event", required_argument, NULL, LONG_EVENT},
	{"job", required_argument, NULL, LONG_JOB},
	{"level", required_argument, NULL, LONG_LEVEL},
	{"since", required_argument, NULL, LONG_SINCE},
	{"until", required_argument, NULL, LONG_UNTIL},
	{"count", required_argument, NULL, LONG_COUNT},
	{"find", required_argument, NULL, LONG_FIND},
	{"json", no_argument, NULL, LONG_JSON},
	{0},
};

static const struct {
	int option;
	struct slice key;
} filters[] = {
	{LONG_TENANT, SLICE_INIT("tenant")},   {LONG_UPSTREAM, SLICE_INIT("upstream")},
	{LONG_OUTCOME, SLICE_INIT("outcome")}, {LONG_FAULT, SLICE_INIT("fault")},
	{LONG_EVENT, SLICE_INIT("event")},     {LONG_JOB, SLICE_INIT("job")},
};

void log_options_usage(FILE *to)
{
	fputs("usage: pagepost log [FILE | -] [OPTION]...\n"
	      "\n"
	      "Shows the log's events: of FILE, of standard input (-), or of the journal.\n"
	      "\n"
	      "  --tenant ID  --upstream HOST[:PORT]  --outcome WORD  --fault NAME  --event NAME  "
	      "--job ID\n"
	      "                  only events that say so; given again, any of the values will do\n"
	      "  --level WORD    only info, warning or error, and what is worse\n"
	      "  --since TIME, --until TIME\n"
	      "                  2026-11-30, '2026-11-30 08:15' (UTC), RFC 3339, today, yesterday, "
	      "or ago: '90 min', 2h, 3d\n"
	      "  --find ADDRESS  what became of mails to this recipient; the settings name the "
	      "keeper\n"
	      "                  that gives the keys of the last 31 days\n"
	      "  -c FILE         the settings (" COMMAND_SETTINGS_FILE ")\n"
	      "  --count FIELD[,FIELD]...\n"
	      "                  how many of each, such as outcome,upstream, fault, tenant, hour\n"
	      "  -f, --follow    goes on with what comes: from the end, or from --since on\n"
	      "  --json          as JSON, one object a line\n",
	      to);
}

static int refuse(const struct problem *p)
{
	return command_problem("log", EXIT_USAGE, p);
}

static int take_filter(struct log_options *o, struct slice key, const char *value)
{
	struct problem p = {0};
	bool is_upstream = slice_eq(key, SLICE_LIT("upstream"));
	return log_filter_add(is_upstream ? &o->upstreams : &o->filter, key, slice_of_text(value),
			      &p) == FAULT_NONE
		       ? EXIT_DONE
		       : refuse(&p);
}

static int take_time(const char *name, const char *value, struct civil now, bool *out_has,
		     struct civil *out_at)
{
	struct problem p = {0};
	if (log_time_parse(slice_of_text(value), now, out_at)) {
		*out_has = true;
		return EXIT_DONE;
	}
	problem_add(&p, name);
	problem_add(&p, " takes a time, such as 2026-11-30, '2026-11-30 08:15' (UTC), today, or "
			"'90 min' for so long ago; ");
	problem_add_name(&p, slice_of_text(value));
	problem_add(&p, " is none.");
	return refuse(&p);
}

static int take_level(struct log_options *o, const char *value)
{
	struct problem p = {0};
	if (event_level_find(slice_of_text(value), &o->filter.least)) {
		return EXIT_DONE;
	}
	problem_add_name(&p, slice_of_text(value));
	problem_add(&p, " is no level: info, warning or error.");
	return refuse(&p);
}

static int take_address(struct log_options *o, const char *value)
{
	if (o->address_count == LOG_ADDRESSES_MAX) {
		return command_fail("log", EXIT_USAGE,
				    "at most 16 addresses are looked for at once.");
	}
	o->addresses[o->address_count++] = value;
	return EXIT_DONE;
}

static int take(struct log_options *o, int option, struct civil now)
{
	for (size_t i = 0; i < COUNT_OF(filters); i++) {
		if (filters[i].option == option) {
			return take_filter(o, filters[i].key, optarg);
		}
	}
	switch (option) {
	case 'f':
		o->follows = true;
		return EXIT_DONE;
	case 'c':
		o->settings_file = optarg;
		return EXIT_DONE;
	case 'h':
		o->help = true;
		return EXIT_DONE;
	case LONG_JSON:
		o->as_json = true;
		return EXIT_DONE;
	case LONG_COUNT:
		o->count = optarg;
		return EXIT_DONE;
	case LONG_FIND:
		return take_address(o, optarg);
	case LONG_LEVEL:
		return take_level(o, optarg);
	case LONG_SINCE:
		return take_time("--since", optarg, now, &o->filter.has_since, &o->filter.since);
	case LONG_UNTIL:
		return take_time("--until", optarg, now, &o->filter.has_until, &o->filter.until);
	default:
		return EXIT_USAGE;
	}
}

static int check(const struct log_options *o)
{
	if (o->follows && o->count != NULL) {
		return command_fail("log", EXIT_USAGE,
				    "what is followed has no end to be counted at.");
	}
	if (o->filter.has_since && o->filter.has_until &&
	    o->filter.until.ms <= o->filter.since.ms) {
		return command_fail("log", EXIT_USAGE, "--until is not after --since.");
	}
	return EXIT_DONE;
}

int log_options_read(int argc, char **argv, struct civil now, struct log_options *out)
{
	int option;
	memset(out, 0, sizeof(*out));
	optind = 0; /* glibc: begin anew, whatever was parsed before */
	while ((option = getopt_long(argc, argv, "fc:h", longs, NULL)) != -1) {
		int code = take(out, option, now);
		if (code != EXIT_DONE) {
			return code;
		}
	}
	if (out->help) {
		return EXIT_DONE;
	}
	if (argc - optind > 1) {
		return command_fail("log", EXIT_USAGE,
				    "one file at a time, or - for standard input.");
	}
	out->file = optind < argc ? argv[optind] : NULL;
	if (out->address_count > 0 && out->settings_file == NULL) {
		out->settings_file = COMMAND_SETTINGS_FILE; /* its keeper has the keys */
	}
	return check(out);
}
