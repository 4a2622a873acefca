#include "spool-free/job/mailbox.h"

#include <string.h>

enum { LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63 };

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5322, 3.2.3: atext */
static bool is_atom_byte(char c)
{
	return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* RFC 5321, 4.1.2: Dot-string; no empty atom, so no dot at either end and no two in a row. */
static bool is_dot_atom(struct slice s)
{
	bool atom_open = false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' ? !atom_open : !is_atom_byte(s.ptr[i])) {
			return false;
		}
		atom_open = s.ptr[i] != '.';
	}
	return atom_open;
}

/* RFC 5321, 4.1.2: sub-domain */
static bool is_label(struct slice s)
{
	if (s.len == 0 || s.len > LABEL_MAX || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-') {
		return false;
	}
	for (size_t i = 0; i < s.len; i++) {
		if (!is_alnum(s.ptr[i]) && s.ptr[i] != '-') {
			return false;
		}
	}
	return true;
}

static bool is_domain(struct slice s)
{
	struct slice label;
	if (s.len > DOMAIN_MAX) {
		return false;
	}
	while (slice_cut_to(&s, '.', &label)) {
		if (!is_label(label)) {
			return false;
		}
	}
	return is_label(s);
}

enum fault mailbox_parse(struct slice text, struct mailbox *out_mailbox)
{
	struct slice local;
	struct slice domain = text;
	if (text.len > MAILBOX_MAX || !slice_cut_to(&domain, '@', &local) ||
	    local.len > LOCAL_MAX || !is_dot_atom(local) || !is_domain(domain)) {
		return FAULT_BAD_ADDRESS;
	}
	*out_mailbox = (struct mailbox){.address = text, .local = local, .domain = domain};
	return FAULT_NONE;
}
