#include "spool-free/job/outcome.h"

static const struct slice outcomes[] = {
	[OUTCOME_UNTRIED] = SLICE_INIT("untried"),
	[OUTCOME_DELIVERED] = SLICE_INIT("delivered"),
	[OUTCOME_DEFERRED] = SLICE_INIT("deferred"),
	[OUTCOME_REFUSED] = SLICE_INIT("refused"),
	[OUTCOME_UNCERTAIN] = SLICE_INIT("uncertain"),
	[OUTCOME_PARTLY] = SLICE_INIT("partly"),
};

static const struct slice phases[] = {
	[PHASE_NONE] = SLICE_INIT("none"),	   [PHASE_RESOLVE] = SLICE_INIT("resolve"),
	[PHASE_CONNECT] = SLICE_INIT("connect"),   [PHASE_TLS] = SLICE_INIT("tls"),
	[PHASE_GREETING] = SLICE_INIT("greeting"), [PHASE_EHLO] = SLICE_INIT("ehlo"),
	[PHASE_STARTTLS] = SLICE_INIT("starttls"), [PHASE_AUTH] = SLICE_INIT("auth"),
	[PHASE_MAIL] = SLICE_INIT("mail"),	   [PHASE_RCPT] = SLICE_INIT("rcpt"),
	[PHASE_DATA] = SLICE_INIT("data"),	   [PHASE_CONTENT] = SLICE_INIT("content"),
	[PHASE_FINAL] = SLICE_INIT("final"),
};

struct slice outcome_name(enum outcome o)
{
	return outcomes[o];
}

struct slice phase_name(enum smtp_phase p)
{
	return phases[p];
}

enum outcome outcome_of_all(const struct recipient_outcome *all, size_t count)
{
	size_t seen[COUNT_OF(outcomes)] = {0};
	for (size_t i = 0; i < count; i++) {
		seen[all[i].outcome]++;
	}
	for (size_t o = 0; o < COUNT_OF(outcomes); o++) {
		if (seen[o] == count && count > 0) {
			return (enum outcome)o;
		}
	}
	if (seen[OUTCOME_DELIVERED] > 0 || seen[OUTCOME_PARTLY] > 0) {
		return OUTCOME_PARTLY;
	}
	if (seen[OUTCOME_UNCERTAIN] > 0) {
		return OUTCOME_UNCERTAIN;
	}
	/* Something may still work later: deferred, or never tried. */
	return count > 0 ? OUTCOME_DEFERRED : OUTCOME_UNTRIED;
}
