#include "relay/gateway/signing.h"

#include "relay/smtp/dkim.h"
#include "relay/smtp/provider.h"

enum fault signing_apply(struct flight *f)
{
	const struct keeper_server *s = &f->server;
	struct rope *message = &f->rendered.message;
	const struct dkim_job job = {
		.keys = s->dkim,
		.key_count = s->dkim_count,
		.from_domain = f->composed.from.mailbox.domain,
		.now = f->job->taken_at,
		.renames = smtp_provider_of_host(s->host) == PROVIDER_SES,
	};
	enum fault fault = dkim_sign(&job, message, &f->problem);
	if (fault != FAULT_NONE) {
		return fault;
	}
	f->rendered.report.message_bytes = message->size;
	for (size_t i = 0; i < s->dkim_count; i++) {
		if (dkim_key_fits(&s->dkim[i], job.from_domain)) {
			f->signed_by[f->signed_count++] = (struct answer_signature){
				.domain = s->dkim[i].domain, .selector = s->dkim[i].selector};
		}
	}
	return FAULT_NONE;
}
