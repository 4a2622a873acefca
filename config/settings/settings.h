/*
 * NAME     settings - front door of the settings file, pagepost.conf
 * TABLE    settings.def: a new key is one row there; struct, parser, default, manual page and
 *          example follow. reload.def: what a running process takes of it
 * OWNS     its texts and lists; settings_free() frees them LIMIT SETTINGS_FILE_MAX bytes,
 *          SETTINGS_MISTAKES_MAX mistakes told one by one
 * FAULTS   BAD_SETTING with every mistake in the list, NO_MEMORY
 * THREADS  read-only once it was read
 */
#ifndef CONFIG_SETTINGS_SETTINGS_H
#define CONFIG_SETTINGS_SETTINGS_H

#include <stdio.h>

#include "spool-free/base/arena.h"

enum { SETTINGS_FILE_MAX = 1024 * 1024, SETTINGS_MISTAKES_MAX = 100 };

/* policy.from */
enum settings_from { SETTINGS_FROM_ANY, SETTINGS_FROM_OWN, SETTINGS_FROM_SERVER };
/* lockdown.allow_lacking: bits of a set */
enum settings_lacking {
	SETTINGS_LACKING_LANDLOCK = 1,
	SETTINGS_LACKING_SECCOMP = 2,
	SETTINGS_LACKING_MEMORY = 4,
};

/* incident.paused */
enum settings_paused { SETTINGS_PAUSED_ALL = 1 };

struct settings_texts {
	const char *const *items;
	size_t count;
};

struct settings_ports {
	const uint16_t *items;
	size_t count;
};

/*
 * What a key becomes. Texts are NULL when empty; paths are absolute, relative ones having been
 * taken from the folder of the settings file. A duration is in milliseconds and its field ends in
 * _ms: settings->relay.idle_ms.
 */
#define SETTINGS_FIELD_BOOL(name)     bool name
#define SETTINGS_FIELD_SIZE(name)     size_t name
#define SETTINGS_FIELD_DURATION(name) uint64_t name##_ms
#define SETTINGS_FIELD_COUNT(name)    unsigned name
#define SETTINGS_FIELD_PORT(name)     uint16_t name
#define SETTINGS_FIELD_PATH(name)     const char *name
#define SETTINGS_FIELD_ADDRESS(name)  const char *name
#define SETTINGS_FIELD_HOST(name)     const char *name
#define SETTINGS_FIELD_USER(name)     const char *name
#define SETTINGS_FIELD_CHOICE(name)   unsigned name /* place in the table's choices, from 0 */
#define SETTINGS_FIELD_PORTS(name)    struct settings_ports name
#define SETTINGS_FIELD_RANGES(name)   struct settings_texts name
#define SETTINGS_FIELD_DOMAINS(name)  struct settings_texts name
#define SETTINGS_FIELD_CHOICES(name)  unsigned name /* set of them: bit 0 is the first */

struct settings {
	struct arena arena; /* private */
#define GROUP(group, about)					     struct {
#define KEY(group, name, type, deflt, least, most, choices, meaning) SETTINGS_FIELD_##type(name);
#define GROUP_END(group)                                                                           \
	}                                                                                          \
	group;
#include "config/settings/settings.def"
#undef GROUP
#undef KEY
#undef GROUP_END
};

struct settings_mistake {
	struct slice file;
	unsigned line;	      /* 0: of the file as a whole */
	struct slice key;     /* "limits.body"; empty when no key can be named */
	struct slice wrong;   /* what is wrong */
	struct slice allowed; /* what would be right; may be empty */
};

struct settings_mistakes {
	struct arena arena; /* private */
	struct settings_mistake items[SETTINGS_MISTAKES_MAX];
	size_t count;
	size_t untold; /* found, but past the list's room */
};

void settings_mistakes_init(struct settings_mistakes *m);
void settings_mistakes_deinit(struct settings_mistakes *m);
/* One line each: `file:line: key: what is wrong; allowed: what is right`. */
void settings_print_mistakes(FILE *to, const struct settings_mistakes *m);

/* The defaults overlaid by the file. Every mistake is in the list, not only the first. */
MUST_USE enum fault settings_read(const char *file, struct settings **out_settings,
				  struct settings_mistakes *mistakes);
/* The same from memory. `file` is the name to be told; relative paths are taken from the absolute
 * `folder`. */
MUST_USE enum fault settings_parse(struct slice text, const char *file, const char *folder,
				   struct settings **out_settings,
				   struct settings_mistakes *mistakes);
MUST_USE enum fault settings_defaults(struct settings **out_settings);
void settings_free(struct settings **s);

/*
 * By which keys they differ: those that a reload takes, or those that need a restart (reload.def). Their number; `fn` (may be
 * NULL) is told each, as group.name.
 */
typedef void settings_differ_fn(void *ctx, struct slice key);
unsigned settings_differ(const struct settings *a, const struct settings *b, bool taken,
			 settings_differ_fn *fn, void *ctx);

/* gateway.socket, or where it is when that is empty; either `room` or a text of the settings. */
enum { SETTINGS_SOCKET_ROOM = 128 };
const char *settings_gateway_socket(const struct settings *s, char room[SETTINGS_SOCKET_ROOM]);

/* The table as a commented settings file and as pagepost.conf(5) in man(7) macros. */
void settings_print_example(FILE *to);
void settings_print_man(FILE *to);

#endif
