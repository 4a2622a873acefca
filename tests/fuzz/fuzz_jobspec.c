/*
 * The JSON of a job: whatever it holds, it is refused with a sentence or gives a job within the limits, whose texts
 * lie in the JSON and are fit for headers.
 */
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/text.h"
#include "relay/intake/jobspec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct jobspec_limits limits = {.page_body = 500, .files = 3, .recipients = 4};

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void judge_people(const struct party *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct mailbox again;
		must(mailbox_parse(list[i].mailbox.address, &again) == FAULT_NONE);
		must(text_is_header_safe(list[i].name) && list[i].name.len <= JOB_NAME_MAX);
	}
}

static void judge_files(const struct job *j, const char *bytes, size_t len)
{
	must(j->attachment_count <= limits.files && j->attach_name_count <= limits.files);
	for (size_t i = 0; i < j->attachment_count; i++) {
		const struct attachment *a = &j->attachments[i];
		must(jobspec_is_file_name(a->name) && jobspec_is_media_type(a->type));
		must(a->bytes.ptr >= bytes && a->bytes.ptr + a->bytes.len <= bytes + len);
	}
	for (size_t i = 0; i < j->attach_name_count; i++) {
		must(jobspec_is_file_name(j->attach_names[i]));
	}
}

static void judge_surroundings(const struct job *j, const char *bytes, size_t len)
{
	const struct known *k = &j->known;
	must(k->user_count <= JOB_USERS_MAX && k->link_count <= JOB_LINKS_MAX &&
	     k->macro_count <= JOB_MACROS_MAX);
	for (size_t i = 0; i < k->user_count; i++) {
		must(k->users[i].account_id.len > 0 && text_is_header_safe(k->users[i].name));
	}
	for (size_t i = 0; i < k->link_count; i++) {
		must(k->links[i].url.len == 0 ||
		     slice_starts_nocase(k->links[i].url, SLICE_LIT("http")));
		must(text_is_header_safe(k->links[i].title));
	}
	for (size_t i = 0; i < k->macro_count; i++) {
		struct slice body = k->macros[i].body;
		must(body.ptr >= bytes && body.ptr + body.len <= bytes + len);
		must(body.len <= limits.page_body && k->macros[i].local_id.len > 0);
	}
	must(text_is_header_safe(j->layout.header_text) && j->layout.css.len <= JOB_CSS_MAX);
	must(j->layout.image_side <= JOB_IMAGE_SIDE_MAX && j->language.len <= JOB_LANGUAGE_MAX);
	must(text_is_ascii(j->language) && text_is_ascii(j->scheduled.list_id));
	must(text_is_header_safe(j->scheduled.unsubscribe));
}

static void judge_groups(const struct job *j)
{
	must(j->sender_group_count <= JOB_GROUPS_MAX);
	for (size_t i = 0; i < j->sender_group_count; i++) {
		must(text_is_header_safe(j->sender_groups[i]));
		must(j->sender_groups[i].len <= JOB_NAME_MAX);
	}
}

static void judge_job(const struct job *j, const char *bytes, size_t len)
{
	size_t people = job_recipient_count(j);
	must(people >= 1 && people <= limits.recipients);
	judge_people(j->to, j->to_count);
	judge_people(j->cc, j->cc_count);
	judge_people(j->bcc, j->bcc_count);
	judge_people(&j->from, j->has_from ? 1 : 0);
	judge_people(&j->reply_to, j->has_reply_to ? 1 : 0);
	judge_groups(j);
	judge_files(j, bytes, len);
	judge_surroundings(j, bytes, len);
	must(j->page.body.len <= limits.page_body);
	must(text_is_header_safe(j->subject) && text_is_header_safe(j->page.title));
	must(text_is_header_safe(j->page.space_key) && text_is_header_safe(j->sender.name));
	must(j->page.site_url.len == 0 ||
	     slice_starts_nocase(j->page.site_url, SLICE_LIT("https://")));
	must(slice_find_byte(j->note, '\r') == j->note.len);
	must(!j->has_account || (j->account.host.len > 0 && j->account.port > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problem problem = {0};
	struct job *job = NULL;
	enum jobspec_form form = size % 2 == 0 ? JOBSPEC_WHOLE : JOBSPEC_PART;
	char *bytes = malloc(size > 0 ? size : 1);
	must(bytes != NULL && job_new(64 * 1024, &job) == FAULT_NONE);
	if (size > 0) {
		memcpy(bytes, data, size);
	}
	enum fault f = jobspec_parse(bytes, size, form, &limits, job, &problem);
	if (f == FAULT_NONE) {
		must(problem.fault == FAULT_NONE);
		judge_job(job, bytes, size);
	} else {
		must(problem.fault == f && problem_text(&problem).len > 0);
	}
	job_free(&job);
	free(bytes);
	return 0;
}
