#include "render/confluence/links.h"

#include "spool-free/base/text.h"

/* Bytes of an address that stand for themselves; the rest is percent-encoded. */
static bool is_address_byte(char c)
{
	switch (c) {
	case '"':
	case '<':
	case '>':
	case '\\':
	case '^':
	case '`':
	case '{':
	case '|':
	case '}':
		return false;
	default:
		return c > ' ' && c < 0x7F;
	}
}

static bool is_unreserved(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
	       c == '.' || c == '_' || c == '~';
}

static char *write_percent(char *out, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	*out++ = '%';
	*out++ = digits[(unsigned char)c >> 4];
	*out++ = digits[(unsigned char)c & 15];
	return out;
}

/* Encoded as one part of a path or query. */
static enum fault encode_part(struct slice part, struct arena *arena, struct slice *out_part)
{
	if (part.len > LINKS_MAX) {
		part.len = 0;
	}
	char *start = arena_bytes(arena, part.len * 3);
	if (start == NULL) {
		return FAULT_NO_MEMORY;
	}
	char *at = start;
	for (size_t i = 0; i < part.len; i++) {
		if (is_unreserved(part.ptr[i])) {
			*at++ = part.ptr[i];
		} else {
			at = write_percent(at, part.ptr[i]);
		}
	}
	*out_part = slice_of(start, (size_t)(at - start));
	return FAULT_NONE;
}

/* Where the host ends: what stands before it is not encoded. */
static size_t end_of_host(struct slice href)
{
	size_t at = slice_find(href, SLICE_LIT("://"));
	if (at == href.len) {
		return 0;
	}
	for (at += 3;
	     at < href.len && href.ptr[at] != '/' && href.ptr[at] != '?' && href.ptr[at] != '#';) {
		at++;
	}
	return at;
}

/* Without control characters, outer blanks and what does not belong in an address. */
static enum fault clean(struct slice href, struct arena *arena, struct slice *out_href)
{
	char *start = arena_bytes(arena, href.len * 3);
	if (start == NULL) {
		return FAULT_NO_MEMORY;
	}
	href = slice_trim(href);
	size_t host_end = end_of_host(href);
	char *at = start;
	for (size_t i = 0; i < href.len; i++) {
		char c = href.ptr[i];
		bool is_foreign = (unsigned char)c >= 0x80;
		if ((c >= 0 && c < ' ') || c == 0x7F || (c == ' ' && i < host_end)) {
			continue;
		}
		if (is_address_byte(c) || (is_foreign && i < host_end)) {
			*at++ = c;
		} else {
			at = write_percent(at, c);
		}
	}
	*out_href = slice_of(start, (size_t)(at - start));
	return FAULT_NONE;
}

