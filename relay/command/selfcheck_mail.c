#include "relay/command/selfcheck_mail.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "spool-free/base/json.h"
#include "spool-free/base/wipe.h"
#include "relay/net/https.h"
#include "relay/net/throwaway.h"
#include "relay/command/child.h"
#include "relay/command/command.h"
#include "relay/command/desk_client.h"

enum {
	PATH_ROOM = 300,
	START_MS = 30 * 1000,
	ANSWER_MS = 120 * 1000,
	MESSAGE_MAX = 16 * 1024 * 1024,
	JOB_MAX = 64 * 1024,
	LINE_MAX_BYTES = 4096,
	TENANT_ROOM = 32,
};

/* Where a canary stands; each is of its own. */
enum place {
	SUBJECT,
	BODY,
	NOTE,
	TITLE,
	SPACE_NAME,
	HEADER_TEXT,
	SENDER_NAME,
	SENDER_ADDRESS,
	RECIPIENT_NAME,
	RECIPIENT_ADDRESS,
	FILE_NAME,
	ATTACHMENT,
	PASSWORD,
	PLACES
};

static const char *const place_names[PLACES] = {
	[SUBJECT] = "subject",
	[BODY] = "body",
	[NOTE] = "note",
	[TITLE] = "title",
	[SPACE_NAME] = "space's name",
	[HEADER_TEXT] = "header text",
	[SENDER_NAME] = "sender's name",
	[SENDER_ADDRESS] = "sender's address",
	[RECIPIENT_NAME] = "recipient's name",
	[RECIPIENT_ADDRESS] = "recipient's address",
	[FILE_NAME] = "file name",
	[ATTACHMENT] = "attachment",
	[PASSWORD] = "password",
};

static const char preview_row[] = "a preview with canaries";
static const char job_row[] = "the job through a mail server in memory";

struct mail {
	const struct selfcheck_mail *m;
	struct selfcheck_report *report;
	char values[PLACES][CANARY_LEN + 1];
	char tenant[TENANT_ROOM]; /* empty: none was made */
	char port[8];
	struct child sink;
	struct secret *token;
};

static void tell(const struct mail *s, const char *what, enum selfcheck_result result,
		 const char *detail)
{
	selfcheck_report_add(s->report, "mail", slice_of_text(what), result, slice_of_text(detail));
}

static const char *in_folder(const struct mail *s, const char *name, char room[PATH_ROOM])
{
	snprintf(room, PATH_ROOM, "%s/%s", s->m->folder, name);
	return room;
}

/* --- a mail server, and a tenant that uses it --- */

/* Runs a command of this program to its end; its first line goes to `line`, which may be NULL. */
static bool run(const char *const *argv, struct slice input, struct buf *line)
{
	struct child c;
	if (child_start(argv, input, CHILD_HUSHED, &c) != FAULT_NONE) {
		return false;
	}
	enum fault f = line != NULL ? child_read_line(&c, START_MS, line) : FAULT_NONE;
	bool done = child_wait(&c) == EXIT_DONE && f == FAULT_NONE;
	child_stop(&c);
	return done;
}

static bool make_certificates(const struct mail *s)
{
	static const char *const hosts[] = {"localhost", "127.0.0.1"};
	char rooms[3][PATH_ROOM];
	struct throwaway *authority;
	const struct throwaway_leaf leaf = {.hosts = hosts,
					    .host_count = COUNT_OF(hosts),
					    .cert_file = in_folder(s, "sink.crt", rooms[0]),
					    .key_file = in_folder(s, "sink.key", rooms[1])};
	if (throwaway_new(in_folder(s, "ca.pem", rooms[2]), &authority) != FAULT_NONE) {
		return false;
	}
	bool written = throwaway_write(authority, &leaf) == FAULT_NONE;
	throwaway_free(&authority);
	return written;
}

/* The password with a line's end, for a standard input. */
static enum fault password_line(const struct mail *s, struct buf *into)
{
	buf_init(into, CANARY_LEN + 2);
	enum fault f = buf_add_text(into, s->values[PASSWORD]);
	return f == FAULT_NONE ? buf_add_byte(into, '\n') : f;
}

static bool start_sink_at(struct mail *s, uint16_t port)
{
	char rooms[2][PATH_ROOM];
	CLEANUP(buf_deinit) struct buf password;
	CLEANUP(buf_deinit) struct buf line;
	snprintf(s->port, sizeof(s->port), "%u", port);
	const char *const argv[] = {"sink",
				    "--certificate",
				    in_folder(s, "sink.crt", rooms[0]),
				    "--key",
				    in_folder(s, "sink.key", rooms[1]),
				    "--port",
				    s->port,
				    "--user",
				    "selfcheck",
				    "--password-file",
				    "stdin",
				    "--print",
				    NULL};
	buf_init(&line, LINE_MAX_BYTES);
	if (password_line(s, &password) != FAULT_NONE ||
	    child_start(argv, buf_view(&password), CHILD_HUSHED, &s->sink) != FAULT_NONE) {
		return false;
	}
	if (child_read_line(&s->sink, START_MS, &line) == FAULT_NONE &&
	    slice_starts(buf_view(&line), SLICE_LIT("port="))) {
		return true;
	}
	child_stop(&s->sink);
	return false;
}

