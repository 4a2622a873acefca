/*
 * NAME     libcurl - how libcurl is started: by everybody who uses it, in one way
 * RULE     what libcurl gives back to the heap is wiped: forms, headers and buffers of an exchange hold secrets
 * BOXES    libcurl
 * THREADS  before the first other thread; may be called again
 */
#ifndef RELAY_NET_LIBCURL_H
#define RELAY_NET_LIBCURL_H

#include "spool-free/base/fault.h"

MUST_USE enum fault libcurl_start(void); /* SYSTEM when libcurl says no */

#endif
