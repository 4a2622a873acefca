#include "relay/command/log_find.h"

#include <string.h>

#include "spool-free/base/text.h"
#include "spool-free/base/wipe.h"
#include "spool-free/job/mailbox_utf8.h"
#include "relay/net/resolve.h"

void log_find_init(struct log_find *f, struct slice field, struct slice prefix,
		   log_find_ask_fn *ask, void *ctx)
{
	memset(f, 0, sizeof(*f));
	f->field = field;
	f->prefix = prefix;
	f->ask = ask;
	f->ctx = ctx;
}

void log_find_deinit(struct log_find *f)
{
	wipe(f, sizeof(*f));
}

enum fault log_find_add(struct log_find *f, struct slice text, struct problem *p)
{
	if (f->count == LOG_FIND_MAX) {
		return problem_set(p, FAULT_BAD_FIELD, "At most 16 can be looked for at once.");
	}
	if (text.len > TAG_TEXT_MAX) {
		return problem_set(p, FAULT_BAD_FIELD, "What is looked for is too long.");
	}
	memcpy(f->texts[f->count], text.ptr, text.len);
	f->lens[f->count++] = text.len;
	return FAULT_NONE;
}

static enum fault bad_address(struct problem *p)
{
	return problem_set(p, FAULT_BAD_ADDRESS,
			   "--find takes a mail address, such as name@example.com.");
}

enum fault log_find_add_address(struct log_find *f, struct slice address, struct problem *p)
{
	struct slice domain = address;
	struct slice local;
	struct mailbox mailbox;
	char name[RESOLVE_NAME_MAX + 1];
	char whole[MAILBOX_MAX + 1];
	if (address.len > MAILBOX_MAX || !slice_cut_to(&domain, '@', &local)) {
		return bad_address(p);
	}
	if (!text_is_ascii(domain)) {
		if (resolve_name(domain, name) != FAULT_NONE) {
			return bad_address(p);
		}
		domain = slice_of_text(name);
	}
	if (local.len + 1 + domain.len > MAILBOX_MAX) {
		return bad_address(p);
	}
	memcpy(whole, local.ptr, local.len);
	whole[local.len] = '@';
	memcpy(whole + local.len + 1, domain.ptr, domain.len);
	address = slice_of(whole, local.len + 1 + domain.len);
	if (mailbox_parse_utf8(address, &mailbox) != FAULT_NONE) {
		return bad_address(p);
	}
	return log_find_add(f, address, p);
}

static enum fault make_tags(struct log_find *f, const unsigned char key[TAG_KEY],
			    struct log_find_day *day)
{
	enum fault fault = FAULT_NONE;
	for (size_t i = 0; i < f->count && fault == FAULT_NONE; i++) {
		fault = tag_of(key, slice_of(f->texts[i], f->lens[i]), day->tags[i]);
	}
	return fault;
}

/* Asked for once; that a day has none is kept, too. */
static enum fault find_day(struct log_find *f, uint32_t number, const struct log_find_day **out_day,
			   struct problem *p)
{
	unsigned char key[TAG_KEY];
	for (size_t i = 0; i < f->day_count; i++) {
		if (f->days[i].day == number) {
			*out_day = &f->days[i];
			return FAULT_NONE;
		}
	}
	if (f->day_count == LOG_FIND_DAYS) { /* older than what keys there are: begun anew */
		f->day_count = 0;
	}
	struct log_find_day *day = &f->days[f->day_count];
	*day = (struct log_find_day){.day = number};
	enum fault fault = f->ask(f->ctx, number, key, p);
	if (fault == FAULT_NONE) {
		day->is_there = true;
		fault = make_tags(f, key, day);
	} else if (fault == FAULT_NOT_FOUND) {
		fault = FAULT_NONE;
	}
	wipe(key, sizeof(key));
	if (fault == FAULT_NONE) {
		f->day_count++;
		*out_day = day;
	}
	return fault;
}

static bool has_tag(const struct log_find *f, const struct log_find_day *day, struct slice tag)
{
	for (size_t i = 0; i < f->count; i++) {
		if (slice_eq(slice_of(day->tags[i], TAG_LEN), tag)) {
			return true;
		}
	}
	return false;
}

enum fault log_find_fits(struct log_find *f, const struct log_line *l, bool *out_fits,
			 struct problem *p)
{
	struct slice tag;
	uint32_t today = tag_day(l->at);
	bool has_key = false;
	*out_fits = false;
	if (!log_line_value(l, f->field, &tag) || !slice_starts(tag, f->prefix) ||
	    tag.len != f->prefix.len + TAG_LEN) {
		return FAULT_NONE;
	}
	tag = slice_skip(tag, f->prefix.len);
	for (uint32_t back = 0; back < 2 && !*out_fits && back <= today; back++) {
		const struct log_find_day *day;
		enum fault fault = find_day(f, today - back, &day, p);
		if (fault != FAULT_NONE) {
			return fault;
		}
		has_key |= day->is_there;
		*out_fits = day->is_there && has_tag(f, day, tag);
	}
	f->without_key += !has_key;
	return FAULT_NONE;
}
