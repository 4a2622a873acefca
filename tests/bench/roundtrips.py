"""Milliseconds and turn-arounds per message over a path of 50 ms, where every wait for an answer shows, and on this machine
without one: Pagepost's SMTP client beside nodemailer's pool, curl and Postfix, to a real Postfix, Exim and Dovecot."""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import path

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PEERS = os.path.join(ROOT, "tests", "support", "peers")
PROBE = os.path.join(ROOT, "build", "tests", "support", "peers", "smtp_probe")
ROUND_TRIP_S = 0.05
FIRST = 3  # messages on a connection that are not like those behind them
TO = ["anna@example.com", "bert@example.com"]
HEAD = (b"Subject: probe\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n")
SIZES = {"136 B": 136, "10 KB": 10_240, "200 KB": 204_800}
MODES = {"implicit": "_tls_port", "starttls": "_port"}


def median(values):
    return sorted(values)[len(values) // 2]


class Servers:
    """The servers of the tests at one end of a path, or on the loopback."""

    def __init__(self, at=None, end="server", **more):
        self.at = at
        home = os.path.join(ROOT, "build", "peers")
        os.makedirs(home, exist_ok=True)
        self.folder = os.path.join(tempfile.mkdtemp(prefix="bench-", dir=home), "peers")
        address = path.ADDRESSES[end] if at else "127.0.0.1"
        started = subprocess.run(self.argv(end, os.path.join(PEERS, "start"), self.folder), capture_output=True, text=True,
                                 env={**os.environ, "PEERS_ADDRESS": address, "PEERS_NETWORKS": path.NETWORK, **more}, check=False)
        if started.returncode != 0:
            os.rmdir(os.path.dirname(self.folder))
            raise OSError(started.stderr.strip())
        self.env = dict(line.split("=", 1) for line in started.stdout.splitlines())
        self.env["host"] = address if at else "localhost"

    def argv(self, host, *command):
        return self.at.argv(host, *command) if self.at else list(command)

    def turn_arounds(self):
        return self.at.turn_arounds() if self.at else 0

    def stop(self):
        subprocess.run([os.path.join(PEERS, "stop"), self.folder], check=False)
        os.rmdir(os.path.dirname(self.folder))

    def client(self, *command, **more):
        """What a program at the client's end prints."""
        done = subprocess.run(self.argv("client", *command), capture_output=True, text=True, timeout=300, check=False, **more)
        if done.returncode != 0:
            raise OSError(f"{command[0]}: {done.stdout[-300:]} {done.stderr[-300:]}")
        return done.stdout


def content_for(size):
    """What becomes a message of about this size in Base64."""
    return b"x" * max(3, (size - len(HEAD)) * 57 // 78)


def message_of(size):
    encoded = base64.b64encode(content_for(size))
    return HEAD + b"".join(encoded[i:i + 76] + b"\r\n" for i in range(0, len(encoded), 76))


def ours(servers, server, mode, size, times, each=100):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content_for(size))
        file.flush()
        env = servers.env
        out = servers.client(PROBE, "host=" + env["host"], "port=" + env[server + MODES[mode]], "tls=" + mode, "ca=" + env["ca"],
                             "user=" + env["user"], "password_file=" + env["password_file"], "from=sender@example.com",
                             "range=" + path.NETWORK, "file=" + file.name, f"times={times}", "connections=1", f"each={each}",
                             *("to=" + to for to in TO))
    if out.count(" delivered ") != times * len(TO):
        raise OSError("not all was delivered: " + out[-300:])
    return [int(us) / 1000 for us in re.findall(r" us=(\d+)$", out, re.M)]


def nodemailer(servers, server, mode, size, times):
    env = servers.env
    folder = os.path.join(ROOT, "build", "bench", "peer-smtp")
    os.makedirs(folder, exist_ok=True)
    for name in ("package.json", "client.js"):
        shutil.copy(os.path.join(ROOT, "tests", "bench", "peer-smtp", name), folder)
    if not os.path.isdir(os.path.join(folder, "node_modules")):
        subprocess.run(["npm", "install", "--loglevel=error", "--no-audit", "--no-fund"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
    with open(env["password_file"], encoding="ascii") as file:
        password = file.read()
    with tempfile.NamedTemporaryFile() as file:
        file.write(message_of(size))
        file.flush()
        told = {"host": env["host"], "port": int(env[server + MODES[mode]]), "secure": mode == "implicit", "ca": env["ca"],
                "user": env["user"], "password": password, "from": "sender@example.com", "to": TO, "file": file.name, "times": times}
        out = servers.client("node", os.path.join(folder, "client.js"), json.dumps(told))
    return [int(us) / 1000 for us in out.split()]


def curl(servers, server, mode, size, times):
    env = servers.env
    with open(env["password_file"], encoding="ascii") as file:
        password = file.read()
    port = env[server + MODES[mode]]
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "message"), "wb") as file:
            file.write(message_of(size))
        one = [f'url = "{"smtps" if mode == "implicit" else "smtp"}://localhost:{port}"', "ssl-reqd",
               f'resolve = "localhost:{port}:{path.ADDRESSES["server"] if servers.at else "127.0.0.1"}"', f'cacert = "{env["ca"]}"',
               f'user = "{env["user"]}:{password}"', 'mail-from = "sender@example.com"', *(f'mail-rcpt = "{to}"' for to in TO),
               f'upload-file = "{folder}/message"', 'write-out = "%{time_total}\\n"', "silent", "show-error", 'output = "/dev/null"']
        with open(os.path.join(folder, "config"), "w", encoding="ascii") as file:
            file.write("\nnext\n".join(["\n".join(one)] * times) + "\n")
        out = servers.client("curl", "-K", os.path.join(folder, "config"))
    return [float(s) * 1000 for s in out.split()]


SUBMIT = """import smtplib, sys
host, port, file, *to = sys.argv[1:]
with smtplib.SMTP(host, int(port)) as session:
    session.sendmail("sender@example.com", to, open(file, "rb").read())
"""


def postfix(servers, server, mode, size, times):
    """What another Postfix says it took, from asking for a connection to the last answer."""
    port = {"postfix": "postfix_relay_port", "exim": "exim_port"}[server]  # who sends there needs no login
    relay = Servers(servers.at, "client", PEERS_ONLY="postfix", PEERS_RELAY=f"[{servers.env['host']}]:{servers.env[port]}")
    took = []
    try:
        with tempfile.NamedTemporaryFile() as file:
            file.write(message_of(size))
            file.flush()
            for count in range(times):
                servers.client(sys.executable, "-c", SUBMIT, relay.env["host"], relay.env["postfix_relay_port"], file.name, *TO)
                while len(took) <= count:
                    time.sleep(0.005)
                    with open(os.path.join(relay.env["log"], "postfix.log"), encoding="utf-8") as log:
                        delays = re.findall(r" to=<anna@.* delays=([0-9./]+),.* status=(\w+)", log.read())
                    if any(status != "sent" for _, status in delays):
                        raise OSError("Postfix did not deliver")
                    took = [sum(float(s) for s in words.split("/")[2:]) * 1000 for words, _ in delays]
    finally:
        relay.stop()
    return took


CLIENTS = {"Pagepost": ours, "nodemailer pool": nodemailer, "curl": curl}


def measure_one(report, servers, where, server, mode, size, times):
    """Rows of one server, one way to TLS and one size of message, for all clients."""
    found = {}
    clients = dict(CLIENTS)
    if servers.at and (mode, size) == ("implicit", "10 KB") and server != "dovecot":
        clients["Postfix"] = postfix  # takes the longest to start
    for client, run in clients.items():
        cold, turns = [], []
        for _ in range(1 if client == "Postfix" else 3):
            cold += run(servers, server, mode, SIZES[size], FIRST)[:1]
            turns.append(servers.turn_arounds())
        took = run(servers, server, mode, SIZES[size], times)
        found[client] = {"cold": median(cold + took[:1]), "warm": median(took[times // 3:]), "longest": max(took[times // 3:])}
        # What the session took, and finding out what the server can take, is in both.
        found[client]["turns"] = (servers.turn_arounds() - median(turns)) / (times - FIRST)
    for state in ("warm", "cold") if servers.at else ("warm", "longest", "cold"):
        for client, figures in found.items():
            if (client, state) == ("Postfix", "cold"):
                continue  # speaks in the clear, without a login
            name, beside = f"{where}, {server}, {mode}, {size}, {state}: {client}", ()
            if client != "Pagepost":
                beside = ("Pagepost / " + client, found["Pagepost"][state] / figures[state])
            report(name, figures[state], "ms", *beside)
    if servers.at:
        known = ours(servers, server, mode, SIZES[size], FIRST + 1, each=1)[-1]
        report(f"{where}, {server}, {mode}, {size}, cold, server known: Pagepost", known, "ms")
        for client, figures in found.items():
            report(f"{where}, {server}, {mode}, {size}, turn-arounds: {client}", figures["turns"], "a message")


def fetch():
    """The servers' packages, here: where the path begins there is no network to get them by. One at a time, as in `start`."""
    tree = os.environ.get("PEERS_TREE", os.path.join(ROOT, "build", "peers", "tree"))
    os.makedirs(os.path.dirname(tree), exist_ok=True)
    lock = os.path.join(os.path.dirname(tree), ".lock")
    if subprocess.run(["flock", lock, os.path.join(PEERS, "fetch"), tree], check=False).returncode != 0:
        raise OSError("the packages of the servers cannot be had")


def measure(report, quick):
    """The rows, or why there are none."""
    try:
        fetch()
        between = path.Path(ROUND_TRIP_S)
    except OSError as why:
        print(f"round trips are not measured: {why}")
        return
    servers = None
    try:
        servers = Servers(between)
        for server in ("postfix", "exim", "dovecot"):
            for mode in ("implicit",) if quick else MODES:
                for size in SIZES if mode == "implicit" else ("10 KB",):
                    measure_one(report, servers, "50 ms away", server, mode, size, 6 if quick else 20)
    except OSError as why:
        print(f"round trips are not measured: {why}")
    finally:
        if servers:
            servers.stop()
        between.stop()
    local = Servers()
    for server in ("postfix", "exim", "dovecot"):
        measure_one(report, local, "same machine", server, "implicit", "10 KB", 20 if quick else 60)
    local.stop()


if __name__ == "__main__":  # alone, without results.json
    def show(name, figure, unit, peer=None, ratio=None):
        print(f"{name:<64} {figure:>9.1f} {unit} " + (f"{peer}: {ratio:.2f}" if peer else ""), flush=True)
    started = time.monotonic()
    measure(show, "--quick" in sys.argv)
    print(f"{time.monotonic() - started:.0f} s")
