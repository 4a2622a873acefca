"""A headless Chromium, driven through its debugging pipe: nothing but Python's own library.

    with Browser() as b:
        tab = b.tab()
        tab.size(680)
        tab.load("file:///...")
        tab.run("document.title")

What the pages do is noted on the tab: `scripts` (the page of each script that ran), `requests` (the page, and the address
that it asked for), `dialogs` (the page, and the words). Every request that is no file goes to a proxy on the loopback that answers nothing and notes
it (`Browser.caught`), so nothing leaves the machine, and what escapes the notes of the tab is seen there.
"""
import json
import os
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--mute-audio",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--no-pings", "--disable-domain-reliability", "--metrics-recording-only",
         "--disable-features=OptimizationHints,MediaRouter,Translate,DialMediaRouteProvider", "--proxy-bypass-list=<-loopback>", "--allow-file-access-from-files"]
# What the driver itself runs in a page carries this name, so that it is told from what the page brings along.
OWN = "own-probe"
SECONDS = 60


class Lost(Exception):
    """The browser said no, or nothing."""


class Catcher:
    """Takes connections on the loopback, notes the first line of each, and hangs up."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.lines = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.lines.append(connection.recv(4096).split(b"\r\n")[0].decode("latin-1"))
                except OSError:
                    self.lines.append("(a connection without a word)")


class Tab:
    def __init__(self, browser):
        self.browser = browser
        self.scripts, self.requests, self.dialogs, self.loaded = [], [], [], 0
        self.target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]
        browser.tabs[self.session] = self
        for domain in ("Page", "Runtime", "Network", "Debugger"):
            self.call(domain + ".enable")

    def call(self, method, params=None):
        return self.browser.call(method, params, self.session)

    def close(self):
        self.browser.call("Target.closeTarget", {"targetId": self.target})

    def event(self, method, params):
        if method == "Page.loadEventFired":
            self.loaded += 1
        elif method == "Debugger.scriptParsed":
            if params.get("url") != OWN and params.get("scriptLanguage", "JavaScript") == "JavaScript":
                self.scripts.append(params.get("url") or "(inline)")
        elif method == "Network.requestWillBeSent":
            self.requests.append((params.get("documentURL", ""), params["request"]["url"]))
        elif method == "Network.webSocketCreated":
            self.requests.append(("", params["url"]))
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append((params.get("url", ""), params.get("message", "")))
            self.browser.send("Page.handleJavaScriptDialog", {"accept": True}, self.session)

    def forget(self):
        self.scripts, self.requests, self.dialogs = [], [], []

    def size(self, width, height=800, dark=False):
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.call("Emulation.setEmulatedMedia",
                  {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def load(self, address, seconds=SECONDS):
        before = self.loaded
        self.call("Page.navigate", {"url": address})
        self.browser.until(lambda: self.loaded > before, seconds)

    def run(self, expression):
        said = self.call("Runtime.evaluate", {"expression": expression + "\n//# sourceURL=" + OWN, "returnByValue": True,
                                              "awaitPromise": True})
        if "exceptionDetails" in said:
            raise Lost(json.dumps(said["exceptionDetails"])[:600])
        return said["result"].get("value")

    def picture(self):
        """The whole page as PNG, base64."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": {
            "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}})["data"]


class Browser:
    def __init__(self):
        self.program = shutil.which("chromium") or shutil.which("chromium-browser")
        if self.program is None:
            raise Lost("there is no chromium")
        self.folder = tempfile.mkdtemp()
        self.catcher = Catcher()
        self.tabs, self.answers, self.number, self.rest = {}, {}, 0, b""
        theirs_in, self.out = os.pipe()
        self.into, theirs_out = os.pipe()
        # The browser reads at 3 and writes at 4.
        command = ["sh", "-c", 'exec "$0" "$@" 3<&%d 4>&%d' % (theirs_in, theirs_out), self.program] + FLAGS + [
            "--user-data-dir=" + self.folder, "--proxy-server=http://127.0.0.1:%d" % self.catcher.port,
            "--remote-debugging-pipe", "about:blank"]
        if max(theirs_in, theirs_out) > 9:  # a shell's redirections know one digit
            raise Lost("too many files are open")
        self.child = subprocess.Popen(command, pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.call("Target.setDiscoverTargets", {"discover": False})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def caught(self):
        """First lines of what was asked of the network; the browser's own errands are not the page's."""
        return [line for line in self.catcher.lines if not any(own in line for own in (
            "google.com", "googleapis.com", "gvt1.com", "gstatic.com"))]

    def tab(self):
        return Tab(self)

    def send(self, method, params=None, session=None):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params or {}}
        if session is not None:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        return self.number

    def call(self, method, params=None, session=None):
        number = self.send(method, params, session)
        self.until(lambda: number in self.answers)
        said = self.answers.pop(number)
        if "error" in said:
            raise Lost("%s: %s" % (method, said["error"].get("message")))
        return said["result"]

    def until(self, wanted, seconds=SECONDS):
        end = time.monotonic() + seconds
        while not wanted():
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                raise Lost("the browser does not answer")
            more = os.read(self.into, 1 << 16)
            if not more:
                raise Lost("the browser is gone")
            *whole, self.rest = (self.rest + more).split(b"\0")
            for one in whole:
                self.take(json.loads(one))

    def take(self, message):
        if "id" in message:
            self.answers[message["id"]] = message
        elif message.get("sessionId") in self.tabs:
            self.tabs[message["sessionId"]].event(message["method"], message["params"])

    def close(self):
        try:
            self.call("Browser.close")
            self.child.wait(20)
        except (Lost, OSError, subprocess.TimeoutExpired):
            self.child.kill()
            self.child.wait()
        self.catcher.listener.close()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.folder, ignore_errors=True)
