#include "relay/command/command.h"

#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include "relay/command/input_file.h"
#include "relay/command/page_format.h"
#include "relay/command/remote.h"
#include "relay/command/send_post.h"
#include "relay/command/vault_input.h"

static const char usage[] =
	"usage: pagepost send PAGE --url https://HOST:PORT --to ADDRESS [OPTION]...\n"
	"\n"
	"Sends one page, as a file (\"-\": standard input), and tells what became of it.\n"
	"Ends with 0 when everyone got it, with 1 otherwise.\n"
	"\n"
	"  --url URL              where Pagepost listens\n"
	"  --token-file FILE      the tenant's API token, or else in the environment: "
	"PAGEPOST_TOKEN\n"
	"  --half-file FILE       the tenant's half of its key, where it keeps one\n"
	"  --ca FILE              trusted authorities in PEM (the system's)\n"
	"  --to, --cc, --bcc A    a recipient, name@example.com or 'A Name <name@example.com>';\n"
	"                         may be repeated\n"
	"  --from A               the sender's address in the mail\n"
	"  --reply-to A           where answers go\n"
	"  --sender-name N        the person who sends the page\n"
	"  --sender-email A       and that person's address\n"
	"  --title T              the page's title\n"
	"  --format storage|adf|view|export_view   of the page (by the ending of its name: .json "
	"is\n"
	"                         adf, .html is export_view, all else is storage)\n"
	"  --page-id I  --version N  --space KEY  --site-url URL   where the page is from\n"
	"  --subject S            instead of the title\n"
	"  --prefix P             before the subject\n"
	"  --note TEXT            words above the page\n"
	"  --language TAG         of the mail's own words, such as de\n"
	"  --header TEXT  --button LABEL  --css FILE  --image-side PX   how the mail looks\n"
	"  --logo NAME            which attachment stands in its header\n"
	"  --attach FILE          an attachment; may be repeated\n"
	"  --attachments all|none which of them go along (all)\n"
	"  --server NAME          a mail server of the tenant's, instead of its default\n"
	"  --idempotency-key K    the same key again sends nothing again\n"
	"  --receipt FILE         a signed receipt of what was sent goes into this file, which is "
	"new\n"
	"  --wait N               seconds that the first answer may take (20)\n"
	"  --json                 the answer as it came\n";

enum { WAIT_MAX_S = 3600 };

enum option_name {
	O_URL = 256,
	O_TOKEN_FILE,
	O_HALF_FILE,
	O_CA,
	O_TO,
	O_CC,
	O_BCC,
	O_FROM,
	O_REPLY_TO,
	O_SENDER_NAME,
	O_SENDER_EMAIL,
	O_TITLE,
	O_PAGE_ID,
	O_VERSION,
	O_SPACE,
	O_SITE_URL,
	O_SUBJECT,
	O_PREFIX,
	O_NOTE,
	O_ATTACH,
	O_ATTACHMENTS,
	O_SERVER,
	O_FORMAT,
	O_LANGUAGE,
	O_HEADER,
	O_BUTTON,
	O_CSS,
	O_LOGO,
	O_IMAGE_SIDE,
	O_KEY,
	O_RECEIPT,
	O_WAIT,
	O_JSON,
	O_HELP,
};

static const struct option long_options[] = {
	{"url", required_argument, NULL, O_URL},
	{"token-file", required_argument, NULL, O_TOKEN_FILE},
	{"half-file", required_argument, NULL, O_HALF_FILE},
	{"ca", required_argument, NULL, O_CA},
	{"to", required_argument, NULL, O_TO},
	{"cc", required_argument, NULL, O_CC},
	{"bcc", required_argument, NULL, O_BCC},
	{"from", required_argument, NULL, O_FROM},
	{"reply-to", required_argument, NULL, O_REPLY_TO},
	{"sender-name", required_argument, NULL, O_SENDER_NAME},
	{"sender-email", required_argument, NULL, O_SENDER_EMAIL},
	{"title", required_argument, NULL, O_TITLE},
	{"page-id", required_argument, NULL, O_PAGE_ID},
	{"version", required_argument, NULL, O_VERSION},
	{"space", required_argument, NULL, O_SPACE},
	{"site-url", required_argument, NULL, O_SITE_URL},
	{"subject", required_argument, NULL, O_SUBJECT},
	{"prefix", required_argument, NULL, O_PREFIX},
	{"note", required_argument, NULL, O_NOTE},
	{"attach", required_argument, NULL, O_ATTACH},
	{"attachments", required_argument, NULL, O_ATTACHMENTS},
	{"server", required_argument, NULL, O_SERVER},
	{"format", required_argument, NULL, O_FORMAT},
	{"language", required_argument, NULL, O_LANGUAGE},
	{"header", required_argument, NULL, O_HEADER},
	{"button", required_argument, NULL, O_BUTTON},
	{"css", required_argument, NULL, O_CSS},
	{"logo", required_argument, NULL, O_LOGO},
	{"image-side", required_argument, NULL, O_IMAGE_SIDE},
	{"idempotency-key", required_argument, NULL, O_KEY},
	{"receipt", required_argument, NULL, O_RECEIPT},
	{"wait", required_argument, NULL, O_WAIT},
	{"json", no_argument, NULL, O_JSON},
	{"help", no_argument, NULL, O_HELP},
	{0},
};

