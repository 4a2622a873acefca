#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool-free/base/instant.h"
#include "render/render.h"
#include "relay/command/command.h"

/* `pagepost render`: a page in a file becomes what would be sent, and nothing is sent. */

enum { FILE_MAX = 64 * 1024 * 1024, MEMORY_MAX = 1024 * 1024 * 1024 };

enum output { OUTPUT_EML, OUTPUT_HTML, OUTPUT_TEXT, OUTPUT_REPORT };

struct wish {
	enum output output;
	struct slice into; /* -o */
	struct attachment attachments[JOB_ATTACHMENTS_MAX];
	size_t attachment_count;
	struct slice title, site, id, space, note, button, subject, sender, message_id, seed;
	struct mailbox from, to;
	bool no_files;
	bool has_format;
	enum page_format format; /* of every page; else its name says it */
	struct civil date;
	struct arena arena; /* of all that is read once */
};

static const char usage[] =
	"usage: pagepost render [OPTION]... FILE...\n"
	"Shows what a Confluence page becomes as a mail. Nothing is sent.\n\n"
	"  --format storage|adf|view|export_view\n"
	"                     of the page; default: by the ending of its name, .json is adf, .html "
	"is\n"
	"                     export_view, all else storage\n"
	"  --eml, --html, --text, --report\n"
	"                     what to write: the message (default), a part of it, or what was made "
	"of\n"
	"                     macros and pictures\n"
	"  -o, --output PATH  a file; with several FILEs a folder, one file each; default: "
	"standard output\n"
	"  --attach FILE      an attachment of the page; may be repeated\n"
	"  --no-files         attachments only serve as pictures and do not go along\n"
	"  --title T, --space KEY, --page ID, --site URL\n"
	"                     of the page\n"
	"  --from ADDRESS, --to ADDRESS, --sender NAME, --subject S, --note TEXT, --button LABEL\n"
	"                     of the mail\n"
	"  --date SECONDS, --message-id ID, --seed TEXT\n"
	"                     for the same bytes each time; default: now\n";

enum option_key {
	KEY_ATTACH = 256,
	KEY_NO_FILES,
	KEY_TITLE,
	KEY_SPACE,
	KEY_PAGE,
	KEY_SITE,
	KEY_FROM,
	KEY_TO,
	KEY_SENDER,
	KEY_SUBJECT,
	KEY_NOTE,
	KEY_BUTTON,
	KEY_DATE,
	KEY_MESSAGE_ID,
	KEY_SEED,
	KEY_FORMAT,
	KEY_EML,
	KEY_HTML,
	KEY_TEXT,
	KEY_REPORT,
	KEY_HELP,
};

static const struct option options[] = {
	{"attach", required_argument, NULL, KEY_ATTACH},
	{"no-files", no_argument, NULL, KEY_NO_FILES},
	{"title", required_argument, NULL, KEY_TITLE},
	{"space", required_argument, NULL, KEY_SPACE},
	{"page", required_argument, NULL, KEY_PAGE},
	{"site", required_argument, NULL, KEY_SITE},
	{"from", required_argument, NULL, KEY_FROM},
	{"to", required_argument, NULL, KEY_TO},
	{"sender", required_argument, NULL, KEY_SENDER},
	{"subject", required_argument, NULL, KEY_SUBJECT},
	{"note", required_argument, NULL, KEY_NOTE},
	{"button", required_argument, NULL, KEY_BUTTON},
	{"date", required_argument, NULL, KEY_DATE},
	{"message-id", required_argument, NULL, KEY_MESSAGE_ID},
	{"seed", required_argument, NULL, KEY_SEED},
	{"format", required_argument, NULL, KEY_FORMAT},
	{"eml", no_argument, NULL, KEY_EML},
	{"html", no_argument, NULL, KEY_HTML},
	{"text", no_argument, NULL, KEY_TEXT},
	{"report", no_argument, NULL, KEY_REPORT},
	{"output", required_argument, NULL, 'o'},
	{"help", no_argument, NULL, KEY_HELP},
	{NULL, 0, NULL, 0},
};

static int complain(const char *path, const char *what)
{
	fprintf(stderr, "pagepost render: %s: %s\n", path, what);
	return EXIT_USAGE;
}

