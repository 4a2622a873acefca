#include "relay/net/fetch.h"

#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay/net/libcurl.h"
#include "tests/support/check_main.h"

/* A web server on this machine, whose answers hang on the path that is asked for. */

enum { URL_ROOM = 256, MOST = 64, PATIENCE_MS = 400 };

static uint16_t port;
static pid_t server;

static const struct {
	const char *path;
	const char *answer; /* a '#' becomes the port; NULL: none, ever */
} answers[] = {
	{"GET /picture ", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npicture"},
	{"GET /chunked ",
	 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npict\r\n3\r\nure\r\n0\r\n\r\n"},
	{"GET /moved ",
	 "HTTP/1.1 302 Found\r\nLocation: /picture\r\nContent-Length: 4\r\n\r\ngone"},
	{"GET /away ",
	 "HTTP/1.1 302 Found\r\nLocation: http://10.1.2.3:#/picture\r\nContent-Length: 0\r\n\r\n"},
	{"GET /file ",
	 "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"},
	{"GET /round ", "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n"},
	{"GET /missing ", "HTTP/1.1 404 No\r\nContent-Length: 7\r\n\r\nmissing"},
	{"GET /large ", "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nlarge"},
	{"GET /untold ", "HTTP/1.1 200 OK\r\n\r\n"
			 "0123456789012345678901234567890123456789012345678901234567890123456789"},
	{"GET /cut ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ncut"},
	{"GET /other ", "SSH-2.0-OpenSSH\r\n"},
	{"GET /never ", NULL},
};

static void answer(int fd)
{
	char request[2048] = "";
	if (read(fd, request, sizeof(request) - 1) <= 0) {
		return;
	}
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		if (strncmp(request, answers[i].path, strlen(answers[i].path)) != 0) {
			continue;
		}
		if (answers[i].answer == NULL) {
			pause();
		}
		for (const char *at = answers[i].answer; *at != '\0'; at++) {
			char digits[8];
			int n = *at == '#' ? snprintf(digits, sizeof(digits), "%u", port) : 1;
			(void)!write(fd, *at == '#' ? digits : at, (size_t)n);
		}
	}
}

static void setup(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 8) == 0 &&
		  getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	port = ntohs(at.sin_port);
	server = fork();
	if (server == 0) {
		for (;;) {
			int client = accept(fd, NULL, NULL);
			answer(client);
			close(client);
		}
	}
	close(fd);
	ck_assert_int_eq(libcurl_start(), FAULT_NONE);
}

static void teardown(void)
{
	kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
}

enum { NO_RANGE = 1, NO_PORT = 2 };

