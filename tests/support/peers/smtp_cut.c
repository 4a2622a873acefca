/*
 * NAME     smtp_cut - smtp_relay against a server that cuts the dialogue at one byte after the other
 * USE      smtp_cut key=value...; ca= cert= key= (PEM files) tls=starttls|implicit (implicit) side=replies|commands (replies)
 *          how=rst|fin|bye (rst: a reset; fin: closed without a word of TLS; bye: TLS is ended first) chunking=0|1 (0)
 *          nth= (the message on its connection whose dialogue is cut, 1) again=0|1 (whether later connections are served, 1)
 *          size= (bytes of content, about, 0) step= (1) sip=0|1 (every read and write of the server moves one byte, 0)
 *          most= (cases, 100000)
 * CASES    at=0, step, 2*step ...: side=replies: the server goes when it would send the byte at `at`; side=commands: once
 *          it has received `at` bytes; both counted from the begin of the nth message's dialogue (for the first one from the
 *          greeting). The series ends with the first case that is over before the cut
 * PRINTS   for each case `at=N cut=0|1 outcome=WORD fault=SLUG phase=PHASE sent=N size=N begun=0|1 complete=N answered=N
 *          connections=N`: begun: on the connection that was cut the content might come; complete: how often the server had
 *          all of the message; answered: how often it then said 250 to the end
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "spool-free/base/buf.h"
#include "spool-free/job/rope.h"
#include "relay/net/listen.h"
#include "relay/smtp/smtp.h"

enum { LANES = 48, GUESTS = 16, MESSAGES = 4, LINE_MAX_BYTES = 4096, DEADLINE_MS = 60 * 1000 };

enum how { CUT_RST, CUT_FIN, CUT_BYE };

struct plan {
	const char *ca_file, *cert_file, *key_file;
	enum tls_mode tls;
	enum how how;
	bool replies, chunking, again, sip;
	uint64_t nth, size, step, most;
};

struct bench {
	struct plan plan;
	struct loop *loop;
	struct dialer *dialer;
	struct tls_context *server_tls, *client_tls;
	struct secret *password;
	struct mailbox recipient;
	struct arena arena;
	struct rope ropes[MESSAGES];
	uint64_t next; /* the next case's place */
	bool is_over;
	unsigned busy;
};

/* One connection, as the server sees it. */
struct guest {
	struct lane *lane;
	struct stream *stream;
	struct buf line, out;
	bool is_content, is_last, is_over, is_clear, to_secure, has_sender;
	uint64_t chunk; /* bytes of it that are still to come; with `is_content` and no dot: BDAT */
	bool dot;	/* content ends with one */
	unsigned ended; /* the last bytes of a dot's end that were seen */
	uint64_t in, replied;
	unsigned message;   /* number on its Subject line, once that was read */
	uint64_t answer_at; /* `replied` at which its 250 is out */
	char head[32];
	size_t head_len;
};

struct lane {
	struct bench *bench;
	struct listener *listener;
	struct smtp_relay *relay;
	struct guest guests[GUESTS];
	struct smtp_delivery delivery;
	struct recipient_outcome result;
	struct loop_task turn;
	unsigned number; /* of the message under way */
	uint64_t at;
	struct guest *armed; /* its dialogue is to be cut */
	uint64_t in_base, replied_base;
	bool was_cut, was_begun;
	unsigned connections;
	unsigned complete[MESSAGES], answered[MESSAGES];
};

static void need(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "smtp_cut: %s\n", what);
		exit(2);
	}
}

static void leave(struct guest *g)
{
	stream_free(&g->stream);
	buf_deinit(&g->line);
	buf_deinit(&g->out);
	if (g->lane->armed == g) {
		g->lane->armed = NULL;
	}
}

static void cut(struct guest *g)
{
	struct lane *l = g->lane;
	l->was_cut = true;
	l->was_begun = g->is_content || l->complete[l->number] > 0;
	if (l->bench->plan.how == CUT_BYE) {
		stream_finish(g->stream);
	}
	leave(g);
}

static void say(struct guest *g, const char *line)
{
	need(buf_add_text(&g->out, line) == FAULT_NONE &&
		     buf_add_text(&g->out, "\r\n") == FAULT_NONE,
	     "memory");
}

static void capabilities(struct guest *g)
{
	say(g, "250-cut.example");
	say(g, "250-PIPELINING");
	if (g->lane->bench->plan.chunking) {
		say(g, "250-CHUNKING");
	}
	say(g, g->is_clear ? "250 STARTTLS" : "250 AUTH PLAIN");
}

