#include "relay/net/fetch.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "spool-free/base/instant.h"

enum { PIN_MAX = RESOLVE_NAME_MAX + 16 + RESOLVE_ADDRESSES_MAX * (INET6_ADDRSTRLEN + 3), OK = 200 };

struct place {
	char *scheme;
	char *host;
	char *port;
	uint16_t number;
};

struct attempt {
	const struct fetch_rules *rules;
	CURL *curl;
	CURLU *url;
	struct curl_slist *pinned;
	struct buf *into;
	enum fault fault; /* of taking the answer */
};

enum fault fetch_prepare(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? FAULT_NONE : FAULT_SYSTEM;
}

static void place_deinit(struct place *p)
{
	curl_free(p->scheme);
	curl_free(p->host);
	curl_free(p->port);
}

/* --- where it may go --- */

static bool is_allowed_port(const struct fetch_rules *rules, uint16_t port)
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

/* As libcurl itself will read the address: there is no second opinion about where the host's name ends. */
static enum fault read_place(CURLU *url, struct place *out)
{
	uint64_t number = 0;
	if (curl_url_get(url, CURLUPART_SCHEME, &out->scheme, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_HOST, &out->host, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_PORT, &out->port, CURLU_DEFAULT_PORT) != CURLUE_OK ||
	    has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD) ||
	    !slice_to_u64(slice_of_text(out->port), UINT16_MAX, &number)) {
		return FAULT_BAD_FIELD;
	}
	struct slice scheme = slice_of_text(out->scheme);
	out->number = (uint16_t)number;
	return slice_eq(scheme, SLICE_LIT("http")) || slice_eq(scheme, SLICE_LIT("https"))
		       ? FAULT_NONE
		       : FAULT_BAD_FIELD;
}

static void add_text(char pin[PIN_MAX], size_t *len, struct slice text)
{
	text = slice_first(text, PIN_MAX - 1 - *len);
	memcpy(pin + *len, text.ptr, text.len);
	*len += text.len;
	pin[*len] = '\0';
}

/*
 * "host:port:address,address": to these libcurl connects when it is asked for that host; `name` is how it is asked, so
 * that it has no reading of its own of what letters beyond ASCII stand for.
 */
static enum fault pin(struct attempt *a, const char *name, const struct place *p,
		      const struct address_list *list)
{
	char line[PIN_MAX] = "";
	char address[INET6_ADDRSTRLEN + 1];
	size_t len = 0;
	if (curl_url_set(a->url, CURLUPART_HOST, name, 0) != CURLUE_OK) {
		return FAULT_UPSTREAM_NAME;
	}
	add_text(line, &len, slice_of_text(name));
	add_text(line, &len, SLICE_LIT(":"));
	add_text(line, &len, slice_of_text(p->port));
	add_text(line, &len, SLICE_LIT(":"));
	for (size_t i = 0; i < list->count; i++) {
		const struct address *one = &list->addresses[i];
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
	curl_slist_free_all(a->pinned);
	a->pinned = curl_slist_append(NULL, line);
	return a->pinned != NULL ? FAULT_NONE : FAULT_NO_MEMORY;
}

static enum fault vet(struct attempt *a, const struct place *p)
{
	char name[RESOLVE_NAME_MAX + 1];
	struct address_list list = {0};
	const struct fetch_rules *rules = a->rules;
	struct slice host = slice_of_text(p->host);
	if (slice_starts(host, SLICE_LIT("[")) && slice_ends(host, SLICE_LIT("]"))) {
		host = slice_skip(slice_first(host, host.len - 1), 1);
	}
	if (!is_allowed_port(rules, p->number)) {
		return FAULT_UPSTREAM_BLOCKED;
	}
	enum fault f = resolve_name(host, name);
	if (f != FAULT_NONE) {
		return f;
	}
	if (resolve_literal(name, p->number, &list.addresses[0])) {
		bool allowed = address_is_allowed(&list.addresses[0], rules->ranges,
						  rules->range_count);
		return allowed ? FAULT_NONE : FAULT_UPSTREAM_BLOCKED;
	}
	resolve_look_up(name, p->number, &list);
	if (list.count == 0) {
		return FAULT_UPSTREAM_NAME;
	}
	resolve_vet(&list, rules->ranges, rules->range_count);
	return list.count > 0 ? pin(a, name, p, &list) : FAULT_UPSTREAM_BLOCKED;
}

/* --- one exchange --- */

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct attempt *a = ctx;
	size_t n = size * count;
	a->fault = buf_add(a->into, slice_of(bytes, n));
	return a->fault == FAULT_NONE ? n : 0;
}

