/*
 * NAME     record_answer - what is said of a tenant's records in JSON; the one place for it (design.md section 6)
 * SECRETS  of one that is there a record says `true`, and nothing else ever; but a token, once, when it was made
 * LIMIT    RECORD_ANSWER_MAX is room for the largest
 * FAULTS   TOO_LARGE past the buf's ceiling, NO_MEMORY
 */
#ifndef RELAY_INTAKE_RECORD_ANSWER_H
#define RELAY_INTAKE_RECORD_ANSWER_H

#include "spool-free/base/json.h"
#include "config/keeper/client.h"

/* Each byte of a record may become six; and there may be 200 tokens. */
enum { RECORD_ANSWER_MAX = 2 * 1024 * 1024 };

/* {"host": "…", "port": 587, "password": true, …} */
MUST_USE enum fault record_answer(const struct keeper_document *d, struct buf *into);
/* {"version": 3} */
MUST_USE enum fault record_answer_put(uint32_t version, struct buf *into);
/* {"servers": ["a", "b"]}; not of tokens. */
MUST_USE enum fault record_answer_list(enum keeper_kind kind, const struct slice *names,
				       size_t count, struct buf *into);
/* {"tokens": [{"id": "…", "label": "…", …}]}, one token after another. */
void record_answer_tokens(struct json_writer *w, struct buf *into);
void record_answer_tokens_add(struct json_writer *w, struct slice id,
			      const struct keeper_document *d);
MUST_USE enum fault record_answer_tokens_end(struct json_writer *w);
/* {"token": "pp_…", "id": "…"} */
MUST_USE enum fault record_answer_token(const struct secret *token, struct slice id,
					struct buf *into);

#endif
