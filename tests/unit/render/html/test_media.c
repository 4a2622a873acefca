#include "render/html/media.h"

#include <string.h>

#include "tests/support/check_main.h"

#define PNG_HEAD "\x89PNG\r\n\x1a\n"
#define PNG(width, last)                                                                           \
	PNG_HEAD "\0\0\0\rIHDR" width "\0\0\0\x10\x08\2\0\0\0CRC!\0\0\0\0IENDCRC" last
#define SMALL(last) PNG("\0\0\0\x20", last)
/* 6144 x 6144 px in a few bytes. */
#define VAST PNG_HEAD "\0\0\0\rIHDR\0\0\x18\0\0\0\x18\0\x08\2\0\0\0CRC!\0\0\0\1IDATxCRC!"
#define TEXT "\0\0\0\5tEXtWhereCRC!"
#define JPEG_TURNED                                                                                \
	"\xff\xd8\xff\xe1\0\x22"                                                                   \
	"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"                            \
	"\xff\xc0\0\x11\x08\0\x20\1\0\3\1\1\xff\xda\0\4ssdata\xff\xd9"

enum { MANY = 8, ROOM = 64 * 1024 * 1024 };

static char large[MEDIA_PICTURE_MAX + 1];
static char fitting[MANY][MEDIA_PICTURE_MAX];

/* A PNG of one chunk of image data and that many bytes; 1000 x 16 px. */
static void fill(char *into, size_t len)
{
	static const char head[] = PNG_HEAD "\0\0\0\rIHDR\0\0\3\xe8\0\0\0\x10\x08\2\0\0\0CRC!";
	size_t data = len - (sizeof(head) - 1) - 12;
	const char chunk[8] = {(char)(data >> 24),
			       (char)(data >> 16),
			       (char)(data >> 8),
			       (char)data,
			       'I',
			       'D',
			       'A',
			       'T'};
	memset(into, 'x', len);
	memcpy(into, head, sizeof(head) - 1);
	memcpy(into + sizeof(head) - 1, chunk, sizeof(chunk));
}

static struct attachment picture(const char *name, const char *bytes, size_t len)
{
	return (struct attachment){.name = slice_of_text(name), .bytes = slice_of(bytes, len)};
}

#define FILE_OF(name, bytes) picture(name, bytes, sizeof(bytes) - 1)

/* What would be the helper's: says what it was asked for, and hands out what it is given. */
struct helper {
	enum fault fault;
	struct slice result;
	unsigned calls, fetches;
	struct render_conversion asked;
};

static enum fault convert(void *ctx, const struct render_conversion *wanted, struct arena *arena,
			  struct slice *out_bytes)
{
	struct helper *h = ctx;
	h->calls++;
	h->asked = *wanted;
	if (h->fault != FAULT_NONE) {
		return h->fault;
	}
	return arena_copy(arena, h->result, out_bytes);
}

static enum fault fetch(void *ctx, struct slice url, size_t most, struct arena *arena,
			struct slice *out_bytes)
{
	struct helper *h = ctx;
	h->fetches++;
	ck_assert_uint_gt(url.len, 0);
	ck_assert_uint_gt(most, 0);
	return h->fault != FAULT_NONE ? h->fault : arena_copy(arena, h->result, out_bytes);
}

struct stage {
	struct arena arena, keep;
	struct media media;
	struct helper helper;
	struct render_pictures pictures;
};

static void open_stage(struct stage *s, const struct attachment *files, size_t count, bool helps,
		       uint32_t image_side)
{
	const struct media_params p = {.files = files,
				       .count = count,
				       .host = SLICE_LIT("h.example"),
				       .pictures = helps ? &s->pictures : NULL,
				       .image_side = image_side,
				       .keep = &s->keep,
				       .room = ROOM};
	s->pictures = (struct render_pictures){.context = &s->helper, .convert = convert};
	arena_init(&s->arena, ROOM);
	arena_init(&s->keep, ROOM);
	ck_assert_int_eq(media_init(&s->media, &p, &s->arena), FAULT_NONE);
}

static void close_stage(struct stage *s)
{
	arena_deinit(&s->arena);
	arena_deinit(&s->keep);
}

static enum media_verdict show(struct stage *s, size_t index)
{
	enum media_verdict v = MEDIA_NOT_FETCHED;
	ck_assert_int_eq(media_show(&s->media, index, &v), FAULT_NONE);
	ck_assert_int_eq(s->media.all[index].content_id.len > 0, v == MEDIA_SHOWN);
	return v;
}

