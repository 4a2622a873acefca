/*
 * NAME     render_output - where `pagepost render` writes, and in which form
 */
#ifndef RELAY_COMMAND_RENDER_OUTPUT_H
#define RELAY_COMMAND_RENDER_OUTPUT_H

#include "render/render.h"
#include "relay/command/render_options.h"

/* What was wished of the message, to the file or folder that was wished. `many`: a folder, whatever is there. */
int render_output_write(const struct render_wish *w, const char *page, bool many,
			const struct render_output *made);
/* Everything that is supported, a line each. */
int render_output_list(void);

#endif
