#include "relay/command/send_answer.h"

#include "spool-free/base/json.h"
#include "spool-free/base/text.h"

/* What stands behind a mail server's refusal. */
struct cause_words {
	struct slice detail, owner, remedy;
};

struct recipient {
	struct slice address, outcome, code, enhanced, text, phase;
	struct cause_words cause;
	struct cause_words problem; /* why it was not tried */
};

struct problem_words {
	struct slice title, detail, owner;
	struct cause_words cause;
};

struct reader {
	struct json json;
	struct buf *text;
	enum fault fault;
	struct slice state, outcome, receipt;
	struct problem_words problem;
};

static void add(struct reader *r, struct slice bytes)
{
	r->fault = r->fault == FAULT_NONE ? buf_add(r->text, bytes) : r->fault;
}

/* The first fault counts. */
static void refuse(struct reader *r)
{
	r->fault = r->fault == FAULT_NONE ? FAULT_BAD_JSON : r->fault;
}

static void add_text(struct reader *r, const char *literal)
{
	add(r, slice_of_text(literal));
}

/* Escape sequences of a server's words must not reach a terminal. */
static void add_printable(struct reader *r, struct slice words)
{
	char bytes[TEXT_UTF8_MAX];
	while (words.len > 0) {
		uint32_t code = text_next(&words);
		bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
		add(r, slice_of(bytes, text_encode(control ? '?' : code, bytes)));
	}
}

/* One text or number of an object, where the row says, or an object of its own; anything else is passed over. */
struct row {
	struct slice key;
	struct slice *into;
	const struct row *inner; /* CAUSE_ROWS of them, without any of their own */
};

enum { CAUSE_ROWS = 3 };
#define ROWS_OF_CAUSE(words)                                                                       \
	{                                                                                          \
		{SLICE_INIT("detail"), &(words).detail, NULL},                                     \
			{SLICE_INIT("owner"), &(words).owner, NULL},                               \
			{SLICE_INIT("remedy"), &(words).remedy, NULL},                             \
	}

static void take_object(struct reader *r, const struct row *rows, size_t count);

static void take_value(struct reader *r, struct json_token key, const struct row *rows,
		       size_t count)
{
	struct json_token value;
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(key.text, rows[i].key)) {
			value = json_next(&r->json);
			if (value.kind == JSON_OBJECT && rows[i].inner != NULL) {
				take_object(r, rows[i].inner, CAUSE_ROWS);
			} else if (rows[i].into != NULL &&
				   (value.kind == JSON_STRING || value.kind == JSON_NUMBER)) {
				*rows[i].into = value.text;
			} else if (value.kind == JSON_OBJECT || value.kind == JSON_ARRAY) {
				r->fault = json_skip(&r->json, value);
			}
			return;
		}
	}
	r->fault = json_skip(&r->json, key);
}

/* After the opening brace. */
static void take_object(struct reader *r, const struct row *rows, size_t count)
{
	struct json_token t = json_next(&r->json);
	while (r->fault == FAULT_NONE && t.kind == JSON_KEY) {
		take_value(r, t, rows, count);
		t = json_next(&r->json);
	}
	if (r->fault == FAULT_NONE && t.kind != JSON_OBJECT_END) {
		refuse(r);
	}
}

static void tell_cause(struct reader *r, const struct cause_words *c)
{
	if (c->detail.len == 0) {
		return;
	}
	add_text(r, "    cause: ");
	add_printable(r, c->detail);
	add_text(r, "\n    remedy, by the ");
	add_printable(r, c->owner);
	add_text(r, ": ");
	add_printable(r, c->remedy);
	add_text(r, "\n");
}

