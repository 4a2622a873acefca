#include "relay/gateway/room.h"

/*
 * What rendering takes at its height, for each byte of a page: 5 as pages are, up to 40 as hostile ones are. Small pages
 * get all that they could need, large ones what the budget can bear.
 */
enum {
	FOR_SMALL = 64,
	FOR_LARGE = 20,
	EDGE = 64 * 1024 * 1024,
	REST = 32 * 1024, /* what the stages behind rendering take, beside the server's words */
};

enum fault room_for_rendering(struct job *j, bool fetches, const struct render_limits *limits)
{
	size_t room, large;
	if (__builtin_mul_overflow(j->page.body.len, FOR_SMALL, &room)) {
		return FAULT_TOO_LARGE;
	}
	if (room > EDGE) {
		large = j->page.body.len * FOR_LARGE;
		room = large > EDGE ? large : EDGE;
	}
	room += render_picture_room(&j->page, j->attachments, j->attachment_count, fetches, limits);
	enum fault f = budget_grow(&j->lease, room);
	if (f == FAULT_NONE) {
		j->arena.limit += room;
	}
	return f;
}

void room_after_rendering(struct job *j, size_t recipients)
{
	size_t words = recipients * (REPLY_TEXT_MAX + sizeof(struct recipient_outcome));
	size_t keep = arena_taken(&j->arena) + words + REST;
	if (keep < j->lease.bytes) {
		j->arena.limit = keep;
		budget_shrink(&j->lease, keep);
	}
}
