"""Histories: versions newest first, of one resource, one type, or the whole record."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from banyan.record.errors import BadRequest, NotFound
from banyan.record.reading import CURRENT, PAST, source, stored
from banyan.record.values import HistoryPage, Scope, Stored

LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """Which part of a history is wanted."""

    since: datetime | None
    count: int
    cursor: str | None


async def read_history(
    conn: AsyncConnection,
    resource_type: str | None,
    resource_id: str | None,
    limits: Limits,
    scope_of: Callable[[str], Scope],
) -> HistoryPage:
    count = max(1, min(limits.count, LARGEST_PAGE))
    if resource_type is None:
        return await _of_everything(conn, limits, count, scope_of)
    where, params = _where(resource_id, limits)
    scope = scope_of(resource_type)
    every = (*params, *scope.params)
    cursor = await conn.execute(
        f"(SELECT {CURRENT}, false AS deleted FROM {source(resource_type, scope)} "
        f"WHERE {where} AND ({scope.sql})"
        f" ORDER BY r.last_updated DESC, r.id DESC, r.version DESC LIMIT %s) UNION ALL "
        f"(SELECT {PAST} FROM record.history r WHERE r.type = %s AND {where} AND ({scope.sql})"
        f" ORDER BY r.last_updated DESC, r.id DESC, r.version DESC LIMIT %s)"
        " ORDER BY last_updated DESC, id DESC, version DESC LIMIT %s",
        (*every, count + 1, resource_type, *every, count + 1, count + 1),
        binary=True,
    )
    versions = [stored(resource_type, row) for row in await cursor.fetchall()]
    if resource_id and not versions and not limits.cursor and not limits.since:
        raise NotFound(f"There is no {resource_type}/{resource_id}.")
    following = _encode(versions[count - 1]) if len(versions) > count else None
    return HistoryPage(versions[:count], following)


def _where(resource_id: str | None, limits: Limits) -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = ["true"]
    params: list[Any] = []
    if resource_id is not None:
        parts.append("r.id = %s")
        params.append(resource_id)
    if limits.since is not None:
        parts.append("r.last_updated >= %s")
        params.append(limits.since)
    if limits.cursor is not None:
        parts.append("(r.last_updated, r.id, r.version) < (%s::timestamptz, %s, %s::int)")
        params.extend(_decode(limits.cursor))
    return " AND ".join(parts), tuple(params)


async def _of_everything(
    conn: AsyncConnection, limits: Limits, count: int, scope_of: Callable[[str], Scope]
) -> HistoryPage:
    """Goes back through the feed's rows, which name every version in the order of their transactions."""
    before = _feed_cursor(limits.cursor)
    versions: list[Stored] = []
    last = before
    while len(versions) <= count:
        cursor = await conn.execute(
            "SELECT seq, entries FROM record.change WHERE seq <= %s "
            "AND at >= coalesce(%s::timestamptz, '-infinity') "
            "ORDER BY seq DESC LIMIT 200",
            (before[0], limits.since),
        )
        rows = await cursor.fetchall()
        for seq, entries in rows:
            found = await _versions(conn, msgspec.json.decode(entries), scope_of)
            for number in reversed(range(len(found))):
                if (seq, number) < before and (version := found[number]) is not None:
                    if len(versions) == count:
                        return HistoryPage(versions, _encode_feed(last))
                    versions.append(version)
                    last = (seq, number)
        if len(rows) < 200:
            return HistoryPage(versions, None)
        before = (rows[-1][0] - 1, 1 << 62)
    return HistoryPage(versions, None)


async def _versions(
    conn: AsyncConnection,
    entries: list[tuple[str, str, int, str, str | None]],
    scope_of: Callable[[str], Scope],
) -> list[Stored | None]:
    found: dict[tuple[str, str, int], Stored] = {}
    for kind in {entry[0] for entry in entries}:
        scope = scope_of(kind)
        wanted = [entry for entry in entries if entry[0] == kind]
        pairs = ([entry[1] for entry in wanted], [entry[2] for entry in wanted])
        match = "(r.id, r.version) IN (SELECT * FROM unnest(%s::text[], %s::int[]))"
        cursor = await conn.execute(
            f"SELECT {CURRENT}, false FROM {source(kind, scope)} WHERE {match} AND ({scope.sql}) UNION ALL "
            f"SELECT {PAST} FROM record.history r WHERE r.type = %s AND {match} AND ({scope.sql})",
            (*pairs, *scope.params, kind, *pairs, *scope.params),
            binary=True,
        )
        for row in await cursor.fetchall():
            version = stored(kind, row)
            found[kind, version.id, version.version] = version
    return [found.get((entry[0], entry[1], entry[2])) for entry in entries]


def _encode(last: Stored) -> str:
    value = [last.last_updated.isoformat(), last.id, last.version]
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    try:
        return list(msgspec.json.decode(_unpadded(cursor), type=tuple[str, str, int]))
    except (ValueError, msgspec.MsgspecError):
        raise BadRequest(
            "The history's cursor is not one of ours: take the next link as it was given."
        ) from None


def _encode_feed(last: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(last)).decode().rstrip("=")


def _feed_cursor(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 1 << 62, 0
    try:
        return msgspec.json.decode(_unpadded(cursor), type=tuple[int, int])
    except (ValueError, msgspec.MsgspecError):
        raise BadRequest(
            "The history's cursor is not one of ours: take the next link as it was given."
        ) from None


def _unpadded(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
