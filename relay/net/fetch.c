#include "relay/net/fetch.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "spool-free/base/instant.h"
#include "relay/net/vetted.h"

enum { OK = 200 };

struct attempt {
	struct vetted_rules may;
	uint64_t timeout_ms;
	const char *ca_file;
	CURL *curl;
	CURLU *url;
	struct curl_slist *pinned;
	struct buf *into;
	enum fault fault; /* of taking the answer */
};

static enum fault vet(struct attempt *a)
{
	struct vetted_place p;
	enum fault f = vetted_read(a->url, &a->may, &p);
	if (f != FAULT_NONE) {
		return f;
	}
	vetted_look_up(&p);
	curl_slist_free_all(a->pinned);
	a->pinned = NULL;
	return vetted_pin(a->url, &a->may, &p, &a->pinned);
}

/* --- one exchange --- */

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct attempt *a = ctx;
	size_t n = size * count;
	a->fault = buf_add(a->into, slice_of(bytes, n));
	return a->fault == FAULT_NONE ? n : 0;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct attempt *a = ctx;
	curl_socket_t made;
	if (!vetted_socket(&a->may, purpose, to, &made)) {
		a->fault = FAULT_UPSTREAM_BLOCKED;
	}
	return made;
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
	if (set && a->ca_file != NULL) {
		set = curl_easy_setopt(curl, CURLOPT_CAINFO, a->ca_file) == CURLE_OK &&
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
	long status = 0;
	enum fault f = vet(a);
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
	struct instant until = instant_after(instant_now(), a->timeout_ms);
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
	struct attempt a = {
		.may = {.ranges = rules->ranges,
			.range_count = rules->range_count,
			.ports = rules->ports,
			.port_count = rules->port_count,
			.takes_http = true},
		.timeout_ms = rules->timeout_ms,
		.ca_file = rules->ca_file,
		.into = into,
	};
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
