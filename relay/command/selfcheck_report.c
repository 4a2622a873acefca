#include "relay/command/selfcheck_report.h"

#include <string.h>

#include "spool-free/base/json.h"

enum { WHOSE_COLUMN = 9, WHAT_COLUMN = 44 };

static const struct slice names[] = {
	[SELFCHECK_PASSED] = SLICE_INIT("passed"),
	[SELFCHECK_FAILED] = SLICE_INIT("FAILED"),
	[SELFCHECK_NOT_TRIED] = SLICE_INIT("not tried"),
};

static const struct slice json_names[] = {
	[SELFCHECK_PASSED] = SLICE_INIT("passed"),
	[SELFCHECK_FAILED] = SLICE_INIT("failed"),
	[SELFCHECK_NOT_TRIED] = SLICE_INIT("not-tried"),
};

void selfcheck_report_add(struct selfcheck_report *r, const char *whose, struct slice what,
			  enum selfcheck_result result, struct slice detail)
{
	if (r->count == SELFCHECK_ROWS_MAX) {
		r->results[SELFCHECK_FAILED]++;
		return;
	}
	r->results[result]++;
	struct selfcheck_row *row = &r->rows[r->count++];
	*row = (struct selfcheck_row){.whose = whose, .what = what, .result = result};
	detail = slice_first(detail, sizeof(row->detail));
	if (detail.len > 0) {
		memcpy(row->detail, detail.ptr, detail.len);
	}
	row->detail_len = detail.len;
}

/* `text`, and blanks up to the column, at least one. */
static enum fault add_column(struct buf *into, struct slice text, size_t column)
{
	enum fault f = buf_add(into, text);
	for (size_t len = text.len; f == FAULT_NONE && (len < column || len == text.len); len++) {
		f = buf_add_byte(into, ' ');
	}
	return f;
}

static enum fault add_count(struct buf *into, size_t count, const char *words)
{
	enum fault f = buf_add_u64(into, count);
	return f == FAULT_NONE ? buf_add_text(into, words) : f;
}

enum fault selfcheck_report_table(const struct selfcheck_report *r, struct buf *into)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; f == FAULT_NONE && i < r->count; i++) {
		const struct selfcheck_row *row = &r->rows[i];
		f = add_column(into, slice_of_text(row->whose), WHOSE_COLUMN);
		f = f == FAULT_NONE ? add_column(into, row->what, WHAT_COLUMN) : f;
		f = f == FAULT_NONE ? add_column(into, names[row->result], 10) : f;
		f = f == FAULT_NONE ? buf_add(into, slice_of(row->detail, row->detail_len)) : f;
		f = f == FAULT_NONE ? buf_add_byte(into, '\n') : f;
	}
	f = f == FAULT_NONE ? add_count(into, r->results[SELFCHECK_PASSED], " passed, ") : f;
	f = f == FAULT_NONE ? add_count(into, r->results[SELFCHECK_FAILED], " failed, ") : f;
	return f == FAULT_NONE ? add_count(into, r->results[SELFCHECK_NOT_TRIED], " not tried\n")
			       : f;
}

enum fault selfcheck_report_json(const struct selfcheck_report *r, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "version", SLICE_LIT(PAGEPOST_VERSION));
	json_member_u64(&w, "passed", r->results[SELFCHECK_PASSED]);
	json_member_u64(&w, "failed", r->results[SELFCHECK_FAILED]);
	json_member_u64(&w, "not_tried", r->results[SELFCHECK_NOT_TRIED]);
	json_put_key(&w, "checks");
	json_put_array(&w);
	for (size_t i = 0; i < r->count; i++) {
		const struct selfcheck_row *row = &r->rows[i];
		json_put_object(&w);
		json_member_text(&w, "of", slice_of_text(row->whose));
		json_member_text(&w, "what", row->what);
		json_member_text(&w, "result", json_names[row->result]);
		json_member_text(&w, "detail", slice_of(row->detail, row->detail_len));
		json_put_object_end(&w);
	}
	json_put_array_end(&w);
	json_put_object_end(&w);
	enum fault f = json_writer_fault(&w);
	return f == FAULT_NONE ? buf_add_byte(into, '\n') : f;
}
