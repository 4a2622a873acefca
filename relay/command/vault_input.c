#include "relay/command/vault_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/wipe.h"
#include "config/vault/crypto.h"
#include "config/vault/record.h"
#include "config/vault/vault.h"

enum { END_OF_TEXT = 3, ERASE = 0x7F, KILL = 0x15, END = 4 };
enum { HALF_LETTERS = 44 /* of base64, with its padding */ };

static void close_fd(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
	}
}

/* At most `most` bytes of a line; one byte a call, so that the next line stays unread. */
static enum fault read_line(char *room, size_t most, bool is_terminal, size_t *out_len,
			    struct problem *p)
{
	size_t len = 0;
	for (;;) {
		char c;
		ssize_t n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n == 0 || (is_terminal && c == END)) {
			if (len > 0) {
				break;
			}
			return problem_set(
				p, FAULT_BAD_FIELD,
				"Standard input ended where a passphrase or password was due.");
		}
		if (n < 0 || (is_terminal && c == END_OF_TEXT)) {
			return problem_set(p, FAULT_BAD_FIELD, "Cancelled; nothing was changed.");
		}
		if (c == '\n' || (is_terminal && c == '\r')) {
			break;
		}
		if (is_terminal && (c == ERASE || c == '\b' || c == KILL)) {
			len = c == KILL || len == 0 ? 0 : len - 1;
			continue;
		}
		if (len == most) {
			problem_set(p, FAULT_BAD_FIELD, "A line that is secret has at most ");
			problem_add_number(p, most);
			problem_add(p, " bytes.");
			return FAULT_BAD_FIELD;
		}
		room[len++] = c;
	}
	*out_len = len > 0 && room[len - 1] == '\r' ? len - 1 : len;
	return FAULT_NONE;
}

static enum fault read_secret_line(bool is_terminal, size_t most, struct secret **out_line,
				   struct problem *p)
{
	CLEANUP(secret_free) struct secret *whole = NULL;
	char *room;
	size_t len = 0;
	enum fault f = secret_new_room(most, &whole, &room);
	if (f == FAULT_NONE) {
		f = read_line(room, most, is_terminal, &len, p);
	}
	if (f == FAULT_NONE) {
		f = secret_new(slice_of(room, len), out_line);
	}
	return f;
}

/* Keys come one by one, unseen and without signals, so that the terminal is always set back. */
static enum fault ask(const char *prompt, size_t most, struct secret **out_line, struct problem *p)
{
	struct termios usual;
	if (tcgetattr(STDIN_FILENO, &usual) != 0) {
		return read_secret_line(false, most, out_line, p);
	}
	struct termios unseen = usual;
	unseen.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	unseen.c_cc[VMIN] = 1;
	unseen.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen) != 0) {
		return problem_set(p, FAULT_VAULT_IO,
				   "The terminal cannot be told to hide what is typed.");
	}
	fprintf(stderr, "%s: ", prompt);
	enum fault f = read_secret_line(true, most, out_line, p);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
	fputc('\n', stderr);
	return f;
}

enum fault vault_input_line(const char *prompt, struct secret **out_line, struct problem *p)
{
	return ask(prompt, VAULT_SECRET_MAX, out_line, p);
}

enum fault vault_input_long_line(const char *prompt, struct secret **out_line, struct problem *p)
{
	return ask(prompt, VAULT_REFRESH_MAX, out_line, p);
}

