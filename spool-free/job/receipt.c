#include "spool-free/job/receipt.h"

#include "spool-free/base/hex.h"
#include "spool-free/base/json.h"
#include "spool-free/base/wipe.h"

enum { CHUNK = 16 * 1024 };

static void wipe_chunk(char (*chunk)[CHUNK])
{
	wipe(*chunk, CHUNK);
}

enum fault receipt_hash(const struct rope *message, unsigned char out[DIGEST_LEN])
{
	CLEANUP(wipe_chunk) char chunk[CHUNK];
	CLEANUP(digest_free) struct digest *d = NULL;
	struct rope_cursor c;
	enum fault f = digest_new(&d);
	if (f != FAULT_NONE) {
		return f;
	}
	rope_rewind(message, &c);
	while (!rope_at_end(&c)) {
		digest_add(d, slice_of(chunk, rope_read(&c, chunk, CHUNK)));
	}
	digest_end(d, out);
	return FAULT_NONE;
}

static void put_page(struct json_writer *w, const struct receipt *r)
{
	if (r->page_id.len == 0) {
		return;
	}
	json_put_key(w, "page");
	json_put_object(w);
	json_member_text(w, "id", r->page_id);
	if (r->page_version > 0) {
		json_member_u64(w, "version", r->page_version);
	}
	json_put_object_end(w);
}

static void put_message(struct json_writer *w, const struct receipt *r)
{
	char hex[2 * DIGEST_LEN];
	hex_encode(slice_of(r->sha256, DIGEST_LEN), hex);
	json_put_key(w, "message");
	json_put_object(w);
	json_member_text(w, "sha256", slice_of(hex, sizeof(hex)));
	json_member_u64(w, "size", r->message_size);
	json_member_u64(w, "html_bytes", r->html_size);
	json_member_u64(w, "text_bytes", r->text_size);
	json_put_object_end(w);
}

/* How many of them came to what. */
static void put_recipients(struct json_writer *w, const struct receipt *r)
{
	size_t counts[OUTCOME_PARTLY + 1] = {0};
	for (size_t i = 0; i < r->recipient_count; i++) {
		counts[r->results[i].outcome]++;
	}
	json_member_text(w, "outcome",
			 outcome_name(outcome_of_all(r->results, r->recipient_count)));
	json_put_key(w, "recipients");
	json_put_object(w);
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		if (counts[i] > 0) {
			json_put_name(w, outcome_name((enum outcome)i));
			json_put_u64(w, counts[i]);
		}
	}
	json_put_object_end(w);
}

enum fault receipt_claim(const struct receipt *r, struct buf *out)
{
	char id[UUID_TEXT];
	struct json_writer w;
	size_t before = out->len;
	uuid_text(&r->job, id);
	json_writer_init(&w, out);
	json_put_object(&w);
	json_member_u64(&w, "receipt", 1);
	json_member_text(&w, "job", slice_of(id, sizeof(id)));
	put_page(&w, r);
	put_message(&w, r);
	put_recipients(&w, r);
	json_member_time(&w, "taken", r->taken);
	json_member_time(&w, "ended", r->ended);
	json_member_text(&w, "software", r->software);
	json_put_object_end(&w);
	enum fault f = json_writer_fault(&w);
	return f == FAULT_NONE && out->len - before > RECEIPT_CLAIM_MAX ? FAULT_TOO_LARGE : f;
}
