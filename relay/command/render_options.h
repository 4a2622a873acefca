/*
 * NAME     render_options - the command line of `pagepost render`
 * OWNS     a wish owns its job: what files and options say lies in the job's arena
 * RULE     an option says more than the same field of --job FILE
 */
#ifndef RELAY_COMMAND_RENDER_OPTIONS_H
#define RELAY_COMMAND_RENDER_OPTIONS_H

#include "spool-free/job/job.h"
#include "render/render.h"

enum render_kind { RENDER_EML, RENDER_HTML, RENDER_TEXT, RENDER_REPORT };

struct render_wish {
	enum render_kind kind;
	bool lists; /* --list */
	bool helps;
	bool keeps_pictures;			/* none is converted or scaled */
	const struct render_pictures *pictures; /* not out of the command line; may be NULL */
	struct slice into;			/* -o; ends with NUL */
	struct job *job; /* as one that came by HTTPS, but for the page's body */
	bool has_format; /* of every page; else its name says it */
	enum page_format format;
	uint64_t size_limit;
	struct render_limits limits;
	struct civil date;
	struct slice message_id, seed;
};

/* Sets `out_first` to the first argument that is no option. EXIT_DONE, or EXIT_USAGE after a word about what is wrong. */
int render_options_read(struct render_wish *w, int argc, char **argv, int *out_first);
void render_options_free(struct render_wish *w);
/* To standard output, or to standard error when nobody asked. */
void render_options_help(bool asked);

#endif
