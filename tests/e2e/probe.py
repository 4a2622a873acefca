"""Runs the SMTP client alone (tests/support/peers/smtp_probe.c) against one server and reads what it says of each message."""
import os
import re
import subprocess
import tempfile

from harness import ROOT, equal

PROBE = os.path.join(ROOT, "build", "tests", "support", "peers", "smtp_probe")


def probe(arguments, to, content=b"hello"):
    """[(fault, phase, [(outcome, code, enhanced, phase, text)], detail)] for each message sent; arguments that are None are
    left out."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        arguments = {"host": "localhost", "from": "sender@example.com", "file": file.name, **arguments}
        done = subprocess.run([PROBE, *(f"{k}={v}" for k, v in arguments.items() if v is not None),
                               *("to=" + address for address in to)], capture_output=True, text=True, timeout=120)
    equal(done.returncode, 0, done.stderr)
    messages = []
    for line in done.stdout.splitlines():
        if begun := re.fullmatch(r"fault=(\S+) phase=(\S+) sent=\d+ us=\d+", line):
            messages.append([begun[1], begun[2], [], ""])
        elif recipient := re.fullmatch(r"to=\d+ (\S+) (\d+) (\S+) (\S+) ?(.*)", line):
            messages[-1][2].append((recipient[1], int(recipient[2]), *recipient.groups()[2:]))
        elif line.startswith("detail="):
            messages[-1][3] = line[7:]
    return messages


def delivered(result):
    return (result[0], result[1] // 100, result[3]) == ("delivered", 2, "final")
