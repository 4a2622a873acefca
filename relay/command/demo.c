#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "relay/net/throwaway.h"
#include "relay/mailbox/message.h"
#include "relay/command/child.h"
#include "relay/command/command.h"

enum {
	PATH_MAX_LEN = 300,
	ATTACHMENTS_MAX = 16,
	START_MS = 60 * 1000,
	ARRIVE_MS = 60 * 1000,
	MESSAGE_ROOM = 128 * 1024 * 1024,
	TEXT_LINES_SHOWN = 30,
	KEY_BYTES = 32,
};

static const char usage[] =
	"usage: pagepost demo PAGE [--attach FILE]... [--html FILE]\n"
	"\n"
	"Shows the main job on this machine: makes a throw-away certificate authority and vault,\n"
	"starts an in-memory SMTP server and Pagepost, sends PAGE (storage format) with its\n"
	"attachments, and shows what arrived. Nothing is left behind but the HTML file.\n";

struct demo {
	const char *page;
	const char *attachments[ATTACHMENTS_MAX];
	size_t attachment_count;
	const char *html_file;
	char folder[PATH_MAX_LEN];
	struct child sink;
	struct child serve;
	char sink_port[8];
	char url[64];
};

/* A file of the demo's folder; five at a time. */
static const char *in_folder(const struct demo *d, const char *name)
{
	static char paths[5][PATH_MAX_LEN + 32];
	static size_t next;
	char *path = paths[next++ % COUNT_OF(paths)];
	snprintf(path, sizeof(paths[0]), "%s/%s", d->folder, name);
	return path;
}

static const char *const left_behind[] = {
	"ca.pem",	 "tls.crt",	"tls.key",     "vault.key", "vault",
	"vault.keys",	 "vault.prev",	"vault.lock",  "password",  "token",
	"pagepost.conf", "keeper.sock", "gateway.sock"};

static void clean_up(struct demo *d)
{
	child_stop(&d->serve);
	child_stop(&d->sink);
	for (size_t i = 0; i < COUNT_OF(left_behind); i++) {
		(void)unlink(in_folder(d, left_behind[i]));
	}
	(void)rmdir(d->folder);
}

static bool write_file(const char *path, struct slice bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool written = fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len;
	return fd >= 0 && close(fd) == 0 && written;
}

/* Says what is done, and does it. */
static bool run(const char *what, const char *const *argv, struct slice input, struct buf *output)
{
	struct child c;
	printf("  %s\n", what);
	fflush(stdout);
	if (child_start(argv, input, output != NULL ? CHILD_KEEPS : CHILD_TELLS, &c) !=
	    FAULT_NONE) {
		return false;
	}
	enum fault f = output != NULL ? child_read_line(&c, START_MS, output) : FAULT_NONE;
	bool is_done = child_wait(&c) == EXIT_DONE && f == FAULT_NONE;
	child_stop(&c);
	return is_done;
}

static bool make_certificates(const struct demo *d)
{
	static const char *const hosts[] = {"localhost", "127.0.0.1"};
	struct throwaway *authority;
	const struct throwaway_leaf leaf = {.hosts = hosts,
					    .host_count = COUNT_OF(hosts),
					    .cert_file = in_folder(d, "tls.crt"),
					    .key_file = in_folder(d, "tls.key")};
	puts("  a throw-away certificate authority, and a certificate for localhost");
	if (throwaway_new(in_folder(d, "ca.pem"), &authority) != FAULT_NONE) {
		return false;
	}
	bool written = throwaway_write(authority, &leaf) == FAULT_NONE;
	throwaway_free(&authority);
	return written;
}

