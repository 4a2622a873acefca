#include "relay/net/post.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/ssl.h>

#include "relay/net/tls_private.h"
#include "relay/net/vetted.h"

enum { FORGET_S = 60 };

struct poster {
	struct loop *loop;
	struct look_ups *look_ups;
	const struct tls_context *tls;
	struct vetted_rules may;
	CURLM *multi;
	struct loop_timer *timer; /* libcurl's */
	struct post_work *works;  /* all of them */
};

struct post_work {
	struct poster *poster;
	struct post *post; /* NULL: nobody waits for it any more, and only `told` is due yet */
	struct post_work *next, *prev;
	bool is_over; /* `told` is under way */
	enum fault fault;
	struct loop_timer *late;
	struct loop_task told;
	struct look_up *look_up;
	struct vetted_place place;
	CURL *curl;
	bool is_with_libcurl; /* in the poster's multi */
	CURLU *url;
	struct curl_slist *pinned;
	struct curl_slist *headers;
	char text[POST_URL_MAX + 1];
};

/* --- a work's life --- */

/* From here on libcurl calls back for it no more, and does not read the form, which may be freed soon. */
static void let_go(struct post_work *w)
{
	look_up_cancel(&w->look_up);
	if (w->is_with_libcurl) {
		w->is_with_libcurl = false;
		curl_multi_remove_handle(w->poster->multi, w->curl);
	}
}

static void work_free(struct post_work *w)
{
	struct poster *p = w->poster;
	let_go(w);
	curl_easy_cleanup(w->curl);
	curl_url_cleanup(w->url);
	curl_slist_free_all(w->pinned);
	curl_slist_free_all(w->headers);
	loop_timer_free(&w->late);
	*(w->prev != NULL ? &w->prev->next : &p->works) = w->next;
	if (w->next != NULL) {
		w->next->prev = w->prev;
	}
	free(w);
}

static void tell(void *work)
{
	struct post_work *w = work;
	struct post *post = w->post;
	enum fault f = w->fault;
	long status = 0;
	curl_off_t retry_after = 0;
	if (post != NULL && f == FAULT_NONE) {
		curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(w->curl, CURLINFO_RETRY_AFTER, &retry_after);
	}
	work_free(w);
	if (post != NULL) {
		post->work = NULL;
		post->fault = f;
		post->status = (int)status;
		post->retry_after_s = retry_after > 0 ? (uint64_t)retry_after : 0;
		post->done(post->owner, post);
	}
}

static void end(struct post_work *w, enum fault f)
{
	if (w->is_over) {
		return;
	}
	let_go(w);
	loop_timer_free(&w->late);
	w->fault = f;
	w->is_over = true;
	w->told = (struct loop_task){.fn = tell, .owner = w};
	loop_post(w->poster->loop, &w->told);
}

static void on_late(void *work)
{
	end(work, FAULT_DEADLINE);
}

/* --- libcurl on the loop --- */

static void take_ends(struct poster *p)
{
	int left;
	for (CURLMsg *m = curl_multi_info_read(p->multi, &left); m != NULL;
	     m = curl_multi_info_read(p->multi, &left)) {
		char *work = NULL;
		if (m->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &work) != CURLE_OK) {
			continue;
		}
		struct post_work *w = (struct post_work *)(void *)work;
		static const struct {
			CURLcode code;
			enum fault fault;
		} faults[] = {
			{CURLE_OK, FAULT_NONE},
			{CURLE_COULDNT_CONNECT, FAULT_UPSTREAM_DOWN},
			{CURLE_PEER_FAILED_VERIFICATION, FAULT_UPSTREAM_CERT},
			{CURLE_SSL_CONNECT_ERROR, FAULT_UPSTREAM_TLS},
			{CURLE_FILESIZE_EXCEEDED, FAULT_TOO_LARGE},
			{CURLE_OUT_OF_MEMORY, FAULT_NO_MEMORY},
		};
		enum fault f = FAULT_UPSTREAM_LOST;
		for (size_t i = 0; i < COUNT_OF(faults); i++) {
			f = m->data.result == faults[i].code ? faults[i].fault : f;
		}
		end(w, w->fault != FAULT_NONE ? w->fault : f);
	}
}

static void act(struct poster *p, curl_socket_t fd, int events)
{
	int running;
	curl_multi_socket_action(p->multi, fd, events, &running);
	take_ends(p);
}

