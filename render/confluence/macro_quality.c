/*
 * The QM Metadata Macro (SOP): what is known of the page, as a table of keys and values, frozen to the moment of sending.
 * What Confluence knows comes from the job's page data; owner, reviewer, status and scope from the macro's parameters.
 * What nobody said is a dash, so that no line is missed. Parameter `fields` chooses and orders the lines; a parameter
 * with a line's name and the value false leaves it out.
 */
#include "render/confluence/known.h"

#include "render/confluence/macros.h"
#include "render/confluence/targets.h"

enum { LIST_MAX = 50, MS_A_DAY = 24 * 60 * 60 * 1000, MS_A_MINUTE = 60 * 1000 };

/* Each says the value where the builder stands; false: it is not known. */
typedef bool value_fn(struct reader *r, struct slice said);

static void add_number(struct reader *r, uint64_t number, unsigned digits)
{
	char text[24];
	size_t at = sizeof(text);
	do {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 || sizeof(text) - at < digits);
	words_add(&r->b, slice_of(text + at, sizeof(text) - at));
}

static void add_day(struct reader *r, struct civil at)
{
	int year;
	unsigned month;
	unsigned day;
	civil_date(at.ms / MS_A_DAY, &year, &month, &day);
	struct node_date *date = &builder_leaf(&r->b, NODE_DATE)->of.date;
	date->year = (uint16_t)year;
	date->month = (uint8_t)month;
	date->day = (uint8_t)day;
}

/* "14 Jan 2026, 09:05 UTC" */
static bool add_moment(struct reader *r, struct civil at)
{
	if (at.ms <= 0) {
		return false;
	}
	uint64_t minutes = (uint64_t)(at.ms % MS_A_DAY) / MS_A_MINUTE;
	add_day(r, at);
	words_add(&r->b, SLICE_LIT(", "));
	add_number(r, minutes / 60, 2);
	words_add(&r->b, SLICE_LIT(":"));
	add_number(r, minutes % 60, 2);
	words_add(&r->b, SLICE_LIT(" UTC"));
	return true;
}

static bool add_words(struct reader *r, struct slice words)
{
	words_add(&r->b, words);
	return slice_trim(words).len > 0;
}

static bool title(struct reader *r, struct slice said)
{
	(void)said;
	target_show_link(r, r->page_url, r->params->page->title);
	return r->params->page->title.len > 0;
}

static bool created(struct reader *r, struct slice said)
{
	(void)said;
	return add_moment(r, r->params->page->facts.created);
}

static bool updated(struct reader *r, struct slice said)
{
	(void)said;
	return add_moment(r, r->params->page->facts.updated);
}

/* "12 days, on 22 Nov 2026" */
static bool since_edit(struct reader *r, struct slice said)
{
	struct civil now = r->params->now;
	struct civil then = r->params->page->facts.updated;
	(void)said;
	if (then.ms <= 0 || now.ms < then.ms) {
		return false;
	}
	uint64_t days = (uint64_t)(now.ms - then.ms) / MS_A_DAY;
	add_number(r, days, 1);
	words_add(&r->b, days == 1 ? reader_phrase(r, SLICE_LIT(" day, on "))
				   : reader_phrase(r, SLICE_LIT(" days, on ")));
	add_day(r, now);
	return true;
}

static bool version(struct reader *r, struct slice said)
{
	(void)said;
	if (r->params->page->version > 0) {
		add_number(r, r->params->page->version, 1);
	}
	return r->params->page->version > 0;
}

static bool author(struct reader *r, struct slice said)
{
	(void)said;
	return add_words(r, r->params->page->facts.author);
}

static bool editor(struct reader *r, struct slice said)
{
	(void)said;
	return add_words(r, r->params->page->facts.editor);
}

static bool contributors(struct reader *r, struct slice said)
{
	const struct page_facts *facts = &r->params->page->facts;
	(void)said;
	if (facts->has_contributors) {
		add_number(r, facts->contributors, 1);
	}
	return facts->has_contributors;
}

/* Their number leads to the list of them. */
static bool attachments(struct reader *r, struct slice said)
{
	const struct page *page = r->params->page;
	struct slice parts[] = {page->site_url,
				SLICE_LIT("/pages/viewpageattachments.action?pageId="), page->id};
	const struct builder_link *before = r->b.link;
	(void)said;
	if (!page->facts.has_attachments) {
		return false;
	}
	if (page->site_url.len > 0 && page->id.len > 0) {
		struct builder_link *link = builder_alloc(&r->b, sizeof(*link));
		enum fault f = arena_join(r->b.arena, parts, COUNT_OF(parts), &link->href);
		link->href = reader_result(r, f, link->href);
		r->b.link = link->href.len > 0 ? link : NULL;
	}
	add_number(r, page->facts.attachments, 1);
	r->b.link = before;
	return true;
}

/* Letters, digits and hyphens, with a colon or 24 long, as accounts of Atlassian are numbered. */
static bool is_account(struct slice id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		bool digit = c >= '0' && c <= '9';
		bool hex = (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
		if (!digit && !hex && c != '-' && c != ':') {
			return false;
		}
	}
	return id.len == 24 || (id.len > 24 && slice_find_byte(id, ':') < id.len);
}

static void add_person(struct reader *r, struct slice person)
{
	if (known_person(r, person) != NULL || is_account(person)) {
		builder_leaf(&r->b, NODE_MENTION)->of.mention.name = target_user_name(r, person);
	} else {
		words_add(&r->b, person);
	}
}

