/*
 * NAME     vetted - what libcurl may be asked for, and what it may connect to
 * RULE     an address of a stranger's is read once, by libcurl itself; no name and password in it; only ports that are
 *          allowed; a name is resolved here and its addresses vetted (resolve.h). libcurl gets those that remain, and each
 *          socket's address is vetted once more
 * FAULTS   BAD_FIELD (no such address), UPSTREAM_NAME, UPSTREAM_BLOCKED, NO_MEMORY
 * BOXES    libcurl
 * THREADS  vetted_look_up() blocks: on a worker only. The rest is quick
 */
#ifndef RELAY_NET_VETTED_H
#define RELAY_NET_VETTED_H

#include <curl/curl.h>

#include "relay/net/resolve.h"

struct vetted_rules {
	const struct address_range *ranges; /* that are not public, and allowed all the same */
	size_t range_count;
	const uint16_t *ports;
	size_t port_count;
	bool takes_http; /* besides https */
};

struct vetted_place {
	char name[RESOLVE_NAME_MAX + 1]; /* as it is asked for */
	uint16_t port;
	bool is_literal;
	struct address_list list;
};

/* Where `url` leads. A literal address is vetted at once. */
MUST_USE enum fault vetted_read(CURLU *url, const struct vetted_rules *rules,
				struct vetted_place *out_place);
void vetted_look_up(struct vetted_place *p); /* does nothing for a literal */
/*
 * Vets what was found, and ties `url` to it: the list is for CURLOPT_RESOLVE, and NULL for a literal. It is the caller's
 * to free.
 */
MUST_USE enum fault vetted_pin(CURLU *url, const struct vetted_rules *rules, struct vetted_place *p,
			       struct curl_slist **out_pinned);

/* For CURLOPT_OPENSOCKETFUNCTION. False: its address may not be connected to, and there is no socket. */
bool vetted_socket(const struct vetted_rules *rules, curlsocktype purpose,
		   const struct curl_sockaddr *to, curl_socket_t *out_socket);

#endif
