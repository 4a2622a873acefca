#include "relay/gateway/token_post.h"

static const struct {
	enum fault post, fault;
	enum oauth_cause cause;
	const char *sentence;
} ways[] = {
	{FAULT_BAD_FIELD, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE,
	 "The OAuth server cannot be reached."},
	{FAULT_UPSTREAM_NAME, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE,
	 "The OAuth server cannot be reached."},
	{FAULT_UPSTREAM_BLOCKED, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE,
	 "The OAuth server cannot be reached."},
	{FAULT_UPSTREAM_DOWN, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE,
	 "The OAuth server cannot be reached."},
	{FAULT_UPSTREAM_CERT, FAULT_OAUTH_UNREACHABLE, OAUTH_CERTIFICATE,
	 "The OAuth server's certificate cannot be trusted."},
	{FAULT_UPSTREAM_TLS, FAULT_OAUTH_UNREACHABLE, OAUTH_CERTIFICATE,
	 "TLS with the OAuth server failed."},
	{FAULT_DEADLINE, FAULT_OAUTH_LATER, OAUTH_SILENT,
	 "The OAuth server did not answer in time."},
	{FAULT_UPSTREAM_LOST, FAULT_OAUTH_LATER, OAUTH_UNAVAILABLE,
	 "The OAuth server closed the connection before its answer was whole."},
	{FAULT_TOO_LARGE, FAULT_OAUTH_PROTOCOL, OAUTH_NOT_OAUTH,
	 "The OAuth server's answer is longer than one with a token can be."},
};

static enum fault judge_way(enum fault f, struct problem *p)
{
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		if (ways[i].post == f) {
			problem_set(p, ways[i].fault, ways[i].sentence);
			p->cause = oauth_cause(ways[i].cause);
			return ways[i].fault;
		}
	}
	return problem_set(p, f, "");
}

enum fault token_post_judge(struct post *post, struct oauth_answer *out_answer, struct problem *p)
{
	return post->fault != FAULT_NONE ? judge_way(post->fault, p)
					 : oauth_read(post->status, &post->body, out_answer, p);
}
