"""Refusals and errors as JSON problem bodies (RFC 9457), or as a page where a person looks."""

import html
import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from biolabel.errors import BiolabelError

logger = logging.getLogger(__name__)

STATUS = {
    "BL952": 503, "BL953": 507, "BL954": 503, "BL955": 503, "BL957": 503, "BL958": 404,
    "BL959": 409, "BL960": 409, "BL962": 404, "BL970": 401, "BL971": 403, "BL972": 403,
    "BL973": 401, "BL974": 429, "BL975": 413, "BL976": 422, "BL977": 404, "BL978": 400,
    "BL982": 500, "BL922": 404, "BL923": 404, "BL929": 503, "BL990": 422, "BL991": 409, "BL992": 413,
}  # fmt: skip
"""HTTP status of each code; one that is not here is about what was sent, 400. The database cannot take
anything now: 503, or 507 for want of room."""


class Problem(BaseModel):
    """What went wrong: the code of the catalogue, what was found and expected, and the next step."""

    title: str
    status: int
    code: str
    detail: str
    hint: str = ""


def problem_of(error: BiolabelError) -> Problem:
    """Return the body that an error is answered with."""
    status = STATUS.get(error.code, 400)
    return Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        code=error.code,
        detail=error.message,
        hint=error.hint,
    )


def respond(problem: Problem, connection: HTTPConnection) -> Response:
    """Return a problem as JSON, or as a plain page for a browser that asked for one."""
    headers = {"Cache-Control": "no-store"}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="biolabel"'
    if problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = "5"
    if wants_page(connection):
        return HTMLResponse(_page(problem), problem.status, headers)
    content = problem.model_dump()
    return JSONResponse(content, problem.status, headers, "application/problem+json")


def wants_page(connection: HTTPConnection) -> bool:
    """Return whether a request is a browser's for a page: it prefers HTML, and it is not for the API."""
    path = connection.scope["path"]
    return not path.startswith("/api/") and "text/html" in connection.headers.get("accept", "")


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how OpenAPI describes the refusals of an operation: each has a problem as its body."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def register(app: FastAPI) -> None:
    """Have an app answer every error with a problem, also mistakes of ours."""
    app.exception_handler(BiolabelError)(_coded)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Exception)(_mistake)


async def _coded(request: Request, error: BiolabelError) -> Response:
    return respond(problem_of(error), request)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    problem = Problem(
        title="Unprocessable Content", status=422, code="BL976", detail="; ".join(found)
    )
    return respond(problem, request)


async def _http(request: Request, error: HTTPException) -> Response:
    # FastAPI says 400 of a body that is no text at all, and 422 of one that is not understood.
    status = 422 if error.status_code == 400 else error.status_code
    phrase = HTTPStatus(status).phrase
    code = {404: "BL977", 405: "BL977", 413: "BL975"}.get(status, "BL976")
    detail = f"{phrase}: {request.method} {request.url.path}"
    response = respond(Problem(title=phrase, status=status, code=code, detail=detail), request)
    response.headers.update(error.headers or {})
    return response


async def _mistake(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    problem = Problem(
        title="Internal Server Error",
        status=500,
        code="BL982",
        detail=f"biolabel failed at {request.method} {request.url.path}: {type(error).__name__}",
        hint="the server's output has the details; please report it",
    )
    return respond(problem, request)


def _page(problem: Problem) -> str:
    """Return a page without scripts; everything in it is escaped."""
    text = [problem.title, f"{problem.code}: {problem.detail}", problem.hint]
    title, detail, hint = map(html.escape, text)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>biolabel: {title}</title>"
        f"<h1>{title}</h1><p>{detail}</p><p>{hint}</p><p><a href='/'>biolabel</a></p></html>"
    )
