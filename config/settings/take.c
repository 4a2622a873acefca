#include "config/settings/take.h"

#include <string.h>

#include "config/settings/value.h"

static const char not_so[] = "is not what this key takes";
static const char too_small[] = "is less than allowed";
static const char too_large[] = "is more than allowed";

static struct settings_spot spot_of(const struct settings_taker *t, const config_setting_t *s,
				    struct slice key)
{
	const char *included = config_setting_source_file(s);
	return (struct settings_spot){
		.file = included != NULL ? included : t->file,
		.line = config_setting_source_line(s),
		.key = key,
	};
}

static enum fault complain(struct settings_taker *t, const struct settings_key *k,
			   const config_setting_t *s, const char *trouble)
{
	struct problem wrong = {0};
	struct problem allowed = {0};
	struct settings_spot spot = spot_of(t, s, k->path);
	problem_add(&wrong, trouble);
	settings_add_allowed(&allowed, k);
	return settings_mistakes_add(t->mistakes, &spot, &wrong, &allowed);
}

/* NULL when `s` is a number, or a text that the type reads as one. */
static const char *number_trouble(enum settings_type type, const config_setting_t *s,
				  uint64_t *out_value)
{
	long long number = 0;
	struct slice text;
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_INT:
		number = config_setting_get_int(s);
		break;
	case CONFIG_TYPE_INT64:
		number = config_setting_get_int64(s);
		break;
	case CONFIG_TYPE_STRING:
		text = slice_of_text(config_setting_get_string(s));
		if ((type == SETTINGS_SIZE && settings_parse_size(text, out_value)) ||
		    (type == SETTINGS_DURATION && settings_parse_duration(text, out_value))) {
			return NULL;
		}
		return not_so;
	default:
		return not_so;
	}
	if (number < 0) {
		return too_small;
	}
	*out_value = (uint64_t)number;
	return NULL;
}

static const char *range_trouble(const struct settings_key *k, uint64_t value)
{
	if (value < k->least) {
		return too_small;
	}
	return value > k->most ? too_large : NULL;
}

static void store_number(void *field, enum settings_type type, uint64_t value)
{
	/* The table's `most` was met: each value fits its field. */
	if (type == SETTINGS_SIZE) {
		*(size_t *)field = value;
	} else if (type == SETTINGS_DURATION) {
		*(uint64_t *)field = value;
	} else if (type == SETTINGS_COUNT) {
		*(unsigned *)field = (unsigned)value;
	} else {
		*(uint16_t *)field = (uint16_t)value;
	}
}

static enum fault take_number(struct settings_taker *t, const struct settings_key *k,
			      const config_setting_t *s, void *field)
{
	uint64_t value = 0;
	const char *trouble = number_trouble(k->type, s, &value);
	if (trouble == NULL) {
		trouble = range_trouble(k, value);
	}
	if (trouble != NULL) {
		return complain(t, k, s, trouble);
	}
	store_number(field, k->type, value);
	return FAULT_NONE;
}

static enum fault take_bool(struct settings_taker *t, const struct settings_key *k,
			    const config_setting_t *s, void *field)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL) {
		return complain(t, k, s, not_so);
	}
	*(bool *)field = config_setting_get_bool(s) != 0;
	return FAULT_NONE;
}

/* A copy that ends in NUL; of a relative path, behind the folder. */
static enum fault keep_text(struct settings_taker *t, struct slice text, bool is_path,
			    const char **out_kept)
{
	struct slice whole;
	bool relative = is_path && text.ptr[0] != '/';
	struct slice parts[] = {
		relative ? slice_of_text(t->folder) : (struct slice){0},
		relative ? SLICE_LIT("/") : (struct slice){0},
		text,
		SLICE_LIT("\0"),
	};
	enum fault f = arena_join(&t->into->arena, parts, COUNT_OF(parts), &whole);
	if (f == FAULT_NONE) {
		*out_kept = whole.ptr;
	}
	return f;
}

