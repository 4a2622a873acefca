#include "relay/command/doctor_report.h"

#include "spool-free/base/json.h"
#include "spool-free/base/text.h"

enum { STEP_COLUMN = 10, MS_COLUMN = 6, LINES_MAX = 64 };

struct reader {
	struct json json;
	struct buf *text;
	enum fault fault;
};

struct list {
	struct slice items[LINES_MAX];
	size_t count;
};

/* What is taken of an object: a text or number, true or false, a list of texts, an object. */
struct row {
	struct slice key;
	struct slice *text;
	bool *truth;
	struct list *list;
	const struct row *rows;
	size_t row_count;
	void (*each)(struct reader *r); /* a list of objects */
};

#define TEXT_ROW(k, place)                                                                         \
	{                                                                                          \
		.key = SLICE_INIT(k), .text = (place)                                              \
	}

static void add(struct reader *r, struct slice bytes)
{
	r->fault = r->fault == FAULT_NONE ? buf_add(r->text, bytes) : r->fault;
}

static void say(struct reader *r, const char *literal)
{
	add(r, slice_of_text(literal));
}

/* Escape sequences of a server's words must not reach a terminal. */
static void quote(struct reader *r, struct slice words)
{
	char bytes[TEXT_UTF8_MAX];
	while (words.len > 0) {
		uint32_t code = text_next(&words);
		bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
		add(r, slice_of(bytes, text_encode(control ? '?' : code, bytes)));
	}
}

static void pad(struct reader *r, size_t len, size_t column)
{
	for (; len < column; len++) {
		say(r, " ");
	}
}

static void refuse(struct reader *r)
{
	r->fault = r->fault == FAULT_NONE ? FAULT_BAD_JSON : r->fault;
}

static void take_object(struct reader *r, const struct row *rows, size_t count);

static void take_list(struct reader *r, const struct row *row)
{
	struct json_token t = json_next(&r->json);
	while (r->fault == FAULT_NONE && t.kind != JSON_ARRAY_END) {
		if (row->each != NULL && t.kind == JSON_OBJECT) {
			row->each(r);
		} else if (row->list != NULL && t.kind == JSON_STRING) {
			if (row->list->count < LINES_MAX) {
				row->list->items[row->list->count++] = t.text;
			}
		} else {
			refuse(r);
		}
		t = json_next(&r->json);
	}
}

static void take_value(struct reader *r, const struct row *row)
{
	struct json_token t = json_next(&r->json);
	if (row->text != NULL && (t.kind == JSON_STRING || t.kind == JSON_NUMBER)) {
		*row->text = t.text;
	} else if (row->truth != NULL && (t.kind == JSON_TRUE || t.kind == JSON_FALSE)) {
		*row->truth = t.kind == JSON_TRUE;
	} else if (row->rows != NULL && t.kind == JSON_OBJECT) {
		take_object(r, row->rows, row->row_count);
	} else if ((row->list != NULL || row->each != NULL) && t.kind == JSON_ARRAY) {
		take_list(r, row);
	} else {
		refuse(r);
	}
}

/* After the opening brace; what no row names is passed over. */
static void take_object(struct reader *r, const struct row *rows, size_t count)
{
	struct json_token t = json_next(&r->json);
	for (; r->fault == FAULT_NONE && t.kind == JSON_KEY; t = json_next(&r->json)) {
		size_t i = 0;
		while (i < count && !slice_eq(t.text, rows[i].key)) {
			i++;
		}
		if (i < count) {
			take_value(r, &rows[i]);
		} else {
			r->fault = json_skip(&r->json, t);
		}
	}
	if (t.kind != JSON_OBJECT_END) {
		refuse(r);
	}
}

struct step {
	struct slice name, result, ms, code, enhanced, text, detail;
	struct slice cause, owner, remedy;
};

static void tell_words(struct reader *r, const struct step *s)
{
	const struct slice words[] = {s->code, s->enhanced, s->text};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		say(r, words[i].len > 0 ? " " : "");
		quote(r, words[i]);
	}
}

static void tell_part(struct reader *r, const char *what, struct slice words)
{
	if (words.len > 0) {
		say(r, "    ");
		say(r, what);
		quote(r, words);
		say(r, "\n");
	}
}

static void tell_step(struct reader *r, const struct step *s)
{
	quote(r, s->name);
	pad(r, s->name.len, STEP_COLUMN);
	if (s->ms.len > 0) {
		pad(r, s->ms.len, MS_COLUMN);
		quote(r, s->ms);
		say(r, " ms  ");
	} else {
		pad(r, 0, MS_COLUMN + sizeof(" ms  ") - 1);
	}
	quote(r, s->result);
	say(r, s->code.len > 0 ? ":" : "");
	tell_words(r, s);
	say(r, "\n");
	tell_part(r, "", s->detail);
	tell_part(r, "cause: ", s->cause);
	if (s->remedy.len > 0) {
		say(r, "    remedy, by the ");
		quote(r, s->owner);
		say(r, ": ");
		quote(r, s->remedy);
		say(r, "\n");
	}
}

