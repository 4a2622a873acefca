#include "relay/net/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "spool-free/base/text.h"

enum { V4_BITS = 32, V6_BITS = 128, LABEL_MAX = 63, RANGE_TEXT_MAX = 64 };

static bool bits_match(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned whole = bits / 8;
	unsigned rest = bits % 8;
	if (memcmp(a, b, whole) != 0) {
		return false;
	}
	unsigned char mask = (unsigned char)(0xff << (8 - rest));
	return rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0;
}

struct v4_block {
	unsigned char bytes[4];
	unsigned prefix;
};

/* RFC 6890 and the registry since then; what is no public unicast. */
static const struct v4_block v4_special[] = {
	{{0, 0, 0, 0}, 8},	 /* this network; Linux connects 0.0.0.0 to itself */
	{{10, 0, 0, 0}, 8},	 /* private */
	{{100, 64, 0, 0}, 10},	 /* shared, carrier NAT */
	{{127, 0, 0, 0}, 8},	 /* loopback */
	{{169, 254, 0, 0}, 16},	 /* link-local; clouds keep their metadata there */
	{{172, 16, 0, 0}, 12},	 /* private */
	{{192, 0, 0, 0}, 24},	 /* protocol assignments */
	{{192, 0, 2, 0}, 24},	 /* documentation */
	{{192, 88, 99, 0}, 24},	 /* 6to4 relays, gone */
	{{192, 168, 0, 0}, 16},	 /* private */
	{{198, 18, 0, 0}, 15},	 /* benchmarks */
	{{198, 51, 100, 0}, 24}, /* documentation */
	{{203, 0, 113, 0}, 24},	 /* documentation */
	{{224, 0, 0, 0}, 4},	 /* multicast */
	{{240, 0, 0, 0}, 4},	 /* reserved, and broadcast */
};

struct v6_block {
	unsigned char bytes[16];
	unsigned prefix;
};

/* Global unicast is 2000::/3; these parts of it are not for hosts, or carry an IPv4 address inside. */
static const struct v6_block v6_global = {{0x20}, 3};
static const struct v6_block v6_special[] = {
	{{0x20, 0x01, 0x00}, 23},	/* protocol assignments, among them Teredo 2001::/32 */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
	{{0x20, 0x02}, 16},		/* 6to4 */
	{{0x3f, 0xff, 0x00}, 20},	/* documentation (RFC 9637) */
};

static bool is_public(int family, const unsigned char *bytes)
{
	if (family == AF_INET) {
		for (size_t i = 0; i < COUNT_OF(v4_special); i++) {
			if (bits_match(bytes, v4_special[i].bytes, v4_special[i].prefix)) {
				return false;
			}
		}
		return true;
	}
	if (!bits_match(bytes, v6_global.bytes, v6_global.prefix)) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(v6_special); i++) {
		if (bits_match(bytes, v6_special[i].bytes, v6_special[i].prefix)) {
			return false;
		}
	}
	return true;
}

bool address_is_allowed(const struct address *a, const struct address_range *allowed, size_t count)
{
	const unsigned char *bytes;
	int family = a->sockaddr.ss_family;
	if (family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)&a->sockaddr;
		bytes = (const unsigned char *)&v4->sin_addr;
	} else if (family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&a->sockaddr;
		bytes = v6->sin6_addr.s6_addr;
	} else {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (allowed[i].family == family &&
		    bits_match(bytes, allowed[i].bytes, allowed[i].prefix)) {
			return true;
		}
	}
	return is_public(family, bytes);
}

enum fault address_range_parse(struct slice text, struct address_range *out_range)
{
	char name[RANGE_TEXT_MAX + 1];
	struct slice bits = text;
	struct slice base;
	struct address_range range = {0};
	uint64_t prefix;
	if (!slice_cut_to(&bits, '/', &base)) {
		base = text;
		bits = (struct slice){0};
	}
	if (base.len > RANGE_TEXT_MAX || memchr(base.ptr, '\0', base.len) != NULL) {
		return FAULT_BAD_SETTING;
	}
	memcpy(name, base.ptr, base.len);
	name[base.len] = '\0';
	if (inet_pton(AF_INET, name, range.bytes) == 1) {
		range.family = AF_INET;
	} else if (inet_pton(AF_INET6, name, range.bytes) == 1) {
		range.family = AF_INET6;
	} else {
		return FAULT_BAD_SETTING;
	}
	unsigned most = range.family == AF_INET ? V4_BITS : V6_BITS;
	range.prefix = most;
	if (base.len < text.len) {
		if (!slice_to_u64(bits, most, &prefix)) {
			return FAULT_BAD_SETTING;
		}
		range.prefix = (unsigned)prefix;
	}
	*out_range = range;
	return FAULT_NONE;
}

bool resolve_literal(const char *name, uint16_t port, struct address *out_address)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	if (inet_pton(AF_INET, name, &v4.sin_addr) == 1) {
		*out_address = (struct address){.len = sizeof(v4)};
		memcpy(&out_address->sockaddr, &v4, sizeof(v4));
		return true;
	}
	if (inet_pton(AF_INET6, name, &v6.sin6_addr) == 1) {
		*out_address = (struct address){.len = sizeof(v6)};
		memcpy(&out_address->sockaddr, &v6, sizeof(v6));
		return true;
	}
	return false;
}

