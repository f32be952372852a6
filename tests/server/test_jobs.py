"""Jobs from being asked for to their end, over HTTP."""

from __future__ import annotations

import json
import threading
import time

import pytest

from creative_gen.server.documents import JobDocument
from tests.server.started import HALF, Started


def test_a_job_ends_with_what_was_asked_for(served: Started) -> None:
    job = served.submit(seed=7, tool="tests")
    assert job["state"] in ("queued", "running")
    ended = served.end_of(job)
    JobDocument.model_validate(ended)
    assert ended["state"] == "done" and ended["progress"] == 1.0 and ended["place"] == 0
    (result,) = ended["results"]
    assert result["sketch"] == {
        "strokes": [[[1.0, 2.0], [3.0, 4.5]], [[5.0, 6.0]], [[7.0, 2.0]]],
        "size": [10.0, 10.0],
    }
    assert result["content_type"] == "image/svg+xml" and result["name"].endswith("-1.svg")
    assert ended["tool"] == "tests" and ended["asset"] == "odd"
    assert ended["created"] <= ended["started"] <= ended["ended"]
    assert ended["provenance"]["options"]["seed"] == 7
    file = served.ask("GET", f"/v1/blobs/{result['blob']}")
    assert len(file.body) == result["bytes"] and b"<svg" in file.body


def test_a_request_is_completed_so_that_it_makes_the_same_again(served: Started) -> None:
    first = served.end_of(served.submit(seed=None))
    assert first["request"]["options"]["seed"] is not None
    assert first["request"]["asset"] == "odd"
    again = served.end_of(served.post(first["request"]).json)
    assert again["results"] == first["results"]
    assert again["request"] == first["request"]


def test_a_file_is_an_input_as_well(served: Started) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9">'
    svg += b'<path d="M1 1L2 3" fill="none" stroke="black"/></svg>'
    blob = served.ask("POST", "/v1/blobs", svg, {"Content-Type": "image/svg+xml"})
    assert blob.status == 201
    assert blob.json == {
        "id": blob.json["id"],
        "bytes": len(svg),
        "content_type": "image/svg+xml",
    }
    ended = served.end_of(served.submit(inputs={"sketch": {"blob": blob.json["id"]}}))
    made = served.ask("GET", f"/v1/blobs/{ended['results'][0]['blob']}").body
    # The artist's own document with strokes added.
    assert made.startswith(svg.removesuffix(b"</svg>"))
    assert ended["request"]["inputs"] == {"sketch": {"blob": blob.json["id"]}}


def test_a_file_that_is_none_fails_the_job_with_its_fix(served: Started) -> None:
    blob = served.ask("POST", "/v1/blobs", b"\x00" * 99, {"Content-Type": "image/svg+xml"})
    ended = served.end_of(served.submit(inputs={"sketch": {"blob": blob.json["id"]}}))
    assert ended["state"] == "failed" and ended["error"]["code"] == "invalid_media"
    assert ended["error"]["hint"] and not ended["error"]["retryable"]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"task": "sketch.eat"}, 400, "unknown_task"),
        ({"asset": "nobody"}, 400, "unknown_asset"),
        ({"inputs": {}}, 400, "invalid_request"),
        (
            {"inputs": {"sketch": {"sketch": HALF}, "more": {"sketch": HALF}}},
            400,
            "invalid_request",
        ),
        ({"inputs": {"sketch": {}}}, 400, "invalid_request"),
        ({"inputs": {"sketch": {"sketch": HALF, "blob": "0" * 64}}}, 400, "invalid_request"),
        ({"inputs": {"sketch": {"blob": "0" * 64}}}, 404, "unknown_blob"),
        ({"inputs": {"sketch": {"blob": "../../etc/passwd"}}}, 400, "invalid_request"),
        ({"inputs": {"sketch": {"path": "/etc/passwd"}}}, 400, "invalid_request"),
        ({"inputs": {"sketch": {"sketch": HALF | {"size": [0, 1]}}}}, 400, "invalid_request"),
        ({"inputs": {"sketch": {"sketch": HALF | {"strokes": [[]]}}}}, 400, "invalid_request"),
        ({"inputs": {"sketch": {"sketch": HALF | {"strokes": [[[1]]]}}}}, 400, "invalid_request"),
        ({"inputs": {"sketch": {"sketch": HALF | {"colour": 1}}}}, 400, "invalid_request"),
        ({"options": {"asset": "odd"}}, 400, "invalid_request"),
        ({"options": {"sketch": "me"}}, 400, "invalid_request"),
        ({"options": {"count": [1]}}, 400, "invalid_request"),
        ({"options": {"category": "x" * 20_000}}, 400, "invalid_request"),
        ({"format": "../x"}, 400, "invalid_request"),
        ({"surprise": 1}, 400, "invalid_request"),
        ({"tool": "x" * 500}, 400, "invalid_request"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(
    served: Started, given: dict[str, object], status: int, code: str
) -> None:
    request = {"task": "sketch.complete", "inputs": {"sketch": {"sketch": HALF}}}
    answer = served.post(request | given)
    assert (answer.status, answer.code) == (status, code)
    error = answer.json["error"]
    assert error["message"].endswith((".", "?")) and error["hint"]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"count": 0}, "'count'"), ({"no_such": 1}, "'no_such'"), ({"seed": "x"}, "'seed'")],
)
def test_options_that_no_asset_takes_are_refused_at_once(
    served: Started, options: dict[str, object], said: str
) -> None:
    # As soon as a worker has told what it can do.
    served.ask("GET", "/v1/capabilities")
    for asset in (None, "odd"):
        request = {"task": "sketch.generate", "options": options, "asset": asset}
        answer = served.post(request)
        assert (answer.status, answer.code) == (400, "invalid_request")
        assert said in answer.json["error"]["message"]
        assert "count" in answer.json["error"]["hint"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"format": "png"}, "invalid_request"),
        ({"options": {"category": "x", "temperature": 1.0}, "format": "gif"}, "invalid_request"),
    ],
)
def test_what_only_the_family_knows_fails_the_job(
    served: Started, given: dict[str, object], code: str
) -> None:
    ended = served.end_of(served.submit(**given))
    assert ended["state"] == "failed" and ended["error"]["code"] == code
    assert ended["results"] == [] and ended["provenance"] is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"task": "\xff"}',
        b'{"task": "sketch.generate", "options": {"seed": NaN}}',
        b'{"task": "sketch.generate", "options": {"seed": 1e999}}',
        b'{"task": "sketch.generate", "options": {"seed": ' + b"9" * 5000 + b"}}",
        b'{"task": "sketch.generate", "tool": "\\ud800"}',
        b'{"task": "sketch.generate", "options": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["empty", "half", "list", "null", "latin", "nan", "inf", "digits", "surrogate", "deep"],
)
def test_a_body_that_is_no_request_is_refused(served: Started, body: bytes) -> None:
    answer = served.ask("POST", "/v1/jobs", body, {"Content-Type": "application/json"})
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_too_many_points_are_refused(served: Started) -> None:
    drawing = HALF | {"strokes": [[[1, 1]] * 1001]}
    answer = served.post({"task": "sketch.complete", "inputs": {"sketch": {"sketch": drawing}}})
    assert (answer.status, answer.code) == (413, "too_large")


