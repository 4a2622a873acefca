#include "relay/intake/record_answer.h"

static const struct slice yes = SLICE_INIT("yes");

static void put_list(struct json_writer *w, struct slice lines)
{
	struct slice item;
	json_put_array(w);
	while (lines.len > 0) {
		if (!slice_cut_to(&lines, '\n', &item)) {
			item = lines;
			lines.len = 0;
		}
		json_put_string(w, item);
	}
	json_put_array_end(w);
}

static void put_value(struct json_writer *w, const struct keeper_pair *p)
{
	uint64_t number;
	switch (p->type) {
	case KEEPER_TEXT:
		json_put_string(w, p->value);
		break;
	case KEEPER_NUMBER:
		if (slice_to_u64(p->value, UINT64_MAX, &number)) {
			json_put_u64(w, number);
		} else {
			json_put_null(w);
		}
		break;
	case KEEPER_ANSWER:
		json_put_bool(w, slice_eq(p->value, yes));
		break;
	case KEEPER_LIST:
		put_list(w, p->value);
		break;
	case KEEPER_SECRET: /* whatever came with it stays here */
		json_put_bool(w, true);
		break;
	case KEEPER_NULL:
		json_put_null(w);
		break;
	}
}

static void put_pairs(struct json_writer *w, const struct keeper_document *d)
{
	for (size_t i = 0; i < d->count; i++) {
		json_put_name(w, d->pairs[i].key);
		put_value(w, &d->pairs[i]);
	}
}

enum fault record_answer(const struct keeper_document *d, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	put_pairs(&w, d);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

enum fault record_answer_put(uint32_t version, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_u64(&w, "version", version);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

static const char *name_of(enum keeper_kind kind)
{
	switch (kind) {
	case KEEPER_SERVER:
		return "servers";
	case KEEPER_POLICY:
		return "spaces";
	case KEEPER_AWS:
		return "aws";
	case KEEPER_TOKEN:
	case KEEPER_SETTINGS:
		break;
	}
	return "names";
}

enum fault record_answer_list(enum keeper_kind kind, const struct slice *names, size_t count,
			      struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_put_key(&w, name_of(kind));
	json_put_array(&w);
	for (size_t i = 0; i < count; i++) {
		json_put_string(&w, names[i]);
	}
	json_put_array_end(&w);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

void record_answer_tokens(struct json_writer *w, struct buf *into)
{
	json_writer_init(w, into);
	json_put_object(w);
	json_put_key(w, "tokens");
	json_put_array(w);
}

void record_answer_tokens_add(struct json_writer *w, struct slice id,
			      const struct keeper_document *d)
{
	json_put_object(w);
	json_member_text(w, "id", id);
	put_pairs(w, d);
	json_put_object_end(w);
}

enum fault record_answer_tokens_end(struct json_writer *w)
{
	json_put_array_end(w);
	json_put_object_end(w);
	return json_writer_fault(w);
}

enum fault record_answer_token(const struct secret *token, struct slice id, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "token", secret_view(token));
	json_member_text(&w, "id", id);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}
