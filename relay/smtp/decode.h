/*
 * NAME     decode - why a mail server said no: cause, owner and remedy, by provider, code, words and phase
 * TABLES   cause.def (what there is to say), decode.def (which answer means what): a new one is a row there
 * SEE      RFC 5321 4.2, RFC 3463 and its registry (enhanced codes), RFC 4954 6 (AUTH)
 * THREADS  constants
 */
#ifndef RELAY_SMTP_DECODE_H
#define RELAY_SMTP_DECODE_H

#include "spool-free/base/fault.h"
#include "spool-free/job/cause.h"
#include "relay/smtp/provider.h"
#include "relay/smtp/reply.h"

enum smtp_cause_name {
#define CAUSE(name, kind, owner, retry_s, code, detail, remedy) SMTP_CAUSE_##name,
#include "relay/smtp/cause.def"
#undef CAUSE
	SMTP_CAUSE_COUNT
};

/* Whom the reply is from, and how the login was tried. */
struct smtp_scene {
	enum smtp_provider provider;
	bool by_token; /* AUTH was said with an OAuth token */
};

struct smtp_decoded {
	const struct smtp_cause *cause; /* never NULL */
	bool may_work_later;		/* though the code is a 5yz */
};

/* Of a 4yz or 5yz. */
struct smtp_decoded smtp_decode(const struct smtp_scene *s, enum smtp_phase phase,
				const struct smtp_reply *r);

/* Of a fault that no reply explains; NULL for those that are not about a mail server. */
const struct smtp_cause *smtp_cause_of_fault(enum fault f);

const struct smtp_cause *smtp_cause_named(enum smtp_cause_name name);

#endif