def test_a_long_poll_answers_at_once_when_there_is_something_new(served: Started) -> None:
    job = served.until(served.submit("slow"))
    began = time.monotonic()
    path = f"/v1/jobs/{job['id']}?wait=20&since={job['revision']}"
    changed = served.ask("GET", path).json
    assert changed["revision"] > job["revision"] and changed["state"] == "running"
    assert time.monotonic() - began < 3
    began = time.monotonic()
    waited = served.ask("GET", f"/v1/jobs/{job['id']}?wait=0.3").json
    assert 0.25 < time.monotonic() - began < 3
    assert waited["state"] == "running" and 0 < waited["progress"] < 1
    served.ask("DELETE", f"/v1/jobs/{job['id']}")
    assert served.end_of(job)["state"] == "cancelled"


def test_jobs_wait_in_line_and_those_that_wait_can_be_cancelled(served: Started) -> None:
    first = served.until(served.submit("slow"))
    waiting = [served.submit() for _ in range(4)]
    assert [job["place"] for job in waiting] == [1, 2, 3, 4]
    full = served.post({"task": "sketch.generate"})
    assert (full.status, full.code) == (429, "queue_full")
    assert int(full.headers["Retry-After"]) >= 1 and full.json["error"]["retryable"]
    gone = served.ask("DELETE", f"/v1/jobs/{waiting[1]['id']}")
    assert gone.status == 200 and gone.json["state"] == "cancelled"
    third = served.ask("GET", f"/v1/jobs/{waiting[2]['id']}").json
    assert third["place"] == 2 and third["revision"] > waiting[2]["revision"]
    assert served.ask("DELETE", f"/v1/jobs/{first['id']}").status == 200
    assert served.end_of(first)["state"] == "cancelled"
    assert [served.end_of(waiting[at])["state"] for at in (0, 2, 3)] == ["done"] * 3
    for job in (first, waiting[0], waiting[1]):
        again = served.ask("DELETE", f"/v1/jobs/{job['id']}")
        assert (again.status, again.code) == (409, "job_ended")


def test_events_tell_every_change_up_to_the_end(served: Started) -> None:
    job = served.submit()
    stream = served.ask("GET", f"/v1/jobs/{job['id']}/events")
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    events = [event for event in stream.body.decode().split("\n\n") if event]
    documents = []
    for event in events:
        lines = dict(line.split(": ", 1) for line in event.splitlines())
        assert lines["event"] == "job"
        documents.append(json.loads(lines["data"]))
        assert int(lines["id"]) == documents[-1]["revision"]
    revisions = [document["revision"] for document in documents]
    assert revisions == sorted(set(revisions))
    assert documents[-1]["state"] == "done" and documents[-1]["results"]


def test_a_drawing_in_progress_is_shown(served: Started) -> None:
    stream = served.ask("GET", f"/v1/jobs/{served.submit('show', seed=3)['id']}/events")
    assert b'"preview":[{"sketch":{"strokes":[[[3.0,2.0]]],"size":[10.0,10.0]}}]' in stream.body


def test_unknown_jobs_are_told_so(served: Started) -> None:
    for method, path in (
        ("GET", "/v1/jobs/nothing"),
        ("DELETE", "/v1/jobs/" + "0" * 32),
        ("GET", "/v1/jobs/nothing/events"),
        ("DELETE", "/v1/history/nothing"),
    ):
        answer = served.ask(method, path)
        assert (answer.status, answer.code) == (404, "unknown_job")


def test_many_at_once_get_their_own(served: Started) -> None:
    found: dict[int, float] = {}

    def draw(seed: int) -> None:
        mine = Started(served.process, served.folder)
        while True:
            request = {"task": "sketch.generate", "options": {"seed": seed, "count": 1}}
            answer = mine.post(request)
            if answer.status != 429:
                break
            time.sleep(0.05)
        ended = mine.end_of(answer.json)
        found[seed] = ended["results"][0]["sketch"]["strokes"][0][0][0]
        mine.disconnect()

    threads = [threading.Thread(target=draw, args=(seed,)) for seed in range(10, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {seed: float(seed) for seed in range(10, 30)}