/* Letters, digits, hyphens and (containers and old Windows use them) underscores, in labels that are not empty. */
static bool is_host_name(struct slice name)
{
	size_t label = 0;
	if (name.len > 0 && name.ptr[name.len - 1] == '.') {
		name.len--;
	}
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
			    c == '_';
		if (c == '.' ? label == 0 : !word || label == LABEL_MAX) {
			return false;
		}
		label = c == '.' ? 0 : label + 1;
	}
	return label > 0;
}

static enum fault put_name(struct slice name, char out_name[RESOLVE_NAME_MAX + 1])
{
	if (name.len == 0 || name.len > RESOLVE_NAME_MAX) {
		return FAULT_UPSTREAM_NAME;
	}
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		out_name[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	out_name[name.len] = '\0';
	return FAULT_NONE;
}

static enum fault to_a_labels(struct slice host, char out_name[RESOLVE_NAME_MAX + 1])
{
	char utf8[4 * RESOLVE_NAME_MAX + 1];
	char *labels = NULL;
	if (host.len >= sizeof(utf8) || memchr(host.ptr, '\0', host.len) != NULL) {
		return FAULT_UPSTREAM_NAME;
	}
	memcpy(utf8, host.ptr, host.len);
	utf8[host.len] = '\0';
	if (idn2_to_ascii_8z(utf8, &labels, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) {
		return FAULT_UPSTREAM_NAME;
	}
	enum fault f = put_name(slice_of_text(labels), out_name);
	idn2_free(labels);
	return f;
}

enum fault resolve_name(struct slice host, char out_name[RESOLVE_NAME_MAX + 1])
{
	struct address literal;
	enum fault f = text_is_ascii(host) ? put_name(host, out_name) : to_a_labels(host, out_name);
	if (f != FAULT_NONE) {
		return f;
	}
	/* strlen: a NUL inside ends up as a name that is too short to be the one given. */
	struct slice name = slice_of_text(out_name);
	if (text_is_ascii(host) && name.len != host.len) {
		return FAULT_UPSTREAM_NAME;
	}
	return resolve_literal(out_name, 0, &literal) || is_host_name(name) ? FAULT_NONE
									    : FAULT_UPSTREAM_NAME;
}

enum fault resolve_one_name(struct slice host, char out_name[RESOLVE_NAME_MAX + 1])
{
	struct in_addr v4;
	struct in6_addr v6;
	char name[RESOLVE_NAME_MAX + 1];
	enum fault f = resolve_name(host, name);
	if (f != FAULT_NONE) {
		return f;
	}
	size_t last = strlen(name) - 1; /* no name is empty */
	if (name[last] == '.') {
		name[last] = '\0';
	}
	bool is_v6 = inet_pton(AF_INET6, name, &v6) == 1;
	bool is_v4 = is_v6 ? IN6_IS_ADDR_V4MAPPED(&v6) : inet_aton(name, &v4) != 0;
	if (is_v6 && is_v4) {
		memcpy(&v4, &v6.s6_addr[sizeof(v6) - sizeof(v4)], sizeof(v4));
	}
	/* There is room for any address. */
	if (is_v4) {
		inet_ntop(AF_INET, &v4, out_name, RESOLVE_NAME_MAX + 1);
	} else if (is_v6) {
		inet_ntop(AF_INET6, &v6, out_name, RESOLVE_NAME_MAX + 1);
	} else {
		memcpy(out_name, name, sizeof(name));
	}
	return FAULT_NONE;
}

/* The next address of the family, or of any when it has none left; NULL at the end. */
static const struct addrinfo *take_next(const struct addrinfo *all, bool *taken, int family)
{
	const struct addrinfo *any = NULL;
	size_t any_at = 0;
	size_t i = 0;
	for (const struct addrinfo *a = all; a != NULL && i < RESOLVE_ADDRESSES_MAX * 4U;
	     a = a->ai_next, i++) {
		if (taken[i] || a->ai_addrlen > sizeof(struct sockaddr_storage)) {
			continue;
		}
		if (a->ai_family == family) {
			taken[i] = true;
			return a;
		}
		if (any == NULL) {
			any = a;
			any_at = i;
		}
	}
	if (any != NULL) {
		taken[any_at] = true;
	}
	return any;
}

void resolve_look_up(const char *name, uint16_t port, struct address_list *out_list)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	bool taken[RESOLVE_ADDRESSES_MAX * 4] = {false};
	struct addrinfo *all = NULL;
	out_list->count = 0;
	if (getaddrinfo(name, NULL, &hints, &all) != 0) {
		return;
	}
	const struct addrinfo *a = take_next(all, taken, all->ai_family);
	while (a != NULL && out_list->count < RESOLVE_ADDRESSES_MAX) {
		struct address *to = &out_list->addresses[out_list->count++];
		*to = (struct address){.len = a->ai_addrlen};
		memcpy(&to->sockaddr, a->ai_addr, a->ai_addrlen);
		/* Both families keep the port at the same place (RFC 3493 3.3). */
		((struct sockaddr_in *)&to->sockaddr)->sin_port = htons(port);
		a = take_next(all, taken, a->ai_family == AF_INET ? AF_INET6 : AF_INET);
	}
	freeaddrinfo(all);
}

void resolve_vet(struct address_list *list, const struct address_range *allowed, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (address_is_allowed(&list->addresses[i], allowed, count)) {
			list->addresses[kept++] = list->addresses[i];
		}
	}
	list->count = kept;
}
