/*
 * NAME     stream - a non-blocking byte stream over a socket, plain or TLS, with one deadline
 * OWNS     its descriptor. stream_free() closes at once and may be called from inside the callback
 * EVENTS   told to one function. After FAILED, LATE or ENDED only stream_free() is left to do (bytes that arrived
 *          before ENDED can still be read first)
 * COPIES   none: reads go into the caller's room, writes come out of the caller's bytes
 * THREADS  its loop's
 */
#ifndef RELAY_NET_STREAM_H
#define RELAY_NET_STREAM_H

#include <sys/socket.h>

#include "relay/net/loop.h"
#include "relay/net/tls.h"
#include "relay/net/tls_facts.h"

struct stream;

struct address {
	struct sockaddr_storage sockaddr;
	socklen_t len;
};

enum stream_event {
	STREAM_READY, /* connected, and the TLS handshake (if any) is through; after stream_start_tls() again */
	STREAM_READABLE,
	STREAM_WRITABLE,
	STREAM_LATE,   /* the deadline passed */
	STREAM_ENDED,  /* the peer closed in an orderly way */
	STREAM_FAILED, /* stream_fault() says why */
};

enum stream_io {
	STREAM_MOVED,
	STREAM_AGAIN,
	STREAM_OVER
}; /* OVER: ended or failed; the event follows or came */

typedef void stream_fn(void *owner, enum stream_event event);

/* An accepted socket; with a context the handshake begins at once. The stream owns `fd` in any case, fault or not. */
MUST_USE enum fault stream_accept(struct loop *l, int fd, const struct tls_context *tls,
				  stream_fn *fn, void *owner, struct stream **out_stream);
/* TLS from the first byte on (implicit TLS); `host` is verified. */
struct stream_tls {
	const struct tls_context *context;
	struct slice host;
};

/* A new connection; without `tls` it begins in the clear. */
MUST_USE enum fault stream_connect(struct loop *l, const struct address *to,
				   const struct stream_tls *tls, stream_fn *fn, void *owner,
				   struct stream **out_stream);
/*
 * STARTTLS. As client `host` is verified; as server it is empty. Anything received in the clear and not yet read
 * is a fault (RFC 3207 section 5; response injection): UPSTREAM_PROTOCOL. (As server it fails in the handshake: TLS
 * reads straight from the socket, so nothing that came in the clear is ever taken for a part of the session.)
 */
MUST_USE enum fault stream_start_tls(struct stream *s, const struct tls_context *tls,
				     struct slice host);
/* As client, before TLS begins: besides all else that is verified the peer must show one of these keys. Copied. */
void stream_expect_pins(struct stream *s, const struct tls_pins *pins);
void stream_free(struct stream **s);

/* Which of READABLE and WRITABLE are told. Both off at the start. Reads that TLS already holds are told too. */
void stream_want(struct stream *s, bool read, bool write);
void stream_deadline(struct stream *s, uint64_t after_ms); /* 0: none */

enum stream_io stream_read(struct stream *s, char *room, size_t size, size_t *out_n);
/* After AGAIN the next call begins with the same bytes, and as many: under TLS their record may be half out. */
enum stream_io stream_write(struct stream *s, struct slice bytes, size_t *out_n);
/* Orderly end of what we send (TLS close_notify); no event follows. */
void stream_finish(struct stream *s);
/* Re-arms TCP_QUICKACK (relay.md E3). */
void stream_quick_ack(struct stream *s);

/* Another owner for its events. */
void stream_rebind(struct stream *s, stream_fn *fn, void *owner);

enum fault stream_fault(const struct stream *s); /* UPSTREAM_DOWN, _LOST, _TLS, _CERT as a client */
/* What was wrong with TLS in words: "the certificate is for another name"; static text, never NULL. */
const char *stream_tls_trouble(const struct stream *s);
const char *stream_tls_version(const struct stream *s); /* "TLSv1.3"; "" in the clear */
/*
 * As client, once the handshake ended, well or badly; false when there was none. The certificate is there also when it
 * was not trusted.
 */
bool stream_tls_facts(const struct stream *s, struct tls_facts *out_facts);

enum { STREAM_BINDING_MAX = 64 };
/*
 * What names a TLS session that is up to both its ends (RFC 5056): "tls-exporter" with TLS 1.3 (RFC 9266), else
 * "tls-server-end-point" (RFC 5929 4). The bytes go into `room`; the type, static text, is empty when there is none: in
 * the clear, and where the certificate's signature has no digest of its own.
 */
struct slice stream_binding(const struct stream *s, unsigned char room[STREAM_BINDING_MAX],
			    size_t *out_len);
const struct address *stream_peer(const struct stream *s);

#endif