static void content_over(struct guest *g)
{
	g->is_content = false;
	g->has_sender = false;
	need(g->message < MESSAGES, "content without its mark");
	g->lane->complete[g->message]++;
	say(g, "250 2.0.0 Taken");
	g->answer_at = g->replied + g->out.len;
	g->head_len = 0;
}

static void begin_content(struct guest *g, bool dot)
{
	g->is_content = true;
	g->dot = dot;
	g->ended = 2; /* as behind CR LF */
}

static bool begins(struct guest *g, const char *word)
{
	return slice_starts(buf_view(&g->line), slice_of_text(word));
}

static void on_bdat(struct guest *g)
{
	struct slice rest = slice_skip(buf_view(&g->line), 5);
	size_t digits = slice_find_byte(rest, ' ');
	digits = digits < rest.len ? digits : rest.len - 2;
	need(slice_to_u64(slice_first(rest, digits), UINT32_MAX, &g->chunk), "a size");
	g->is_last = slice_find(rest, SLICE_LIT("LAST")) < rest.len;
	begin_content(g, false);
}

static void on_line(struct guest *g)
{
	if (begins(g, "EHLO ")) {
		capabilities(g);
	} else if (begins(g, "STARTTLS")) {
		say(g, "220 2.0.0 Go on");
		g->to_secure = true;
	} else if (begins(g, "AUTH PLAIN ")) {
		say(g, "235 2.7.0 Yes");
	} else if (begins(g, "DATA")) {
		say(g, "354 Go on");
		begin_content(g, true);
	} else if (begins(g, "BDAT ")) {
		on_bdat(g);
	} else if (begins(g, "QUIT")) {
		say(g, "221 2.0.0 Bye");
		g->is_over = true;
	} else if (begins(g, "MAIL ") || begins(g, "RSET")) {
		g->has_sender = begins(g, "MAIL ");
		say(g, "250 2.1.0 Yes");
	} else if (begins(g, "RCPT ")) {
		say(g, g->has_sender ? "250 2.1.5 Yes" : "503 5.5.1 Out of sequence");
	} else {
		need(false, "a command that nobody knows");
	}
}

/* The mark stands first: "Subject: N". */
static void note_head(struct guest *g, char c)
{
	static const char mark[] = "Subject: ";
	if (g->head_len < sizeof(mark)) {
		g->head[g->head_len++] = c;
	}
	if (g->head_len == sizeof(mark)) {
		g->message = memcmp(g->head, mark, sizeof(mark) - 1) == 0
				     ? (unsigned)(g->head[sizeof(mark) - 1] - '0')
				     : MESSAGES;
	}
}

static void on_content_byte(struct guest *g, char c)
{
	static const char end[] = "\r\n.\r\n";
	note_head(g, c);
	if (!g->dot) {
		g->chunk--;
		return;
	}
	g->ended = c == end[g->ended] ? g->ended + 1 : c == '\r' ? 1 : 0;
	if (g->ended == sizeof(end) - 1) {
		content_over(g);
	}
}

/* A chunk out of sequence is read and refused: what a probe asks for. */
static void chunk_over(struct guest *g)
{
	if (g->message >= MESSAGES) {
		g->is_content = false;
		g->head_len = 0;
		say(g, "503 5.5.1 Out of sequence");
	} else if (g->is_last) {
		content_over(g);
	} else {
		g->is_content = false;
		say(g, "250 2.0.0 Chunk");
	}
}

static void take(struct guest *g, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g->in++;
		if (g->is_content) {
			on_content_byte(g, bytes[i]);
		} else {
			need(buf_add_byte(&g->line, bytes[i]) == FAULT_NONE, "a long line");
			if (bytes[i] == '\n') {
				on_line(g);
				buf_clear(&g->line);
			}
		}
		if (g->is_content && !g->dot && g->chunk == 0) {
			chunk_over(g);
		}
	}
}

/* How many of `n` bytes may still move before the cut. */
static size_t before_cut(const struct guest *g, bool replies, size_t n)
{
	const struct lane *l = g->lane;
	n = l->bench->plan.sip && n > 1 ? 1 : n;
	if (l->armed != g || l->bench->plan.replies != replies) {
		return n;
	}
	uint64_t base = replies ? l->replied_base : l->in_base;
	uint64_t left = base + l->at - (replies ? g->replied : g->in);
	return left < n ? (size_t)left : n;
}

