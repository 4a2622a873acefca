/*
 * NAME     page_format - how commands call the formats of a page
 */
#ifndef RELAY_COMMAND_PAGE_FORMAT_H
#define RELAY_COMMAND_PAGE_FORMAT_H

#include "spool-free/job/job.h"

/* storage, adf (or atlas_doc_format), view, export_view; false for any other word. */
bool page_format_read(struct slice word, enum page_format *out_format);
/* By the ending of a file's name: .json is ADF, .html and .htm are export_view, all else is storage. */
enum page_format page_format_of_file(struct slice name);
/* What the HTTPS API calls it. */
struct slice page_format_name(enum page_format format);

#endif