START_TEST(verdicts)
{
	fill(large, sizeof(large));
	fill(fitting[0], MEDIA_PICTURE_MAX);
	struct attachment files[] = {
		FILE_OF("a.png", SMALL("1")),
		FILE_OF("text.png", "hello"),
		FILE_OF("x.svg", "<svg/>"),
		FILE_OF("empty.png", ""),
		picture("large.png", large, sizeof(large)),
		picture("fits.png", fitting[0], MEDIA_PICTURE_MAX),
	};
	static const enum media_verdict expected[] = {MEDIA_SHOWN, MEDIA_NO_PICTURE,
						      MEDIA_RARE,  MEDIA_NO_PICTURE,
						      MEDIA_LARGE, MEDIA_SHOWN};
	struct stage s = {0};
	open_stage(&s, files, COUNT_OF(files), false, 0);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		ck_assert_int_eq(show(&s, i), expected[i]);
	}
	ck_assert_uint_eq(s.media.shown_count, 2);
	ck_assert(slice_ends(s.media.shown[0].content_id, SLICE_LIT("@h.example")));
	ck_assert(slice_eq(s.media.shown[0].type, SLICE_LIT("image/png")));
	/* What had nothing to leave out was not copied. */
	ck_assert_ptr_eq(s.media.shown[0].bytes.ptr, files[0].bytes.ptr);
	close_stage(&s);
}
END_TEST

START_TEST(equal_bytes_are_one_part)
{
	struct attachment files[] = {FILE_OF("a.png", SMALL("1")), FILE_OF("b.png", SMALL("1")),
				     FILE_OF("c.png", SMALL("2"))};
	static const size_t uses[] = {0, 1, 0, 2, 1, 0};
	struct stage s = {0};
	open_stage(&s, files, COUNT_OF(files), false, 0);
	for (size_t i = 0; i < COUNT_OF(uses); i++) {
		ck_assert_int_eq(show(&s, uses[i]), MEDIA_SHOWN);
	}
	ck_assert_uint_eq(s.media.shown_count, 2);
	ck_assert(slice_eq(s.media.all[0].content_id, s.media.all[1].content_id));
	ck_assert(!slice_eq(s.media.all[0].content_id, s.media.all[2].content_id));
	close_stage(&s);
}
END_TEST

START_TEST(all_together_are_limited)
{
	struct attachment files[MANY];
	struct stage s = {0};
	for (size_t i = 0; i < MANY; i++) {
		fill(fitting[i], MEDIA_PICTURE_MAX);
		fitting[i][100] = (char)i;
		files[i] = picture("a.png", fitting[i], MEDIA_PICTURE_MAX);
	}
	open_stage(&s, files, MANY, false, 0);
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_int_eq(show(&s, i), i < 5 ? MEDIA_SHOWN : MEDIA_FULL);
	}
	/* Once shown, always shown. */
	ck_assert_int_eq(show(&s, 0), MEDIA_SHOWN);
	ck_assert_uint_eq(s.media.shown_bytes, MEDIA_PICTURES_MAX);
	/* What was cut off is no part any more. */
	media_keep_shown(&s.media, 2);
	ck_assert_uint_eq(s.media.shown_count, 2);
	ck_assert_uint_eq(s.media.shown_bytes, 2 * MEDIA_PICTURE_MAX);
	ck_assert_uint_eq(s.media.all[2].content_id.len, 0);
	ck_assert_uint_gt(s.media.all[1].content_id.len, 0);
	close_stage(&s);
}
END_TEST

START_TEST(metadata_is_left_out)
{
	static const char dressed[] = PNG_HEAD "\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0CRC!" TEXT
					       "\0\0\0\0IENDCRC!";
	struct attachment files[] = {FILE_OF("a.png", dressed), FILE_OF("b.jpg", JPEG_TURNED)};
	struct stage s = {0};
	open_stage(&s, files, COUNT_OF(files), false, 0);
	ck_assert_int_eq(show(&s, 0), MEDIA_SHOWN);
	struct slice left = s.media.shown[0].bytes;
	ck_assert_uint_eq(left.len, sizeof(dressed) - sizeof(TEXT));
	ck_assert_uint_eq(slice_find(left, SLICE_LIT("Where")), left.len);
	ck_assert(media_shows(&s.media, files[0].bytes));
	ck_assert(!media_shows(&s.media, files[1].bytes));
	/* Nobody can turn it here: it goes on saying how. */
	ck_assert_int_eq(show(&s, 1), MEDIA_SHOWN);
	ck_assert(slice_find(s.media.shown[1].bytes, SLICE_LIT("Exif")) < 10);
	close_stage(&s);
}
END_TEST

