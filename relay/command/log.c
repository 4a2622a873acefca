#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "config/keeper/client.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/log_count.h"
#include "relay/command/log_find.h"
#include "relay/command/log_options.h"
#include "relay/command/log_source.h"

enum { KEEPER_MS = 5000, STAMP_ROOM = 32, ROW_MAX = 4 * LOG_LINE_MAX };

/* Where a host is named without its port. */
static const char *const usual_ports[] = {":587", ":465", ":25", ":2525"};

/* What the units said themselves: --unit would add what systemd says of them. */
static const char *const matches[] = {"_SYSTEMD_UNIT=pagepost-gateway.service",
				      "_SYSTEMD_UNIT=pagepost-keeper.service", NULL};

struct log_command {
	struct log_options options;
	struct log_source source;
	struct log_count count;
	struct log_find people; /* --find */
	struct log_find hosts;	/* --upstream, where it is a tenant's */
	struct settings *settings;
	struct keeper_client *keeper;
	uint64_t events, shown, strange, first_strange;
};

/* --- the keeper --------------------------------------------------------------------------------------- */

static enum fault ask_keeper(void *command, uint32_t day, unsigned char out_key[TAG_KEY],
			     struct problem *p)
{
	struct log_command *c = command;
	enum fault f = FAULT_NONE;
	if (c->keeper == NULL) {
		f = keeper_client_new(slice_of_text(c->settings->keeper.socket), KEEPER_MS,
				      &c->keeper);
	}
	if (f == FAULT_NONE) {
		f = keeper_tag_key(c->keeper, day, out_key, p);
	}
	if (f != FAULT_NONE && f != FAULT_NOT_FOUND) {
		problem_set(p, f, fault_title(f).ptr);
		problem_add(p, " It gives the keys of the tags to root and to its own user alone.");
	}
	return f;
}

static enum fault add_host(struct log_find *hosts, const char *host, const char *port,
			   struct problem *p)
{
	struct problem whole = {0};
	problem_add(&whole, host);
	problem_add(&whole, port);
	return log_find_add(hosts, slice_of(whole.text, whole.len), p);
}

static enum fault add_hosts(struct log_command *c, struct problem *p)
{
	const struct log_filter *u = &c->options.upstreams;
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < u->count && f == FAULT_NONE; i++) {
		const char *host = u->wanted[i].value.ptr;
		bool has_port = strchr(host, ':') != NULL;
		for (size_t k = 0; k < (has_port ? 1 : COUNT_OF(usual_ports)) && f == FAULT_NONE;
		     k++) {
			f = add_host(&c->hosts, host, has_port ? "" : usual_ports[k], p);
		}
	}
	return f;
}

static int open_find(struct log_command *c)
{
	struct problem p = {0};
	enum fault f = FAULT_NONE;
	log_find_init(&c->people, SLICE_LIT("rcpt"), (struct slice){0}, ask_keeper, c);
	log_find_init(&c->hosts, SLICE_LIT("upstream"), SLICE_LIT("job-"), ask_keeper, c);
	for (size_t i = 0; i < c->options.address_count && f == FAULT_NONE; i++) {
		f = log_find_add_address(&c->people, slice_of_text(c->options.addresses[i]), &p);
	}
	if (f == FAULT_NONE && c->options.settings_file != NULL) {
		f = add_hosts(c, &p);
	}
	if (f != FAULT_NONE) {
		return command_problem("log", EXIT_USAGE, &p);
	}
	return c->options.settings_file != NULL
		       ? command_read_settings("log", c->options.settings_file, &c->settings)
		       : EXIT_DONE;
}

/* --- lines ------------------------------------------------------------------------------------------- */

static enum fault fits(struct log_command *c, const struct log_line *l, bool *out_fits,
		       struct problem *p)
{
	const struct log_options *o = &c->options;
	enum fault f = FAULT_NONE;
	*out_fits = log_filter_fits(&o->filter, l);
	if (*out_fits && o->upstreams.count > 0 && !log_filter_fits(&o->upstreams, l)) {
		*out_fits = false;
		f = c->hosts.count > 0 ? log_find_fits(&c->hosts, l, out_fits, p) : FAULT_NONE;
	}
	if (f == FAULT_NONE && *out_fits && o->address_count > 0) {
		f = log_find_fits(&c->people, l, out_fits, p);
	}
	return f;
}

static enum fault print(const struct log_command *c, const struct log_line *l)
{
	CLEANUP(buf_deinit) struct buf row;
	buf_init(&row, ROW_MAX);
	enum fault f = c->options.as_json ? log_line_put_json(l, &row) : log_line_put_text(l, &row);
	if (f == FAULT_NONE && fwrite(row.ptr, 1, row.len, stdout) != row.len) {
		f = FAULT_SYSTEM;
	}
	/* Who follows sees a line when it comes. */
	if (f == FAULT_NONE && c->options.follows && fflush(stdout) != 0) {
		f = FAULT_SYSTEM;
	}
	return f;
}

