"""What the suites about tenants share: one running pair with a sink behind it, and tenants that talk to it by the API."""
import atexit
import base64
import json
import secrets

from harness import Pagepost, Sink, check, equal, job

SECRET = "s3cret-of-the-tenant"  # the password at the sink
_stage = None


class Stage:
    """Gateway, keeper, and a sink that takes SECRET."""

    def __init__(self, **pagepost):
        self.gateway = Pagepost(start=False, **pagepost)
        self.sink = Sink(self.gateway.authority, password=SECRET)
        self.gateway.ports += [self.sink.port, self.sink.tls_port]
        self.gateway.start()
        self.made = 0

    def tenant(self, name=None):
        self.made += 1
        return Tenant(self, name or f"tenant-{self.made}")

    def stop(self):
        self.gateway.stop()
        self.sink.stop()


def stage(**pagepost):
    global _stage
    if _stage is None:
        _stage = Stage(**pagepost)
        atexit.register(_stage.stop)
    return _stage


def half():
    return base64.b64encode(secrets.token_bytes(32)).decode()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.etag = headers.get("ETag")

    def detail(self):
        return self.body.get("detail", "") if isinstance(self.body, dict) else ""

    def __repr__(self):
        return f"{self.status} {self.body!r}"


class Tenant:
    """A tenant with a token of each scope, made on the command line."""

    def __init__(self, stage, name):
        self.stage, self.name, self.key = stage, name, None
        stage.gateway.vault_command("tenant", "add", name)
        self.admin = self.token("admin")
        self.sender = self.token("send")

    def token(self, scope):
        return self.stage.gateway.vault_command("token", "new", "--tenant", self.name, "--label", scope,
                                                "--scope", scope).strip()

    def ask(self, method, path, body=None, match=None, none_match=None, key=True, token=None, headers=None):
        """`key`: True for the tenant's own half, None for none."""
        fields = dict(headers or {})
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
        if match is not None:
            fields["If-Match"] = match
        if none_match is not None:
            fields["If-None-Match"] = none_match
        key = self.key if key is True else key
        if key is not None:
            fields["X-Pagepost-Key"] = key
        raw = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        return Answer(*self.stage.gateway.request(method, path, raw, fields, token=token or self.admin))

    def wants(self, status, method, path, *args, **more):
        """ask(), where that status is to come."""
        answer = self.ask(method, path, *args, **more)
        equal(answer.status, status, f"{method} {path} {answer!r}")
        if status != 405 and method != "HEAD":
            equal(answer.headers.get("Cache-Control"), "no-store")
        check(SECRET not in json.dumps(answer.body if isinstance(answer.body, dict) else ""), answer)
        return answer

    def set(self, path, fields, **more):
        """The record becomes that, whatever it was."""
        before = self.ask("GET", path)
        more["match"] = before.etag if before.status == 200 else None
        return self.wants(200 if before.status == 200 else 201, "PUT", path, fields, **more)

    def server(self, **more):
        fields = {"host": "localhost", "port": self.stage.sink.port, "tls": "starttls", "username": self.stage.sink.user,
                  "password": SECRET, "from_address": f"pages@{self.name}.example"}
        fields.update(more)
        return {key: value for key, value in fields.items() if value is not None}

    def open_shop(self, **settings):
        """A server, and settings that name it."""
        self.set("/v1/tenant/servers/main", self.server())
        self.set("/v1/tenant/settings", {"default_server": "main", **settings})

    def send(self, attachments=(), token=None, key=True, headers=None, path="/v1/jobs", **more):
        fields = dict(headers or {})
        key = self.key if key is True else key
        if key is not None:
            fields["X-Pagepost-Key"] = key
        return Answer(*self.stage.gateway.send(job(**more), attachments, path=path, headers=fields,
                                               token=token or self.sender))

    def delivers(self, *args, **more):
        """The mail that a job becomes."""
        answer = self.send(*args, **more)
        equal(answer.status, 200, answer)
        equal(answer.body["outcome"], "delivered", answer)
        return self.stage.sink.message()

    def refuses(self, status, part, *args, **more):
        answer = self.send(*args, **more)
        equal(answer.status, status, answer)
        check(part in answer.detail(), part, "is not in", answer)
        check(self.stage.sink.is_empty(), "a mail went out")
        return answer
