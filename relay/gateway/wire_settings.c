#include "relay/gateway/wire_settings.h"

#include <stdlib.h>
#include <unistd.h>

enum {
	PICTURES_TIMES = 3, /* a picture's time, for all of a mail */
	KEEPERS_MAX =
		24, /* the keeper takes 64 connections, of two gateways while one takes over */
};

static unsigned cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

unsigned wire_lane_count(const struct settings *s)
{
	return s->gateway.loops > 0 ? s->gateway.loops : cores();
}

unsigned wire_worker_count(const struct settings *s)
{
	return s->gateway.workers > 0 ? s->gateway.workers : cores() + 1;
}

unsigned wire_keeper_count(const struct settings *s)
{
	unsigned workers = wire_worker_count(s);
	return workers < KEEPERS_MAX ? workers : KEEPERS_MAX;
}

uint64_t wire_pictures_ms(const struct settings *s)
{
	return PICTURES_TIMES * s->pictures.time_ms;
}

static struct intake_limits intake_limits(const struct settings *s)
{
	return (struct intake_limits){
		.body = s->limits.body,
		.job_part = s->limits.job_part,
		.page_body = s->limits.page_body,
		.attachments = s->limits.attachments,
		.recipients = s->limits.recipients,
		.head = s->limits.head,
		.fields = s->limits.fields,
		.connections = s->limits.connections,
		.connections_per_address = s->limits.connections_per_address,
		.handshake_ms = s->limits.handshake_ms,
		.head_ms = s->limits.head_time_ms,
		.idle_ms = s->limits.idle_ms,
		.body_bytes_per_s = s->limits.body_rate,
		.wait_ms = s->limits.wait_ms,
		.wait_max_ms = s->limits.wait_max_ms,
	};
}

struct budget_params wire_budget(const struct settings *s)
{
	return (struct budget_params){
		.bytes = s->limits.memory,
		.tenant_bytes = s->limits.tenant_memory,
		.jobs = s->limits.jobs,
		.tenant_jobs = s->limits.tenant_jobs,
	};
}

struct job_table_params wire_job_table(const struct settings *s)
{
	return (struct job_table_params){
		.entries = 4UL * s->limits.jobs,
		.bytes = s->limits.memory / 8,
		.retained_ms = s->limits.retained_ms,
	};
}

struct slice wire_ehlo_name(const struct settings *s, char room[WIRE_HOST_NAME])
{
	if (s->relay.ehlo_name != NULL) {
		return slice_of_text(s->relay.ehlo_name);
	}
	if (gethostname(room, WIRE_HOST_NAME - 1) != 0 || room[0] == '\0') {
		return SLICE_LIT("localhost");
	}
	room[WIRE_HOST_NAME - 1] = '\0'; /* a longer name may come without its end */
	return slice_of_text(room);
}

static struct smtp_account_rules breakers_of(const struct settings *s)
{
	uint64_t most_ms = s->relay.breaker_pause_max_ms;
	return (struct smtp_account_rules){
		.usual = {.failures = s->relay.breaker_failures,
			  .pause = {.base_ms = s->relay.breaker_pause_ms, .most_ms = most_ms}},
		.auth = {.failures = s->relay.breaker_logins,
			 .pause = {.base_ms = most_ms, .most_ms = most_ms}},
	};
}

struct smtp_relay_params wire_relay_params(const struct settings *s)
{
	return (struct smtp_relay_params){
		.chunking = s->relay.chunking,
		.connections_per_upstream = s->relay.connections_per_upstream,
		.messages_per_connection = s->relay.messages_per_connection,
		.attempts = s->relay.attempts,
		.throttled_attempts = s->relay.throttled_attempts,
		.backoff = {.base_ms = s->relay.backoff_ms, .most_ms = s->relay.backoff_max_ms},
		.patience_max_ms = s->relay.patience_max_ms,
		.breakers = breakers_of(s),
		.idle_ms = s->relay.idle_ms,
		.connect_ms = s->relay.connect_ms,
		.greeting_ms = s->relay.greeting_ms,
		.command_ms = s->relay.command_ms,
		.content_ms = s->relay.content_ms,
		.final_min_ms = s->relay.final_min_ms,
	};
}

struct dialer_params wire_dialer(const struct settings *s)
{
	return (struct dialer_params){
		.allowed_ranges = s->relay.allowed_ranges.items,
		.allowed_range_count = s->relay.allowed_ranges.count,
		.allowed_ports = s->relay.allowed_ports.items,
		.allowed_port_count = s->relay.allowed_ports.count,
	};
}

