/*
 * NAME     stream_private - a stream's inside, for relay/net's own files
 * SHAPE    stream.c knows sockets, events and the order in which they are told; stream_tls.c knows OpenSSL
 */
#ifndef RELAY_NET_STREAM_PRIVATE_H
#define RELAY_NET_STREAM_PRIVATE_H

#include <openssl/ssl.h>

#include "relay/net/stream.h"

enum stream_state {
	STREAM_CONNECTING,
	STREAM_HANDSHAKING,
	STREAM_OPEN,
	STREAM_OVER_TOLD, /* the last event was told, or stands in `last` and will be */
};

struct stream {
	struct loop *loop;
	struct loop_watch *watch;
	struct loop_timer *deadline;
	struct loop_timer *
		soon; /* tells what did not come from the socket: READY, the last event, bytes TLS holds */
	stream_fn *fn;
	void *owner;
	SSL *ssl;
	const struct tls_context *implicit; /* TLS to begin once connected */
	char *host;			    /* to be verified then */
	size_t host_len;
	int fd;
	enum stream_state state;
	enum fault fault;
	const char *trouble;
	X509 *refused; /* the peer's certificate, when it was not trusted */
	struct tls_pins pins;
	bool want_read, want_write;
	bool ready_due; /* READY is still to be told */
	bool last_due;	/* `last` is still to be told */
	enum stream_event last;
	bool tls_holds;	    /* a read may find bytes although the socket has none */
	bool read_blocked;  /* TLS cannot go on reading until it has written, */
	bool write_blocked; /* nor writing until it has read */
	bool write_lost;    /* the peer takes no more; what it sent before is still read */
	bool telling;	    /* inside the owner's function: the watch is set after it */
	bool *gone;	    /* set by stream_free() inside the owner's function */
	struct address peer;
};

enum stream_step { STREAM_STEP_DONE, STREAM_STEP_READ, STREAM_STEP_WRITE, STREAM_STEP_FAILED };

/* As stream_start_tls() without the look at bytes in the clear: for implicit TLS. */
MUST_USE enum fault stream_begin_tls(struct stream *s, const struct tls_context *tls,
				     struct slice host);

/* stream_tls.c */
MUST_USE enum fault stream_tls_attach(struct stream *s, const struct tls_context *tls,
				      struct slice host);
enum stream_step stream_tls_handshake(struct stream *s); /* FAILED: fault and trouble are set */
enum stream_io stream_tls_read(struct stream *s, char *room, size_t size, size_t *out_n);
enum stream_io stream_tls_write(struct stream *s, struct slice bytes, size_t *out_n);

/* stream.c, for stream_tls.c: the stream is over; `last` is told from the loop. */
void stream_end(struct stream *s, enum stream_event last, enum fault f);
/* The peer takes no more bytes. */
void stream_lose_write(struct stream *s);

#endif
