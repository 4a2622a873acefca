"""What the suites of the vault's commands share: a folder with a vault, a keeper on it, a terminal, and what was said."""
import hashlib
import json
import os
import pty
import re
import select
import shutil
import socket
import struct
import subprocess
import tempfile
import termios

PROGRAM = os.environ.get("PAGEPOST", "build/pagepost")
PATIENCE = 60
TOKEN = re.compile(r"^pp_[A-Za-z0-9_-]{43}\n$")

# The keeper's protocol: results, operations, how many fields a tenant has.
NONE, NO_CALLER, NOT_FOUND = 0, 2, 3
PING, FIND_CALLER, GET_TENANT, OPEN_JOB, SHRED_TENANT, CHANGE_HALF = 1, 2, 3, 5, 11, 12
TENANT_FIELDS = 21

results = {"passed": 0, "failed": 0}
said = []  # everything that any command printed, but for tokens when they are made


def test(fn):
    folder = tempfile.mkdtemp(prefix="pagepost-vault-cli-")
    box = Box(folder)
    try:
        fn(box)
        results["passed"] += 1
    except Exception as e:  # one failure must not hide the others
        results["failed"] += 1
        print(f"FAILED {fn.__name__}: {type(e).__name__}: {e}")
    finally:
        if box.keeper and box.keeper.poll() is None:
            box.keeper.kill()
            box.keeper.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return fn


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


class Box:
    """A folder with a vault, opened by a credential unless said otherwise."""

    def __init__(self, folder):
        self.folder = folder
        self.vault = os.path.join(folder, "vault")
        self.credential = os.path.join(folder, "credential")
        self.socket = os.path.join(folder, "socket")
        self.keeper = None

    def raw(self, *args, text="", credential=True):
        more = ["--credential", self.credential] if credential else []
        done = subprocess.run([PROGRAM, "vault", *args, "--vault", self.vault, *more], input=text, text=True,
                              capture_output=True, timeout=PATIENCE)
        said.append(done.stderr)
        said.append("" if TOKEN.match(done.stdout) else done.stdout)
        return done

    def call(self, *args, code=0, says="", text="", vault=None, credential=True):
        """A command by its own name: call("tenant", "list"). -> what it printed."""
        more = ["--credential", self.credential] if credential else []
        done = subprocess.run([PROGRAM, *args, "--vault", vault or self.vault, *more], input=text, text=True,
                              capture_output=True, timeout=PATIENCE)
        said.append(done.stderr)
        said.append("" if TOKEN.match(done.stdout) else done.stdout)
        check(done.returncode == code, args, "gave", done.returncode, "instead of", code, done.stderr)
        check(says in done.stderr, args, "said", repr(done.stderr), "without", repr(says))
        self.err = done.stderr
        return done.stdout

    def read(self, *args, **how):
        """What a command prints with --json, read."""
        return json.loads(self.call(*args, "--json", **how))

    def do(self, *args, **how):
        done = self.raw(*args, **how)
        check(done.returncode == 0, args, "gave", done.returncode, done.stderr)
        return done.stdout

    def refuse(self, code, sentence, *args, **how):
        done = self.raw(*args, **how)
        check(done.returncode == code, args, "gave", done.returncode, "instead of", code, done.stderr)
        check(sentence in done.stderr, args, "said", repr(done.stderr), "without", repr(sentence))
        check(done.stdout == "", args, "printed", done.stdout)

    def start_keeper(self, *more):
        keys = more or ("--vault", self.vault, "--socket", self.socket, "--credential", self.credential)
        self.keeper = subprocess.Popen([PROGRAM, "keeper", *keys], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        line = b""
        while b" keeper.up " not in line:
            line = self.keeper.stderr.readline()
            check(line != b"", "the keeper ended before it was ready")

    def ask(self, operation, *fields):
        """-> result, fields: the keeper's protocol, written a second time."""
        body = bytes([4, operation, len(fields)]) + b"".join(struct.pack(">H", len(f)) + f for f in fields)
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE)
            s.connect(self.socket)
            s.sendall(struct.pack(">I", len(body)) + body)
            size, = struct.unpack(">I", s.recv(4, socket.MSG_WAITALL))
            answer = s.recv(size, socket.MSG_WAITALL)
        got, at = [], 3
        while at < len(answer):
            n, = struct.unpack_from(">H", answer, at)
            got.append(answer[at + 2:at + 2 + n])
            at += 2 + n
        return answer[1], got

    def open_server(self, token, tenant, name=b"", half=b""):
        """-> result, the tenant's fields, the server's."""
        result, fields = self.ask(OPEN_JOB, hashlib.sha256(token.encode()).digest(), half, tenant, name, b"")
        return result, fields[:TENANT_FIELDS], fields[TENANT_FIELDS:]

    def stop_keeper(self):
        self.keeper.terminate()
        code = self.keeper.wait(PATIENCE)
        said.append(self.keeper.stderr.read().decode())
        return code




class Terminal:
    """A command whose standard input, output and error are one terminal."""

    def __init__(self, *args, command="vault", env=None):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(PROGRAM, ["pagepost", command, *args], env or os.environ)
        self.shown = b""

    def wait_for(self, text):
        while text.encode() not in self.shown:
            check(select.select([self.fd], [], [], PATIENCE)[0], "no", text, "in", self.shown)
            try:
                self.shown += os.read(self.fd, 4096)
            except OSError:
                raise AssertionError(f"ended without {text!r}: {self.shown!r}") from None
        at = self.shown.index(text.encode()) + len(text)
        seen, self.shown = self.shown[:at], self.shown[at:]
        said.append(seen.decode())

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        while True:
            try:
                more = os.read(self.fd, 4096)
            except OSError:
                more = b""
            if not more:
                break
            self.shown += more
        said.append(self.shown.decode())
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def main():
    print(f"{results['passed']} passed, {results['failed']} failed")
    raise SystemExit(results["failed"] != 0)
