#include "config/settings/key.h"

#include <stddef.h>

#include "config/settings/settings.h"
#include "config/settings/value.h"

/* The place of a key's field: only a duration's is named otherwise than its key. */
#define PLACE_BOOL(name)     name
#define PLACE_SIZE(name)     name
#define PLACE_DURATION(name) name##_ms
#define PLACE_COUNT(name)    name
#define PLACE_PORT(name)     name
#define PLACE_PATH(name)     name
#define PLACE_ADDRESS(name)  name
#define PLACE_HOST(name)     name
#define PLACE_USER(name)     name
#define PLACE_CHOICE(name)   name
#define PLACE_PORTS(name)    name
#define PLACE_RANGES(name)   name
#define PLACE_DOMAINS(name)  name
#define PLACE_CHOICES(name)  name

#define GROUP(name, about)
#define GROUP_END(name)
#define KEY(g, n, t, d, l, m, c, text)                                                             \
	{                                                                                          \
		.group = SLICE_INIT(#g),                                                           \
		.name = SLICE_INIT(#n),                                                            \
		.path = SLICE_INIT(#g "." #n),                                                     \
		.type = SETTINGS_##t,                                                              \
		.deflt = SLICE_INIT(d),                                                            \
		.least = (l),                                                                      \
		.most = (m),                                                                       \
		.choices = SLICE_INIT(c),                                                          \
		.meaning = SLICE_INIT(text),                                                       \
		.offset = offsetof(struct settings, g.PLACE_##t(n)),                               \
	},
const struct settings_key settings_keys[SETTINGS_KEY_COUNT] = {
#include "config/settings/settings.def"
};
#undef GROUP
#undef GROUP_END
#undef KEY

#define GROUP(name, about) {SLICE_INIT(#name), SLICE_INIT(about)},
#define GROUP_END(name)
#define KEY(g, n, t, d, l, m, c, text)
const struct settings_group settings_groups[] = {
#include "config/settings/settings.def"
};
#undef GROUP
#undef GROUP_END
#undef KEY
const size_t settings_group_count = COUNT_OF(settings_groups);

#define GROUP(name, about)	       #name ": {\n"
#define GROUP_END(name)		       "};\n"
#define KEY(g, n, t, d, l, m, c, text) #n " = " d ";\n"
const char settings_defaults_text[] =
#include "config/settings/settings.def"
	;
#undef GROUP
#undef GROUP_END
#undef KEY

bool settings_is_group(struct slice name)
{
	for (size_t i = 0; i < settings_group_count; i++) {
		if (slice_eq(settings_groups[i].name, name)) {
			return true;
		}
	}
	return false;
}

const struct settings_key *settings_find_key(struct slice group, struct slice name)
{
	for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
		const struct settings_key *k = &settings_keys[i];
		if (slice_eq(k->group, group) && slice_eq(k->name, name)) {
			return k;
		}
	}
	return NULL;
}

enum { NEAR_NAME_MAX = 48 };

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* Levenshtein's distance: letters to insert, drop or change. */
static unsigned distance(struct slice a, struct slice b)
{
	unsigned row[NEAR_NAME_MAX + 1];
	if (a.len > NEAR_NAME_MAX || b.len > NEAR_NAME_MAX) {
		return NEAR_NAME_MAX;
	}
	for (unsigned j = 0; j <= b.len; j++) {
		row[j] = j;
	}
	for (unsigned i = 0; i < a.len; i++) {
		unsigned diagonal = row[0];
		row[0] = i + 1;
		for (unsigned j = 0; j < b.len; j++) {
			unsigned above = row[j + 1];
			unsigned change = diagonal + (a.ptr[i] != b.ptr[j] ? 1 : 0);
			row[j + 1] = least_of(change, above + 1, row[j] + 1);
			diagonal = above;
		}
	}
	return row[b.len];
}

struct nearest {
	struct slice path;
	unsigned distance;
};

static void consider(struct nearest *best, struct slice name, struct slice own, struct slice path)
{
	unsigned d = distance(name, own);
	/* Two letters of five may be wrong: more is another word. */
	if (d * 5 <= own.len * 2 && d < best->distance) {
		*best = (struct nearest){.path = path, .distance = d};
	}
}

bool settings_nearest(struct slice group, struct slice name, struct slice *out_path)
{
	struct nearest best = {.distance = NEAR_NAME_MAX};
	for (size_t i = 0; i < SETTINGS_KEY_COUNT && group.len > 0; i++) {
		const struct settings_key *k = &settings_keys[i];
		if (slice_eq(k->group, group)) {
			consider(&best, name, k->name, k->path);
		}
	}
	for (size_t i = 0; i < settings_group_count && group.len == 0; i++) {
		consider(&best, name, settings_groups[i].name, settings_groups[i].name);
	}
	/* The right key in the wrong group. */
	for (size_t i = 0; i < SETTINGS_KEY_COUNT && best.path.len == 0; i++) {
		consider(&best, name, settings_keys[i].name, settings_keys[i].path);
	}
	if (best.path.len == 0) {
		return false;
	}
	*out_path = best.path;
	return true;
}

bool settings_next_choice(struct slice *choices, struct slice *out_choice)
{
	if (choices->len == 0) {
		return false;
	}
	if (!slice_cut_to(choices, '|', out_choice)) {
		*out_choice = *choices;
		*choices = (struct slice){0};
	}
	return true;
}

static void add_choices(struct problem *p, struct slice choices)
{
	struct slice choice;
	const char *between = "";
	while (settings_next_choice(&choices, &choice)) {
		problem_add(p, between);
		problem_add_name(p, choice);
		between = ", ";
	}
}

static void add_range(struct problem *p, const struct settings_key *k,
		      void (*add)(struct problem *, uint64_t))
{
	problem_add(p, " from ");
	add(p, k->least);
	problem_add(p, " to ");
	add(p, k->most);
}

static void add_items(struct problem *p, const struct settings_key *k)
{
	problem_add(p, ",");
	add_range(p, k, problem_add_number);
	problem_add(p, " of them");
}

void settings_add_allowed(struct problem *p, const struct settings_key *k)
{
	switch (k->type) {
	case SETTINGS_BOOL:
		problem_add(p, "true or false");
		return;
	case SETTINGS_SIZE:
		problem_add(p, "a size");
		add_range(p, k, settings_add_size);
		problem_add(p, ", as a number of bytes or like \"50 MiB\" (B, KiB, MiB, GiB)");
		return;
	case SETTINGS_DURATION:
		problem_add(p, "a time");
		add_range(p, k, settings_add_duration);
		problem_add(p, ", as a number of milliseconds or like \"20 s\" (ms, s, min, h, d)");
		return;
	case SETTINGS_COUNT:
	case SETTINGS_PORT:
		problem_add(p, "a whole number");
		add_range(p, k, problem_add_number);
		return;
	case SETTINGS_PATH:
		problem_add(p, "the path of a file in quotes, of at most ");
		problem_add_number(p, k->most);
		problem_add(p, " bytes");
		problem_add(p, k->least == 0 ? ", or \"\"" : "");
		return;
	case SETTINGS_ADDRESS:
		problem_add(p, "an IPv4 or IPv6 address in quotes, like \"127.0.0.1\" or \"::1\"");
		return;
	case SETTINGS_HOST:
		problem_add(p, "a host name in quotes, like \"mail.example.com\", or \"\"");
		return;
	case SETTINGS_USER:
		problem_add(p, "the name of a user in quotes, or \"\"");
		return;
	case SETTINGS_CHOICE:
		problem_add(p, "one of ");
		add_choices(p, k->choices);
		return;
	case SETTINGS_PORTS:
		problem_add(p, "a list of ports, like [25, 587]");
		add_items(p, k);
		return;
	case SETTINGS_RANGES:
		problem_add(p, "a list of address ranges, like [\"10.0.0.0/8\", \"fd00::/8\"]");
		add_items(p, k);
		return;
	case SETTINGS_DOMAINS:
		problem_add(p, "a list of domains, like [\"example.com\", \".example.org\"]");
		add_items(p, k);
		return;
	case SETTINGS_CHOICES:
		problem_add(p, "a list of ");
		add_choices(p, k->choices);
		return;
	}
}
