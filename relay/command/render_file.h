/*
 * NAME     render_file - files that `pagepost render` reads
 * LIMIT    RENDER_FILE_MAX
 */
#ifndef RELAY_COMMAND_RENDER_FILE_H
#define RELAY_COMMAND_RENDER_FILE_H

#include "spool-free/base/arena.h"

enum { RENDER_FILE_MAX = 64 * 1024 * 1024 };

/* A whole file, in the arena; false after a word about why not. */
bool render_file_read(const char *path, struct arena *arena, struct slice *out_bytes);
/* What stands behind the last slash. */
struct slice render_file_name(const char *path);
/* "pagepost render: PATH: WHAT"; returns EXIT_USAGE. */
int render_complain(const char *path, const char *what);

#endif
