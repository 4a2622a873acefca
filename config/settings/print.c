#include "config/settings/key.h"

#include "config/settings/settings.h"

static void put(FILE *to, struct slice s)
{
	fwrite(s.ptr, 1, s.len, to);
}

static void put_allowed(FILE *to, const struct settings_key *k,
			void (*put_text)(FILE *, struct slice))
{
	struct problem words = {0};
	settings_add_allowed(&words, k);
	put_text(to, slice_of(words.text, words.len));
}

void settings_print_example(FILE *to)
{
	fputs("# pagepost.conf: every key with its default. See pagepost.conf(5).\n"
	      "# Generated from the table of keys. Remove the # before a key to set it.\n"
	      "# `pagepost serve -c FILE --check-config` names every mistake in a file.\n",
	      to);
	for (size_t g = 0; g < settings_group_count; g++) {
		struct slice group = settings_groups[g].name;
		fputs("\n# ", to);
		put(to, settings_groups[g].about);
		fputs("\n", to);
		put(to, group);
		fputs(": {\n", to);
		for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
			const struct settings_key *k = &settings_keys[i];
			if (!slice_eq(k->group, group)) {
				continue;
			}
			fputs("\t# ", to);
			put(to, k->meaning);
			fputs("\n\t# Allowed: ", to);
			put_allowed(to, k, put);
			fputs(settings_is_taken(k) ? ".\n\t#" : ". Needs a restart.\n\t#", to);
			put(to, k->name);
			fputs(" = ", to);
			put(to, k->deflt);
			fputs(";\n", to);
		}
		fputs("};\n", to);
	}
}

/* roff reads a backslash, and a dot or an apostrophe at the start of a line, as its own. */
static void put_roff(FILE *to, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '\\') {
			fputs("\\e", to);
		} else if (c == '-') {
			fputs("\\-", to);
		} else if (i == 0 && (c == '.' || c == '\'')) {
			fputs("\\&", to);
			fputc(c, to);
		} else {
			fputc(c, to);
		}
	}
}

static void put_man_key(FILE *to, const struct settings_key *k)
{
	fputs(".TP\n.B ", to);
	put_roff(to, k->name);
	fputs("\n", to);
	put_roff(to, k->meaning);
	fputs("\n.br\nTakes ", to);
	put_allowed(to, k, put_roff);
	fputs(".\n.br\nDefault:\n.BR \"", to);
	for (size_t i = 0; i < k->deflt.len; i++) {
		/* Inside a macro's argument a quote is written twice. */
		put_roff(to, slice_of(k->deflt.ptr + i, 1));
		fputs(k->deflt.ptr[i] == '"' ? "\"" : "", to);
	}
	fputs("\" .\n", to);
	fputs(settings_is_taken(k) ? "" : ".br\nA change needs a restart.\n", to);
}

static const char man_head[] =
	".\\\" Generated from config/settings/settings.def; edit that.\n"
	".TH PAGEPOST.CONF 5 \"\" \"Pagepost\" \"File formats\"\n"
	".SH NAME\n"
	"pagepost.conf \\- settings of the Pagepost mail gateway\n"
	".SH SYNOPSIS\n"
	".I /etc/pagepost/pagepost.conf\n"
	".SH DESCRIPTION\n"
	"The file is written in libconfig's form: groups of keys,\n"
	".IR \"group\" : \" { \" key \" = \" value ; \" };\" .\n"
	"Texts stand in double quotes, lists in square brackets, comments after\n"
	".BR # .\n"
	"Every key may be left out and then has its default; an empty file is a valid one.\n"
	"Relative paths are taken from the folder of the file.\n"
	".B @include \\(dqFILE\\(dq\n"
	"on a line of its own puts another file in its place.\n"
	".PP\n"
	"A file with a mistake is refused as a whole: every mistake is named with file, line and "
	"key, with what is\n"
	"wrong and what is allowed, and Pagepost ends with status 3.\n"
	".PP\n"
	".RS\n"
	"pagepost serve \\-c /etc/pagepost/pagepost.conf \\-\\-check\\-config\n"
	".RE\n"
	".PP\n"
	"On SIGHUP a running Pagepost reads the file again, and the certificate with its key "
	"(pagepost(1), SIGNALS).\n"
	".PP\n"
	"No secret stands in this file: those of mail servers and tenants are in the vault.\n";

static const char man_tail[] =
	".SH EXAMPLE\n"
	".EX\n"
	"listen: { address = \\(dq::\\(dq; port = 443; };\n"
	"limits: { body = \\(dq20 MiB\\(dq; deadline = \\(dq60 s\\(dq; };\n"
	"policy: { recipient_domains = [\\(dqexample.com\\(dq, \\(dq.example.com\\(dq]; };\n"
	".EE\n"
	".SH SEE ALSO\n"
	".BR pagepost (1)\n";

void settings_print_man(FILE *to)
{
	fputs(man_head, to);
	for (size_t g = 0; g < settings_group_count; g++) {
		fputs(".SH GROUP ", to);
		put_roff(to, settings_groups[g].name);
		fputs("\n", to);
		put_roff(to, settings_groups[g].about);
		fputs("\n", to);
		for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
			if (slice_eq(settings_keys[i].group, settings_groups[g].name)) {
				put_man_key(to, &settings_keys[i]);
			}
		}
	}
	fputs(man_tail, to);
}
