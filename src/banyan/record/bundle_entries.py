"""A batch or transaction bundle as a list of operations, its resources still as written."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from banyan.record.bodies import encode
from banyan.record.errors import BadRequest, NotSupported

METHODS = ("DELETE", "POST", "PUT", "PATCH", "GET")
_URL = re.compile(
    r"(?P<type>[A-Za-z]+)(?:/(?P<id>[A-Za-z0-9\-.]{1,64})(?:/_history/(?P<version>\d+))?)?"
    r"(?:\?(?P<query>.*))?"
)
_ETAG = re.compile(r'(?:W/)?"?(\d+)"?')


class _Request(msgspec.Struct, rename="camel"):
    method: str
    url: str
    if_none_exist: str | None = None
    if_match: str | None = None


class _Entry(msgspec.Struct, rename="camel"):
    full_url: str | None = None
    resource: msgspec.Raw = msgspec.Raw()
    request: _Request | None = None


class _Bundle(msgspec.Struct, rename="camel"):
    resource_type: str
    type: str
    entry: list[_Entry] = []


@dataclass(slots=True)
class Operation:
    """One entry of a bundle: what to do, to which resource, under which condition."""

    number: int
    method: str
    type: str
    id: str | None
    version: int | None
    query: str | None
    if_none_exist: str | None
    if_match: int | None
    full_url: str | None
    resource: bytes | None

    @property
    def place(self) -> str:
        return f"Bundle.entry[{self.number}]"

    @property
    def condition(self) -> str | None:
        """The search that decides which resource is meant."""
        return self.if_none_exist if self.method == "POST" else None if self.method == "GET" else self.query


def read_bundle(source: bytes | dict[str, Any]) -> tuple[str, list[Operation]]:
    """The bundle's type and its operations. Raises BadRequest, naming the entry."""
    try:
        bundle = msgspec.json.decode(source if isinstance(source, bytes) else encode(source), type=_Bundle)
    except msgspec.MsgspecError as error:
        raise BadRequest(f"The body is not a bundle: {error}.", expression="Bundle") from None
    if bundle.resource_type != "Bundle" or bundle.type not in ("transaction", "batch"):
        raise BadRequest('Send a Bundle of type "transaction" or "batch".', expression="Bundle.type")
    return bundle.type, [_operation(number, entry) for number, entry in enumerate(bundle.entry)]


def _operation(number: int, entry: _Entry) -> Operation:
    place = f"Bundle.entry[{number}]"
    request = entry.request
    if request is None:
        raise BadRequest(f"{place} has no request.", expression=f"{place}.request")
    method = "GET" if request.method == "HEAD" else request.method
    if method not in METHODS:
        raise NotSupported(
            f"{place}: there is no method {request.method!r}.", expression=f"{place}.request.method"
        )
    url = _URL.fullmatch(request.url.lstrip("/"))
    if url is None:
        raise BadRequest(f"{place}: the address {request.url!r} is not Type, Type/id or Type?search.",
                         expression=f"{place}.request.url")  # fmt: skip
    if method in ("POST", "PUT", "PATCH") and not bytes(entry.resource):
        raise BadRequest(f"{place}: {method} needs a resource.", expression=f"{place}.resource")
    if method in ("PUT", "PATCH", "DELETE") and not (url["id"] or url["query"]):
        raise BadRequest(f"{place}: {method} needs an id or a search.", expression=f"{place}.request.url")
    return Operation(
        number, method, url["type"], url["id"], int(url["version"]) if url["version"] else None, url["query"],
        request.if_none_exist, _version(place, request.if_match), entry.full_url,
        bytes(entry.resource) or None,
    )  # fmt: skip


def _version(place: str, etag: str | None) -> int | None:
    if etag is None:
        return None
    found = _ETAG.fullmatch(etag.strip())
    if found is None:
        raise BadRequest(f'{place}: ifMatch must be a version such as W/"3", not {etag!r}.',
                         expression=f"{place}.request.ifMatch")  # fmt: skip
    return int(found[1])
