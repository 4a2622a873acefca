/*
 * What rendering costs: each page is made a whole message again and again in this one thread, without reading or
 * writing of files in between.
 *
 *   render [-n ROUNDS | -s SECONDS] storage|adf|view|export_view FILE...
 *
 * A round is every FILE once. Without -n there are rounds until SECONDS (2) of CPU time are spent. Prints lines of name
 * and figure; `documents_s` and `mb_s` (10^6 bytes of pages) are by user and system time, `refused` counts the pages
 * that gave no message.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "render/render.h"

enum { MEMORY_MAX = 1024 * 1024 * 1024, SECONDS = 2 };

struct pages {
	struct page *all;
	size_t count;
	size_t bytes;
};

struct sum {
	size_t rounds, documents, refused;
	size_t bytes_in, bytes_out;
};

static void must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "render: %s\n", what);
		exit(1);
	}
}

static enum page_format format_of(const char *name)
{
	static const char *const names[] = {[PAGE_STORAGE] = "storage",
					    [PAGE_ATLAS_DOC_FORMAT] = "adf",
					    [PAGE_VIEW] = "view",
					    [PAGE_EXPORT_VIEW] = "export_view"};
	size_t i = 0;
	while (i < COUNT_OF(names) && strcmp(names[i], name) != 0) {
		i++;
	}
	must(i < COUNT_OF(names), "the format is storage, adf, view or export_view");
	return (enum page_format)i;
}

static struct slice read_file(const char *path)
{
	FILE *f = fopen(path, "rbe");
	must(f != NULL && fseek(f, 0, SEEK_END) == 0, path);
	long size = ftell(f);
	must(size >= 0 && fseek(f, 0, SEEK_SET) == 0, path);
	char *bytes = malloc((size_t)size + 1);
	must(bytes != NULL && fread(bytes, 1, (size_t)size, f) == (size_t)size, path);
	(void)fclose(f);
	return slice_of(bytes, (size_t)size);
}

static void read_pages(enum page_format format, char **paths, size_t count, struct pages *p)
{
	p->all = calloc(count, sizeof(*p->all));
	must(p->all != NULL, "no memory");
	for (p->count = 0; p->count < count; p->count++) {
		p->all[p->count] = (struct page){
			.id = SLICE_LIT("42"),
			.version = 1,
			.title = SLICE_LIT("A page with a title"),
			.space_key = SLICE_LIT("DOC"),
			.site_url = SLICE_LIT("https://site.example/wiki"),
			.format = format,
			.body = read_file(paths[p->count]),
		};
		p->bytes += p->all[p->count].body.len;
	}
}

/* The number of bytes of the whole message; 0 when there is none. */
static size_t render(const struct page *page, const struct party *from, const struct party *to)
{
	static char room[64 * 1024];
	const struct render_input in = {
		.page = page,
		.from = from,
		.sender = from,
		.to = to,
		.to_count = 1,
		.subject = page->title,
		.attach = ATTACH_ALL,
		.date = {.ms = 1795305600000},
		.message_id = SLICE_LIT("bench@mail.example"),
		.boundary_seed = SLICE_LIT("bench"),
		.message_only = true,
	};
	struct render_output made;
	struct problem problem = {0};
	CLEANUP(arena_deinit) struct arena arena;
	arena_init(&arena, MEMORY_MAX);
	if (render_message(&in, &arena, &made, &problem) != FAULT_NONE) {
		return 0;
	}
	struct rope_cursor c;
	size_t sum = 0;
	rope_rewind(&made.message, &c);
	while (!rope_at_end(&c)) {
		sum += rope_read(&c, room, sizeof(room));
	}
	return sum;
}

static double cpu_seconds(void)
{
	struct rusage u;
	must(getrusage(RUSAGE_SELF, &u) == 0, "no usage");
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static long peak_kib(void)
{
	struct rusage u;
	must(getrusage(RUSAGE_SELF, &u) == 0, "no usage");
	return u.ru_maxrss;
}

static void run_round(const struct pages *p, struct sum *s)
{
	struct party from = {.name = SLICE_LIT("Ann Example")};
	struct party to = {0};
	enum fault f = mailbox_parse(SLICE_LIT("ann@mail.example"), &from.mailbox);
	if (f == FAULT_NONE) {
		f = mailbox_parse(SLICE_LIT("ben@mail.example"), &to.mailbox);
	}
	assert(f == FAULT_NONE);
	for (size_t i = 0; i < p->count; i++) {
		size_t made = render(&p->all[i], &from, &to);
		s->refused += made == 0;
		s->bytes_out += made;
	}
	s->documents += p->count;
	s->bytes_in += p->bytes;
	s->rounds++;
}

static void print(const struct pages *p, const struct sum *s, double spent, long before)
{
	printf("pages %zu\nrounds %zu\nrefused %zu\nbytes_in %zu\nbytes_out %zu\n", p->count,
	       s->rounds, s->refused, s->bytes_in, s->bytes_out);
	printf("cpu_s %.3f\ndocuments_s %.0f\nmb_s %.2f\n", spent, (double)s->documents / spent,
	       (double)s->bytes_in / spent / 1e6);
	printf("us_document %.1f\nrss_pages_kib %ld\nrss_peak_kib %ld\n",
	       spent * 1e6 / (double)s->documents, before, peak_kib());
}

int main(int argc, char **argv)
{
	size_t rounds = 0;
	double seconds = SECONDS;
	struct pages pages = {0};
	struct sum sum = {0};
	for (int key; (key = getopt(argc, argv, "n:s:")) != -1;) {
		must(key == 'n' || key == 's', "see the head of render.c");
		rounds = key == 'n' ? strtoul(optarg, NULL, 10) : rounds;
		seconds = key == 's' ? strtod(optarg, NULL) : seconds;
	}
	must(argc - optind >= 2, "see the head of render.c");
	read_pages(format_of(argv[optind]), argv + optind + 1, (size_t)(argc - optind - 1), &pages);
	long before = peak_kib();
	double start = cpu_seconds();
	double spent = 0;
	while (rounds > 0 ? sum.rounds < rounds : spent < seconds) {
		run_round(&pages, &sum);
		spent = cpu_seconds() - start;
	}
	print(&pages, &sum, spent, before);
	for (size_t i = 0; i < pages.count; i++) {
		free((char *)pages.all[i].body.ptr);
	}
	free(pages.all);
	return 0;
}
