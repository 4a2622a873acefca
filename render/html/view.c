#include "render/html/view.h"

#include <string.h>

#include "spool-free/base/text.h"
#include "render/confluence/links.h"

enum {
	RTL_LEAVES_MAX = 32,
	RTL_BYTES_MAX = 256,
	REST_OF_MESSAGE = 256 * 1024, /* heads, HTML and pictures of a usual mail */
};

struct slice view_word(const struct view *v, enum word word)
{
	return language_word(&v->language, word);
}

static enum fault make_byline(struct view *v)
{
	struct slice space = slice_trim(v->in->page->facts.space_name);
	struct slice name = {0};
	space = space.len > 0 ? space : v->in->page->space_key;
	if (v->in->sender != NULL) {
		name = v->in->sender->name.len > 0 ? v->in->sender->name
						   : v->in->sender->mailbox.address;
	}
	bool spaced = space.len > 0;
	bool sent = name.len > 0;
	struct slice none = SLICE_LIT("");
	struct slice parts[] = {
		spaced ? view_word(v, WORD_SPACE) : none,
		spaced ? SLICE_LIT(" ") : none,
		space,
		spaced && sent ? SLICE_LIT(" \xc2\xb7 ") : none,
		!sent ? none : view_word(v, spaced ? WORD_SENT_BY : WORD_SENT_BY_ONLY),
		sent ? SLICE_LIT(" ") : none,
		name,
	};
	return arena_join(v->arena, parts, COUNT_OF(parts), &v->byline);
}

static bool is_named(const struct render_input *in, struct slice name)
{
	for (size_t i = 0; in->attach == ATTACH_NAMED && i < in->attach_name_count; i++) {
		if (slice_eq(in->attach_names[i], name)) {
			return true;
		}
	}
	return false;
}

static int32_t find_logo(const struct render_input *in)
{
	for (size_t i = 0; in->layout.logo.len > 0 && i < in->attachment_count; i++) {
		if (slice_eq(in->layout.logo, in->attachments[i].name)) {
			return (int32_t)i;
		}
	}
	return TREE_NO_ATTACHMENT;
}

/* Bytes of files that may go along: what was set, and no more than the mail server's limit leaves beside the rest, which
 * is guessed generously. A file's base64 is 78 bytes for 57. */
static uint64_t room_for_files(const struct render_input *in)
{
	uint64_t most = in->limits.files > 0 ? in->limits.files : UINT64_MAX;
	if (in->size_limit == 0) {
		return most;
	}
	uint64_t rest = REST_OF_MESSAGE + (uint64_t)in->page->body.len;
	uint64_t room = in->size_limit > rest ? in->size_limit - rest : 0;
	return room / 78 * 57 < most ? room / 78 * 57 : most;
}

static enum fault leave_out(struct view *v, const struct attachment *a)
{
	struct view_left_out *l = &v->left_out[v->left_out_count++];
	*l = (struct view_left_out){.name = a->name, .size = a->bytes.len};
	enum fault f = links_to_file(v->in->page, a->name, v->arena, &l->href);
	return f != FAULT_NONE
		       ? f
		       : view_warn(
				 v, WARNING_FILES_TOO_LARGE,
				 SLICE_LIT("Not all files fit into the mail; the others are named "
					   "in it, with a link to each."));
}

/* In their order, while there is room. */
static enum fault choose_files(struct view *v)
{
	const struct render_input *in = v->in;
	v->files = arena_array(v->arena, in->attachment_count, sizeof(*v->files));
	v->chosen = arena_array(v->arena, in->attachment_count, sizeof(*v->chosen));
	v->left_out = arena_array(v->arena, in->attachment_count, sizeof(*v->left_out));
	if (v->files == NULL || v->chosen == NULL || v->left_out == NULL) {
		return FAULT_NO_MEMORY;
	}
	uint64_t room = room_for_files(in);
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < in->attachment_count && f == FAULT_NONE; i++) {
		const struct attachment *a = &in->attachments[i];
		bool wanted = in->attach == ATTACH_ALL || is_named(in, a->name);
		if (!wanted || (int32_t)i == v->logo) {
			continue;
		}
		if (a->bytes.len > room) {
			f = leave_out(v, a);
			continue;
		}
		room -= a->bytes.len;
		v->files[v->file_count++] = v->chosen[v->chosen_count++] = (struct message_file){
			.name = a->name, .type = v->media.all[i].sniff.type, .bytes = a->bytes};
	}
	return f;
}