static enum fault take_line(struct log_command *c, char *bytes, size_t len, struct problem *p)
{
	struct log_line l;
	bool is_wanted;
	if (!log_line_read(&l, bytes, len)) {
		c->strange++;
		c->first_strange = c->first_strange == 0 ? c->source.line : c->first_strange;
		return FAULT_NONE;
	}
	c->events++;
	enum fault f = fits(c, &l, &is_wanted, p);
	if (f != FAULT_NONE || !is_wanted) {
		return f;
	}
	c->shown++;
	f = c->options.count != NULL ? log_count_add(&c->count, &l) : print(c, &l);
	return f == FAULT_NONE ? f : problem_set(p, f, "The events cannot be written.");
}

static int read_lines(struct log_command *c)
{
	struct problem p = {0};
	char *bytes;
	size_t len;
	enum fault f;
	while ((f = log_source_next(&c->source, &bytes, &len, &p)) == FAULT_NONE) {
		f = take_line(c, bytes, len, &p);
		if (f != FAULT_NONE) {
			break;
		}
	}
	if (f == FAULT_NOT_FOUND) {
		return EXIT_DONE;
	}
	p.fault = f;
	return command_problem("log", EXIT_CANNOT_RUN, &p);
}

/* --- what was passed over ---------------------------------------------------------------------------- */

static int tell_rest(const struct log_command *c, bool is_read)
{
	uint64_t keyless = c->people.without_key + c->hosts.without_key;
	if (keyless > 0) {
		fprintf(stderr,
			"pagepost log: %llu lines are of days whose key is no longer given; whom "
			"they "
			"are about cannot be told.\n",
			(unsigned long long)keyless);
	}
	/* In the journal others write about a unit, too: systemd that it was started. */
	bool tells_strange = c->strange > 0 && c->options.file != NULL;
	if (tells_strange && c->events == 0) {
		return command_fail("log", EXIT_USAGE,
				    "this is no log of Pagepost's: none of its lines "
				    "is an event.");
	}
	if (tells_strange) {
		fprintf(stderr,
			"pagepost log: lines that are no events were passed over: %llu; the first "
			"is "
			"line %llu.\n",
			(unsigned long long)c->strange, (unsigned long long)c->first_strange);
	}
	/* Nothing at all could be taken for a command that did nothing. */
	if (is_read && c->shown == 0 && !c->options.follows) {
		fputs("pagepost log: no event matches.\n", stderr);
	}
	return EXIT_DONE;
}

static const char *stamp(char room[STAMP_ROOM], bool has, struct civil at)
{
	snprintf(room, STAMP_ROOM, "@%lld", (long long)(at.ms / 1000));
	return has ? room : NULL;
}

static enum fault open_source(struct log_command *c, struct problem *p)
{
	const struct log_options *o = &c->options;
	char since[STAMP_ROOM], until[STAMP_ROOM];
	if (o->file != NULL) {
		return log_source_open(&c->source, o->file, o->follows,
				       o->follows && !o->filter.has_since, p);
	}
	/* The last second is the filter's to cut. */
	const struct civil end = {.ms = o->filter.until.ms + 1000};
	const struct log_journal journal = {
		.program = "journalctl",
		.matches = matches,
		.since = stamp(since, o->filter.has_since, o->filter.since),
		.until = stamp(until, o->filter.has_until, end),
	};
	return log_source_open_journal(&c->source, &journal, o->follows, p);
}

static int run(struct log_command *c)
{
	struct problem p = {0};
	if (open_source(c, &p) != FAULT_NONE) {
		return command_problem("log", EXIT_CANNOT_RUN, &p);
	}
	int code = read_lines(c);
	if (code == EXIT_DONE && c->options.count != NULL &&
	    log_count_print(&c->count, stdout, c->options.as_json) != FAULT_NONE) {
		code = command_fail("log", EXIT_CANNOT_RUN, "there is not enough memory.");
	}
	int rest = tell_rest(c, code == EXIT_DONE);
	return code == EXIT_DONE ? rest : code;
}

static int open_count(struct log_command *c)
{
	struct problem p = {0};
	return c->options.count == NULL ||
			       log_count_init(&c->count, slice_of_text(c->options.count), &p) ==
				       FAULT_NONE
		       ? EXIT_DONE
		       : command_problem("log", EXIT_USAGE, &p);
}

int command_log(int argc, char **argv)
{
	static struct log_command c; /* days of tags are much for a stack */
	/* `pagepost log | head` ends with its reader. */
	signal(SIGPIPE, SIG_DFL);
	int code = log_options_read(argc, argv, civil_now(), &c.options);
	c.source.fd = -1;
	if (code == EXIT_DONE && c.options.help) {
		log_options_usage(stdout);
		return EXIT_DONE;
	}
	if (code == EXIT_DONE) {
		code = open_count(&c);
	}
	if (code == EXIT_DONE) {
		code = open_find(&c);
	}
	if (code == EXIT_DONE) {
		code = run(&c);
	}
	log_source_close(&c.source);
	log_count_deinit(&c.count);
	log_find_deinit(&c.people);
	log_find_deinit(&c.hosts);
	keeper_client_free(&c.keeper);
	settings_free(&c.settings);
	return code;
}
