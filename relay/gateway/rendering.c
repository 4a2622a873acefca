#include "relay/gateway/rendering.h"

#include "relay/gateway/room.h"
#include "relay/gateway/signing.h"

/* No longer than a mail's pictures may take, and not until the job is late. */
static void open_pictures(struct flight *f, struct pictures_mail *m)
{
	struct instant until = instant_after(instant_now(), f->gateway->pictures_ms);
	until = f->job->deadline.ms < until.ms ? f->job->deadline : until;
	pictures_mail_init(m, f->gateway->pictures, f->gateway->fetch, until);
	f->composed.input.pictures = &m->calls;
}

enum fault rendering_apply(struct flight *f)
{
	struct job *job = f->job;
	struct pictures_mail pictures;
	bool has_server = f->server.host.len > 0;
	job_table_set_state(f->gateway->table, &job->id, JOB_STATE_RENDERING);
	enum fault fault = compose(job, &f->tenant, has_server ? &f->server : NULL, &f->composed,
				   &f->problem);
	if (fault == FAULT_NONE) {
		f->composed.input.message_only = f->route != ROUTE_RENDER;
		f->composed.input.limits = f->gateway->render_limits;
		f->composed.input.size_limit = sizes_find(f->gateway->sizes, job);
		open_pictures(f, &pictures);
		fault = render_message(&f->composed.input, &job->arena, &f->rendered, &f->problem);
		f->composed.input.pictures = NULL; /* they end with this call */
	}
	if (fault == FAULT_NONE && has_server) {
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
