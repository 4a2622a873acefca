#include "render/confluence/left_out.h"

#include "spool-free/base/problem.h"
#include "render/confluence/links.h"
#include "render/confluence/reader.h"

static const char *const names[] = {
	"script", "style",  "iframe", "object", "embed",  "svg",      "video",
	"audio",  "canvas", "form",   "input",	"select", "textarea", "button",
};
_Static_assert(COUNT_OF(names) == LEFT_OUT_NAMES, "a counter for each name");

/* So many that nobody needs the number. */
static void count(struct left_out *l, uint32_t *counter)
{
	l->any = true;
	*counter += *counter < UINT32_MAX;
}

void left_out_element(struct reader *r, struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq(name, slice_of_text(names[i]))) {
			count(&r->left_out, &r->left_out.counts[i]);
			return;
		}
	}
}

void left_out_link(struct reader *r, struct slice raw)
{
	if (links_is_forbidden(raw)) {
		count(&r->left_out, &r->left_out.links);
	}
}

void left_out_data_picture(struct reader *r)
{
	if (!r->left_out.data_picture) {
		r->left_out.data_picture = true;
		reader_warn(r, WARNING_DATA_PICTURE,
			    SLICE_LIT("Pictures that stood inside their own addresses are named "
				      "instead."));
	}
}

static void add(struct problem *sentence, bool *is_first, uint32_t number, const char *what)
{
	if (number == 0) {
		return;
	}
	problem_add(sentence, *is_first ? " " : ", ");
	problem_add_number(sentence, number);
	problem_add(sentence, " ");
	problem_add(sentence, what);
	*is_first = false;
}

void left_out_tell(struct reader *r)
{
	const struct left_out *l = &r->left_out;
	struct problem sentence;
	struct slice detail = slice_of(NULL, 0);
	bool is_first = true;
	if (!l->any) {
		return;
	}
	(void)problem_set(&sentence, FAULT_MALFORMED,
			  "Left out, because mail readers do not show it:");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		add(&sentence, &is_first, l->counts[i], names[i]);
	}
	add(&sentence, &is_first, l->links,
	    l->links == 1 ? "link with an address that may not leave"
			  : "links with an address that may not leave");
	problem_add(&sentence, ".");
	enum fault f = arena_copy(r->b.arena, problem_text(&sentence), &detail);
	reader_warn(r, WARNING_CONTENT_DROPPED, reader_result(r, f, detail));
}
