"""What the suites of bad input share: each refusal has its clear answer, nothing is sent, the next good job is served,
and the processes' log holds nothing of a user's."""
import contextlib
import http.client
import json
import secrets

from harness import check, equal, job, running

# What harness.job() and the vault of harness.Pagepost hold of people and secrets; a bad value carries the word canary.
USER_WORDS = ("erika", "muster", "example.org", "jo.writer", "writer", "apollo", "hello from", "pages@", "pass word",
              "canary")


def refused(answer, status, slug, *phrases):
    """The answer is this problem, and its detail says what would be right."""
    got, headers, body = answer
    equal(got, status, body)
    equal(headers.get_content_type(), "application/problem+json", body)
    equal((body["type"], body["status"]), ("urn:pagepost:problem:" + slug, status), body)
    check(body["title"] and body["detail"].endswith(".") and headers["X-Request-Id"], body)
    for phrase in phrases:
        check(phrase in body["detail"], "no", repr(phrase), "in", body["detail"])
    check("canary" not in json.dumps(body).lower(), "a value of the job stands in the answer", body)


def serves(gateway, sink, **more):
    """A good job is delivered, and it is the first and only one that reached the mail server."""
    mark = secrets.token_hex(8)
    status, _, answer = gateway.send(job(subject=mark), **more)
    equal((status, answer.get("outcome")), (200, "delivered"), answer)
    check(mark.encode() in sink.message(), "something else was sent before the good job")
    check(sink.is_empty(), "more than the good job was sent")


def says_nothing(gateway, words=()):
    """After its end: it ended well, and its log names no user, address, title, file or secret."""
    log = bytes(gateway.process.log).decode(errors="replace").lower()
    equal(gateway.process.child.returncode, 0, log[-2000:])
    check("event=" in log or "job" in log, "the log was not gathered", log)
    for word in (*USER_WORDS, gateway.token.lower(), *(w.lower() for w in words)):
        check(word not in log, repr(word), "stands in the log")


@contextlib.contextmanager
def guarded(words=(), sink_options=(), **pagepost):
    """A running pair; when the refusals are over, the good job goes through and the log is looked at."""
    with running(sink_options, **pagepost) as (gateway, sink):
        yield gateway, sink
        serves(gateway, sink)
    says_nothing(gateway, words)


def read_answer(connection):
    """(status, headers, decoded JSON or bytes) of one response on a raw connection."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    content = response.read()
    kind = response.getheader("Content-Type", "")
    return response.status, response.headers, json.loads(content) if "json" in kind else content


def read_to_end(connection):
    """Everything until the peer closes."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while more := connection.recv(65536):
            got += more
    return got


def head(gateway, *fields, method="POST", path="/v1/jobs", token=None):
    """The bytes of a request head with the token and these fields."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Authorization: Bearer " + (token or gateway.token), *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
