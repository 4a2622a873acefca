#include "render/render.h"
#include "relay/gateway/compose.h"
#include "relay/command/command.h"
#include "relay/command/page_format.h"
#include "relay/command/render_file.h"
#include "relay/command/render_output.h"
#include "relay/command/render_pictures.h"

/* `pagepost render`: a page in a file becomes what would be sent, and nothing is sent. */

enum { MEMORY_MAX = 1024 * 1024 * 1024 };

static int cannot(enum fault f, struct problem *problem)
{
	if (problem->fault == FAULT_NONE) {
		(void)problem_set(problem, f, "");
	}
	return command_problem("render", EXIT_CANNOT_RUN, problem);
}

/* The message as the gateway would compose it for a tenant that has set nothing. */
static int render_job(const struct render_wish *w, const char *path, struct arena *arena, bool many)
{
	const struct keeper_tenant tenant = {0};
	const struct compose_records records = {.tenant = &tenant};
	struct composed c;
	struct render_output made;
	struct problem problem = {0};
	enum fault f = compose(w->job, &records, &c, &problem);
	if (f == FAULT_NONE) {
		c.input.date = w->date;
		c.input.message_id = w->message_id;
		c.input.boundary_seed = w->seed;
		c.input.size_limit = w->size_limit;
		c.input.limits = w->limits;
		c.input.pictures = w->pictures;
		f = render_message(&c.input, arena, &made, &problem);
	}
	if (f != FAULT_NONE) {
		return cannot(f, &problem);
	}
	int code = render_output_write(w, path, many, &made);
	return code == EXIT_DONE && made.report.not_shown ? EXIT_NOT_DELIVERED : code;
}

static int render_path(struct render_wish *w, const char *path, bool many)
{
	struct arena arena;
	struct page page = w->job->page;
	arena_init(&arena, MEMORY_MAX);
	int code = render_file_read(path, &arena, &w->job->page.body) ? EXIT_DONE : EXIT_USAGE;
	if (code == EXIT_DONE) {
		struct slice name = render_file_name(path);
		w->job->page.title = page.title.len > 0 ? page.title : name;
		w->job->page.format = w->has_format ? w->format : page_format_of_file(name);
		code = render_job(w, path, &arena, many);
	}
	w->job->page = page;
	arena_deinit(&arena);
	return code;
}

/* The page stands in the job itself. */
static int render_body(struct render_wish *w)
{
	struct arena arena;
	arena_init(&arena, MEMORY_MAX);
	if (w->has_format) {
		w->job->page.format = w->format;
	}
	int code = render_job(w, "page", &arena, false);
	arena_deinit(&arena);
	return code;
}

static int run(struct render_wish *w, int argc, char **argv)
{
	int code = EXIT_DONE;
	if (w->helps) {
		render_options_help(true);
		return EXIT_DONE;
	}
	if (w->lists) {
		return render_output_list();
	}
	if (argc == 0 && w->job->page.body.ptr != NULL) {
		return render_body(w);
	}
	if (argc == 0) {
		render_options_help(false);
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
	CLEANUP(render_pictures_deinit) struct render_pictures_lazy pictures;
	struct render_wish w;
	int first;
	render_pictures_init(&pictures);
	int code = render_options_read(&w, argc, argv, &first);
	w.pictures = w.keeps_pictures ? NULL : &pictures.calls;
	if (code == EXIT_DONE) {
		code = run(&w, argc - first, argv + first);
	}
	render_options_free(&w);
	return code;
}
