"""Who may ask, how much may be sent, and what browsers may do with what is answered."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.server.started import TOKEN, Started

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BEARER = f"Authorization: Bearer {TOKEN}"


@contextmanager
def connected(server: Started) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        yield connection


def told(server: Started, *lines: str, body: bytes = b"") -> bytes:
    """What is answered to a raw request, up to where the connection is closed."""
    with connected(server) as connection:
        head = "\r\n".join([*lines, "Connection: close", "", ""])
        connection.sendall(head.encode("latin-1") + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def read_answers(connection: socket.socket, count: int) -> None:
    """Read what health answers."""
    answers = b""
    while len(re.findall(rb'HTTP/1.1 200 OK.+?"state":"\w+"}', answers, re.S)) < count:
        part = connection.recv(65536)
        assert part
        answers += part


def status_of(answer: bytes) -> int:
    return int(answer.split()[1])


@pytest.mark.parametrize("given", [None, "wrong", TOKEN + "x", TOKEN[:-1], "\xe9", ""])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/capabilities"),
        ("GET", "/v1/history"),
        ("POST", "/v1/jobs"),
        ("POST", "/v1/blobs"),
        ("GET", "/v1/blobs/" + "0" * 64),
        ("GET", "/v1/nothing"),
        ("GET", "//v1/capabilities"),
    ],
)
def test_a_wrong_token_is_refused(
    served: Started, method: str, path: str, given: str | None
) -> None:
    answer = served.ask(method, path, b"" if method == "POST" else None, token=given)
    assert (answer.status, answer.code) == (401, "wrong_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_what_anybody_may_ask(served: Started) -> None:
    health = served.ask("GET", "/v1/health", token=None)
    assert health.status == 200
    assert health.json["name"] == "creative_gen" and health.json["api"] == 1
    assert served.ask("GET", "/openapi.json", token=None).status == 200
    assert served.ask("GET", "/studio/nothing.js", token=None).code == "not_found"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", "0.0.0.0:{port}"]
)
@pytest.mark.parametrize("path", ["/v1/health", "/v1/capabilities", "/"])
def test_a_foreign_host_is_refused(served: Started, host: str, path: str) -> None:
    answer = served.ask("GET", path, headers={"Host": host.format(port=served.port)})
    assert (answer.status, answer.code) == (403, "foreign_host")


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:{port}", "file://", ""],
)
@pytest.mark.parametrize("path", ["/v1/health", "/v1/capabilities", "/v1/jobs"])
def test_a_foreign_origin_is_refused(served: Started, origin: str, path: str) -> None:
    headers = {"Origin": origin.format(port=served.port)}
    answer = served.ask("GET", path, headers=headers)
    assert (answer.status, answer.code) == (403, "foreign_origin")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_own_origin_may_ask(served: Started, name: str) -> None:
    headers = {"Origin": f"http://{name}:{served.port}", "Host": f"{name}:{served.port}"}
    answer = served.ask("GET", "/v1/capabilities", headers=headers)
    assert answer.status == 200
    preflight = served.ask("OPTIONS", "/v1/jobs", headers=headers)
    assert (preflight.status, preflight.code) == (405, "wrong_method")
    for one in (answer, preflight):
        assert not [name for name in one.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_a_body_that_is_no_json_is_refused(served: Started, kind: str) -> None:
    answer = served.ask("POST", "/v1/jobs", b'{"task": "x"}', {"Content-Type": kind})
    assert (answer.status, answer.code) == (415, "wrong_type")


@pytest.mark.parametrize("kind", ["text/html\x7f", "<script>", "x" * 300, "a/b c", "image/"])
def test_a_content_type_that_is_none_is_refused(served: Started, kind: str) -> None:
    answer = served.ask("POST", "/v1/blobs", b"x", {"Content-Type": kind})
    assert answer.status in (400, 415)


@pytest.mark.parametrize(
    "blob",
    [
        "../../../etc/passwd",
        "..%2f..%2fhistory.sqlite",
        "%2e%2e/history.sqlite",
        "....//history.sqlite",
        "%00",
        "0" * 63 + "/",
        "A" * 64,
        "0" * 64,
    ],
)
def test_no_path_leads_out_of_the_blobs(served: Started, blob: str) -> None:
    answer = served.ask("GET", f"/v1/blobs/{blob}")
    assert answer.status == 404 and answer.code in ("unknown_blob", "not_found")


@pytest.mark.parametrize(
    "name", ["../client/creative_gen_client.py", "..%2f..%2fsetup.py", "%2fetc%2fpasswd", "%00.js"]
)
def test_no_path_leads_out_of_the_studio(served: Started, name: str) -> None:
    answer = served.ask("GET", f"/studio/{name}")
    assert (answer.status, answer.code) == (404, "not_found")


def test_a_file_is_an_attachment_that_does_nothing(served: Started) -> None:
    blob = served.ask("POST", "/v1/blobs", SCRIPT, {"Content-Type": "image/svg+xml"}).json
    answer = served.ask("GET", f"/v1/blobs/{blob['id']}")
    assert answer.body == SCRIPT and answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_file_without_a_type_is_one_of_bytes(served: Started) -> None:
    blob = served.ask("POST", "/v1/blobs", b"bytes")
    assert blob.json["content_type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("path", "kind", "most"),
    [("/v1/jobs", "application/json", 1 << 20), ("/v1/blobs", "image/png", 2 << 20)],
)
def test_what_is_too_large_is_refused_before_it_is_read(
    served: Started, path: str, kind: str, most: int
) -> None:
    lines = (f"Host: 127.0.0.1:{served.port}", BEARER, f"Content-Type: {kind}")
    answer = told(served, f"POST {path} HTTP/1.1", *lines, f"Content-Length: {most + 1}")
    assert status_of(answer) == 413 and b'"too_large"' in answer
    whole = served.ask("POST", path, b" " * (most + 1), {"Content-Type": kind})
    assert (whole.status, whole.code) == (413, "too_large")


def test_a_body_of_unknown_length_is_refused(served: Started) -> None:
    lines = (f"Host: 127.0.0.1:{served.port}", BEARER, "Transfer-Encoding: chunked")
    for path in ("/v1/jobs", "/v1/blobs"):
        answer = told(served, f"POST {path} HTTP/1.1", *lines, body=b"3\r\nabc\r\n0\r\n\r\n")
        assert status_of(answer) == 411 and b'"no_length"' in answer
    answer = told(served, "POST /v1/blobs HTTP/1.1", *lines[:2])
    assert status_of(answer) == 411


def test_what_is_no_http_is_told_so(served: Started) -> None:
    answer = told(served, "HELLO")
    assert status_of(answer) == 400 and b'"invalid_request"' in answer
    crowded = told(served, "GET / HTTP/1.1", *(f"X-{n}: {'x' * 900}" for n in range(100)))
    assert status_of(crowded) in (400, 431)


def test_a_head_that_comes_slowly_is_not_waited_for(served: Started) -> None:
    began = time.monotonic()
    with connected(served) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\n")
        with pytest.raises(OSError):
            for _ in range(100):
                connection.sendall(b"X-A: b\r\n")
                time.sleep(0.1)
    assert time.monotonic() - began < 6


def test_a_second_head_that_comes_slowly_is_not_waited_for_either(served: Started) -> None:
    with connected(served) as connection:
        health = f"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
        connection.sendall(health)
        read_answers(connection, 1)
        connection.sendall(health[:20])
        time.sleep(0.5)
        connection.sendall(health[20:24])
        assert connection.recv(65536) == b""


def test_nothing_at_all_is_not_waited_for(served: Started) -> None:
    with connected(served) as connection:
        began = time.monotonic()
        assert connection.recv(1) == b""
    assert time.monotonic() - began < 6


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/blobs"])
def test_a_body_that_comes_slowly_is_told_so(served: Started, path: str) -> None:
    kind = "application/json" if path == "/v1/jobs" else "image/png"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n{BEARER}\r\n"
    head += f"Content-Type: {kind}\r\nContent-Length: 50\r\n\r\n"
    with connected(served) as connection:
        connection.sendall(head.encode())
        began = time.monotonic()
        for _ in range(5):
            connection.sendall(b"{")
            time.sleep(0.1)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert status_of(answer) == 408 and b'"too_slow"' in answer
    assert time.monotonic() - began < 6


def test_there_are_only_so_many_connections(served: Started) -> None:
    served.disconnect()
    health = f"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    opened = []
    try:
        for _ in range(45):
            opened.append(socket.create_connection(("127.0.0.1", served.port), timeout=20))
        answer = opened[-1].recv(65536)
        assert status_of(answer) == 503 and b'"too_many_connections"' in answer
        opened[0].sendall(health)
        assert status_of(opened[0].recv(65536)) == 200
    finally:
        for connection in opened:
            connection.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if served.ask("GET", "/v1/health").status == 200:
                break
        except OSError:
            time.sleep(0.1)
    assert served.ask("GET", "/v1/health").status == 200


def test_a_kept_connection_answers_on_and_on(served: Started) -> None:
    with connected(served) as connection:
        health = f"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
        for _ in range(30):
            connection.sendall(health)
            read_answers(connection, 1)
            time.sleep(0.05)
        # Two at once, as pipelining does.
        connection.sendall(health * 2)
        read_answers(connection, 2)


def test_answers_are_not_kept_by_browsers(served: Started) -> None:
    answer = served.ask("GET", "/v1/history")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Server" not in answer.headers
