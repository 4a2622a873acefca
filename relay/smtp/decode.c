#include "relay/smtp/decode.h"

static const struct smtp_cause causes[SMTP_CAUSE_COUNT] = {
#define CAUSE(name, kind, owner, retry_s, code, detail, remedy)                                    \
	[SMTP_CAUSE_##name] = {SLICE_INIT(code), CAUSE_##kind,	     CAUSE_OWNER_##owner,          \
			       retry_s,		 SLICE_INIT(detail), SLICE_INIT(remedy)},
#include "relay/smtp/cause.def"
#undef CAUSE
};

const struct smtp_cause *smtp_cause_named(enum smtp_cause_name name)
{
	return &causes[name];
}

enum { ANY_NUMBER = -1, NO_NUMBER = -2, DETAIL_MAX = 999 };

/* Where a reply may have come: one bit a phase, and one for AUTH with a token. */
#define AT(phase) (1U << PHASE_##phase)
enum {
	OPENING = AT(TLS) | AT(GREETING) | AT(EHLO) | AT(STARTTLS),
	BY_PASSWORD = AT(AUTH),
	BY_TOKEN = 1U << 30,
	LOGIN = BY_PASSWORD | BY_TOKEN,
	MAIL = AT(MAIL),
	RCPT = AT(RCPT),
	ENVELOPE = MAIL | RCPT,
	CONTENT = AT(DATA) | AT(CONTENT) | AT(FINAL),
	MESSAGE = ENVELOPE | CONTENT,
	ANYWHERE = ~0U >> 1,
};

struct range {
	int from, to;
};

#define CODE(n)                                                                                    \
	{                                                                                          \
		n, n                                                                               \
	}
#define CODES(first, last)                                                                         \
	{                                                                                          \
		first, last                                                                        \
	}
#define TEMPORARY                                                                                  \
	{                                                                                          \
		400, 499                                                                           \
	}
#define PERMANENT                                                                                  \
	{                                                                                          \
		500, 599                                                                           \
	}
#define ANY                                                                                        \
	{                                                                                          \
		400, 599                                                                           \
	}
#define ENH(s, d)                                                                                  \
	{                                                                                          \
		s,                                                                                 \
		{                                                                                  \
			d, d                                                                       \
		}                                                                                  \
	}
#define ENHS(s, first, last)                                                                       \
	{                                                                                          \
		s,                                                                                 \
		{                                                                                  \
			first, last                                                                \
		}                                                                                  \
	}
#define SUBJECT(s)                                                                                 \
	{                                                                                          \
		s,                                                                                 \
		{                                                                                  \
			0, DETAIL_MAX                                                              \
		}                                                                                  \
	}
#define ENH_ANY                                                                                    \
	{                                                                                          \
		ANY_NUMBER,                                                                        \
		{                                                                                  \
			0, 0                                                                       \
		}                                                                                  \
	}
#define KEEP  false
#define DEFER true

static const struct rule {
	enum smtp_provider provider;
	struct range code;
	struct {
		int subject;
		struct range detail;
	} enhanced;
	unsigned where;
	const char *words;
	enum smtp_cause_name cause;
	bool may_work_later;
} rules[] = {
#define DECODE(provider, code, enhanced, where, words, cause, verdict)                             \
	{PROVIDER_##provider, code, enhanced, where, words, SMTP_CAUSE_##cause, verdict},
#include "relay/smtp/decode.def"
#undef DECODE
};

/* What of an enhanced code tells something: "5.7.139" is {7, 139}; NO_NUMBER without one. */
struct numbers {
	int subject, detail;
};

static struct numbers numbers_of(const struct smtp_reply *r)
{
	struct slice rest = slice_of_text(r->enhanced);
	struct slice class, subject;
	uint64_t s, d;
	if (!slice_cut_to(&rest, '.', &class) || !slice_cut_to(&rest, '.', &subject) ||
	    !slice_to_u64(subject, DETAIL_MAX, &s) || !slice_to_u64(rest, DETAIL_MAX, &d)) {
		return (struct numbers){NO_NUMBER, NO_NUMBER};
	}
	return (struct numbers){(int)s, (int)d};
}

static bool is_in(struct range range, int number)
{
	return number >= range.from && number <= range.to;
}

static unsigned place_of(const struct smtp_scene *s, enum smtp_phase phase)
{
	return phase == PHASE_AUTH && s->by_token ? (unsigned)BY_TOKEN : 1U << phase;
}

struct smtp_decoded smtp_decode(const struct smtp_scene *s, enum smtp_phase phase,
				const struct smtp_reply *r)
{
	struct smtp_words words;
	struct numbers n = numbers_of(r);
	unsigned place = place_of(s, phase);
	smtp_words_take(&words, smtp_reply_text(r));
	enum smtp_provider quoted = smtp_provider_of_refusal(&words);
	for (const struct rule *rule = rules; rule < rules + COUNT_OF(rules); rule++) {
		bool of_theirs = rule->provider == PROVIDER_UNKNOWN ||
				 rule->provider == s->provider || rule->provider == quoted;
		bool numbered = rule->enhanced.subject == ANY_NUMBER ||
				(rule->enhanced.subject == n.subject &&
				 is_in(rule->enhanced.detail, n.detail));
		if (of_theirs && numbered && is_in(rule->code, r->code) &&
		    (rule->where & place) != 0 && smtp_words_hold(&words, rule->words)) {
			return (struct smtp_decoded){&causes[rule->cause], rule->may_work_later};
		}
	}
	/* The last rules fit every refusal: only what is none comes here. */
	return (struct smtp_decoded){&causes[SMTP_CAUSE_SESSION_REFUSED], false};
}

static const struct {
	enum fault fault;
	enum smtp_cause_name cause;
} fault_causes[] = {
	{FAULT_UPSTREAM_NAME, SMTP_CAUSE_NAME_UNKNOWN},
	{FAULT_UPSTREAM_BLOCKED, SMTP_CAUSE_UNREACHABLE}, /* as far as anybody is told */
	{FAULT_UPSTREAM_DOWN, SMTP_CAUSE_UNREACHABLE},
	{FAULT_UPSTREAM_LOST, SMTP_CAUSE_LOST},
	{FAULT_UPSTREAM_TLS, SMTP_CAUSE_TLS_FAILED},
	{FAULT_UPSTREAM_CERT, SMTP_CAUSE_CERTIFICATE},
	{FAULT_UPSTREAM_NO_TLS, SMTP_CAUSE_NO_STARTTLS},
	{FAULT_UPSTREAM_AUTH, SMTP_CAUSE_CREDENTIALS},
	{FAULT_UPSTREAM_NO_AUTH, SMTP_CAUSE_AUTH_MECHANISM},
	{FAULT_UPSTREAM_PROTOCOL, SMTP_CAUSE_NOT_SMTP},
	{FAULT_UPSTREAM_REFUSED, SMTP_CAUSE_SESSION_REFUSED},
	{FAULT_UPSTREAM_SIZE, SMTP_CAUSE_TOO_LARGE},
	{FAULT_UPSTREAM_FEATURE, SMTP_CAUSE_FEATURE_LACKING},
	{FAULT_DEADLINE, SMTP_CAUSE_DEADLINE},
};

const struct smtp_cause *smtp_cause_of_fault(enum fault f)
{
	for (size_t i = 0; i < COUNT_OF(fault_causes); i++) {
		if (fault_causes[i].fault == f) {
			return &causes[fault_causes[i].cause];
		}
	}
	return NULL;
}
