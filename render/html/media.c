#include "render/html/media.h"

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"

enum { ID_HASH = 12 };

enum fault media_init(struct media *m, const struct attachment *files, size_t count,
		      struct slice host, struct arena *arena)
{
	struct media made = {.count = count, .host = host, .arena = arena};
	made.all = arena_array(arena, count, sizeof(*made.all));
	made.shown = arena_array(arena, count, sizeof(*made.shown));
	if (made.all == NULL || made.shown == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < count; i++) {
		made.all[i].file = &files[i];
		made.all[i].sniff = sniff_bytes(files[i].bytes, files[i].type);
	}
	*m = made;
	return FAULT_NONE;
}

static enum fault make_id(struct media *m, struct slice bytes, struct slice *out_id)
{
	unsigned char hash[DIGEST_LEN];
	char text[2 * ID_HASH];
	digest_sha256(bytes, hash);
	hex_encode(slice_of(hash, ID_HASH), text);
	struct slice parts[] = {slice_of(text, sizeof(text)), SLICE_LIT("@"), m->host};
	return arena_join(m->arena, parts, COUNT_OF(parts), out_id);
}

static bool is_listed(const struct media *m, struct slice id)
{
	for (size_t i = 0; i < m->shown_count; i++) {
		if (slice_eq(m->shown[i].content_id, id)) {
			return true;
		}
	}
	return false;
}

static enum media_verdict judge(const struct media *m, const struct medium *medium)
{
	size_t len = medium->file->bytes.len;
	if (medium->sniff.use == SNIFF_FILE) {
		return MEDIA_NO_PICTURE;
	}
	if (medium->sniff.use == SNIFF_RARE_PICTURE) {
		return MEDIA_RARE;
	}
	if (len > MEDIA_PICTURE_MAX) {
		return MEDIA_LARGE;
	}
	return len > MEDIA_PICTURES_MAX - m->shown_bytes ? MEDIA_FULL : MEDIA_SHOWN;
}

enum fault media_show(struct media *m, size_t index, enum media_verdict *out_verdict)
{
	struct medium *medium = &m->all[index];
	if (medium->content_id.len > 0) {
		*out_verdict = MEDIA_SHOWN;
		return FAULT_NONE;
	}
	enum media_verdict verdict = judge(m, medium);
	struct slice id;
	enum fault f = verdict == MEDIA_SHOWN ? make_id(m, medium->file->bytes, &id) : FAULT_NONE;
	if (f != FAULT_NONE) {
		return f;
	}
	*out_verdict = verdict;
	if (verdict != MEDIA_SHOWN) {
		return FAULT_NONE;
	}
	medium->content_id = id;
	if (!is_listed(m, id)) {
		m->shown_bytes += medium->file->bytes.len;
		m->shown[m->shown_count++] = (struct message_file){
			.name = medium->file->name,
			.type = medium->sniff.type,
			.bytes = medium->file->bytes,
			.content_id = id,
		};
	}
	return FAULT_NONE;
}

void media_keep_shown(struct media *m, size_t count)
{
	while (m->shown_count > count) {
		const struct message_file *gone = &m->shown[--m->shown_count];
		m->shown_bytes -= gone->bytes.len;
		for (size_t i = 0; i < m->count; i++) {
			if (slice_eq(m->all[i].content_id, gone->content_id)) {
				m->all[i].content_id = (struct slice){0};
			}
		}
	}
}