/* What is asked for, and what it comes to. */
static const struct {
	const char *name;
	enum { SMALL_PNG, HEAVY_PNG, LARGE_PNG, SVG, TURNED, GIF, VAST_PNG } source;
	uint32_t shown_width, image_side;
	unsigned calls;
	uint32_t asked_side;
	bool is_scaled, is_converted;
} conversions[] = {
	{"small", SMALL_PNG, 16, 0, 0, 0, false, false},
	{"heavy, and shown as it is", HEAVY_PNG, 1000, 0, 0, 0, false, false},
	{"heavy, and shown at half of it", HEAVY_PNG, 500, 0, 0, 0, false, false},
	{"heavy, and shown smaller", HEAVY_PNG, 100, 0, 1, 200, true, false},
	{"longer than the tenant wants", HEAVY_PNG, 1000, 800, 1, 800, true, false},
	{"both: the smaller counts", HEAVY_PNG, 300, 800, 1, 600, true, false},
	{"more than a mail may hold", LARGE_PNG, 1000, 0, 1, 0, false, false},
	{"a drawing is drawn for its place", SVG, 100, 0, 1, 200, false, true},
	{"a drawing in no place", SVG, 0, 0, 1, 0, false, true},
	{"turned", TURNED, 32, 0, 1, 0, false, false},
	{"vast, and shown smaller", VAST_PNG, 600, 0, 1, 1200, true, false},
	{"vast, and shown as it is", VAST_PNG, 6144, 0, 0, 0, false, false},
	{"GIF moves", GIF, 16, 8, 0, 0, false, false},
};

static struct attachment source_of(int source)
{
	static const char svg[] = "<svg width='300' height='30'/>";
	switch (source) {
	case SMALL_PNG:
		return FILE_OF("a.png", SMALL("1"));
	case HEAVY_PNG:
		return picture("a.png", fitting[0], MEDIA_HEAVY + 1);
	case LARGE_PNG:
		return picture("a.png", large, sizeof(large));
	case SVG:
		return FILE_OF("a.svg", svg);
	case TURNED:
		return FILE_OF("a.jpg", JPEG_TURNED);
	case VAST_PNG:
		return FILE_OF("a.png", VAST);
	default:
		return FILE_OF("a.gif", "GIF89a\x10\x01\x20\0\0\0\0;");
	}
}

START_TEST(conversion_row)
{
	struct stage s = {.helper = {.result = SLICE_INIT(SMALL("2"))}};
	fill(large, sizeof(large));
	fill(fitting[0], MEDIA_HEAVY + 1);
	struct attachment file = source_of(conversions[_i].source);
	open_stage(&s, &file, 1, true, conversions[_i].image_side);
	struct medium *one = &s.media.all[0];
	one->shown_width = conversions[_i].shown_width;
	ck_assert_int_eq(show(&s, 0), MEDIA_SHOWN);
	(void)show(&s, 0);
	ck_assert_msg(s.helper.calls == conversions[_i].calls, "%s: %u calls", conversions[_i].name,
		      s.helper.calls);
	ck_assert_msg(s.helper.asked.longest_side == conversions[_i].asked_side, "%s: %u px",
		      conversions[_i].name, s.helper.asked.longest_side);
	ck_assert_int_eq(one->is_scaled, conversions[_i].is_scaled);
	ck_assert_int_eq(one->is_converted, conversions[_i].is_converted);
	if (conversions[_i].calls > 0) {
		ck_assert(slice_eq(s.media.shown[0].bytes, s.helper.result));
		ck_assert(!media_shows(&s.media, file.bytes));
		ck_assert_uint_le(s.helper.asked.most, MEDIA_PICTURE_MAX);
	}
	if (conversions[_i].is_converted) {
		ck_assert(slice_eq(s.media.shown[0].name, SLICE_LIT("a.png")));
		ck_assert_uint_eq(one->sniff.width, 300); /* of the page, not of the drawing's px */
	}
	close_stage(&s);
}
END_TEST