struct options {
	struct send_job job;
	struct send_post post;
	const char *token_file, *half_file, *page_file, *css_file, *receipt_file;
};

/* Options that are one text of the job. */
static struct slice *text_of(struct send_job *j, int option)
{
	switch (option) {
	case O_FROM:
		return &j->from;
	case O_REPLY_TO:
		return &j->reply_to;
	case O_SENDER_NAME:
		return &j->sender_name;
	case O_SENDER_EMAIL:
		return &j->sender_email;
	case O_TITLE:
		return &j->title;
	case O_PAGE_ID:
		return &j->page_id;
	case O_VERSION:
		return &j->version;
	case O_SPACE:
		return &j->space_key;
	case O_SITE_URL:
		return &j->site_url;
	case O_SUBJECT:
		return &j->subject;
	case O_PREFIX:
		return &j->prefix;
	case O_NOTE:
		return &j->note;
	case O_ATTACHMENTS:
		return &j->attachments;
	case O_SERVER:
		return &j->server;
	case O_LANGUAGE:
		return &j->language;
	case O_HEADER:
		return &j->header_text;
	case O_BUTTON:
		return &j->button_label;
	case O_LOGO:
		return &j->logo;
	case O_IMAGE_SIDE:
		return &j->image_side;
	default:
		return NULL;
	}
}

static bool add_person(struct send_people *p, struct slice address)
{
	if (p->count == SEND_PEOPLE_MAX) {
		return false;
	}
	p->addresses[p->count++] = address;
	return true;
}

/* Options of how it is posted. */
static bool take_post_option(struct options *o, int option, const char *value)
{
	uint64_t wait;
	switch (option) {
	case O_URL:
		o->post.url = value;
		return slice_starts(slice_of_text(value), SLICE_LIT("https://"));
	case O_TOKEN_FILE:
		o->token_file = value;
		return true;
	case O_HALF_FILE:
		o->half_file = value;
		return true;
	case O_CA:
		o->post.ca_file = value;
		return true;
	case O_ATTACH:
		if (o->post.file_count == SEND_FILES_MAX) {
			return false;
		}
		o->post.files[o->post.file_count++] = value;
		return true;
	case O_RECEIPT:
		o->receipt_file = value;
		o->job.wants_receipt = true;
		return value[0] != '\0';
	case O_KEY:
		o->post.idempotency_key = value;
		return value[0] != '\0';
	case O_WAIT:
		if (!slice_to_u64(slice_of_text(value), WAIT_MAX_S, &wait)) {
			return false;
		}
		o->post.wait_s = wait;
		return true;
	case O_JSON:
		o->post.raw = true;
		return true;
	default:
		return false;
	}
}

static bool take_format(struct send_job *j, struct slice word)
{
	enum page_format format;
	if (!page_format_read(word, &format)) {
		return false;
	}
	j->format = page_format_name(format);
	return true;
}

static bool take_option(struct options *o, int option, const char *value)
{
	struct slice text = slice_of_text(value);
	struct slice *into = text_of(&o->job, option);
	uint64_t number;
	if ((option == O_VERSION || option == O_IMAGE_SIDE) &&
	    !slice_to_u64(text, UINT64_MAX, &number)) {
		return false;
	}
	if (option == O_FORMAT) {
		return take_format(&o->job, text);
	}
	if (option == O_CSS) {
		o->css_file = value;
		return true;
	}
	if (into != NULL) {
		*into = text;
		return option != O_ATTACHMENTS || slice_eq(text, SLICE_LIT("all")) ||
		       slice_eq(text, SLICE_LIT("none"));
	}
	if (option >= O_TO && option <= O_BCC) {
		return add_person(&o->job.people[SEND_TO + (option - O_TO)], text);
	}
	return take_post_option(o, option, value);
}

