#include "config/vault/value.h"

#include <arpa/inet.h>
#include <string.h>

static bool is_of(struct slice s, const char *more)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool usual = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (c == '\0' || (!usual && strchr(more, c) == NULL)) {
			return false;
		}
	}
	return true;
}

bool vault_is_name(struct slice name)
{
	return name.len > 0 && name.len <= VAULT_NAME_MAX && is_of(name, "-");
}

static bool is_ipv6(struct slice host)
{
	char text[INET6_ADDRSTRLEN] = {0};
	struct in6_addr address;
	if (host.len >= sizeof(text)) {
		return false;
	}
	memcpy(text, host.ptr, host.len);
	return strlen(text) == host.len && inet_pton(AF_INET6, text, &address) == 1;
}

/* RFC 1123 2.1 for names, which IPv4 addresses look like; relay/net resolves and vets them. */
bool vault_is_host(struct slice host)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	if (host.len == 0 || host.len > 253) {
		return false;
	}
	if (slice_find_byte(host, ':') < host.len) {
		return is_ipv6(host);
	}
	char allowed[sizeof(upper) + 2] = "-";
	memcpy(allowed + 1, upper, sizeof(upper));
	struct slice rest = host;
	while (rest.len > 0) {
		struct slice label = slice_first(rest, slice_find_byte(rest, '.'));
		if (label.len == 0 || label.len > 63 || !is_of(label, allowed) ||
		    label.ptr[0] == '-' || label.ptr[label.len - 1] == '-') {
			return false;
		}
		rest = slice_skip(rest, label.len + 1);
	}
	return host.ptr[host.len - 1] != '.';
}

bool vault_is_block(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c >= 0x7F || (c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
			return false;
		}
	}
	return s.len <= VAULT_CA_MAX;
}

bool vault_is_password(struct slice s)
{
	return s.len <= VAULT_SECRET_MAX && slice_find_byte(s, '\0') == s.len;
}

bool vault_is_hash(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
			return false;
		}
	}
	return s.len == VAULT_HASH_HEX;
}