/* Without a result, what every reader shows is shown as it is, and the rest is a file. */
START_TEST(conversion_fails)
{
	static const enum fault faults[] = {FAULT_BAD_PICTURE, FAULT_TOO_LARGE, FAULT_NO_MEMORY,
					    FAULT_DEADLINE};
	static const enum media_verdict expected[] = {MEDIA_SHOWN, MEDIA_SHOWN, MEDIA_LARGE,
						      MEDIA_RARE,  MEDIA_SHOWN, MEDIA_SHOWN};
	fill(large, sizeof(large));
	fill(fitting[0], MEDIA_HEAVY + 1);
	for (int source = SMALL_PNG; source <= GIF; source++) {
		struct stage s = {.helper = {.fault = faults[_i]}};
		struct attachment file = source_of(source);
		open_stage(&s, &file, 1, true, 100);
		s.media.all[0].shown_width = 10;
		ck_assert_int_eq(show(&s, 0), expected[source]);
		ck_assert(!s.media.all[0].is_scaled && !s.media.all[0].is_converted);
		close_stage(&s);
	}
}
END_TEST

/* A helper that hands out something else is not believed. */
START_TEST(conversion_lies)
{
	struct stage s = {.helper = {.result = SLICE_INIT("<script>")}};
	struct attachment file = source_of(SVG);
	open_stage(&s, &file, 1, true, 0);
	ck_assert_int_eq(show(&s, 0), MEDIA_RARE);
	ck_assert_uint_eq(s.media.shown_count, 0);
	close_stage(&s);
}
END_TEST

START_TEST(fetches)
{
	struct stage s = {.helper = {.result = SLICE_INIT(SMALL("3"))}};
	size_t at = 99, again = 99;
	enum media_verdict v;
	open_stage(&s, NULL, 0, true, 0);
	s.pictures.fetch = NULL;
	ck_assert_int_eq(media_fetch(&s.media, SLICE_LIT("https://x/a.png"), &at, &v), FAULT_NONE);
	ck_assert_int_eq(v, MEDIA_NOT_FETCHED);
	s.pictures.fetch = fetch;
	close_stage(&s);
	open_stage(&s, NULL, 0, true, 0);
	s.pictures.fetch = fetch;
	struct media_params p = s.media.p;
	ck_assert_int_eq(media_init(&s.media, &p, &s.arena), FAULT_NONE);
	ck_assert_int_eq(media_fetch(&s.media, SLICE_LIT("https://x/y/a.png?b=/c#d"), &at, &v),
			 FAULT_NONE);
	ck_assert_int_eq(v, MEDIA_SHOWN);
	ck_assert_int_eq(show(&s, at), MEDIA_SHOWN);
	ck_assert(slice_eq(s.media.shown[0].name, SLICE_LIT("a.png")));
	/* The same address is asked once, also when it has no picture. */
	ck_assert_int_eq(media_fetch(&s.media, SLICE_LIT("https://x/y/a.png?b=/c#d"), &again, &v),
			 FAULT_NONE);
	ck_assert_uint_eq(again, at);
	ck_assert_uint_eq(s.helper.fetches, 1);
	s.helper.result = SLICE_LIT("<html>");
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(media_fetch(&s.media, SLICE_LIT("https://x/b"), &again, &v),
				 FAULT_NONE);
		ck_assert_int_eq(v, MEDIA_NOT_FETCHED);
	}
	ck_assert_uint_eq(s.helper.fetches, 2);
	/* And no more than so many. */
	char url[] = "https://x/c/?";
	for (int i = 0; i < 2 * MEDIA_FETCH_MAX; i++) {
		url[12] = (char)('0' + i);
		char *kept = arena_bytes(&s.arena, sizeof(url));
		memcpy(kept, url, sizeof(url));
		ck_assert_int_eq(media_fetch(&s.media, slice_of(kept, sizeof(url) - 1), &again, &v),
				 FAULT_NONE);
	}
	ck_assert_uint_eq(s.helper.fetches, MEDIA_FETCH_MAX);
	close_stage(&s);
}
END_TEST

/* The limits are the caller's. */
START_TEST(other_limits)
{
	struct stage s = {.helper = {.result = SLICE_INIT(SMALL("9"))}};
	struct attachment files[] = {FILE_OF("a.png", SMALL("1")), FILE_OF("b.png", SMALL("2")),
				     FILE_OF("c.png", SMALL("3"))};
	size_t one = files[0].bytes.len;
	open_stage(&s, files, COUNT_OF(files), false, 0);
	struct media_params p = s.media.p;
	p.limits = (struct render_limits){.picture = one, .pictures = 2 * one};
	ck_assert_int_eq(media_init(&s.media, &p, &s.arena), FAULT_NONE);
	ck_assert_int_eq(show(&s, 0), MEDIA_SHOWN);
	ck_assert_int_eq(show(&s, 1), MEDIA_SHOWN);
	ck_assert_int_eq(show(&s, 2), MEDIA_FULL);
	ck_assert(media_is_too_large(&s.media.all[2]) && !media_is_too_large(&s.media.all[1]));
	/* What a cut took away is not too large. */
	media_keep_shown(&s.media, 1);
	ck_assert(!media_is_too_large(&s.media.all[1]));
	p.limits.picture = one - 1;
	ck_assert_int_eq(media_init(&s.media, &p, &s.arena), FAULT_NONE);
	ck_assert_int_eq(show(&s, 0), MEDIA_LARGE);
	ck_assert(media_is_too_large(&s.media.all[0]));
	close_stage(&s);
}
END_TEST

