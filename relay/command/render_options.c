#include "relay/command/render_options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>

#include "relay/intake/jobspec.h"
#include "relay/command/command.h"
#include "relay/command/page_format.h"
#include "relay/command/render_file.h"
#include "relay/command/send_job.h"

enum { MEMORY_MAX = 1024 * 1024 * 1024 };

static const char usage[] =
	"usage: pagepost render [OPTION]... FILE...\n"
	"       pagepost render --list\n"
	"Shows what a Confluence page becomes as a mail. Nothing is sent.\n"
	"Ends with 1 when a page could not be shown at all, and with 2 when the command line is "
	"wrong.\n\n"
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
	"  --no-convert       no picture is converted or scaled down\n"
	"  --job FILE         more about the page and the mail: the JSON of a job, any of its "
	"fields;\n"
	"                     with page.body there, no FILE is needed\n"
	"  --title T, --space KEY, --page ID, --site URL\n"
	"                     of the page\n"
	"  --from ADDRESS, --to ADDRESS, --sender NAME, --subject S, --note TEXT, --language TAG\n"
	"                     of the mail\n"
	"  --header TEXT, --logo NAME, --button LABEL, --css FILE, --image-side PX\n"
	"                     how it looks; the logo is one of the attachments\n"
	"  --size-limit BYTES what the mail server takes: a larger message is warned of\n"
	"  --inline-each BYTES, --inline-all BYTES, --attached BYTES\n"
	"                     most of a picture in the text, of all of them, of files that go "
	"along\n"
	"  --date SECONDS, --message-id ID, --seed TEXT\n"
	"                     for the same bytes each time; default: now\n"
	"  --list             elements, nodes and macros that are known, and what becomes of "
	"each\n";

void render_options_help(bool asked)
{
	fputs(usage, asked ? stdout : stderr);
}

enum option_key {
	KEY_OUTPUT = 'o',
	KEY_TEXTS = 256, /* the rows of `texts` */
	KEY_ATTACH = 512,
	KEY_JOB,
	KEY_NO_FILES,
	KEY_NO_CONVERT,
	KEY_FROM,
	KEY_TO,
	KEY_DATE,
	KEY_FORMAT,
	KEY_CSS,
	KEY_LANGUAGE,
	KEY_LOGO,
	KEY_IMAGE_SIDE,
	KEY_SIZE_LIMIT,
	KEY_INLINE_EACH,
	KEY_INLINE_ALL,
	KEY_ATTACHED,
	KEY_MESSAGE_ID,
	KEY_SEED,
	KEY_EML,
	KEY_HTML,
	KEY_TEXT,
	KEY_REPORT,
	KEY_LIST,
	KEY_HELP,
};

/* Texts of the job, taken as they are. */
enum text_key { TITLE, SPACE, PAGE_ID, SITE, SENDER, SUBJECT, NOTE, BUTTON, HEADER, TEXT_COUNT };
static const size_t texts[TEXT_COUNT] = {
	[TITLE] = offsetof(struct job, page.title),
	[SPACE] = offsetof(struct job, page.space_key),
	[PAGE_ID] = offsetof(struct job, page.id),
	[SITE] = offsetof(struct job, page.site_url),
	[SENDER] = offsetof(struct job, sender.name),
	[SUBJECT] = offsetof(struct job, subject),
	[NOTE] = offsetof(struct job, note),
	[BUTTON] = offsetof(struct job, layout.button_label),
	[HEADER] = offsetof(struct job, layout.header_text),
};

static const struct option options[] = {
	{"title", required_argument, NULL, KEY_TEXTS + TITLE},
	{"space", required_argument, NULL, KEY_TEXTS + SPACE},
	{"page", required_argument, NULL, KEY_TEXTS + PAGE_ID},
	{"site", required_argument, NULL, KEY_TEXTS + SITE},
	{"sender", required_argument, NULL, KEY_TEXTS + SENDER},
	{"subject", required_argument, NULL, KEY_TEXTS + SUBJECT},
	{"note", required_argument, NULL, KEY_TEXTS + NOTE},
	{"button", required_argument, NULL, KEY_TEXTS + BUTTON},
	{"header", required_argument, NULL, KEY_TEXTS + HEADER},
	{"attach", required_argument, NULL, KEY_ATTACH},
	{"job", required_argument, NULL, KEY_JOB},
	{"no-files", no_argument, NULL, KEY_NO_FILES},
	{"no-convert", no_argument, NULL, KEY_NO_CONVERT},
	{"from", required_argument, NULL, KEY_FROM},
	{"to", required_argument, NULL, KEY_TO},
	{"date", required_argument, NULL, KEY_DATE},
	{"format", required_argument, NULL, KEY_FORMAT},
	{"css", required_argument, NULL, KEY_CSS},
	{"language", required_argument, NULL, KEY_LANGUAGE},
	{"logo", required_argument, NULL, KEY_LOGO},
	{"image-side", required_argument, NULL, KEY_IMAGE_SIDE},
	{"size-limit", required_argument, NULL, KEY_SIZE_LIMIT},
	{"inline-each", required_argument, NULL, KEY_INLINE_EACH},
	{"inline-all", required_argument, NULL, KEY_INLINE_ALL},
	{"attached", required_argument, NULL, KEY_ATTACHED},
	{"message-id", required_argument, NULL, KEY_MESSAGE_ID},
	{"seed", required_argument, NULL, KEY_SEED},
	{"eml", no_argument, NULL, KEY_EML},
	{"html", no_argument, NULL, KEY_HTML},
	{"text", no_argument, NULL, KEY_TEXT},
	{"report", no_argument, NULL, KEY_REPORT},
	{"list", no_argument, NULL, KEY_LIST},
	{"output", required_argument, NULL, KEY_OUTPUT},
	{"help", no_argument, NULL, KEY_HELP},
	{NULL, 0, NULL, 0},
};

