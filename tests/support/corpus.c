#include "tests/support/corpus.h"

#include <dirent.h>
#include <stdio.h>

#include <check.h>

enum { FILES_MAX = 2000, BODY_MAX = 4 << 20, PATH_ROOM = 1024 };

static const char root[] = "../shared/corpus/storage";
static char paths[FILES_MAX][PATH_ROOM];
static int path_count;

static void add_folder(const char *folder)
{
	char path[PATH_ROOM / 2];
	snprintf(path, sizeof(path), "%s/%s", root, folder);
	DIR *d = opendir(path);
	for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
		if (slice_ends(slice_of_text(e->d_name), SLICE_LIT(".xml")) &&
		    path_count < FILES_MAX) {
			snprintf(paths[path_count++], PATH_ROOM, "%s/%s", path, e->d_name);
		}
	}
	if (d != NULL) {
		closedir(d);
	}
}

int corpus_find(void)
{
	path_count = 0;
	DIR *d = opendir(root);
	for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
		if (e->d_name[0] != '.') {
			add_folder(e->d_name);
		}
	}
	if (d != NULL) {
		closedir(d);
	}
	return path_count;
}

const char *corpus_path(int index)
{
	return paths[index];
}

struct slice corpus_read(int index)
{
	static char body[BODY_MAX];
	FILE *f = fopen(paths[index], "rb");
	ck_assert_ptr_nonnull(f);
	size_t n = fread(body, 1, sizeof(body), f);
	fclose(f);
	return slice_of(body, n);
}

/* What a page shows of its source as text: all words outside of tags, comments, and what is named as hidden. */
static bool is_hidden(struct slice name)
{
	static const struct slice hidden[] = {
		SLICE_INIT("ac:parameter"),
		SLICE_INIT("ac:default-parameter"),
		SLICE_INIT("ac:task-id"),
		SLICE_INIT("ac:task-uuid"),
		SLICE_INIT("ac:task-status"),
		SLICE_INIT("ac:placeholder"),
		SLICE_INIT("ac:property"),
		SLICE_INIT("ac:adf-attribute"),
		SLICE_INIT("ac:adf-fallback"),
		SLICE_INIT("at:declarations"),
		SLICE_INIT("fab:adf"),
		SLICE_INIT("fab:placeholder-url"),
		SLICE_INIT("fab:display-type"),
		SLICE_INIT("script"),
		SLICE_INIT("style"),
		SLICE_INIT("time"),
		SLICE_INIT("ac:adf-node"),
	};
	for (size_t i = 0; i < COUNT_OF(hidden); i++) {
		if (slice_eq(hidden[i], name)) {
			return true;
		}
	}
	return false;
}

/* Past the end tag of that name that belongs to the start tag just read. */
static struct slice skip_element(struct slice rest, struct slice name)
{
	unsigned depth = 1;
	while (depth > 0 && rest.len > 0) {
		rest = slice_skip(rest, slice_find_byte(rest, '<') + 1);
		bool end = rest.len > 0 && rest.ptr[0] == '/';
		struct slice tag = slice_skip(rest, end);
		if (!slice_starts(tag, name)) {
			continue;
		}
		struct slice inside = slice_first(tag, slice_find_byte(tag, '>'));
		depth = end ? depth - 1 : depth + !slice_ends(inside, SLICE_LIT("/"));
	}
	return slice_skip(rest, slice_find_byte(rest, '>') + 1);
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Words of ASCII letters and digits must stand in the dump of the tree, one after the other. */
static void expect_words(struct slice text, struct slice *dump, const char *path)
{
	while (text.len > 0) {
		size_t from = 0;
		while (from < text.len && !is_word_byte(text.ptr[from])) {
			bool reference = text.ptr[from] == '&';
			size_t end = slice_find_byte(slice_skip(text, from), ';');
			from += reference && end < 12 ? end : 1;
		}
		text = slice_skip(text, from);
		size_t len = 0;
		while (len < text.len && is_word_byte(text.ptr[len])) {
			len++;
		}
		struct slice word = slice_first(text, len);
		size_t at = slice_find(*dump, word);
		ck_assert_msg(len == 0 || at < dump->len, "%s: lost '%.*s'", path, (int)len,
			      word.ptr);
		*dump = slice_skip(*dump, at);
		text = slice_skip(text, len);
	}
}

void corpus_expect_words(struct slice rest, struct slice dump, const char *path)
{
	while (rest.len > 0) {
		size_t at = slice_find_byte(rest, '<');
		expect_words(slice_first(rest, at), &dump, path);
		rest = slice_skip(rest, at);
		if (slice_starts(rest, SLICE_LIT("<!--"))) {
			rest = slice_skip(rest, slice_find(rest, SLICE_LIT("-->")) + 3);
			continue;
		}
		if (slice_starts(rest, SLICE_LIT("<![CDATA["))) {
			at = slice_find(rest, SLICE_LIT("]]>"));
			expect_words(slice_skip(slice_first(rest, at), 9), &dump, path);
			rest = slice_skip(rest, at + 3);
			continue;
		}
		struct slice tag = slice_skip(rest, 1);
		size_t end = slice_find_byte(tag, '>');
		size_t name_len = 0;
		while (name_len < end && tag.ptr[name_len] != ' ' && tag.ptr[name_len] != '/' &&
		       tag.ptr[name_len] != '\n') {
			name_len++;
		}
		struct slice name = slice_first(tag, name_len);
		bool empty = end > 0 && end < tag.len && tag.ptr[end - 1] == '/';
		rest = slice_skip(tag, end + 1);
		if (!empty && name_len > 0 && is_hidden(name)) {
			rest = skip_element(rest, name);
		}
	}
}