/* False when the connection was cut, or has to wait. */
static bool write_out(struct guest *g)
{
	while (g->out.len > 0) {
		size_t n = before_cut(g, true, g->out.len);
		if (n == 0) {
			cut(g);
			return false;
		}
		if (stream_write(g->stream, slice_first(buf_view(&g->out), n), &n) !=
		    STREAM_MOVED) {
			return false;
		}
		buf_drop(&g->out, n);
		g->replied += n;
		if (g->replied == g->answer_at) {
			g->lane->answered[g->message]++;
		}
	}
	return true;
}

static void read_in(struct guest *g)
{
	static char room[64 * 1024];
	size_t n = before_cut(g, false, sizeof(room));
	while (n > 0 && stream_read(g->stream, room, n, &n) == STREAM_MOVED) {
		take(g, room, n);
		if (!write_out(g)) {
			return;
		}
		if (g->to_secure) {
			return;
		}
		n = before_cut(g, false, sizeof(room));
	}
	if (g->stream != NULL && before_cut(g, false, 1) == 0) {
		cut(g);
	}
}

static void on_event(void *owner, enum stream_event event)
{
	struct guest *g = owner;
	switch (event) {
	case STREAM_READY:
	case STREAM_READABLE:
		read_in(g);
		break;
	case STREAM_WRITABLE:
		break;
	case STREAM_LATE:
	case STREAM_ENDED:
	case STREAM_FAILED:
		leave(g);
		return;
	}
	if (g->stream == NULL) {
		return;
	}
	bool done = write_out(g);
	if (g->stream == NULL) {
		return;
	}
	if (done && g->is_over) {
		leave(g);
		return;
	}
	if (done && g->to_secure) {
		g->to_secure = false;
		g->is_clear = false;
		need(stream_start_tls(g->stream, g->lane->bench->server_tls, (struct slice){0}) ==
			     FAULT_NONE,
		     "STARTTLS");
	}
	stream_want(g->stream, true, !done);
}

static void arm(struct lane *l, struct guest *g)
{
	l->armed = g;
	l->in_base = g->in;
	l->replied_base = g->replied;
}

static struct guest *free_guest(struct lane *l)
{
	for (size_t i = 0; i < GUESTS; i++) {
		if (l->guests[i].stream == NULL) {
			return &l->guests[i];
		}
	}
	need(false, "too many connections");
	return NULL;
}

static void on_guest(void *owner, int fd, const struct address *peer UNUSED)
{
	struct lane *l = owner;
	const struct plan *p = &l->bench->plan;
	const struct linger at_once = {.l_onoff = 1};
	struct guest *g = free_guest(l);
	l->connections++;
	if (p->how == CUT_RST) {
		need(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) == 0,
		     "SO_LINGER");
	}
	*g = (struct guest){.lane = l, .is_clear = p->tls == TLS_STARTTLS, .message = MESSAGES};
	buf_init(&g->line, LINE_MAX_BYTES);
	buf_init(&g->out, 64 * 1024);
	need(stream_accept(l->bench->loop, fd, g->is_clear ? NULL : l->bench->server_tls, on_event,
			   g, &g->stream) == FAULT_NONE,
	     "accept");
	stream_want(g->stream, true, true);
	if (l->connections == 1 && p->nth == 1) {
		arm(l, g);
	} else if (l->was_cut && !p->again) {
		leave(g);
		return;
	}
	say(g, "220 cut.example");
}

static void next_message(struct lane *l);

static void next_case(struct lane *l);

static void report(const struct lane *l)
{
	const struct smtp_delivery *d = &l->delivery;
	struct slice outcome = outcome_name(l->result.outcome);
	struct slice fault = d->fault == FAULT_NONE ? SLICE_LIT("none") : fault_slug(d->fault);
	struct slice phase = phase_name(d->phase);
	printf("at=%llu cut=%d outcome=%.*s fault=%.*s phase=%.*s sent=%llu size=%llu begun=%d "
	       "complete=%u answered=%u connections=%u\n",
	       (unsigned long long)l->at, l->was_cut, (int)outcome.len, outcome.ptr, (int)fault.len,
	       fault.ptr, (int)phase.len, phase.ptr, (unsigned long long)d->content_sent,
	       (unsigned long long)d->message->size, l->was_begun, l->complete[l->number],
	       l->answered[l->number], l->connections);
}

static void on_done(void *owner, struct smtp_delivery *d)
{
	struct lane *l = owner;
	if (l->number < l->bench->plan.nth) {
		need(d->fault == FAULT_NONE && l->result.outcome == OUTCOME_DELIVERED &&
			     l->connections == 1,
		     "a message before the cut was not delivered");
		next_message(l);
		return;
	}
	report(l);
	l->bench->is_over = l->bench->is_over || !l->was_cut;
	next_case(l);
}