static void on_timer(void *poster)
{
	act(poster, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *multi, long ms, void *poster)
{
	struct poster *p = poster;
	(void)multi;
	if (ms < 0) {
		loop_timer_cancel(p->timer);
	} else {
		loop_timer_set(p->timer, (uint64_t)ms);
	}
	return 0;
}

/* One of libcurl's sockets, for as long as libcurl is interested. */
struct watched {
	struct poster *poster;
	struct loop_watch *watch;
	curl_socket_t fd;
};

static void on_ready(void *watched, bool readable, bool writable)
{
	const struct watched *s = watched;
	act(s->poster, s->fd, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0));
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *poster, void *watched)
{
	struct poster *p = poster;
	struct watched *s = watched;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s != NULL) {
			loop_watch_free(&s->watch);
			free(s);
		}
		return 0;
	}
	if (s == NULL) {
		s = calloc(1, sizeof(*s));
		if (s == NULL) {
			return -1;
		}
		*s = (struct watched){.poster = p, .fd = fd};
		if (loop_watch_new(p->loop, fd, on_ready, s, &s->watch) != FAULT_NONE) {
			free(s);
			return -1;
		}
		curl_multi_assign(p->multi, fd, s);
	}
	loop_watch_set(s->watch, (what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0);
	return 0;
}

/* --- one exchange --- */

static size_t on_body(char *bytes, size_t size, size_t count, void *work)
{
	struct post_work *w = work;
	size_t n = size * count;
	w->fault = w->post != NULL ? buf_add(&w->post->body, slice_of(bytes, n))
				   : FAULT_UPSTREAM_LOST;
	return w->fault == FAULT_NONE ? n : 0;
}

static curl_socket_t open_socket(void *work, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct post_work *w = work;
	curl_socket_t made;
	if (!vetted_socket(&w->poster->may, purpose, to, &made)) {
		w->fault = FAULT_UPSTREAM_BLOCKED;
	}
	return made;
}

/*
 * The authorities of a context that is there: no file is read while the loop waits. They are shared with mail servers'
 * connections and other threads, so libcurl gets them beside its own store, which it fills, marks and caches as it likes.
 * That one stays empty: no file and no folder is named to libcurl. OpenSSL wipes the answer's plaintext: it holds tokens.
 */
static CURLcode set_trust(CURL *curl, void *ssl_ctx, void *poster)
{
	const struct poster *p = poster;
	(void)curl;
	SSL_CTX_set_options(ssl_ctx, SSL_OP_CLEANSE_PLAINTEXT);
	return SSL_CTX_set1_verify_cert_store(ssl_ctx, SSL_CTX_get_cert_store(p->tls->ctx)) == 1
		       ? CURLE_OK
		       : CURLE_OUT_OF_MEMORY;
}

static bool set_rules(struct post_work *w)
{
	CURL *c = w->curl;
	struct poster *p = w->poster;
	return curl_easy_setopt(c, CURLOPT_PRIVATE, w) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_CURLU, w->url) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_RESOLVE, w->pinned) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_DNS_CACHE_TIMEOUT, (long)FORGET_S) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, w) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_CAINFO, NULL) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_CAPATH, NULL) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, set_trust) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, p) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_USERAGENT, "Pagepost") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)POST_BODY_MAX) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEDATA, w) == CURLE_OK;
}

/* libcurl reads the form where it lies: there is no copy of it. */
static bool set_form(struct post_work *w)
{
	struct slice form = secret_view(w->post->form);
	struct curl_slist *accept = curl_slist_append(NULL, "Accept: application/json");
	struct curl_slist *both = curl_slist_append(accept, "Expect:");
	w->headers = accept;
	return both != NULL &&
	       curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, w->headers) == CURLE_OK &&
	       curl_easy_setopt(w->curl, CURLOPT_POST, 1L) == CURLE_OK &&
	       curl_easy_setopt(w->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)form.len) ==
		       CURLE_OK &&
	       curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, form.ptr) == CURLE_OK;
}

