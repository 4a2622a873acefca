#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "spool-free/base/json.h"
#include "relay/net/https.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/desk_client.h"
#include "relay/command/plain_options.h"
#include "relay/command/remote.h"

static const char usage[] =
	"usage: pagepost debug [--tenant ID (--minutes N | --off)]    the operator, beside the "
	"gateway\n"
	"       pagepost debug --url URL [--minutes N | --off]        an admin, for the token's "
	"own site\n"
	"\n"
	"Switches a tenant's debug log on, for 1 to 60 minutes, or off; without either, tells "
	"whether it "
	"is on.\n"
	"While it is on, the gateway's log has for each of the tenant's jobs how long its stages "
	"took, and "
	"what\n"
	"was said to the mail server and heard from it: addresses as tags, no content, no secret. "
	"It ends "
	"by\n"
	"itself, and when the gateway is restarted.\n"
	"\n"
	"  -c, --config FILE   settings, which say where the gateway's socket is\n"
	"                      (" COMMAND_SETTINGS_FILE ")\n"
	"  --url URL           https://HOST:PORT where Pagepost listens\n"
	"  --token-file FILE   the site's API token, whose scope is admin; or else in "
	"PAGEPOST_TOKEN\n"
	"  --ca FILE           trusted authorities in PEM (the system's)\n"
	"  --json              the answer as JSON\n";

enum {
	BODY_MAX = 4096,
	URL_MAX = 2048,
	REMOTE_MS = 60 * 1000,
	MINUTES_MAX = 60,
	MINUTE_LEN = 16,
	OK_LAST = 299
};

struct options {
	const char *tenant, *minutes, *config, *url, *token_file, *ca_file;
	bool off, json, help;
};

static const struct plain_option option_rows[] = {
	{"tenant", '\0', PLAIN_TEXT, offsetof(struct options, tenant)},
	{"minutes", '\0', PLAIN_TEXT, offsetof(struct options, minutes)},
	{"off", '\0', PLAIN_FLAG, offsetof(struct options, off)},
	{"config", 'c', PLAIN_TEXT, offsetof(struct options, config)},
	{"url", '\0', PLAIN_TEXT, offsetof(struct options, url)},
	{"token-file", '\0', PLAIN_TEXT, offsetof(struct options, token_file)},
	{"ca", '\0', PLAIN_TEXT, offsetof(struct options, ca_file)},
	{"json", '\0', PLAIN_FLAG, offsetof(struct options, json)},
	{"help", '\0', PLAIN_LAST, offsetof(struct options, help)},
};

static int judge(const struct options *o)
{
	uint64_t minutes = 1;
	bool changes = o->minutes != NULL || o->off;
	if (o->minutes != NULL && o->off) {
		return command_fail("debug", EXIT_USAGE, "it takes --minutes or --off, not both.");
	}
	if (o->tenant != NULL && o->url != NULL) {
		return command_fail(
			"debug", EXIT_USAGE,
			"it takes --tenant or --url, not both: with --url the token says "
			"which site it is.");
	}
	if ((o->tenant != NULL) != changes && o->url == NULL) {
		return command_fail(
			"debug", EXIT_USAGE,
			"it needs --tenant ID with --minutes N or with --off; or neither, "
			"to tell what is on.");
	}
	if (o->minutes != NULL &&
	    (!slice_to_u64(slice_of_text(o->minutes), MINUTES_MAX, &minutes) || minutes == 0)) {
		return command_fail("debug", EXIT_USAGE,
				    "--minutes must be a whole number from 1 to 60.");
	}
	return EXIT_DONE;
}

static int parse(struct options *o, int argc, char **argv)
{
	if (!plain_options_read(argc, argv, option_rows, COUNT_OF(option_rows), o)) {
		return EXIT_USAGE;
	}
	if (o->help) {
		return EXIT_DONE;
	}
	if (optind < argc) {
		return command_fail("debug", EXIT_USAGE,
				    "it takes options only; --help lists them.");
	}
	return judge(o);
}

