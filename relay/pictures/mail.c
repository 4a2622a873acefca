#include "relay/pictures/mail.h"

static enum fault convert(void *context, const struct render_conversion *wanted,
			  struct arena *arena, struct slice *out_bytes)
{
	struct pictures_mail *m = context;
	if (instant_is_past(m->until, instant_now())) {
		return FAULT_DEADLINE;
	}
	return pictures_convert(m->pictures, wanted, m->until, arena, out_bytes);
}

static enum fault fetch(void *context, struct slice url, size_t most, struct arena *arena,
			struct slice *out_bytes)
{
	struct pictures_mail *m = context;
	struct buf bytes;
	if (instant_is_past(m->until, instant_now())) {
		return FAULT_DEADLINE;
	}
	buf_init(&bytes, most);
	enum fault f = fetch_bytes(m->fetch, url, &bytes);
	if (f == FAULT_NONE) {
		f = arena_copy(arena, buf_view(&bytes), out_bytes);
	}
	buf_deinit(&bytes);
	return f;
}

void pictures_mail_init(struct pictures_mail *m, struct pictures *pictures,
			const struct fetch_rules *rules, struct instant until)
{
	*m = (struct pictures_mail){.pictures = pictures, .fetch = rules, .until = until};
	m->calls.context = m;
	m->calls.convert = pictures != NULL ? convert : NULL;
	m->calls.fetch = rules != NULL ? fetch : NULL;
}
