#include "relay/mailbox/message.h"

#include <libetpan/libetpan.h>

static const struct slice discrete_names[] = {
	[MAILMIME_DISCRETE_TYPE_TEXT] = SLICE_INIT("text"),
	[MAILMIME_DISCRETE_TYPE_IMAGE] = SLICE_INIT("image"),
	[MAILMIME_DISCRETE_TYPE_AUDIO] = SLICE_INIT("audio"),
	[MAILMIME_DISCRETE_TYPE_VIDEO] = SLICE_INIT("video"),
	[MAILMIME_DISCRETE_TYPE_APPLICATION] = SLICE_INIT("application"),
};

/* Linear, before the parser sees a byte: boundaries bound the nesting, parentheses the comments. */
static enum fault look_through(struct slice raw)
{
	unsigned parens = 0;
	if (raw.len > MESSAGE_MAX) {
		return FAULT_TOO_LARGE;
	}
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.ptr[i] == '(') {
			parens++;
		} else if (raw.ptr[i] != ' ') {
			parens = 0;
		}
		if (parens > MESSAGE_PARENS) {
			return FAULT_TOO_DEEP;
		}
	}
	unsigned nested = 0;
	for (struct slice rest = raw;;) {
		size_t at = slice_find(rest, SLICE_LIT("boundary="));
		if (at == rest.len) {
			break;
		}
		rest = slice_skip(rest, at + 1);
		nested++;
	}
	for (struct slice rest = raw;;) {
		size_t at = slice_find(rest, SLICE_LIT("message/rfc822"));
		if (at == rest.len) {
			break;
		}
		rest = slice_skip(rest, at + 1);
		nested++;
	}
	return nested > MESSAGE_DEPTH ? FAULT_TOO_DEEP : FAULT_NONE;
}

static enum fault copy_text(struct arena *a, const char *text, struct slice *out)
{
	return text != NULL ? arena_copy(a, slice_of_text(text), out) : FAULT_NONE;
}

static enum fault name_type(struct arena *a, const struct mailmime_content *content,
			    struct slice *out)
{
	struct slice main = SLICE_LIT("text");
	struct slice sub = SLICE_LIT("plain");
	if (content != NULL) {
		const struct mailmime_type *t = content->ct_type;
		sub = slice_of_text(content->ct_subtype);
		if (t->tp_type == MAILMIME_TYPE_COMPOSITE_TYPE) {
			main = t->tp_data.tp_composite_type->ct_type ==
					       MAILMIME_COMPOSITE_TYPE_MULTIPART
				       ? SLICE_LIT("multipart")
				       : SLICE_LIT("message");
		} else if (t->tp_data.tp_discrete_type->dt_type ==
			   MAILMIME_DISCRETE_TYPE_EXTENSION) {
			main = slice_of_text(t->tp_data.tp_discrete_type->dt_extension);
		} else {
			main = discrete_names[t->tp_data.tp_discrete_type->dt_type];
		}
	}
	const struct slice parts[] = {main, SLICE_LIT("/"), sub};
	return arena_join(a, parts, COUNT_OF(parts), out);
}

static enum fault decode(struct arena *a, const struct mailmime *m, int encoding,
			 struct message_part *part)
{
	const struct mailmime_data *d = m->mm_data.mm_single;
	char *decoded;
	size_t len;
	size_t at = 0;
	if (d == NULL || d->dt_type != MAILMIME_DATA_TEXT) {
		return FAULT_NONE;
	}
	part->wire_bytes = d->dt_data.dt_text.dt_length;
	if (mailmime_part_parse(d->dt_data.dt_text.dt_data, part->wire_bytes, &at, encoding,
				&decoded, &len) != MAILIMF_NO_ERROR) {
		return FAULT_MALFORMED;
	}
	enum fault f = arena_copy(a, slice_of(decoded, len), &part->content);
	mailmime_decoded_part_free(decoded);
	return f;
}

static enum fault read_part(struct arena *a, struct mailmime *m, struct message_part *part)
{
	struct mailmime_single_fields fields;
	mailmime_single_fields_init(&fields, m->mm_mime_fields, m->mm_content_type);
	const char *name = fields.fld_disposition_filename != NULL ? fields.fld_disposition_filename
								   : fields.fld_content_name;
	part->is_multipart = m->mm_type == MAILMIME_MULTIPLE;
	enum fault f = name_type(a, m->mm_content_type, &part->type);
	if (f == FAULT_NONE) {
		f = copy_text(a, name, &part->name);
	}
	if (f == FAULT_NONE) {
		f = copy_text(a, fields.fld_id, &part->content_id);
	}
	if (f == FAULT_NONE && m->mm_type == MAILMIME_SINGLE) {
		int encoding = fields.fld_encoding != NULL ? fields.fld_encoding->enc_type
							   : MAILMIME_MECHANISM_8BIT;
		f = decode(a, m, encoding, part);
	}
	return f;
}

