#include "render/html/media.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "render/confluence/links.h"
#include "render/mime/bare.h"

enum {
	ID_HASH = 12,
	SHARPNESS = 2,	/* px of the picture for a px of the page: screens of phones show both */
	ENDING_MAX = 5, /* of a file's name */
	FETCH_RAW = 4 * 1024 * 1024, /* of one picture that can be scaled down */
	ROOM_SLACK = 32 * 1024,
};

static size_t said_or(uint64_t said, size_t otherwise)
{
	return said > 0 && said < SIZE_MAX / 2 ? (size_t)said : otherwise;
}

enum fault media_init(struct media *m, const struct media_params *p, struct arena *arena)
{
	struct media made = {
		.p = *p,
		.arena = arena,
		.picture_max = said_or(p->limits.picture, MEDIA_PICTURE_MAX),
		.pictures_max = said_or(p->limits.pictures, MEDIA_PICTURES_MAX),
	};
	bool fetches = p->pictures != NULL && p->pictures->fetch != NULL;
	size_t most = p->count + (fetches ? MEDIA_FETCH_MAX : 0);
	made.all = arena_array(arena, most, sizeof(*made.all));
	made.shown = arena_array(arena, most, sizeof(*made.shown));
	if (made.all == NULL || made.shown == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < p->count; i++) {
		made.all[i].file = &p->files[i];
		made.all[i].sniff = sniff_bytes(p->files[i].bytes, p->files[i].type);
	}
	*m = made;
	return FAULT_NONE;
}

/* --- the two arenas --- */

struct loan {
	size_t limit;
	size_t taken;
};

/* From here to end_loan() `keep` gives no more than pictures may take. */
static struct loan begin_loan(struct media *m)
{
	struct arena *keep = m->p.keep;
	struct loan l = {.limit = keep->limit, .taken = arena_taken(keep)};
	size_t left = m->arena->limit - arena_taken(m->arena);
	size_t room = m->p.room < left ? m->p.room : left;
	if (room < keep->limit - l.taken) {
		keep->limit = l.taken + room;
	}
	return l;
}

static void end_loan(struct media *m, struct loan l)
{
	size_t grown = arena_taken(m->p.keep) - l.taken;
	m->p.keep->limit = l.limit;
	m->p.room -= grown < m->p.room ? grown : m->p.room;
	m->arena->limit -= m->arena != m->p.keep ? grown : 0;
}

/* --- what is to be done with it --- */

static bool is_rare(const struct medium *one)
{
	return one->sniff.use == SNIFF_RARE_PICTURE;
}

static bool is_drawing(const struct medium *one)
{
	return slice_eq(one->sniff.type, SLICE_LIT("image/svg+xml"));
}

static uint32_t longest_side(const struct sniff *s)
{
	return s->width > s->height ? s->width : s->height;
}

/* The longest side that it needs where it stands; 0 when that cannot be told. */
static uint32_t needed_side(const struct medium *one)
{
	const struct sniff *s = &one->sniff;
	if (one->shown_width == 0 || s->width == 0) {
		return 0;
	}
	uint64_t side = (uint64_t)SHARPNESS * one->shown_width * longest_side(s) / s->width;
	return side < NATURAL_SIDE_MAX ? side > 0 ? (uint32_t)side : 1 : NATURAL_SIDE_MAX;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a == 0 || (b > 0 && b < a) ? b : a;
}

static bool is_converted_first(const struct media *m, const struct medium *one)
{
	uint32_t longest = longest_side(&one->sniff);
	uint32_t needed = needed_side(one);
	size_t len = one->file->bytes.len;
	uint64_t area = (uint64_t)one->sniff.width * one->sniff.height;
	if (m->p.pictures == NULL || m->p.pictures->convert == NULL ||
	    slice_eq(one->sniff.type, SLICE_LIT("image/gif"))) {
		return false;
	}
	return is_rare(one) || one->sniff.orientation != NATURAL_UPRIGHT || len > m->picture_max ||
	       (m->p.image_side > 0 && longest > m->p.image_side) ||
	       (needed > 0 && longest > needed && (len > MEDIA_HEAVY || area > MEDIA_VAST));
}