/* The last ones are those that need no privilege. */
static bool start_sink(struct mail *s)
{
	bool up = false;
	for (size_t i = s->m->port_count; !up && i > 0; i--) {
		up = start_sink_at(s, s->m->ports[i - 1]);
	}
	return up;
}

static bool make_tenant(struct mail *s)
{
	unsigned char chance[6];
	char room[PATH_ROOM];
	const char *c = s->m->settings_file;
	CLEANUP(buf_deinit) struct buf password;
	CLEANUP(buf_deinit) struct buf token;
	buf_init(&token, LINE_MAX_BYTES);
	if (getrandom(chance, sizeof(chance), 0) != (ssize_t)sizeof(chance) ||
	    password_line(s, &password) != FAULT_NONE) {
		return false;
	}
	char name[TENANT_ROOM];
	snprintf(name, sizeof(name), "selfcheck-%02x%02x%02x%02x%02x%02x", chance[0], chance[1],
		 chance[2], chance[3], chance[4], chance[5]);
	const char *const add[] = {"tenant", "add", name, "--default-server",
				   "main",   "-c",  c,	  NULL};
	const char *const put[] = {"server",
				   "put",
				   "main",
				   "--tenant",
				   name,
				   "--host",
				   "localhost",
				   "--port",
				   s->port,
				   "--tls",
				   "starttls",
				   "--ca",
				   in_folder(s, "ca.pem", room),
				   "--username",
				   "selfcheck",
				   "--from",
				   "selfcheck@example.com",
				   "-c",
				   c,
				   NULL};
	const char *const new[] = {"token",	"new", "--tenant", name, "--label",
				   "selfcheck", "-c",  c,	   NULL};
	if (!run(add, (struct slice){0}, NULL)) {
		return false;
	}
	memcpy(s->tenant, name, sizeof(name));
	return run(put, buf_view(&password), NULL) && run(new, (struct slice){0}, &token) &&
	       secret_new(slice_trim(buf_view(&token)), &s->token) == FAULT_NONE;
}

static void remove_tenant(struct mail *s)
{
	const char *const argv[] = {
		"tenant", "remove", s->tenant, "--yes", "-c", s->m->settings_file, NULL};
	if (s->tenant[0] != '\0') {
		bool gone = run(argv, (struct slice){0}, NULL);
		tell(s, "the tenant of this check is shredded",
		     gone ? SELFCHECK_PASSED : SELFCHECK_FAILED, s->tenant);
	}
}

static bool read_token(struct mail *s)
{
	char room[LINE_MAX_BYTES];
	int fd = open(s->m->token_file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, room, sizeof(room)) : -1;
	if (fd >= 0) {
		close(fd);
	}
	struct slice token = n > 0 ? slice_trim(slice_of(room, (size_t)n)) : (struct slice){0};
	bool taken = token.len >= (size_t)2 * CANARY_PART && token.len <= CANARY_MAX &&
		     secret_new(token, &s->token) == FAULT_NONE;
	wipe(room, sizeof(room));
	return taken;
}

/* False when nothing can be sent; the row says why. */
static bool prepare(struct mail *s)
{
	static const char what[] = "a tenant and a mail server for this check";
	if (s->m->token_file != NULL) {
		bool taken = read_token(s);
		tell(s, what, taken ? SELFCHECK_NOT_TRIED : SELFCHECK_FAILED,
		     taken ? "there is a token: a preview only"
			   : "the token file cannot be read, or holds no token");
		return taken;
	}
	if (!make_certificates(s) || !start_sink(s)) {
		tell(s, what, SELFCHECK_NOT_TRIED,
		     "no port of relay.allowed_ports is free for a mail server");
		return false;
	}
	if (!make_tenant(s)) {
		tell(s, what, SELFCHECK_NOT_TRIED,
		     "the vault does not open by vault.credential: give --token-file");
		return false;
	}
	tell(s, what, SELFCHECK_PASSED, s->tenant);
	return true;
}

/* --- the job --- */

static void put_person(struct json_writer *w, const struct mail *s, enum place name,
		       enum place address)
{
	char mailbox[CANARY_LEN + 16];
	snprintf(mailbox, sizeof(mailbox), "%s@example.com", s->values[address]);
	json_put_object(w);
	json_member_text(w, "name", slice_of_text(s->values[name]));
	json_member_text(w, "email", slice_of_text(mailbox));
	json_put_object_end(w);
	wipe(mailbox, sizeof(mailbox));
}

