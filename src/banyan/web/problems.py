"""Refusals and mistakes, said in the form that the reader takes: page, problem+json, OperationOutcome."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import orjson
from fastapi.exceptions import HTTPException, RequestValidationError
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException as PlainHTTPException
from starlette.requests import Request
from starlette.responses import Response

from banyan.access import AccessError, Denied
from banyan.fhir.issues import Issue, outcome
from banyan.record.errors import RecordError
from banyan.web.i18n import N_
from banyan.web.metrics import route_of

log = logging.getLogger("banyan.web")

TITLES = {
    400: N_("The request cannot be understood"),
    401: N_("Please sign in"),
    403: N_("You may not do this"),
    404: N_("There is nothing at this address"),
    405: N_("This address does not take this method"),
    406: N_("This form of answer does not exist"),
    409: N_("Somebody else was quicker"),
    410: N_("This no longer exists"),
    412: N_("Somebody else has changed it"),
    413: N_("Too much at once"),
    415: N_("This kind of content is not read here"),
    422: N_("The content breaks a rule"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("Not available just now"),
}
ISSUE_CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    503: "transient",
}
FHIR_JSON = "application/fhir+json; charset=utf-8"


class Refused(HTTPException):
    """A refusal of the house front: the status, what is wrong and what to do, and what else helps."""

    def __init__(
        self, status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(status, detail, headers)
        self.status, self.more = status, more


def refused_of(error: Exception) -> Refused:
    """What to tell the reader about an error."""
    match error:
        case Refused():
            return error
        case Denied():
            return Refused(403, error.reason)
        case AccessError():
            return Refused(422, str(error))
        case RecordError():
            return Refused(error.status, str(error), outcome=error.outcome)
        case OperationalError() | PoolTimeout():
            return Refused(
                503,
                "The database does not answer just now. Try again in a moment.",
                headers={"Retry-After": "2"},
            )
        case RequestValidationError():
            return Refused(422, _validation(error), errors=_errors(error))
        case PlainHTTPException():
            detail = str(error.detail) if error.detail != HTTPStatus(error.status_code).phrase else ""
            return Refused(error.status_code, detail, headers=dict(error.headers or {}))
    return Refused(500, "")


def _errors(error: RequestValidationError) -> list[dict[str, str]]:
    return [{"where": _where(one["loc"]), "what": str(one["msg"])} for one in error.errors()]


def _validation(error: RequestValidationError) -> str:
    return "; ".join(f"{one['where']}: {one['what']}" for one in _errors(error))


def _where(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location)


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer."""
    path = request.url.path
    return not path.startswith(
        ("/api/", "/fhir", "/live", "/static/")
    ) and "text/html" in request.headers.get("accept", "")


async def on_error(request: Request, error: Exception) -> Response:
    """The handler of every exception that a route lets through."""
    refused = refused_of(error)
    if refused.status >= 500:
        log.error(
            "request failed",
            exc_info=error,
            extra={"request": request.state.request_id, "route": route_of(request.scope)},
        )
    if wants_page(request):
        from banyan.web.pages import error_page

        return await error_page(request, refused)
    return refusal(request, refused)


def refusal(request: Request, refused: Refused) -> Response:
    """The refusal as a FHIR OperationOutcome under /fhir, as problem+json elsewhere."""
    request_id = request.scope.get("state", {}).get("request_id", "")
    if request.url.path.startswith("/fhir"):
        return _outcome(refused)
    body = {
        "type": "about:blank",
        "title": TITLES.get(refused.status, HTTPStatus(refused.status).phrase),
        "status": refused.status,
        "detail": refused.detail or TITLES.get(refused.status, ""),
        "instance": request_id,
        **refused.more,
    }
    return Response(
        orjson.dumps(body),
        refused.status,
        headers=dict(refused.headers or {}),
        media_type="application/problem+json",
    )


def _outcome(refused: Refused) -> Response:
    code = ISSUE_CODES.get(refused.status, "exception")
    text = refused.detail or TITLES.get(refused.status, "")
    body = refused.more.get("outcome") or outcome([Issue("error", code, text)])
    return Response(
        orjson.dumps(body), refused.status, headers=dict(refused.headers or {}), media_type=FHIR_JSON
    )