/* What a picture may become. Another form of what every reader shows is no gain when it is much larger. */
static size_t result_max(const struct sniff *s, size_t len, size_t picture_max)
{
	size_t most = len + len / 4 + ROOM_SLACK / 2;
	return s->use == SNIFF_RARE_PICTURE || most > picture_max ? picture_max : most;
}

static size_t left_for_pictures(const struct media *m)
{
	return m->pictures_max - m->shown_bytes;
}

/* What the page reserves for it is its own size; but for the drawing, which is drawn at any, it is not enlarged. */
static void take_size(struct medium *one, const struct sniff *made, uint32_t asked)
{
	struct sniff *own = &one->sniff;
	bool was_wide = own->width >= own->height, is_wide = made->width >= made->height;
	if (own->width == 0 || (asked == 0 && !is_drawing(one))) {
		own->width = made->width;
		own->height = made->height;
	} else if (was_wide != is_wide) { /* turned by what its head did not tell */
		uint32_t width = own->width;
		own->width = own->height;
		own->height = width;
	}
	one->is_changed = true;
	one->is_converted = is_rare(one);
	one->is_scaled = !is_drawing(one) && longest_side(made) < longest_side(own);
	own->type = made->type;
	own->use = made->use;
	own->is_clear = made->is_clear;
}

/* False when it must stay as it is. */
static bool convert(struct media *m, struct medium *one, struct slice *out_bytes)
{
	uint32_t needed = needed_side(one), longest = longest_side(&one->sniff);
	uint32_t side = least(m->p.image_side, needed);
	size_t most = result_max(&one->sniff, one->file->bytes.len, m->picture_max);
	size_t left = left_for_pictures(m);
	struct slice made;
	const struct render_conversion wanted = {
		.bytes = one->file->bytes,
		.longest_side = is_drawing(one) || side < longest || longest == 0 ? side : 0,
		.most = most < left ? most : left,
	};
	struct loan l = begin_loan(m);
	enum fault f = m->p.pictures->convert(m->p.pictures->context, &wanted, m->p.keep, &made);
	end_loan(m, l);
	if (f != FAULT_NONE) {
		return false;
	}
	struct sniff result = sniff_bytes(made, (struct slice){0});
	if (result.use != SNIFF_PICTURE) {
		return false;
	}
	take_size(one, &result, wanted.longest_side);
	*out_bytes = made;
	return true;
}

/* --- which of them are shown --- */

static enum media_verdict fits(const struct media *m, size_t len)
{
	if (len > m->picture_max) {
		return MEDIA_LARGE;
	}
	return len > left_for_pictures(m) ? MEDIA_FULL : MEDIA_SHOWN;
}

/* The file's own bytes, less what they tell besides. */
static enum fault undress(struct media *m, struct medium *one, struct slice *out_bytes,
			  enum media_verdict *out_verdict)
{
	struct slice all = one->file->bytes;
	size_t len = bare_picture(all, one->sniff.type, one->sniff.orientation, NULL);
	*out_verdict = fits(m, len);
	if (*out_verdict != MEDIA_SHOWN || len == all.len) {
		*out_bytes = all;
		return FAULT_NONE;
	}
	struct loan l = begin_loan(m);
	char *bytes = arena_bytes(m->p.keep, len);
	end_loan(m, l);
	if (bytes == NULL) {
		return FAULT_NO_MEMORY;
	}
	(void)bare_picture(all, one->sniff.type, one->sniff.orientation, bytes);
	*out_bytes = slice_of(bytes, len);
	return FAULT_NONE;
}

