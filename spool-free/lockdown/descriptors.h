/*
 * NAME     descriptors - none is left behind that a file or a device could be written through
 * HOW      each one that is open is looked at: files opened for writing, devices of blocks and whatever was opened in
 *          a folder are closed; standard input, output and error are turned to /dev/null instead. Sockets, pipes, terminals and
 *          files opened for reading stay
 */
#ifndef SPOOL_FREE_LOCKDOWN_DESCRIPTORS_H
#define SPOOL_FREE_LOCKDOWN_DESCRIPTORS_H

#include "spool-free/lockdown/lockdown.h"

MUST_USE enum lockdown_result descriptors_confine(const struct lockdown_params *p);

#endif
