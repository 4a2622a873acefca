/*
 * NAME     adf - reads a page in Atlassian document format (JSON), or a part in it, into a reader's tree
 * HOW      one pass makes a tape (adf_tape.h); the tape is walked without recursion. What each node and mark becomes
 *          stands in adf.def
 * USE      for whole pages, and for content inside of other content: live data of a macro, fab:adf
 * LIMITS   ADF_NESTED documents inside one another, counted with the reader; READER_DEPTH open nodes, deeper ones show
 *          their text alone; time linear in the text
 * FAULTS   kept in the reader's builder, and returned: NO_MEMORY. Never for what stands in the JSON
 * SEE      render-spec.md sections 2, 3 and 9
 */
#ifndef RENDER_CONFLUENCE_ADF_H
#define RENDER_CONFLUENCE_ADF_H

#include "render/confluence/reader.h"

enum { ADF_NESTED = 5 };

struct adf_error {
	uint64_t line; /* 0: it was JSON from end to end */
	uint64_t column;
	const char *reason;
	bool no_document; /* nothing in it is a node: there was nothing to show */
};

/* `json` is valid UTF-8 and outlives the tree. */
MUST_USE enum fault adf_read(struct slice json, struct reader *r, struct adf_error *out_error);

/* Names of all nodes, or of all marks, one after another; the empty slice past the last. */
struct slice adf_node_name(size_t index);
struct slice adf_mark_name(size_t index);

#endif
