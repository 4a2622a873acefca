"""Real Postfix, Dovecot, Exim and OpenSMTPD for the suites that need them (tests/support/peers), started with the first case
that asks and stopped with the process."""
import atexit
import os
import subprocess
import tempfile

from front import Front
from harness import ROOT, Skip, check

PEERS = os.path.join(ROOT, "tests", "support", "peers")
# (key of the port, TLS mode): every server in both modes. Postfix's basic one offers AUTH LOGIN alone, OpenSMTPD none.
SERVERS = [("postfix_port", "starttls"), ("postfix_tls_port", "implicit"), ("postfix_basic_port", "implicit"),
           ("dovecot_port", "starttls"), ("dovecot_tls_port", "implicit"), ("exim_port", "starttls"), ("exim_tls_port", "implicit"),
           ("opensmtpd_starttls_port", "starttls"), ("opensmtpd_tls_port", "implicit")]
_peers = None


def server_of(port):
    """The name of the server behind the key of a port."""
    return port.split("_")[0]


def has_login(port):
    return server_of(port) != "opensmtpd"


def certificate():
    """That of the servers, as (certificate, key)."""
    folder = os.path.join(os.path.dirname(peers()["maildir"]), "etc", "tls")
    return os.path.join(folder, "server.pem"), os.path.join(folder, "server.key")


def peers():
    """The servers' particulars, by key (see tests/support/peers/start); skips the case where they cannot be had."""
    global _peers
    if _peers is None:
        home = os.path.join(ROOT, "build", "peers")  # beside the unpacked packages, so that these are linked, not copied
        os.makedirs(home, exist_ok=True)
        folder = os.path.join(tempfile.mkdtemp(prefix="run-", dir=home), "peers")
        started = subprocess.run([os.path.join(PEERS, "start"), folder], capture_output=True, text=True, timeout=600)
        if started.returncode == 77:
            os.rmdir(os.path.dirname(folder))
            _peers = {"skip": started.stderr.strip().removeprefix("skip: ")}
        else:
            atexit.register(lambda: (subprocess.run([os.path.join(PEERS, "stop"), folder], timeout=300),
                                     os.rmdir(os.path.dirname(folder))))
            check(started.returncode == 0, "the servers do not start:", started.stderr)
            _peers = dict(line.split("=", 1) for line in started.stdout.splitlines())
            for key, starttls in (("opensmtpd_tls_port", False), ("opensmtpd_starttls_port", True)):
                _peers[key] = str(Front(certificate(), int(_peers["opensmtpd_port"]), starttls=starttls).port)
    if "skip" in _peers:
        raise Skip(_peers["skip"])
    return _peers


def box(name, port=""):
    """The new mails of a mailbox of the server with this key: file name to path. Dovecot hands its mail to Postfix."""
    prefix = server_of(port) + "-" if server_of(port) in ("exim", "opensmtpd") else ""
    folder = os.path.join(peers()["maildir"], prefix + name, "new")
    return {file: os.path.join(folder, file) for file in (os.listdir(folder) if os.path.isdir(folder) else [])}
