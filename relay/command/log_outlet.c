#include "relay/command/log_outlet.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATH_ROOM = 64, JOURNAL_ROOM = 8 << 20 };

static int connect_journal(const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(name.sun_path)) {
		return -1;
	}
	memcpy(name.sun_path, path, strlen(path) + 1);
	const int room =
		JOURNAL_ROOM; /* as libsystemd: the system gives what it lets anybody have */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0) {
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	}
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&name, sizeof(name)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The same pipe or terminal once more, so that nobody else's descriptor changes. */
static int open_again(int fd)
{
	char path[PATH_ROOM];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

/* "device:inode", as systemd.exec(5) has it: who was started by a unit may have another standard error. */
static bool is_journal_stream(int fd, const char *stream)
{
	struct stat is;
	struct slice device, inode = slice_of_text(stream != NULL ? stream : "");
	uint64_t dev, ino;
	return slice_cut_to(&inode, ':', &device) && slice_to_u64(device, UINT64_MAX, &dev) &&
	       slice_to_u64(inode, UINT64_MAX, &ino) && fstat(fd, &is) == 0 && is.st_dev == dev &&
	       is.st_ino == ino;
}

static struct event_sink sink_of(int fd, enum event_form form)
{
	struct event_sink sink = {.fd = fd, .form = form};
	struct stat is;
	if (fstat(fd, &is) != 0) {
		return sink;
	}
	sink.is_socket = S_ISSOCK(is.st_mode);
	if (S_ISFIFO(is.st_mode) || S_ISCHR(is.st_mode)) {
		int own = open_again(fd);
		if (own >= 0) {
			sink.fd = own;
		} else if (S_ISFIFO(is.st_mode)) {
			(void)fcntl(fd, F_SETFL, O_WRONLY | O_NONBLOCK);
		}
	}
	return sink;
}

static bool find(const struct log_outlet_params *params, struct event_sink *out_sink)
{
	if (params->form == EVENT_FORM_JOURNAL) {
		int fd = connect_journal(params->journal);
		if (fd >= 0) {
			*out_sink = (struct event_sink){
				.fd = fd, .is_socket = true, .form = EVENT_FORM_JOURNAL};
			return true;
		}
		*out_sink = sink_of(params->fd, EVENT_FORM_TEXT);
		return false;
	}
	*out_sink = sink_of(params->fd, params->form);
	return true;
}

bool log_outlet_find(const struct log_outlet_params *params, struct event_sink *out_sink)
{
	bool is_found = find(params, out_sink);
	/* In the journal's form as well: processes that this one starts write to standard error. */
	out_sink->is_prioritized = is_journal_stream(params->fd, params->stream);
	return is_found;
}

int log_outlet_start(enum event_form form, enum event_level least, struct slice process)
{
	const struct log_outlet_params params = {.form = form,
						 .journal = LOG_OUTLET_JOURNAL,
						 .fd = STDERR_FILENO,
						 .stream = getenv("JOURNAL_STREAM")};
	struct event_sink sink;
	if (!log_outlet_find(&params, &sink)) {
		fputs("pagepost: the journal does not answer at " LOG_OUTLET_JOURNAL
		      "; the log goes to standard error.\n",
		      stderr);
	}
	event_set_least(least);
	event_open(&sink, process);
	return sink.fd != STDERR_FILENO ? sink.fd : -1;
}

void log_outlet_stop(int own)
{
	const struct event_sink none = {.fd = -1};
	event_open(&none, (struct slice){0});
	if (own >= 0) {
		close(own);
	}
}
