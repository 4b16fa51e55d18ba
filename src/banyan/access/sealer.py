"""The sealer: links committed audit rows in signed, chained batches, within a second."""

import asyncio
import logging
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from banyan.access.keys import Keys
from banyan.access.ledger import FIRST, ROW, merkle_root, row_hash, statement

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5
BATCH = 20_000
LOCK = 0x42414E59  # one sealer at a time, by an advisory lock of the transaction
HEAD = "audit-head.json"


@dataclass
class Sealer:
    """What has been sealed, kept in memory between batches.

    Numbers become visible out of order, since transactions commit out of order. Below the low-water mark
    nothing can appear any more; above it, the numbers already sealed are remembered.
    """

    keys: Keys
    number: int = 0
    root: bytes = FIRST
    low_water: int = 0
    above: set[int] = field(default_factory=set)
    _noted: tuple[int, frozenset[str]] | None = None

    async def load(self, conn: AsyncConnection[Any]) -> None:
        """Takes up the chain where the last seal left it."""
        cursor = await conn.execute(
            "select number, root, low_water from access.seal order by number desc limit 1"
        )
        row = await cursor.fetchone()
        self.number, self.root, self.low_water = row or (0, FIRST, 0)
        cursor = await conn.execute(
            "select distinct id from access.seal, unnest(ids) id where id > %s", (self.low_water,)
        )
        self.above = {id_ for (id_,) in await cursor.fetchall()}

    async def seal(self, conn: AsyncConnection[Any]) -> int:
        """Seals what is committed and not sealed; says how many rows. Runs in a transaction of its own."""
        async with conn.transaction():
            await conn.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
            await self._catch_up(conn)
            settled = await self._settled(conn)
            cursor = await conn.execute(
                f"select {ROW} from access.audit where id > %s and not id = any(%s) order by id limit %s",
                (self.low_water, sorted(self.above), BATCH),
            )
            rows = await cursor.fetchall()
            self._take([row[0] for row in rows], settled if len(rows) < BATCH else 0)
            if not rows:
                return 0
            await self._write(conn, rows)
        self._keep_head()
        return len(rows)

    async def _catch_up(self, conn: AsyncConnection[Any]) -> None:
        cursor = await conn.execute("select coalesce(max(number), 0) from access.seal")
        row = await cursor.fetchone()
        if row is None or row[0] != self.number or self.number == 0:
            await self.load(conn)

    async def _settled(self, conn: AsyncConnection[Any]) -> int:
        """A number at and below which no running transaction can still bring a row, or 0.

        The last number given out is noted first, then who is writing: whoever took that number or a lower
        one is among them or has ended. When all of them have ended, the noted number is settled.
        """
        if self._noted is None:
            cursor = await conn.execute("select last_value from access.audit_id_seq")
            row = await cursor.fetchone()
            self._noted = (int(row[0]) if row else 0, await _writers(conn))
        last, writers = self._noted
        if writers and writers & await _writers(conn):
            return 0
        self._noted = None
        return last

    def _take(self, ids: list[int], settled: int) -> None:
        self.above.update(ids)
        self.low_water = max(self.low_water, settled)
        self.above = {id_ for id_ in self.above if id_ > self.low_water}

    async def _write(self, conn: AsyncConnection[Any], rows: list[tuple[Any, ...]]) -> None:
        ids = [row[0] for row in rows]
        leaves = [row_hash(row) for row in rows]
        root, at, number = merkle_root(leaves), datetime.now(UTC), self.number + 1
        signature = self.keys.audit.sign(statement(number, ids, root, self.root, self.low_water, at))
        await conn.execute(
            "insert into access.seal (number, ids, hashes, root, previous, low_water, sealed_at, signature) "
            "values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (number, ids, b"".join(leaves), root, self.root, self.low_water, at, signature),
        )
        self.number, self.root = number, root

    def _keep_head(self) -> None:
        """The last seal stands beside the key too, so that cutting off the end of the chain shows."""
        path = self.keys.folder / HEAD
        half = path.with_suffix(f".{os.getpid()}")
        half.write_bytes(orjson.dumps({"number": self.number, "root": self.root.hex()}))
        half.chmod(0o600)
        half.replace(path)


async def _writers(conn: AsyncConnection[Any]) -> frozenset[str]:
    """The transactions that are writing to the trail right now."""
    cursor = await conn.execute(
        "select virtualtransaction from pg_locks where relation = 'access.audit'::regclass "
        "and database = (select oid from pg_database where datname = current_database()) "
        "and mode = 'RowExclusiveLock' and granted"
    )
    return frozenset(name for (name,) in await cursor.fetchall())


def read_head(keys: Keys) -> tuple[int, bytes] | None:
    """The last seal as kept beside the key, if there is one."""
    path: Path = keys.folder / HEAD
    try:
        kept = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return int(kept["number"]), bytes.fromhex(kept["root"])


async def seal(pool: AsyncConnectionPool[Any], keys: Keys, *, every: float = PAUSE_SECONDS) -> None:
    """Seals for as long as the worker lives; a lost database is waited for."""
    sealer = Sealer(keys)
    while True:
        try:
            async with pool.connection() as conn:
                sealed = await sealer.seal(conn)
        except psycopg.Error:
            log.exception("Audit rows could not be sealed; trying again")
            sealer, sealed = Sealer(keys), 0
        await asyncio.sleep(0 if sealed == BATCH else every)
