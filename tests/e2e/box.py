"""A small Debian under a systemd of its own, in a container that has no network but loopback, with Pagepost as `make install` puts it.

The suite that boots one lives in mount, network and control groups of its own, so that nothing of it is left on the machine.
"""
import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from harness import PROGRAM, ROOT, Pagepost, Skip, check, wait_until

TREE = os.environ.get("BOX_TREE", os.path.join(ROOT, "build", "peers", "debian"))
BOOT_S = 90
NEWNS, NEWNET, REC, PRIVATE, PR_SET_PDEATHSIG = 0x20000, 0x40000000, 0x4000, 0x40000, 1
# Of what the units use, systemd-nspawn 252 forbids these calls unless it is told.
CALLS = "landlock_create_ruleset landlock_add_rule landlock_restrict_self @memlock @keyring"
_libc = ctypes.CDLL(None, use_errno=True)


def _call(name, *args):
    if getattr(_libc, name)(*args) != 0:
        raise Skip(f"{name}: {os.strerror(ctypes.get_errno())}")


def _mount(source, target, kind, flags=0, data=None):
    _call("mount", source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode() if data else None)


class Box:
    def __init__(self):
        if os.geteuid() != 0:
            raise Skip("a machine of its own needs root")
        for program in ("debootstrap", "systemd-nspawn", "nsenter"):
            if not shutil.which(program):
                raise Skip(f"{program} is not here")
        made = subprocess.run([os.path.join(ROOT, "tests", "support", "peers", "debian"), TREE], capture_output=True, text=True)
        if made.returncode != 0:
            raise Skip("Debian cannot be had: " + made.stderr.strip()[-200:])
        self.nspawn = self.leader = self.network = None
        self.folder = tempfile.mkdtemp(prefix="pagepost-box-")
        self.root = os.path.join(self.folder, "root")
        self.groups = []
        try:
            _call("unshare", NEWNS)
            _mount("none", "/", "", REC | PRIVATE)
            _mount("tmpfs", self.folder, "tmpfs", 0, "mode=700")
            for name in ("root", "upper", "work"):
                os.mkdir(os.path.join(self.folder, name))
                os.chmod(os.path.join(self.folder, name), 0o755)
            _mount("overlay", self.root, "overlay", 0, f"lowerdir={TREE},upperdir={self.folder}/upper,workdir={self.folder}/work")
        except BaseException:
            self.end()
            raise
        self.write("/etc/hosts", "127.0.0.1 localhost smtp.example.com\n")
        self.write("/etc/resolv.conf", "")

    # --- what is in it -----------------------------------------------------------------------------------

    def path(self, path):
        return self.root + path

    def write(self, path, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(path)), exist_ok=True)
        with open(self.path(path), "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(self.path(path), mode)

    def read(self, path):
        with open(self.path(path), "rb") as f:
            return f.read()

    def make(self, target):
        env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")}
        done = subprocess.run(["make", "-s", target, "DESTDIR=" + self.root], cwd=ROOT, env=env, capture_output=True, text=True)
        check(done.returncode == 0, "make", target, done.stdout, done.stderr)

    def lend_libraries(self):
        """The machine's own, of Debian 12 as well, in place of the packages that bring them."""
        for program in (PROGRAM, PROGRAM + "-pictures"):
            told = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
            for library in re.findall(r"=> (/\S+)", told):
                there = self.path("/usr/lib" + library.removeprefix("/usr").removeprefix("/lib"))
                if not os.path.exists(there):
                    os.makedirs(os.path.dirname(there), exist_ok=True)
                    shutil.copyfile(library, there)
                    os.chmod(there, 0o755)

    # --- its life ------------------------------------------------------------------------------------------

    def _own_groups(self):
        """Where no systemd keeps the machine's control groups, the box has its own in the two hierarchies that systemd uses."""
        for root in ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"):
            if os.path.exists(os.path.join(root, "cgroup.procs")):
                group = os.path.join(root, os.path.basename(self.folder))
                os.makedirs(group, exist_ok=True)
                self.groups.append(group)

    def boot(self):
        options = ["--directory=" + self.root, "--boot", "--private-network", "--register=no", "--console=pipe", "--link-journal=no",
                   "--resolv-conf=off", "--timezone=off", "--machine=" + os.path.basename(self.folder).replace("_", "x"),
                   "--system-call-filter=" + CALLS]
        if not os.path.isdir("/run/systemd/system"):
            options.append("--keep-unit")
            self._own_groups()
        groups = list(self.groups)

        def begin():
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            for group in groups:
                with open(os.path.join(group, "cgroup.procs"), "w") as f:
                    f.write(str(os.getpid()))

        self.console = tempfile.TemporaryFile(dir=self.folder)
        try:
            self.nspawn = subprocess.Popen(["systemd-nspawn", *options], stdin=subprocess.DEVNULL, stdout=self.console,
                                           stderr=subprocess.STDOUT, preexec_fn=begin)
        except (OSError, subprocess.SubprocessError) as why:
            raise Skip(f"systemd-nspawn does not start: {why}") from why
        end = time.monotonic() + BOOT_S
        while self.state() not in ("running", "degraded"):
            if self.nspawn.poll() is not None or time.monotonic() > end:
                self.console.seek(0)
                raise Skip("systemd does not boot here: " + self.console.read().decode(errors="replace")[-300:].replace("\n", " "))
            time.sleep(0.1)
        self._enter_network()

    def state(self):
        if self.leader is None:
            with contextlib.suppress(OSError), open(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children") as f:
                for pid in f.read().split():
                    with open(f"/proc/{pid}/comm") as name:
                        if name.read().strip() == "systemd":
                            self.leader = int(pid)
        return self.run("systemctl", "is-system-running", code=None).stdout.strip() if self.leader else ""

    def _enter_network(self):
        """The suite's own thread, and those that it makes from then on, see the loopback of the box."""
        with open(f"/proc/{self.leader}/ns/net") as f:
            _call("setns", f.fileno(), NEWNET)

    def shut_down(self):
        if self.nspawn is not None and self.nspawn.poll() is None:
            if self.leader is not None:
                os.kill(self.leader, signal.SIGRTMIN + 4)  # as `poweroff`
            try:
                self.nspawn.wait(30)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
        self.nspawn = self.leader = None
        for group in self.groups:
            for folder, _, _ in os.walk(group, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
        self.groups.clear()

    def end(self):
        self.shut_down()
        for target in (self.root, self.folder):
            _libc.umount2(target.encode(), 2)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- commands in it ------------------------------------------------------------------------------------

    def run(self, *argv, text=None, code=0, timeout=120):
        """As root of the box; `code` None: any status."""
        done = subprocess.run(["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "env", "-i",
                               "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", *argv],
                              input=text, capture_output=True, text=True, timeout=timeout,
                              **({} if text is not None else {"stdin": subprocess.DEVNULL}))
        check(code is None or done.returncode == code, argv, "ended with", done.returncode, done.stdout[-1500:], done.stderr[-1500:])
        return done

    def shell(self, script, **more):
        return self.run("bash", "-euo", "pipefail", "-c", script, **more)

    def property(self, unit, name):
        return self.run("systemctl", "show", "--value", "-p", name, unit).stdout.strip()

    def pid(self, unit):
        """Its main process, as the box numbers it."""
        return int(self.property(unit, "MainPID"))

    def read_process(self, pid, name):
        return self.run("cat", f"/proc/{pid}/{name}").stdout

    def kill(self, unit, which):
        self.run("systemctl", "kill", "--kill-who=main", "--signal=" + which, unit)

    def is_active(self, unit):
        return self.property(unit, "ActiveState") == "active"

    def until_active(self, unit, other_than=0, seconds=60):
        """Started, and by another process than that one."""
        wait_until(lambda: self.is_active(unit) and self.pid(unit) not in (0, other_than), seconds, unit)

    def journal(self, *options):
        return self.run("journalctl", "--no-pager", "--quiet", *options).stdout


class Client(Pagepost):
    """The harness's requests, to the service of a box."""

    def __init__(self, authority, token, port=8443):
        self.authority, self.token, self.port = authority, token, port
