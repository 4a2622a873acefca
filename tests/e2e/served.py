"""A gateway as systemd starts it: on a listening socket that outlives it, beside a keeper that is another service."""
import os
import re
import socket

from guarded import head
from harness import PROGRAM, Pagepost, Process, check, equal, job, multipart, wait_until


class Inherited(Process):
    """As systemd starts it: the listening socket is descriptor 3 (sd_listen_fds(3))."""

    def __init__(self, listener, argv):
        self.listener = listener
        super().__init__(["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"', *argv], env={"LISTEN_FDS": "1"})

    def popen_more(self):
        return {"preexec_fn": lambda: os.dup2(self.listener.fileno(), 3), "pass_fds": (3,)}


class Served(Pagepost):
    """Keeper and gateway as two services behind one socket that outlives them."""

    def start(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.write_settings()
        self.keeper = Process([PROGRAM, "keeper", "-c", self.conf])
        wait_until(lambda: b"keeper.up" in self.keeper.log, what="the keeper")
        self.logs = []
        self.start_gateway()

    def start_gateway(self):
        self.process = Inherited(self.listener, [PROGRAM, "gateway", "-c", self.conf])
        line = self.process.child.stdout.readline().decode()
        equal(line, f"port={self.port}\n", bytes(self.process.log).decode())

    def stop_gateway(self):
        """Waits for the end, however long the drain takes."""
        code = self.process.stop(60)
        self.logs.append(bytes(self.process.log))
        equal(code, 0, self.logs[-1][-2000:].decode(errors="replace"))
        check(b"unfinished=0" in self.logs[-1], self.logs[-1][-300:])

    def restart(self):
        self.stop_gateway()
        self.start_gateway()

    def stop(self):
        self.process.stop()
        self.keeper.stop()
        self.listener.close()
        return super().stop()


def marked(mark):
    return job(f"<p>{mark}</p>", subject=mark)


def marks_in(contents):
    found = {}
    for content in contents:
        for mark in set(re.findall(rb"^Subject: .*?(mark-\d+-)", content, re.M)):
            found[mark.decode()] = found.get(mark.decode(), 0) + 1
    return found


def in_flight(gateway, number):
    """A connection whose job was handed over."""
    body, kind = multipart(marked(f"mark-{number}-"))
    connection = gateway.connect(60)
    connection.sendall(head(gateway, "Content-Type: " + kind, f"Content-Length: {len(body)}", "Prefer: wait=60") + body)
    return connection
