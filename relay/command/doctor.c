#include "relay/command/command.h"

#include <getopt.h>
#include <string.h>

#include "spool-free/base/json.h"
#include "relay/net/https.h"
#include "relay/command/command_settings.h"
#include "relay/command/doctor_local.h"
#include "relay/command/doctor_report.h"
#include "relay/command/remote.h"
#include "relay/command/vault_input.h"

static const char usage[] =
	"usage: pagepost doctor --host HOST [OPTION]...        from here, without a gateway\n"
	"       pagepost doctor NAME --url https://HOST:PORT   a mail server of a tenant's, from "
	"the "
	"gateway\n"
	"\n"
	"Looks at a mail server step by step: name, connection, TLS, EHLO, login, MAIL and RCPT "
	"for\n"
	"one address, RSET; tells for each how it went, and for a failure its cause, whose it is "
	"to\n"
	"mend, and how. No mail is sent. Ends with 0 when all is well, with 1 when a step failed.\n"
	"\n"
	"  --from A  --to A       the addresses that MAIL and RCPT name (the account's own)\n"
	"  --json                 the report as it is in the API\n"
	"\n"
	"From here:\n"
	"  --port P               587, or 465 with --tls implicit; others than relay.allowed_ports "
	"has\n"
	"                         are not connected to\n"
	"  --tls starttls|implicit  how TLS begins (starttls; implicit at port 465)\n"
	"  --username U           to log in; the password is asked for, or is a line of standard "
	"input\n"
	"  --oauth-token-file F   log in by this OAuth access token instead\n"
	"  -c, --config FILE      settings: relay.* counts here as it does for jobs\n"
	"  --allow RANGE          addresses that may be connected to though they are not public,\n"
	"                         such as 10.0.0.0/8; may be repeated\n"
	"  --ca FILE              trusted authorities in PEM (the settings', or the system's)\n"
	"\n"
	"From the gateway:\n"
	"  --url URL              where Pagepost listens\n"
	"  --token-file FILE      the tenant's API token, or else in the environment: "
	"PAGEPOST_TOKEN\n"
	"  --half-file FILE       the tenant's half of its key, where it keeps one\n"
	"  --ca FILE              trusted authorities in PEM (the system's)\n";

enum {
	URL_MAX = 2048,
	TOKEN_MAX = 8 * 1024,
	REPORT_MAX = 256 * 1024,
	REMOTE_MS = SMTP_CHECKUP_MS + 20 * 1000,
	PORT_SUBMISSION = 587,
	PORT_SUBMISSIONS = 465,
	HELP = 256, /* an option without a letter */
};

struct options {
	const char *name, *url, *token_file, *ca_file, *config, *oauth_file, *half_file;
	const char *host, *username, *from, *to;
	const char *ranges[DOCTOR_RANGES_MAX];
	size_t range_count;
	uint16_t port;
	bool has_tls;
	enum tls_mode tls;
	bool json, help;
};

static const struct option long_options[] = {
	{"url", required_argument, NULL, 'u'},
	{"token-file", required_argument, NULL, 'k'},
	{"half-file", required_argument, NULL, 'l'},
	{"ca", required_argument, NULL, 'a'},
	{"config", required_argument, NULL, 'c'},
	{"host", required_argument, NULL, 'h'},
	{"port", required_argument, NULL, 'p'},
	{"tls", required_argument, NULL, 't'},
	{"username", required_argument, NULL, 'n'},
	{"oauth-token-file", required_argument, NULL, 'o'},
	{"allow", required_argument, NULL, 'r'},
	{"from", required_argument, NULL, 'f'},
	{"to", required_argument, NULL, 'd'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, HELP},
	{0},
};

static bool take_address(const char **into, const char *value)
{
	struct mailbox m;
	*into = value;
	return mailbox_parse(slice_of_text(value), &m) == FAULT_NONE;
}

static bool take_tls(struct options *o, const char *value)
{
	o->has_tls = true;
	o->tls = strcmp(value, "implicit") == 0 ? TLS_IMPLICIT : TLS_STARTTLS;
	return o->tls == TLS_IMPLICIT || strcmp(value, "starttls") == 0;
}

static bool take_port(struct options *o, const char *value)
{
	uint64_t port = 0;
	bool good = slice_to_u64(slice_of_text(value), UINT16_MAX, &port) && port > 0;
	o->port = (uint16_t)port;
	return good;
}

static bool take_range(struct options *o, const char *value)
{
	struct address_range range;
	if (o->range_count == DOCTOR_RANGES_MAX ||
	    address_range_parse(slice_of_text(value), &range) != FAULT_NONE) {
		return false;
	}
	o->ranges[o->range_count++] = value;
	return true;
}