static enum fault write_body(const struct options *o, struct buf *into)
{
	struct json_writer w;
	uint64_t minutes = 0;
	json_writer_init(&w, into);
	json_put_object(&w);
	if (o->tenant != NULL) {
		json_member_text(&w, "tenant", slice_of_text(o->tenant));
	}
	if (o->minutes != NULL && slice_to_u64(slice_of_text(o->minutes), MINUTES_MAX, &minutes)) {
		json_member_u64(&w, "minutes", minutes);
	}
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

/* --- answers --- */

static void print_one(struct slice tenant, struct slice until)
{
	bool has_time = until.len > MINUTE_LEN;
	printf("The debug log%s%.*s is on until %.10s %.5s UTC.\n", tenant.len > 0 ? " of " : "",
	       (int)tenant.len, tenant.ptr, has_time ? until.ptr : "?",
	       has_time ? until.ptr + (MINUTE_LEN - 5) : "?");
}

/* An "until" ends what is told of one: each of these objects has it last, or before a number. */
static bool print_all(char *json, size_t len)
{
	struct json j;
	struct slice key = {0};
	struct slice tenant = {0};
	bool any = false;
	json_init(&j, json, len);
	struct json_token t = json_next(&j);
	for (; t.kind != JSON_END && t.kind != JSON_BAD; t = json_next(&j)) {
		if (t.kind == JSON_KEY) {
			key = t.text;
		} else if (t.kind == JSON_STRING && slice_eq(key, SLICE_LIT("tenant"))) {
			tenant = t.text;
		} else if (t.kind == JSON_STRING && slice_eq(key, SLICE_LIT("until"))) {
			print_one(tenant, t.text);
			any = true;
		}
	}
	if (t.kind == JSON_END && !any) {
		puts("No debug log is on.");
	}
	return t.kind == JSON_END;
}

static int tell(const struct options *o, struct slice body)
{
	CLEANUP(buf_deinit) struct buf copy; /* reading changes it */
	buf_init(&copy, body.len + 1);
	if (o->json) {
		fwrite(body.ptr, 1, body.len, stdout);
		putchar('\n');
		return EXIT_DONE;
	}
	if (buf_add(&copy, body) != FAULT_NONE || !print_all(copy.ptr, copy.len)) {
		return command_fail("debug", EXIT_CANNOT_RUN,
				    "the gateway's answer cannot be read.");
	}
	return EXIT_DONE;
}

/* --- at the desk --- */

static int ask_desk(const struct options *o, const struct settings *s)
{
	char room[SETTINGS_SOCKET_ROOM];
	struct problem problem = {0};
	CLEANUP(buf_deinit) struct buf body;
	CLEANUP(desk_client_answer_deinit) struct desk_client_answer answer = {0};
	bool changes = o->tenant != NULL;
	buf_init(&body, BODY_MAX);
	if (changes && write_body(o, &body) != FAULT_NONE) {
		return command_fail("debug", EXIT_USAGE, "the tenant's id is too long.");
	}
	enum fault f = desk_ask(settings_gateway_socket(s, room),
				!changes ? "GET"
				: o->off ? "POST"
					 : "PUT",
				o->off ? "/debug/off" : "/debug", buf_view(&body), &answer,
				&problem);
	if (f == FAULT_NONE) {
		return tell(o, answer.body);
	}
	return command_problem("debug",
			       f == FAULT_BAD_FIELD   ? EXIT_USAGE
			       : f == FAULT_NOT_FOUND ? EXIT_NOT_DELIVERED
						      : EXIT_CANNOT_RUN,
			       &problem);
}

static int run_local(const struct options *o)
{
	CLEANUP(settings_free) struct settings *settings = NULL;
	const char *file = o->config != NULL ? o->config : COMMAND_SETTINGS_FILE;
	int code = command_read_settings("debug", file, &settings);
	return code == EXIT_DONE ? ask_desk(o, settings) : code;
}

/* --- by the API --- */

static int exchange(const struct options *o, struct https *h, const struct https_request *r)
{
	struct https_answer answer = {0};
	struct problem problem = {0};
	if (https_exchange(h, r, &answer, &problem) != FAULT_NONE) {
		https_answer_deinit(&answer);
		return command_problem("debug", EXIT_CANNOT_RUN, &problem);
	}
	int code = EXIT_NOT_DELIVERED;
	if (answer.status > OK_LAST) {
		remote_tell_refusal("debug", "refused", answer.status, &answer.body);
	} else {
		code = tell(o, o->off ? SLICE_LIT("{\"on\":false}") : buf_view(&answer.body));
	}
	https_answer_deinit(&answer);
	return code;
}

static int run_remote(const struct options *o)
{
	CLEANUP(secret_free) struct secret *token = NULL;
	CLEANUP(buf_deinit) struct buf url;
	CLEANUP(buf_deinit) struct buf body;
	CLEANUP(https_free) struct https *h = NULL;
	struct problem problem = {0};
	const struct slice path = SLICE_LIT("/v1/tenant/debug");
	buf_init(&url, URL_MAX);
	buf_init(&body, BODY_MAX);
	if (remote_token(o->token_file, &token, &problem) != FAULT_NONE) {
		return command_problem("debug", EXIT_USAGE, &problem);
	}
	if (remote_url(o->url, &path, 1, &url) != FAULT_NONE ||
	    write_body(o, &body) != FAULT_NONE) {
		return command_fail("debug", EXIT_USAGE, "the URL is too long.");
	}
	const struct https_params params = {
		.ca_file = o->ca_file, .bearer = token, .timeout_ms = REMOTE_MS};
	if (https_new(&params, &h, &problem) != FAULT_NONE) {
		return command_problem("debug", EXIT_CANNOT_RUN, &problem);
	}
	const struct https_request request = {
		.url = url.ptr,
		.method = o->minutes != NULL ? "PUT"
			  : o->off	     ? "DELETE"
					     : NULL,
		.json = o->minutes != NULL ? buf_view(&body) : (struct slice){0},
	};
	return exchange(o, h, &request);
}

int command_debug(int argc, char **argv)
{
	struct options o = {0};
	int code = parse(&o, argc, argv);
	if (code != EXIT_DONE) {
		return code;
	}
	if (o.help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	return o.url != NULL ? run_remote(&o) : run_local(&o);
}
