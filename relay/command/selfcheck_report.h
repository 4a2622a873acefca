/*
 * NAME     selfcheck_report - what `pagepost selfcheck` found, row by row, and the two ways to tell it: a table, or JSON
 * ROW      whose it is, what was looked at, how it came out, and a few words about it. No user data
 * LIMIT    SELFCHECK_ROWS_MAX rows; further ones count as failed without being told
 */
#ifndef RELAY_COMMAND_SELFCHECK_REPORT_H
#define RELAY_COMMAND_SELFCHECK_REPORT_H

#include "spool-free/base/buf.h"

enum { SELFCHECK_ROWS_MAX = 160, SELFCHECK_DETAIL_MAX = 200 };

enum selfcheck_result {
	SELFCHECK_PASSED,
	SELFCHECK_FAILED,
	SELFCHECK_NOT_TRIED, /* said, not counted against it */
};

struct selfcheck_row {
	const char *whose; /* gateway, keeper, machine, mail */
	struct slice what; /* lives as long as the report */
	enum selfcheck_result result;
	size_t detail_len;
	char detail[SELFCHECK_DETAIL_MAX];
};

struct selfcheck_report {
	size_t count;
	size_t results[SELFCHECK_NOT_TRIED + 1];
	struct selfcheck_row rows[SELFCHECK_ROWS_MAX];
};

void selfcheck_report_add(struct selfcheck_report *r, const char *whose, struct slice what,
			  enum selfcheck_result result, struct slice detail);

MUST_USE enum fault selfcheck_report_table(const struct selfcheck_report *r, struct buf *into);
MUST_USE enum fault selfcheck_report_json(const struct selfcheck_report *r, struct buf *into);

#endif
