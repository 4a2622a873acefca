#include "relay/command/command.h"

#include <getopt.h>
#include <stdio.h>

#include "relay/command/input_file.h"
#include "relay/command/plain_options.h"
#include "relay/command/receipt_report.h"

static const char usage[] =
	"usage: pagepost receipt FILE --key KEYS [OPTION]...\n"
	"\n"
	"Proves a receipt of Pagepost's, without asking anybody, and prints what it says.\n"
	"FILE (\"-\": standard input) is the receipt, or a job's answer that has one.\n"
	"Ends with 0 when it is genuine, and the message is the one; with 1 otherwise.\n"
	"\n"
	"  --key KEYS             what GET /v1/receipt-key answered, or one key of it, as a file\n"
	"  --message MESSAGE      a file: is this the message? What mail servers put in front of "
	"it\n"
	"                         does not count\n"
	"  --json                 what was signed, as it is\n";

enum { FILE_MAX = 16 * 1024 * 1024, MESSAGE_MAX = 512 * 1024 * 1024 };

struct receipt_options {
	const char *file, *keys, *message;
	bool json, help;
};

/* `what` begins a sentence. */
static enum fault read_file(const char *path, const char *what, struct buf *into, struct problem *p)
{
	enum fault f = input_file_read(path, into);
	if (f == FAULT_NOT_FOUND) {
		problem_set_errno(p, f, what);
	} else if (f != FAULT_NONE) {
		problem_set(p, f, what);
		problem_add(p, ": it is too large.");
	}
	return f;
}

static enum fault read_keys(const char *path, struct receipt_keys *out_keys, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf text;
	buf_init(&text, RECEIPT_SET_MAX + INPUT_FILE_STEP);
	enum fault f = read_file(path, "The keys cannot be read", &text, p);
	if (f != FAULT_NONE) {
		return f;
	}
	f = receipt_keys_read(text.ptr, text.len, out_keys, p);
	if (f == FAULT_BAD_JSON) { /* PEM, mostly */
		problem_set(p, f,
			    "The file of --key is no JSON: it must be the JWK set that GET "
			    "/v1/receipt-key answers, or one key of it.");
	}
	return f;
}

static enum fault prove(const struct receipt_options *o, struct buf *claim, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf text;
	struct receipt_keys keys;
	struct slice receipt;
	size_t key;
	buf_init(&text, FILE_MAX);
	enum fault f = read_keys(o->keys, &keys, p);
	if (f == FAULT_NONE) {
		f = read_file(o->file, "The receipt cannot be read", &text, p);
	}
	if (f == FAULT_NONE) {
		f = receipt_report_find(&text, &receipt, p);
	}
	return f == FAULT_NONE ? receipt_jws_check(receipt, &keys, claim, &key, p) : f;
}

static int print_json(const struct buf *claim)
{
	fwrite(claim->ptr, 1, claim->len, stdout);
	putchar('\n');
	return EXIT_DONE;
}

static int compare(const struct receipt_options *o, const struct receipt_message *m,
		   struct problem *p)
{
	CLEANUP(buf_deinit) struct buf message;
	bool is_same;
	buf_init(&message, MESSAGE_MAX);
	enum fault f = read_file(o->message, "The message cannot be read", &message, p);
	if (f != FAULT_NONE) {
		return command_problem("receipt", EXIT_USAGE, p);
	}
	if (receipt_report_compare(m, &message, &is_same) != FAULT_NONE) {
		return command_fail("receipt", EXIT_CANNOT_RUN, "there is not enough memory.");
	}
	printf("%s\n", is_same ? "The message is the one that the receipt speaks of."
			       : "The message is another one, or was changed.");
	return is_same ? EXIT_DONE : EXIT_NOT_DELIVERED;
}

static int run(const struct receipt_options *o)
{
	CLEANUP(buf_deinit) struct buf claim;
	CLEANUP(buf_deinit) struct buf text;
	struct receipt_message m;
	struct problem p = {0};
	int code = EXIT_DONE;
	buf_init(&claim, RECEIPT_CLAIM_MAX);
	buf_init(&text, 8 * (size_t)RECEIPT_CLAIM_MAX);
	enum fault f = prove(o, &claim, &p);
	if (f != FAULT_NONE) {
		return command_problem("receipt",
				       f == FAULT_NOT_FOUND ? EXIT_USAGE : EXIT_NOT_DELIVERED, &p);
	}
	if (o->json) {
		code = print_json(&claim);
	}
	f = receipt_report_write(&claim, &text, &m, &p);
	if (f != FAULT_NONE) {
		return command_problem("receipt", EXIT_NOT_DELIVERED, &p);
	}
	if (!o->json) {
		fwrite(text.ptr, 1, text.len, stdout);
		puts("The receipt is genuine: the key signed it.");
	}
	return o->message != NULL ? compare(o, &m, &p) : code;
}

int command_receipt(int argc, char **argv)
{
	static const struct plain_option rows[] = {
		{"key", '\0', PLAIN_TEXT, offsetof(struct receipt_options, keys)},
		{"message", '\0', PLAIN_TEXT, offsetof(struct receipt_options, message)},
		{"json", '\0', PLAIN_FLAG, offsetof(struct receipt_options, json)},
		{"help", '\0', PLAIN_LAST, offsetof(struct receipt_options, help)},
	};
	struct receipt_options o = {0};
	if (!plain_options_read(argc, argv, rows, COUNT_OF(rows), &o)) {
		return EXIT_USAGE;
	}
	if (o.help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (optind + 1 != argc || o.keys == NULL) {
		return command_fail("receipt", EXIT_USAGE,
				    "it needs one FILE and --key; `pagepost receipt --help` tells "
				    "the rest.");
	}
	o.file = argv[optind];
	return run(&o);
}
