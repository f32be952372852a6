"""The server's description of itself: whole, and true whatever is asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from creative_gen.server.documents import Capabilities, HistoryDocument
from creative_gen.server.errors import STATUSES
from tests.server.started import TOKEN, Started

ROOT = Path(__file__).parents[2]


def test_every_address_is_described_with_its_errors(served: Started) -> None:
    document = served.ask("GET", "/openapi.json").json
    described = {
        (method.upper(), path): operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    told = (ROOT / "docs" / "wire.md").read_text("utf-8")
    rows = re.findall(r"^\| `(GET|POST|DELETE) (/[\w/{}]*)", told, re.MULTILINE)
    names = {
        (method, path.replace("{id}", "{blob}" if "blobs" in path else "{job}"))
        for method, path in rows
    }
    assert names == set(described)
    for (_, path), operation in described.items():
        responses = operation["responses"]
        assert "422" not in responses and "500" in responses and "403" in responses
        assert ("401" in responses) == (path != "/v1/health")
        assert bool(operation.get("security")) == (path != "/v1/health")
        for status, response in responses.items():
            if int(status) >= 400:
                schema = response["content"]["application/json"]["schema"]
                assert schema["$ref"].endswith("/ErrorDocument")


def test_every_code_is_in_the_document_of_the_wire() -> None:
    told = (ROOT / "docs" / "wire.md").read_text("utf-8").partition("## Errors")[2]
    rows = re.findall(r"^\| (\d{3}(?:, \d{3})*) \| (.+) \|$", told, re.MULTILINE)
    codes = {code for _, listed in rows for code in re.findall(r"`([a-z_]+)`", listed)}
    assert codes == set(STATUSES)
    statuses = {int(status) for listed, _ in rows for status in listed.split(", ")}
    assert statuses == set(STATUSES.values())


def test_documents_are_as_described(served: Started) -> None:
    served.end_of(served.submit())
    capabilities = Capabilities.model_validate(served.ask("GET", "/v1/capabilities").json)
    assert [task.name for task in capabilities.tasks] == ["sketch.complete", "sketch.generate"]
    options = capabilities.tasks[0].options["properties"]
    assert options["count"]["maximum"] == 100 and options["count"]["description"]
    assert {task.category_option for task in capabilities.tasks} == {"category"}
    assert [asset.directions for asset in capabilities.assets] == [["wider"]]
    assert capabilities.limits.queue == 4
    history = HistoryDocument.model_validate(served.ask("GET", "/v1/history?limit=1").json)
    assert len(history.jobs) == 1


@pytest.mark.parametrize(
    "path",
    ["/v1/history?limit=0", "/v1/history?limit=x", "/v1/history?x=1", "/v1/history?before=1"]
    + ["/v1/jobs/x?wait=31", "/v1/jobs/x?wait=nan", "/v1/jobs/x?since=-1", "/v1/jobs/x?y=1"],
)
def test_queries_are_checked(served: Started, path: str) -> None:
    answer = served.ask("GET", path)
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_a_forgotten_job_is_gone_with_its_files(served: Started) -> None:
    first, second = (served.end_of(served.submit(seed=seed)) for seed in (501, 502))
    again = served.end_of(served.submit(seed=501))
    blobs = [job["results"][0]["blob"] for job in (first, second)]
    for job in (first, second):
        assert served.ask("DELETE", f"/v1/history/{job['id']}").status == 204
        assert served.ask("GET", f"/v1/jobs/{job['id']}").code == "unknown_job"
    # The other job has the same file.
    assert again["results"][0]["blob"] == blobs[0]
    assert served.ask("GET", f"/v1/blobs/{blobs[0]}").status == 200
    assert served.ask("GET", f"/v1/blobs/{blobs[1]}").code == "unknown_blob"
    running = served.until(served.submit("slow"))
    assert served.ask("DELETE", f"/v1/history/{running['id']}").code == "job_running"
    served.ask("DELETE", f"/v1/jobs/{running['id']}")
    served.end_of(running)


@pytest.mark.slow
# Schemathesis and what it brings warn of each other.
@pytest.mark.filterwarnings("ignore")
def test_nothing_that_is_asked_makes_a_fault(served: Started) -> None:
    # Here, because it takes seconds to import.
    import schemathesis
    from hypothesis import HealthCheck, given, settings

    url = served.announced["url"]
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    asked: set[str] = set()

    def ask(case: schemathesis.Case) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        response = case.call(base_url=url, headers=headers, timeout=60)
        asked.add(f"{case.method} {case.path}")
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            assert set(response.json()["error"]) == {"code", "message", "hint", "retryable"}

    quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    for operation in schema.get_all_operations():
        quick(given(case=operation.ok().as_strategy())(ask))()
    assert len(asked) == 10
    assert "fault" not in served.log()
