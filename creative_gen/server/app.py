"""The HTTP interface: its addresses, and what is told of errors."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from creative_gen import __version__
from creative_gen.server.capabilities import CapabilitiesSource
from creative_gen.server.errors import WireError, fault
from creative_gen.server.jobs import Jobs
from creative_gen.server.routes import (
    blob_routes,
    capability_routes,
    history_routes,
    job_routes,
    open_routes,
)
from creative_gen.server.security import Door, answer
from creative_gen.server.studio import not_found


def create_app(jobs: Jobs, capabilities: CapabilitiesSource, door: Door) -> FastAPI:
    """The application, without its guard.

    Args:
        jobs: Jobs. What is asked of it is done there.
        capabilities: CapabilitiesSource. What can be asked for.
        door: Door. Knows whether the server stops.
    """
    app = FastAPI(
        title="creative_gen",
        version=__version__,
        summary="Generative models for artists' tools, on this machine.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_exception_handler(WireError, _answer_wire_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_fault)
    app.include_router(open_routes(capabilities, door))
    app.include_router(capability_routes(capabilities))
    app.include_router(blob_routes(jobs.blobs))
    app.include_router(job_routes(jobs))
    app.include_router(history_routes(jobs))
    _leave_out_422(app)
    return app


def _leave_out_422(app: FastAPI) -> None:
    """Describe what is answered: FastAPI takes it that what is invalid is a 422."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = described()
            for operations in schema["paths"].values():
                for operation in operations.values():
                    operation["responses"].pop("422", None)
            for name in ("HTTPValidationError", "ValidationError"):
                schema["components"]["schemas"].pop(name, None)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


async def _answer_wire_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, WireError)
    return answer(error)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    fault = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "json_invalid":
        message = "The body is not JSON."
    elif first["type"] == "extra_forbidden":
        message = f"There is no '{where}' to be given."
    else:
        message = f"'{where}' is wrong: {fault}." if where else f"The request is wrong: {fault}."
    return answer(WireError("invalid_request", message, "See /openapi.json for what is asked."))


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = dict(error.headers or {})
        known = ", ".join(allowed.values()) or "another"
        return answer(
            WireError("wrong_method", "This address takes other methods.", f"Use {known}.", allowed)
        )
    if error.status_code == 404:
        return answer(not_found())
    return answer(
        WireError("invalid_request", f"{error.detail}.", "See /openapi.json for what is asked.")
    )


async def _answer_fault(request: Request, error: Exception) -> Response:
    return answer(fault(error))