static enum fault parse_ranges(const struct settings_texts *from, struct address_range *into)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < from->count && f == FAULT_NONE; i++) {
		f = address_range_parse(slice_of_text(from->items[i]), &into[i]);
	}
	return f;
}

enum fault wire_oauth_rules(const struct settings *s, struct poster_rules *out_rules)
{
	*out_rules = (struct poster_rules){
		.range_count = s->oauth.allowed_ranges.count,
		.ports = s->oauth.allowed_ports.items,
		.port_count = s->oauth.allowed_ports.count,
	};
	return parse_ranges(&s->oauth.allowed_ranges, out_rules->ranges);
}

bool wire_landlock_may_lack(const struct settings *s)
{
	return (s->lockdown.allow_lacking & SETTINGS_LACKING_LANDLOCK) != 0;
}

bool wire_seccomp_may_lack(const struct settings *s)
{
	return (s->lockdown.allow_lacking & SETTINGS_LACKING_SECCOMP) != 0;
}

bool wire_memory_may_lack(const struct settings *s)
{
	return (s->lockdown.allow_lacking & SETTINGS_LACKING_MEMORY) != 0;
}

struct pictures_params wire_pictures(const struct settings *s)
{
	return (struct pictures_params){
		.program = s->pictures.program,
		.memory = s->pictures.memory,
		.time_ms = s->pictures.time_ms,
		.at_once = s->pictures.at_once,
		.landlock_may_lack = wire_landlock_may_lack(s),
		.seccomp_may_lack = wire_seccomp_may_lack(s),
		.memory_may_lack = wire_memory_may_lack(s),
		.logs = true,
	};
}

static struct render_limits render_limits(const struct settings *s)
{
	return (struct render_limits){
		.picture = s->pictures.inline_each,
		.pictures = s->pictures.inline_all,
		.files = s->limits.attached,
	};
}

static struct policy_params policy(const struct settings *s)
{
	static const enum policy_from from[] = {
		[SETTINGS_FROM_ANY] = POLICY_FROM_ANY,
		[SETTINGS_FROM_OWN] = POLICY_FROM_OWN,
		[SETTINGS_FROM_SERVER] = POLICY_FROM_SERVER,
	};
	return (struct policy_params){
		.recipients = s->limits.recipients,
		.attachments = s->limits.attachments,
		.attachment_bytes = s->limits.attachment,
		.job_accounts = s->policy.job_accounts,
		.operator_server = s->policy.operator_server,
		.from = from[s->policy.from],
		.recipient_domains = s->policy.recipient_domains.items,
		.recipient_domain_count = s->policy.recipient_domains.count,
	};
}

static enum fault fetch_rules(const struct settings *s, struct fetch_rules *out_rules)
{
	*out_rules = (struct fetch_rules){
		.range_count = s->pictures.allowed_ranges.count,
		.ports = s->pictures.allowed_ports.items,
		.port_count = s->pictures.allowed_ports.count,
		.timeout_ms = s->pictures.fetch_time_ms,
	};
	return parse_ranges(&s->pictures.allowed_ranges, out_rules->ranges);
}

static void free_settings(void *settings)
{
	struct settings *s = settings;
	settings_free(&s);
}

/* Each lane has its share of the connections. */
static struct intake_limits lane_limits(const struct settings *s, unsigned lanes)
{
	struct intake_limits limits = intake_limits(s);
	limits.connections = (limits.connections + lanes - 1) / lanes;
	return limits;
}

enum fault wire_rules(const struct settings *s, unsigned lanes, struct rules **out_rules,
		      struct problem *problem)
{
	CLEANUP(rules_free) struct rules *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	r->policy = policy(s);
	r->render = render_limits(s);
	r->fetches = s->pictures.fetch_external;
	r->body = s->limits.body;
	r->deadline_ms = s->limits.deadline_ms;
	r->stop_ms = s->gateway.stop_time_ms;
	r->intake = lane_limits(s, lanes);
	r->relay = wire_relay_params(s);
	enum fault f = fetch_rules(s, &r->fetch);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	f = tls_context_server_new(s->tls.certificate, s->tls.key, &r->tls, problem);
	if (f == FAULT_BAD_SETTING) {
		problem_add(problem, " The settings name both files: tls.certificate, tls.key.");
	}
	if (f != FAULT_NONE) {
		return f;
	}
	*out_rules = STEAL(r);
	return FAULT_NONE;
}

void wire_rules_own(struct rules *r, struct settings *s)
{
	r->source = s;
	r->free_source = free_settings;
}
