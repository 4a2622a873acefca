#include "relay/command/sink_server.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "tests/support/certs.h"
#include "tests/support/check_main.h"

static struct certs certs;
static struct tls_context *tls;
static struct secret *password;
static struct sink_server_params params;
static pthread_t thread;
static int read_end;
static unsigned port, tls_port;
static SSL_CTX *client_tls;

static void *serve(void *ctx)
{
	struct problem problem;
	ck_assert_int_eq(sink_server_run(ctx, &problem), FAULT_NONE);
	close(params.out_fd);
	return NULL;
}

static void setup(void)
{
	struct cert_pair pair;
	int ends[2];
	signal(SIGPIPE, SIG_IGN);
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_int_eq(tls_context_server_new(pair.cert_file, pair.key_file, &tls, NULL),
			 FAULT_NONE);
	ck_assert_int_eq(secret_new(SLICE_LIT("pass word"), &password), FAULT_NONE);
	ck_assert_int_eq(pipe(ends), 0);
	read_end = ends[0];
	client_tls = SSL_CTX_new(TLS_client_method());
	params = (struct sink_server_params){
		.address = "127.0.0.1",
		.tls = tls,
		.policy = {.host_name = SLICE_LIT("sink.example"), .size_max = 64 * 1024 * 1024},
		.messages = 1,
		.prints = true,
		.out_fd = ends[1],
	};
}

static void teardown(void)
{
	close(read_end);
	SSL_CTX_free(client_tls);
	secret_free(&password);
	tls_context_free(&tls);
	certs_deinit(&certs);
}

static void read_line(char *room, size_t size)
{
	size_t n = 0;
	while (n + 1 < size && read(read_end, room + n, 1) == 1 && room[n] != '\n') {
		n++;
	}
	room[n] = '\0';
}

static void start(void)
{
	char line[100];
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, &params), 0);
	read_line(line, sizeof(line));
	ck_assert_int_eq(sscanf(line, "port=%u tls_port=%u", &port, &tls_port), 2);
}

struct talker {
	int fd;
	SSL *ssl;
};

static void dial(struct talker *t, unsigned to)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
				       .sin_port = htons((uint16_t)to),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	*t = (struct talker){.fd = socket(AF_INET, SOCK_STREAM, 0)};
	ck_assert_int_eq(connect(t->fd, (const struct sockaddr *)&at, sizeof(at)), 0);
}

static void secure(struct talker *t)
{
	t->ssl = SSL_new(client_tls);
	SSL_set_fd(t->ssl, t->fd);
	ck_assert_int_eq(SSL_connect(t->ssl), 1);
}

static void hang_up(struct talker *t)
{
	SSL_free(t->ssl);
	close(t->fd);
}

static void say(struct talker *t, const char *words, size_t len)
{
	while (len > 0) {
		ssize_t n = t->ssl != NULL ? SSL_write(t->ssl, words, (int)len)
					   : write(t->fd, words, len);
		ck_assert_int_gt(n, 0);
		words += n;
		len -= (size_t)n;
	}
}

/* Reads until the last of so many replies came, and gives the codes of all. */
static void hear(struct talker *t, unsigned replies, char *codes)
{
	char line[600];
	size_t n = 0;
	while (replies > 0) {
		ssize_t got = t->ssl != NULL ? SSL_read(t->ssl, line + n, 1)
					     : read(t->fd, line + n, 1);
		if (got != 1) {
			break;
		}
		if (line[n++] == '\n') {
			if (line[3] == ' ') {
				*codes++ = ' ';
				memcpy(codes, line, 3);
				codes += 3;
				replies--;
			}
			n = 0;
		}
	}
	*codes = '\0';
}

static void talk(struct talker *t, const char *words, unsigned replies, const char *codes)
{
	char got[200];
	say(t, words, strlen(words));
	hear(t, replies, got);
	ck_assert_str_eq(got, codes);
}

#define MAIL "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nRCPT TO:<e@f.example>\r\nDATA\r\n"

static void judge_print(const char *heading, const char *content, size_t size)
{
	char line[200];
	char *got = malloc(size + 2);
	size_t n = 0;
	ssize_t more;
	read_line(line, sizeof(line));
	ck_assert_str_eq(line, heading);
	while (n < size + 1 && (more = read(read_end, got + n, size + 1 - n)) > 0) {
		n += (size_t)more;
	}
	ck_assert_uint_eq(n, size + 1);
	ck_assert_mem_eq(got, content, size);
	ck_assert_int_eq(got[size], '\n');
	free(got);
}

