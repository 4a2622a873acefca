#include "relay/command/command.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <unistd.h>

#include "spool-free/base/wipe.h"
#include "relay/command/sink_server.h"

static const char usage[] =
	"usage: pagepost sink --certificate FILE --key FILE [OPTION]...\n"
	"\n"
	"An SMTP server that takes every message and keeps none: for demos, tests and benches.\n"
	"It tells its ports on standard output: port=NNNN tls_port=NNNN\n"
	"\n"
	"  --address A         listen there (127.0.0.1)\n"
	"  --port P            SMTP with STARTTLS (0: any free port)\n"
	"  --tls-port P        SMTP under TLS from the start (0: any free port)\n"
	"  --certificate FILE  PEM, with its chain\n"
	"  --key FILE          PEM, the certificate's private key\n"
	"  --user NAME         ask for AUTH; then the password too:\n"
	"  --password-file F   one line; \"stdin\" reads standard input\n"
	"  --size N            largest message in bytes (52428800)\n"
	"  --messages N        end after N messages\n"
	"  --recipients N      most recipients of a mail; EHLO says so\n"
	"  --without NAME      do not offer pipelining, 8bitmime, smtputf8, chunking,\n"
	"                      dsn or requiretls (may be repeated)\n"
	"  --refuse ADDRESS    answer 550 to this recipient (may be repeated)\n"
	"  --defer ADDRESS     answer 450 to this recipient (may be repeated)\n"
	"  --drop-after-dot    take each message, and close without an answer\n"
	"  --print             write each message to standard output: a line\n"
	"                      `message N bytes=SIZE from=A to=B,C`, SIZE bytes, a line end\n";

enum { LISTED_MAX = 100, SIZE_MAX_DEFAULT = 50 * 1024 * 1024, PASSWORD_MAX = 1024 };

struct options {
	struct sink_server_params server;
	const char *certificate, *key, *password_file;
	struct slice refused[LISTED_MAX], deferred[LISTED_MAX];
};

static const struct option long_options[] = {
	{"address", required_argument, NULL, 'a'},
	{"port", required_argument, NULL, 'p'},
	{"tls-port", required_argument, NULL, 't'},
	{"certificate", required_argument, NULL, 'c'},
	{"key", required_argument, NULL, 'k'},
	{"user", required_argument, NULL, 'u'},
	{"password-file", required_argument, NULL, 'w'},
	{"size", required_argument, NULL, 's'},
	{"messages", required_argument, NULL, 'm'},
	{"recipients", required_argument, NULL, 'n'},
	{"without", required_argument, NULL, 'b'},
	{"refuse", required_argument, NULL, 'r'},
	{"defer", required_argument, NULL, 'd'},
	{"drop-after-dot", no_argument, NULL, 'x'},
	{"print", no_argument, NULL, 'o'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static bool to_port(const char *text, uint16_t *out_port)
{
	uint64_t number;
	if (!slice_to_u64(slice_of_text(text), UINT16_MAX, &number)) {
		return false;
	}
	*out_port = (uint16_t)number;
	return true;
}

static bool add_listed(struct slice *list, size_t *count, const char *text)
{
	if (*count == LISTED_MAX) {
		return false;
	}
	list[(*count)++] = slice_of_text(text);
	return true;
}

static bool take_number(const char *text, uint64_t *out_number)
{
	return slice_to_u64(slice_of_text(text), SIZE_MAX, out_number);
}

/* False: the value does not fit the option. */
static bool take_option(struct options *o, int option, const char *value)
{
	struct sink_server_params *s = &o->server;
	uint64_t number = 0;
	unsigned extension;
	switch (option) {
	case 'a':
		s->address = value;
		return true;
	case 'p':
		return to_port(value, &s->port);
	case 't':
		return to_port(value, &s->tls_port);
	case 'c':
		o->certificate = value;
		return true;
	case 'k':
		o->key = value;
		return true;
	case 'u':
		s->policy.user = slice_of_text(value);
		return value[0] != '\0';
	case 'w':
		o->password_file = value;
		return true;
	case 's':
		if (!take_number(value, &number) || number == 0) {
			return false;
		}
		s->policy.size_max = (size_t)number;
		return true;
	case 'm':
		return take_number(value, &s->messages) && s->messages > 0;
	case 'r':
		return add_listed(o->refused, &s->policy.refused_count, value);
	case 'd':
		return add_listed(o->deferred, &s->policy.deferred_count, value);
	case 'n':
		if (!take_number(value, &number) || number == 0 || number > SINK_RECIPIENTS_MAX) {
			return false;
		}
		s->policy.recipients_max = (size_t)number;
		return true;
	case 'b':
		extension = sink_extension(slice_of_text(value));
		s->policy.without |= extension;
		return extension != 0;
	case 'x':
		s->policy.drops_after_dot = true;
		return true;
	case 'o':
		s->prints = true;
		return true;
	default:
		return false;
	}
}

/* EXIT_DONE with `*out_help`: only the usage was asked for. */
static int parse(struct options *o, int argc, char **argv, bool *out_help)
{
	int option;
	*out_help = false;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'h') {
			*out_help = true;
			return EXIT_DONE;
		}
		if (option == '?') {
			return EXIT_USAGE; /* getopt has said which */
		}
		if (!take_option(o, option, optarg)) {
			return command_fail("sink", EXIT_USAGE,
					    "an option has a value that it cannot take; "
					    "`pagepost sink --help` tells what each takes.");
		}
	}
	if (optind < argc || o->certificate == NULL || o->key == NULL) {
		return command_fail("sink", EXIT_USAGE,
				    "it needs --certificate FILE and --key FILE, and takes "
				    "options only; `pagepost sink --help` lists them.");
	}
	if ((o->server.policy.user.len > 0) != (o->password_file != NULL)) {
		return command_fail("sink", EXIT_USAGE,
				    "--user and --password-file belong together.");
	}
	return EXIT_DONE;
}