static enum fault judge(struct media *m, struct medium *one, struct slice *out_bytes,
			enum media_verdict *out_verdict)
{
	if (one->sniff.use == SNIFF_FILE) {
		*out_verdict = MEDIA_NO_PICTURE;
		return FAULT_NONE;
	}
	if (is_converted_first(m, one) && convert(m, one, out_bytes)) {
		*out_verdict = fits(m, out_bytes->len);
		return FAULT_NONE;
	}
	if (is_rare(one)) {
		*out_verdict = MEDIA_RARE;
		return FAULT_NONE;
	}
	return undress(m, one, out_bytes, out_verdict);
}

static enum fault make_id(struct media *m, struct slice bytes, struct slice *out_id)
{
	unsigned char hash[DIGEST_LEN];
	char text[2 * ID_HASH];
	digest_sha256(bytes, hash);
	hex_encode(slice_of(hash, ID_HASH), text);
	struct slice parts[] = {slice_of(text, sizeof(text)), SLICE_LIT("@"), m->p.host};
	return arena_join(m->arena, parts, COUNT_OF(parts), out_id);
}

static const struct medium *find_same(const struct media *m, const struct medium *one)
{
	for (size_t i = 0; i < m->p.count + m->fetched_count; i++) {
		if (m->all[i].is_judged && slice_eq(m->all[i].id, one->id)) {
			return &m->all[i];
		}
	}
	return NULL;
}

/* "plan.svg" is now "plan.png". */
static enum fault name_of(struct media *m, const struct medium *one, struct slice *out_name)
{
	struct slice stem = one->file->name;
	bool is_jpeg = slice_eq(one->sniff.type, SLICE_LIT("image/jpeg"));
	if (!one->is_converted && !(is_jpeg && slice_ends(stem, SLICE_LIT(".png")))) {
		*out_name = stem;
		return FAULT_NONE;
	}
	for (size_t n = 1; n <= ENDING_MAX && n < stem.len; n++) {
		if (stem.ptr[stem.len - n] == '.') {
			stem = slice_first(stem, stem.len - n);
			break;
		}
	}
	struct slice parts[] = {stem, is_jpeg ? SLICE_LIT(".jpg") : SLICE_LIT(".png")};
	return arena_join(m->arena, parts, COUNT_OF(parts), out_name);
}

static enum fault list(struct media *m, struct medium *one, struct slice bytes)
{
	struct message_file part = {.type = one->sniff.type, .bytes = bytes, .content_id = one->id};
	enum fault f = name_of(m, one, &part.name);
	if (f != FAULT_NONE) {
		return f;
	}
	one->content_id = one->id;
	m->shown_bytes += bytes.len;
	m->shown[m->shown_count++] = part;
	return FAULT_NONE;
}

static void take_over(struct medium *one, const struct medium *same)
{
	one->sniff = same->sniff;
	one->verdict = same->verdict;
	one->content_id = same->content_id;
	one->is_judged = true;
	one->is_changed = same->is_changed;
}

enum fault media_show(struct media *m, size_t index, enum media_verdict *out_verdict)
{
	struct medium *one = &m->all[index];
	struct slice bytes = {0};
	enum fault f = FAULT_NONE;
	if (!one->is_judged && one->sniff.use != SNIFF_FILE) {
		f = make_id(m, one->file->bytes, &one->id);
		const struct medium *same = f == FAULT_NONE ? find_same(m, one) : NULL;
		if (same != NULL) {
			take_over(one, same);
		}
	}
	if (f == FAULT_NONE && !one->is_judged) {
		f = judge(m, one, &bytes, &one->verdict);
		if (f == FAULT_NONE && one->verdict == MEDIA_SHOWN) {
			f = list(m, one, bytes);
		}
		one->is_judged = f == FAULT_NONE;
	}
	if (f == FAULT_NONE) {
		*out_verdict = one->verdict;
	}
	return f;
}

/* --- pictures from elsewhere --- */

static struct slice name_in(struct slice url)
{
	struct slice name = links_last_step(url);
	return name.len > 0 && name.len <= JOB_NAME_MAX ? name : SLICE_LIT("picture");
}

