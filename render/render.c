#include "render/render.h"

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "render/confluence/document.h"
#include "render/html/html.h"
#include "render/html/plain.h"
#include "render/html/view.h"
#include "render/mime/message.h"
#include "render/report.h"

enum { THREAD_HASH = 12 };

/* All mails about one page stand together: they refer to an id made from page and site. */
static enum fault thread_id(const struct render_input *in, struct arena *arena,
			    struct slice *out_id)
{
	unsigned char hash[DIGEST_LEN];
	char text[2 * THREAD_HASH];
	struct slice seed[] = {in->page->site_url, in->page->id};
	struct slice host = slice_skip(in->message_id, slice_find_byte(in->message_id, '@'));
	*out_id = (struct slice){0};
	if (in->page->id.len == 0 || host.len < 2) {
		return FAULT_NONE;
	}
	digest_sha256_parts(seed, COUNT_OF(seed), hash);
	hex_encode(slice_of(hash, THREAD_HASH), text);
	struct slice parts[] = {SLICE_LIT("page."), slice_of(text, sizeof(text)), host};
	return arena_join(arena, parts, COUNT_OF(parts), out_id);
}

static size_t put_u64(char *end, uint64_t number)
{
	size_t n = 0;
	do {
		*--end = (char)('0' + number % 10);
		number /= 10;
		n++;
	} while (number > 0);
	return n;
}

/* "42; version=7; site=https://..." for programs that sort mail. */
static enum fault page_field(const struct render_input *in, struct arena *arena,
			     struct slice *out_field)
{
	char digits[20];
	*out_field = (struct slice){0};
	if (in->page->id.len == 0) {
		return FAULT_NONE;
	}
	size_t n = put_u64(digits + sizeof(digits), in->page->version);
	bool sited = in->page->site_url.len > 0;
	struct slice parts[] = {
		in->page->id,
		SLICE_LIT("; version="),
		slice_of(digits + sizeof(digits) - n, n),
		sited ? SLICE_LIT("; site=") : SLICE_LIT(""),
		in->page->site_url,
	};
	return arena_join(arena, parts, COUNT_OF(parts), out_field);
}

static enum fault build(const struct render_input *in, struct view *v, struct arena *arena,
			struct render_output *made, struct problem *problem)
{
	struct message_parts parts = {
		.from = in->from,
		.reply_to = in->reply_to,
		.to = in->to,
		.to_count = in->to_count,
		.cc = in->cc,
		.cc_count = in->cc_count,
		.subject = slice_trim(in->subject).len > 0 ? in->subject : v->title,
		.date = in->date,
		.message_id = in->message_id,
		.text = made->text,
		.html = made->html,
		.pictures = v->media.shown,
		.picture_count = v->media.shown_count,
		.files = v->files,
		.file_count = v->file_count,
		.seed = in->boundary_seed,
		.scheduled = in->scheduled.is_set,
		.list_id = in->scheduled.list_id,
	};
	enum fault f = thread_id(in, arena, &parts.thread_id);
	if (in->scheduled.unsubscribe.len <= MESSAGE_URI_MAX) {
		parts.unsubscribe = in->scheduled.unsubscribe;
	} else if (f == FAULT_NONE) {
		f = view_warn(v, WARNING_UNSUBSCRIBE_TOO_LONG,
			      SLICE_LIT("The address for unsubscribing is longer than a header "
					"line may be; the mail goes "
					"without it."));
	}
	if (f == FAULT_NONE) {
		f = page_field(in, arena, &parts.page);
	}
	return f != FAULT_NONE ? f : message_build(&parts, arena, &made->message, problem);
}

/* --- what outlives the document tree: it lies in scratch, and the result in the caller's arena --- */

