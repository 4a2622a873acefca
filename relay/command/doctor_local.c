#include "relay/command/doctor_local.h"

#include "relay/gateway/wire_settings.h"

struct look {
	const struct doctor_local *order;
	struct loop *loop;
	struct dialer *dialer;
	struct tls_context *tls;
	struct smtp_checkup *checkup;
	char host_name[WIRE_HOST_NAME];
};

static enum fault open_dialer(struct look *l, struct problem *problem)
{
	const struct doctor_local *o = l->order;
	const struct settings *s = o->settings;
	const char *ranges[2 * DOCTOR_RANGES_MAX];
	size_t count = 0;
	for (size_t i = 0; i < s->relay.allowed_ranges.count && count < DOCTOR_RANGES_MAX; i++) {
		ranges[count++] = s->relay.allowed_ranges.items[i];
	}
	for (size_t i = 0; i < o->range_count; i++) {
		ranges[count++] = o->ranges[i];
	}
	const struct dialer_params params = {
		.allowed_ranges = ranges,
		.allowed_range_count = count,
		.allowed_ports = s->relay.allowed_ports.items,
		.allowed_port_count = s->relay.allowed_ports.count,
	};
	return dialer_new(&params, &l->dialer, problem);
}

static void on_done(void *look, struct smtp_checkup *c UNUSED)
{
	struct look *l = look;
	loop_stop(l->loop);
}

static enum fault start(struct look *l)
{
	const struct settings *s = l->order->settings;
	struct smtp_relay_params relay = wire_relay_params(s);
	relay.loop = l->loop;
	relay.dialer = l->dialer;
	relay.tls = l->tls;
	relay.ehlo_name = wire_ehlo_name(s, l->host_name);
	const struct smtp_checkup_params params = {
		.relay = &relay,
		.upstream = l->order->upstream,
		.from = l->order->from,
		.to = l->order->to,
		.deadline = instant_after(instant_now(), SMTP_CHECKUP_MS),
		.done = on_done,
		.owner = l,
	};
	return smtp_checkup_start(&params, &l->checkup);
}

static enum fault look(struct look *l, struct buf *into, struct problem *problem)
{
	const struct doctor_local *o = l->order;
	const char *ca_file = o->ca_file != NULL ? o->ca_file : o->settings->relay.ca_file;
	enum fault f = tls_context_client_new(ca_file, (struct slice){0}, &l->tls, problem);
	if (f == FAULT_NONE) {
		f = loop_new(&l->loop);
	}
	if (f == FAULT_NONE) {
		f = open_dialer(l, problem);
	}
	if (f == FAULT_NONE) {
		f = start(l);
	}
	if (f == FAULT_NONE) {
		loop_run(l->loop);
		f = smtp_findings_report(smtp_checkup_findings(l->checkup), into);
	}
	return f;
}

enum fault doctor_local(const struct doctor_local *d, struct buf *into, struct problem *problem)
{
	struct look l = {.order = d};
	problem_set(problem, FAULT_NONE, "");
	enum fault f = look(&l, into, problem);
	smtp_checkup_free(&l.checkup);
	dialer_stop(l.dialer);
	dialer_free(&l.dialer);
	tls_context_free(&l.tls);
	loop_free(&l.loop);
	return f == FAULT_NONE || problem->fault == f ? f : problem_set(problem, f, "");
}
