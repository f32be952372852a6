"""What is done at each address; the wire is in docs/wire.md."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response, Security
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.security import HTTPBearer

from creative_gen import __version__
from creative_gen.formats.content_types import format_of
from creative_gen.server.announcement import API
from creative_gen.server.blobs import Blobs
from creative_gen.server.capabilities import CapabilitiesSource
from creative_gen.server.documents import (
    BlobDocument,
    Capabilities,
    ErrorDocument,
    Health,
    HistoryDocument,
    HistoryQuery,
    JobDocument,
    JobRequest,
    WaitQuery,
)
from creative_gen.server.events import job_events
from creative_gen.server.jobs import Jobs
from creative_gen.server.security import Door
from creative_gen.server.studio import INDEX, studio_file, studio_folder

BlobId = Annotated[str, Path(description="The SHA-256 of the file's bytes.")]
JobId = Annotated[str, Path(description="As the job document has it.")]

_ERRORS = {
    400: "Something is missing, unknown or out of bounds.",
    401: "The token is wrong.",
    403: "The request comes from elsewhere.",
    404: "There is none.",
    405: "The address takes other methods.",
    408: "The body did not come in time.",
    409: "The job has ended.",
    411: "The length of the body is not told.",
    413: "The body is too large.",
    415: "The body is of another type.",
    429: "Too many jobs are waiting.",
    500: "creative_gen has a fault.",
    503: "The server is starting or stopping.",
    507: "The disk is full.",
}

_BEARER = Security(HTTPBearer(auto_error=False, description="The token in server.json."))
"""Told to clients; `security` looks at it."""


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": ErrorDocument, "description": _ERRORS[status]}
        for status in (400, 403, *statuses, 500, 503)
    }


def open_routes(capabilities: CapabilitiesSource, door: Door) -> APIRouter:
    """Whether the server is there, and the studio's own files: no token is needed."""
    router, studio = APIRouter(), studio_folder()

    @router.get("/v1/health", responses=_errors())
    async def health() -> Health:
        """Whether the server is there."""
        ready = "ready" if capabilities.known else "starting"
        return Health(version=__version__, api=API, state="stopping" if door.closing else ready)

    @router.get("/", include_in_schema=False)
    async def index() -> Response:
        return studio_file(studio, INDEX)

    @router.get("/studio/{name:path}", include_in_schema=False)
    async def file(name: str) -> Response:
        return studio_file(studio, name)

    return router


def capability_routes(capabilities: CapabilitiesSource) -> APIRouter:
    """What can be asked for."""
    router = APIRouter(dependencies=[_BEARER])

    @router.get("/v1/capabilities", response_model=Capabilities, responses=_errors(401))
    async def what_can_be_asked_for() -> Response:
        """The tasks, with their options as JSON Schema, and the assets."""
        return Response(await capabilities.current(), media_type="application/json")

    return router


def blob_routes(blobs: Blobs) -> APIRouter:
    """Files, sent and made."""
    router = APIRouter(dependencies=[_BEARER])
    binary = {"schema": {"type": "string", "format": "binary"}}

    @router.post(
        "/v1/blobs",
        status_code=201,
        response_model=BlobDocument,
        responses=_errors(401, 408, 411, 413, 415, 507),
        openapi_extra={"requestBody": {"required": True, "content": {"*/*": binary}}},
    )
    async def send(request: Request) -> Response:
        """Send a file, as the body."""
        told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        content_type = told or "application/octet-stream"
        return _json(vars(await blobs.receive(request.stream(), content_type)), 201)

    @router.get(
        "/v1/blobs/{blob}",
        response_class=FileResponse,
        responses=_errors(401, 404)
        | {200: {"description": "The file.", "content": {"application/octet-stream": binary}}},
    )
    async def fetch(blob: BlobId) -> FileResponse:
        """A file, always as an attachment."""
        found = blobs.find(blob)
        suffix = format_of(found.content_type)
        name = f"{blob[:12]}.{suffix}" if suffix else blob[:12]
        path = blobs.path(blob)
        return FileResponse(path, media_type=found.content_type, filename=name)

    return router


def job_routes(jobs: Jobs) -> APIRouter:
    """Jobs."""
    router = APIRouter(dependencies=[_BEARER])

    @router.post(
        "/v1/jobs",
        status_code=202,
        response_model=JobDocument,
        responses=_errors(401, 404, 408, 411, 413, 415, 429, 507),
    )
    async def submit(request: JobRequest) -> Response:
        """Ask for a job."""
        job = jobs.submit(request)
        return _json(job.document, 202, {"Location": f"/v1/jobs/{job.id}"})

    @router.get("/v1/jobs/{job}", response_model=JobDocument, responses=_errors(401, 404))
    async def look(job: JobId, query: Annotated[WaitQuery, Query()]) -> Response:
        """How a job stands; waits for it to end, or to change, if that is asked for."""
        found = jobs.find(job)
        if found and query.wait:
            await found.wait(query.since, query.wait)
        return _json(found.document if found else jobs.document(job))

    @router.get(
        "/v1/jobs/{job}/events",
        response_class=StreamingResponse,
        responses=_errors(401, 404)
        | {200: {"description": "Server-sent events.", "content": {"text/event-stream": {}}}},
    )
    async def events(job: JobId) -> StreamingResponse:
        """The job document at every change, until the job ends."""
        found = jobs.find(job) or jobs.document(job)
        return StreamingResponse(job_events(found), media_type="text/event-stream")

    @router.delete("/v1/jobs/{job}", response_model=JobDocument, responses=_errors(401, 404, 409))
    async def cancel(job: JobId) -> Response:
        """Cancel a job."""
        return _json(jobs.cancel(job))

    return router


def history_routes(jobs: Jobs) -> APIRouter:
    """What was made."""
    router = APIRouter(dependencies=[_BEARER])

    @router.get("/v1/history", response_model=HistoryDocument, responses=_errors(401))
    async def look(query: Annotated[HistoryQuery, Query()]) -> Response:
        """Ended jobs, the newest first."""
        found, more = jobs.history(query.limit, query.before)
        return _json({"jobs": found, "more": more})

    @router.delete("/v1/history/{job}", status_code=204, responses=_errors(401, 404, 409))
    async def forget(job: JobId) -> Response:
        """Forget an ended job, and its files unless another job has them."""
        jobs.forget(job)
        return Response(status_code=204)

    return router


def _json(
    document: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """An answer made of a document that is known to be right: it is not checked again."""
    content = json.dumps(document, separators=(",", ":"))
    return Response(content, status, headers, "application/json")
