#include "relay/gateway/upstream.h"

bool upstream_is_operators(const struct flight *f)
{
	return !f->job->has_account && f->job->server.len == 0 &&
	       slice_eq(f->server.name, SLICE_LIT(KEEPER_OPERATOR_SERVER));
}

struct smtp_upstream upstream_of_flight(const struct flight *f)
{
	const struct job *job = f->job;
	struct smtp_upstream u = {.tenant = job->tenant};
	if (job->has_account) {
		u.host = job->account.host;
		u.port = job->account.port;
		u.tls = job->account.tls;
		u.username = job->account.username;
		u.password = job->account.password;
		return u;
	}
	u.is_shared = upstream_is_operators(f);
	u.pacing = (struct smtp_pacing){
		.connections = f->server.limits.connections,
		.per_minute = f->server.limits.per_minute,
		.per_hour = f->server.limits.per_hour,
		.recipients_per_mail = f->server.limits.recipients_per_mail,
		.profile = f->server.profile,
	};
	u.host = f->server.host;
	u.port = f->server.port;
	u.tls = f->server.tls;
	u.ca_pem = f->server.ca_pem;
	u.username = f->server.username;
	u.password = f->server.password;
	return u;
}