/* A whole file, in the arena; false after a word about why not. */
static bool read_file(const char *path, struct arena *arena, struct slice *out_bytes)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		(void)complain(path, strerror(errno));
		if (fd >= 0) {
			close(fd);
		}
		return false;
	}
	bool good = S_ISREG(st.st_mode) && st.st_size <= FILE_MAX;
	char *bytes = good ? arena_bytes(arena, (size_t)st.st_size + 1) : NULL;
	size_t have = 0;
	for (ssize_t n = 1; bytes != NULL && have < (size_t)st.st_size && n > 0;
	     have += (size_t)(n > 0 ? n : 0)) {
		n = read(fd, bytes + have, (size_t)st.st_size - have);
	}
	close(fd);
	if (bytes == NULL) {
		(void)complain(path, "is no regular file of at most 64 MiB");
		return false;
	}
	*out_bytes = slice_of(bytes, have);
	return true;
}

static struct slice name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slice_of_text(slash != NULL ? slash + 1 : path);
}

/* Types that bytes do not tell. */
static struct slice type_of(struct slice name)
{
	static const struct {
		struct slice ending, type;
	} rows[] = {
		{SLICE_INIT(".csv"), SLICE_INIT("text/csv")},
		{SLICE_INIT(".txt"), SLICE_INIT("text/plain")},
		{SLICE_INIT(".md"), SLICE_INIT("text/markdown")},
		{SLICE_INIT(".json"), SLICE_INIT("application/json")},
		{SLICE_INIT(".docx"),
		 SLICE_INIT("application/"
			    "vnd.openxmlformats-officedocument.wordprocessingml.document")},
		{SLICE_INIT(".xlsx"),
		 SLICE_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")},
		{SLICE_INIT(".pptx"),
		 SLICE_INIT("application/"
			    "vnd.openxmlformats-officedocument.presentationml.presentation")},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (slice_ends(name, rows[i].ending)) {
			return rows[i].type;
		}
	}
	return (struct slice){0};
}

static int attach(struct wish *w, const char *path)
{
	struct attachment a = {.name = name_of(path), .type = type_of(name_of(path))};
	if (w->attachment_count == COUNT_OF(w->attachments)) {
		return complain(path, "at most 100 attachments are taken");
	}
	if (!read_file(path, &w->arena, &a.bytes)) {
		return EXIT_USAGE;
	}
	w->attachments[w->attachment_count++] = a;
	return EXIT_DONE;
}

static int set_address(const char *text, struct mailbox *into)
{
	return mailbox_parse(slice_of_text(text), into) == FAULT_NONE
		       ? EXIT_DONE
		       : complain(text, "is no mail address");
}

static int set_date(const char *text, struct wish *w)
{
	uint64_t seconds;
	if (!slice_to_u64(slice_of_text(text), 253402300799U, &seconds)) {
		return complain(text, "is no number of seconds since 1970");
	}
	w->date.ms = (int64_t)seconds * 1000;
	return EXIT_DONE;
}

static int set_format(const char *text, struct wish *w)
{
	static const struct {
		struct slice name;
		enum page_format format;
	} rows[] = {
		{SLICE_INIT("storage"), PAGE_STORAGE},
		{SLICE_INIT("adf"), PAGE_ATLAS_DOC_FORMAT},
		{SLICE_INIT("atlas_doc_format"), PAGE_ATLAS_DOC_FORMAT},
		{SLICE_INIT("view"), PAGE_VIEW},
		{SLICE_INIT("export_view"), PAGE_EXPORT_VIEW},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (slice_eq(slice_of_text(text), rows[i].name)) {
			w->format = rows[i].format;
			w->has_format = true;
			return EXIT_DONE;
		}
	}
	return complain(text, "is no format: storage, adf, view and export_view are");
}

static enum page_format format_of(const struct wish *w, struct slice name)
{
	if (w->has_format) {
		return w->format;
	}
	if (slice_ends(name, SLICE_LIT(".json"))) {
		return PAGE_ATLAS_DOC_FORMAT;
	}
	bool html = slice_ends(name, SLICE_LIT(".html")) || slice_ends(name, SLICE_LIT(".htm"));
	return html ? PAGE_EXPORT_VIEW : PAGE_STORAGE;
}

static int take_option(struct wish *w, int key, const char *value)
{
	struct slice text = slice_of_text(value);
	struct slice *texts[] = {
		[KEY_TITLE - KEY_ATTACH] = &w->title,
		[KEY_SPACE - KEY_ATTACH] = &w->space,
		[KEY_PAGE - KEY_ATTACH] = &w->id,
		[KEY_SITE - KEY_ATTACH] = &w->site,
		[KEY_SENDER - KEY_ATTACH] = &w->sender,
		[KEY_SUBJECT - KEY_ATTACH] = &w->subject,
		[KEY_NOTE - KEY_ATTACH] = &w->note,
		[KEY_BUTTON - KEY_ATTACH] = &w->button,
		[KEY_MESSAGE_ID - KEY_ATTACH] = &w->message_id,
		[KEY_SEED - KEY_ATTACH] = &w->seed,
	};
	switch (key) {
	case 'o':
		w->into = text;
		return EXIT_DONE;
	case KEY_ATTACH:
		return attach(w, value);
	case KEY_NO_FILES:
		w->no_files = true;
		return EXIT_DONE;
	case KEY_FROM:
		return set_address(value, &w->from);
	case KEY_TO:
		return set_address(value, &w->to);
	case KEY_DATE:
		return set_date(value, w);
	case KEY_FORMAT:
		return set_format(value, w);
	case KEY_EML:
	case KEY_HTML:
	case KEY_TEXT:
	case KEY_REPORT:
		w->output = (enum output)(key - KEY_EML);
		return EXIT_DONE;
	case KEY_HELP:
		fputs(usage, stdout);
		return -1;
	default:
		break;
	}
	size_t at = (size_t)(key - KEY_ATTACH);
	if (key < KEY_ATTACH || at >= COUNT_OF(texts) || texts[at] == NULL) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	*texts[at] = text;
	return EXIT_DONE;
}

static void write_report(FILE *to, const struct render_report *r)
{
	static const char *const fates[] = {[MACRO_RENDERED] = "rendered",
					    [MACRO_SNAPSHOT] = "snapshot",
					    [MACRO_CARD] = "card"};
	fprintf(to, "html %llu\ntext %llu\nmessage %llu\n", (unsigned long long)r->html_bytes,
		(unsigned long long)r->text_bytes, (unsigned long long)r->message_bytes);
	for (const struct render_macro *m = r->macros; m != NULL; m = m->next) {
		fprintf(to, "macro %.*s %s %llu\n", (int)m->name.len, m->name.ptr, fates[m->fate],
			(unsigned long long)m->count);
	}
	for (const struct render_warning *w = r->warnings; w != NULL; w = w->next) {
		fprintf(to, "warning %.*s: %.*s\n", (int)w->code.len, w->code.ptr,
			(int)w->detail.len, w->detail.ptr);
	}
}

static void write_rope(FILE *to, const struct rope *rope)
{
	static char room[64 * 1024];
	struct rope_cursor c;
	rope_rewind(rope, &c);
	while (!rope_at_end(&c)) {
		(void)fwrite(room, 1, rope_read(&c, room, sizeof(room)), to);
	}
}

static bool write_output(FILE *to, enum output what, const struct render_output *made)
{
	switch (what) {
	case OUTPUT_EML:
		write_rope(to, &made->message);
		break;
	case OUTPUT_HTML:
		(void)fwrite(made->html.ptr, 1, made->html.len, to);
		break;
	case OUTPUT_TEXT:
		(void)fwrite(made->text.ptr, 1, made->text.len, to);
		break;
	case OUTPUT_REPORT:
		write_report(to, &made->report);
		break;
	}
	return fflush(to) == 0 && ferror(to) == 0;
}

/* A folder gets DIR/<name>.<ending>. */
static bool open_output(const struct wish *w, const char *page, bool many, FILE **out_file)
{
	static const char *const endings[] = {[OUTPUT_EML] = ".eml",
					      [OUTPUT_HTML] = ".html",
					      [OUTPUT_TEXT] = ".txt",
					      [OUTPUT_REPORT] = ".report"};
	char path[PATH_MAX];
	struct slice name = name_of(page);
	struct stat st;
	if (w->into.len == 0) {
		*out_file = stdout;
		return true;
	}
	bool folder = many || (stat(w->into.ptr, &st) == 0 && S_ISDIR(st.st_mode));
	int n = folder ? snprintf(path, sizeof(path), "%.*s/%.*s%s", (int)w->into.len, w->into.ptr,
				  (int)name.len, name.ptr, endings[w->output])
		       : snprintf(path, sizeof(path), "%.*s", (int)w->into.len, w->into.ptr);
	*out_file = n > 0 && (size_t)n < sizeof(path) ? fopen(path, "we") : NULL;
	if (*out_file == NULL) {
		(void)complain(path, strerror(errno));
	}
	return *out_file != NULL;
}

static struct render_input input_of(const struct wish *w, const struct page *page,
				    const struct party parties[3])
{
	return (struct render_input){
		.page = page,
		.from = &parties[0],
		.to = &parties[1],
		.to_count = 1,
		.sender = w->sender.len > 0 ? &parties[2] : NULL,
		.subject = w->subject.len > 0 ? w->subject : page->title,
		.note = w->note,
		.attachments = w->attachments,
		.attachment_count = w->attachment_count,
		.attach = w->no_files ? ATTACH_NONE : ATTACH_ALL,
		.layout = {.button_label = w->button},
		.date = w->date,
		.message_id = w->message_id,
		.boundary_seed = w->seed,
	};
}

static int render_one(const struct wish *w, const char *path, struct slice body,
		      struct arena *arena, bool many)
{
	const struct page page = {
		.id = w->id,
		.version = 1,
		.title = w->title.len > 0 ? w->title : name_of(path),
		.space_key = w->space,
		.site_url = w->site,
		.format = format_of(w, name_of(path)),
		.body = body,
	};
	const struct party parties[3] = {
		{.mailbox = w->from}, {.mailbox = w->to}, {.name = w->sender, .mailbox = w->from}};
	const struct render_input in = input_of(w, &page, parties);
	struct render_output made;
	struct problem problem = {0};
	FILE *to;
	enum fault f = render_message(&in, arena, &made, &problem);
	if (f != FAULT_NONE) {
		if (problem.fault == FAULT_NONE) {
			(void)problem_set(&problem, f, "");
		}
		return command_problem("render", EXIT_CANNOT_RUN, &problem);
	}
	if (!open_output(w, path, many, &to)) {
		return EXIT_CANNOT_RUN;
	}
	bool good = write_output(to, w->output, &made);
	if (to != stdout && fclose(to) != 0) {
		good = false;
	}
	return good ? EXIT_DONE : complain(path, "the output cannot be written");
}

static int render_path(const struct wish *w, const char *path, bool many)
{
	struct arena arena;
	struct slice body;
	arena_init(&arena, MEMORY_MAX);
	int code = read_file(path, &arena, &body) ? render_one(w, path, body, &arena, many)
						  : EXIT_USAGE;
	arena_deinit(&arena);
	return code;
}

static int render_paths(struct wish *w, int argc, char **argv)
{
	int code = EXIT_DONE;
	if (argc == 0) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	for (int i = 0; i < argc; i++) {
		int one = render_path(w, argv[i], argc > 1);
		code = one != EXIT_DONE ? one : code;
	}
	return code;
}

int command_render(int argc, char **argv)
{
	struct wish *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return command_fail("render", EXIT_CANNOT_RUN, "there is not enough memory");
	}
	w->date = civil_now();
	w->message_id = SLICE_LIT("preview@pagepost.invalid");
	w->seed = SLICE_LIT("preview");
	enum fault f = mailbox_parse(SLICE_LIT("from@pagepost.invalid"), &w->from);
	if (f == FAULT_NONE) {
		f = mailbox_parse(SLICE_LIT("to@pagepost.invalid"), &w->to);
	}
	assert(f == FAULT_NONE);
	arena_init(&w->arena, MEMORY_MAX);
	int code = EXIT_DONE;
	for (int key;
	     code == EXIT_DONE && (key = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
		code = take_option(w, key, optarg);
	}
	if (code == EXIT_DONE) {
		code = render_paths(w, argc - optind, argv + optind);
	}
	arena_deinit(&w->arena);
	free(w);
	return code == -1 ? EXIT_DONE : code;
}