static bool start_sink(struct demo *d)
{
	const char *const argv[] = {"sink",
				    "--certificate",
				    in_folder(d, "tls.crt"),
				    "--key",
				    in_folder(d, "tls.key"),
				    "--user",
				    "demo",
				    "--password-file",
				    in_folder(d, "password"),
				    "--print",
				    NULL};
	struct buf line;
	puts("  pagepost sink: an SMTP server in memory, with STARTTLS and AUTH");
	if (!write_file(in_folder(d, "password"), SLICE_LIT("not-a-secret\n")) ||
	    child_start(argv, (struct slice){0}, CHILD_KEEPS, &d->sink) != FAULT_NONE) {
		return false;
	}
	buf_init(&line, 200);
	bool is_up = child_read_line(&d->sink, START_MS, &line) == FAULT_NONE &&
		     buf_add_byte(&line, '\0') == FAULT_NONE &&
		     sscanf(line.ptr, "port=%7[0-9]", d->sink_port) == 1;
	buf_deinit(&line);
	return is_up;
}

static bool fill_vault(const struct demo *d)
{
	unsigned char key[KEY_BYTES];
	const char *vault = in_folder(d, "vault");
	const char *credential = in_folder(d, "vault.key");
	if (getrandom(key, sizeof(key), 0) != sizeof(key) ||
	    !write_file(credential, slice_of(key, sizeof(key)))) {
		return false;
	}
	const char *const init[] = {"vault",	    "init",	"--vault", vault,
				    "--credential", credential, NULL};
	const char *const tenant[] = {"vault", "tenant",  "add", "demo",	 "--default-server",
				      "sink",  "--vault", vault, "--credential", credential,
				      NULL};
	const char *const server[] = {
		"vault",      "server",	    "put",	    "sink",
		"--tenant",   "demo",	    "--host",	    "localhost",
		"--port",     d->sink_port, "--tls",	    "starttls",
		"--username", "demo",	    "--from",	    "pages@example.com",
		"--vault",    vault,	    "--credential", credential,
		NULL};
	const char *const token[] = {"vault", "token",	      "new",	  "--tenant",
				     "demo",  "--label",      "demo",	  "--vault",
				     vault,   "--credential", credential, NULL};
	struct buf line;
	buf_init(&line, 200);
	bool is_filled = run("pagepost vault init", init, (struct slice){0}, NULL) &&
			 run("pagepost vault tenant add demo", tenant, (struct slice){0}, NULL) &&
			 run("pagepost vault server put sink", server, SLICE_LIT("not-a-secret\n"),
			     NULL) &&
			 run("pagepost vault token new", token, (struct slice){0}, &line) &&
			 write_file(in_folder(d, "token"), buf_view(&line));
	buf_deinit(&line);
	return is_filled;
}

static bool start_pagepost(struct demo *d)
{
	const char *const argv[] = {"serve", "-c", in_folder(d, "pagepost.conf"), NULL};
	struct buf line;
	char settings[1024];
	char port[8];
	int len = snprintf(
		settings, sizeof(settings),
		"listen: { address = \"127.0.0.1\"; port = 0; };\n"
		"tls: { certificate = \"tls.crt\"; key = \"tls.key\"; };\n"
		"vault: { file = \"vault\"; credential = \"vault.key\"; };\n"
		"keeper: { socket = \"keeper.sock\"; };\n"
		"relay: { ca_file = \"ca.pem\"; allowed_ranges = [ \"127.0.0.0/8\", \"::1/128\" "
		"];\n"
		"         allowed_ports = [ %s ]; };\n"
		"lockdown: { allow_lacking = [ \"landlock\", \"seccomp\", \"memory\" ]; };\n",
		d->sink_port);
	puts("  pagepost serve: keeper and gateway");
	if (!write_file(in_folder(d, "pagepost.conf"), slice_of(settings, (size_t)len)) ||
	    child_start(argv, (struct slice){0}, CHILD_KEEPS, &d->serve) != FAULT_NONE) {
		return false;
	}
	buf_init(&line, 200);
	bool is_up = child_read_line(&d->serve, START_MS, &line) == FAULT_NONE &&
		     buf_add_byte(&line, '\0') == FAULT_NONE &&
		     sscanf(line.ptr, "port=%7[0-9]", port) == 1;
	buf_deinit(&line);
	snprintf(d->url, sizeof(d->url), "https://localhost:%s", is_up ? port : "0");
	return is_up;
}

