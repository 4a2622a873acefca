#include "tests/support/policies.h"

#include <string.h>

#include <check.h>

static struct party parties[3][POLICIES_LIST];
static struct attachment attachments[POLICIES_LIST];
static struct slice groups[POLICIES_LIST];

static size_t fill(struct party *list, const char *const *texts)
{
	size_t n = 0;
	while (n < POLICIES_LIST && texts[n] != NULL) {
		ck_assert_int_eq(mailbox_parse(slice_of_text(texts[n]), &list[n].mailbox),
				 FAULT_NONE);
		n++;
	}
	return n;
}

struct job policies_job(const struct policies_job *r)
{
	struct job j = {.has_account = r->host != NULL, .has_from = r->from != NULL};
	j.account.host = slice_of_text(r->host);
	j.page.space_key = slice_of_text(r->space);
	j.to = parties[0];
	j.cc = parties[1];
	j.bcc = parties[2];
	j.to_count = fill(j.to, r->to);
	j.cc_count = fill(j.cc, r->cc);
	j.bcc_count = fill(j.bcc, r->bcc);
	if (r->sender != NULL) {
		fill(&j.sender, (const char *const[]){r->sender, NULL});
	}
	if (r->from != NULL) {
		fill(&j.from, (const char *const[]){r->from, NULL});
	}
	j.sender_groups = groups;
	while (j.sender_group_count < POLICIES_LIST && r->groups[j.sender_group_count] != NULL) {
		groups[j.sender_group_count] = slice_of_text(r->groups[j.sender_group_count]);
		j.sender_group_count++;
	}
	j.attachments = attachments;
	while (j.attachment_count < POLICIES_LIST && r->attachment_bytes[j.attachment_count] > 0) {
		/* Only the length is looked at. */
		attachments[j.attachment_count].bytes.len = r->attachment_bytes[j.attachment_count];
		j.attachment_count++;
	}
	return j;
}

struct policy_params policies_params(struct policy_params p)
{
	p.recipients = p.recipients > 0 ? p.recipients : 100;
	p.attachments = p.attachments > 0 ? p.attachments : 100;
	p.attachment_bytes = p.attachment_bytes > 0 ? p.attachment_bytes : 1000;
	return p;
}

void policies_judge(const char *row, enum fault f, const struct problem *problem,
		    const char *refusal)
{
	if (refusal == NULL) {
		ck_assert_msg(f == FAULT_NONE, "%s: %.*s", row, (int)problem->len, problem->text);
		ck_assert_uint_eq(problem->len, 0);
		return;
	}
	ck_assert_msg(f == FAULT_FORBIDDEN, "%s: allowed", row);
	ck_assert_int_eq(problem->fault, FAULT_FORBIDDEN);
	ck_assert_msg(problem->is_operators ==
			      (strstr(refusal, "The operator of this Pagepost can") != NULL),
		      "%s: whose it is to mend", row);
	ck_assert_msg(slice_eq(problem_text(problem), slice_of_text(refusal)), "%s: %.*s", row,
		      (int)problem->len, problem->text);
}