/* ---- files ---- */

static int attach(struct job *job, const char *path)
{
	struct slice name = render_file_name(path);
	struct attachment a = {.name = name, .type = slice_of_text(send_type_of(name))};
	if (job->attachment_count == JOB_ATTACHMENTS_MAX) {
		return render_complain(path, "at most 100 attachments are taken");
	}
	if (!render_file_read(path, &job->arena, &a.bytes)) {
		return EXIT_USAGE;
	}
	job->attachments[job->attachment_count++] = a;
	return EXIT_DONE;
}

static int read_job(struct job *job, const char *path)
{
	const struct jobspec_limits limits = {
		.page_body = RENDER_FILE_MAX,
		.files = JOB_ATTACHMENTS_MAX,
		.recipients = JOB_RECIPIENTS_MAX,
	};
	struct slice json;
	struct problem problem = {0};
	if (!render_file_read(path, &job->arena, &json)) {
		return EXIT_USAGE;
	}
	if (jobspec_parse((char *)(uintptr_t)json.ptr, json.len, JOBSPEC_ABOUT, &limits, job,
			  &problem) != FAULT_NONE) {
		return command_problem("render", EXIT_USAGE, &problem);
	}
	return EXIT_DONE;
}

static int set_css(struct job *job, const char *path)
{
	if (!render_file_read(path, &job->arena, &job->layout.css)) {
		return EXIT_USAGE;
	}
	return job->layout.css.len <= JOB_CSS_MAX
		       ? EXIT_DONE
		       : render_complain(path, "is larger than a style sheet may be: 16 KiB");
}

/* ---- values ---- */

static int set_from(struct job *job, const char *text)
{
	job->has_from = true;
	job->from.name = (struct slice){0};
	return mailbox_parse(slice_of_text(text), &job->from.mailbox) == FAULT_NONE
		       ? EXIT_DONE
		       : render_complain(text, "is no mail address");
}

static int set_to(struct job *job, const char *text)
{
	job->to = arena_alloc(&job->arena, sizeof(*job->to));
	if (job->to == NULL ||
	    mailbox_parse(slice_of_text(text), &job->to->mailbox) != FAULT_NONE) {
		return render_complain(text, "is no mail address");
	}
	job->to_count = 1;
	return EXIT_DONE;
}

static int set_date(struct render_wish *w, const char *text)
{
	uint64_t seconds;
	if (!slice_to_u64(slice_of_text(text), 253402300799U, &seconds)) {
		return render_complain(text, "is no number of seconds since 1970");
	}
	w->date.ms = (int64_t)seconds * 1000;
	return EXIT_DONE;
}

static int set_format(struct render_wish *w, const char *text)
{
	w->has_format = page_format_read(slice_of_text(text), &w->format);
	return w->has_format ? EXIT_DONE
			     : render_complain(text, "is no format: storage, adf, view and "
						     "export_view are");
}

static int set_language(struct job *job, const char *text)
{
	job->language = slice_of_text(text);
	return jobspec_is_language(job->language)
		       ? EXIT_DONE
		       : render_complain(text, "is no language tag, such as en or de-CH");
}

static int set_logo(struct job *job, const char *text)
{
	job->layout.logo = slice_of_text(text);
	for (size_t i = 0; i < job->attachment_count; i++) {
		if (slice_eq(job->attachments[i].name, job->layout.logo)) {
			return EXIT_DONE;
		}
	}
	return render_complain(text, "is the name of no attachment");
}

static int set_image_side(struct job *job, const char *text)
{
	uint64_t side;
	if (!slice_to_u64(slice_of_text(text), JOB_IMAGE_SIDE_MAX, &side)) {
		return render_complain(text, "is no number of pixels from 0 to 16384");
	}
	job->layout.image_side = (uint32_t)side;
	return EXIT_DONE;
}

