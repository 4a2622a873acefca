#include "relay/command/pauses_table.h"

enum { COLUMNS = 5, ROWS_MAX = 128, SECONDS_MAX = 366 * 24 * 3600, MINUTE_LEN = 16 };

struct row {
	struct slice what, name, port, since, until, reason;
};

static struct slice *place_of(struct row *r, struct slice key)
{
	const struct {
		struct slice key;
		struct slice *place;
	} places[] = {
		{SLICE_LIT("what"), &r->what},	 {SLICE_LIT("name"), &r->name},
		{SLICE_LIT("port"), &r->port},	 {SLICE_LIT("since"), &r->since},
		{SLICE_LIT("until"), &r->until}, {SLICE_LIT("reason"), &r->reason},
	};
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (slice_eq(key, places[i].key)) {
			return places[i].place;
		}
	}
	return NULL;
}

/* After its opening brace; what it does not know is passed over. */
static enum fault read_row(struct json *j, struct row *r)
{
	enum fault f = FAULT_NONE;
	struct json_token t = json_next(j);
	for (; f == FAULT_NONE && t.kind == JSON_KEY; t = json_next(j)) {
		struct slice *place = place_of(r, t.text);
		if (place == NULL) {
			f = json_skip(j, t);
			continue;
		}
		t = json_next(j);
		if (t.kind != JSON_STRING && t.kind != JSON_NUMBER) {
			return FAULT_BAD_JSON;
		}
		*place = t.text;
	}
	return f == FAULT_NONE && t.kind != JSON_OBJECT_END ? FAULT_BAD_JSON : f;
}

static struct slice or_dash(struct slice s)
{
	return s.len > 0 ? s : SLICE_LIT("-");
}

/* "2026-11-30T04:10:09.000Z" as "2026-11-30 04:10 UTC". */
static struct slice minute_of(struct arena *a, struct slice at)
{
	static const struct slice utc = SLICE_INIT(" UTC");
	size_t date = slice_find_byte(at, 'T');
	const struct slice parts[] = {slice_first(at, date), SLICE_LIT(" "),
				      slice_skip(slice_first(at, MINUTE_LEN), date + 1), utc};
	struct slice text;
	return at.len > MINUTE_LEN && arena_join(a, parts, COUNT_OF(parts), &text) == FAULT_NONE
		       ? text
		       : or_dash(at);
}

/* HOST:PORT, an address of IPv6 in brackets. */
static struct slice name_of(struct arena *a, const struct row *r)
{
	bool is_v6 = slice_find_byte(r->name, ':') < r->name.len;
	const struct slice parts[] = {is_v6 ? SLICE_LIT("[") : SLICE_LIT(""), r->name,
				      is_v6 ? SLICE_LIT("]:") : SLICE_LIT(":"), r->port};
	struct slice text;
	return r->port.len > 0 && arena_join(a, parts, COUNT_OF(parts), &text) == FAULT_NONE
		       ? text
		       : or_dash(r->name);
}

static enum fault add_row(struct vault_table *t, const struct row *r)
{
	struct vault_row *into = vault_table_row(t);
	if (into == NULL) {
		return FAULT_TOO_LARGE;
	}
	into->cells[0] = or_dash(r->what);
	into->cells[1] = name_of(t->arena, r);
	into->cells[2] = minute_of(t->arena, r->since);
	into->cells[3] = r->until.len > 0 ? minute_of(t->arena, r->until)
					  : SLICE_LIT("until resumed");
	into->cells[4] = or_dash(r->reason);
	return FAULT_NONE;
}

static enum fault read_rows(struct json *j, struct vault_table *t)
{
	enum fault f = FAULT_NONE;
	struct json_token token = json_next(j);
	if (token.kind != JSON_ARRAY) {
		return FAULT_BAD_JSON;
	}
	for (token = json_next(j); f == FAULT_NONE && token.kind == JSON_OBJECT;
	     token = json_next(j)) {
		struct row r = {.what = {0}};
		f = read_row(j, &r);
		f = f == FAULT_NONE ? add_row(t, &r) : f;
	}
	return f == FAULT_NONE && token.kind != JSON_ARRAY_END ? FAULT_BAD_JSON : f;
}

enum fault pauses_table_read(char *json, size_t len, struct arena *arena,
			     struct vault_table *out_table)
{
	static const struct slice head[COLUMNS] = {SLICE_INIT("WHAT"), SLICE_INIT("WHICH"),
						   SLICE_INIT("SINCE"), SLICE_INIT("UNTIL"),
						   SLICE_INIT("REASON")};
	struct json j;
	enum fault f = vault_table_start(out_table, arena, head, COLUMNS, ROWS_MAX);
	if (f != FAULT_NONE) {
		return f;
	}
	json_init(&j, json, len);
	struct json_token t = json_next(&j);
	if (t.kind != JSON_OBJECT) {
		return FAULT_BAD_JSON;
	}
	for (t = json_next(&j); f == FAULT_NONE && t.kind == JSON_KEY; t = json_next(&j)) {
		f = slice_eq(t.text, SLICE_LIT("pauses")) ? read_rows(&j, out_table)
							  : json_skip(&j, t);
	}
	return f == FAULT_NONE && t.kind != JSON_OBJECT_END ? FAULT_BAD_JSON : f;
}

bool pauses_table_seconds(struct slice text, uint64_t *out_seconds)
{
	static const struct {
		char letter;
		uint64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 24 * 3600}};
	uint64_t number;
	char unit = text.len > 0 ? text.ptr[text.len - 1] : '\0';
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (unit == units[i].letter &&
		    slice_to_u64(slice_first(text, text.len - 1), SECONDS_MAX / units[i].seconds,
				 &number)) {
			*out_seconds = number * units[i].seconds;
			return number > 0;
		}
	}
	return false;
}
