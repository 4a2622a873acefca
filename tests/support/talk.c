#include "tests/support/talk.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD_MS = 20000, GOT_MAX = 16 * 1024 * 1024, TICK_MS = 1 };

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

/* ---- the handler ---- */

static void take_body(struct intake_request *r)
{
	struct job *job;
	struct problem problem;
	enum fault f = job_new((size_t)intake_request_length(r) + JOB_OVERHEAD, &job);
	if (f != FAULT_NONE) {
		(void)problem_set(&problem, f, "");
		intake_refuse(r, &problem, 1);
		return;
	}
	intake_go(r, job);
}

static void on_head(void *ctx, struct intake_request *r)
{
	struct talk *t = ctx;
	struct problem problem;
	struct slice bearer = intake_request_bearer(r);
	t->heads++;
	t->request = r;
	t->wait_ms = intake_request_wait_ms(r);
	t->bearer_len = bearer.len < sizeof(t->bearer) ? bearer.len : 0;
	if (t->bearer_len > 0) {
		memcpy(t->bearer, bearer.ptr, t->bearer_len);
	}
	intake_request_set_owner(r, t);
	must(intake_request_owner(r) == t);
	switch (t->plan) {
	case TALK_GO:
	case TALK_HOLD:
		if (intake_request_route(r) == ROUTE_JOBS_POST ||
		    intake_request_route(r) == ROUTE_RENDER) {
			take_body(r);
		} else {
			talk_answer(t, "{\"ok\":1}");
		}
		break;
	case TALK_DECIDE:
		break;
	case TALK_REFUSE:
		(void)problem_set(&problem, FAULT_NO_CALLER, "");
		t->request = NULL;
		intake_refuse(r, &problem, 0);
		break;
	case TALK_ANSWER:
		talk_answer(t, "{\"ok\":1}");
		break;
	}
}

static void on_job(void *ctx, struct intake_request *r, struct job *job)
{
	static const unsigned char none[sizeof(job->body_digest)];
	struct talk *t = ctx;
	must(t->request == r);
	t->jobs++;
	t->attachments = job->attachment_count;
	t->attachment_bytes = 0;
	t->has_digest = memcmp(job->body_digest, none, sizeof(none)) != 0;
	for (size_t i = 0; i < job->attachment_count; i++) {
		t->attachment_bytes += job->attachments[i].bytes.len;
	}
	job_free(&t->job);
	t->job = job;
	if (t->plan != TALK_HOLD) {
		talk_answer(t, "{\"ok\":1}");
	}
}

static void on_gone(void *ctx, struct intake_request *r)
{
	struct talk *t = ctx;
	must(t->request == r);
	t->request = NULL;
	t->gones++;
}

void talk_go(struct talk *t)
{
	take_body(t->request);
}

void talk_answer(struct talk *t, const char *json)
{
	struct intake_request *r = STEAL(t->request);
	intake_answer(r, 200, (struct slice){0}, slice_of_text(json));
}

/* ---- the clients ---- */

static void say_more(struct talker *c)
{
	size_t n;
	while (c->said < c->to_say.len &&
	       stream_write(c->stream, slice_skip(buf_view(&c->to_say), c->said), &n) ==
		       STREAM_MOVED) {
		c->said += n;
	}
	stream_want(c->stream, !c->is_deaf, c->said < c->to_say.len);
}

static void hear(struct talker *c)
{
	char *room;
	size_t n;
	for (;;) {
		must(buf_reserve(&c->got, 65536, &room) == FAULT_NONE);
		if (stream_read(c->stream, room, 65536, &n) != STREAM_MOVED) {
			return;
		}
		buf_grew(&c->got, n);
	}
}

static void on_client(void *owner, enum stream_event event)
{
	struct talker *c = owner;
	switch (event) {
	case STREAM_READY:
		c->is_ready = true;
		say_more(c);
		break;
	case STREAM_READABLE:
		hear(c);
		break;
	case STREAM_WRITABLE:
		say_more(c);
		break;
	case STREAM_LATE:
	case STREAM_ENDED:
	case STREAM_FAILED:
		c->is_over = true;
		break;
	}
}

struct talker *talk_open_through(struct talk *t, const struct tls_context *tls)
{
	struct address to = {.len = sizeof(struct sockaddr_in)};
	struct sockaddr_in four = {.sin_family = AF_INET,
				   .sin_port = htons(listener_port(t->listener))};
	must(t->talker_count < TALKERS_MAX);
	struct talker *c = &t->talkers[t->talker_count++];
	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memcpy(&to.sockaddr, &four, sizeof(four));
	*c = (struct talker){.talk = t};
	buf_init(&c->got, GOT_MAX);
	buf_init(&c->to_say, GOT_MAX);
	const struct stream_tls implicit = {.context = tls, .host = SLICE_LIT("localhost")};
	must(stream_connect(t->loop, &to, tls != NULL ? &implicit : NULL, on_client, c,
			    &c->stream) == FAULT_NONE);
	return c;
}

struct talker *talk_open(struct talk *t)
{
	return talk_open_through(t, t->client_tls);
}

struct talker *talk_open_in_the_clear(struct talk *t)
{
	return talk_open_through(t, NULL);
}

void talk_say(struct talker *c, struct slice bytes)
{
	must(buf_add(&c->to_say, bytes) == FAULT_NONE);
	if (c->is_ready && !c->is_over) {
		say_more(c);
	}
}