static enum fault keep_macros(const struct render_macro *from, struct arena *arena,
			      struct render_macro **out_macros)
{
	struct render_macro **end = out_macros;
	for (*end = NULL; from != NULL; from = from->next) {
		struct render_macro *m = arena_alloc(arena, sizeof(*m));
		if (m == NULL) {
			return FAULT_NO_MEMORY;
		}
		*m = (struct render_macro){.fate = from->fate, .count = from->count};
		*end = m;
		end = &m->next;
		enum fault f = arena_copy(arena, from->name, &m->name);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

static enum fault keep_warnings(const struct render_warning *from, struct arena *arena,
				struct render_warning **out_warnings)
{
	struct render_warning **end = out_warnings;
	for (*end = NULL; from != NULL; from = from->next) {
		struct render_warning *w = arena_alloc(arena, sizeof(*w));
		if (w == NULL) {
			return FAULT_NO_MEMORY;
		}
		w->code = from->code;
		*end = w;
		end = &w->next;
		enum fault f = arena_copy(arena, from->detail, &w->detail);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

static enum fault keep_result(const struct document *document, const struct view *v,
			      struct arena *arena, struct render_output *made)
{
	struct render_report *r = &made->report;
	*r = (struct render_report){
		.html_bytes = made->html.len,
		.text_bytes = made->text.len,
		.message_bytes = made->message.size,
	};
	enum fault f = keep_macros(document->macros, arena, &r->macros);
	if (f == FAULT_NONE) {
		f = keep_warnings(v->warnings, arena, &r->warnings);
	}
	for (const struct render_warning *w = r->warnings; w != NULL; w = w->next) {
		r->not_shown = r->not_shown ||
			       slice_eq(w->code, warning_code(WARNING_PAGE_NOT_SHOWN));
	}
	if (v->in->message_only) {
		made->html = made->text = (struct slice){0};
		return f;
	}
	if (f == FAULT_NONE) {
		f = arena_copy(arena, made->html, &made->html);
	}
	return f == FAULT_NONE ? arena_copy(arena, made->text, &made->text) : f;
}

static enum fault render_in(const struct render_input *in, struct arena *scratch,
			    struct arena *arena, struct render_output *out, struct problem *problem)
{
	const struct document_params params = {
		.page = in->page,
		.attachments = in->attachments,
		.attachment_count = in->attachment_count,
		.known = in->known,
		.language = in->language,
		.now = in->date,
	};
	struct document document;
	struct view view;
	struct render_output made = {0};
	enum fault f = document_read(&params, scratch, &document, problem);
	if (f == FAULT_NONE) {
		f = view_init(&view, in, &document, scratch);
	}
	view.media.p.keep = arena; /* what becomes of pictures is a part of the message */
	if (f == FAULT_NONE) {
		f = report_macros(&view, document.macros);
	}
	if (f == FAULT_NONE) {
		f = html_write(&view, &made.html);
	}
	if (f == FAULT_NONE) {
		f = plain_write(&view, &made.text);
	}
	/* Both arenas together stay below the limit of the one. */
	size_t lent = arena_taken(scratch);
	arena->limit -= lent;
	if (f == FAULT_NONE) {
		f = build(in, &view, arena, &made, problem);
	}
	if (f == FAULT_NONE) {
		f = report_size(&view, made.message.size);
	}
	if (f == FAULT_NONE) {
		f = keep_result(&document, &view, arena, &made);
	}
	arena->limit += lent;
	if (f == FAULT_NONE) {
		*out = made;
	}
	return f;
}

size_t render_picture_room(const struct page *page, const struct attachment *attachments,
			   size_t attachment_count, bool fetches,
			   const struct render_limits *limits)
{
	return media_room(page, attachments, attachment_count, fetches, limits);
}

enum fault render_message(const struct render_input *in, struct arena *arena,
			  struct render_output *out, struct problem *problem)
{
	CLEANUP(arena_deinit) struct arena scratch;
	arena_init_growing(&scratch, arena->limit - arena_taken(arena));
	return render_in(in, &scratch, arena, out, problem);
}
