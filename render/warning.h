/*
 * NAME     warning - what a report may warn of: table warning.def; a new one is one row there
 * THREADS  constants
 */
#ifndef RENDER_WARNING_H
#define RENDER_WARNING_H

#include "spool-free/base/slice.h"

enum warning {
#define WARNING(name, code, meaning) WARNING_##name,
#include "render/warning.def"
#undef WARNING
	WARNING_COUNT
};

/* The stable word, such as html-over-limit; static. */
struct slice warning_code(enum warning w);
struct slice warning_meaning(enum warning w);

#endif
