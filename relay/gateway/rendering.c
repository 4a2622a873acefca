#include "relay/gateway/rendering.h"

#include "relay/gateway/permission.h"
#include "relay/gateway/room.h"
#include "relay/gateway/signing.h"

/* No longer than a mail's pictures may take, and not until the job is late. */
static void open_pictures(struct flight *f, struct pictures_mail *m)
{
	struct instant until = instant_after(instant_now(), f->gateway->pictures_ms);
	until = f->job->deadline.ms < until.ms ? f->job->deadline : until;
	pictures_mail_init(m, f->gateway->pictures,
			   permission_fetches_pictures(f) ? &f->rules->fetch : NULL, until);
	f->composed.input.pictures = &m->calls;
	f->composed.input.hides_remote = !permission_links_pictures(f);
}

/* A tenant has only less of what the operator lets all have. */
static struct render_limits limits_of(const struct flight *f)
{
	struct render_limits limits = f->rules->render;
	uint64_t own = f->tenant.attached;
	if (own > 0 && (limits.files == 0 || own < limits.files)) {
		limits.files = own;
	}
	return limits;
}

static enum fault compose_mail(struct flight *f)
{
	const struct compose_records records = {
		.tenant = &f->tenant,
		.server = f->server.host.len > 0 ? &f->server : NULL,
		.wants_from = permission_wants_record_from(f),
	};
	enum fault fault = compose(f->job, &records, &f->composed, &f->problem);
	return fault == FAULT_NONE ? permission_check_from(f) : fault;
}

enum fault rendering_apply(struct flight *f)
{
	struct job *job = f->job;
	struct pictures_mail pictures;
	job_table_set_state(f->gateway->table, &job->id, JOB_STATE_RENDERING);
	enum fault fault = compose_mail(f);
	if (fault == FAULT_NONE) {
		f->composed.input.message_only = f->route != ROUTE_RENDER;
		f->composed.input.limits = limits_of(f);
		f->composed.input.size_limit = sizes_find(f->gateway->sizes, job);
		open_pictures(f, &pictures);
		fault = render_message(&f->composed.input, &job->arena, &f->rendered, &f->problem);
		f->composed.input.pictures = NULL; /* they end with this call */
	}
	if (fault == FAULT_NONE && f->server.host.len > 0) {
		fault = signing_apply(f);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	f->is_rendered = true;
	room_after_rendering(job, f->composed.recipient_count);
	flight_tell(EVENT_JOB_RENDERED, f, EVENT_NUMBER("bytes", f->rendered.message.size));
	return FAULT_NONE;
}
