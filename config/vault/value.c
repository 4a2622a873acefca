#include "config/vault/value.h"

#include <arpa/inet.h>
#include <string.h>

#include "spool-free/base/text.h"

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

bool vault_is_domain(struct slice host)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	if (host.len == 0 || host.len > 253) {
		return false;
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

/* RFC 1123 2.1 for names, which IPv4 addresses look like; relay/net resolves and vets them. */
bool vault_is_host(struct slice host)
{
	return slice_find_byte(host, ':') < host.len ? is_ipv6(host) : vault_is_domain(host);
}

static bool is_of_range(struct slice s, unsigned char first, unsigned char last)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < first || c > last) {
			return false;
		}
	}
	return true;
}

bool vault_is_ascii(struct slice s)
{
	return s.len <= VAULT_ASCII_MAX && is_of_range(s, ' ', '~');
}

/* "host", "host:port" or "[IPv6]:port". */
static bool is_authority(struct slice s)
{
	uint64_t port = 1;
	struct slice host = s;
	struct slice rest;
	if (s.len > 0 && s.ptr[0] == '[') {
		size_t end = slice_find_byte(s, ']');
		host = slice_skip(slice_first(s, end), 1);
		rest = slice_skip(s, end + 1);
		if (end == s.len || !is_ipv6(host)) {
			return false;
		}
	} else {
		host = slice_first(s, slice_find_byte(s, ':'));
		rest = slice_skip(s, host.len);
		if (!vault_is_domain(host)) {
			return false;
		}
	}
	return rest.len == 0 ||
	       (rest.ptr[0] == ':' && slice_to_u64(slice_skip(rest, 1), 65535, &port) && port > 0);
}

/* Without a user's name, without a fragment, and without what programs read in two ways. */
bool vault_is_https(struct slice url)
{
	static const struct slice scheme = SLICE_INIT("https://");
	if (url.len > VAULT_ASCII_MAX || !slice_starts(url, scheme) ||
	    !is_of_range(url, '!', '~') || slice_find_byte(url, '#') < url.len ||
	    slice_find_byte(url, '\\') < url.len) {
		return false;
	}
	struct slice rest = slice_skip(url, scheme.len);
	size_t path = slice_find_byte(rest, '/');
	size_t query = slice_find_byte(rest, '?');
	return is_authority(slice_first(rest, path < query ? path : query));
}

bool vault_is_text(struct slice s, size_t most)
{
	if (s.len > most || text_utf8_valid(s) != s.len) {
		return false;
	}
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c == 0x7F || (c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
			return false;
		}
	}
	return true;
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

bool vault_is_secret(struct slice s, size_t most)
{
	return s.len <= most && slice_find_byte(s, '\0') == s.len;
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
