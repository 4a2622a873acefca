/*
 * NAME     smtp_probe - sends one file through smtp_relay to a real server and prints what the server said
 * USE      smtp_probe key=value...; host= port= tls=starttls|implicit ca=FILE user= password_file= token_file= from= to=
 *          (repeated)
 *          file= (the content, sent as base64) times= (messages, 1) at_once= (handed over together, 1)
 *          connections= (4) deadline= (ms, 20000) range= (of addresses that may be dialled, besides the loopback)
 *          each= (messages on one connection, 100)
 * PRINTS   for each message `fault=SLUG phase=PHASE sent=BYTES us=N` and, for each recipient, `to=N OUTCOME CODE ENHANCED PHASE TEXT`;
 *          then `detail=SENTENCE` when there was a fault, and at the end `ms=N`
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "spool-free/base/buf.h"
#include "spool-free/job/rope.h"
#include "relay/smtp/smtp.h"

enum { RECIPIENTS = 64, FILE_MAX = 128 * 1024 * 1024 };

struct probe {
	struct loop *loop;
	struct smtp_relay *relay;
	struct smtp_upstream upstream;
	struct slice from;
	struct mailbox to[RECIPIENTS];
	size_t to_count;
	const char *file, *password_file, *token_file, *ca_file, *range;
	uint64_t times, at_once, connections, each, deadline_ms;
	uint64_t begun, ended;
	struct buf content, ca;
	struct secret *password, *token;
};

struct sending {
	struct probe *probe;
	struct arena arena;
	struct rope rope;
	uint64_t begun_us;
	struct recipient_outcome results[RECIPIENTS];
	struct smtp_delivery delivery;
};

static void need(enum fault f, const char *what)
{
	if (f != FAULT_NONE) {
		struct slice slug = fault_slug(f);
		fprintf(stderr, "smtp_probe: %s: %.*s\n", what, (int)slug.len, slug.ptr);
		exit(2);
	}
}

static void read_file(const char *path, struct buf *into)
{
	char block[65536];
	size_t n;
	FILE *f = fopen(path, "rb");
	if (f == NULL) {
		need(FAULT_SYSTEM, path);
	}
	buf_init(into, FILE_MAX);
	while ((n = fread(block, 1, sizeof(block), f)) > 0) {
		need(buf_add(into, slice_of(block, n)), path);
	}
	fclose(f);
}

static void read_secret(const char *path, struct secret **into)
{
	struct buf bytes;
	read_file(path != NULL ? path : "/dev/null", &bytes);
	need(secret_new(buf_view(&bytes), into), "secret");
	buf_deinit(&bytes);
}

static void print_slice(const char *before, struct slice s)
{
	printf("%s%.*s", before, (int)s.len, s.ptr);
}

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void report(const struct smtp_delivery *d, uint64_t took_us)
{
	print_slice("fault=", d->fault == FAULT_NONE ? SLICE_LIT("none") : fault_slug(d->fault));
	print_slice(" phase=", phase_name(d->phase));
	printf(" sent=%llu us=%llu\n", (unsigned long long)d->content_sent,
	       (unsigned long long)took_us);
	for (size_t i = 0; i < d->recipient_count; i++) {
		const struct recipient_outcome *o = &d->results[i];
		printf("to=%zu ", i + 1);
		print_slice("", outcome_name(o->outcome));
		printf(" %d %s ", o->code, o->enhanced[0] != '\0' ? o->enhanced : "-");
		print_slice("", phase_name(o->phase));
		print_slice(" ", o->text);
		printf("\n");
	}
	if (d->fault != FAULT_NONE) {
		print_slice("detail=", problem_text(&d->problem));
		printf("\n");
	}
}

static void send_next(struct probe *p);

static void on_done(void *owner, struct smtp_delivery *d)
{
	struct sending *s = owner;
	struct probe *p = s->probe;
	report(d, now_us() - s->begun_us);
	arena_deinit(&s->arena);
	free(s);
	p->ended++;
	if (p->begun < p->times) {
		send_next(p);
	} else if (p->ended == p->times) {
		loop_stop(p->loop);
	}
}

static void send_next(struct probe *p)
{
	struct sending *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		exit(2);
	}
	s->probe = p;
	arena_init(&s->arena, 1024 * 1024);
	rope_init(&s->rope, &s->arena);
	need(rope_add(&s->rope, SLICE_LIT("Subject: probe\r\nMIME-Version: 1.0\r\n"
					  "Content-Type: application/octet-stream\r\n"
					  "Content-Transfer-Encoding: base64\r\n\r\n")),
	     "content");
	need(rope_add_base64(&s->rope, buf_view(&p->content)), "content");
	s->delivery = (struct smtp_delivery){
		.upstream = p->upstream,
		.sender = p->from,
		.recipients = p->to,
		.recipient_count = p->to_count,
		.message = &s->rope,
		.deadline = instant_after(loop_now(p->loop), p->deadline_ms),
		.arena = &s->arena,
		.done = on_done,
		.owner = s,
		.results = s->results,
	};
	p->begun++;
	s->begun_us = now_us();
	smtp_relay_send(p->relay, &s->delivery);
}

static void take_argument(struct probe *p, const char *argument)
{
	struct slice value = slice_of_text(argument);
	struct slice key;
	const char *text = strchr(argument, '=') + 1;
	uint64_t port = 0;
	bool good = slice_cut_to(&value, '=', &key);
	if (slice_eq(key, SLICE_LIT("host"))) {
		p->upstream.host = value;
	} else if (slice_eq(key, SLICE_LIT("port"))) {
		good = slice_to_u64(value, 65535, &port);
		p->upstream.port = (uint16_t)port;
	} else if (slice_eq(key, SLICE_LIT("tls"))) {
		p->upstream.tls = slice_eq(value, SLICE_LIT("implicit")) ? TLS_IMPLICIT
									 : TLS_STARTTLS;
	} else if (slice_eq(key, SLICE_LIT("user"))) {
		p->upstream.username = value;
	} else if (slice_eq(key, SLICE_LIT("from"))) {
		p->from = value;
	} else if (slice_eq(key, SLICE_LIT("to")) && p->to_count < RECIPIENTS) {
		good = mailbox_parse(value, &p->to[p->to_count++]) == FAULT_NONE;
	} else if (slice_eq(key, SLICE_LIT("ca"))) {
		p->ca_file = text;
	} else if (slice_eq(key, SLICE_LIT("password_file"))) {
		p->password_file = text;
	} else if (slice_eq(key, SLICE_LIT("token_file"))) {
		p->token_file = text;
	} else if (slice_eq(key, SLICE_LIT("range"))) {
		p->range = text;
	} else if (slice_eq(key, SLICE_LIT("file"))) {
		p->file = text;
	} else if (slice_eq(key, SLICE_LIT("times"))) {
		good = slice_to_u64(value, 1000000, &p->times);
	} else if (slice_eq(key, SLICE_LIT("at_once"))) {
		good = slice_to_u64(value, 1000, &p->at_once);
	} else if (slice_eq(key, SLICE_LIT("connections"))) {
		good = slice_to_u64(value, 100, &p->connections);
	} else if (slice_eq(key, SLICE_LIT("each"))) {
		good = slice_to_u64(value, 1000, &p->each);
	} else if (slice_eq(key, SLICE_LIT("deadline"))) {
		good = slice_to_u64(value, 1000000, &p->deadline_ms);
	} else {
		good = false;
	}
	need(good ? FAULT_NONE : FAULT_BAD_FIELD, argument);
}

static void run(struct probe *p)
{
	const char *const ranges[] = {"127.0.0.0/8", "::1/128",
				      p->range != NULL ? p->range : "::1/128"};
	CLEANUP(dialer_free) struct dialer *dialer = NULL;
	CLEANUP(tls_context_free) struct tls_context *tls = NULL;
	struct problem problem;
	need(loop_new(&p->loop), "loop");
	struct dialer_params dialer_params = {.allowed_ranges = ranges,
					      .allowed_range_count = COUNT_OF(ranges),
					      .allowed_ports = &p->upstream.port,
					      .allowed_port_count = 1};
	need(dialer_new(&dialer_params, &dialer, &problem), "dialer");
	need(tls_context_client_new(NULL, SLICE_LIT(""), &tls, &problem), "TLS");
	struct smtp_relay_params params = {
		.loop = p->loop,
		.dialer = dialer,
		.tls = tls,
		.ehlo_name = SLICE_LIT("probe.example.com"),
		.chunking = true,
		.connections_per_upstream = (unsigned)p->connections,
		.messages_per_connection = (unsigned)p->each,
		.idle_ms = 30000,
		.connect_ms = 10000,
		.greeting_ms = 30000,
		.command_ms = 60000,
		.content_ms = 60000,
		.final_min_ms = 10000,
	};
	need(smtp_relay_new(&params, &p->relay), "relay");
	struct instant start = instant_now();
	for (uint64_t i = 0; i < p->at_once && i < p->times; i++) {
		send_next(p);
	}
	loop_run(p->loop);
	printf("ms=%llu\n", (unsigned long long)(instant_now().ms - start.ms));
	smtp_relay_free(&p->relay);
	dialer_free(&dialer);
	loop_free(&p->loop);
}

int main(int argc, char **argv)
{
	static struct probe p = {
		.times = 1, .at_once = 1, .connections = 4, .each = 100, .deadline_ms = 20000};
	for (int i = 1; i < argc; i++) {
		need(strchr(argv[i], '=') != NULL ? FAULT_NONE : FAULT_BAD_FIELD, argv[i]);
		take_argument(&p, argv[i]);
	}
	need(secret_heap_start(), "secrets");
	read_file(p.file != NULL ? p.file : "/dev/null", &p.content);
	read_file(p.ca_file != NULL ? p.ca_file : "/dev/null", &p.ca);
	read_secret(p.password_file, &p.password);
	if (p.token_file != NULL) {
		read_secret(p.token_file, &p.token);
	}
	p.upstream.tenant = SLICE_LIT("probe");
	p.upstream.ca_pem = buf_view(&p.ca);
	p.upstream.password = p.password;
	p.upstream.token = p.token;
	run(&p);
	secret_free(&p.password);
	secret_free(&p.token);
	buf_deinit(&p.content);
	buf_deinit(&p.ca);
	return 0;
}