/* The length of `scheme:` at the start, 0 when there is none. */
static size_t scheme_length(struct slice href)
{
	for (size_t i = 0; i < href.len; i++) {
		char c = href.ptr[i];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		if (c == ':') {
			return i + 1;
		}
		if (!letter &&
		    (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) {
			return 0;
		}
	}
	return 0;
}

static bool has_allowed_scheme(struct slice href)
{
	static const struct slice allowed[] = {SLICE_INIT("http://"), SLICE_INIT("https://"),
					       SLICE_INIT("mailto:"), SLICE_INIT("tel:")};
	for (size_t i = 0; i < COUNT_OF(allowed); i++) {
		if (slice_starts_nocase(href, allowed[i]) && href.len > allowed[i].len) {
			return true;
		}
	}
	return false;
}

bool links_is_web(struct slice href)
{
	return slice_starts_nocase(href, SLICE_LIT("http://")) ||
	       slice_starts_nocase(href, SLICE_LIT("https://"));
}

struct slice links_host(struct slice href)
{
	if (!links_is_web(href)) {
		return slice_of(NULL, 0);
	}
	struct slice host = slice_first(href, end_of_host(href));
	host = slice_skip(host, slice_find(host, SLICE_LIT("://")) + 3);
	size_t at = slice_find_byte(host, '@');
	return at < host.len ? slice_skip(host, at + 1) : host;
}

struct slice links_last_step(struct slice href)
{
	href = slice_first(href, slice_find_byte(href, '?'));
	href = slice_first(href, slice_find_byte(href, '#'));
	size_t at = href.len;
	while (at > 0 && href.ptr[at - 1] != '/') {
		at--;
	}
	return slice_skip(href, at);
}

/* `https://host` of `https://host/path`. */
static struct slice origin_of(struct slice site)
{
	return slice_first(site, end_of_host(site));
}

static enum fault resolve_relative(const struct page *page, struct slice href, struct arena *arena,
				   struct slice *out_href)
{
	struct slice site = page->site_url;
	if (site.len == 0) {
		*out_href = slice_of(NULL, 0);
		return FAULT_NONE;
	}
	struct slice origin = origin_of(site);
	struct slice context = slice_skip(site, origin.len);
	struct slice parts[] = {site, SLICE_LIT("/"), href};
	if (slice_starts(href, SLICE_LIT("//"))) {
		parts[0] = SLICE_LIT("https:");
		parts[1] = slice_of(NULL, 0);
	} else if (href.ptr[0] == '/') {
		bool has_context = context.len > 0 && slice_starts(href, context) &&
				   (href.len == context.len || href.ptr[context.len] == '/');
		parts[0] = has_context ? origin : site;
		parts[1] = slice_of(NULL, 0);
	}
	return arena_join(arena, parts, COUNT_OF(parts), out_href);
}

/* `&#106;avascript:`: some programs read the reference, and what is not an address of the site then is another's. */
static bool hides_scheme(struct slice href)
{
	size_t end = 0;
	while (end < href.len && href.ptr[end] != '/' && href.ptr[end] != '?') {
		end++;
	}
	href = slice_first(href, end);
	size_t at = slice_find_byte(href, '&');
	return at < href.len && slice_find_byte(slice_skip(href, at), ';') < href.len - at;
}

bool links_is_forbidden(struct slice href)
{
	char start[64]; /* no scheme that anything knows is longer */
	size_t n = 0;
	href = slice_trim(href);
	for (size_t i = 0; i < href.len && n < sizeof(start); i++) {
		if ((unsigned char)href.ptr[i] >= ' ' && href.ptr[i] != 0x7F) {
			start[n++] = href.ptr[i];
		}
	}
	struct slice cleaned = slice_of(start, n);
	return n > 0 && start[0] != '#' && !has_allowed_scheme(cleaned) &&
	       (scheme_length(cleaned) > 0 || hides_scheme(cleaned));
}

enum fault links_resolve(const struct page *page, struct slice href, struct arena *arena,
			 struct slice *out_href)
{
	if (href.len > LINKS_MAX) {
		*out_href = slice_of(NULL, 0);
		return FAULT_NONE;
	}
	struct slice cleaned;
	enum fault f = clean(href, arena, &cleaned);
	if (f != FAULT_NONE) {
		return f;
	}
	if (cleaned.len == 0 || has_allowed_scheme(cleaned) || cleaned.ptr[0] == '#') {
		*out_href = cleaned.len > 1 ? cleaned : slice_of(NULL, 0);
		return FAULT_NONE;
	}
	if (scheme_length(cleaned) > 0 || hides_scheme(cleaned)) {
		*out_href = slice_of(NULL, 0);
		return FAULT_NONE;
	}
	return resolve_relative(page, cleaned, arena, out_href);
}

/* Site and literal pieces with encoded parts between them; empty without a site. */
static enum fault build(const struct page *page, struct slice *parts, size_t count,
			struct arena *arena, struct slice *out_href)
{
	*out_href = slice_of(NULL, 0);
	if (page->site_url.len == 0) {
		return FAULT_NONE;
	}
	for (size_t i = 2; i < count; i += 2) { /* site, literal, part, literal, part ... */
		enum fault f = encode_part(parts[i], arena, &parts[i]);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	parts[0] = page->site_url;
	return arena_join(arena, parts, count, out_href);
}

enum fault links_to_page_id(const struct page *page, struct slice id, struct arena *arena,
			    struct slice *out_href)
{
	struct slice parts[] = {{NULL, 0}, SLICE_INIT("/pages/viewpage.action?pageId="), id};
	return build(page, parts, id.len > 0 ? 3 : 1, arena, out_href);
}

enum fault links_to_page(const struct page *page, struct slice space, struct slice title,
			 struct slice anchor, struct arena *arena, struct slice *out_href)
{
	struct slice parts[] = {{NULL, 0},
				SLICE_INIT("/pages/viewpage.action?spaceKey="),
				space.len > 0 ? space : page->space_key,
				SLICE_INIT("&title="),
				title,
				SLICE_INIT("#"),
				anchor};
	if (parts[2].len == 0 || title.len == 0) {
		*out_href = slice_of(NULL, 0);
		return FAULT_NONE;
	}
	return build(page, parts, anchor.len > 0 ? 7 : 5, arena, out_href);
}

enum fault links_to_blog_post(const struct page *page, struct slice space, struct slice day,
			      struct slice title, struct arena *arena, struct slice *out_href)
{
	struct slice year;
	struct slice month;
	if (!slice_cut_to(&day, '/', &year) || !slice_cut_to(&day, '/', &month)) {
		return links_to_page(page, space, title, slice_of(NULL, 0), arena, out_href);
	}
	struct slice parts[] = {{NULL, 0},
				SLICE_INIT("/display/"),
				space.len > 0 ? space : page->space_key,
				SLICE_INIT("/"),
				year,
				SLICE_INIT("/"),
				month,
				SLICE_INIT("/"),
				day,
				SLICE_INIT("/"),
				title};
	if (parts[2].len == 0) {
		*out_href = slice_of(NULL, 0);
		return FAULT_NONE;
	}
	return build(page, parts, COUNT_OF(parts), arena, out_href);
}

enum fault links_to_space(const struct page *page, struct slice space, struct arena *arena,
			  struct slice *out_href)
{
	struct slice parts[] = {{NULL, 0}, SLICE_INIT("/display/"), space};
	if (space.len == 0) {
		*out_href = slice_of(NULL, 0);
		return FAULT_NONE;
	}
	return build(page, parts, COUNT_OF(parts), arena, out_href);
}

enum fault links_to_file(const struct page *page, struct slice name, struct arena *arena,
			 struct slice *out_href)
{
	struct slice parts[] = {
		{NULL, 0}, SLICE_INIT("/download/attachments/"), page->id, SLICE_INIT("/"), name};
	if (page->id.len == 0) {
		*out_href = slice_of(NULL, 0);
		return FAULT_NONE;
	}
	return build(page, parts, COUNT_OF(parts), arena, out_href);
}