static bool is_well_formed(enum settings_type type, struct slice text)
{
	switch (type) {
	case SETTINGS_PATH:
		return settings_is_path(text);
	case SETTINGS_ADDRESS:
		return settings_is_address(text);
	case SETTINGS_HOST:
		return settings_is_host(text);
	case SETTINGS_USER:
		return settings_is_user(text);
	case SETTINGS_RANGES:
		return settings_is_range(text);
	case SETTINGS_DOMAINS:
		return settings_is_domain(text);
	case SETTINGS_BOOL:
	case SETTINGS_SIZE:
	case SETTINGS_DURATION:
	case SETTINGS_COUNT:
	case SETTINGS_PORT:
	case SETTINGS_PORTS:
	case SETTINGS_CHOICE:
	case SETTINGS_CHOICES:
		break;
	}
	return false;
}

static enum fault take_text(struct settings_taker *t, const struct settings_key *k,
			    const config_setting_t *s, void *field)
{
	const char **kept = field;
	struct slice text = slice_of_text(config_setting_get_string(s));
	if (config_setting_type(s) != CONFIG_TYPE_STRING) {
		return complain(t, k, s, not_so);
	}
	if (text.len == 0 && k->least == 0) {
		*kept = NULL;
		return FAULT_NONE;
	}
	const char *trouble = text.len == 0 ? "is empty" : range_trouble(k, text.len);
	if (trouble == NULL && !is_well_formed(k->type, text)) {
		trouble = not_so;
	}
	if (trouble != NULL) {
		return complain(t, k, s, trouble);
	}
	return keep_text(t, text, k->type == SETTINGS_PATH, kept);
}

static bool find_choice(struct slice choices, const config_setting_t *s, unsigned *out_place)
{
	struct slice choice;
	struct slice text = slice_of_text(config_setting_get_string(s));
	for (unsigned i = 0; settings_next_choice(&choices, &choice); i++) {
		if (slice_eq(choice, text)) {
			*out_place = i;
			return true;
		}
	}
	return false;
}

static enum fault take_choice(struct settings_taker *t, const struct settings_key *k,
			      const config_setting_t *s, void *field)
{
	if (!find_choice(k->choices, s, field)) {
		return complain(t, k, s, not_so);
	}
	return FAULT_NONE;
}

static enum fault take_choices(struct settings_taker *t, const struct settings_key *k,
			       const config_setting_t *s, void *field)
{
	enum fault f = FAULT_NONE;
	unsigned set = 0;
	for (int i = 0; f == FAULT_NONE && i < config_setting_length(s); i++) {
		const config_setting_t *item = config_setting_get_elem(s, (unsigned)i);
		unsigned place = 0;
		if (find_choice(k->choices, item, &place)) {
			set |= 1U << place;
		} else {
			f = complain(t, k, item, "has an item that it does not take");
		}
	}
	*(unsigned *)field = set;
	return f;
}

static enum fault take_ports(struct settings_taker *t, const struct settings_key *k,
			     const config_setting_t *s, void *field)
{
	struct settings_ports *into = field;
	size_t count = (size_t)config_setting_length(s);
	uint16_t *ports = arena_array(&t->into->arena, count, sizeof(*ports));
	enum fault f = ports != NULL ? FAULT_NONE : FAULT_NO_MEMORY;
	for (size_t i = 0; f == FAULT_NONE && i < count; i++) {
		const config_setting_t *item = config_setting_get_elem(s, (unsigned)i);
		uint64_t port = 0;
		if (number_trouble(SETTINGS_PORT, item, &port) == NULL && port > 0 &&
		    port <= UINT16_MAX) {
			ports[i] = (uint16_t)port;
		} else {
			f = complain(t, k, item, "has an item that is no port");
		}
	}
	*into = (struct settings_ports){.items = ports, .count = count};
	return f;
}