/* Options that are one text, as it is. */
static const char **text_of(struct options *o, int option)
{
	switch (option) {
	case 'k':
		return &o->token_file;
	case 'l':
		return &o->half_file;
	case 'a':
		return &o->ca_file;
	case 'c':
		return &o->config;
	case 'h':
		return &o->host;
	case 'n':
		return &o->username;
	case 'o':
		return &o->oauth_file;
	default:
		return NULL;
	}
}

static bool take_option(struct options *o, int option, const char *value)
{
	const char **text = text_of(o, option);
	if (text != NULL) {
		*text = value;
		return value[0] != '\0';
	}
	switch (option) {
	case 'u':
		o->url = value;
		return slice_starts(slice_of_text(value), SLICE_LIT("https://"));
	case 'p':
		return take_port(o, value);
	case 't':
		return take_tls(o, value);
	case 'r':
		return take_range(o, value);
	case 'f':
		return take_address(&o->from, value);
	case 'd':
		return take_address(&o->to, value);
	case 'j':
		o->json = true;
		return true;
	default:
		return false;
	}
}

static bool is_name(const char *name)
{
	size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-");
	return good > 0 && name[good] == '\0';
}

static int judge(const struct options *o)
{
	if ((o->host != NULL) == (o->url != NULL) || (o->url != NULL) != (o->name != NULL)) {
		return command_fail("doctor", EXIT_USAGE,
				    "it needs either --host, or a server's NAME and --url; "
				    "`pagepost doctor --help` tells the rest.");
	}
	if (o->name != NULL && !is_name(o->name)) {
		return command_fail("doctor", EXIT_USAGE,
				    "a server's name is made of letters, digits and '-'.");
	}
	if (o->oauth_file != NULL && o->username == NULL) {
		return command_fail("doctor", EXIT_USAGE, "--oauth-token-file needs --username.");
	}
	return EXIT_DONE;
}

/* By its letter it has the same name. */
static const char *name_of(int option)
{
	size_t i = 0;
	while (long_options[i].val != option) {
		i++;
	}
	return long_options[i].name;
}

