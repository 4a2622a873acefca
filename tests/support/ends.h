/*
 * NAME     ends - both ends of a connection over loopback, on one loop, for tests of what stands on streams
 * USE      ends_init(&p); ends_open(&p, server_tls, client_tls, SLICE_LIT("localhost")); ends_run(&p, until); ...
 * LOG      each end keeps its events as letters: Y ready, R readable, W writable, L late, E ended, F failed
 */
#ifndef TESTS_SUPPORT_ENDS_H
#define TESTS_SUPPORT_ENDS_H

#include "spool-free/base/buf.h"
#include "relay/net/stream.h"

struct ends;
typedef bool ends_until_fn(const struct ends *p);

struct end {
	struct ends *pair;
	struct stream *stream;
	struct buf got;	      /* what was read */
	struct slice to_send; /* written whenever WRITABLE is told */
	size_t bite;	      /* bytes read in one call; 0: as many as there are */
	bool lazy;	      /* one read for each READABLE instead of reading until AGAIN */
	bool frees_at_end;    /* calls stream_free() inside its last event */
	char last;	      /* letter of the last event, 0 while there was none */
	unsigned readies;
	enum fault fault;
	const char *trouble;
	char version[16];
};

struct ends {
	struct loop *loop;
	struct end server, client;
	ends_until_fn *until;
	/* So that a defect shows as a failure, not as a test that hangs */
	struct loop_timer *guard;
	bool guarded;
};

void ends_init(struct ends *p);
void ends_deinit(struct ends *p);
void ends_open(struct ends *p, const struct tls_context *server, const struct tls_context *client,
	       struct slice host);
/* A connection whose client is a bare descriptor (blocking); the server's end is a stream. */
int ends_open_raw(struct ends *p, const struct tls_context *server);
/* The other way round. */
int ends_open_raw_server(struct ends *p, const struct tls_context *client, struct slice host);
/* The client's end alone. */
void ends_connect(struct ends *p, const struct address *at, const struct tls_context *tls,
		  struct slice host);
/* Runs the loop until `until` holds; false when the guard struck first. */
bool ends_run(struct ends *p, ends_until_fn *until);
void ends_send(struct end *e, struct slice bytes); /* `bytes` must live until they went out */

/* Ready-made conditions. */
bool ends_both_ready(const struct ends *p);
bool ends_both_over(const struct ends *p);
bool ends_client_over(const struct ends *p);
bool ends_server_over(const struct ends *p);

/* A socket that listens on 127.0.0.1 and its address. */
int ends_listen(struct address *out_address);

#endif
