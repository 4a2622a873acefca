#include "relay/command/vault_google.h"

#include "spool-free/base/json.h"
#include "relay/command/vault_input.h"

enum key { KEY_TYPE, KEY_EMAIL, KEY_KEY, KEY_ID, KEY_URI, KEY_COUNT };

static const struct slice keys[KEY_COUNT] = {
	[KEY_TYPE] = SLICE_INIT("type"),       [KEY_EMAIL] = SLICE_INIT("client_email"),
	[KEY_KEY] = SLICE_INIT("private_key"), [KEY_ID] = SLICE_INIT("private_key_id"),
	[KEY_URI] = SLICE_INIT("token_uri"),
};

static enum fault refuse(struct problem *p)
{
	return problem_set(p, FAULT_BAD_FIELD,
			   "The file must be the JSON file of a service account's key, with "
			   "\"type\": \"service_account\", a client_email and a private_key.");
}

static size_t find_key(struct slice text)
{
	size_t i = 0;
	while (i < KEY_COUNT && !slice_eq(text, keys[i])) {
		i++;
	}
	return i;
}

/* The strings point into the reader's bytes. */
static enum fault read_keys(struct json *j, struct slice values[KEY_COUNT])
{
	uint64_t seen = 0;
	if (json_next(j).kind != JSON_OBJECT) {
		return FAULT_BAD_FIELD;
	}
	for (struct json_token t = json_next(j); t.kind != JSON_OBJECT_END; t = json_next(j)) {
		if (t.kind != JSON_KEY) {
			return FAULT_BAD_FIELD;
		}
		size_t i = find_key(t.text);
		if (i == KEY_COUNT) {
			if (json_skip(j, t) != FAULT_NONE) {
				return FAULT_BAD_FIELD;
			}
			continue;
		}
		t = json_next(j);
		if (t.kind != JSON_STRING || json_seen_twice(&seen, (unsigned)i)) {
			return FAULT_BAD_FIELD;
		}
		values[i] = t.text;
	}
	return json_next(j).kind == JSON_END ? FAULT_NONE : FAULT_BAD_FIELD;
}

static enum fault keep(const struct slice values[KEY_COUNT], struct arena *into,
		       struct oauth_client *o)
{
	enum fault f = arena_copy(into, values[KEY_EMAIL], &o->client_id);
	if (f == FAULT_NONE) {
		f = arena_copy(into, values[KEY_ID], &o->key_id);
	}
	if (f == FAULT_NONE && o->token_url.len == 0) {
		f = arena_copy(into, values[KEY_URI], &o->token_url);
	}
	return f == FAULT_NONE ? secret_new(values[KEY_KEY], &o->secret) : f;
}

enum fault vault_google_read(const char *file, struct arena *into, struct oauth_client *out_client,
			     struct problem *p)
{
	CLEANUP(secret_free) struct secret *whole = NULL;
	struct slice values[KEY_COUNT] = {0};
	char *room = NULL;
	size_t len = 0;
	struct json j;
	enum fault f = vault_input_file(file, VAULT_GOOGLE_MAX, &whole, &room, &len, p);
	if (f != FAULT_NONE) {
		return f;
	}
	json_init(&j, room, len);
	f = read_keys(&j, values);
	if (f != FAULT_NONE || !slice_eq(values[KEY_TYPE], SLICE_LIT("service_account")) ||
	    values[KEY_EMAIL].len == 0 || values[KEY_KEY].len == 0) {
		return refuse(p);
	}
	return keep(values, into, out_client);
}
