"""The FHIR RESTful interactions: read, vread, history, search, create, update, patch, delete, bundles."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.web.fhir import answer, asked
from banyan.web.fhir.capability import statement
from banyan.web.problems import Refused

if TYPE_CHECKING:
    from banyan.access import Act, Door
    from banyan.record import Stored

Handler = Callable[[Request], Awaitable[Response]]
MOST = 1000


def _door(request: Request) -> Door:
    door: Door = request.app.state.platform.door
    return door


def _type(request: Request) -> str:
    """The resource type in the address."""
    type_: str = request.path_params["type"]
    if type_ not in request.app.state.platform.definitions.resource_types:
        raise Refused(
            404, f'FHIR R4 has no resource type "{type_}". Types are written like Patient, Observation.'
        )
    return type_


def _target(request: Request) -> tuple[str, str]:
    return _type(request), request.path_params["id"]


async def _write(request: Request, do: Callable[[Act], Awaitable[Any]]) -> Any:
    """One act of this one's through the door, begun again where two got in each other's way."""
    door, who = _door(request), asked.who(request)
    message = request.headers.get("x-provenance") or None
    return await door.run(who, "write", do, purpose=asked.purpose(request), message=message)


async def _read(request: Request) -> Response:
    stored = await _door(request).read(asked.who(request), *_target(request), purpose=asked.purpose(request))
    return answer.one(request, await _rendered(request, stored))


async def _rendered(request: Request, stored: Stored) -> Stored:
    """The resource with what an application keeps of it in a table of its own (an ECG's samples)."""
    for app in request.app.state.apps:
        if render := app.renderers.get(stored.type):
            body = await render(request.app.state.platform, stored.body)
            stored = dataclasses.replace(stored, body=body)
    return stored


async def _vread(request: Request) -> Response:
    version = request.path_params["version"]
    if not version.isdigit():
        raise Refused(404, f'There is no version "{version}": versions are numbers, from 1.')
    who, purpose = asked.who(request), asked.purpose(request)
    return answer.one(
        request, await _door(request).vread(who, *_target(request), int(version), purpose=purpose)
    )


async def _history(request: Request) -> Response:
    type_ = _type(request) if "type" in request.path_params else None
    page = await _door(request).history(
        asked.who(request),
        type_,
        request.path_params.get("id"),
        since=_since(request),
        count=_count(request),
        cursor=request.query_params.get("_cursor"),
        purpose=asked.purpose(request),
    )
    return answer.history(request, page)


def _since(request: Request) -> datetime | None:
    given = request.query_params.get("_since")
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError:
        raise Refused(
            400, f'_since is "{given}". Send an instant with its zone: 2026-03-12T02:30:00+08:00.'
        ) from None
    if moment.tzinfo is None:
        raise Refused(400, f'_since "{given}" has no time zone. Write 2026-03-12T02:30:00+08:00.')
    return moment


def _count(request: Request) -> int:
    given = request.query_params.get("_count", "50")
    if not given.isdigit():
        raise Refused(400, f'_count is "{given}". Send a number from 0 to {MOST}.')
    return min(int(given), MOST)


async def _search(request: Request) -> Response:
    type_ = _type(request)
    params = await asked.search_params(request)
    page = await _door(request).search(asked.who(request), type_, params, purpose=asked.purpose(request))
    if page.ignored and asked.strict(request):
        raise Refused(400, f"Not understood: {', '.join(page.ignored)}. /fhir/metadata lists the parameters.")
    return answer.searchset(request, type_, params, page)


async def _create(request: Request) -> Response:
    content = await asked.resource(request, _type(request))
    condition = request.headers.get("if-none-exist")

    async def create(act: Act) -> Any:
        return await act.create(content, if_none_exist=condition.lstrip("?") if condition else None)

    made = await _write(request, create)
    return answer.written(request, made.stored, created=made.created)


async def _update(request: Request) -> Response:
    type_, id_ = _target(request)
    content = await asked.resource(request, type_)
    inside = asked.parse(content).get("id")
    if inside != id_:
        raise Refused(
            400, f'The body has id "{inside}", the address has "{id_}". An update needs both, and equal.'
        )
    version = asked.if_match(request)

    async def update(act: Act) -> Any:
        return await act.update(content, if_match=version)

    made = await _write(request, update)
    return answer.written(request, made.stored, created=made.created)


async def _patch(request: Request) -> Response:
    type_, id_ = _target(request)
    content = await asked.body(request, asked.PATCHES)
    merge = request.headers["content-type"].startswith("application/merge-patch+json")
    patch = asked.parse(content) if merge else _operations(content)
    version = asked.if_match(request)

    async def change(act: Act) -> Any:
        return await act.patch(type_, id_, patch, if_match=version)

    made = await _write(request, change)
    return answer.written(request, made.stored, created=False)


def _operations(content: bytes) -> list[Any]:
    import orjson

    try:
        operations = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        raise Refused(400, f"The patch is not JSON: {wrong}.") from None
    if not isinstance(operations, list):
        raise Refused(400, "A JSON Patch is a list of operations (RFC 6902).")
    return operations


async def _delete(request: Request) -> Response:
    type_, id_ = _target(request)
    version = asked.if_match(request)

    async def delete(act: Act) -> None:
        await act.delete(type_, id_, if_match=version)

    await _write(request, delete)
    return answer.deleted()


async def _bundle(request: Request) -> Response:
    bundle = asked.parse(await asked.body(request))
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") not in ("transaction", "batch"):
        raise Refused(400, 'Send a Bundle of type "transaction" or "batch" to the FHIR base.')

    async def carry_out(act: Act) -> Any:
        return await act.bundle(bundle)

    return answer.json(await _write(request, carry_out))


async def _metadata(request: Request) -> Response:
    return answer.json(statement(request.app.state.platform, asked.base_url(request)))


async def _unknown(request: Request) -> Response:
    raise Refused(
        404, f'There is no interaction at "{request.url.path}". See /fhir/metadata for what this server does.'
    )


def _checked(handler: Handler) -> Handler:
    @functools.wraps(handler)
    async def checked(request: Request) -> Response:
        asked.check_form(request)
        return await handler(request)

    return checked


def _by_method(**handlers: Handler) -> Handler:
    """One address, a handler for each method; others are told which methods there are."""
    allowed = ", ".join(sorted({*handlers, *(["HEAD"] if "GET" in handlers else [])}))

    async def choose(request: Request) -> Response:
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            raise Refused(
                405, f"{request.method} is not possible here, only {allowed}.", headers={"Allow": allowed}
            )
        return await _checked(handler)(request)

    return choose


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
ADDRESSES: tuple[tuple[str, Handler], ...] = (
    ("/fhir/metadata", _by_method(GET=_metadata)),
    ("/fhir", _by_method(POST=_bundle)),
    ("/fhir/", _by_method(POST=_bundle)),
    ("/fhir/_history", _by_method(GET=_history)),
    ("/fhir/{type}/_history", _by_method(GET=_history)),
    ("/fhir/{type}/_search", _by_method(POST=_search)),
    ("/fhir/{type}/{id}/_history/{version}", _by_method(GET=_vread)),
    ("/fhir/{type}/{id}/_history", _by_method(GET=_history)),
    ("/fhir/{type}/{id}", _by_method(GET=_read, PUT=_update, PATCH=_patch, DELETE=_delete)),
    ("/fhir/{type}", _by_method(GET=_search, POST=_create)),
    ("/fhir/{rest:path}", _unknown),
)


def routes() -> list[BaseRoute]:
    return [Route(path, handler, methods=METHODS) for path, handler in ADDRESSES]
