/*
 * The floor under the 10 MB row: what any program must pay that takes bytes in over TLS and sends them on as base64
 * over TLS. No HTTP, no MIME, no SMTP; the same library settings and the same encoder as Pagepost.
 *
 *   floor discard CERT KEY          reads TLS connections to their end, and answers nothing
 *   floor relay CERT KEY PORT       reads TLS, writes base64 to 127.0.0.1:PORT; one connection at a time
 *
 * Both print `port=N`. A relay's connection begins with the number of bytes that follow, in eight bytes.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "spool-free/base/base64.h"

enum {
	LINES = 280,
	BLOCK_IN = BASE64_LINE_IN * LINES,
	BLOCK_OUT = BASE64_LINE_OUT * LINES,
	BACKLOG = 64
};

static void must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "floor: %s\n", what);
		exit(1);
	}
}

static void tune(SSL_CTX *c)
{
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_read_ahead(c, 1);
	SSL_CTX_set_options(c, SSL_OP_CLEANSE_PLAINTEXT);
}

static int listen_anywhere(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	must(fd >= 0 && bind(fd, (struct sockaddr *)&at, len) == 0 && listen(fd, BACKLOG) == 0 &&
		     getsockname(fd, (struct sockaddr *)&at, &len) == 0,
	     "cannot listen");
	printf("port=%u\n", ntohs(at.sin_port));
	fflush(stdout);
	return fd;
}

static SSL *take(SSL_CTX *c, int listener)
{
	int fd = accept(listener, NULL, NULL);
	SSL *s = SSL_new(c);
	must(fd >= 0 && s != NULL && SSL_set_fd(s, fd) == 1, "cannot accept");
	if (SSL_accept(s) != 1) {
		close(fd);
		SSL_free(s);
		return NULL;
	}
	return s;
}

static void drop(SSL *s)
{
	int fd = SSL_get_fd(s);
	SSL_shutdown(s);
	SSL_free(s);
	close(fd);
}

static size_t read_some(SSL *s, char *into, size_t wanted)
{
	size_t have = 0;
	size_t n;
	while (have < wanted && SSL_read_ex(s, into + have, wanted - have, &n) == 1) {
		have += n;
	}
	return have;
}

static SSL *dial(SSL_CTX *c, uint16_t port)
{
	const int on = 1;
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				 .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	SSL *s = SSL_new(c);
	must(fd >= 0 && s != NULL && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
		     setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0 &&
		     SSL_set_fd(s, fd) == 1 && SSL_connect(s) == 1,
	     "cannot connect");
	return s;
}

static void relay(SSL *from, SSL *to)
{
	static char in[BLOCK_IN];
	static char out[BLOCK_OUT];
	unsigned char head[8];
	while (read_some(from, (char *)head, sizeof(head)) == sizeof(head)) {
		uint64_t left = 0;
		for (size_t i = 0; i < sizeof(head); i++) {
			left = left << 8 | head[i];
		}
		while (left > 0) {
			size_t n = read_some(from, in, left < BLOCK_IN ? (size_t)left : BLOCK_IN);
			size_t written;
			must(n > 0, "the client left");
			base64_encode_lines(slice_of(in, n), out);
			must(SSL_write_ex(to, out, base64_lines_len(n), &written) == 1,
			     "cannot write");
			left -= n;
		}
		must(SSL_write(from, "ok", 2) == 2, "cannot answer");
	}
}

int main(int argc, char **argv)
{
	bool relays = argc == 5 && strcmp(argv[1], "relay") == 0;
	must(relays || (argc == 4 && strcmp(argv[1], "discard") == 0), "see the head of floor.c");
	SSL_CTX *server = SSL_CTX_new(TLS_server_method());
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());
	must(server != NULL && client != NULL &&
		     SSL_CTX_use_certificate_chain_file(server, argv[2]) == 1 &&
		     SSL_CTX_use_PrivateKey_file(server, argv[3], SSL_FILETYPE_PEM) == 1,
	     "no certificate");
	tune(server);
	tune(client);
	int listener = listen_anywhere();
	SSL *to = relays ? dial(client, (uint16_t)strtoul(argv[4], NULL, 10)) : NULL;
	for (;;) {
		static char room[BLOCK_IN];
		SSL *from = take(server, listener);
		if (from == NULL) {
			continue;
		}
		if (relays) {
			relay(from, to);
		}
		while (!relays && read_some(from, room, sizeof(room)) > 0) {
		}
		drop(from);
	}
}
