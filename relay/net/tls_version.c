#include "relay/net/tls_version.h"

static const struct slice names[TLS_VERSIONS] = {
	[TLS_VERSION_NONE] = SLICE_INIT("none"),
	[TLS_VERSION_1_2] = SLICE_INIT("TLSv1.2"),
	[TLS_VERSION_1_3] = SLICE_INIT("TLSv1.3"),
	[TLS_VERSION_OTHER] = SLICE_INIT("other"),
};

enum tls_version tls_version_of(struct slice text)
{
	enum tls_version v = TLS_VERSION_1_2;
	if (text.len == 0) {
		return TLS_VERSION_NONE;
	}
	while (v < TLS_VERSION_OTHER && !slice_eq(text, names[v])) {
		v++;
	}
	return v;
}

struct slice tls_version_name(enum tls_version v)
{
	return names[v];
}