static void put_page(struct json_writer *w, const struct mail *s)
{
	char body[2 * CANARY_LEN + 64];
	snprintf(body, sizeof(body), "<h1>Self-check</h1><p>%s</p>", s->values[BODY]);
	json_put_object(w);
	json_member_text(w, "id", SLICE_LIT("1"));
	json_member_u64(w, "version", 1);
	json_member_text(w, "title", slice_of_text(s->values[TITLE]));
	json_member_text(w, "space_key", SLICE_LIT("SELFCHECK"));
	json_member_text(w, "space_name", slice_of_text(s->values[SPACE_NAME]));
	json_member_text(w, "format", SLICE_LIT("storage"));
	json_member_text(w, "body", slice_of_text(body));
	json_put_object_end(w);
	wipe(body, sizeof(body));
}

static enum fault write_job(const struct mail *s, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "site_url", SLICE_LIT("https://example.com/wiki"));
	json_put_key(&w, "page");
	put_page(&w, s);
	json_put_key(&w, "sender");
	put_person(&w, s, SENDER_NAME, SENDER_ADDRESS);
	json_put_key(&w, "to");
	json_put_array(&w);
	put_person(&w, s, RECIPIENT_NAME, RECIPIENT_ADDRESS);
	json_put_array_end(&w);
	json_member_text(&w, "subject", slice_of_text(s->values[SUBJECT]));
	json_member_text(&w, "note", slice_of_text(s->values[NOTE]));
	json_put_key(&w, "layout");
	json_put_object(&w);
	json_member_text(&w, "header_text", slice_of_text(s->values[HEADER_TEXT]));
	json_put_object_end(&w);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

static enum fault post(const struct mail *s, struct https *h, const char *path,
		       struct https_answer *out_answer, struct problem *problem)
{
	char url[PATH_ROOM];
	char file_name[CANARY_LEN + 8];
	CLEANUP(buf_deinit) struct buf job;
	buf_init(&job, JOB_MAX);
	enum fault f = write_job(s, &job);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	snprintf(url, sizeof(url), "%s%s", s->m->url, path);
	snprintf(file_name, sizeof(file_name), "%s.bin", s->values[FILE_NAME]);
	const struct https_part parts[] = {
		{.name = "job", .type = "application/json", .bytes = buf_view(&job)},
		{.name = "attachment",
		 .file_name = file_name,
		 .type = "application/octet-stream",
		 .bytes = slice_of_text(s->values[ATTACHMENT])},
	};
	const struct https_request request = {
		.url = url, .parts = parts, .part_count = COUNT_OF(parts)};
	return https_exchange(h, &request, out_answer, problem);
}

/* The text of a member of the answer's object itself; empty when there is none. */
static struct slice member(struct buf *body, const char *key)
{
	struct json j;
	json_init(&j, body->ptr, body->len);
	struct json_token t = json_next(&j);
	while (t.kind == JSON_OBJECT || t.kind == JSON_KEY) {
		t = json_next(&j);
		if (t.kind == JSON_KEY && slice_eq(t.text, slice_of_text(key))) {
			t = json_next(&j);
			return t.kind == JSON_STRING ? t.text : (struct slice){0};
		}
		if (t.kind != JSON_KEY || json_skip(&j, t) != FAULT_NONE) {
			break;
		}
	}
	return (struct slice){0};
}

/* Answers are kept for a while, with the recipients' addresses: this one goes at once. */
static void forget(const struct mail *s, struct slice id)
{
	struct desk_client_answer answer = {0};
	struct problem problem;
	if (id.len > 0) {
		/* A fault's answer may not be kept at all. */
		(void)!desk_ask(s->m->desk, "POST", "/forget", id, &answer, &problem);
		desk_client_answer_deinit(&answer);
	}
}

/* What came over the wire has them: the search finds what is there. */
static void look_at_message(struct mail *s, const struct canaries *c)
{
	static const struct slice mark = SLICE_INIT("bytes=");
	char detail[SELFCHECK_DETAIL_MAX];
	CLEANUP(buf_deinit) struct buf line;
	CLEANUP(buf_deinit) struct buf message;
	uint64_t bytes = 0;
	buf_init(&line, LINE_MAX_BYTES);
	buf_init(&message, MESSAGE_MAX);
	bool is_here = child_read_line(&s->sink, START_MS, &line) == FAULT_NONE;
	struct slice rest = buf_view(&line);
	rest = slice_skip(rest, slice_find(rest, mark) + mark.len);
	rest = slice_first(rest, slice_find_byte(rest, ' '));
	is_here = is_here && slice_to_u64(slice_trim(rest), MESSAGE_MAX, &bytes) &&
		  child_read_bytes(&s->sink, bytes, START_MS, &message) == FAULT_NONE;
	size_t places = is_here ? canaries_count_places(c, buf_view(&message)) : 0;
	snprintf(detail, sizeof(detail), "delivered; the message has canaries in %zu places",
		 places);
	tell(s, job_row, places >= PLACES / 2 ? SELFCHECK_PASSED : SELFCHECK_FAILED, detail);
}

