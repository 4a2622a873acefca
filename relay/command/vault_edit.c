#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/vault/assign.h"
#include "relay/command/vault_session.h"

/* `settings edit`: the record as text in an editor, in a folder of memory, so that nothing of it comes to a disk. */

#define FOLDER "/dev/shm/pagepost-edit-XXXXXX"
#define NAME   "settings.conf"

enum { TEXT_MAX = 64 * 1024 };

struct editing {
	struct vault_session *session;
	struct vault_key_name name;
	uint32_t version; /* of the record when its text was written; 0: there was none */
	char folder[sizeof(FOLDER)];
	char path[sizeof(FOLDER) + sizeof(NAME)];
	struct buf before; /* the text as it was given to the editor */
	struct buf text;   /* as it came back, with a NUL behind it */
};

static void close_fd(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
	}
}

static void close_folder(DIR **d)
{
	if (*d != NULL) {
		closedir(*d);
	}
}

static enum fault cannot(struct problem *p, const char *what)
{
	return problem_set_errno(p, FAULT_VAULT_IO, what);
}

/* --- the file ---------------------------------------------------------------------------------------- */

/* Editors leave copies beside it. */
static void remove_folder(struct editing *e)
{
	CLEANUP(close_folder) DIR *d = e->folder[0] != '\0' ? opendir(e->folder) : NULL;
	if (d == NULL) {
		return;
	}
	for (const struct dirent *file = readdir(d); file != NULL; file = readdir(d)) {
		unlinkat(dirfd(d), file->d_name, 0); /* not "." and "..": they are folders */
	}
	rmdir(e->folder);
	e->folder[0] = '\0';
}

static void deinit(struct editing *e)
{
	remove_folder(e);
	buf_deinit(&e->before);
	buf_deinit(&e->text);
}

/* Line ends and tabs as they are: the record's text has them as \x0a and \x09, and every backslash as \x5c. */
static enum fault add_plainly(struct buf *b, struct slice text)
{
	enum fault f = FAULT_NONE;
	while (text.len > 0 && f == FAULT_NONE) {
		size_t at = slice_find(text, SLICE_LIT("\\x0"));
		struct slice code = slice_first(slice_skip(text, at), 4);
		bool is_line = slice_eq(code, SLICE_LIT("\\x0a"));
		bool is_tab = slice_eq(code, SLICE_LIT("\\x09"));
		f = buf_add(b, slice_first(text, at));
		if (f == FAULT_NONE && code.len > 0) {
			f = is_line  ? buf_add_byte(b, '\n')
			    : is_tab ? buf_add_byte(b, '\t')
				     : buf_add(b, code);
		}
		text = slice_skip(text, at + code.len);
	}
	return f;
}

static enum fault add_keys(struct buf *b)
{
	enum fault f = buf_add_text(
		b, "# key = \"text\"; or key = number;  A key that is left out says "
		   "nothing.\n# Keys:");
	for (const struct vault_field *field = vault_fields_of(VAULT_SETTINGS);
	     field->key != NULL && f == FAULT_NONE; field++) {
		if (vault_assignable(VAULT_SETTINGS, slice_of_text(field->key)) != NULL) {
			f = buf_add_byte(b, ' ');
			f = f == FAULT_NONE ? buf_add_text(b, field->key) : f;
		}
	}
	return f == FAULT_NONE ? buf_add_byte(b, '\n') : f;
}

static enum fault write_text(struct editing *e, const struct vault_record *r, struct problem *p)
{
	CLEANUP(secret_free) struct secret *padded = NULL;
	struct slice text = {0};
	enum fault f = vault_record_write(r, &padded, p);
	if (f == FAULT_NONE) {
		f = vault_record_text(secret_view(padded), &text);
	}
	if (f == FAULT_NONE) {
		f = add_keys(&e->before);
	}
	return f == FAULT_NONE ? add_plainly(&e->before, text) : f;
}

static enum fault write_file(struct editing *e, struct problem *p)
{
	memcpy(e->folder, FOLDER, sizeof(FOLDER));
	if (mkdtemp(e->folder) == NULL) {
		e->folder[0] = '\0';
		return cannot(p, "No private folder can be made in /dev/shm");
	}
	memcpy(e->path, e->folder, sizeof(FOLDER) - 1);
	memcpy(e->path + sizeof(FOLDER) - 1, "/" NAME, sizeof("/" NAME));
	CLEANUP(close_fd)
	int fd = open(e->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || write(fd, e->before.ptr, e->before.len) != (ssize_t)e->before.len) {
		return cannot(p, "The text cannot be written to /dev/shm");
	}
	return FAULT_NONE;
}