static void add_state(struct reader *r, struct slice state)
{
	builder_leaf(&r->b, NODE_STATUS)->of.status.text = words_keep(&r->b, state);
}

static void add_word(struct reader *r, struct slice word)
{
	words_add(&r->b, word);
}

/* Values parted by commas. */
static bool add_list(struct reader *r, struct slice list,
		     void (*add)(struct reader *, struct slice))
{
	unsigned count = 0;
	for (bool more = true; more && count < LIST_MAX;) {
		struct slice one = list;
		more = slice_cut_to(&list, ',', &one);
		one = slice_trim(one);
		if (one.len > 0) {
			words_add(&r->b, count > 0 ? SLICE_LIT(", ") : SLICE_LIT(""));
			add(r, one);
			count++;
		}
	}
	return count > 0;
}

static bool people(struct reader *r, struct slice said)
{
	return add_list(r, said, add_person);
}

static bool state(struct reader *r, struct slice said)
{
	return add_list(r, said, add_state);
}

static bool scope(struct reader *r, struct slice said)
{
	return add_list(r, said, add_word);
}

static const struct field {
	struct slice name;  /* of the parameter, without regard to hyphens and case */
	struct slice other; /* the same, as other versions have it */
	struct slice label;
	value_fn *value;
} fields[] = {
	{SLICE_INIT("title"), SLICE_INIT("pageTitle"), SLICE_INIT("Title"), title},
	{SLICE_INIT("created"), SLICE_INIT("creationDate"), SLICE_INIT("Created"), created},
	{SLICE_INIT("lastUpdate"), SLICE_INIT("updated"), SLICE_INIT("Last update"), updated},
	{SLICE_INIT("timeSinceLastEdit"), SLICE_INIT("daysSinceLastEdit"),
	 SLICE_INIT("Time since last edit"), since_edit},
	{SLICE_INIT("currentVersion"), SLICE_INIT("version"), SLICE_INIT("Current version"),
	 version},
	{SLICE_INIT("author"), SLICE_INIT("creator"), SLICE_INIT("Author"), author},
	{SLICE_INIT("lastEditor"), SLICE_INIT("editor"), SLICE_INIT("Last editor"), editor},
	{SLICE_INIT("contributors"), SLICE_INIT("contributorCount"), SLICE_INIT("Contributors"),
	 contributors},
	{SLICE_INIT("attachments"), SLICE_INIT("attachmentCount"), SLICE_INIT("Attachments"),
	 attachments},
	{SLICE_INIT("owner"), SLICE_INIT("pageOwner"), SLICE_INIT("Owner"), people},
	{SLICE_INIT("reviewer"), SLICE_INIT("reviewers"), SLICE_INIT("Reviewer"), people},
	{SLICE_INIT("status"), SLICE_INIT("state"), SLICE_INIT("Status"), state},
	{SLICE_INIT("scope"), SLICE_INIT("scopeOfApplication"), SLICE_INIT("Scope of application"),
	 scope},
};

static struct slice param_of(const struct macro *m, const struct field *f)
{
	struct slice value = macro_param(m, f->name);
	return value.len > 0 ? value : macro_param(m, f->other);
}

static void put_row(struct reader *r, const struct macro *m, const struct field *f)
{
	unsigned row;
	unsigned cell;
	builder_open(&r->b, NODE_ROW, &row);
	builder_open(&r->b, NODE_CELL, &cell)->flags |= NODE_HEAD;
	words_add(&r->b, reader_phrase(r, f->label));
	builder_close(&r->b, cell);
	builder_open(&r->b, NODE_CELL, &cell);
	if (!f->value(r, param_of(m, f))) {
		words_add(&r->b, SLICE_LIT("–"));
	}
	builder_close(&r->b, row);
}

static const struct field *find_field(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const struct field *f = &fields[i];
		if (macro_is_same_name(f->name, name) || macro_is_same_name(f->other, name) ||
		    slice_eq_nocase(f->label, name)) {
			return f;
		}
	}
	return NULL;
}

static void put_chosen(struct reader *r, const struct macro *m, struct slice list)
{
	bool done[COUNT_OF(fields)] = {false};
	for (bool more = true; more;) {
		struct slice name = list;
		more = slice_cut_to(&list, ',', &name);
		const struct field *f = find_field(slice_trim(name));
		if (f != NULL && !done[f - fields]) {
			done[f - fields] = true;
			put_row(r, m, f);
		}
	}
}

static enum macro_fate quality(struct reader *r, struct macro *m, struct element *body)
{
	struct slice chosen = macro_param(m, SLICE_LIT("fields"));
	unsigned depth;
	builder_open(&r->b, NODE_TABLE, &depth);
	if (depth == BUILDER_NO_DEPTH) {
		return macro_card(r, m, body);
	}
	if (chosen.len > 0) {
		put_chosen(r, m, chosen);
	}
	for (size_t i = 0; chosen.len == 0 && i < COUNT_OF(fields); i++) {
		if (!slice_eq_nocase(param_of(m, &fields[i]), SLICE_LIT("false"))) {
			put_row(r, m, &fields[i]);
		}
	}
	builder_close(&r->b, depth);
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO_OWN("QM Metadata Macro (SOP)", quality, 0, "QM metadata"),
	MACRO_OWN("qm-metadata-macro", quality, 0, "QM metadata"),
	MACRO_OWN("metadata-macro", quality, 0, "QM metadata"),
	MACRO_OWN("metadata-sop", quality, 0, "QM metadata"),
};

const struct macro_table macro_quality = {rows, COUNT_OF(rows)};
