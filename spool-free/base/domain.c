#include "spool-free/base/domain.h"

bool domain_holds(struct slice domain, struct slice host)
{
	if (slice_ends(host, SLICE_LIT("."))) {
		host.len--;
	}
	if (domain.len == 0 || host.len < domain.len) {
		return false;
	}
	size_t before = host.len - domain.len;
	return slice_eq_nocase(slice_skip(host, before), domain) &&
	       (before == 0 || host.ptr[before - 1] == '.');
}
