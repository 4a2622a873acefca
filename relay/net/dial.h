/*
 * NAME     dial - from a host name to a stream that is ready: resolve once, vet every address, connect to vetted ones
 * VETTING  private, loopback, link-local, multicast, unspecified, mapped and NAT64 forms are refused unless they lie in
 *          an allowed range (relay.md B19)
 * ORDER    RFC 8305: families take turns, each address STAGGER_MS behind the one before, at once when one has failed; the
 *          first that is connected wins. When TLS breaks there (a certificate that cannot be trusted is final) the others
 *          have their turn within what is left of connect_ms
 * REFUSALS what we refuse and what the peer refuses look the same to the caller: the same words (fault.def), and told at a
 *          whole multiple of DIAL_REFUSAL_MS behind the beginning, or when connect_ms is over
 * FAULTS   UPSTREAM_NAME, _BLOCKED, _DOWN, _TLS, _CERT
 */
#ifndef RELAY_NET_DIAL_H
#define RELAY_NET_DIAL_H

#include "relay/net/look_up.h"
#include "relay/net/stream.h"

enum { DIAL_REFUSAL_MS = 250 };

struct dialer; /* shared by all loops: threads for look-ups, allowed ranges and ports */
struct dial;   /* one attempt under way */

struct dialer_params {
	const char *const *allowed_ranges; /* "127.0.0.0/8", "fd00::/8" */
	size_t allowed_range_count;
	const uint16_t
		*allowed_ports; /* no others: 25, 465, 587, 2525 and what the operator adds */
	size_t allowed_port_count;
	look_up_resolve_fn *resolve; /* NULL: the system's */
};

/* How a dial went, for who looks at a server: filled as it goes on. */
struct dial_report {
	bool is_resolved; /* to whatever addresses */
	struct instant resolved;
	bool is_connected;
	struct instant connected;
	size_t tried; /* addresses, up to this one */
	struct address peer;
};

struct dial_params {
	struct loop *loop;
	struct slice host; /* name (UTF-8 or A-labels) or address; copied */
	uint16_t port;
	struct slice party;	       /* whose look-ups share threads (look_up.h): a tenant */
	const struct tls_context *tls; /* NULL: in the clear (STARTTLS comes later) */
	uint64_t connect_ms;	       /* for all addresses together */
	uint64_t handshake_ms;
	const struct tls_pins *pins; /* NULL: none; copied */
	struct tls_facts *
		facts; /* NULL: nobody asks; filled when a handshake ended, before the function is called */
	struct dial_report *report; /* NULL: nobody asks; must live as long as the dial */
};

/*
 * On success `s` is the receiver's, connected, its TLS (if any) set up: stream_rebind() first. On fault NULL; `trouble` is
 * static text, not empty for TLS and certificates only. The dial is gone by then: forget the pointer.
 */
typedef void dial_fn(void *owner, enum fault f, const char *trouble, struct stream *s);

MUST_USE enum fault dialer_new(const struct dialer_params *params, struct dialer **out_dialer,
			       struct problem *problem);
void dialer_stop(
	struct dialer
		*d); /* waits for look-ups; while the loops are still there, and run no more */
void dialer_free(struct dialer **d);
struct look_ups *dialer_look_ups(struct dialer *d); /* for who else looks names up */

/* How long a refusal still waits that is known `passed_ms` after the dial began. */
uint64_t dial_refusal_left_ms(uint64_t passed_ms);

MUST_USE enum fault dial_start(struct dialer *d, const struct dial_params *params, dial_fn *fn,
			       void *owner, struct dial **out_dial);
void dial_cancel(struct dial **d); /* the function is not called any more */

#endif
