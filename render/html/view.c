#include "render/html/view.h"

#include <string.h>

#include "spool-free/base/text.h"

enum { RTL_LEAVES_MAX = 32, RTL_BYTES_MAX = 256 };

const struct slice view_open_words = SLICE_INIT("open in Confluence");
const struct slice view_files_words = SLICE_INIT("Attached files");
const struct slice view_footer_words = SLICE_INIT("A Confluence page, sent by Pagepost.");
const struct slice view_details_words = SLICE_INIT("Details");
const struct slice view_long_words = SLICE_INIT(
	"This page is long: its formatted view ends early, the "
	"plain text of this mail holds all of it.");
const struct slice view_empty_words = SLICE_INIT("This page has no content.");

static enum fault make_byline(struct view *v)
{
	struct slice space = v->in->page->space_key;
	struct slice name = {0};
	if (v->in->sender != NULL) {
		name = v->in->sender->name.len > 0 ? v->in->sender->name
						   : v->in->sender->mailbox.address;
	}
	bool both = space.len > 0 && name.len > 0;
	struct slice parts[] = {
		space.len > 0 ? SLICE_LIT("Space ") : space,
		space,
		both ? SLICE_LIT(" \xc2\xb7 sent by ") : SLICE_LIT(""),
		!both && name.len > 0 ? SLICE_LIT("Sent by ") : SLICE_LIT(""),
		name,
	};
	return arena_join(v->arena, parts, COUNT_OF(parts), &v->byline);
}

static bool goes_along(const struct render_input *in, const struct attachment *a)
{
	switch (in->attach) {
	case ATTACH_ALL:
		return true;
	case ATTACH_NONE:
		return false;
	case ATTACH_NAMED:
		break;
	}
	for (size_t i = 0; i < in->attach_name_count; i++) {
		if (slice_eq(in->attach_names[i], a->name)) {
			return true;
		}
	}
	return false;
}

static enum fault choose_files(struct view *v)
{
	const struct render_input *in = v->in;
	struct message_file *files = arena_array(v->arena, in->attachment_count, sizeof(*files));
	if (files == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < in->attachment_count; i++) {
		const struct attachment *a = &in->attachments[i];
		if (goes_along(in, a)) {
			files[v->file_count++] = (struct message_file){
				.name = a->name,
				.type = v->media.all[i].sniff.type,
				.bytes = a->bytes};
		}
	}
	v->files = files;
	return FAULT_NONE;
}

/* The right side of the Message-ID names the host for Content-IDs too. */
static struct slice host_of(struct slice message_id)
{
	size_t at = slice_find_byte(message_id, '@');
	struct slice host = slice_skip(message_id, at + 1);
	return host.len > 0 ? host : SLICE_LIT("pagepost.invalid");
}

enum fault view_init(struct view *v, const struct render_input *in, const struct document *document,
		     struct arena *arena)
{
	*v = (struct view){.in = in, .document = document, .arena = arena};
	struct slice title = slice_trim(in->page->title);
	v->title = title.len > 0 ? title : SLICE_LIT("Untitled page");
	v->button = in->layout.button_label.len > 0 ? in->layout.button_label : SLICE_LIT("Open in Confluence");
	v->warnings = document->warnings;
	v->warnings_end = &v->warnings;
	while (*v->warnings_end != NULL) {
		v->warnings_end = &(*v->warnings_end)->next;
	}
	enum fault f = media_init(&v->media, in->attachments, in->attachment_count,
				  host_of(in->message_id), arena);
	if (f == FAULT_NONE) {
		f = document_page_url(in->page, arena, &v->page_url);
	}
	if (f == FAULT_NONE) {
		f = make_byline(v);
	}
	return f != FAULT_NONE ? f : choose_files(v);
}

enum fault view_warn(struct view *v, struct slice code, struct slice detail)
{
	for (const struct render_warning *w = v->warnings; w != NULL; w = w->next) {
		if (slice_eq(w->code, code) && slice_eq(w->detail, detail)) {
			return FAULT_NONE;
		}
	}
	struct render_warning *w = arena_alloc(v->arena, sizeof(*w));
	if (w == NULL) {
		return FAULT_NO_MEMORY;
	}
	w->code = code;
	w->detail = detail;
	*v->warnings_end = w;
	v->warnings_end = &w->next;
	return FAULT_NONE;
}

static size_t add_summary(char *into, size_t have, struct slice text)
{
	while (text.len > 0 && have < VIEW_SUMMARY_MAX) {
		struct slice before = text;
		uint32_t code = text_next(&text);
		size_t len = before.len - text.len;
		bool blank = code == ' ' || code == '\n' || code == '\t' || code == 0xa0;
		if (blank && (have == 0 || into[have - 1] == ' ')) {
			continue;
		}
		if (have + len > VIEW_SUMMARY_MAX) {
			return have;
		}
		if (blank) {
			into[have++] = ' ';
		} else {
			memcpy(into + have, before.ptr, len);
			have += len;
		}
	}
	return have;
}

enum fault view_summary(const struct view *v, struct slice *out_summary)
{
	char made[VIEW_SUMMARY_MAX];
	size_t n = add_summary(made, 0, v->in->note);
	struct walk w = walk_of(v->document->root);
	while (n < VIEW_SUMMARY_MAX && walk_next(&w)) {
		if (!w.leaving && w.at->kind == NODE_TEXT) {
			n = add_summary(made, n, w.at->of.text);
		} else if (node_level(w.at) != NODE_IS_INLINE) {
			n = add_summary(made, n, SLICE_LIT(" "));
		}
	}
	return arena_copy(v->arena, slice_trim(slice_of(made, n)), out_summary);
}

static size_t put_number(char *into, uint64_t number)
{
	char digits[20];
	size_t n = 0;
	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	for (size_t i = 0; i < n; i++) {
		into[i] = digits[n - 1 - i];
	}
	return n;
}

struct slice view_size(uint64_t bytes, char room[VIEW_SIZE_TEXT])
{
	const char *unit = bytes == 1 ? " byte" : " bytes";
	size_t n;
	if (bytes >= 1000U * 1000U) {
		uint64_t tenths = bytes / 100000U;
		n = put_number(room, tenths / 10);
		room[n++] = '.';
		room[n++] = (char)('0' + tenths % 10);
		unit = " MB";
	} else {
		unit = bytes >= 1000U ? " KB" : unit;
		n = put_number(room, bytes >= 1000U ? (bytes + 500U) / 1000U : bytes);
	}
	memcpy(room + n, unit, strlen(unit));
	return slice_of(room, n + strlen(unit));
}

struct slice view_date(const struct node_date *date, char room[VIEW_DATE_TEXT])
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	if (date->month < 1 || date->month > 12) {
		return date->raw;
	}
	size_t n = put_number(room, date->day);
	room[n++] = ' ';
	memcpy(room + n, months + 3 * (date->month - 1), 3);
	n += 3;
	room[n++] = ' ';
	return slice_of(room, n + put_number(room + n, date->year));
}

bool view_is_rtl(const struct node *block)
{
	struct walk w = walk_of(block);
	size_t bytes = 0;
	for (int leaves = 0; leaves < RTL_LEAVES_MAX && bytes < RTL_BYTES_MAX && walk_next(&w);
	     leaves++) {
		if (w.at->kind != NODE_TEXT) {
			continue;
		}
		struct slice text = slice_first(w.at->of.text, RTL_BYTES_MAX);
		bytes += text.len;
		while (text.len > 0) {
			uint32_t code = text_next(&text);
			if (text_is_letter(code)) {
				return text_is_rtl(code);
			}
		}
	}
	return false;
}
