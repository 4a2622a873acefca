#include "relay/command/render_pictures.h"

enum { MEMORY = 512 * 1024 * 1024, TIME_MS = 10 * 1000, ALL_MS = 30 * 1000 };

static enum fault convert(void *context, const struct render_conversion *wanted,
			  struct arena *arena, struct slice *out_bytes)
{
	struct render_pictures_lazy *l = context;
	if (!l->is_tried) {
		const struct pictures_params params = {
			.memory = MEMORY, .time_ms = TIME_MS, .at_once = 1};
		enum fault f = pictures_start(&params, &l->pictures);
		l->is_tried = true;
		if (f != FAULT_NONE) {
			return f;
		}
	}
	struct instant until = instant_after(instant_now(), ALL_MS);
	return l->pictures != NULL ? pictures_convert(l->pictures, wanted, until, arena, out_bytes)
				   : FAULT_NOT_FOUND;
}

void render_pictures_init(struct render_pictures_lazy *l)
{
	*l = (struct render_pictures_lazy){.calls.convert = convert};
	l->calls.context = l;
}

void render_pictures_deinit(struct render_pictures_lazy *l)
{
	pictures_stop(&l->pictures);
}