/* The last word, whatever name led there: libcurl connects to nothing that was not vetted. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct attempt *a = ctx;
	struct address address = {.len = to->addrlen};
	if (purpose != CURLSOCKTYPE_IPCXN || to->addrlen > sizeof(address.sockaddr)) {
		return CURL_SOCKET_BAD;
	}
	memcpy(&address.sockaddr, &to->addr, to->addrlen);
	if (!address_is_allowed(&address, a->rules->ranges, a->rules->range_count)) {
		a->fault = FAULT_UPSTREAM_BLOCKED;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static bool set_rules(struct attempt *a, uint64_t left_ms)
{
	CURL *curl = a->curl;
	bool set = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_CURLU, a->url) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_RESOLVE, a->pinned) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, a) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) ==
			   CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ==
			   CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_USERAGENT, "Pagepost") == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)left_ms) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
				    (curl_off_t)a->into->ceiling) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_WRITEDATA, a) == CURLE_OK;
	if (set && a->rules->ca_file != NULL) {
		set = curl_easy_setopt(curl, CURLOPT_CAINFO, a->rules->ca_file) == CURLE_OK &&
		      curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK;
	}
	return set;
}

static enum fault fault_of(const struct attempt *a, CURLcode code)
{
	if (a->fault != FAULT_NONE) {
		return a->fault;
	}
	switch ((int)code) {
	case CURLE_OK:
		return FAULT_NONE;
	case CURLE_OPERATION_TIMEDOUT:
		return FAULT_DEADLINE;
	case CURLE_FILESIZE_EXCEEDED:
		return FAULT_TOO_LARGE;
	case CURLE_OUT_OF_MEMORY:
		return FAULT_NO_MEMORY;
	default:
		return FAULT_UPSTREAM_LOST;
	}
}

/* `out_next` is where a redirect leads; NULL when the bytes are here. */
static enum fault exchange(struct attempt *a, uint64_t left_ms, char **out_next)
{
	struct place p = {0};
	long status = 0;
	enum fault f = read_place(a->url, &p);
	if (f == FAULT_NONE) {
		f = vet(a, &p);
	}
	place_deinit(&p);
	if (f != FAULT_NONE || !set_rules(a, left_ms)) {
		return f != FAULT_NONE ? f : FAULT_NO_MEMORY;
	}
	f = fault_of(a, curl_easy_perform(a->curl));
	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	*out_next = NULL;
	if (f == FAULT_NONE && status >= 300 && status < 400) {
		curl_easy_getinfo(a->curl, CURLINFO_REDIRECT_URL, out_next);
	}
	if (f == FAULT_NONE && status != OK) {
		buf_clear(a->into);
		return *out_next != NULL ? FAULT_NONE : FAULT_NOT_FOUND;
	}
	return f;
}

static enum fault go(struct attempt *a, const char *url)
{
	struct instant until = instant_after(instant_now(), a->rules->timeout_ms);
	char *next = NULL;
	for (int i = 0; i <= FETCH_REDIRECTS; i++) {
		uint64_t left = instant_left_ms(until, instant_now());
		if (left == 0) {
			return FAULT_DEADLINE;
		}
		if (curl_url_set(a->url, CURLUPART_URL, next != NULL ? next : url, 0) !=
		    CURLUE_OK) {
			return FAULT_BAD_FIELD;
		}
		enum fault f = exchange(a, left, &next);
		if (f != FAULT_NONE || next == NULL) {
			return f;
		}
	}
	return FAULT_NOT_FOUND;
}

enum fault fetch_bytes(const struct fetch_rules *rules, struct slice url, struct buf *into)
{
	char text[FETCH_URL_MAX + 1];
	struct attempt a = {.rules = rules, .into = into};
	if (url.len == 0 || url.len > FETCH_URL_MAX || slice_find_byte(url, '\0') < url.len) {
		return FAULT_BAD_FIELD;
	}
	memcpy(text, url.ptr, url.len);
	text[url.len] = '\0';
	a.curl = curl_easy_init();
	a.url = curl_url();
	enum fault f = a.curl != NULL && a.url != NULL ? go(&a, text) : FAULT_NO_MEMORY;
	if (f != FAULT_NONE) {
		buf_clear(into);
	}
	curl_easy_cleanup(a.curl);
	curl_url_cleanup(a.url);
	curl_slist_free_all(a.pinned);
	return f;
}