static enum fault read_file(struct editing *e, struct problem *p)
{
	CLEANUP(close_fd) int fd = open(e->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	char *room;
	buf_clear(&e->text);
	if (fd < 0) {
		return cannot(p, "The editor left no file");
	}
	enum fault f = buf_reserve(&e->text, TEXT_MAX, &room);
	ssize_t n = f == FAULT_NONE ? read(fd, room, TEXT_MAX) : 0;
	if (f != FAULT_NONE || n < 0) {
		return f != FAULT_NONE ? f : cannot(p, "The text cannot be read");
	}
	if (n == TEXT_MAX) {
		return problem_set(p, FAULT_BAD_RECORD, "The text is longer than settings may be.");
	}
	buf_grew(&e->text, (size_t)n);
	return buf_add_byte(&e->text, '\0');
}

/* --- the editor ---------------------------------------------------------------------------------------- */

static const char *editor(void)
{
	const char *visual = getenv("VISUAL");
	const char *usual = getenv("EDITOR");
	return visual != NULL && visual[0] != '\0' ? visual
	       : usual != NULL && usual[0] != '\0' ? usual
						   : "vi";
}

/* By a shell, as the variables may hold arguments. */
static enum fault run_editor(struct editing *e, struct problem *p)
{
	struct slice line;
	int status = 0;
	const struct slice parts[] = {slice_of_text(editor()), SLICE_LIT(" \"$1\""),
				      slice_of("", 1)};
	enum fault f = arena_join(&e->session->arena, parts, COUNT_OF(parts), &line);
	if (f != FAULT_NONE) {
		return f;
	}
	/* Ctrl-C is the editor's. */
	void (*interrupt)(int) = signal(SIGINT, SIG_IGN);
	void (*quit)(int) = signal(SIGQUIT, SIG_IGN);
	pid_t child = fork();
	if (child == 0) {
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		signal(SIGPIPE, SIG_DFL);
		execl("/bin/sh", "sh", "-c", line.ptr, "sh", e->path, (char *)NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
	}
	signal(SIGINT, interrupt);
	signal(SIGQUIT, quit);
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? FAULT_NONE
		       : problem_set(p, FAULT_BAD_FIELD,
				     "The editor (VISUAL or EDITOR) ended with a mistake; nothing "
				     "was changed.");
}

static enum fault read_record(struct editing *e, struct vault_record *r, struct problem *p)
{
	enum fault f = read_file(e, p);
	if (f != FAULT_NONE) {
		return f;
	}
	struct slice text = slice_of(e->text.ptr, e->text.len - 1);
	f = vault_record_read(VAULT_SETTINGS, text, &e->session->arena, r, p);
	if (f == FAULT_NONE && !slice_eq(r->settings.tenant, e->name.tenant)) {
		f = problem_set(p, FAULT_BAD_RECORD,
				"The settings' 'tenant' must stay what it is.");
	}
	return f;
}

/* Whoever sits at a terminal may mend what is wrong. */
static bool wants_again(const struct vault_session *s, const struct problem *p)
{
	char answer[16];
	struct slice said = problem_text(p);
	if (!isatty(STDIN_FILENO)) {
		return false;
	}
	fprintf(stderr, "pagepost %s: %.*s\nEdit again? [Y/n] ", s->command, (int)said.len,
		said.ptr);
	if (fgets(answer, sizeof(answer), stdin) == NULL) {
		return false;
	}
	return answer[0] != 'n' && answer[0] != 'N';
}

static enum fault edit(struct editing *e, struct vault_record *r, struct problem *p)
{
	for (;;) {
		enum fault f = run_editor(e, p);
		if (f != FAULT_NONE) {
			return f;
		}
		f = read_record(e, r, p);
		if (f != FAULT_BAD_RECORD || !wants_again(e->session, p)) {
			return f;
		}
	}
}

/* --- the vault ----------------------------------------------------------------------------------------- */

static enum fault load(struct editing *e, struct problem *p)
{
	struct vault_session *s = e->session;
	struct vault_record r = {.kind = VAULT_SETTINGS};
	r.settings.tenant = e->name.tenant;
	enum fault f = vault_session_open(s, p);
	if (f == FAULT_NONE) {
		f = vault_session_need_tenant(s, e->name.tenant, p);
	}
	if (f == FAULT_NONE) {
		e->version = vault_version(s->vault, e->name);
		f = vault_find(s->vault, e->name, NULL, &s->arena, &r, NULL);
		f = f == FAULT_NOT_FOUND ? FAULT_NONE : f;
	}
	if (f == FAULT_NONE) {
		f = write_text(e, &r, p);
	}
	return f == FAULT_NONE ? write_file(e, p) : f;
}

/* The vault was not locked while somebody typed. */
static enum fault keep(struct editing *e, const struct vault_record *r, struct problem *p)
{
	struct vault_session *s = e->session;
	vault_free(&s->vault);
	enum fault f = vault_session_lock(s, p);
	if (f == FAULT_NONE) {
		f = vault_session_open(s, p);
	}
	if (f == FAULT_NONE && vault_version(s->vault, e->name) != e->version) {
		f = problem_set(p, FAULT_CONFLICT,
				"The settings were changed by somebody else meanwhile; nothing was "
				"changed here.");
	}
	if (f == FAULT_NONE) {
		f = vault_put(s->vault, r, NULL, p);
	}
	return f == FAULT_NONE ? vault_session_save(s, p) : f;
}

enum fault vault_edit_settings(struct vault_session *s, struct problem *p)
{
	CLEANUP(deinit) struct editing e = {.session = s};
	struct vault_record r;
	e.name = (struct vault_key_name){.kind = VAULT_SETTINGS,
					 .tenant = vault_session_option(s, OPTION_TENANT)};
	buf_init(&e.before, TEXT_MAX);
	buf_init(&e.text, TEXT_MAX + 1);
	enum fault f = vault_session_key(s, p);
	if (f == FAULT_NONE) {
		f = load(&e, p);
	}
	if (f == FAULT_NONE) {
		f = edit(&e, &r, p);
	}
	return f == FAULT_NONE ? keep(&e, &r, p) : f;
}