static int parse(struct options *o, int argc, char **argv)
{
	int option;
	while ((option = getopt_long(argc, argv, "c:", long_options, NULL)) != -1) {
		if (option == HELP) {
			o->help = true;
			return EXIT_DONE;
		}
		if (option == '?') {
			return EXIT_USAGE; /* getopt has said which */
		}
		if (!take_option(o, option, optarg)) {
			fprintf(stderr,
				"pagepost doctor: --%s cannot take this value; "
				"`pagepost doctor --help` tells what it takes.\n",
				name_of(option));
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		o->name = argv[optind++];
	}
	if (optind < argc) {
		return command_fail("doctor", EXIT_USAGE, "it takes one NAME at most.");
	}
	return judge(o);
}

/* The report, as it is or in lines. */
static int tell(const struct options *o, struct buf *report)
{
	CLEANUP(buf_deinit) struct buf text;
	CLEANUP(buf_deinit) struct buf raw; /* reading changes the report */
	bool is_well = false;
	buf_init(&text, REPORT_MAX);
	buf_init(&raw, REPORT_MAX);
	enum fault f = buf_add(&raw, buf_view(report));
	f = f == FAULT_NONE ? doctor_report_read(report, &text, &is_well) : f;
	if (f != FAULT_NONE) {
		return command_fail("doctor", EXIT_NOT_DELIVERED,
				    "the answer is no report of Pagepost's.");
	}
	const struct buf *shown = o->json ? &raw : &text;
	fwrite(shown->ptr, 1, shown->len, stdout);
	fputs(o->json ? "\n" : "", stdout);
	fflush(stdout);
	return is_well ? EXIT_DONE : EXIT_NOT_DELIVERED;
}

static enum fault read_credential(const struct options *o, struct doctor_local *d,
				  struct secret **out_secret, struct problem *p)
{
	if (o->username == NULL) {
		return FAULT_NONE;
	}
	enum fault f = o->oauth_file != NULL
			       ? vault_input_secret_line(o->oauth_file, TOKEN_MAX, out_secret, p)
			       : vault_input_line("Password of the mail account", out_secret, p);
	d->upstream.username = slice_of_text(o->username);
	d->upstream.password = o->oauth_file != NULL ? NULL : *out_secret;
	d->upstream.token = o->oauth_file != NULL ? *out_secret : NULL;
	return f;
}

static int read_settings(const struct options *o, struct settings **out_settings)
{
	if (o->config != NULL) {
		return command_read_settings("doctor", o->config, out_settings);
	}
	return settings_defaults(out_settings) == FAULT_NONE
		       ? EXIT_DONE
		       : command_fail("doctor", EXIT_CANNOT_RUN, "there is not enough memory.");
}

static int run_local(const struct options *o)
{
	CLEANUP(settings_free) struct settings *settings = NULL;
	CLEANUP(secret_free) struct secret *secret = NULL;
	CLEANUP(buf_deinit) struct buf report;
	struct problem problem = {0};
	buf_init(&report, REPORT_MAX);
	int code = read_settings(o, &settings);
	if (code != EXIT_DONE) {
		return code;
	}
	struct doctor_local d = {
		.settings = settings,
		.ca_file = o->ca_file,
		.range_count = o->range_count,
		.from = slice_of_text(o->from),
		.to = slice_of_text(o->to),
	};
	memcpy(d.ranges, o->ranges, sizeof(d.ranges));
	d.upstream.host = slice_of_text(o->host);
	d.upstream.tls = o->has_tls		       ? o->tls
			 : o->port == PORT_SUBMISSIONS ? TLS_IMPLICIT
						       : TLS_STARTTLS;
	d.upstream.port = o->port != 0			   ? o->port
			  : d.upstream.tls == TLS_IMPLICIT ? PORT_SUBMISSIONS
							   : PORT_SUBMISSION;
	if (read_credential(o, &d, &secret, &problem) != FAULT_NONE) {
		return command_problem("doctor", EXIT_USAGE, &problem);
	}
	if (doctor_local(&d, &report, &problem) != FAULT_NONE) {
		return command_problem("doctor", EXIT_CANNOT_RUN, &problem);
	}
	return tell(o, &report);
}

static enum fault write_body(const struct options *o, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	if (o->from != NULL) {
		json_member_text(&w, "from", slice_of_text(o->from));
	}
	if (o->to != NULL) {
		json_member_text(&w, "to", slice_of_text(o->to));
	}
	json_put_object_end(&w);
	enum fault f = json_writer_fault(&w);
	return f == FAULT_NONE ? buf_add_byte(into, '\0') : f;
}

/* problem+json as it came, or its sentence. */
static int refused(const struct options *o, struct https_answer *a)
{
	if (o->json) {
		fwrite(a->body.ptr, 1, a->body.len, stdout);
		fputs("\n", stdout);
	} else {
		remote_tell_refusal("doctor", "not looked at", a->status, &a->body);
	}
	return EXIT_NOT_DELIVERED;
}

static int run_remote(const struct options *o)
{
	CLEANUP(secret_free) struct secret *token = NULL;
	CLEANUP(secret_free) struct secret *half = NULL;
	CLEANUP(buf_deinit) struct buf url;
	CLEANUP(buf_deinit) struct buf body;
	CLEANUP(https_free) struct https *h = NULL;
	struct problem problem = {0};
	const struct slice path[] = {SLICE_LIT("/v1/tenant/servers/"), slice_of_text(o->name),
				     SLICE_LIT("/check")};
	buf_init(&url, URL_MAX);
	buf_init(&body, URL_MAX);
	if (remote_token(o->token_file, &token, &problem) != FAULT_NONE) {
		return command_problem("doctor", EXIT_USAGE, &problem);
	}
	if (o->half_file != NULL && vault_input_half(o->half_file, &half, &problem) != FAULT_NONE) {
		return command_problem("doctor", EXIT_USAGE, &problem);
	}
	if (remote_url(o->url, path, COUNT_OF(path), &url) != FAULT_NONE ||
	    write_body(o, &body) != FAULT_NONE) {
		return command_fail("doctor", EXIT_USAGE, "the URL or an address is too long.");
	}
	const struct https_params params = {
		.ca_file = o->ca_file, .bearer = token, .key_half = half, .timeout_ms = REMOTE_MS};
	if (https_new(&params, &h, &problem) != FAULT_NONE) {
		return command_problem("doctor", EXIT_CANNOT_RUN, &problem);
	}
	const struct https_request request = {.url = url.ptr,
					      .json = slice_of(body.ptr, body.len - 1)};
	struct https_answer answer = {0};
	enum fault f = https_exchange(h, &request, &answer, &problem);
	if (f != FAULT_NONE) {
		return command_problem("doctor", EXIT_NOT_DELIVERED, &problem);
	}
	int code = answer.status == 200 ? tell(o, &answer.body) : refused(o, &answer);
	https_answer_deinit(&answer);
	return code;
}

int command_doctor(int argc, char **argv)
{
	struct options o = {.tls = TLS_STARTTLS};
	int code = parse(&o, argc, argv);
	if (o.help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (code != EXIT_DONE) {
		return code;
	}
	return o.host != NULL ? run_local(&o) : run_remote(&o);
}