static bool send_page(const struct demo *d)
{
	const char *argv[32 + 2 * ATTACHMENTS_MAX] = {
		"send",		  d->page,
		"--url",	  d->url,
		"--ca",		  in_folder(d, "ca.pem"),
		"--token-file",	  in_folder(d, "token"),
		"--to",		  "Erika Muster <erika@example.org>",
		"--cc",		  "team@example.org",
		"--bcc",	  "archive@example.org",
		"--sender-name",  "Jo Writer",
		"--sender-email", "jo.writer@example.com",
		"--title",	  "Apollo: project status",
		"--page-id",	  "4711",
		"--space",	  "APOLLO",
		"--site-url",	  "https://example.atlassian.net/wiki",
		"--note",	  "Here is this week's status.",
		"--prefix",	  "[Confluence]"};
	size_t n = 0;
	while (argv[n] != NULL) {
		n++;
	}
	for (size_t i = 0; i < d->attachment_count; i++) {
		argv[n++] = "--attach";
		argv[n++] = d->attachments[i];
	}
	puts("\nThe answer of `pagepost send`:\n");
	return run("POST /v1/jobs", argv, (struct slice){0}, NULL);
}

/* The sink prints a line `message N bytes=SIZE ...` and then the bytes. */
static bool receive(struct demo *d, struct buf *message)
{
	static const struct slice mark = SLICE_INIT("bytes=");
	struct buf line;
	uint64_t bytes = 0;
	buf_init(&line, 4096);
	bool is_here = child_read_line(&d->sink, ARRIVE_MS, &line) == FAULT_NONE;
	struct slice rest = buf_view(&line);
	rest = slice_skip(rest, slice_find(rest, mark) + mark.len);
	rest = slice_first(rest, slice_find_byte(rest, ' '));
	is_here = is_here && slice_to_u64(slice_trim(rest), UINT32_MAX, &bytes) &&
		  child_read_bytes(&d->sink, bytes, ARRIVE_MS, message) == FAULT_NONE;
	buf_deinit(&line);
	return is_here;
}

static void show_line(const char *name, struct slice value)
{
	if (value.len > 0) {
		printf("  %-11s %.*s\n", name, (int)value.len, value.ptr);
	}
}

static void show_parts(const struct message_view *m)
{
	for (size_t i = 0; i < m->part_count; i++) {
		const struct message_part *p = &m->parts[i];
		printf("  %*s%.*s", (int)(2 * p->depth), "", (int)p->type.len, p->type.ptr);
		if (!p->is_multipart) {
			printf("  %zu bytes", p->content.len);
		}
		if (p->name.len > 0) {
			printf("  %.*s", (int)p->name.len, p->name.ptr);
		}
		puts(p->content_id.len > 0 ? "  (shown in the page)" : "");
	}
}

static void show_text(struct slice text)
{
	struct slice line;
	for (size_t shown = 0; shown < TEXT_LINES_SHOWN && slice_cut_to(&text, '\n', &line);
	     shown++) {
		line = slice_trim(line).len > 0 ? line : (struct slice){0};
		printf("  | %.*s\n", (int)line.len, line.len > 0 ? line.ptr : "");
	}
	if (text.len > 0) {
		printf("  | ... and %zu bytes more\n", text.len);
	}
}

/* For a browser, which knows no cid: (RFC 2392): each picture goes beside the HTML file, which names it then. */
static bool write_html(const struct demo *d, const struct message_view *m, struct slice html)
{
	struct buf page;
	char cid[256];
	char picture[PATH_MAX_LEN + 32];
	bool is_written = true;
	buf_init(&page, MESSAGE_ROOM);
	for (size_t i = 0; i < m->part_count && is_written; i++) {
		const struct message_part *p = &m->parts[i];
		if (p->content_id.len == 0 || p->content_id.len > sizeof(cid) - 5) {
			continue;
		}
		int len = snprintf(cid, sizeof(cid), "cid:%.*s", (int)p->content_id.len,
				   p->content_id.ptr);
		snprintf(picture, sizeof(picture), "%s.%zu", d->html_file, i);
		const char *name = strrchr(picture, '/') != NULL ? strrchr(picture, '/') + 1
								 : picture;
		size_t at = slice_find(html, slice_of(cid, (size_t)len));
		is_written = write_file(picture, p->content) &&
			     buf_add(&page, slice_first(html, at)) == FAULT_NONE &&
			     (at == html.len || buf_add_text(&page, name) == FAULT_NONE);
		html = slice_skip(html, at + (size_t)len);
	}
	is_written = is_written && buf_add(&page, html) == FAULT_NONE &&
		     write_file(d->html_file, buf_view(&page));
	buf_deinit(&page);
	return is_written;
}

