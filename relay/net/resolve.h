/*
 * NAME     resolve - from a host's name to addresses that may be connected to
 * VETTING  whatever is not a public unicast address is refused unless it lies in a range that the operator allows:
 *          private, loopback, link-local, shared (RFC 6598), documentation, multicast, reserved, unspecified, and every
 *          form of IPv6 that carries an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo)
 * SEE      IANA special-purpose address registries (RFC 6890); RFC 8305 section 4 (order); RFC 5891 (IDNA)
 * BOXES    libidn2; the system's resolver
 * THREADS  resolve_look_up() blocks: on a worker only. The rest is pure
 */
#ifndef RELAY_NET_RESOLVE_H
#define RELAY_NET_RESOLVE_H

#include "relay/net/stream.h"

enum { RESOLVE_NAME_MAX = 253, RESOLVE_ADDRESSES_MAX = 8 };

/* An IPv4 range never matches an address written as IPv6, mapped or not. */
struct address_range {
	int family;
	unsigned char bytes[16];
	unsigned prefix; /* bits */
};

MUST_USE enum fault address_range_parse(struct slice text, struct address_range *out_range);
bool address_is_allowed(const struct address *a, const struct address_range *allowed, size_t count);

/* A-labels of a name in UTF-8, lower case, with a NUL; an address literal as it is. UPSTREAM_NAME for what is neither. */
MUST_USE enum fault resolve_name(struct slice host, char out_name[RESOLVE_NAME_MAX + 1]);
/*
 * The same, spelled as all of its spellings are, to compare hosts by: without a dot at the end; an address as RFC 5952
 * writes it, out of every form that is taken for one (0:0::1, 127.1, 0x7f000001), and of IPv4 out of IPv6 (::ffff:127.0.0.1).
 */
MUST_USE enum fault resolve_one_name(struct slice host, char out_name[RESOLVE_NAME_MAX + 1]);
/* True when `name` is an address literal. */
bool resolve_literal(const char *name, uint16_t port, struct address *out_address);

struct address_list {
	struct address addresses[RESOLVE_ADDRESSES_MAX];
	size_t count;
};

/* What the system knows, families taking turns (RFC 8305 section 4); none when it knows none. */
void resolve_look_up(const char *name, uint16_t port, struct address_list *out_list);
/* Drops what may not be connected to. */
void resolve_vet(struct address_list *list, const struct address_range *allowed, size_t count);

#endif
