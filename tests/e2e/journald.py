"""A journal of systemd's own journald for one suite: in mount, process and network namespaces of its own, with nothing of the
machine's journal in sight; and processes that are started there as systemd starts a unit's. All of it ends with the suite."""
import ctypes
import fcntl
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys

from harness import Process, check, wait_until

JOURNALD, FOLDER = "/lib/systemd/systemd-journald", "/run/systemd/journal"
INSIDE = "PAGEPOST_E2E_OWN_JOURNAL"
ALONE = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc"]
NEW_CGROUP_NAMESPACE = 0x02000000
# Of the kernel nothing is asked, neither its messages nor its audit; no entry is dropped for their number.
SETTINGS = """[Journal]
Storage=volatile
RuntimeMaxUse=64M
ReadKMsg=no
Audit=
ForwardToSyslog=no
ForwardToWall=no
RateLimitIntervalSec=0
"""
QUEUE = "512"  # datagrams that wait for journald; systemd sets it when it starts a machine


def go_inside():
    """At the very beginning of the suite, which starts anew in there. Returns why it could not."""
    if INSIDE in os.environ:
        return None
    if os.getuid() != 0:
        return "only root may start a journald"
    for path, package in ((JOURNALD, "systemd"), ("/etc/machine-id", "systemd")):
        if not os.path.exists(path):
            return f"{path} is not here (package {package})"
    tried = subprocess.run([*ALONE, "mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        return "no namespaces of its own: " + tried.stderr.strip()
    os.execvpe(ALONE[0], [*ALONE, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    check(done.returncode == 0, command, done.stderr)
    return done.stdout


def _loopback_up():
    with socket.socket() as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sH14x", b"lo", 1 | 64))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING


class Units:
    """Control groups by which journald knows of which unit a process is: in a namespace of their own, so that they are those of
    system.slice whatever the machine's are named. `why_not` when there can be none."""

    def __init__(self):
        self.why_not = None
        try:
            self._make()
        except (OSError, AssertionError) as why:
            self.why_not = f"no control groups of its own: {why}"

    def _make(self):
        os.mkdir("/run/cgroup")
        _run("mount", "-t", "cgroup2", "cgroup2", "/run/cgroup")
        with open("/proc/self/cgroup") as f:
            own = next(line[3:].strip() for line in f if line.startswith("0::"))
        self._home = "/run/cgroup" + own
        self._group = os.path.join(self._home, "pagepost-e2e-" + secrets.token_hex(4))
        os.mkdir(self._group)
        _join(self._group)
        if ctypes.CDLL(None, use_errno=True).unshare(NEW_CGROUP_NAMESPACE) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        _run("mount", "-t", "tmpfs", "tmpfs", "/sys/fs/cgroup")  # nobody mounts the same on itself
        _run("mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup")
        os.mkdir("/sys/fs/cgroup/system.slice")

    def folder(self, unit):
        path = "/sys/fs/cgroup/system.slice/" + unit
        os.makedirs(path, exist_ok=True)
        return path

    def stop(self):
        if not hasattr(self, "_group"):
            return
        _join(self._home)
        for folder, _, _ in os.walk(self._group, topdown=False):
            wait_until(lambda folder=folder: _is_removed(folder), what="an empty control group")


def _join(folder):
    with open(os.path.join(folder, "cgroup.procs"), "w") as f:
        f.write("0")


def _is_removed(folder):
    try:
        os.rmdir(folder)
    except OSError:
        return False
    return True


class Handed(Process):
    """A process that finds these descriptors from 3 on, `listening` of them as sockets that it is to serve (sd_listen_fds(3))."""

    def __init__(self, argv, descriptors, listening, before="", env=None):
        self._descriptors = descriptors
        super().__init__(["/bin/sh", "-ec", before + 'LISTEN_PID=$$ exec "$@"', "sh", *argv],
                         env={"LISTEN_FDS": str(listening), **(env or {})})

    def _put(self):
        for at, high in enumerate([fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in self._descriptors], 3):
            os.dup2(high, at)

    def popen_more(self):
        return {"preexec_fn": self._put, "pass_fds": tuple(range(3, 3 + len(self._descriptors)))}


class Unit(Handed):
    """A process as systemd starts a unit's: standard error goes to the journal, in the unit's name."""

    def __init__(self, journal, unit, argv, listeners=()):
        stream = journal.stream(unit)
        before = f"exec 2>&{3 + len(listeners)} {3 + len(listeners)}>&-; "
        if not journal.units.why_not:
            before = f"echo 0 >{journal.units.folder(unit)}/cgroup.procs; " + before
        status = os.fstat(stream.fileno())
        super().__init__(argv, [*(s.fileno() for s in listeners), stream.fileno()], len(listeners), before,
                         {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        stream.close()


class Journal:
    """journald on sockets that outlive it, as systemd holds them."""

    def __init__(self):
        for folder in ("/run", "/var/log"):
            _run("mount", "-t", "tmpfs", "tmpfs", folder)
        _loopback_up()
        with open("/proc/sys/net/unix/max_dgram_qlen", "w") as f:
            f.write(QUEUE)
        os.makedirs(FOLDER)
        os.makedirs("/run/systemd/journald.conf.d")
        with open("/run/systemd/journald.conf.d/e2e.conf", "w") as f:
            f.write(SETTINGS)
        with open("/run/machine-id", "w") as f:
            f.write(secrets.token_hex(16) + "\n")
        _run("mount", "--bind", "/run/machine-id", "/etc/machine-id")
        self.units = Units()
        self._sockets = [self._socket("socket", socket.SOCK_DGRAM), self._socket("stdout", socket.SOCK_STREAM)]
        self.start()

    @staticmethod
    def _socket(name, kind):
        made = socket.socket(socket.AF_UNIX, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        made.setsockopt(socket.SOL_SOCKET, 29, 1)  # SO_TIMESTAMP
        made.bind(os.path.join(FOLDER, name))
        os.chmod(os.path.join(FOLDER, name), 0o666)
        if kind == socket.SOCK_STREAM:
            made.listen(64)
        return made

    def start(self):
        self.process = Handed([JOURNALD], [s.fileno() for s in self._sockets], len(self._sockets))
        wait_until(lambda: self.entries(f"_PID={self.process.pid}", "SYSLOG_IDENTIFIER=systemd-journald"), what="journald")

    def stop(self):
        self.process.stop()
        for s in self._sockets:
            s.close()
        self.units.stop()

    def hangs(self, hangs):
        self.process.child.send_signal(signal.SIGSTOP if hangs else signal.SIGCONT)

    def restart(self, meanwhile):
        self.process.stop()
        meanwhile()
        self.start()

    @staticmethod
    def stream(unit):
        """What a unit gets for its standard error."""
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.connect(os.path.join(FOLDER, "stdout"))
        # Identifier, unit, priority, whether lines may begin with another one, and three places to forward them to.
        made.sendall(f"pagepost\n{unit}\n6\n1\n0\n0\n0\n".encode())
        made.shutdown(socket.SHUT_RD)
        return made

    @staticmethod
    def read(*options):
        """What journalctl prints."""
        return _run("journalctl", "--quiet", "--no-pager", *options)

    def entries(self, *matches):
        return [json.loads(line) for line in self.read("--output=json", *matches).splitlines()]

    @staticmethod
    def as_systemd(unit, words):
        """The first process of a machine tells of a unit; in here that is the suite's."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.connect(os.path.join(FOLDER, "socket"))
            s.send(f"SYSLOG_IDENTIFIER=systemd\nPRIORITY=6\nUNIT={unit}\nMESSAGE={words}\n".encode())