static void tell_recipient(struct reader *r, const struct recipient *p)
{
	add_text(r, "  ");
	add_printable(r, p->address);
	add_text(r, ": ");
	add_printable(r, p->outcome);
	if (p->code.len > 0) {
		add_text(r, ", ");
		add_printable(r, p->code);
	}
	if (p->enhanced.len > 0) {
		add_text(r, " ");
		add_printable(r, p->enhanced);
	}
	if (p->text.len > 0) {
		add_text(r, " ");
		add_printable(r, p->text);
	}
	if (p->phase.len > 0) {
		add_text(r, " (");
		add_printable(r, p->phase);
		add_text(r, ")");
	}
	add_text(r, "\n");
	tell_cause(r, &p->cause);
	if (p->problem.detail.len > 0) {
		add_text(r, "    not tried: ");
		add_printable(r, p->problem.detail);
		add_text(r, "\n");
	}
}

/* A list of objects, each taken and told in turn. */
static void take_list(struct reader *r, void (*take_one)(struct reader *r))
{
	struct json_token t = json_next(&r->json);
	if (t.kind != JSON_ARRAY) {
		refuse(r);
		return;
	}
	for (t = json_next(&r->json); r->fault == FAULT_NONE && t.kind == JSON_OBJECT;
	     t = json_next(&r->json)) {
		take_one(r);
	}
	if (t.kind != JSON_ARRAY_END) {
		refuse(r);
	}
}

static void take_recipient(struct reader *r)
{
	struct recipient p = {0};
	const struct row cause[CAUSE_ROWS] = ROWS_OF_CAUSE(p.cause);
	const struct row problem[CAUSE_ROWS] = ROWS_OF_CAUSE(p.problem);
	const struct row rows[] = {
		{SLICE_INIT("address"), &p.address, NULL},
		{SLICE_INIT("outcome"), &p.outcome, NULL},
		{SLICE_INIT("code"), &p.code, NULL},
		{SLICE_INIT("enhanced"), &p.enhanced, NULL},
		{SLICE_INIT("text"), &p.text, NULL},
		{SLICE_INIT("phase"), &p.phase, NULL},
		{SLICE_INIT("cause"), NULL, cause},
		{SLICE_INIT("problem"), NULL, problem},
	};
	take_object(r, rows, COUNT_OF(rows));
	tell_recipient(r, &p);
}

static void take_recipients(struct reader *r)
{
	take_list(r, take_recipient);
}

static void take_problem(struct reader *r)
{
	const struct row cause[CAUSE_ROWS] = ROWS_OF_CAUSE(r->problem.cause);
	const struct row rows[] = {
		{SLICE_INIT("title"), &r->problem.title, NULL},
		{SLICE_INIT("detail"), &r->problem.detail, NULL},
		{SLICE_INIT("owner"), &r->problem.owner, NULL},
		{SLICE_INIT("cause"), NULL, cause},
	};
	struct json_token t = json_next(&r->json);
	if (t.kind == JSON_OBJECT) {
		take_object(r, rows, COUNT_OF(rows));
	} else if (t.kind != JSON_NULL) {
		refuse(r);
	}
}

/* The outcome holds all the same. */
static void take_receipt_fault(struct reader *r)
{
	struct slice detail = {0};
	const struct row rows[] = {{SLICE_INIT("detail"), &detail, NULL}};
	struct json_token t = json_next(&r->json);
	if (t.kind != JSON_OBJECT) {
		refuse(r);
		return;
	}
	take_object(r, rows, COUNT_OF(rows));
	add_text(r, "  no receipt was made: ");
	add_printable(r, detail);
	add_text(r, "\n");
}

static void tell_warning(struct reader *r, struct slice detail)
{
	add_text(r, "  warning: ");
	add_printable(r, detail);
	add_text(r, "\n");
}

static void take_warning(struct reader *r)
{
	struct slice detail = {0};
	const struct row rows[] = {{SLICE_INIT("detail"), &detail, NULL}};
	take_object(r, rows, COUNT_OF(rows));
	tell_warning(r, detail);
}

static void take_warnings(struct reader *r)
{
	take_list(r, take_warning);
}

static void take_report(struct reader *r)
{
	struct json_token t = json_next(&r->json);
	if (t.kind != JSON_OBJECT) {
		refuse(r);
		return;
	}
	for (t = json_next(&r->json); r->fault == FAULT_NONE && t.kind == JSON_KEY;
	     t = json_next(&r->json)) {
		if (slice_eq(t.text, SLICE_LIT("warnings"))) {
			take_warnings(r);
		} else {
			r->fault = json_skip(&r->json, t);
		}
	}
	if (t.kind != JSON_OBJECT_END) {
		refuse(r);
	}
}

