/*
 * NAME     key - the rows of settings.def as data
 * OWNS     nothing; static tables
 */
#ifndef CONFIG_SETTINGS_KEY_H
#define CONFIG_SETTINGS_KEY_H

#include "spool-free/base/problem.h"
#include "spool-free/base/slice.h"

enum settings_type {
	SETTINGS_BOOL,
	SETTINGS_SIZE,
	SETTINGS_DURATION,
	SETTINGS_COUNT,
	SETTINGS_PORT,
	SETTINGS_PATH,
	SETTINGS_ADDRESS,
	SETTINGS_HOST,
	SETTINGS_USER,
	SETTINGS_CHOICE,
	SETTINGS_PORTS,
	SETTINGS_RANGES,
	SETTINGS_DOMAINS,
	SETTINGS_CHOICES,
};

/* In the order of the table. */
enum settings_key_id {
#define GROUP(group, about)
#define KEY(group, name, type, deflt, least, most, choices, meaning) SETTINGS_KEY_##group##_##name,
#define GROUP_END(group)
#include "config/settings/settings.def"
#undef GROUP
#undef KEY
#undef GROUP_END
	SETTINGS_KEY_COUNT
};

struct settings_key {
	struct slice group;
	struct slice name;
	struct slice path; /* group.name */
	enum settings_type type;
	struct slice deflt; /* as written in a file */
	uint64_t least;
	uint64_t most;
	struct slice choices; /* "any|own|server" */
	struct slice meaning;
	size_t offset; /* in struct settings */
};

struct settings_group {
	struct slice name;
	struct slice about;
};

extern const struct settings_key settings_keys[SETTINGS_KEY_COUNT];
extern const struct settings_group settings_groups[];
extern const size_t settings_group_count;
/* A settings file that sets every key to its default. */
extern const char settings_defaults_text[];

bool settings_is_group(struct slice name);
const struct settings_key *settings_find_key(struct slice group, struct slice name); /* or NULL */

/* Which key, or group, may have been meant; false when nothing is near. An empty group is the top
 * of the file. */
bool settings_nearest(struct slice group, struct slice name, struct slice *out_path);

bool settings_is_taken(const struct settings_key *k); /* by a reload (reload.def) */

/* What the key takes, in words: "a size from 1 KiB to 1 GiB, such as ...". */
void settings_add_allowed(struct problem *sentence, const struct settings_key *k);

/* Takes the first of "any|own|server" off the front; false when nothing is left. */
bool settings_next_choice(struct slice *choices, struct slice *out_choice);

#endif
