"""A token endpoint of the tests, over HTTPS: it answers what it is told, and keeps what was asked."""
import contextlib
import http.server
import json
import ssl
import threading
import urllib.parse

HANG = object()   # never answers
CLOSE = object()  # closes in the middle of its answer


class Endpoint:
    """`answer(form)` gives (status, JSON or bytes), HANG or CLOSE; when None, tokens t1, t2 ... one each time."""

    def __init__(self, authority, answer=None, expires_in=3600, certificate=None, address="127.0.0.1", port=0, host="localhost"):
        self.forms, self.paths, self.given = [], [], 0
        self._answer, self._expires_in, self._lock = answer, expires_in, threading.Lock()
        self._over = threading.Event()
        cert, key = certificate or authority.leaf("oauth")
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                with outer._lock:
                    outer.paths.append(self.path)
                    outer.forms.append(dict(urllib.parse.parse_qsl(body, strict_parsing=True)))
                outer._say(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self._server = Server((address, port), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.url = f"https://{host}:{self.port}/token"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def token(self):
        with self._lock:
            self.given += 1
            return f"token-{self.given}-of-the-endpoint"

    def grant(self, **more):
        return 200, {"access_token": self.token(), "token_type": "Bearer", "expires_in": self._expires_in, **more}

    def _say(self, request):
        answer = self._answer(self.forms[-1]) if self._answer else self.grant()
        if answer is HANG:
            self._over.wait(120)
            return
        if answer is CLOSE:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"access_token\": \"")
            request.wfile.flush()
            request.connection.close()
            return
        status, body, *headers = answer
        kind = "text/html" if isinstance(body, bytes) else "application/json"
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            request.send_header(name, value)
        request.end_headers()
        with contextlib.suppress(OSError):
            request.wfile.write(body)

    def stop(self):
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
