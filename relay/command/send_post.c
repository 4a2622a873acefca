#include "relay/command/send_post.h"

#include <unistd.h>

#include "relay/net/https.h"
#include "relay/command/command.h"
#include "relay/command/send_answer.h"

enum {
	URL_MAX = 2048,
	HEADER_MAX = 1024,
	UPLOAD_MS = 600 * 1000, /* for the upload, beside the time that the answer may take */
	POLL_EVERY_MS = 500,
	POLLS_MAX = 15 * 60 * 1000 / POLL_EVERY_MS, /* as long as answers are kept */
	LARGE = 1024 * 1024,			    /* smaller uploads need no bar */
	BAR = 40,
};

struct bar {
	bool shown;
	unsigned percent;
};

static void on_progress(void *ctx, uint64_t sent, uint64_t total)
{
	struct bar *b = ctx;
	if (total < LARGE) {
		return;
	}
	unsigned percent = (unsigned)((double)sent * 100 / (double)total);
	percent = percent < 100 ? percent : 100;
	if (b->shown && percent == b->percent) {
		return;
	}
	char line[BAR + 1];
	for (unsigned i = 0; i < BAR; i++) {
		line[i] = i < percent * BAR / 100 ? '#' : '.';
	}
	line[BAR] = '\0';
	fprintf(stderr, "\r[%s] %3u %% of %.1f MB", line, percent, (double)total / 1e6);
	*b = (struct bar){.shown = true, .percent = percent};
}

static void end_bar(struct bar *b)
{
	if (b->shown) {
		fputc('\n', stderr);
		b->shown = false;
	}
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

/* "https://host:port" of the URL, then `path`; a path of the URL itself is not kept. NUL-terminated. */
static enum fault join_url(const char *url, struct slice path, struct buf *into)
{
	struct slice all = slice_of_text(url);
	size_t host = sizeof("https://") - 1;
	struct slice origin = slice_first(all, host + slice_find_byte(slice_skip(all, host), '/'));
	buf_clear(into);
	enum fault f = buf_add(into, origin);
	f = f == FAULT_NONE ? buf_add(into, path) : f;
	return f == FAULT_NONE ? buf_add_byte(into, '\0') : f;
}

static enum fault put_header(struct buf *b, const char *name, struct slice value)
{
	buf_init(b, HEADER_MAX);
	enum fault f = buf_add_text(b, name);
	f = f == FAULT_NONE ? buf_add(b, value) : f;
	return f == FAULT_NONE ? buf_add_byte(b, '\0') : f;
}

static enum fault put_wait(struct buf *b, uint64_t wait_s)
{
	buf_init(b, HEADER_MAX);
	enum fault f = buf_add_text(b, "Prefer: wait=");
	f = f == FAULT_NONE ? buf_add_u64(b, wait_s) : f;
	return f == FAULT_NONE ? buf_add_byte(b, '\0') : f;
}

static enum fault post(struct https *h, const struct send_post *p, struct https_answer *out_answer,
		       struct problem *problem)
{
	CLEANUP(buf_deinit) struct buf url;
	CLEANUP(buf_deinit) struct buf wait;
	CLEANUP(buf_deinit) struct buf key;
	struct https_part parts[SEND_FILES_MAX + 1];
	parts[0] = (struct https_part){.name = "job", .type = "application/json", .bytes = p->job};
	for (size_t i = 0; i < p->file_count; i++) {
		const char *name = base_name(p->files[i]);
		parts[i + 1] = (struct https_part){.name = "attachment",
						   .file_name = name,
						   .type = send_type_of(slice_of_text(name)),
						   .path = p->files[i]};
	}
	buf_init(&url, URL_MAX);
	enum fault f = join_url(p->url, SLICE_LIT("/v1/jobs"), &url);
	enum fault f_wait = put_wait(&wait, p->wait_s);
	enum fault f_key = put_header(&key, "Idempotency-Key: ", slice_of_text(p->idempotency_key));
	if (f != FAULT_NONE || f_wait != FAULT_NONE || f_key != FAULT_NONE) {
		return problem_set(problem, FAULT_BAD_FIELD,
				   "The URL or the idempotency key is too long.");
	}
	const char *const headers[] = {wait.ptr, key.ptr};
	const struct https_request request = {
		.url = url.ptr,
		.headers = headers,
		.header_count = p->idempotency_key != NULL ? 2 : 1,
		.parts = parts,
		.part_count = p->file_count + 1,
	};
	return https_exchange(h, &request, out_answer, problem);
}

static enum fault poll_once(struct https *h, const struct send_post *p, struct slice path,
			    struct https_answer *out_answer, struct problem *problem)
{
	CLEANUP(buf_deinit) struct buf url;
	buf_init(&url, URL_MAX);
	if (!slice_starts(path, SLICE_LIT("/")) || join_url(p->url, path, &url) != FAULT_NONE) {
		return problem_set(problem, FAULT_MALFORMED,
				   "The answer does not say where the job can be asked about.");
	}
	const struct https_request request = {.url = url.ptr};
	return https_exchange(h, &request, out_answer, problem);
}

static bool write_receipt(const struct send_post *p, struct slice receipt)
{
	const struct slice parts[] = {receipt, SLICE_LIT("\n")};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct slice rest = parts[i];
		while (rest.len > 0) {
			ssize_t n = write(p->receipt_fd, rest.ptr, rest.len);
			if (n < 0) {
				return false;
			}
			rest = slice_skip(rest, (size_t)n);
		}
	}
	return true;
}

