#include "relay/smtp/checkup.h"

#include <stdlib.h>

#include "spool-free/base/wipe.h"

enum { ARENA_MAX = 16 * 1024 };

struct smtp_checkup {
	struct smtp_relay *relay;
	struct loop *loop;
	smtp_checkup_fn *done;
	void *owner;
	struct arena arena;
	struct mailbox recipient;
	struct recipient_outcome result;
	struct smtp_findings findings;
	struct smtp_delivery delivery;
	struct loop_task told;
};

static bool is_address(struct slice s)
{
	struct mailbox m;
	return mailbox_parse(s, &m) == FAULT_NONE;
}

struct slice smtp_checkup_sender(const struct smtp_checkup_params *p)
{
	const struct slice choices[] = {p->from, p->from_wanted, p->upstream.username};
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		if (is_address(choices[i])) {
			return choices[i];
		}
	}
	return (struct slice){0};
}

struct slice smtp_checkup_recipient(const struct smtp_checkup_params *p)
{
	struct slice sender = smtp_checkup_sender(p);
	if (is_address(p->to)) {
		return p->to;
	}
	return sender.len > 0 ? sender : SLICE_LIT("postmaster");
}

void smtp_checkup_free(struct smtp_checkup **checkup)
{
	struct smtp_checkup *c = *checkup;
	if (c == NULL) {
		return;
	}
	*checkup = NULL;
	smtp_relay_free(&c->relay);
	arena_deinit(&c->arena);
	wipe(c, sizeof(*c));
	free(c);
}

/* From the loop: the relay that has just told the end may be freed by who hears of it. */
static void tell(void *checkup)
{
	struct smtp_checkup *c = checkup;
	c->done(c->owner, c);
}

static void on_done(void *checkup, struct smtp_delivery *d)
{
	struct smtp_checkup *c = checkup;
	smtp_findings_end(&c->findings, d, loop_now(c->loop));
	c->told = (struct loop_task){.fn = tell, .owner = c};
	loop_post(c->loop, &c->told);
}

static void begin(struct smtp_checkup *c, const struct smtp_checkup_params *p)
{
	c->recipient = (struct mailbox){.address = smtp_checkup_recipient(p)};
	smtp_findings_begin(&c->findings, p->upstream.tls,
			    p->upstream.username.len > 0 || p->upstream.token != NULL,
			    loop_now(c->loop));
	c->findings.is_shared = p->upstream.is_shared;
	c->delivery = (struct smtp_delivery){
		.upstream = p->upstream,
		.sender = smtp_checkup_sender(p),
		.recipients = &c->recipient,
		.recipient_count = 1,
		.envelope_only = true,
		.deadline = p->deadline,
		.arena = &c->arena,
		.done = on_done,
		.owner = c,
		.results = &c->result,
		.tls = &c->findings.facts,
		.findings = &c->findings,
	};
	smtp_relay_send(c->relay, &c->delivery);
}

enum fault smtp_checkup_start(const struct smtp_checkup_params *params,
			      struct smtp_checkup **out_checkup)
{
	CLEANUP(smtp_checkup_free) struct smtp_checkup *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		return FAULT_NO_MEMORY;
	}
	struct smtp_relay_params relay = *params->relay;
	relay.connections_per_upstream = 1;
	relay.messages_per_connection = 1;
	arena_init(&c->arena, ARENA_MAX);
	c->loop = relay.loop;
	c->done = params->done;
	c->owner = params->owner;
	enum fault f = smtp_relay_new(&relay, &c->relay);
	if (f != FAULT_NONE) {
		return f;
	}
	*out_checkup = c;
	begin(STEAL(c), params);
	return FAULT_NONE;
}

void smtp_checkup_give_up(struct smtp_checkup *c)
{
	smtp_relay_give_up(c->relay);
}

const struct smtp_findings *smtp_checkup_findings(const struct smtp_checkup *c)
{
	return &c->findings;
}