static void judge_job(struct mail *s, const struct canaries *c, struct https_answer *a)
{
	char detail[SELFCHECK_DETAIL_MAX];
	struct slice id = member(&a->body, "id");
	struct slice outcome = member(&a->body, "outcome");
	id = id.len > 0 ? id : member(&a->body, "job");
	if (a->status == 200 && slice_eq(outcome, SLICE_LIT("delivered"))) {
		look_at_message(s, c);
	} else {
		struct slice type = member(&a->body, "type");
		snprintf(detail, sizeof(detail), "not delivered: HTTP status %d %.*s", a->status,
			 (int)slice_first(type, 60).len, type.len > 0 ? type.ptr : "");
		tell(s, job_row, SELFCHECK_NOT_TRIED, detail);
	}
	forget(s, id);
}

static bool preview(struct mail *s, struct https *h)
{
	struct problem problem;
	struct https_answer a = {0};
	char detail[SELFCHECK_DETAIL_MAX];
	enum fault f = post(s, h, "/v1/render", &a, &problem);
	bool seen = f == FAULT_NONE && a.status == 200;
	struct slice why = f == FAULT_NONE && !seen ? member(&a.body, "detail") : SLICE_LIT("");
	snprintf(detail, sizeof(detail), "HTTP status %d%s%.*s", a.status, why.len > 0 ? ": " : "",
		 (int)why.len, why.len > 0 ? why.ptr : "");
	selfcheck_report_add(s->report, "mail", slice_of_text(preview_row),
			     seen ? SELFCHECK_PASSED : SELFCHECK_FAILED,
			     f == FAULT_NONE ? slice_of_text(detail) : problem_text(&problem));
	https_answer_deinit(&a);
	return seen;
}

static void send_job(struct mail *s, const struct canaries *c, struct https *h)
{
	struct problem problem;
	struct https_answer a = {0};
	if (post(s, h, "/v1/jobs", &a, &problem) == FAULT_NONE) {
		judge_job(s, c, &a);
	} else {
		selfcheck_report_add(s->report, "mail", slice_of_text(job_row), SELFCHECK_FAILED,
				     problem_text(&problem));
	}
	https_answer_deinit(&a);
}

/* True: the gateway took the preview, at least. */
static bool send_all(struct mail *s, const struct canaries *c)
{
	struct problem problem;
	CLEANUP(https_free) struct https *h = NULL;
	const struct https_params params = {
		.ca_file = s->m->ca_file, .bearer = s->token, .timeout_ms = ANSWER_MS};
	if (https_new(&params, &h, &problem) != FAULT_NONE) {
		selfcheck_report_add(s->report, "mail", slice_of_text(preview_row),
				     SELFCHECK_FAILED, problem_text(&problem));
		tell(s, job_row, SELFCHECK_NOT_TRIED, "the preview failed");
		return false;
	}
	bool seen = preview(s, h);
	if (seen && s->tenant[0] != '\0') {
		send_job(s, c, h);
	} else {
		tell(s, job_row, SELFCHECK_NOT_TRIED,
		     seen ? "there is a token: a preview only" : "the preview failed");
	}
	return seen;
}

static enum fault make_canaries(struct mail *s, struct canaries *c)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; f == FAULT_NONE && i < PLACES; i++) {
		f = canary_letters(s->values[i]);
		f = f == FAULT_NONE ? canaries_add(c, place_names[i], slice_of_text(s->values[i]))
				    : f;
	}
	return f;
}

bool selfcheck_mail_send(const struct selfcheck_mail *m, struct canaries *c,
			 struct selfcheck_report *r)
{
	struct mail s = {.m = m, .report = r, .sink = {.out_fd = -1}};
	bool is_ready = make_canaries(&s, c) == FAULT_NONE && prepare(&s) &&
			canaries_add(c, "token", secret_view(s.token)) == FAULT_NONE;
	bool is_sent = is_ready && send_all(&s, c);
	if (!is_ready) {
		tell(&s, preview_row, SELFCHECK_NOT_TRIED, "there is nothing to send it by");
		tell(&s, job_row, SELFCHECK_NOT_TRIED, "there is nothing to send it by");
	}
	remove_tenant(&s);
	child_stop(&s.sink);
	secret_free(&s.token);
	wipe(&s, sizeof(s));
	return is_sent;
}