static const struct {
	const char *url; /* a '#' becomes the port */
	int without;
	enum fault fault;
} rows[] = {
	{"http://127.0.0.1:#/picture", 0, FAULT_NONE},
	{"http://localhost:#/picture", 0, FAULT_NONE},
	{"http://localhost:#/chunked", 0, FAULT_NONE},
	{"http://localhost:#/moved", 0, FAULT_NONE},
	{"http://LocalHost:#/picture", 0, FAULT_NONE},
	{"http://\xef\xbd\x8cocalhost:#/picture", 0, FAULT_NONE}, /* a wide l: the same name */
	/* only where it may go */
	{"http://127.0.0.1:#/picture", NO_RANGE, FAULT_UPSTREAM_BLOCKED},
	{"http://localhost:#/picture", NO_RANGE, FAULT_UPSTREAM_BLOCKED},
	{"http://2130706433:#/picture", NO_RANGE, FAULT_UPSTREAM_BLOCKED},
	{"http://0x7f.1:#/picture", NO_RANGE, FAULT_UPSTREAM_BLOCKED},
	{"http://[::1]:#/picture", 0, FAULT_UPSTREAM_BLOCKED},
	{"http://[::ffff:127.0.0.1]:#/picture", 0, FAULT_UPSTREAM_BLOCKED},
	{"http://169.254.169.254:#/latest", 0, FAULT_UPSTREAM_BLOCKED},
	{"http://127.0.0.1:#/picture", NO_PORT, FAULT_UPSTREAM_BLOCKED},
	{"http://localhost:#/away", 0, FAULT_UPSTREAM_BLOCKED},
	{"http://localhost:#/file", 0, FAULT_BAD_FIELD},
	{"http://localhost:#/round", 0, FAULT_NOT_FOUND},
	/* no address for this */
	{"file:///etc/passwd", 0, FAULT_BAD_FIELD},
	{"ftp://localhost:#/picture", 0, FAULT_BAD_FIELD},
	{"gopher://localhost:#/picture", 0, FAULT_BAD_FIELD},
	{"http://user:secret@localhost:#/picture", 0, FAULT_BAD_FIELD},
	{"http://localhost:99999/picture", 0, FAULT_BAD_FIELD},
	{"/picture", 0, FAULT_BAD_FIELD},
	{"", 0, FAULT_BAD_FIELD},
	/* what comes is no picture's bytes */
	{"http://localhost:#/missing", 0, FAULT_NOT_FOUND},
	{"http://localhost:#/large", 0, FAULT_TOO_LARGE},
	{"http://localhost:#/untold", 0, FAULT_TOO_LARGE},
	{"http://localhost:#/cut", 0, FAULT_UPSTREAM_LOST},
	{"http://localhost:#/other", 0, FAULT_UPSTREAM_LOST},
	{"https://localhost:#/picture", 0, FAULT_UPSTREAM_LOST},
	{"http://localhost:#/never", 0, FAULT_DEADLINE},
};

static struct slice url_of(const char *pattern, char room[URL_ROOM])
{
	size_t n = 0;
	for (; *pattern != '\0'; pattern++) {
		n += *pattern == '#' ? (size_t)snprintf(room + n, URL_ROOM - n, "%u", port) : 1;
		if (*pattern != '#') {
			room[n - 1] = *pattern;
		}
	}
	return slice_of(room, n);
}

START_TEST(fetch_row)
{
	char room[URL_ROOM];
	struct fetch_rules rules = {
		.ports = &port, .port_count = 1, .range_count = 1, .timeout_ms = PATIENCE_MS};
	struct buf bytes;
	ck_assert_int_eq(address_range_parse(SLICE_LIT("127.0.0.0/8"), &rules.ranges[0]),
			 FAULT_NONE);
	rules.range_count = (rows[_i].without & NO_RANGE) != 0 ? 0 : 1;
	rules.port_count = (rows[_i].without & NO_PORT) != 0 ? 0 : 1;
	buf_init(&bytes, MOST);
	enum fault f = fetch_bytes(&rules, url_of(rows[_i].url, room), &bytes);
	ck_assert_msg(f == rows[_i].fault, "%s: %s", rows[_i].url, fault_slug(f).ptr);
	ck_assert(slice_eq(buf_view(&bytes),
			   f == FAULT_NONE ? SLICE_LIT("picture") : (struct slice){0}));
	buf_deinit(&bytes);
}
END_TEST

START_TEST(long_address)
{
	static char url[FETCH_URL_MAX + 2] = "http://localhost/";
	const struct fetch_rules rules = {.timeout_ms = PATIENCE_MS};
	struct buf bytes;
	memset(url + 17, 'a', sizeof(url) - 17);
	buf_init(&bytes, MOST);
	ck_assert_int_eq(fetch_bytes(&rules, slice_of(url, FETCH_URL_MAX + 1), &bytes),
			 FAULT_BAD_FIELD);
	url[20] = '\0';
	ck_assert_int_eq(fetch_bytes(&rules, slice_of(url, 30), &bytes), FAULT_BAD_FIELD);
	buf_deinit(&bytes);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fetch");
	TCase *t = tcase_create("rows");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, fetch_row, 0, COUNT_OF(rows));
	tcase_add_test(t, long_address);
	suite_add_tcase(s, t);
	return check_main(s);
}
