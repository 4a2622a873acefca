/*
 * NAME     tls_version - the versions of TLS that a session can have, for counting
 * OWNS     nothing
 */
#ifndef RELAY_NET_TLS_VERSION_H
#define RELAY_NET_TLS_VERSION_H

#include "spool-free/base/slice.h"

enum tls_version {
	TLS_VERSION_NONE, /* in the clear */
	TLS_VERSION_1_2,
	TLS_VERSION_1_3,
	TLS_VERSION_OTHER,
	TLS_VERSIONS
};

enum tls_version tls_version_of(struct slice text); /* as stream_tls_version() has it */
struct slice tls_version_name(enum tls_version v);  /* none, TLSv1.2, TLSv1.3, other */

#endif
