#include "relay/intake/upload.h"

#include "spool-free/base/digest.h"
#include "relay/intake/checkspec.h"
#include "relay/intake/jobspec.h"
#include "relay/intake/parameter.h"

/* RFC 8259 11: application/json has no parameters; charset=utf-8 says what is so anyway. */
static bool is_json(struct slice content_type)
{
	struct parameter p;
	enum parameter_step step;
	if (!slice_eq_nocase(parameter_head(&content_type), SLICE_LIT("application/json"))) {
		return false;
	}
	while ((step = parameter_next(&content_type, &p)) == PARAMETER_ONE) {
		if (slice_eq_nocase(p.name, SLICE_LIT("charset")) &&
		    !slice_eq_nocase(p.value, SLICE_LIT("utf-8"))) {
			return false;
		}
	}
	return step == PARAMETER_END;
}

enum fault upload_begin(struct upload *u, const struct upload_plan *plan, struct problem *problem)
{
	struct slice boundary;
	*u = (struct upload){.limits = plan->limits, .kind = plan->kind};
	if (is_json(plan->content_type) || (plan->kind == UPLOAD_CHECK && plan->is_empty)) {
		return FAULT_NONE;
	}
	if (plan->kind != UPLOAD_JOB) {
		return problem_set(problem, FAULT_MEDIA_TYPE,
				   "The Content-Type must be application/json in UTF-8.");
	}
	enum fault f = multipart_boundary(plan->content_type, &boundary, problem);
	if (f == FAULT_MEDIA_TYPE) {
		return problem_set(
			problem, f,
			"The Content-Type must be multipart/form-data, or application/json "
			"in UTF-8.");
	}
	if (f == FAULT_NONE) {
		u->is_multipart = true;
		multipart_init(&u->multipart, boundary, 1 + plan->limits->attachments);
	}
	return f;
}

enum fault upload_into(struct upload *u, struct job *job, struct problem *problem)
{
	u->job = job;
	if (u->is_multipart) {
		job->attachments = arena_array(&job->arena, u->limits->attachments,
					       sizeof(*job->attachments));
		if (job->attachments == NULL) {
			return problem_set(problem, FAULT_NO_MEMORY, "");
		}
	}
	return FAULT_NONE;
}

static enum fault wrong_part(const struct upload *u, struct problem *problem, enum fault f,
			     const char *sentence)
{
	(void)problem_set(problem, f, "Part ");
	problem_add_number(problem, u->multipart.parts);
	problem_add(problem, sentence);
	return f;
}

static enum fault take_job_part(struct upload *u, const struct multipart_part *part,
				struct problem *problem)
{
	if (!slice_eq(part->name, SLICE_LIT("job"))) {
		return wrong_part(u, problem, FAULT_BAD_MULTIPART,
				  " must be named 'job': the job comes first.");
	}
	if (part->bytes.len > u->limits->job_part) {
		(void)wrong_part(u, problem, FAULT_TOO_LARGE, " (the job) may have at most ");
		problem_add_number(problem, u->limits->job_part);
		problem_add(problem, " bytes; it has ");
		problem_add_number(problem, part->bytes.len);
		problem_add(problem, ".");
		return FAULT_TOO_LARGE;
	}
	u->spec = part->bytes;
	return FAULT_NONE;
}

static enum fault take_attachment(struct upload *u, const struct multipart_part *part,
				  struct problem *problem)
{
	struct slice type = part->type;
	if (!slice_eq(part->name, SLICE_LIT("attachment"))) {
		return wrong_part(u, problem, FAULT_BAD_MULTIPART,
				  " must be named 'attachment', as all parts but the first.");
	}
	if (!jobspec_is_file_name(part->file_name)) {
		return wrong_part(u, problem, FAULT_BAD_FIELD,
				  " must have a file name of 1 to 255 bytes in UTF-8, without line "
				  "breaks or other control characters.");
	}
	if (type.len == 0) {
		type = SLICE_LIT("application/octet-stream");
	}
	if (!jobspec_is_media_type(type)) {
		return wrong_part(
			u, problem, FAULT_BAD_FIELD,
			" must have a media type as its Content-Type, such as image/png.");
	}
	u->job->attachments[u->job->attachment_count++] = (struct attachment){
		.name = part->file_name, .type = type, .bytes = part->bytes};
	return FAULT_NONE;
}

enum fault upload_grew(struct upload *u, char *body, size_t len, struct problem *problem)
{
	struct multipart_part part;
	if (!u->is_multipart) {
		return FAULT_NONE;
	}
	for (;;) {
		enum fault f = FAULT_NONE;
		enum multipart_step step = multipart_next(&u->multipart, body, len, &part, problem);
		if (step == MULTIPART_BAD) {
			return problem->fault;
		}
		if (step != MULTIPART_PART) {
			return FAULT_NONE;
		}
		f = u->spec.ptr == NULL ? take_job_part(u, &part, problem)
					: take_attachment(u, &part, problem);
		if (f != FAULT_NONE) {
			return f;
		}
	}
}

/* Before the job is parsed, which changes the JSON in place. The boundary is another one each time, so it is left out. */
static enum fault take_digest(const struct upload *u, struct slice body, struct problem *problem)
{
	const struct job *job = u->job;
	size_t count = 1;
	struct slice *parts = arena_array(&u->job->arena, 1 + 3 * job->attachment_count,
					  sizeof(*parts));
	if (parts == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	parts[0] = u->is_multipart ? u->spec : body;
	for (size_t i = 0; i < job->attachment_count; i++) {
		parts[count++] = job->attachments[i].name;
		parts[count++] = job->attachments[i].type;
		parts[count++] = job->attachments[i].bytes;
	}
	digest_sha256_parts(parts, count, u->job->body_digest);
	return FAULT_NONE;
}

static enum fault end_parts(struct upload *u, char *body, size_t len, struct problem *problem)
{
	enum fault f = upload_grew(u, body, len, problem);
	if (f == FAULT_NONE && !multipart_is_over(&u->multipart)) {
		f = multipart_truncated(&u->multipart, problem);
	}
	if (f == FAULT_NONE && u->spec.ptr == NULL) {
		f = problem_set(problem, FAULT_BAD_MULTIPART,
				"The body must have a part named 'job'.");
	}
	return f;
}

enum fault upload_end(struct upload *u, char *body, size_t len, struct problem *problem)
{
	const struct jobspec_limits limits = {
		.page_body = u->limits->page_body,
		.files = u->limits->attachments,
		.recipients = u->limits->recipients,
	};
	switch (u->kind) {
	case UPLOAD_CHECK:
		return checkspec_parse(body, len, u->job, problem);
	case UPLOAD_RECORD:
		return recordspec_parse(body, len, &u->job->arena, &u->record, problem);
	case UPLOAD_JOB:
		break;
	}
	enum fault f = u->is_multipart ? end_parts(u, body, len, problem) : FAULT_NONE;
	if (f == FAULT_NONE && u->wants_digest) {
		f = take_digest(u, slice_of(body, len), problem);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	return u->is_multipart ? jobspec_parse(body + (u->spec.ptr - body), u->spec.len,
					       JOBSPEC_PART, &limits, u->job, problem)
			       : jobspec_parse(body, len, JOBSPEC_WHOLE, &limits, u->job, problem);
}
