#include "relay/smtp/witness.h"

static size_t keep(char *room, size_t size, struct slice text)
{
	size_t n = text.len < size ? text.len : size;
	for (size_t i = 0; i < n; i++) {
		char c = text.ptr[i];
		room[i] = c >= ' ' && c < 0x7F ? c : '?';
	}
	return n;
}

void smtp_witness_greeted(struct smtp_witness *w, const struct smtp_reply *r)
{
	if (w != NULL) {
		w->greeting_len = keep(w->greeting, sizeof(w->greeting), smtp_reply_text(r));
	}
}

static struct smtp_witness_lines *lines_of(struct smtp_witness *w, bool secure)
{
	return secure ? &w->secure : &w->clear;
}

void smtp_witness_asks(struct smtp_witness *w, bool secure)
{
	if (w != NULL) {
		lines_of(w, secure)->len = 0;
	}
}

void smtp_witness_capable(struct smtp_witness *w, bool secure, struct slice line)
{
	if (w == NULL) {
		return;
	}
	struct smtp_witness_lines *l = lines_of(w, secure);
	if (line.len > 0 && line.len < sizeof(l->text) - l->len) {
		l->len += keep(l->text + l->len, line.len, line);
		l->text[l->len++] = '\n';
	}
}

void smtp_witness_refused(struct smtp_witness *w, const struct smtp_reply *r)
{
	if (w != NULL && r != NULL) {
		w->refusal = *r;
	}
}
