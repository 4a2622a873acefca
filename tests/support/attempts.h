/*
 * NAME     attempts - the attempts of spool-free/lockdown/probe.h against one confinement, each in a process and a folder
 *          of its own
 * TABLE    attempts_rows: what each layer is for. Without any, all of them succeed, which shows that they can tell
 */
#ifndef TESTS_SUPPORT_ATTEMPTS_H
#define TESTS_SUPPORT_ATTEMPTS_H

#include "spool-free/lockdown/probe.h"

struct attempts_row {
	const char *name;
	bool landlock; /* refuses it */
	bool seccomp;
	bool depends; /* on the file system, the user or a kernel switch whether it works at all */
};

extern const struct attempts_row attempts_rows[PROBE_ATTEMPTS];

typedef bool attempts_confine_fn(void);

/* The fixture of a test case, and within it one attempt after `confine` (NULL: none). */
void attempts_setup(void);
void attempts_teardown(void);
enum probe_result attempts_result(attempts_confine_fn *confine, size_t attempt);

/* The main() of a suite that confines processes: says skipped where a tool watches their system calls. */
bool attempts_are_watched(void);

#endif
