#include "tests/support/web.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "tests/support/ends.h"

enum { REQUESTS_MAX = 64 * 1024 * 1024, READ_ROOM = 65536 };

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

/* Bytes of the request that begins at `from`; 0 while it is not whole. */
static size_t whole_request(struct slice from)
{
	uint64_t length = 0;
	size_t head = slice_find(from, SLICE_LIT("\r\n\r\n"));
	if (head == from.len) {
		return 0;
	}
	struct slice rest = slice_first(from, head);
	size_t field = slice_find(rest, SLICE_LIT("\r\nContent-Length: "));
	if (field < rest.len) {
		struct slice value = slice_skip(rest, field + 18);
		value = slice_first(value, slice_find_byte(value, '\r'));
		must(slice_to_u64(value, REQUESTS_MAX, &length));
	}
	size_t all = head + 4 + (size_t)length;
	return from.len >= all ? all : 0;
}

static bool read_request(struct web *w, SSL *ssl)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	size_t from = w->requests.len;
	bool told = false;
	char *room;
	while (whole_request(slice_skip(buf_view(&w->requests), from)) == 0) {
		must(buf_reserve(&w->requests, READ_ROOM, &room) == FAULT_NONE);
		int n = SSL_read(ssl, room, READ_ROOM);
		if (n <= 0) {
			return false;
		}
		buf_grew(&w->requests, (size_t)n);
		struct slice so_far = slice_skip(buf_view(&w->requests), from);
		if (!told && slice_find(so_far, SLICE_LIT("100-continue")) < so_far.len) {
			SSL_write(ssl, go_on, sizeof(go_on) - 1);
			told = true;
		}
	}
	return true;
}

/* The number of answers given so far, after this connection's. */
static size_t serve(struct web *w, SSL *ssl, size_t given)
{
	while (given < w->count && read_request(w, ssl)) {
		const char *answer = w->answers[given++];
		if (answer == NULL) {
			break;
		}
		SSL_write(ssl, answer, (int)strlen(answer));
	}
	return given;
}

static void *run(void *ctx)
{
	struct web *w = ctx;
	size_t given = 0;
	int fd;
	while ((fd = accept(w->listening, NULL, NULL)) >= 0) {
		SSL *ssl = SSL_new(w->tls);
		SSL_set_fd(ssl, fd);
		w->connections++;
		if (SSL_accept(ssl) == 1) {
			given = serve(w, ssl, given);
			SSL_shutdown(ssl);
		}
		SSL_free(ssl);
		close(fd);
	}
	return NULL;
}

void web_start(struct web *w, const struct cert_pair *pair, const char *const *answers,
	       size_t count)
{
	struct address at;
	*w = (struct web){.answers = answers, .count = count};
	buf_init(&w->requests, REQUESTS_MAX);
	w->listening = ends_listen(&at);
	w->port = ntohs(((const struct sockaddr_in *)&at.sockaddr)->sin_port);
	w->tls = SSL_CTX_new(TLS_server_method());
	must(w->tls != NULL && SSL_CTX_use_certificate_chain_file(w->tls, pair->cert_file) == 1 &&
	     SSL_CTX_use_PrivateKey_file(w->tls, pair->key_file, SSL_FILETYPE_PEM) == 1);
	must(pthread_create(&w->thread, NULL, run, w) == 0);
}

void web_stop(struct web *w)
{
	shutdown(w->listening, SHUT_RDWR);
	pthread_join(w->thread, NULL);
	close(w->listening);
	SSL_CTX_free(w->tls);
	w->tls = NULL;
}

void web_deinit(struct web *w)
{
	buf_deinit(&w->requests);
}
