"""What the end-to-end suites share: a running Pagepost with its own vault and certificates, an SMTP sink,
HTTP clients that can also misbehave, and a runner that ends with `N passed, N failed`.

Everything lives in one temporary folder, listens on loopback only, and is stopped by the pid that was started.
"""
import contextlib
import http.client
import json
import os
import queue
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("PAGEPOST", os.path.join(ROOT, "build", "pagepost"))
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
EML_CHECK = os.path.join(SHARED, "tools", "eml-check")
DEMO = os.path.join(ROOT, "tests", "demo")
START_S = 30

_tests = []


def test(function):
    """A case. It fails by an exception, and is skipped by raising Skip with the reason."""
    _tests.append(function)
    return function


class Skip(Exception):
    pass


def main():
    """Runs the cases (all, or those named on the command line) and ends the process."""
    passed = failed = skipped = 0
    wanted = sys.argv[1:]
    for function in _tests:
        if wanted and function.__name__ not in wanted:
            continue
        try:
            function()
            passed += 1
        except Skip as why:
            skipped += 1
            print(f"skip: {function.__name__}: {why}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {function.__name__}", flush=True)
            traceback.print_exc()
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
    sys.exit(1 if failed or passed + skipped == 0 else 0)


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


def equal(got, expected, what=""):
    check(got == expected, what, "got", repr(got)[:600], "expected", repr(expected)[:600])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Authority:
    """A throw-away certificate authority."""

    def __init__(self, folder):
        self.folder = folder
        self.file = os.path.join(folder, "ca.pem")
        self.key = os.path.join(folder, "ca.key")
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", "/CN=e2e CA " + secrets.token_hex(4), "-days", "2", "-keyout", self.key, "-out", self.file)

    def _openssl(self, *args):
        subprocess.run(["openssl", *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def leaf(self, name, hosts=("DNS:localhost", "IP:127.0.0.1")):
        """(certificate file, key file) for these names."""
        cert, key, request, extra = (os.path.join(self.folder, name + end) for end in (".crt", ".key", ".csr", ".ext"))
        with open(extra, "w") as f:
            f.write("subjectAltName=" + ",".join(hosts) + "\n")
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", "/CN=" + name, "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key, "-CAcreateserial",
                      "-days", "2", "-extfile", extra, "-out", cert)
        return cert, key


class Process:
    """A child whose standard output is read line by line and whose log is kept for the end."""

    def __init__(self, argv, env=None, stdin=subprocess.DEVNULL, pass_fds=()):
        self.child = subprocess.Popen(argv, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      env={**os.environ, **(env or {})}, **{"pass_fds": pass_fds, **self.popen_more()})
        self.log = bytearray()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    def popen_more(self):
        """What else the child is started with."""
        return {}

    def _read_log(self):
        for line in self.child.stderr:
            self.log += line

    @property
    def pid(self):
        return self.child.pid

    def stop(self, timeout=START_S):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(timeout)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self._reader.join(5)
        self.child.stdout.close()
        return self.child.returncode


class Sink(Process):
    """`pagepost sink --print`: messages arrive in self.messages as (line, bytes)."""

    def __init__(self, authority, *options, user="user", password="pass word", certificate=None):
        cert, key = certificate or authority.leaf("sink")
        self.user, self.password = user, password
        password_file = os.path.join(authority.folder, "sink.password")
        with open(password_file, "w") as f:
            f.write(password + "\n")
        super().__init__([PROGRAM, "sink", "--certificate", cert, "--key", key, "--user", user,
                          "--password-file", password_file, "--print", *options])
        ports = dict(item.split("=") for item in self.child.stdout.readline().decode().split())
        self.port, self.tls_port = int(ports["port"]), int(ports["tls_port"])
        self.messages = queue.Queue()
        threading.Thread(target=self._read_messages, daemon=True).start()

    def _read_messages(self):
        for line in self.child.stdout:
            text = line.decode(errors="replace").strip()
            if not text.startswith("message "):
                continue
            size = int(next(w for w in text.split() if w.startswith("bytes="))[6:])
            self.messages.put((text, self.child.stdout.read(size)))

    def message(self, timeout=START_S):
        return self.messages.get(timeout=timeout)[1]

    def is_empty(self):
        return self.messages.empty()


class Pagepost:
    """Vault, settings, `pagepost serve`; one tenant `acme` with a token."""

    def __init__(self, upstream_port=None, upstream_tls_port=None, settings=None, user="user", password="pass word",
                 ca=None, start=True, lacking='"landlock", "seccomp", "memory"'):
        self.lacking = lacking
        self.folder = tempfile.mkdtemp(prefix="pagepost-e2e-")
        self.authority = Authority(self.folder)
        self.cert, self.key = self.authority.leaf("tls")
        self.vault = os.path.join(self.folder, "vault")
        self.credential = os.path.join(self.folder, "vault.key")
        with open(self.credential, "wb") as f:
            f.write(secrets.token_bytes(32))
        os.chmod(self.credential, 0o600)
        self.vault_command("init")
        self.vault_command("tenant", "add", "acme", "--default-server", "main")
        self.token = self.vault_command("token", "new", "--tenant", "acme", "--label", "e2e").strip()
        self.ports = []
        if upstream_port:
            self.put_server("main", upstream_port, "starttls", user, password, ca=ca)
        if upstream_tls_port:
            self.put_server("implicit", upstream_tls_port, "implicit", user, password, ca=ca)
        self.settings = settings
        self.process = None
        if start:
            self.start()

    def vault_command(self, *args, text=None):
        done = subprocess.run([PROGRAM, "vault", *args, "--vault", self.vault, "--credential", self.credential],
                              input=text, capture_output=True, text=True)
        check(done.returncode == 0, "vault", args, done.stderr)
        return done.stdout

    def put_server(self, name, port, tls, user, password, host="localhost", ca=None, more=()):
        more = [*(["--ca", ca] if ca else []), *more]
        self.vault_command("server", "put", name, "--tenant", "acme", "--host", host, "--port", str(port), "--tls", tls,
                           "--username", user, "--from", "pages@example.com", *more, text=password + "\n")
        self.ports.append(port)

    def write_settings(self):
        ports = ", ".join(str(p) for p in sorted(set(self.ports + [25, 465, 587, 2525])))
        self.conf = os.path.join(self.folder, "pagepost.conf")
        with open(self.conf, "w") as f:
            f.write(self._settings_text(ports))

    def start(self, command="serve"):
        self.write_settings()
        self.process = Process([PROGRAM, command, "-c", self.conf])
        line = self.process.child.stdout.readline().decode()
        check(line.startswith("port="), "no port from serve:", line, bytes(self.process.log).decode())
        self.port = int(line[5:])

    def _settings_text(self, ports):
        parts = {
            "listen": 'address = "127.0.0.1"; port = 0;',
            "tls": 'certificate = "tls.crt"; key = "tls.key";',
            "vault": 'file = "vault"; credential = "vault.key";',
            "keeper": 'socket = "keeper.sock";',
            "relay": f'ca_file = "ca.pem"; allowed_ranges = [ "127.0.0.0/8", "::1/128" ]; allowed_ports = [ {ports} ];',
            "lockdown": f"allow_lacking = [ {self.lacking} ];",
        }
        for group, text in (self.settings or {}).items():
            parts[group] = parts.get(group, "") + " " + text
        return "".join(f"{group}: {{ {text} }};\n" for group, text in parts.items())

    def stop(self):
        code = self.process.stop() if self.process else 0
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def client_context(self):
        return ssl.create_default_context(cafile=self.authority.file)

    def connect(self, timeout=START_S):
        """A verified TLS connection, for requests written by hand."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout)
        return self.client_context().wrap_socket(raw, server_hostname="localhost")

    def request(self, method, path, body=None, headers=None, token=True, timeout=60):
        """(status, headers, decoded JSON or bytes)"""
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.client_context(), timeout=timeout)
        fields = dict(headers or {})
        if token:
            fields["Authorization"] = "Bearer " + (self.token if token is True else token)
        try:
            connection.request(method, path, body=body, headers=fields)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        kind = answer.getheader("Content-Type", "")
        return answer.status, answer.headers, json.loads(content) if "json" in kind and content else content

    def send(self, job, attachments=(), path="/v1/jobs", **more):
        """POST (to /v1/jobs) as multipart/form-data; attachments are (name, type, bytes)."""
        body, kind = multipart(job, attachments)
        headers = {"Content-Type": kind, **more.pop("headers", {})}
        return self.request("POST", path, body, headers, **more)


def multipart(job, attachments=(), boundary="e2e-boundary-7c1f"):
    """(body, content type); `job` may be a dict or raw bytes."""
    raw = job if isinstance(job, bytes) else json.dumps(job).encode()
    parts = [b'Content-Disposition: form-data; name="job"\r\nContent-Type: application/json\r\n\r\n' + raw]
    for name, kind, content in attachments:
        head = f'Content-Disposition: form-data; name="attachment"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + content)
    mark = b"--" + boundary.encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    return body, "multipart/form-data; boundary=" + boundary


def job(body="<p>Hello from the page.</p>", **more):
    """A job that is all right; keyword arguments replace or add top-level fields."""
    made = {
        "site_url": "https://example.atlassian.net/wiki",
        "page": {"id": "4711", "version": 3, "title": "Status of Apollo", "space_key": "APOLLO",
                 "format": "storage", "body": body},
        "sender": {"name": "Jo Writer", "email": "jo.writer@example.com"},
        "to": [{"name": "Erika Muster", "email": "erika@example.org"}],
    }
    made.update(more)
    return {key: value for key, value in made.items() if value is not None}


@contextlib.contextmanager
def running(sink_options=(), prepare=None, **pagepost):
    """A sink and a Pagepost that relays to it; prepare(gateway) runs before the start, for more servers."""
    sink = gateway = None
    try:
        gateway = Pagepost(start=False, **pagepost)
        sink = Sink(gateway.authority, *sink_options)
        gateway.put_server("main", sink.port, "starttls", sink.user, sink.password)
        gateway.put_server("implicit", sink.tls_port, "implicit", sink.user, sink.password)
        if prepare:
            prepare(gateway)
        gateway.start()
        yield gateway, sink
    finally:
        if gateway:
            gateway.stop()
        if sink:
            sink.stop()


def wait_until(condition, seconds=START_S, what="the condition"):
    """For states that come by themselves; the bound is generous, since nothing is judged by speed."""
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, "waited in vain for", what)
        time.sleep(0.02)