bool view_sends(const struct view *v, int32_t attachment)
{
	if (attachment == TREE_NO_ATTACHMENT) {
		return false;
	}
	/* A picture goes along as a file only where it is not shown, which nobody knows yet. */
	if (v->in->attach != ATTACH_NAMED && v->media.all[attachment].sniff.use != SNIFF_FILE) {
		return false;
	}
	const char *bytes = v->in->attachments[attachment].bytes.ptr;
	for (size_t i = 0; i < v->file_count; i++) {
		if (v->files[i].bytes.ptr == bytes) {
			return true;
		}
	}
	return false;
}

void view_drop_shown(struct view *v)
{
	v->file_count = 0;
	for (size_t i = 0; i < v->chosen_count; i++) {
		if (v->in->attach == ATTACH_NAMED || !media_shows(&v->media, v->chosen[i].bytes)) {
			v->files[v->file_count++] = v->chosen[i];
		}
	}
}

struct slice view_picture_url(const struct view *v, const struct image *i)
{
	return v->in->hides_remote ? (struct slice){0} : i->url;
}

/* The right side of the Message-ID names the host for Content-IDs too. */
static struct slice host_of(struct slice message_id)
{
	size_t at = slice_find_byte(message_id, '@');
	struct slice host = slice_skip(message_id, at + 1);
	return host.len > 0 ? host : SLICE_LIT("pagepost.invalid");
}

static enum fault open_media(struct view *v)
{
	const struct render_input *in = v->in;
	bool fetches = in->pictures != NULL && in->pictures->fetch != NULL;
	const struct media_params params = {
		.files = in->attachments,
		.count = in->attachment_count,
		.host = host_of(in->message_id),
		.pictures = in->pictures,
		.image_side = in->layout.image_side,
		.limits = in->limits,
		.keep = v->arena,
		.room = media_room(in->page, in->attachments, in->attachment_count, fetches,
				   &in->limits),
	};
	return media_init(&v->media, &params, v->arena);
}

enum fault view_init(struct view *v, const struct render_input *in, const struct document *document,
		     struct arena *arena)
{
	*v = (struct view){.in = in, .document = document, .arena = arena};
	struct slice title = slice_trim(in->page->title);
	v->language = language_of(in->language);
	v->title = title.len > 0 ? title : view_word(v, WORD_UNTITLED);
	v->rtl = v->language.rtl ||
		 (in->language.len == 0 && view_text_direction(v->title) == DIRECTION_RTL);
	v->button = in->layout.button_label.len > 0 ? in->layout.button_label
						    : view_word(v, WORD_OPEN_BUTTON);
	v->header = slice_trim(in->layout.header_text);
	v->logo = find_logo(in);
	v->warnings = document->warnings;
	v->warnings_end = &v->warnings;
	while (*v->warnings_end != NULL) {
		v->warnings_end = &(*v->warnings_end)->next;
	}
	enum fault f = open_media(v);
	if (f == FAULT_NONE) {
		f = document_page_url(in->page, arena, &v->page_url);
	}
	if (f == FAULT_NONE) {
		f = make_byline(v);
	}
	return f != FAULT_NONE ? f : choose_files(v);
}

enum fault view_warn(struct view *v, enum warning w, struct slice detail)
{
	struct slice code = warning_code(w);
	for (const struct render_warning *o = v->warnings; o != NULL; o = o->next) {
		if (slice_eq(o->code, code) && slice_eq(o->detail, detail)) {
			return FAULT_NONE;
		}
	}
	struct render_warning *last = arena_alloc(v->arena, sizeof(*last));
	if (last == NULL) {
		return FAULT_NO_MEMORY;
	}
	*last = (struct render_warning){.code = code, .detail = detail};
	*v->warnings_end = last;
	v->warnings_end = &last->next;
	return FAULT_NONE;
}

