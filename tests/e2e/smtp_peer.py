"""A mail server that answers what it is told, to show the faults that a good one never has."""
import contextlib
import os
import socket
import ssl
import struct
import threading

SILENT = object()  # never answers; the connection stays
DROP = object()    # closes without a word


class Leaves(str):
    """Says this and goes; or, with the words and something true behind them, goes by a reset."""

    def __new__(cls, words, by_reset=False):
        made = super().__new__(cls, words)
        made.by_reset = by_reset
        return made


GOOD = {"CONNECT": "220 peer.example", "EHLO": "250 peer.example", "STARTTLS": "220 Go on", "HANDSHAKE": "", "AUTH": "235 Yes",
        "MAIL": "250 Yes", "RCPT": "250 Yes", "DATA": "354 Go on", "CONTENT": "", "END": "250 Taken", "RSET": "250 Yes",
        "QUIT": "221 Bye"}


class Peer:
    """At an address of loopback. `replies` says what differs from GOOD: a text, bytes as they are, SILENT, DROP, a function that gives
    one of these, or a list of them: one each time, the last one from then on. `lines` has each whole line; a function with
    an attribute `takes_line` is given it."""

    def __init__(self, authority, capabilities=("PIPELINING", "AUTH PLAIN LOGIN"), certificate=None, starttls=True,
                 address="127.0.0.1", port=0, **replies):
        if not hasattr(authority, "peer_leaf"):
            authority.peer_leaf = authority.leaf("peer")
        cert, key = certificate or authority.peer_leaf
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(cert, key)
        self._capabilities, self._starttls, self._replies = capabilities, starttls, {**GOOD, **replies}
        self._lock, self._open = threading.Lock(), []
        self.messages, self.verdicts, self.steps, self.lines, self.connections = [], [], [], [], 0
        self._listener = socket.create_server((address, port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits there, and the port is free
        self._listener.close()
        self.drop_all()

    def drop_all(self, farewell=b""):
        """Every connection ends, with or without a word."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    if farewell and isinstance(connection, ssl.SSLSocket):
                        connection.sendall(farewell)
                    connection.shutdown(socket.SHUT_RDWR)
                    connection.close()
            self._open.clear()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what was said is out, also before a reset
                with self._lock:
                    self.connections += 1
                    self._open.append(raw)
                threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw):
        with contextlib.suppress(OSError, ValueError), contextlib.closing(_Talk(self, raw)) as talk:
            talk.run()

    def reply_to(self, step, line=b""):
        with self._lock:
            self.steps.append(step)
            self.lines.append(line)
            reply = self._replies.get(step, "500 What?")
            if isinstance(reply, list):
                reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if callable(reply):
            reply = reply(line) if hasattr(reply, "takes_line") else reply()
        if step == "EHLO" and isinstance(reply, str) and reply.startswith("250"):
            return None
        return reply


class _Talk:
    def __init__(self, peer, raw):
        self.peer, self.socket, self.is_tls, self.resets = peer, raw, False, False
        self.file = raw.makefile("rb")

    def close(self):
        if self.resets:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with contextlib.suppress(OSError):
                os.close(self.socket.detach())  # whoever still holds the object
            return
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # at once, whoever still holds it
        self.socket.close()

    def _say(self, reply):
        self.socket.sendall(reply if isinstance(reply, bytes) else (reply + "\r\n").encode() if reply else b"")

    def _answer(self, step, line=b""):
        return self._give(self.peer.reply_to(step, line))

    def _give(self, reply):
        """False when the talk is over."""
        if reply is SILENT:
            while self.socket.recv(65536):
                pass
        if reply in (SILENT, DROP):
            return False
        if reply is None:
            more = list(self.peer._capabilities)
            if self.peer._starttls and not self.is_tls:
                more.append("STARTTLS")
            words = ["peer.example", *more]
            reply = "\r\n".join("250" + ("-" if i + 1 < len(words) else " ") + w for i, w in enumerate(words))
        self.gave = reply
        self._say(reply)
        if isinstance(reply, Leaves) and reply.by_reset:
            self.resets = True
        return not isinstance(reply, Leaves)

    def run(self):
        if not self._answer("CONNECT"):
            return
        while line := self.file.readline():
            step = line.split()[0].decode().upper() if line.split() else ""
            if not self._answer(step, line) or not self._follow(step):
                return

    def _follow(self, step):
        if step == "STARTTLS":
            self.socket.recv(1, socket.MSG_PEEK)  # what came before the client's first word would be an injection
            if not self._answer("HANDSHAKE"):
                return False
            self.socket = self.peer._tls.wrap_socket(self.socket, server_side=True)
            self.file, self.is_tls = self.socket.makefile("rb"), True
            self.peer._open.append(self.socket)
        elif step == "DATA" and self.gave.startswith("354"):
            return self._take_content()
        return step != "QUIT"

    def _take_content(self):
        if not self._answer("CONTENT"):
            return False
        content = bytearray()
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                return False
            content += line
        content = bytes(content)
        if content:  # a dot alone takes a DATA back that nobody is left for
            self.peer.messages.append(content)
        reply = self.peer.reply_to("END")
        if content:
            self.peer.verdicts.append((content, reply))
        return self._give(reply)
