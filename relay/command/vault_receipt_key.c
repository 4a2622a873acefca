#include <stdio.h>

#include "config/keeper/house_keys.h"
#include "relay/command/vault_session.h"

/* What receipts are signed by: its public part shown, and the whole of it made anew. */

enum fault vault_show_receipt_key(struct vault_session *s, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf json;
	struct receipt_keys keys;
	buf_init(&json, RECEIPT_SET_MAX);
	if (!house_keys_are_there(s->vault)) {
		return problem_set(p, FAULT_NOT_FOUND,
				   "There is no such key yet; the keeper makes it when it is first "
				   "needed.");
	}
	enum fault f = house_keys_public(s->vault, &keys, p);
	if (f == FAULT_NONE) {
		f = receipt_keys_write(&keys, &json);
	}
	if (f == FAULT_NONE) {
		fwrite(json.ptr, 1, json.len, stdout);
		putchar('\n');
	}
	return f;
}

/* Where there is none, one is made. */
enum fault vault_rotate_receipt_key(struct vault_session *s, struct problem *p)
{
	return house_keys_are_there(s->vault) ? house_keys_rotate(s->vault, p)
					      : house_keys_make(s->vault, p);
}