static const struct {
	struct slice key;
	void (*take)(struct reader *r);
} parts[] = {
	{SLICE_INIT("recipients"), take_recipients},
	{SLICE_INIT("problem"), take_problem},
	{SLICE_INIT("report"), take_report},
	{SLICE_INIT("receipt_fault"), take_receipt_fault},
};

static void take_member(struct reader *r, struct json_token key)
{
	const struct row cause[CAUSE_ROWS] = ROWS_OF_CAUSE(r->problem.cause);
	const struct row rows[] = {
		{SLICE_INIT("state"), &r->state, NULL},
		{SLICE_INIT("outcome"), &r->outcome, NULL},
		{SLICE_INIT("receipt"), &r->receipt, NULL},
		{SLICE_INIT("title"), &r->problem.title, NULL},
		{SLICE_INIT("detail"), &r->problem.detail, NULL},
		{SLICE_INIT("owner"), &r->problem.owner, NULL},
		{SLICE_INIT("cause"), NULL, cause},
	};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (slice_eq(key.text, parts[i].key)) {
			parts[i].take(r);
			return;
		}
	}
	take_value(r, key, rows, COUNT_OF(rows));
}

static void take_answer(struct reader *r)
{
	struct json_token t = json_next(&r->json);
	if (t.kind != JSON_OBJECT) {
		refuse(r);
		return;
	}
	for (t = json_next(&r->json); r->fault == FAULT_NONE && t.kind == JSON_KEY;
	     t = json_next(&r->json)) {
		take_member(r, t);
	}
	if (r->fault == FAULT_NONE &&
	    (t.kind != JSON_OBJECT_END || json_next(&r->json).kind != JSON_END)) {
		refuse(r);
	}
}

static void tell_problem(struct reader *r, int status)
{
	add_text(r, "not sent: ");
	add_printable(r, r->problem.title);
	if (r->problem.detail.len > 0 && !slice_eq(r->problem.detail, r->problem.title)) {
		add_text(r, " ");
		add_printable(r, r->problem.detail);
	}
	if (r->problem.owner.len > 0 && r->problem.cause.detail.len == 0) {
		add_text(r, " To be mended by: ");
		add_printable(r, r->problem.owner);
		add_text(r, ".");
	}
	if (status >= 400) {
		add_text(r, " (HTTP ");
		r->fault = r->fault == FAULT_NONE ? buf_add_u64(r->text, (uint64_t)status)
						  : r->fault;
		add_text(r, ")");
	}
	add_text(r, "\n");
	tell_cause(r, &r->problem.cause);
}

static enum send_end judge(const struct reader *r, int status)
{
	bool is_over = slice_eq(r->state, SLICE_LIT("done")) ||
		       slice_eq(r->state, SLICE_LIT("fault"));
	if (status / 100 == 2 && !is_over) {
		return SEND_GOES_ON;
	}
	return status / 100 == 2 && slice_eq(r->outcome, SLICE_LIT("delivered")) ? SEND_DELIVERED
										 : SEND_NOT;
}

enum fault send_answer_read(int status, struct buf *body, struct buf *text,
			    struct send_answer *out_answer)
{
	struct reader r = {.text = text};
	json_init(&r.json, body->ptr, body->len);
	take_answer(&r);
	if (r.fault == FAULT_NONE && r.problem.title.len > 0) {
		tell_problem(&r, status);
	} else if (r.fault == FAULT_NONE && r.outcome.len > 0) {
		add_text(&r, "outcome: ");
		add_printable(&r, r.outcome);
		add_text(&r, "\n");
	}
	if (r.fault != FAULT_NONE) {
		return r.fault;
	}
	*out_answer = (struct send_answer){.end = judge(&r, status), .receipt = r.receipt};
	return FAULT_NONE;
}