static enum fault fetch(struct media *m, struct slice url, struct medium *into)
{
	const struct render_pictures *p = m->p.pictures;
	size_t most = p->convert != NULL ? (size_t)FETCH_RAW : m->picture_max;
	size_t left = MEDIA_FETCHED_MAX - m->fetched_bytes;
	struct attachment *file = arena_alloc(m->arena, sizeof(*file));
	if (file == NULL) {
		return FAULT_NO_MEMORY;
	}
	struct loan l = begin_loan(m);
	enum fault f = p->fetch(p->context, url, most < left ? most : left, m->p.keep,
				&file->bytes);
	end_loan(m, l);
	file->name = name_in(url);
	if (f == FAULT_NONE) {
		into->sniff = sniff_bytes(file->bytes, (struct slice){0});
		m->fetched_bytes += file->bytes.len;
	}
	into->file = file;
	return FAULT_NONE;
}

enum fault media_fetch(struct media *m, struct slice url, size_t *out_index,
		       enum media_verdict *out_verdict)
{
	size_t at = 0;
	*out_verdict = MEDIA_NOT_FETCHED;
	if (m->p.pictures == NULL || m->p.pictures->fetch == NULL) {
		return FAULT_NONE;
	}
	while (at < m->fetched_count && !slice_eq(m->fetched[at], url)) {
		at++;
	}
	struct medium *one = &m->all[m->p.count + at];
	if (at == m->fetched_count) {
		if (at == MEDIA_FETCH_MAX || m->fetched_bytes >= MEDIA_FETCHED_MAX) {
			return FAULT_NONE;
		}
		enum fault f = fetch(m, url, one);
		if (f != FAULT_NONE) {
			return f;
		}
		m->fetched[m->fetched_count++] = url;
	}
	if (one->sniff.use != SNIFF_FILE) {
		*out_index = m->p.count + at;
		*out_verdict = MEDIA_SHOWN;
	}
	return FAULT_NONE;
}

/* Words without which a page shows no picture from elsewhere. */
static bool may_show_others(const struct page *page)
{
	static const struct slice words[] = {SLICE_INIT("<img"), SLICE_INIT("<IMG"),
					     SLICE_INIT("ri:url"), SLICE_INIT("external"),
					     SLICE_INIT("\\u00")};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_find(page->body, words[i]) < page->body.len) {
			return true;
		}
	}
	return false;
}

size_t media_room(const struct page *page, const struct attachment *files, size_t count,
		  bool fetches, const struct render_limits *limits)
{
	size_t one = said_or(limits->picture, MEDIA_PICTURE_MAX);
	size_t all = said_or(limits->pictures, MEDIA_PICTURES_MAX);
	size_t room = 0;
	for (size_t i = 0; i < count && room < all; i++) {
		struct sniff s = sniff_bytes(files[i].bytes, files[i].type);
		room += s.use == SNIFF_FILE ? 0 : result_max(&s, files[i].bytes.len, one);
	}
	room = room < all ? room : all;
	if (fetches && may_show_others(page)) {
		room = all + MEDIA_FETCHED_MAX;
	}
	return room > 0 ? room + ROOM_SLACK : 0;
}

bool media_shows(const struct media *m, struct slice bytes)
{
	for (size_t i = 0; i < m->p.count; i++) {
		const struct medium *one = &m->all[i];
		if (one->content_id.len > 0 && !one->is_changed &&
		    one->file->bytes.len == bytes.len &&
		    (one->file->bytes.ptr == bytes.ptr || slice_eq(one->file->bytes, bytes))) {
			return true;
		}
	}
	return false;
}

void media_keep_shown(struct media *m, size_t count)
{
	while (m->shown_count > count) {
		const struct message_file *gone = &m->shown[--m->shown_count];
		m->shown_bytes -= gone->bytes.len;
		for (size_t i = 0; i < m->p.count + m->fetched_count; i++) {
			if (slice_eq(m->all[i].content_id, gone->content_id)) {
				m->all[i].content_id = (struct slice){0};
				m->all[i].verdict = MEDIA_CUT;
			}
		}
	}
}