static int parse(struct options *o, int argc, char **argv, bool *out_help)
{
	int option;
	int index = 0;
	*out_help = false;
	while ((option = getopt_long(argc, argv, "", long_options, &index)) != -1) {
		if (option == O_HELP) {
			*out_help = true;
			return EXIT_DONE;
		}
		if (option == '?') {
			return EXIT_USAGE; /* getopt has said which */
		}
		if (!take_option(o, option, optarg)) {
			fprintf(stderr,
				"pagepost send: --%s cannot take this value; "
				"`pagepost send --help` tells what it takes.\n",
				long_options[index].name);
			return EXIT_USAGE;
		}
	}
	if (optind + 1 != argc || o->post.url == NULL) {
		return command_fail("send", EXIT_USAGE,
				    "it needs one PAGE and --url; `pagepost send --help` tells "
				    "the rest.");
	}
	o->page_file = argv[optind];
	return EXIT_DONE;
}

static int read_token(const char *path, struct secret **out_token)
{
	struct problem problem = {0};
	return remote_token(path, out_token, &problem) == FAULT_NONE
		       ? EXIT_DONE
		       : command_problem("send", EXIT_USAGE, &problem);
}

/* The file is there before anything is sent: what has no place to be kept is not asked for. */
static int post_with_receipt(struct options *o)
{
	bool has_receipt;
	if (o->receipt_file == NULL) {
		return send_post(&o->post, &has_receipt);
	}
	o->post.receipt_fd = open(o->receipt_file,
				  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (o->post.receipt_fd < 0) {
		return command_fail("send", EXIT_USAGE,
				    "the receipt's file cannot be made, or is there already; "
				    "nothing was sent.");
	}
	int code = send_post(&o->post, &has_receipt);
	close(o->post.receipt_fd);
	if (!has_receipt) {
		unlink(o->receipt_file);
		fputs("pagepost send: there is no receipt.\n", stderr);
	}
	return code;
}

static int run(struct options *o)
{
	CLEANUP(buf_deinit) struct buf page;
	CLEANUP(buf_deinit) struct buf css;
	CLEANUP(buf_deinit) struct buf job;
	CLEANUP(secret_free) struct secret *token = NULL;
	CLEANUP(secret_free) struct secret *half = NULL;
	struct problem problem = {0};
	buf_init(&page, SEND_PAGE_MAX);
	buf_init(&css, JOB_CSS_MAX + 64 * 1024); /* it is read in steps */
	buf_init(&job, 8 * (size_t)SEND_PAGE_MAX);
	int code = read_token(o->token_file, &token);
	if (code != EXIT_DONE) {
		return code;
	}
	if (o->half_file != NULL && vault_input_half(o->half_file, &half, &problem) != FAULT_NONE) {
		return command_problem("send", EXIT_USAGE, &problem);
	}
	if (input_file_read(o->page_file, &page) != FAULT_NONE) {
		return command_fail("send", EXIT_USAGE, "the page must be a readable file.");
	}
	if (o->css_file != NULL &&
	    (input_file_read(o->css_file, &css) != FAULT_NONE || css.len > JOB_CSS_MAX)) {
		return command_fail("send", EXIT_USAGE,
				    "the style sheet must be a readable file of at most 16 KiB.");
	}
	o->job.css = buf_view(&css);
	o->job.page = buf_view(&page);
	if (o->job.format.len == 0) {
		o->job.format = page_format_name(page_format_of_file(slice_of_text(o->page_file)));
	}
	if (send_job_json(&o->job, &job) != FAULT_NONE) {
		return command_fail("send", EXIT_CANNOT_RUN, "there is not enough memory.");
	}
	o->post.token = token;
	o->post.key_half = half;
	o->post.job = buf_view(&job);
	return post_with_receipt(o);
}

int command_send(int argc, char **argv)
{
	static struct options options; /* too large for the stack */
	bool help;
	options = (struct options){.post = {.wait_s = 20, .receipt_fd = -1}};
	int code = parse(&options, argc, argv, &help);
	if (help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	return code == EXIT_DONE ? run(&options) : code;
}