static enum fault read_line(int fd, struct secret **out_password)
{
	char room[PASSWORD_MAX];
	size_t len = 0;
	ssize_t n;
	do {
		n = read(fd, room + len, sizeof(room) - len);
		len += n > 0 ? (size_t)n : 0;
	} while ((n > 0 && len < sizeof(room)) || (n < 0 && errno == EINTR));
	struct slice rest = slice_of(room, len);
	struct slice line = rest;
	if (!slice_cut_to(&rest, '\n', &line)) {
		line = rest;
	}
	enum fault f = line.len == 0 ? FAULT_NOT_FOUND : secret_new(slice_trim(line), out_password);
	wipe(room, sizeof(room));
	return f;
}

static int read_password(const char *file, struct secret **out_password)
{
	bool from_stdin = strcmp(file, "stdin") == 0;
	int fd = from_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	enum fault f = fd < 0 ? FAULT_NOT_FOUND : read_line(fd, out_password);
	if (fd >= 0 && !from_stdin) {
		close(fd);
	}
	return f == FAULT_NONE ? EXIT_DONE
			       : command_fail("sink", EXIT_USAGE,
					      "the password file must be readable and hold the "
					      "password in its first line.");
}

static int run(struct options *o)
{
	struct problem problem;
	CLEANUP(tls_context_free) struct tls_context *tls = NULL;
	CLEANUP(secret_free) struct secret *password = NULL;
	enum fault f = tls_context_server_new(o->certificate, o->key, &tls, &problem);
	if (f != FAULT_NONE) {
		return command_problem("sink", EXIT_USAGE, &problem);
	}
	if (o->password_file != NULL) {
		int code = read_password(o->password_file, &password);
		if (code != EXIT_DONE) {
			return code;
		}
	}
	o->server.tls = tls;
	o->server.policy.password = password;
	o->server.policy.refused = o->refused;
	o->server.policy.deferred = o->deferred;
	f = sink_server_run(&o->server, &problem);
	return f == FAULT_NONE ? EXIT_DONE : command_problem("sink", EXIT_CANNOT_RUN, &problem);
}

int command_sink(int argc, char **argv)
{
	static struct options options;
	bool help;
	options = (struct options){.server = {.address = "127.0.0.1",
					      .out_fd = STDOUT_FILENO,
					      .policy = {.host_name = SLICE_LIT("sink.invalid"),
							 .size_max = SIZE_MAX_DEFAULT}}};
	int code = parse(&options, argc, argv, &help);
	if (help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	return code == EXIT_DONE ? run(&options) : code;
}
