#include "relay/net/vetted.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

enum {
	PIN_MAX = RESOLVE_NAME_MAX + 16 + RESOLVE_ADDRESSES_MAX * (INET6_ADDRSTRLEN + 3),
	PORT_DIGITS = 5,
};

struct parts {
	char *scheme;
	char *host;
	char *port;
};

static void parts_deinit(struct parts *p)
{
	curl_free(p->scheme);
	curl_free(p->host);
	curl_free(p->port);
}

static bool is_allowed_port(const struct vetted_rules *rules, uint16_t port)
{
	for (size_t i = 0; i < rules->port_count; i++) {
		if (rules->ports[i] == port) {
			return true;
		}
	}
	return false;
}

static bool has_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;
	curl_free(text);
	return has;
}

static bool is_allowed_scheme(const struct vetted_rules *rules, struct slice scheme)
{
	return slice_eq(scheme, SLICE_LIT("https")) ||
	       (rules->takes_http && slice_eq(scheme, SLICE_LIT("http")));
}

/* As libcurl itself will read the address: there is no second opinion about where the host's name ends. */
enum fault vetted_read(CURLU *url, const struct vetted_rules *rules, struct vetted_place *out_place)
{
	CLEANUP(parts_deinit) struct parts parts = {0};
	struct vetted_place p = {0};
	uint64_t number = 0;
	if (curl_url_get(url, CURLUPART_SCHEME, &parts.scheme, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_HOST, &parts.host, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_PORT, &parts.port, CURLU_DEFAULT_PORT) != CURLUE_OK ||
	    has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD) ||
	    !slice_to_u64(slice_of_text(parts.port), UINT16_MAX, &number) ||
	    !is_allowed_scheme(rules, slice_of_text(parts.scheme))) {
		return FAULT_BAD_FIELD;
	}
	struct slice host = slice_of_text(parts.host);
	if (slice_starts(host, SLICE_LIT("[")) && slice_ends(host, SLICE_LIT("]"))) {
		host = slice_skip(slice_first(host, host.len - 1), 1);
	}
	p.port = (uint16_t)number;
	if (!is_allowed_port(rules, p.port)) {
		return FAULT_UPSTREAM_BLOCKED;
	}
	enum fault f = resolve_name(host, p.name);
	if (f != FAULT_NONE) {
		return f;
	}
	p.is_literal = resolve_literal(p.name, p.port, &p.list.addresses[0]);
	if (p.is_literal &&
	    !address_is_allowed(&p.list.addresses[0], rules->ranges, rules->range_count)) {
		return FAULT_UPSTREAM_BLOCKED;
	}
	*out_place = p;
	return FAULT_NONE;
}

void vetted_look_up(struct vetted_place *p)
{
	if (!p->is_literal) {
		resolve_look_up(p->name, p->port, &p->list);
	}
}

static void add_text(char pin[PIN_MAX], size_t *len, struct slice text)
{
	text = slice_first(text, PIN_MAX - 1 - *len);
	memcpy(pin + *len, text.ptr, text.len);
	*len += text.len;
	pin[*len] = '\0';
}

static void add_port(char pin[PIN_MAX], size_t *len, uint16_t port)
{
	char digits[PORT_DIGITS];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + port % 10);
		port /= 10;
	} while (port > 0);
	add_text(pin, len, slice_of(digits + at, sizeof(digits) - at));
}

/*
 * "+host:port:address,address": to these libcurl connects when it is asked for that host, until it forgets them; `name`
 * is how it is asked, so that it has no reading of its own of what letters beyond ASCII stand for.
 */
static enum fault tie(CURLU *url, const struct vetted_place *p, struct curl_slist **out_pinned)
{
	char line[PIN_MAX] = "";
	char address[INET6_ADDRSTRLEN + 1];
	size_t len = 0;
	if (curl_url_set(url, CURLUPART_HOST, p->name, 0) != CURLUE_OK) {
		return FAULT_UPSTREAM_NAME;
	}
	add_text(line, &len, SLICE_LIT("+"));
	add_text(line, &len, slice_of_text(p->name));
	add_text(line, &len, SLICE_LIT(":"));
	add_port(line, &len, p->port);
	add_text(line, &len, SLICE_LIT(":"));
	for (size_t i = 0; i < p->list.count; i++) {
		const struct address *one = &p->list.addresses[i];
		if (getnameinfo((const struct sockaddr *)&one->sockaddr, one->len, address,
				sizeof(address), NULL, 0, NI_NUMERICHOST) != 0) {
			return FAULT_UPSTREAM_NAME;
		}
		bool is_six = one->sockaddr.ss_family == AF_INET6;
		add_text(line, &len, i > 0 ? SLICE_LIT(",") : SLICE_LIT(""));
		add_text(line, &len, is_six ? SLICE_LIT("[") : SLICE_LIT(""));
		add_text(line, &len, slice_of_text(address));
		add_text(line, &len, is_six ? SLICE_LIT("]") : SLICE_LIT(""));
	}
	*out_pinned = curl_slist_append(NULL, line);
	return *out_pinned != NULL ? FAULT_NONE : FAULT_NO_MEMORY;
}

enum fault vetted_pin(CURLU *url, const struct vetted_rules *rules, struct vetted_place *p,
		      struct curl_slist **out_pinned)
{
	if (p->is_literal) {
		*out_pinned = NULL;
		return FAULT_NONE;
	}
	if (p->list.count == 0) {
		return FAULT_UPSTREAM_NAME;
	}
	resolve_vet(&p->list, rules->ranges, rules->range_count);
	return p->list.count > 0 ? tie(url, p, out_pinned) : FAULT_UPSTREAM_BLOCKED;
}

/* The last word, whatever name led there: libcurl connects to nothing that was not vetted. */
bool vetted_socket(const struct vetted_rules *rules, curlsocktype purpose,
		   const struct curl_sockaddr *to, curl_socket_t *out_socket)
{
	struct address address = {.len = to->addrlen};
	*out_socket = CURL_SOCKET_BAD;
	if (purpose != CURLSOCKTYPE_IPCXN || to->addrlen > sizeof(address.sockaddr)) {
		return true;
	}
	memcpy(&address.sockaddr, &to->addr, to->addrlen);
	if (!address_is_allowed(&address, rules->ranges, rules->range_count)) {
		return false;
	}
	*out_socket = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	return true;
}
