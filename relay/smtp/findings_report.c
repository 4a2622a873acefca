#include <arpa/inet.h>

#include "spool-free/base/hex.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/json.h"
#include "relay/smtp/findings.h"

static const struct slice found_names[] = {
	[SMTP_FOUND_SKIPPED] = SLICE_INIT("skipped"),
	[SMTP_FOUND_OK] = SLICE_INIT("ok"),
	[SMTP_FOUND_FAILED] = SLICE_INIT("failed"),
};

static void put_text(struct json_writer *w, const char *key, struct slice text)
{
	if (text.len > 0) {
		json_put_key(w, key);
		json_put_string(w, text);
	}
}

static void put_number(struct json_writer *w, const char *key, uint64_t number)
{
	json_put_key(w, key);
	json_put_u64(w, number);
}

static void put_failure(struct json_writer *w, const struct smtp_findings *f)
{
	if (f->code != 0) {
		put_number(w, "code", (uint64_t)f->code);
	}
	put_text(w, "enhanced", slice_of_text(f->enhanced));
	put_text(w, "text", f->text);
	if (f->problem.fault != FAULT_NONE) {
		put_text(w, "detail", problem_text(&f->problem));
	}
	cause_put(w, f->cause, f->is_shared);
}

static void put_steps(struct json_writer *w, const struct smtp_findings *f)
{
	const enum smtp_step *steps;
	size_t count = smtp_findings_steps(f, &steps);
	json_put_key(w, "steps");
	json_put_array(w);
	for (size_t i = 0; i < count; i++) {
		enum smtp_found found = f->steps[steps[i]].found;
		json_put_object(w);
		put_text(w, "step", smtp_step_name(steps[i]));
		put_text(w, "result", found_names[found]);
		if (found != SMTP_FOUND_SKIPPED) {
			put_number(w, "ms", f->steps[steps[i]].ms);
		}
		if (found == SMTP_FOUND_FAILED) {
			put_failure(w, f);
		}
		json_put_object_end(w);
	}
	json_put_array_end(w);
}

/* Only of a connection that came about: see the rule of findings.h. */
static void put_address(struct json_writer *w, const struct smtp_findings *f)
{
	char text[INET6_ADDRSTRLEN];
	const struct sockaddr_storage *a = &f->dial.peer.sockaddr;
	const void *bytes = a->ss_family == AF_INET6
				    ? (const void *)&((const struct sockaddr_in6 *)a)->sin6_addr
				    : (const void *)&((const struct sockaddr_in *)a)->sin_addr;
	if (f->dial.is_connected && inet_ntop(a->ss_family, bytes, text, sizeof(text)) != NULL) {
		put_text(w, "address", slice_of_text(text));
		put_number(w, "addresses_tried", f->dial.tried);
	}
}

static void put_day(struct json_writer *w, const char *key, int64_t seconds)
{
	char text[CIVIL_RFC3339_LEN];
	civil_rfc3339((struct civil){seconds * 1000}, text);
	put_text(w, key, slice_of(text, sizeof(text)));
}

static void put_certificate(struct json_writer *w, const struct tls_facts *t)
{
	char key[2 * DIGEST_LEN];
	hex_encode(slice_of(t->key, sizeof(t->key)), key);
	json_put_key(w, "certificate");
	json_put_object(w);
	put_text(w, "subject", slice_of_text(t->subject));
	put_text(w, "names", slice_of_text(t->names));
	put_text(w, "issuer", slice_of_text(t->issuer));
	put_day(w, "begins", t->begins);
	put_day(w, "ends", t->ends);
	put_text(w, "key_sha256", slice_of(key, sizeof(key)));
	json_put_key(w, "trusted");
	json_put_bool(w, t->trusted);
	put_text(w, "trouble", slice_of_text(t->trouble));
	json_put_object_end(w);
}

static void put_tls(struct json_writer *w, const struct tls_facts *t)
{
	if (t->protocol[0] == '\0') {
		return;
	}
	json_put_key(w, "tls");
	json_put_object(w);
	put_text(w, "version", slice_of_text(t->protocol));
	put_text(w, "cipher", slice_of_text(t->cipher));
	if (t->has_certificate) {
		put_certificate(w, t);
	}
	json_put_object_end(w);
}

static void put_lines(struct json_writer *w, const char *key, const struct smtp_witness_lines *l)
{
	struct slice rest = slice_of(l->text, l->len);
	if (rest.len == 0) {
		return;
	}
	json_put_key(w, key);
	json_put_array(w);
	for (struct slice line; slice_cut_to(&rest, '\n', &line);) {
		json_put_string(w, line);
	}
	json_put_array_end(w);
}

enum fault smtp_findings_report(const struct smtp_findings *f, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	put_text(&w, "result", found_names[f->failed ? SMTP_FOUND_FAILED : SMTP_FOUND_OK]);
	put_steps(&w, f);
	put_address(&w, f);
	put_text(&w, "greeting", slice_of(f->witness.greeting, f->witness.greeting_len));
	if (f->provider != PROVIDER_UNKNOWN) {
		put_text(&w, "provider", smtp_provider_name(f->provider));
	}
	put_tls(&w, &f->facts);
	put_lines(&w, "capabilities_clear", &f->witness.clear);
	put_lines(&w, "capabilities", &f->witness.secure);
	put_text(&w, "mechanism", f->mechanism);
	if (f->size_max > 0) {
		put_number(&w, "size_max", f->size_max);
	}
	json_put_object_end(&w);
	return json_writer_fault(&w);
}