START_TEST(test_in_the_clear)
{
	struct talker t;
	start();
	dial(&t, port);
	talk(&t, "EHLO me\r\n" MAIL, 6, " 220 250 250 250 250 354");
	talk(&t, "x\r\n..y\r\n.\r\n", 1, " 250");
	pthread_join(thread, NULL); /* after one message, although the client stays */
	judge_print("message 1 bytes=7 from=a@b.example to=c@d.example,e@f.example", "x\r\n.y\r\n",
		    7);
	hang_up(&t);
}
END_TEST

static void with_login(struct talker *t)
{
	talk(t, "EHLO me\r\nAUTH PLAIN AHVzZXIAcGFzcyB3b3Jk\r\n" MAIL, 6,
	     " 250 235 250 250 250 354");
	talk(t, "x\r\n.\r\n", 1, " 250");
}

START_TEST(test_under_tls)
{
	struct talker t;
	params.policy.user = SLICE_LIT("user");
	params.policy.password = password;
	start();
	dial(&t, _i == 0 ? port : tls_port);
	if (_i == 0) {
		talk(&t, "EHLO me\r\nSTARTTLS\r\n", 3, " 220 250 220");
	}
	secure(&t);
	if (_i == 1) {
		talk(&t, "", 1, " 220");
	}
	with_login(&t);
	pthread_join(thread, NULL);
	judge_print("message 1 bytes=3 from=a@b.example to=c@d.example,e@f.example", "x\r\n", 3);
	hang_up(&t);
}
END_TEST

/* A client that reads what is printed only after its mail was answered. */
START_TEST(test_large_print)
{
	const size_t size = 3 * 1024 * 1024;
	char *content = malloc(size);
	char heading[100];
	struct talker t;
	for (size_t i = 0; i < size; i++) {
		content[i] = i % 64 == 62 ? '\r' : i % 64 == 63 ? '\n' : 'x';
	}
	start();
	dial(&t, port);
	talk(&t, "EHLO me\r\n" MAIL, 6, " 220 250 250 250 250 354");
	say(&t, content, size);
	talk(&t, ".\r\n", 1, " 250");
	ck_assert_int_lt(snprintf(heading, sizeof(heading),
				  "message 1 bytes=%zu from=a@b.example to=c@d.example,e@f.example",
				  size),
			 100);
	judge_print(heading, content, size);
	pthread_join(thread, NULL);
	hang_up(&t);
	free(content);
}
END_TEST

START_TEST(test_drop_after_dot)
{
	struct talker t;
	params.policy.drops_after_dot = true;
	start();
	dial(&t, port);
	talk(&t, "EHLO me\r\n" MAIL, 6, " 220 250 250 250 250 354");
	talk(&t, "x\r\n.\r\n", 1, "");
	pthread_join(thread, NULL);
	hang_up(&t);
}
END_TEST

/* Several messages, several clients; the server ends after the last one. */
START_TEST(test_messages)
{
	struct talker a, b;
	params.messages = 3;
	params.prints = false;
	start();
	dial(&a, port);
	dial(&b, port);
	talk(&a, "EHLO me\r\n" MAIL, 6, " 220 250 250 250 250 354");
	talk(&b, "EHLO me\r\n" MAIL, 6, " 220 250 250 250 250 354");
	talk(&a, ".\r\n" MAIL, 5, " 250 250 250 250 354");
	talk(&b, "x\r\n.\r\nQUIT\r\n", 2, " 250 221");
	talk(&a, ".\r\n", 1, " 250");
	pthread_join(thread, NULL);
	hang_up(&a);
	hang_up(&b);
}
END_TEST

START_TEST(test_address_taken)
{
	struct problem problem;
	params.address = "192.0.2.1";
	ck_assert_int_eq(sink_server_run(&params, &problem), FAULT_SYSTEM);
	close(params.out_fd);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/sink_server");
	TCase *t = tcase_create("sink_server");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_in_the_clear);
	tcase_add_loop_test(t, test_under_tls, 0, 2);
	tcase_add_test(t, test_large_print);
	tcase_add_test(t, test_drop_after_dot);
	tcase_add_test(t, test_messages);
	tcase_add_test(t, test_address_taken);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