static void next_message(struct lane *l)
{
	struct bench *b = l->bench;
	l->number++;
	if (l->number > 1 && l->number == b->plan.nth) {
		for (size_t i = 0; i < GUESTS; i++) {
			if (l->guests[i].stream != NULL) {
				arm(l, &l->guests[i]);
			}
		}
		need(l->armed != NULL, "the connection is gone");
	}
	l->delivery = (struct smtp_delivery){
		.upstream = {.tenant = SLICE_LIT("cut"),
			     .host = SLICE_LIT("127.0.0.1"),
			     .port = listener_port(l->listener),
			     .tls = b->plan.tls,
			     .username = SLICE_LIT("user"),
			     .password = b->password},
		.sender = SLICE_LIT("pages@example.com"),
		.recipients = &b->recipient,
		.recipient_count = 1,
		.message = &b->ropes[l->number],
		.deadline = instant_after(loop_now(b->loop), DEADLINE_MS),
		.arena = &b->arena,
		.done = on_done,
		.owner = l,
		.results = &l->result,
	};
	smtp_relay_send(l->relay, &l->delivery);
}

static void open_relay(struct lane *l)
{
	struct bench *b = l->bench;
	const struct smtp_relay_params params = {
		.loop = b->loop,
		.dialer = b->dialer,
		.tls = b->client_tls,
		.ehlo_name = SLICE_LIT("client.example"),
		.connections_per_upstream = 1,
		.chunking = b->plan.chunking,
		.messages_per_connection = 100,
		.idle_ms = 30000,
		.connect_ms = 10000,
		.greeting_ms = 30000,
		.command_ms = 60000,
		.content_ms = 60000,
		.final_min_ms = 10000,
	};
	need(smtp_relay_new(&params, &l->relay) == FAULT_NONE, "relay");
}

static void end_case(struct lane *l)
{
	smtp_relay_free(&l->relay);
	for (size_t i = 0; i < GUESTS; i++) {
		if (l->guests[i].stream != NULL) {
			leave(&l->guests[i]);
		}
	}
}

/* A relay of its own for each case: it knows nothing of the one before. */
static void begin_case(void *owner)
{
	struct lane *l = owner;
	struct bench *b = l->bench;
	end_case(l);
	if (b->is_over || b->next / b->plan.step >= b->plan.most) {
		listener_free(&l->listener);
		if (--b->busy == 0) {
			loop_stop(b->loop);
		}
		return;
	}
	l->at = b->next;
	b->next += b->plan.step;
	l->number = 0;
	l->armed = NULL;
	l->was_cut = false;
	l->was_begun = false;
	l->connections = 0;
	memset(l->complete, 0, sizeof(l->complete));
	memset(l->answered, 0, sizeof(l->answered));
	open_relay(l);
	next_message(l);
}

/* The relay that told the end still stands on the stack: it is freed in a round of its own. */
static void next_case(struct lane *l)
{
	l->turn = (struct loop_task){.fn = begin_case, .owner = l};
	loop_post(l->bench->loop, &l->turn);
}

static void make_messages(struct bench *b)
{
	static const char text[] = "Some words of a page, more than once so.\r\n";
	static const char *const marks[MESSAGES] = {"Subject: 0\r\n\r\n", "Subject: 1\r\n\r\n",
						    "Subject: 2\r\n\r\n", "Subject: 3\r\n\r\n"};
	arena_init(&b->arena, 256 * 1024 * 1024);
	need(mailbox_parse(SLICE_LIT("erika@example.org"), &b->recipient) == FAULT_NONE, "address");
	for (size_t i = 0; i < MESSAGES; i++) {
		rope_init(&b->ropes[i], &b->arena);
		need(rope_add(&b->ropes[i], slice_of_text(marks[i])) == FAULT_NONE, "content");
	}
	char *bytes = arena_bytes(&b->arena, b->plan.size + sizeof(text));
	need(bytes != NULL, "memory");
	size_t len = 0;
	do {
		memcpy(bytes + len, text, sizeof(text) - 1);
		len += sizeof(text) - 1;
	} while (len + sizeof(text) < b->plan.size);
	for (size_t i = 0; i < MESSAGES; i++) {
		need(rope_add(&b->ropes[i], slice_of(bytes, len)) == FAULT_NONE, "content");
	}
}