static int set_bytes(const char *text, uint64_t *into)
{
	return slice_to_u64(slice_of_text(text), UINT64_MAX, into)
		       ? EXIT_DONE
		       : render_complain(text, "is no number of bytes");
}

/* ---- the command line, twice: first what --job and the options stand on ---- */

static int take_files(struct render_wish *w, int argc, char **argv)
{
	const char *job_file = NULL;
	int code = EXIT_DONE;
	opterr = 0;
	for (int key;
	     code == EXIT_DONE && (key = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
		if (key == KEY_ATTACH) {
			code = attach(w->job, optarg);
		} else if (key == KEY_JOB) {
			job_file = optarg;
		}
	}
	opterr = 1;
	optind = 0;
	return code == EXIT_DONE && job_file != NULL ? read_job(w->job, job_file) : code;
}

static int take_value(struct render_wish *w, int key, const char *value)
{
	switch (key) {
	case KEY_FROM:
		return set_from(w->job, value);
	case KEY_TO:
		return set_to(w->job, value);
	case KEY_DATE:
		return set_date(w, value);
	case KEY_FORMAT:
		return set_format(w, value);
	case KEY_CSS:
		return set_css(w->job, value);
	case KEY_LANGUAGE:
		return set_language(w->job, value);
	case KEY_LOGO:
		return set_logo(w->job, value);
	case KEY_IMAGE_SIDE:
		return set_image_side(w->job, value);
	case KEY_SIZE_LIMIT:
		return set_bytes(value, &w->size_limit);
	case KEY_INLINE_EACH:
		return set_bytes(value, &w->limits.picture);
	case KEY_INLINE_ALL:
		return set_bytes(value, &w->limits.pictures);
	case KEY_ATTACHED:
		return set_bytes(value, &w->limits.files);
	default:
		render_options_help(false);
		return EXIT_USAGE;
	}
}

static int take_option(struct render_wish *w, int key, const char *value)
{
	if (key >= KEY_TEXTS && key < KEY_TEXTS + TEXT_COUNT) {
		*(struct slice *)(void *)((char *)w->job +
					  texts[key - KEY_TEXTS]) = slice_of_text(value);
		return EXIT_DONE;
	}
	switch (key) {
	case KEY_ATTACH:
	case KEY_JOB:
		return EXIT_DONE; /* taken before */
	case KEY_OUTPUT:
		w->into = slice_of_text(value);
		return EXIT_DONE;
	case KEY_NO_FILES:
		w->job->attach = ATTACH_NONE;
		return EXIT_DONE;
	case KEY_NO_CONVERT:
		w->keeps_pictures = true;
		return EXIT_DONE;
	case KEY_MESSAGE_ID:
		w->message_id = slice_of_text(value);
		return EXIT_DONE;
	case KEY_SEED:
		w->seed = slice_of_text(value);
		return EXIT_DONE;
	case KEY_EML:
	case KEY_HTML:
	case KEY_TEXT:
	case KEY_REPORT:
		w->kind = (enum render_kind)(key - KEY_EML);
		return EXIT_DONE;
	case KEY_LIST:
		w->lists = true;
		return EXIT_DONE;
	case KEY_HELP:
		w->helps = true;
		return EXIT_DONE;
	default:
		return take_value(w, key, value);
	}
}

/* What a message cannot do without. */
static int fill_gaps(struct render_wish *w)
{
	struct job *job = w->job;
	int code = EXIT_DONE;
	if (!job->has_from && job->sender.mailbox.address.len == 0) {
		code = set_from(job, "from@pagepost.invalid");
	}
	if (job->sender.name.len > 0 && job->sender.mailbox.address.len == 0) {
		job->sender.mailbox = job->from.mailbox;
	}
	if (code == EXIT_DONE && job_recipient_count(job) == 0) {
		code = set_to(job, "to@pagepost.invalid");
	}
	if (job->page.version == 0) {
		job->page.version = 1;
	}
	return code;
}

int render_options_read(struct render_wish *w, int argc, char **argv, int *out_first)
{
	*w = (struct render_wish){
		.date = civil_now(),
		.message_id = SLICE_LIT("preview@pagepost.invalid"),
		.seed = SLICE_LIT("preview"),
	};
	if (job_new(MEMORY_MAX, &w->job) != FAULT_NONE) {
		return command_fail("render", EXIT_CANNOT_RUN, "there is not enough memory");
	}
	w->job->attachments = arena_array(&w->job->arena, JOB_ATTACHMENTS_MAX,
					  sizeof(*w->job->attachments));
	if (w->job->attachments == NULL) {
		return command_fail("render", EXIT_CANNOT_RUN, "there is not enough memory");
	}
	int code = take_files(w, argc, argv);
	for (int key;
	     code == EXIT_DONE && (key = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
		code = take_option(w, key, optarg);
	}
	*out_first = optind;
	return code == EXIT_DONE ? fill_gaps(w) : code;
}

void render_options_free(struct render_wish *w)
{
	job_free(&w->job);
}