START_TEST(no_memory)
{
	struct attachment files[] = {FILE_OF("a.png", SMALL("1"))};
	const struct media_params p = {.files = files, .count = 1, .host = SLICE_LIT("h.example")};
	struct arena a;
	struct media m;
	arena_init(&a, 0);
	ck_assert_int_eq(media_init(&m, &p, &a), FAULT_NO_MEMORY);
	arena_deinit(&a);
}
END_TEST

/* However little memory there is: the fault is told, and nothing is shown by half. */
START_TEST(little_memory)
{
	static const char dressed[] = PNG_HEAD "\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0CRC!" TEXT
					       "\0\0\0\0IENDCRC!";
	struct attachment files[] = {FILE_OF("a.png", dressed)};
	bool fitted = false;
	for (size_t limit = 0; limit < 60000; limit += 200) {
		struct arena a, keep;
		struct media m;
		enum media_verdict v = MEDIA_NOT_FETCHED;
		struct media_params p = {.files = files,
					 .count = 1,
					 .host = SLICE_LIT("h.example"),
					 .keep = &keep,
					 .room = ROOM};
		arena_init(&a, limit);
		arena_init(&keep, limit);
		enum fault f = media_init(&m, &p, &a);
		f = f == FAULT_NONE ? media_show(&m, 0, &v) : f;
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY);
		ck_assert_int_eq(v, f == FAULT_NONE ? MEDIA_SHOWN : MEDIA_NOT_FETCHED);
		ck_assert_uint_le(arena_taken(&a) + arena_taken(&keep),
				  limit); /* one limit for both */
		fitted = fitted || f == FAULT_NONE;
		arena_deinit(&a);
		arena_deinit(&keep);
	}
	ck_assert(fitted);
}
END_TEST

START_TEST(rooms)
{
	fill(large, sizeof(large));
	const struct page plain = {.body = SLICE_INIT("<p>a</p>")};
	const struct page other = {.body = SLICE_INIT("<img src='https://x/a.png'>")};
	struct attachment files[MANY] = {FILE_OF("a.csv", "a;b"), FILE_OF("a.png", SMALL("1")),
					 FILE_OF("a.svg", "<svg/>")};
	const struct render_limits usual = {0}, smaller = {.picture = 5000, .pictures = 9000};
	ck_assert_uint_eq(media_room(&plain, files, 1, false, &usual), 0);
	ck_assert_uint_lt(media_room(&plain, files, 2, false, &usual), 100000);
	ck_assert_uint_ge(media_room(&plain, files, 3, false, &usual), MEDIA_PICTURE_MAX);
	ck_assert_uint_ge(media_room(&plain, files, 3, false, &smaller), 5000);
	for (size_t i = 0; i < MANY; i++) {
		files[i] = picture("large.png", large, sizeof(large));
	}
	ck_assert_uint_lt(media_room(&plain, files, MANY, true, &usual),
			  MEDIA_PICTURES_MAX + 100000);
	ck_assert_uint_lt(media_room(&plain, files, MANY, true, &smaller), 9000 + 100000);
	ck_assert_uint_gt(media_room(&other, files, 0, true, &usual), MEDIA_FETCHED_MAX);
	ck_assert_uint_eq(media_room(&other, files, 0, false, &usual), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("media");
	TCase *t = tcase_create("rows");
	tcase_add_test(t, verdicts);
	tcase_add_test(t, equal_bytes_are_one_part);
	tcase_add_test(t, all_together_are_limited);
	tcase_add_test(t, metadata_is_left_out);
	tcase_add_loop_test(t, conversion_row, 0, COUNT_OF(conversions));
	tcase_add_loop_test(t, conversion_fails, 0, 4);
	tcase_add_test(t, conversion_lies);
	tcase_add_test(t, fetches);
	tcase_add_test(t, other_limits);
	tcase_add_test(t, no_memory);
	tcase_add_test(t, little_memory);
	tcase_add_test(t, rooms);
	suite_add_tcase(s, t);
	return check_main(s);
}
