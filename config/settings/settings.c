#include "config/settings/settings.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libconfig.h>

#include "spool-free/base/buf.h"
#include "config/settings/mistake.h"
#include "config/settings/take.h"

enum { ARENA_BYTES = 4 * SETTINGS_FILE_MAX };

/* Where the choices of the table are named in settings.h. */
_Static_assert(SETTINGS_FROM_OWN == 1 && SETTINGS_FROM_SERVER == 2, "policy.from");
_Static_assert(SETTINGS_LACKING_SECCOMP == 1 << 1 && SETTINGS_LACKING_MEMORY == 1 << 2,
	       "lockdown.allow_lacking");

static enum fault complain(struct settings_mistakes *m, const char *file, unsigned line,
			   const char *what, const char *allowed)
{
	struct settings_spot spot = {.file = file, .line = line};
	struct problem wrong = {0};
	struct problem right = {0};
	problem_add(&wrong, what);
	problem_add(&right, allowed != NULL ? allowed : "");
	return settings_mistakes_add(m, &spot, &wrong, &right);
}

void settings_free(struct settings **s)
{
	if (*s != NULL) {
		arena_deinit(&(*s)->arena);
		free(*s);
		*s = NULL;
	}
}

/* Reads `text` over what `t->into` holds. */
static enum fault overlay(struct settings_taker *t, const char *text, const char *include_folder)
{
	config_t conf;
	enum fault f = FAULT_NONE;
	config_init(&conf);
	config_set_include_dir(&conf, include_folder);
	if (config_read_string(&conf, text) != CONFIG_TRUE) {
		const char *file = config_error_file(&conf);
		f = complain(t->mistakes, file != NULL ? file : t->file,
			     (unsigned)config_error_line(&conf), config_error_text(&conf),
			     "each group and key once, as group: { key = value; ... };");
	}
	/* What stands before a syntax error is there, and its mistakes are told as well. */
	if (f == FAULT_NONE) {
		f = settings_take(t, config_root_setting(&conf));
	}
	config_destroy(&conf);
	return f;
}

enum fault settings_defaults(struct settings **out_settings)
{
	CLEANUP(settings_free) struct settings *s = calloc(1, sizeof(*s));
	struct settings_mistakes *none = calloc(1, sizeof(*none));
	enum fault f = FAULT_NO_MEMORY;
	if (s != NULL && none != NULL) {
		struct settings_taker taker = {
			.into = s, .mistakes = none, .file = "defaults", .folder = "/"};
		arena_init(&s->arena, ARENA_BYTES);
		settings_mistakes_init(none);
		f = overlay(&taker, settings_defaults_text, "/");
		if (f == FAULT_NONE && none->count > 0) {
			f = FAULT_INTERNAL; /* a row of the table contradicts itself */
		}
		settings_mistakes_deinit(none);
	}
	free(none);
	if (f == FAULT_NONE) {
		*out_settings = STEAL(s);
	}
	return f;
}

enum fault settings_parse(struct slice text, const char *file, const char *folder,
			  struct settings **out_settings, struct settings_mistakes *mistakes)
{
	CLEANUP(settings_free) struct settings *s = NULL;
	CLEANUP(buf_deinit) struct buf copy;
	struct settings_taker taker = {.mistakes = mistakes, .file = file, .folder = folder};
	buf_init(&copy, SETTINGS_FILE_MAX + 1);
	enum fault f = settings_defaults(&s);
	if (f == FAULT_NONE && slice_find_byte(text, '\0') < text.len) {
		f = complain(mistakes, file, 0, "holds a zero byte", "text in UTF-8");
		return f == FAULT_NONE ? FAULT_BAD_SETTING : f;
	}
	if (f == FAULT_NONE) {
		f = buf_add(&copy, text);
	}
	if (f == FAULT_NONE) {
		f = buf_add_byte(&copy, '\0');
	}
	if (f == FAULT_NONE) {
		taker.into = s;
		f = overlay(&taker, buf_view(&copy).ptr, folder);
	}
	if (f == FAULT_NONE && mistakes->count > 0) {
		f = FAULT_BAD_SETTING;
	}
	if (f == FAULT_NONE) {
		*out_settings = STEAL(s);
	}
	return f;
}

/* The folder of a file, absolute; NULL with errno when there is none. The caller frees it. */
static char *folder_of(const char *file)
{
	char *real = realpath(file, NULL);
	char *slash = real != NULL ? strrchr(real, '/') : NULL;
	if (slash != NULL) {
		slash[slash == real ? 1 : 0] = '\0';
	}
	return real;
}

/* errno tells what went wrong: EFBIG past the limit. */
static bool read_whole(const char *file, struct buf *into)
{
	FILE *from = fopen(file, "re");
	char piece[4096];
	size_t n;
	enum fault f = FAULT_NONE;
	if (from == NULL) {
		return false;
	}
	while (f == FAULT_NONE && (n = fread(piece, 1, sizeof(piece), from)) > 0) {
		f = buf_add(into, slice_of(piece, n));
	}
	int trouble = ferror(from) != 0 ? errno : 0;
	if (f != FAULT_NONE) {
		trouble = f == FAULT_TOO_LARGE ? EFBIG : ENOMEM;
	}
	fclose(from);
	errno = trouble;
	return trouble == 0;
}

/* errno tells what went wrong. */
static enum fault complain_of_file(struct settings_mistakes *m, const char *file)
{
	const struct settings_spot spot = {.file = file};
	struct problem wrong = {0};
	struct problem right = {0};
	const char *why = strerrordesc_np(errno);
	if (errno == EACCES || errno == EPERM) {
		problem_add(&right, "a file that the user of this process (uid ");
		problem_add_number(&right, geteuid());
		problem_add(&right, ") may read, in folders that it may enter");
	} else {
		problem_add(&right, "a file of at most 1 MiB that can be read");
	}
	problem_add(&wrong, why != NULL ? why : "cannot be read");
	enum fault f = settings_mistakes_add(m, &spot, &wrong, &right);
	return f == FAULT_NONE ? FAULT_BAD_SETTING : f;
}

enum fault settings_read(const char *file, struct settings **out_settings,
			 struct settings_mistakes *mistakes)
{
	CLEANUP(buf_deinit) struct buf text;
	buf_init(&text, SETTINGS_FILE_MAX);
	char *folder = folder_of(file);
	enum fault f;
	if (folder == NULL || !read_whole(file, &text)) {
		f = complain_of_file(mistakes, file);
	} else {
		f = settings_parse(buf_view(&text), file, folder, out_settings, mistakes);
	}
	free(folder);
	return f;
}

const char *settings_gateway_socket(const struct settings *s, char room[SETTINGS_SOCKET_ROOM])
{
	static const char name[] = "gateway.sock";
	const char *slash = strrchr(s->keeper.socket, '/');
	/* keeper.socket has at most 107 bytes. */
	size_t folder = slash != NULL ? (size_t)(slash - s->keeper.socket) + 1 : 0;
	if (s->gateway.socket != NULL) {
		return s->gateway.socket;
	}
	assert(folder + sizeof(name) <= SETTINGS_SOCKET_ROOM);
	memcpy(room, s->keeper.socket, folder);
	memcpy(room + folder, name, sizeof(name));
	return room;
}
