/*
 * NAME     pause - what an operator pauses in an incident: all sending, one site's, or that through one mail server
 * TAKES    a tenant's id: 1 to 64 of a-z, 0-9 and '-'. A mail server: HOST, HOST:PORT or [IPv6 address]:PORT; without a
 *          port, all of its ports; the host in any case, as Unicode or as A-labels. A reason: one word of the operator's,
 *          1 to 64 letters, digits and '-'; it is told to callers and to the log
 * RULE     pure: the time is an argument
 * FAULTS   BAD_FIELD, UNKNOWN_FIELD with a sentence; PAUSED for who asks whether to go on
 */
#ifndef RELAY_GATEWAY_PAUSE_H
#define RELAY_GATEWAY_PAUSE_H

#include "spool-free/base/instant.h"
#include "spool-free/base/json.h"
#include "relay/net/resolve.h"

enum {
	PAUSE_REASON_MAX = 64,
	PAUSE_SECONDS_MAX = 366 * 24 * 3600,
	PAUSE_RETRY_MS = 60 * 1000, /* when to ask again while nobody knows */
	PAUSE_RETRY_MAX_MS = 3600 * 1000,
};

enum pause_what { PAUSE_ALL, PAUSE_TENANT, PAUSE_UPSTREAM };

struct pause_target {
	enum pause_what what;
	size_t name_len;
	char name[RESOLVE_NAME_MAX +
		  1];  /* the tenant's id, or the host's name in A-labels; of ALL, none */
	uint16_t port; /* of a mail server; 0: every one */
};

struct pause {
	struct pause_target target;
	struct civil since;
	struct civil until;  /* ms 0: until somebody lifts it */
	struct instant ends; /* the same moment; ms 0 */
	size_t reason_len;   /* 0: none was given */
	char reason[PAUSE_REASON_MAX];
};

struct slice pause_what_name(enum pause_what what); /* all, tenant, upstream */
struct slice pause_name(const struct pause_target *t);
struct slice pause_reason(const struct pause *p);

MUST_USE enum fault pause_tenant(struct slice id, struct pause_target *out_target,
				 struct problem *problem);
MUST_USE enum fault pause_upstream(struct slice text, struct pause_target *out_target,
				   struct problem *problem);
MUST_USE enum fault pause_take_reason(struct pause *p, struct slice word, struct problem *problem);

bool pause_is_same(const struct pause_target *a, const struct pause_target *b);
/* Whether a mail of this tenant through this server is meant; with an empty host, no server is known yet. */
bool pause_meets(const struct pause_target *t, struct slice tenant, struct slice host,
		 uint16_t port);

/*
 * PAUSED: what is paused, since when and until when, and what to do; with `some_sent`, for those recipients that others of
 * the same job left behind. `*out_retry_ms`: when to ask again.
 */
enum fault pause_explain(const struct pause *p, struct instant now, bool some_sent,
			 struct problem *problem, uint64_t *out_retry_ms);

/* {"what": "upstream", "name": "smtp.example.com", "port": 587, "since": "…", "until": "…", "reason": "…"} */
void pause_put(struct json_writer *w, const struct pause *p);

#endif
