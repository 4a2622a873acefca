#include "relay/command/page_format.h"

static const struct slice names[] = {
	[PAGE_STORAGE] = SLICE_INIT("storage"),
	[PAGE_ATLAS_DOC_FORMAT] = SLICE_INIT("atlas_doc_format"),
	[PAGE_VIEW] = SLICE_INIT("view"),
	[PAGE_EXPORT_VIEW] = SLICE_INIT("export_view"),
};

bool page_format_read(struct slice word, enum page_format *out_format)
{
	if (slice_eq(word, SLICE_LIT("adf"))) {
		*out_format = PAGE_ATLAS_DOC_FORMAT;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq(word, names[i])) {
			*out_format = (enum page_format)i;
			return true;
		}
	}
	return false;
}

enum page_format page_format_of_file(struct slice name)
{
	if (slice_ends(name, SLICE_LIT(".json"))) {
		return PAGE_ATLAS_DOC_FORMAT;
	}
	bool html = slice_ends(name, SLICE_LIT(".html")) || slice_ends(name, SLICE_LIT(".htm"));
	return html ? PAGE_EXPORT_VIEW : PAGE_STORAGE;
}

struct slice page_format_name(enum page_format format)
{
	return names[format];
}
