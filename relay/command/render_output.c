#include "relay/command/render_output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "relay/command/command.h"
#include "relay/command/render_file.h"

/* Names come from the page: a terminal gets no control characters of it. */
static void put_name(FILE *to, struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];
		(void)fputc(c < ' ' || c == 0x7f ? '?' : c, to);
	}
}

static void write_report(FILE *to, const struct render_report *r)
{
	static const char *const fates[] = {[MACRO_RENDERED] = "rendered",
					    [MACRO_SNAPSHOT] = "snapshot",
					    [MACRO_CARD] = "card"};
	fprintf(to, "html %llu\ntext %llu\nmessage %llu\n", (unsigned long long)r->html_bytes,
		(unsigned long long)r->text_bytes, (unsigned long long)r->message_bytes);
	for (const struct render_macro *m = r->macros; m != NULL; m = m->next) {
		fputs("macro ", to);
		put_name(to, m->name);
		fprintf(to, " %s %llu\n", fates[m->fate], (unsigned long long)m->count);
	}
	for (const struct render_warning *w = r->warnings; w != NULL; w = w->next) {
		fprintf(to, "warning %.*s: ", (int)w->code.len, w->code.ptr);
		put_name(to, w->detail);
		fputc('\n', to);
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

static bool write_output(FILE *to, enum render_kind kind, const struct render_output *made)
{
	switch (kind) {
	case RENDER_EML:
		write_rope(to, &made->message);
		break;
	case RENDER_HTML:
		(void)fwrite(made->html.ptr, 1, made->html.len, to);
		break;
	case RENDER_TEXT:
		(void)fwrite(made->text.ptr, 1, made->text.len, to);
		break;
	case RENDER_REPORT:
		write_report(to, &made->report);
		break;
	}
	return fflush(to) == 0 && ferror(to) == 0;
}

/* A folder gets DIR/<name>.<ending>. */
static bool open_output(const struct render_wish *w, const char *page, bool many, FILE **out_file)
{
	static const char *const endings[] = {[RENDER_EML] = ".eml",
					      [RENDER_HTML] = ".html",
					      [RENDER_TEXT] = ".txt",
					      [RENDER_REPORT] = ".report"};
	char path[PATH_MAX];
	struct slice name = render_file_name(page);
	struct stat st;
	if (w->into.len == 0) {
		*out_file = stdout;
		return true;
	}
	bool folder = many || (stat(w->into.ptr, &st) == 0 && S_ISDIR(st.st_mode));
	int n = folder ? snprintf(path, sizeof(path), "%.*s/%.*s%s", (int)w->into.len, w->into.ptr,
				  (int)name.len, name.ptr, endings[w->kind])
		       : snprintf(path, sizeof(path), "%.*s", (int)w->into.len, w->into.ptr);
	*out_file = n > 0 && (size_t)n < sizeof(path) ? fopen(path, "we") : NULL;
	if (*out_file == NULL) {
		(void)render_complain(path, strerror(errno));
	}
	return *out_file != NULL;
}

int render_output_write(const struct render_wish *w, const char *page, bool many,
			const struct render_output *made)
{
	FILE *to;
	if (!open_output(w, page, many, &to)) {
		return EXIT_CANNOT_RUN;
	}
	bool good = write_output(to, w->kind, made);
	if (to != stdout && fclose(to) != 0) {
		good = false;
	}
	if (!good) {
		(void)render_complain(page, "the output cannot be written");
	}
	return good ? EXIT_DONE : EXIT_CANNOT_RUN;
}

static void put_row(void *context, const char *kind, struct slice name, struct slice becomes)
{
	(void)context;
	printf("%-8s %-40.*s %.*s\n", kind, (int)name.len, name.ptr, (int)becomes.len, becomes.ptr);
}

int render_output_list(void)
{
	render_list(put_row, NULL);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_CANNOT_RUN;
}