static enum fault take_texts(struct settings_taker *t, const struct settings_key *k,
			     const config_setting_t *s, void *field)
{
	struct settings_texts *into = field;
	size_t count = (size_t)config_setting_length(s);
	const char **texts = arena_array(&t->into->arena, count, sizeof(*texts));
	enum fault f = texts != NULL ? FAULT_NONE : FAULT_NO_MEMORY;
	for (size_t i = 0; f == FAULT_NONE && i < count; i++) {
		const config_setting_t *item = config_setting_get_elem(s, (unsigned)i);
		struct slice text = slice_of_text(config_setting_get_string(item));
		if (is_well_formed(k->type, text)) {
			f = keep_text(t, text, false, &texts[i]);
		} else {
			f = complain(t, k, item, "has an item that it does not take");
		}
	}
	*into = (struct settings_texts){.items = texts, .count = count};
	return f;
}

typedef enum fault take_list_fn(struct settings_taker *t, const struct settings_key *k,
				const config_setting_t *s, void *field);

static enum fault take_list(struct settings_taker *t, const struct settings_key *k,
			    const config_setting_t *s, void *field)
{
	int type = config_setting_type(s);
	if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) {
		return complain(t, k, s, not_so);
	}
	const char *trouble = range_trouble(k, (uint64_t)config_setting_length(s));
	if (trouble != NULL) {
		return complain(t, k, s,
				trouble == too_small ? "has too few items" : "has too many items");
	}
	take_list_fn *take = take_texts;
	if (k->type == SETTINGS_PORTS) {
		take = take_ports;
	} else if (k->type == SETTINGS_CHOICES) {
		take = take_choices;
	}
	return take(t, k, s, field);
}

static enum fault take_value(struct settings_taker *t, const struct settings_key *k,
			     const config_setting_t *s)
{
	void *field = (char *)t->into + k->offset;
	switch (k->type) {
	case SETTINGS_BOOL:
		return take_bool(t, k, s, field);
	case SETTINGS_SIZE:
	case SETTINGS_DURATION:
	case SETTINGS_COUNT:
	case SETTINGS_PORT:
		return take_number(t, k, s, field);
	case SETTINGS_PATH:
	case SETTINGS_ADDRESS:
	case SETTINGS_HOST:
	case SETTINGS_USER:
		return take_text(t, k, s, field);
	case SETTINGS_CHOICE:
		return take_choice(t, k, s, field);
	case SETTINGS_PORTS:
	case SETTINGS_RANGES:
	case SETTINGS_DOMAINS:
	case SETTINGS_CHOICES:
		return take_list(t, k, s, field);
	}
	return FAULT_INTERNAL;
}

static enum fault complain_unknown(struct settings_taker *t, struct slice group,
				   const config_setting_t *s)
{
	struct problem wrong = {0};
	struct slice name = slice_of_text(config_setting_name(s));
	struct settings_spot spot = spot_of(t, s, name);
	struct slice meant;
	struct slice path;
	struct slice parts[] = {group, group.len > 0 ? SLICE_LIT(".") : group, name};
	enum fault f = arena_join(&t->mistakes->arena, parts, COUNT_OF(parts), &path);
	if (f != FAULT_NONE) {
		return f;
	}
	spot.key = path;
	problem_add(&wrong, group.len > 0 ? "there is no such key" : "there is no such group");
	if (settings_nearest(group, name, &meant)) {
		problem_add(&wrong, "; did you mean ");
		problem_add_name(&wrong, meant);
		problem_add(&wrong, "?");
	}
	return settings_mistakes_add(t->mistakes, &spot, &wrong, NULL);
}

