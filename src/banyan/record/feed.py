"""The change feed: every committed transaction once, in one order, without gaps."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool

from banyan.record.errors import BadRequest, EpochChanged
from banyan.record.positions import CHANNEL, give_positions, new_epoch
from banyan.record.values import Author

__all__ = ["Change", "Entry", "Event", "Feed", "follow", "give_positions", "new_epoch"]
#: Wait this long before listening anew after the database went away.
RECONNECT_SECONDS = 0.5


class Entry(NamedTuple):
    """One version that a transaction wrote; `op` is create, update or delete."""

    type: str
    id: str
    version: int
    op: str
    patient: str | None


class Event(NamedTuple):
    """A live event; `data` is JSON."""

    topic: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction. `cursor` is where a follower resumes that has seen it."""

    position: int
    cursor: str
    at: datetime
    entries: list[Entry]
    events: list[Event]
    author: Author


_entries = msgspec.json.Decoder(list[Entry])
_events = msgspec.json.Decoder(list[tuple[str, str, msgspec.Raw]])
_author = msgspec.json.Decoder(Author)


class Feed:
    """A process's view of the feed: reads from cursors, and one connection that hears of news."""

    def __init__(self, pool: AsyncConnectionPool, *, shard: int = 0) -> None:
        self._pool = pool
        self._shard = shard
        self._news = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    async def read(self, cursor: str | None, *, limit: int = 1000) -> tuple[list[Change], str]:
        """The changes after `cursor` (from the beginning with None), and the cursor after them.

        Raises EpochChanged when the record was restored since: read the present state, go on from `latest`.
        """
        after = 0
        async with self._pool.connection() as conn:
            epoch = await self._epoch(conn)
            if cursor is not None:
                after = self._position(cursor, epoch)
            found = await conn.execute(
                "SELECT p.position, c.at, c.author, c.entries, c.events FROM record.position p "
                "JOIN record.change c USING (seq) WHERE p.shard = %s AND p.position > %s "
                "ORDER BY p.position LIMIT %s",
                (self._shard, after, limit),
                prepare=True,
                binary=True,
            )
            rows = await found.fetchall()
        changes = [self._change(epoch, row) for row in rows]
        return changes, self._cursor(epoch, changes[-1].position if changes else after)

    async def latest(self) -> str:
        """The cursor after everything that has its position now."""
        async with self._pool.connection() as conn:
            found = await conn.execute(
                "SELECT f.epoch, coalesce(max(p.position), 0) FROM record.feed f "
                "LEFT JOIN record.position p USING (shard) WHERE f.shard = %s GROUP BY f.epoch",
                (self._shard,),
            )
            row = await found.fetchone()
        assert row is not None
        return self._cursor(row[0], row[1])

    async def wait(self, timeout: float = 15.0) -> None:
        """Return at the next news, or after `timeout` seconds. Read first: news may be there already."""
        if self._listener is None or self._listener.done():
            self._listener = asyncio.get_running_loop().create_task(self._listen())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout)

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(str(self._pool.conninfo), autocommit=True) as conn:
                    await conn.execute(f"LISTEN {CHANNEL}")
                    self._tell()  # whatever came while nobody listened
                    async for _ in conn.notifies():
                        self._tell()
            except OperationalError:
                await asyncio.sleep(RECONNECT_SECONDS)

    def _tell(self) -> None:
        """Wake who waits now; who comes later waits for the next news."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _epoch(self, conn: AsyncConnection) -> str:
        found = await conn.execute(
            "SELECT epoch FROM record.feed WHERE shard = %s", (self._shard,), prepare=True
        )
        row = await found.fetchone()
        assert row is not None
        return str(row[0])

    def _cursor(self, epoch: str, position: int) -> str:
        return f"{epoch}.{self._shard}.{position}"

    def _position(self, cursor: str, epoch: str) -> int:
        parts = cursor.split(".")
        if len(parts) != 3 or not parts[2].isdigit():
            raise BadRequest(f"{cursor!r} is not a cursor of the change feed.")
        if parts[0] != epoch:
            raise EpochChanged(
                "The record was restored since this cursor was given. Read the present state anew."
            )
        return int(parts[2])

    def _change(self, epoch: str, row: Sequence[object]) -> Change:
        position, at, author, entries, events = row
        assert isinstance(position, int)
        assert isinstance(at, datetime)
        assert isinstance(author, bytes)
        assert isinstance(entries, bytes)
        assert isinstance(events, bytes)
        told = [Event(topic, kind, bytes(data)) for topic, kind, data in _events.decode(events)]
        cursor = self._cursor(epoch, position)
        return Change(position, cursor, at, _entries.decode(entries), told, _author.decode(author))


async def follow(feed: Feed, cursor: str | None) -> AsyncIterator[Change]:
    """Every change after `cursor`, for ever."""
    while True:
        waiting = asyncio.ensure_future(feed.wait())
        changes, cursor = await feed.read(cursor)
        for change in changes:
            yield change
        if changes:
            waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
