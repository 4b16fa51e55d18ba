"""Answers of the FHIR endpoint: a resource with its version, bundles spliced from stored bytes."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from banyan.fhir.issues import Issue, outcome
from banyan.web.fhir import asked
from banyan.web.problems import FHIR_JSON

if TYPE_CHECKING:
    from banyan.record import HistoryPage, SearchPage, Stored


def _version(stored: Stored) -> dict[str, str]:
    return {
        "ETag": f'W/"{stored.version}"',
        "Last-Modified": format_datetime(stored.last_updated.replace(microsecond=0), usegmt=True),
    }


def one(request: Request, stored: Stored) -> Response:
    """A resource as it is stored, or 304 where the asker has it already."""
    if asked.unchanged(request, stored.version, stored.last_updated):
        return Response(status_code=304, headers=_version(stored))
    return Response(stored.body, headers=_version(stored), media_type=FHIR_JSON)


def written(request: Request, stored: Stored, *, created: bool) -> Response:
    """The answer to a write, as full as the asker prefers."""
    location = f"{asked.base_url(request)}/{stored.type}/{stored.id}/_history/{stored.version}"
    headers = _version(stored) | {"Location": location}
    status = 201 if created else 200
    match asked.prefer(request):
        case "minimal":
            return Response(status_code=status, headers=headers)
        case "OperationOutcome":
            said = outcome([Issue("information", "informational", f"Stored {stored.type}/{stored.id}.")])
            return Response(orjson.dumps(said), status, headers=headers, media_type=FHIR_JSON)
    return Response(stored.body, status, headers=headers, media_type=FHIR_JSON)


def deleted() -> Response:
    return Response(status_code=204)


def json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type=FHIR_JSON)


def searchset(request: Request, type_: str, params: list[tuple[str, str]], page: SearchPage) -> Response:
    """A page of matches and what they include, with the links to this page and the next."""
    base = asked.base_url(request)
    entries = [_found(base, stored, "match") for stored in page.matches]
    entries += [_found(base, stored, "include") for stored in page.includes]
    understood = [(name, value) for name, value in params if name not in page.ignored]
    links = {"self": _link(base, type_, understood), "next": _next(base, type_, params, page.next)}
    return _bundle("searchset", page.total, links, entries)


def history(request: Request, page: HistoryPage) -> Response:
    """A page of versions, newest first."""
    base = asked.base_url(request)
    here = str(request.url.replace(query="")).rstrip("/")
    links = {"self": str(request.url), "next": f"{here}?_cursor={page.next}" if page.next else None}
    return _bundle("history", page.total, links, [_past(base, stored) for stored in page.versions])


def _bundle(kind: str, total: int | None, links: dict[str, str | None], entries: Iterable[bytes]) -> Response:
    head: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if total is not None:
        head["total"] = total
    head["link"] = [{"relation": relation, "url": url} for relation, url in links.items() if url]
    # Stored bytes are spliced in as they are: 6.30 stays 6.30, and nothing is parsed to be written again.
    body = orjson.dumps(head)[:-1] + b',"entry":[' + b",".join(entries) + b"]}"
    return Response(body, media_type=FHIR_JSON)


def _found(base: str, stored: Stored, mode: str) -> bytes:
    url = orjson.dumps(f"{base}/{stored.type}/{stored.id}")
    return b'{"fullUrl":%s,"resource":%s,"search":{"mode":"%s"}}' % (url, stored.body, mode.encode())


def _past(base: str, stored: Stored) -> bytes:
    method = "DELETE" if stored.deleted else "POST" if stored.version == 1 else "PUT"
    target = stored.type if method == "POST" else f"{stored.type}/{stored.id}"
    status = {"DELETE": "204", "POST": "201", "PUT": "200"}[method]
    about = {
        "request": {"method": method, "url": target},
        "response": {
            "status": status,
            "etag": f'W/"{stored.version}"',
            "lastModified": stored.last_updated.isoformat(),
        },
    }
    head = b'{"fullUrl":%s,' % orjson.dumps(f"{base}/{stored.type}/{stored.id}")
    content = b"" if stored.deleted else b'"resource":%s,' % stored.body
    return head + content + orjson.dumps(about)[1:]


def _link(base: str, type_: str, params: list[tuple[str, str]]) -> str:
    return f"{base}/{type_}" + (f"?{urlencode(params)}" if params else "")


def _next(base: str, type_: str, params: list[tuple[str, str]], cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = [(name, value) for name, value in params if name != "_cursor"]
    return _link(base, type_, [*kept, ("_cursor", cursor)])