static enum fault take_group(struct settings_taker *t, const config_setting_t *group)
{
	struct slice name = slice_of_text(config_setting_name(group));
	enum fault f = FAULT_NONE;
	if (config_setting_type(group) == CONFIG_TYPE_NONE) {
		return FAULT_NONE; /* a syntax error left it without a value */
	}
	if (!settings_is_group(name)) {
		return complain_unknown(t, (struct slice){0}, group);
	}
	if (config_setting_type(group) != CONFIG_TYPE_GROUP) {
		struct problem wrong = {0};
		struct problem allowed = {0};
		struct settings_spot spot = spot_of(t, group, name);
		problem_add(&wrong, "is a group of keys, not a key");
		problem_add(&allowed, "keys and their values in braces, like { port = 8443; }");
		return settings_mistakes_add(t->mistakes, &spot, &wrong, &allowed);
	}
	for (int i = 0; f == FAULT_NONE && i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		const struct settings_key *k = settings_find_key(
			name, slice_of_text(config_setting_name(s)));
		if (k == NULL) {
			f = complain_unknown(t, name, s);
			continue;
		}
		if (config_setting_type(s) == CONFIG_TYPE_NONE) {
			continue;
		}
		t->lines[k - settings_keys] = config_setting_source_line(s);
		f = take_value(t, k, s);
	}
	return f;
}

/* Keys of the same type of which the first may not exceed the second. */
static const struct {
	enum settings_key_id small;
	enum settings_key_id large;
} orders[] = {
	{SETTINGS_KEY_limits_job_part, SETTINGS_KEY_limits_body},
	{SETTINGS_KEY_limits_body, SETTINGS_KEY_limits_tenant_memory},
	{SETTINGS_KEY_limits_tenant_memory, SETTINGS_KEY_limits_memory},
	{SETTINGS_KEY_limits_tenant_jobs, SETTINGS_KEY_limits_jobs},
	{SETTINGS_KEY_limits_connections_per_address, SETTINGS_KEY_limits_connections},
	{SETTINGS_KEY_limits_wait, SETTINGS_KEY_limits_wait_max},
};

static uint64_t number_in(const struct settings *s, const struct settings_key *k)
{
	const void *field = (const char *)s + k->offset;
	return k->type == SETTINGS_COUNT  ? *(const unsigned *)field
	       : k->type == SETTINGS_SIZE ? *(const size_t *)field
					  : *(const uint64_t *)field;
}

static enum fault take_orders(struct settings_taker *t)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; f == FAULT_NONE && i < COUNT_OF(orders); i++) {
		const struct settings_key *small = &settings_keys[orders[i].small];
		const struct settings_key *large = &settings_keys[orders[i].large];
		struct problem wrong = {0};
		if (number_in(t->into, small) <= number_in(t->into, large)) {
			continue;
		}
		/* Where the file sets it; the other one is then the default. */
		bool is_small_set = t->lines[orders[i].small] > 0;
		struct settings_spot spot = {
			.file = t->file,
			.line = t->lines[is_small_set ? orders[i].small : orders[i].large],
			.key = is_small_set ? small->path : large->path,
		};
		problem_add(&wrong, is_small_set ? "is more than " : "is less than ");
		problem_add_name(&wrong, is_small_set ? large->path : small->path);
		f = settings_mistakes_add(t->mistakes, &spot, &wrong, NULL);
	}
	return f;
}

/* What the numbers tell is nobody's secret, but everybody's business it is not either. */
static enum fault take_metrics(struct settings_taker *t)
{
	struct settings_key k = settings_keys[SETTINGS_KEY_metrics_address];
	struct slice address = slice_of_text(t->into->metrics.address);
	struct problem wrong = {0};
	struct problem allowed = {0};
	struct settings_spot spot = {
		.file = t->file, .line = t->lines[SETTINGS_KEY_metrics_address], .key = k.path};
	if (t->into->metrics.remote || settings_is_loopback(address)) {
		return FAULT_NONE;
	}
	problem_add(&wrong, "is not an address of this machine alone");
	problem_add(&allowed, "127.0.0.1 or ::1, or any address together with remote = true");
	return settings_mistakes_add(t->mistakes, &spot, &wrong, &allowed);
}

enum fault settings_take(struct settings_taker *t, const config_setting_t *root)
{
	enum fault f = FAULT_NONE;
	for (int i = 0; f == FAULT_NONE && i < config_setting_length(root); i++) {
		f = take_group(t, config_setting_get_elem(root, (unsigned)i));
	}
	if (f == FAULT_NONE) {
		f = take_orders(t);
	}
	return f == FAULT_NONE ? take_metrics(t) : f;
}
