#include "relay/smtp/ehlo.h"

#include "relay/smtp/auth.h"

enum { LIMIT_MAX = 999999, MASK_LEAST = 4 };

typedef void keyword_fn(struct smtp_ehlo *e, struct slice params);

static void take_pipelining(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->pipelining = true;
}

static void take_starttls(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->starttls = true;
}

static void take_eightbitmime(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->eightbitmime = true;
}

static void take_enhanced_codes(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->enhanced_codes = true;
}

static void take_smtputf8(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->smtputf8 = true;
}

static void take_chunking(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->chunking = true;
}

static void take_dsn(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->dsn = true;
}

static void take_binarymime(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->binarymime = true;
}

static void take_requiretls(struct smtp_ehlo *e, struct slice params UNUSED)
{
	e->requiretls = true;
}

/* RFC 1870 section 4: no number, or 0, means that no fixed maximum is in force. */
static void take_size(struct smtp_ehlo *e, struct slice params)
{
	uint64_t max;
	e->size = true;
	e->size_max = slice_to_u64(params, UINT64_MAX, &max) ? max : 0;
}

static void take_auth(struct smtp_ehlo *e, struct slice params)
{
	while (params.len > 0) {
		struct slice name = slice_first(params, slice_find_byte(params, ' '));
		params = slice_skip(params, name.len + 1);
		e->mechanisms |= smtp_auth_bit(name);
	}
}

/* RFC 9422 section 3: a number of one to six digits, not 0; what is none of that is as good as not said. */
static void take_limit(struct slice limit, struct slice name, uint64_t *into)
{
	struct slice value = limit;
	struct slice said;
	uint64_t number;
	if (slice_cut_to(&value, '=', &said) && slice_eq_nocase(said, name) &&
	    slice_to_u64(value, LIMIT_MAX, &number) && number > 0) {
		*into = number;
	}
}

static void take_limits(struct smtp_ehlo *e, struct slice params)
{
	while (params.len > 0) {
		struct slice limit = slice_first(params, slice_find_byte(params, ' '));
		params = slice_skip(params, limit.len + 1);
		take_limit(limit, SLICE_LIT("RCPTMAX"), &e->recipients_max);
		take_limit(limit, SLICE_LIT("RCPTDOMAINMAX"), &e->domains_max);
		take_limit(limit, SLICE_LIT("MAILMAX"), &e->mails_max);
	}
}

static const struct {
	struct slice keyword;
	keyword_fn *take;
} keywords[] = {
	{SLICE_INIT("PIPELINING"), take_pipelining},
	{SLICE_INIT("SIZE"), take_size},
	{SLICE_INIT("8BITMIME"), take_eightbitmime},
	{SLICE_INIT("STARTTLS"), take_starttls},
	{SLICE_INIT("AUTH"), take_auth},
	{SLICE_INIT("ENHANCEDSTATUSCODES"), take_enhanced_codes},
	{SLICE_INIT("SMTPUTF8"), take_smtputf8},
	{SLICE_INIT("CHUNKING"), take_chunking},
	{SLICE_INIT("DSN"), take_dsn},
	{SLICE_INIT("BINARYMIME"), take_binarymime},
	{SLICE_INIT("REQUIRETLS"), take_requiretls},
	{SLICE_INIT("LIMITS"), take_limits},
};

/* "XXXXXXXA" is the usual mask of STARTTLS. */
bool smtp_ehlo_is_mask(struct slice word)
{
	size_t run = 0;
	while (run < word.len && word.ptr[run] == word.ptr[0]) {
		run++;
	}
	bool of_mask = word.len > 0 && (word.ptr[0] == '*' || word.ptr[0] == 'X');
	return of_mask && run >= MASK_LEAST && word.len - run <= 1;
}

void smtp_ehlo_init(struct smtp_ehlo *e)
{
	*e = (struct smtp_ehlo){.past_greeting = false};
}

void smtp_ehlo_line(struct smtp_ehlo *e, struct slice line)
{
	if (!e->past_greeting) {
		e->past_greeting = true;
		return;
	}
	line = slice_trim(line);
	size_t blank = slice_find_byte(line, ' ');
	size_t equals = slice_find_byte(line, '=');
	size_t end = blank < equals ? blank : equals;
	struct slice keyword = slice_first(line, end);
	e->masked |= smtp_ehlo_is_mask(keyword);
	for (size_t i = 0; i < COUNT_OF(keywords); i++) {
		if (slice_eq_nocase(keyword, keywords[i].keyword)) {
			keywords[i].take(e, slice_trim(slice_skip(line, end + 1)));
			return;
		}
	}
}