/* Words under way: at most VIEW_SUMMARY_MAX characters, blanks in a row as one. */
struct summary {
	char *into;
	size_t len;
	size_t characters;
};

static void add_summary(struct summary *s, struct slice text)
{
	while (text.len > 0 && s->characters < VIEW_SUMMARY_MAX) {
		struct slice before = text;
		uint32_t code = text_next(&text);
		size_t len = before.len - text.len;
		bool blank = code == ' ' || code == '\n' || code == '\t' || code == 0xa0;
		if (blank && (s->len == 0 || s->into[s->len - 1] == ' ')) {
			continue;
		}
		memcpy(s->into + s->len, blank ? " " : before.ptr, blank ? 1 : len);
		s->len += blank ? 1 : len;
		s->characters++;
	}
}

enum fault view_summary(const struct view *v, struct slice *out_summary)
{
	char made[TEXT_UTF8_MAX * VIEW_SUMMARY_MAX];
	struct summary s = {.into = made};
	add_summary(&s, v->in->note);
	struct walk w = walk_of(v->document->root);
	while (s.characters < VIEW_SUMMARY_MAX && walk_next(&w)) {
		if (!w.leaving && w.at->kind == NODE_TEXT) {
			add_summary(&s, w.at->of.text);
		} else if (node_level(w.at) != NODE_IS_INLINE) {
			add_summary(&s, SLICE_LIT(" "));
		}
	}
	if (s.characters > 0 && s.characters < VIEW_SUMMARY_LEAST && v->byline.len > 0) {
		add_summary(&s, SLICE_LIT(" \xc2\xb7 "));
		add_summary(&s, v->byline);
	}
	return arena_copy(v->arena, slice_trim(slice_of(made, s.len)), out_summary);
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

struct slice view_size(const struct view *v, uint64_t bytes, char room[VIEW_SIZE_TEXT])
{
	struct slice unit = view_word(v, bytes == 1 ? WORD_BYTE : WORD_BYTES);
	size_t n;
	if (bytes >= 1000U * 1000U) {
		uint64_t tenths = bytes / 100000U;
		n = put_number(room, tenths / 10);
		room[n++] = language_decimal(&v->language);
		room[n++] = (char)('0' + tenths % 10);
		unit = SLICE_LIT("MB");
	} else {
		unit = bytes >= 1000U ? SLICE_LIT("KB") : unit;
		n = put_number(room, bytes >= 1000U ? (bytes + 500U) / 1000U : bytes);
	}
	room[n++] = ' ';
	memcpy(room + n, unit.ptr, unit.len);
	return slice_of(room, n + unit.len);
}

struct slice view_date(const struct view *v, const struct node_date *date,
		       char room[VIEW_DATE_TEXT])
{
	return language_date(&v->language, date, room);
}

enum text_direction view_text_direction(struct slice text)
{
	text = slice_first(text, RTL_BYTES_MAX);
	while (text.len > 0) {
		if ((unsigned char)text.ptr[0] < 0x80) { /* most texts begin and end here */
			if (text_is_letter((unsigned char)text.ptr[0])) {
				return DIRECTION_LTR;
			}
			text = slice_skip(text, 1);
			continue;
		}
		uint32_t code = text_next(&text);
		if (text_is_letter(code)) {
			return text_is_rtl(code) ? DIRECTION_RTL : DIRECTION_LTR;
		}
	}
	return DIRECTION_NONE;
}

enum text_direction view_direction(const struct node *block)
{
	struct walk w = walk_of(block);
	size_t bytes = 0;
	for (int leaves = 0; leaves < RTL_LEAVES_MAX && bytes < RTL_BYTES_MAX && walk_next(&w);
	     leaves++) {
		if (w.at->kind != NODE_TEXT) {
			continue;
		}
		enum text_direction d = view_text_direction(w.at->of.text);
		if (d != DIRECTION_NONE) {
			return d;
		}
		bytes += w.at->of.text.len;
	}
	return DIRECTION_NONE;
}

bool view_is_rtl(const struct node *block)
{
	return view_direction(block) == DIRECTION_RTL;
}
