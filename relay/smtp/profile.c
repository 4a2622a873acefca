#include "relay/smtp/profile.h"

#include "spool-free/base/domain.h"

enum counted { MESSAGES, RECIPIENTS };

static const struct smtp_profile profiles[] = {
#define PROFILE(name_, domains_, connections_, minute_, hour_, recipients_, counted_)              \
	{                                                                                          \
		.name = SLICE_INIT(name_),                                                         \
		.domains = SLICE_INIT(domains_),                                                   \
		.connections = (connections_),                                                     \
		.per_minute = (minute_),                                                           \
		.per_hour = (hour_),                                                               \
		.recipients_per_mail = (recipients_),                                              \
		.counts_recipients = (counted_) == RECIPIENTS,                                     \
	},
#include "relay/smtp/profile.def"
#undef PROFILE
};

/* Length of the longest of the domains that the host lies below. */
static size_t fit(struct slice domains, struct slice host)
{
	struct slice domain;
	size_t best = 0;
	while (slice_cut_to(&domains, ' ', &domain)) {
		best = domain_holds(domain, host) && domain.len > best ? domain.len : best;
	}
	return domain_holds(domains, host) && domains.len > best ? domains.len : best;
}

const struct smtp_profile *smtp_profile_find(struct slice name, struct slice host)
{
	const struct smtp_profile *found = &profiles[COUNT_OF(profiles) - 1];
	size_t best = 0;
	for (size_t i = 0; i < COUNT_OF(profiles); i++) {
		if (name.len > 0 && slice_eq_nocase(profiles[i].name, name)) {
			return &profiles[i];
		}
		size_t length = fit(profiles[i].domains, host);
		if (length > best) {
			best = length;
			found = &profiles[i];
		}
	}
	return found;
}

static unsigned or_else(unsigned set, unsigned usual)
{
	return set > 0 ? set : usual;
}

struct smtp_profile smtp_profile_of(const struct smtp_upstream *u)
{
	const struct smtp_pacing *own = &u->pacing;
	struct smtp_profile p = *smtp_profile_find(own->profile, u->host);
	p.connections = or_else(own->connections, p.connections);
	p.per_minute = or_else(own->per_minute, p.per_minute);
	p.per_hour = or_else(own->per_hour, p.per_hour);
	p.recipients_per_mail = or_else(own->recipients_per_mail, p.recipients_per_mail);
	return p;
}
