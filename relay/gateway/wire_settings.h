/*
 * NAME     wire_settings - what the settings say, in the words of the modules that go by it
 * OWNS     nothing: texts and lists are the settings' own and live as long as they do
 * FAULTS   BAD_SETTING for a range that is none
 * THREADS  pure, but for wire_ehlo_name() and the counts, which ask the system
 */
#ifndef RELAY_GATEWAY_WIRE_SETTINGS_H
#define RELAY_GATEWAY_WIRE_SETTINGS_H

#include "config/settings/settings.h"
#include "relay/gateway/gateway.h"

enum { WIRE_HOST_NAME = 256 };

unsigned wire_lane_count(const struct settings *s);
unsigned wire_worker_count(const struct settings *s);
unsigned wire_keeper_count(const struct settings *s);

struct budget_params wire_budget(const struct settings *s);
struct job_table_params wire_job_table(const struct settings *s);

/* What relay.* says of how mail servers are talked to; loop, dialer, TLS context and name are the caller's to add. */
struct smtp_relay_params wire_relay_params(const struct settings *s);
/* As the settings say, else the host's own; it may lie in `room`. */
struct slice wire_ehlo_name(const struct settings *s, char room[WIRE_HOST_NAME]);
struct dialer_params wire_dialer(const struct settings *s);
MUST_USE enum fault wire_oauth_rules(const struct settings *s, struct poster_rules *out_rules);

struct pictures_params wire_pictures(const struct settings *s);
uint64_t wire_pictures_ms(const struct settings *s); /* for all of a mail */

/* What may change while the gateway runs, with the certificate read anew. The settings outlive it... */
MUST_USE enum fault wire_rules(const struct settings *s, unsigned lanes, struct rules **out_rules,
			       struct problem *problem);
void wire_rules_own(struct rules *r, struct settings *s); /* ... or go with it */

bool wire_landlock_may_lack(const struct settings *s);
bool wire_seccomp_may_lack(const struct settings *s);
bool wire_memory_may_lack(const struct settings *s);

#endif
