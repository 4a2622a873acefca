/*
 * NAME     log_find - which lines tell of an address, or of a mail server, that stands in the log as a tag
 * HOW      a line's tag is of the key of its day or of the day before (relay/gateway/tag_keys.h); keys are asked for day by day,
 *          as lines need them
 * OWNS     the keys, wiped by log_find_deinit(); addresses are copied
 * LIMIT    LOG_FIND_MAX of them; LOG_FIND_DAYS days: the keeper gives no older keys
 * FAULTS   what asking the keeper came to; BAD_ADDRESS
 */
#ifndef RELAY_COMMAND_LOG_FIND_H
#define RELAY_COMMAND_LOG_FIND_H

#include "spool-free/base/problem.h"
#include "spool-free/base/tag.h"
#include "relay/command/log_line.h"

enum { LOG_FIND_MAX = 16, LOG_FIND_DAYS = 64 };

/* NOT_FOUND: the key of that day is no longer given, or not yet. */
typedef enum fault log_find_ask_fn(void *ctx, uint32_t day, unsigned char out_key[TAG_KEY],
				   struct problem *p);

struct log_find_day {
	uint32_t day;
	bool is_there;
	char tags[LOG_FIND_MAX][TAG_LEN];
};

struct log_find {
	log_find_ask_fn *ask;
	void *ctx;
	struct slice field;  /* rcpt or upstream */
	struct slice prefix; /* of a tag in that field */
	char texts[LOG_FIND_MAX][TAG_TEXT_MAX];
	size_t lens[LOG_FIND_MAX];
	size_t count;
	struct log_find_day days[LOG_FIND_DAYS];
	size_t day_count;
	uint64_t without_key; /* lines with a tag that no key is given for any more */
};

void log_find_init(struct log_find *f, struct slice field, struct slice prefix,
		   log_find_ask_fn *ask, void *ctx);
void log_find_deinit(struct log_find *f);
/* As the API takes a recipient: a domain's letters beyond ASCII become A-labels. */
MUST_USE enum fault log_find_add_address(struct log_find *f, struct slice address,
					 struct problem *p);
MUST_USE enum fault log_find_add(struct log_find *f, struct slice text, struct problem *p);
/* `*out_fits`: the line is about one of them. */
MUST_USE enum fault log_find_fits(struct log_find *f, const struct log_line *l, bool *out_fits,
				  struct problem *p);

#endif
