"""Events as they travel: encoded once for all viewers of a topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from banyan.platform import Platform
    from banyan.record import Change
    from banyan.web.manifest import Expander

HEARTBEAT = 15.0
PADDING = b":" + b" " * 2046 + b"\n"  # 2 kB: buffering proxies pass on what exceeds their buffer


@dataclass(frozen=True, slots=True)
class Piece:
    """One event, ready to send."""

    topic: str
    chunk: bytes


@dataclass(frozen=True, slots=True)
class _Raw:
    id: str
    index: int
    last: bool
    topic: str
    kind: str
    data: bytes


def position_of(cursor: str) -> int:
    return int(cursor.rpartition(".")[2])


def epoch_of(cursor: str) -> str:
    return cursor.rpartition(".")[0]


async def pieces(
    platform: Platform,
    expanders: Mapping[str, Expander],
    changes: Sequence[Change],
    topics: frozenset[str] | set[str],
) -> list[Piece]:
    """The events of some changes on some topics, in order, those of applications' tables with their bytes."""
    raw = [
        _Raw(
            change.cursor,
            index,
            index == len(change.events) - 1,
            e.topic,
            e.kind,
            e.data,
        )
        for change in changes
        for index, e in enumerate(change.events)
        if e.topic in topics
    ]
    found: list[Piece] = []
    # Runs of one kind keep the order and let an expander fetch all of a run's bytes at once.
    for kind, run in groupby(raw, key=lambda one: one.kind):
        events = list(run)
        expander = expanders.get(kind)
        bodies = (
            await expander(platform, [_loads(e.data) for e in events])
            if expander
            else [e.data for e in events]
        )
        found += [Piece(e.topic, _encode(e, body)) for e, body in zip(events, bodies, strict=True)]
    return found


def _loads(data: bytes) -> dict[str, Any]:
    loaded: dict[str, Any] = orjson.loads(data)
    return loaded


def _encode(event: _Raw, body: bytes) -> bytes:
    envelope = b'{"n":%d,"topic":%s,"kind":%s,"data":%s}' % (
        event.index,
        orjson.dumps(event.topic),
        orjson.dumps(event.kind),
        body,
    )
    return b"id: %s\ndata: %s\n\n" % (event.id.encode(), envelope)


def named(name: str, cursor: str, data: str = "") -> bytes:
    """An event of the stream itself: hello, beat, reset, refused."""
    return f"event: {name}\nid: {cursor}\ndata: {data}\n\n".encode()