static enum fault ask_new(const char *prompt, struct secret **out_phrase, struct problem *p)
{
	CLEANUP(secret_free) struct secret *first = NULL;
	CLEANUP(secret_free) struct secret *again = NULL;
	enum fault f = vault_input_line(prompt, &first, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (secret_view(first).len < PASSPHRASE_MIN) {
		return problem_set(
			p, FAULT_BAD_FIELD,
			"A passphrase must have at least 8 bytes; several words are best.");
	}
	if (isatty(STDIN_FILENO)) {
		f = vault_input_line("The same again", &again, p);
		if (f == FAULT_NONE && !secret_eq(first, secret_view(again))) {
			f = problem_set(p, FAULT_BAD_FIELD,
					"The two passphrases are not the same.");
		}
	}
	if (f == FAULT_NONE) {
		*out_phrase = STEAL(first);
	}
	return f;
}

enum fault vault_input_new_passphrase(struct secret **out_phrase, struct problem *p)
{
	return ask_new("New passphrase for the vault", out_phrase, p);
}

enum fault vault_input_export_passphrase(struct secret **out_phrase, struct problem *p)
{
	return ask_new("New passphrase for the exported file", out_phrase, p);
}

static enum fault read_whole(int fd, char *room, size_t size, size_t *out_len)
{
	size_t len = 0;
	while (len < size) {
		ssize_t n = read(fd, room + len, size - len);
		if (n < 0 && errno != EINTR) {
			return FAULT_VAULT_IO;
		}
		if (n == 0) {
			break;
		}
		len += n > 0 ? (size_t)n : 0;
	}
	*out_len = len;
	return FAULT_NONE;
}

static enum fault cannot_open(const char *what, struct problem *p)
{
	problem_set(p, FAULT_VAULT_IO, "The ");
	problem_add(p, what);
	problem_add(p, " cannot be opened (");
	problem_add(p, strerrordesc_np(errno));
	problem_add(p, ").");
	return FAULT_VAULT_IO;
}

enum fault vault_input_credential(const char *file, struct secret **out_bytes, struct problem *p)
{
	CLEANUP(secret_free) struct secret *whole = NULL;
	CLEANUP(close_fd) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *room;
	size_t len = 0;
	if (fd < 0) {
		return cannot_open("credential file (--credential, or vault.credential)", p);
	}
	enum fault f = secret_new_room(VAULT_CREDENTIAL_MAX + 1, &whole, &room);
	if (f == FAULT_NONE) {
		f = read_whole(fd, room, VAULT_CREDENTIAL_MAX + 1, &len);
	}
	if (f != FAULT_NONE) {
		return problem_set(p, f, "The credential file cannot be read.");
	}
	if (len < VAULT_CREDENTIAL_MIN || len > VAULT_CREDENTIAL_MAX) {
		return problem_set(p, FAULT_BAD_FIELD,
				   "A credential file must hold 32 to 4096 random bytes.");
	}
	return secret_new(slice_of(room, len), out_bytes);
}

enum fault vault_input_file(const char *file, size_t most, struct secret **out_whole,
			    char **out_room, size_t *out_len, struct problem *p)
{
	CLEANUP(secret_free) struct secret *whole = NULL;
	CLEANUP(close_fd) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *room;
	size_t len = 0;
	if (fd < 0) {
		return cannot_open("secret's file", p);
	}
	enum fault f = secret_new_room(most + 1, &whole, &room);
	if (f == FAULT_NONE) {
		f = read_whole(fd, room, most + 1, &len);
	}
	if (f != FAULT_NONE) {
		return problem_set(p, f, "The secret's file cannot be read.");
	}
	if (len == 0 || len > most) {
		problem_set(p, FAULT_BAD_FIELD, "The secret's file must hold 1 to ");
		problem_add_number(p, most);
		problem_add(p, " bytes.");
		return FAULT_BAD_FIELD;
	}
	*out_whole = STEAL(whole);
	*out_room = room;
	*out_len = len;
	return FAULT_NONE;
}

enum fault vault_input_secret(const char *file, size_t most, struct secret **out_secret,
			      struct problem *p)
{
	CLEANUP(secret_free) struct secret *whole = NULL;
	char *room = NULL;
	size_t len = 0;
	enum fault f = vault_input_file(file, most, &whole, &room, &len, p);
	return f == FAULT_NONE ? secret_new(slice_of(room, len), out_secret) : f;
}

enum fault vault_input_secret_line(const char *file, size_t most, struct secret **out_line,
				   struct problem *p)
{
	CLEANUP(secret_free) struct secret *whole = NULL;
	char *room = NULL;
	size_t len = 0;
	enum fault f = vault_input_file(file, most + 2, &whole, &room, &len, p);
	if (f != FAULT_NONE) {
		return f;
	}
	while (len > 0 && (room[len - 1] == '\n' || room[len - 1] == '\r')) {
		len--;
	}
	struct slice line = slice_of(room, len);
	if (line.len == 0 || line.len > most || slice_find_byte(line, '\n') < line.len) {
		return problem_set(p, FAULT_BAD_FIELD,
				   "The secret's file must hold one line, and nothing else.");
	}
	return secret_new(line, out_line);
}

/* As 32 raw bytes, or as their base64 in a line. */
static enum fault read_half(struct slice bytes, struct secret **out_half)
{
	CLEANUP(secret_free) struct secret *half = NULL;
	char *room;
	size_t len = 0;
	if (bytes.len == VAULT_HALF) {
		return secret_new(bytes, out_half);
	}
	bytes = slice_trim(bytes);
	enum fault f = bytes.len == HALF_LETTERS ? secret_new_room(HALF_LETTERS, &half, &room)
						 : FAULT_BAD_FIELD;
	if (f == FAULT_NONE) {
		f = base64_decode(bytes, room, &len);
	}
	if (f == FAULT_NONE && len == VAULT_HALF) {
		return secret_new(slice_of(room, len), out_half);
	}
	return f == FAULT_NO_MEMORY ? f : FAULT_BAD_FIELD;
}

enum fault vault_input_half(const char *file, struct secret **out_half, struct problem *p)
{
	CLEANUP(secret_free) struct secret *whole = NULL;
	enum fault f = vault_input_secret(file, HALF_LETTERS + 2, &whole, p);
	if (f != FAULT_NONE) {
		return f;
	}
	f = read_half(secret_view(whole), out_half);
	return f == FAULT_BAD_FIELD
		       ? problem_set(p, f,
				     "--half-file must hold the tenant's half: 32 bytes, "
				     "raw or as 44 letters of base64.")
		       : f;
}

static enum fault make_credential(const char *file, struct problem *p)
{
	CLEANUP(secret_free) struct secret *bytes = NULL;
	char *room;
	enum fault f = secret_new_room(VAULT_CREDENTIAL_MIN, &bytes, &room);
	if (f == FAULT_NONE) {
		f = vault_crypto_random(room, VAULT_CREDENTIAL_MIN);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	CLEANUP(close_fd)
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		return cannot_open("credential file", p);
	}
	if (write(fd, room, VAULT_CREDENTIAL_MIN) != VAULT_CREDENTIAL_MIN || fsync(fd) != 0) {
		unlink(file);
		return problem_set(p, FAULT_VAULT_IO, "The credential file cannot be written.");
	}
	fputs("pagepost vault: a new credential of 32 random bytes was made; whoever has it and "
	      "the "
	      "vault can open the vault.\n",
	      stderr);
	return FAULT_NONE;
}

enum fault vault_input_new_credential(const char *file, struct secret **out_bytes,
				      struct problem *p)
{
	if (access(file, F_OK) != 0 && errno == ENOENT) {
		enum fault f = make_credential(file, p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return vault_input_credential(file, out_bytes, p);
}

enum fault vault_input_text(const char *file, size_t most, struct arena *into,
			    struct slice *out_text, struct problem *p)
{
	CLEANUP(close_fd) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t len = 0;
	if (fd < 0) {
		return problem_set_errno(p, FAULT_VAULT_IO, "The file behind '@' cannot be opened");
	}
	char *room = arena_bytes(into, most + 1);
	if (room == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = read_whole(fd, room, most + 1, &len);
	if (f != FAULT_NONE) {
		return problem_set(p, f, "The file behind '@' cannot be read.");
	}
	if (len == 0 || len > most) {
		problem_set(p, FAULT_BAD_FIELD, "The file behind '@' must hold 1 to ");
		problem_add_number(p, most);
		problem_add(p, " bytes.");
		return FAULT_BAD_FIELD;
	}
	*out_text = slice_of(room, len);
	return FAULT_NONE;
}

enum fault vault_input_certificates(const char *file, struct arena *into, struct slice *out_pem,
				    struct problem *p)
{
	CLEANUP(close_fd) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t len = 0;
	if (fd < 0) {
		return cannot_open("CA file", p);
	}
	char *room = arena_bytes(into, VAULT_CA_MAX + 1);
	if (room == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = read_whole(fd, room, VAULT_CA_MAX + 1, &len);
	if (f != FAULT_NONE) {
		return problem_set(p, f, "The CA file cannot be read.");
	}
	struct slice pem = slice_of(room, len);
	if (len > VAULT_CA_MAX ||
	    slice_find(pem, SLICE_LIT("-----BEGIN CERTIFICATE-----")) == len) {
		return problem_set(
			p, FAULT_BAD_FIELD,
			"The CA file must hold certificates as PEM text, at most 16 KiB.");
	}
	*out_pem = pem;
	return FAULT_NONE;
}
