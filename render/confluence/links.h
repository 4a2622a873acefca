/*
 * NAME     links - addresses: which may leave, what relative ones mean, and how the things of a
 * site are reached PURE     results lie in the arena LIMITS   an address is at most LINKS_MAX
 * bytes; a longer one is none FAULTS   NO_MEMORY SEE      render-spec.md section 1, rules 3 and 5;
 * RFC 3986
 */
#ifndef RENDER_CONFLUENCE_LINKS_H
#define RENDER_CONFLUENCE_LINKS_H

#include "spool-free/base/arena.h"
#include "spool-free/base/fault.h"
#include "spool-free/job/job.h"

enum { LINKS_MAX = 8192 };

/*
 * What an address of the page means outside it: absolute with the scheme http, https, mailto or
 * tel, or `#name`. Empty when it must not or cannot leave. Characters that have no place in an
 * address come out percent-encoded.
 */
MUST_USE enum fault links_resolve(const struct page *page, struct slice href, struct arena *arena,
				  struct slice *out_href);

/* It has a scheme, or hides one, that no mail may carry; whether links_resolve() finds anything else wrong or not. */
bool links_is_forbidden(struct slice href);
/* An absolute http or https address of something to show. */
bool links_is_web(struct slice href);
/* Its host, for saying where a link goes; empty if there is none. */
struct slice links_host(struct slice href);
/* What follows the last slash of its path. */
struct slice links_last_step(struct slice href);

/* Each is empty when the job does not name the site. */
MUST_USE enum fault links_to_page_id(const struct page *page, struct slice id, struct arena *arena,
				     struct slice *out_href);
/* `space` empty: the page's own; `anchor` may be empty. */
MUST_USE enum fault links_to_page(const struct page *page, struct slice space, struct slice title,
				  struct slice anchor, struct arena *arena, struct slice *out_href);
/* `day` is yyyy/mm/dd. */
MUST_USE enum fault links_to_blog_post(const struct page *page, struct slice space,
				       struct slice day, struct slice title, struct arena *arena,
				       struct slice *out_href);
MUST_USE enum fault links_to_space(const struct page *page, struct slice space, struct arena *arena,
				   struct slice *out_href);
/* A file of the page itself. */
MUST_USE enum fault links_to_file(const struct page *page, struct slice name, struct arena *arena,
				  struct slice *out_href);

#endif