static void take_argument(struct plan *p, const char *argument)
{
	const char *text = strchr(argument, '=');
	need(text != NULL, argument);
	struct slice key = slice_of(argument, (size_t)(text - argument));
	struct slice value = slice_of_text(++text);
	uint64_t number = 0;
	bool is_number = slice_to_u64(value, 1U << 30, &number);
	if (slice_eq(key, SLICE_LIT("ca"))) {
		p->ca_file = text;
	} else if (slice_eq(key, SLICE_LIT("cert"))) {
		p->cert_file = text;
	} else if (slice_eq(key, SLICE_LIT("key"))) {
		p->key_file = text;
	} else if (slice_eq(key, SLICE_LIT("tls"))) {
		p->tls = slice_eq(value, SLICE_LIT("starttls")) ? TLS_STARTTLS : TLS_IMPLICIT;
	} else if (slice_eq(key, SLICE_LIT("side"))) {
		p->replies = slice_eq(value, SLICE_LIT("replies"));
	} else if (slice_eq(key, SLICE_LIT("how"))) {
		p->how = slice_eq(value, SLICE_LIT("rst"))   ? CUT_RST
			 : slice_eq(value, SLICE_LIT("fin")) ? CUT_FIN
							     : CUT_BYE;
	} else {
		need(is_number, argument);
		uint64_t *into = slice_eq(key, SLICE_LIT("nth"))    ? &p->nth
				 : slice_eq(key, SLICE_LIT("size")) ? &p->size
				 : slice_eq(key, SLICE_LIT("step")) ? &p->step
				 : slice_eq(key, SLICE_LIT("most")) ? &p->most
								    : NULL;
		bool *flag = slice_eq(key, SLICE_LIT("chunking")) ? &p->chunking
			     : slice_eq(key, SLICE_LIT("again"))  ? &p->again
			     : slice_eq(key, SLICE_LIT("sip"))	  ? &p->sip
								  : NULL;
		need(into != NULL || flag != NULL, argument);
		if (into != NULL) {
			*into = number;
		} else {
			*flag = number != 0;
		}
	}
}

static void open_bench(struct bench *b, struct lane *lanes, uint16_t *ports)
{
	static const char *const ranges[] = {"127.0.0.0/8"};
	struct problem problem;
	const struct listener_params at = {.address = "127.0.0.1"};
	need(loop_new(&b->loop) == FAULT_NONE, "loop");
	need(tls_context_server_new(b->plan.cert_file, b->plan.key_file, &b->server_tls,
				    &problem) == FAULT_NONE,
	     "certificate");
	need(tls_context_client_new(b->plan.ca_file, (struct slice){0}, &b->client_tls, &problem) ==
		     FAULT_NONE,
	     "authority");
	for (size_t i = 0; i < LANES; i++) {
		lanes[i].bench = b;
		need(listener_new(b->loop, &at, on_guest, &lanes[i], &lanes[i].listener,
				  &problem) == FAULT_NONE,
		     "listener");
		ports[i] = listener_port(lanes[i].listener);
	}
	const struct dialer_params dialer = {.allowed_ranges = ranges,
					     .allowed_range_count = 1,
					     .allowed_ports = ports,
					     .allowed_port_count = LANES};
	need(dialer_new(&dialer, &b->dialer, &problem) == FAULT_NONE, "dialer");
	need(secret_new(SLICE_LIT("secret"), &b->password) == FAULT_NONE, "secret");
	make_messages(b);
}

int main(int argc, char **argv)
{
	static struct bench b = {.plan = {.tls = TLS_IMPLICIT,
					  .replies = true,
					  .again = true,
					  .nth = 1,
					  .step = 1,
					  .most = 100000}};
	static struct lane lanes[LANES];
	static uint16_t ports[LANES];
	for (int i = 1; i < argc; i++) {
		take_argument(&b.plan, argv[i]);
	}
	need(b.plan.nth >= 1 && b.plan.nth < MESSAGES && b.plan.step > 0, "nth or step");
	need(secret_heap_start() == FAULT_NONE, "secrets");
	open_bench(&b, lanes, ports);
	b.busy = LANES;
	for (size_t i = 0; i < LANES; i++) {
		begin_case(&lanes[i]);
	}
	loop_run(b.loop);
	dialer_free(&b.dialer);
	loop_free(&b.loop);
	tls_context_free(&b.server_tls);
	tls_context_free(&b.client_tls);
	secret_free(&b.password);
	arena_deinit(&b.arena);
	return 0;
}
