/*
 * NAME     talk - an intake on loopback with real TLS, bare clients that say any bytes, and a handler that a test directs
 * USE      talk_init(&t, &limits); struct talker *c = talk_open(&t); talk_say(c, text); talk_wait_text(c, "200", 1); ...
 * LOOP     one thread: talk_wait() runs the loop until its condition holds, false after a guard time
 */
#ifndef TESTS_SUPPORT_TALK_H
#define TESTS_SUPPORT_TALK_H

#include "relay/intake/intake.h"
#include "tests/support/certs.h"

enum { TALKERS_MAX = 8 };

struct talk;

struct talker {
	struct talk *talk;
	struct stream *stream;
	struct buf got;
	struct buf to_say;
	size_t said;
	bool is_ready;
	bool is_over;
	bool is_deaf; /* does not read */
};

/* What the handler does with a head. */
enum talk_plan {
	TALK_GO,     /* takes the body; answers the job at once */
	TALK_HOLD,   /* takes the body; the test answers */
	TALK_DECIDE, /* leaves the decision to the test */
	TALK_REFUSE, /* 401 */
	TALK_ANSWER, /* 200 without a body read */
};

struct talk {
	struct certs certs;
	struct tls_context *server_tls, *client_tls;
	struct loop *loop;
	struct loop_timer *tick;
	uint64_t left_ms;
	struct listener *listener;
	struct intake *intake;
	struct talker talkers[TALKERS_MAX];
	size_t talker_count;

	enum talk_plan plan;
	struct intake_request *request; /* the last one told, while it is the handler's */
	struct job *job;		/* held */
	unsigned heads, jobs, gones;
	size_t attachments, attachment_bytes; /* of the last job */
	uint64_t wait_ms;
	bool has_digest;
	char bearer[64];
	size_t bearer_len;
};

void talk_limits(struct intake_limits *limits); /* generous times, small sizes */
void talk_init(struct talk *t, const struct intake_limits *limits);
void talk_deinit(struct talk *t);

struct talker *talk_open(struct talk *t); /* TLS */
struct talker *talk_open_in_the_clear(struct talk *t);
struct talker *talk_open_through(struct talk *t, const struct tls_context *tls);
void talk_say(struct talker *c, struct slice bytes); /* copied; goes out as the loop runs */
void talk_close(struct talker *c);
struct slice talk_got(const struct talker *c);
size_t talk_count(const struct talker *c, const char *text); /* how often it was got */

typedef bool talk_fn(void *ctx);
bool talk_wait(struct talk *t, talk_fn *until, void *ctx);
bool talk_wait_text(struct talker *c, const char *text, size_t times);
bool talk_wait_over(struct talker *c);
bool talk_wait_heads(struct talk *t, unsigned heads);
bool talk_wait_jobs(struct talk *t, unsigned jobs);
bool talk_wait_gones(struct talk *t, unsigned gones);
bool talk_wait_connections(struct talk *t, unsigned count);

/* What the handler of the held request says. */
void talk_go(struct talk *t);
void talk_answer(struct talk *t, const char *json);

#endif