static void talk(struct post_work *w)
{
	enum fault f = vetted_pin(w->url, &w->poster->may, &w->place, &w->pinned);
	if (f == FAULT_NONE) {
		w->curl = curl_easy_init();
		w->is_with_libcurl = w->curl != NULL && set_rules(w) && set_form(w) &&
				     curl_multi_add_handle(w->poster->multi, w->curl) == CURLM_OK;
		f = w->is_with_libcurl ? FAULT_NONE : FAULT_NO_MEMORY;
	}
	if (f != FAULT_NONE) {
		end(w, f);
	}
}

static void looked_up(void *work, const struct address_list *list)
{
	struct post_work *w = work;
	w->look_up = NULL;
	w->place.list = *list;
	talk(w);
}

static enum fault look_up(struct post_work *w)
{
	const struct look_up_params params = {.loop = w->poster->loop,
					      .name = w->place.name,
					      .party = w->post->party,
					      .port = w->place.port};
	return look_up_start(w->poster->look_ups, &params, looked_up, w, &w->look_up);
}

static enum fault begin(struct post_work *w)
{
	struct slice url = w->post->url;
	if (url.len == 0 || url.len > POST_URL_MAX || slice_find_byte(url, '\0') < url.len) {
		return FAULT_BAD_FIELD;
	}
	memcpy(w->text, url.ptr, url.len);
	w->url = curl_url();
	if (w->url == NULL) {
		return FAULT_NO_MEMORY;
	}
	if (curl_url_set(w->url, CURLUPART_URL, w->text, 0) != CURLUE_OK) {
		return FAULT_BAD_FIELD;
	}
	enum fault f = vetted_read(w->url, &w->poster->may, &w->place);
	if (f == FAULT_NONE) {
		f = loop_timer_new(w->poster->loop, on_late, w, &w->late);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	loop_timer_set(w->late, w->post->timeout_ms);
	if (!w->place.is_literal) {
		return look_up(w);
	}
	talk(w);
	return FAULT_NONE;
}

void post_send(struct poster *p, struct post *post)
{
	struct post_work *w = calloc(1, sizeof(*w));
	buf_deinit(&post->body);
	buf_init(&post->body, POST_BODY_MAX);
	post->fault = FAULT_NONE;
	post->retry_after_s = 0;
	if (w == NULL) { /* told at once, as there is no room for saying it later */
		post->fault = FAULT_NO_MEMORY;
		post->done(post->owner, post);
		return;
	}
	*w = (struct post_work){.poster = p, .post = post, .next = p->works};
	if (p->works != NULL) {
		p->works->prev = w;
	}
	p->works = w;
	post->work = w;
	enum fault f = begin(w);
	if (f != FAULT_NONE) {
		end(w, f);
	}
}

void post_cancel(struct post *post)
{
	struct post_work *w = post->work;
	if (w != NULL) {
		post->work = NULL;
		w->post = NULL;
		if (!w->is_over) { /* else it goes when its end would be told */
			work_free(w);
		}
	}
}

void post_deinit(struct post *post)
{
	post_cancel(post);
	buf_deinit(&post->body);
}

enum fault poster_new(const struct poster_params *params, struct poster **out_poster)
{
	struct poster *p = calloc(1, sizeof(*p));
	if (p == NULL) {
		return FAULT_NO_MEMORY;
	}
	const struct poster_rules *rules = params->rules;
	*p = (struct poster){
		.loop = params->loop,
		.look_ups = params->look_ups,
		.tls = params->tls,
		.may = {.ranges = rules->ranges,
			.range_count = rules->range_count,
			.ports = rules->ports,
			.port_count = rules->port_count},
		.multi = curl_multi_init(),
	};
	bool is_set = p->multi != NULL &&
		      loop_timer_new(p->loop, on_timer, p, &p->timer) == FAULT_NONE &&
		      curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, set_socket) ==
			      CURLM_OK &&
		      curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p) == CURLM_OK &&
		      curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
		      curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p) == CURLM_OK;
	if (!is_set) {
		poster_free(&p);
		return FAULT_NO_MEMORY;
	}
	*out_poster = p;
	return FAULT_NONE;
}

void poster_free(struct poster **p)
{
	struct poster *gone = *p;
	if (gone == NULL) {
		return;
	}
	while (gone->works != NULL) {
		struct post_work *w = gone->works;
		if (w->post != NULL) {
			w->post->work = NULL;
		}
		work_free(w);
	}
	curl_multi_cleanup(gone->multi);
	loop_timer_free(&gone->timer);
	free(gone);
	*p = NULL;
}
