#include "relay/pictures/codec/exchange.h"

#include <errno.h>
#include <unistd.h>

#include "relay/pictures/wire.h"
#include "relay/pictures/codec/format.h"

static bool read_whole(int fd, void *into, size_t len)
{
	for (size_t have = 0; have < len;) {
		ssize_t n = read(fd, (char *)into + have, len - have);
		if (n <= 0 && !(n < 0 && errno == EINTR)) {
			return false;
		}
		have += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool write_whole(int fd, const void *from, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, (const char *)from + done, len - done);
		if (n <= 0 && !(n < 0 && errno == EINTR)) {
			return false;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool is_sound(const struct pictures_request *r)
{
	return r->magic == PICTURES_REQUEST && r->len <= PICTURES_SOURCE_MAX;
}

static enum pictures_verdict verdict_of(enum fault f)
{
	return f == FAULT_NONE	      ? PICTURES_DONE
	       : f == FAULT_TOO_LARGE ? PICTURES_TOO_LARGE
				      : PICTURES_BAD;
}

static enum fault convert(int fd, const struct pictures_request *r, struct buf *made)
{
	struct buf source;
	char *room;
	buf_init(&source, PICTURES_SOURCE_MAX);
	enum fault f = buf_reserve(&source, r->len, &room);
	if (f == FAULT_NONE && !read_whole(fd, room, r->len)) {
		f = FAULT_BAD_PICTURE;
	}
	if (f == FAULT_NONE) {
		f = format_convert(slice_of(room, r->len), r->longest_side, made);
	}
	buf_deinit(&source);
	return f;
}

int exchange_run(int fd)
{
	struct pictures_request r;
	struct buf made;
	if (!read_whole(fd, &r, sizeof(r)) || !is_sound(&r)) {
		return 1;
	}
	buf_init(&made, r.most < PICTURES_RESULT_MAX ? r.most : PICTURES_RESULT_MAX);
	enum fault f = convert(fd, &r, &made);
	const struct pictures_answer a = {.magic = PICTURES_ANSWER,
					  .verdict = verdict_of(f),
					  .len = f == FAULT_NONE ? (uint32_t)made.len : 0};
	bool said = write_whole(fd, &a, sizeof(a)) && write_whole(fd, made.ptr, a.len);
	buf_deinit(&made);
	return said ? 0 : 1;
}