/* The part after `m` in the order of the message, and how its depth differs. */
static struct mailmime *next_part(struct mailmime *m, unsigned *depth)
{
	if (m->mm_type == MAILMIME_MULTIPLE) {
		clistiter *first = clist_begin(m->mm_data.mm_multipart.mm_mp_list);
		if (first != NULL) {
			(*depth)++;
			return clist_content(first);
		}
	}
	while (m != NULL && m->mm_parent_type == MAILMIME_MULTIPLE) {
		clistiter *after = clist_next(m->mm_multipart_pos);
		if (after != NULL) {
			return clist_content(after);
		}
		(*depth)--;
		m = m->mm_parent;
	}
	return NULL;
}

static enum fault read_parts(struct arena *a, struct mailmime *root, struct message_view *v)
{
	unsigned depth = 0;
	v->parts = arena_array(a, MESSAGE_PARTS, sizeof(*v->parts));
	if (v->parts == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (struct mailmime *m = root; m != NULL; m = next_part(m, &depth)) {
		if (v->part_count == MESSAGE_PARTS) {
			return FAULT_TOO_LARGE;
		}
		struct message_part *part = &v->parts[v->part_count++];
		part->depth = depth;
		enum fault f = read_part(a, m, part);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

/* The value of a header field, unfolded and with its encoded words decoded. */
static enum fault read_header(struct arena *a, struct slice raw, struct slice name,
			      struct slice *out)
{
	size_t end = slice_find(raw, SLICE_LIT("\r\n\r\n"));
	struct slice rest = slice_first(raw, end + 2);
	while (rest.len > name.len) {
		size_t line = slice_find(rest, SLICE_LIT("\r\n"));
		while (line + 2 < rest.len &&
		       (rest.ptr[line + 2] == ' ' || rest.ptr[line + 2] == '\t')) {
			struct slice more = slice_skip(rest, line + 2);
			line += 2 + slice_find(more, SLICE_LIT("\r\n"));
		}
		if (slice_starts_nocase(rest, name) && rest.ptr[name.len] == ':') {
			struct slice value = slice_trim(
				slice_skip(slice_first(rest, line), name.len + 1));
			char *decoded = NULL;
			size_t at = 0;
			if (mailmime_encoded_phrase_parse("utf-8", value.ptr, value.len, &at,
							  "utf-8", &decoded) != MAILIMF_NO_ERROR) {
				return arena_copy(a, value, out);
			}
			enum fault f = copy_text(a, decoded, out);
			free(decoded);
			return f;
		}
		rest = slice_skip(rest, line + 2);
	}
	return FAULT_NONE;
}

static enum fault read_headers(struct arena *a, struct slice raw, struct message_view *v)
{
	const struct {
		struct slice name;
		struct slice *into;
	} wanted[] = {
		{SLICE_LIT("Subject"), &v->subject}, {SLICE_LIT("From"), &v->from},
		{SLICE_LIT("To"), &v->to},	     {SLICE_LIT("Cc"), &v->cc},
		{SLICE_LIT("Date"), &v->date},	     {SLICE_LIT("Message-ID"), &v->message_id},
	};
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		enum fault f = read_header(a, raw, wanted[i].name, wanted[i].into);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

enum fault message_read(struct slice raw, struct arena *arena, struct message_view *out_view)
{
	struct message_view v = {0};
	struct mailmime *message = NULL;
	size_t at = 0;
	enum fault f = look_through(raw);
	if (f != FAULT_NONE) {
		return f;
	}
	if (mailmime_parse(raw.ptr, raw.len, &at, &message) != MAILIMF_NO_ERROR) {
		return FAULT_MALFORMED;
	}
	f = read_headers(arena, raw, &v);
	if (f == FAULT_NONE && message->mm_type == MAILMIME_MESSAGE &&
	    message->mm_data.mm_message.mm_msg_mime != NULL) {
		f = read_parts(arena, message->mm_data.mm_message.mm_msg_mime, &v);
	}
	mailmime_free(message);
	if (f == FAULT_NONE) {
		*out_view = v;
	}
	return f;
}

const struct message_part *message_find(const struct message_view *m, struct slice type)
{
	for (size_t i = 0; i < m->part_count; i++) {
		if (slice_eq_nocase(m->parts[i].type, type)) {
			return &m->parts[i];
		}
	}
	return NULL;
}