static void take_step(struct reader *r)
{
	struct step s = {.name = {0}};
	const struct row cause[] = {
		TEXT_ROW("detail", &s.cause),
		TEXT_ROW("owner", &s.owner),
		TEXT_ROW("remedy", &s.remedy),
	};
	const struct row rows[] = {
		TEXT_ROW("step", &s.name),
		TEXT_ROW("result", &s.result),
		TEXT_ROW("ms", &s.ms),
		TEXT_ROW("code", &s.code),
		TEXT_ROW("enhanced", &s.enhanced),
		TEXT_ROW("text", &s.text),
		TEXT_ROW("detail", &s.detail),
		{.key = SLICE_INIT("cause"), .rows = cause, .row_count = COUNT_OF(cause)},
	};
	take_object(r, rows, COUNT_OF(rows));
	if (r->fault == FAULT_NONE) {
		tell_step(r, &s);
	}
}

struct facts {
	struct slice result, address, greeting, provider, mechanism, size_max;
	struct slice version, cipher;
	struct slice subject, names, issuer, begins, ends, key, trouble;
	bool trusted;
	struct list clear, capabilities;
};

static void tell_fact(struct reader *r, const char *name, struct slice fact)
{
	if (fact.len > 0) {
		say(r, name);
		quote(r, fact);
		say(r, "\n");
	}
}

static void tell_list(struct reader *r, const char *name, const struct list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		say(r, i == 0 ? name : ", ");
		quote(r, l->items[i]);
	}
	say(r, l->count > 0 ? "\n" : "");
}

static void tell_certificate(struct reader *r, const struct facts *f)
{
	if (f->key.len == 0) {
		return;
	}
	tell_fact(r, "certificate       ", f->trusted ? SLICE_LIT("trusted") : f->trouble);
	tell_fact(r, "  subject         ", f->subject);
	tell_fact(r, "  names           ", f->names);
	tell_fact(r, "  issuer          ", f->issuer);
	tell_fact(r, "  valid from      ", f->begins);
	tell_fact(r, "  valid until     ", f->ends);
	tell_fact(r, "  key's SHA-256   ", f->key);
}

static void tell_facts(struct reader *r, const struct facts *f)
{
	say(r, f->address.len > 0 ? "\n" : "");
	tell_fact(r, "address           ", f->address);
	tell_fact(r, "greeting          ", f->greeting);
	tell_fact(r, "provider          ", f->provider);
	if (f->version.len > 0) {
		say(r, "TLS               ");
		quote(r, f->version);
		say(r, ", ");
		quote(r, f->cipher);
		say(r, "\n");
	}
	tell_certificate(r, f);
	tell_list(r, "offers in clear   ", &f->clear);
	tell_list(r, "offers under TLS  ", &f->capabilities);
	tell_fact(r, "login by          ", f->mechanism);
	tell_fact(r, "largest message   ", f->size_max);
}

enum fault doctor_report_read(struct buf *body, struct buf *text, bool *out_is_well)
{
	struct reader r = {.text = text};
	struct facts f = {.trusted = false};
	const struct row certificate[] = {
		TEXT_ROW("subject", &f.subject),
		TEXT_ROW("names", &f.names),
		TEXT_ROW("issuer", &f.issuer),
		TEXT_ROW("begins", &f.begins),
		TEXT_ROW("ends", &f.ends),
		TEXT_ROW("key_sha256", &f.key),
		TEXT_ROW("trouble", &f.trouble),
		{.key = SLICE_INIT("trusted"), .truth = &f.trusted},
	};
	const struct row tls[] = {
		TEXT_ROW("version", &f.version),
		TEXT_ROW("cipher", &f.cipher),
		{.key = SLICE_INIT("certificate"),
		 .rows = certificate,
		 .row_count = COUNT_OF(certificate)},
	};
	const struct row rows[] = {
		TEXT_ROW("result", &f.result),
		TEXT_ROW("address", &f.address),
		TEXT_ROW("greeting", &f.greeting),
		TEXT_ROW("provider", &f.provider),
		TEXT_ROW("mechanism", &f.mechanism),
		TEXT_ROW("size_max", &f.size_max),
		{.key = SLICE_INIT("steps"), .each = take_step},
		{.key = SLICE_INIT("tls"), .rows = tls, .row_count = COUNT_OF(tls)},
		{.key = SLICE_INIT("capabilities_clear"), .list = &f.clear},
		{.key = SLICE_INIT("capabilities"), .list = &f.capabilities},
	};
	json_init(&r.json, body->ptr, body->len);
	if (json_next(&r.json).kind != JSON_OBJECT) {
		return FAULT_BAD_JSON;
	}
	take_object(&r, rows, COUNT_OF(rows));
	if (r.fault == FAULT_NONE && (f.result.len == 0 || json_next(&r.json).kind != JSON_END)) {
		refuse(&r);
	}
	tell_facts(&r, &f);
	if (r.fault == FAULT_NONE) {
		*out_is_well = slice_eq(f.result, SLICE_LIT("ok"));
	}
	return r.fault;
}
