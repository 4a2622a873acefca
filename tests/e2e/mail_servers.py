"""Real Postfix and Dovecot for the suites that need them (tests/support/peers), started with the first case that asks
and stopped with the process."""
import atexit
import os
import subprocess
import tempfile

from harness import ROOT, Skip, check

PEERS = os.path.join(ROOT, "tests", "support", "peers")
_peers = None


def peers():
    """The servers' particulars, by key (see tests/support/peers/start); skips the case where they cannot be had."""
    global _peers
    if _peers is None:
        home = os.path.join(ROOT, "build", "peers")  # beside the unpacked packages, so that these are linked, not copied
        os.makedirs(home, exist_ok=True)
        folder = os.path.join(tempfile.mkdtemp(prefix="run-", dir=home), "peers")
        started = subprocess.run([os.path.join(PEERS, "start"), folder], capture_output=True, text=True, timeout=300)
        if started.returncode == 77:
            os.rmdir(os.path.dirname(folder))
            _peers = {"skip": started.stderr.strip().removeprefix("skip: ")}
        else:
            atexit.register(lambda: (subprocess.run([os.path.join(PEERS, "stop"), folder], timeout=60),
                                     os.rmdir(os.path.dirname(folder))))
            check(started.returncode == 0, "the servers do not start:", started.stderr)
            _peers = dict(line.split("=", 1) for line in started.stdout.splitlines())
    if "skip" in _peers:
        raise Skip(_peers["skip"])
    return _peers


def box(name):
    """The new mails of a mailbox: file name to path."""
    folder = os.path.join(peers()["maildir"], name, "new")
    return {file: os.path.join(folder, file) for file in (os.listdir(folder) if os.path.isdir(folder) else [])}