void talk_close(struct talker *c)
{
	stream_finish(c->stream);
	stream_free(&c->stream);
}

struct slice talk_got(const struct talker *c)
{
	return buf_view(&c->got);
}

size_t talk_count(const struct talker *c, const char *text)
{
	struct slice rest = talk_got(c);
	struct slice what = slice_of_text(text);
	size_t times = 0;
	for (size_t at = slice_find(rest, what); at < rest.len; at = slice_find(rest, what)) {
		rest = slice_skip(rest, at + what.len);
		times++;
	}
	return times;
}

/* ---- waiting ---- */

struct wait {
	struct talk *talk;
	talk_fn *until;
	void *ctx;
	bool held;
};

static struct wait now;

static void on_tick(void *owner)
{
	struct talk *t = owner;
	now.held = now.until(now.ctx);
	if (now.held || t->left_ms == 0) {
		loop_stop(t->loop);
		return;
	}
	t->left_ms -= TICK_MS;
	loop_timer_set(t->tick, TICK_MS);
}

bool talk_wait(struct talk *t, talk_fn *until, void *ctx)
{
	now = (struct wait){.talk = t, .until = until, .ctx = ctx};
	t->left_ms = GUARD_MS;
	loop_timer_set(t->tick, 0);
	loop_run(t->loop);
	return now.held;
}

struct text_wait {
	const struct talker *talker;
	const char *text;
	size_t times;
};

static bool has_text(void *ctx)
{
	const struct text_wait *w = ctx;
	return talk_count(w->talker, w->text) >= w->times;
}

bool talk_wait_text(struct talker *c, const char *text, size_t times)
{
	struct text_wait w = {c, text, times};
	return talk_wait(c->talk, has_text, &w);
}

static bool is_over(void *ctx)
{
	const struct talker *c = ctx;
	return c->is_over;
}

bool talk_wait_over(struct talker *c)
{
	return talk_wait(c->talk, is_over, c);
}

struct number_wait {
	const unsigned *number;
	unsigned wanted;
};

static bool has_number(void *ctx)
{
	const struct number_wait *w = ctx;
	return *w->number >= w->wanted;
}

bool talk_wait_heads(struct talk *t, unsigned heads)
{
	struct number_wait w = {&t->heads, heads};
	return talk_wait(t, has_number, &w);
}

bool talk_wait_jobs(struct talk *t, unsigned jobs)
{
	struct number_wait w = {&t->jobs, jobs};
	return talk_wait(t, has_number, &w);
}

bool talk_wait_gones(struct talk *t, unsigned gones)
{
	struct number_wait w = {&t->gones, gones};
	return talk_wait(t, has_number, &w);
}

struct connections_wait {
	const struct talk *talk;
	unsigned count;
};

static bool has_connections(void *ctx)
{
	const struct connections_wait *w = ctx;
	return intake_connections(w->talk->intake) == w->count;
}

bool talk_wait_connections(struct talk *t, unsigned count)
{
	struct connections_wait w = {t, count};
	return talk_wait(t, has_connections, &w);
}

/* ---- life ---- */

void talk_limits(struct intake_limits *limits)
{
	*limits = (struct intake_limits){
		.body = 4 * 1024 * 1024,
		.job_part = 65536,
		.page_body = 65536,
		.attachments = 5,
		.recipients = 5,
		.head = 2048,
		.fields = 16,
		.connections = 6,
		.connections_per_address = 4,
		.handshake_ms = GUARD_MS,
		.head_ms = GUARD_MS,
		.idle_ms = GUARD_MS,
		.body_bytes_per_s = 4096,
		.wait_ms = 20000,
		.wait_max_ms = 60000,
	};
}

void talk_init(struct talk *t, const struct intake_limits *limits)
{
	const struct listener_params params = {.address = "127.0.0.1"};
	const struct intake_handler handler = {
		.ctx = t, .head = on_head, .job = on_job, .gone = on_gone};
	struct cert_pair pair;
	*t = (struct talk){0};
	certs_init(&t->certs);
	certs_leaf(&t->certs, &(struct cert_spec){.host = "localhost"}, &pair);
	must(tls_context_server_new(pair.cert_file, pair.key_file, &t->server_tls, NULL) ==
	     FAULT_NONE);
	must(tls_context_client_new(t->certs.ca_file, (struct slice){0}, &t->client_tls, NULL) ==
	     FAULT_NONE);
	must(loop_new(&t->loop) == FAULT_NONE);
	must(loop_timer_new(t->loop, on_tick, t, &t->tick) == FAULT_NONE);
	must(intake_new(t->loop, t->server_tls, limits, &handler, &t->intake) == FAULT_NONE);
	must(listener_new(t->loop, &params, intake_accept, t->intake, &t->listener, NULL) ==
	     FAULT_NONE);
}

void talk_deinit(struct talk *t)
{
	listener_free(&t->listener);
	intake_free(&t->intake);
	for (size_t i = 0; i < t->talker_count; i++) {
		stream_free(&t->talkers[i].stream);
		buf_deinit(&t->talkers[i].got);
		buf_deinit(&t->talkers[i].to_say);
	}
	job_free(&t->job);
	loop_timer_free(&t->tick);
	loop_free(&t->loop);
	tls_context_free(&t->server_tls);
	tls_context_free(&t->client_tls);
	certs_deinit(&t->certs);
}