/* How it ended, as far as it is known. */
struct ending {
	enum send_end end;
	bool has_receipt;
};

/* What the answer means; its words are printed when it is the last one. */
static enum fault judge(const struct send_post *p, struct https_answer *a, struct ending *out,
			struct problem *problem)
{
	struct send_answer said;
	CLEANUP(buf_deinit) struct buf text;
	CLEANUP(buf_deinit) struct buf raw; /* reading changes the body */
	buf_init(&text, HTTPS_BODY_MAX);
	buf_init(&raw, HTTPS_BODY_MAX);
	enum fault f = buf_add(&raw, buf_view(&a->body));
	f = f == FAULT_NONE ? send_answer_read(a->status, &a->body, &text, &said) : f;
	if (f != FAULT_NONE) {
		problem_set(problem, f, "The answer is none of Pagepost's (HTTP status ");
		problem_add_number(problem, (uint64_t)a->status);
		problem_add(problem, ").");
		return f;
	}
	out->end = said.end;
	out->has_receipt = p->receipt_fd >= 0 && said.receipt.len > 0 &&
			   write_receipt(p, said.receipt);
	if (said.end != SEND_GOES_ON) {
		const struct buf *shown = p->raw ? &raw : &text;
		fwrite(shown->ptr, 1, shown->len, stdout);
		fputs(p->raw ? "\n" : "", stdout);
		fflush(stdout);
	}
	return FAULT_NONE;
}

static enum fault follow(struct https *h, const struct send_post *p, struct https_answer *first,
			 struct ending *out, struct problem *problem)
{
	enum fault f = judge(p, first, out, problem);
	for (unsigned i = 0; f == FAULT_NONE && out->end == SEND_GOES_ON; i++) {
		struct https_answer a = {0};
		if (i == POLLS_MAX) {
			return problem_set(problem, FAULT_DEADLINE,
					   "The job is still under way; nothing is known yet.");
		}
		usleep(POLL_EVERY_MS * 1000);
		f = poll_once(h, p, buf_view(&first->location), &a, problem);
		if (f == FAULT_NONE) {
			f = judge(p, &a, out, problem);
			https_answer_deinit(&a);
		}
	}
	return f;
}

int send_post(const struct send_post *p, bool *out_has_receipt)
{
	struct problem problem;
	struct bar bar = {0};
	*out_has_receipt = false;
	CLEANUP(https_free) struct https *h = NULL;
	const struct https_params params = {
		.ca_file = p->ca_file,
		.bearer = p->token,
		.key_half = p->key_half,
		.timeout_ms = p->wait_s * 1000 + UPLOAD_MS,
		.progress = isatty(STDERR_FILENO) ? on_progress : NULL,
		.ctx = &bar,
	};
	if (https_new(&params, &h, &problem) != FAULT_NONE) {
		return command_problem("send", EXIT_CANNOT_RUN, &problem);
	}
	struct https_answer answer = {0};
	enum fault f = post(h, p, &answer, &problem);
	end_bar(&bar);
	if (f != FAULT_NONE) {
		return command_problem(
			"send", f == FAULT_BAD_FIELD ? EXIT_USAGE : EXIT_NOT_DELIVERED, &problem);
	}
	struct ending ending = {.end = SEND_NOT};
	f = follow(h, p, &answer, &ending, &problem);
	https_answer_deinit(&answer);
	*out_has_receipt = ending.has_receipt;
	if (f != FAULT_NONE) {
		return command_problem("send", EXIT_NOT_DELIVERED, &problem);
	}
	return ending.end == SEND_DELIVERED ? EXIT_DONE : EXIT_NOT_DELIVERED;
}