static bool show_message(const struct demo *d, struct slice raw)
{
	struct arena arena;
	struct message_view m;
	arena_init(&arena, 2UL * MESSAGE_ROOM);
	enum fault f = message_read(raw, &arena, &m);
	if (f == FAULT_NONE) {
		const struct message_part *html = message_find(&m, SLICE_LIT("text/html"));
		const struct message_part *text = message_find(&m, SLICE_LIT("text/plain"));
		printf("\nWhat arrived at the SMTP server (%zu bytes), read back with "
		       "libetpan:\n\n",
		       raw.len);
		show_line("From", m.from);
		show_line("To", m.to);
		show_line("Cc", m.cc);
		show_line("Subject", m.subject);
		show_line("Date", m.date);
		show_line("Message-ID", m.message_id);
		puts("");
		show_parts(&m);
		if (text != NULL) {
			puts("\nIts text part begins:\n");
			show_text(text->content);
		}
		if (html != NULL && d->html_file != NULL && write_html(d, &m, html->content)) {
			printf("\nThe HTML part can be looked at in a browser: %s\n", d->html_file);
		}
	}
	arena_deinit(&arena);
	return f == FAULT_NONE;
}

static int show(struct demo *d)
{
	struct buf message;
	const char *tmp = getenv("TMPDIR");
	snprintf(d->folder, sizeof(d->folder), "%s/pagepost-demo-XXXXXX",
		 tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(d->folder) == NULL) {
		return command_fail("demo", EXIT_CANNOT_RUN,
				    "no folder can be made for temporary files.");
	}
	puts("Starting, in a folder that is removed afterwards:\n");
	if (!make_certificates(d) || !start_sink(d) || !fill_vault(d) || !start_pagepost(d)) {
		return command_fail("demo", EXIT_CANNOT_RUN,
				    "could not be started; the lines above say why.");
	}
	buf_init(&message, MESSAGE_ROOM);
	int code = EXIT_NOT_DELIVERED;
	if (!send_page(d)) {
		command_fail("demo", code, "the page was not delivered; the lines above say why.");
	} else if (!receive(d, &message) || !show_message(d, buf_view(&message))) {
		command_fail("demo", code, "the message that arrived could not be read.");
	} else {
		code = EXIT_DONE;
	}
	buf_deinit(&message);
	return code;
}

static bool parse(struct demo *d, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		bool has_value = i + 1 < argc;
		if (strcmp(argv[i], "--attach") == 0 && has_value &&
		    d->attachment_count < ATTACHMENTS_MAX) {
			d->attachments[d->attachment_count++] = argv[++i];
		} else if (strcmp(argv[i], "--html") == 0 && has_value) {
			d->html_file = argv[++i];
		} else if (argv[i][0] != '-' && d->page == NULL) {
			d->page = argv[i];
		} else {
			return false;
		}
	}
	return d->page != NULL;
}

int command_demo(int argc, char **argv)
{
	struct demo d = {.sink = {.out_fd = -1}, .serve = {.out_fd = -1}};
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (!parse(&d, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (access(d.page, R_OK) != 0) {
		fprintf(stderr, "pagepost demo: the page %s cannot be read: %s\n", d.page,
			strerror(errno));
		return EXIT_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	int code = show(&d);
	clean_up(&d);
	return code;
}
