"""Gives each committed transaction its position in the feed; one process at a time, by an advisory lock."""

import asyncio
import time

from psycopg import AsyncConnection, OperationalError

CHANNEL = "banyan_feed"
#: Follower wake-ups are at least this far apart.
WAKE_SECONDS = 0.02
BUSY_SECONDS = 0.003
IDLE_SECONDS = 0.01
#: After this many empty looks the giver looks less often.
PATIENCE = 50
LOCK = 762_000
RECONNECT_SECONDS = 0.5

#: What this look sees and the last one did not: transactions that began since, or were still running then.
_FRESH = """
SELECT c.seq FROM record.feed f, record.change c
WHERE f.shard = %(shard)s AND c.shard = f.shard AND c.transaction >= pg_snapshot_xmax(f.seen)
UNION ALL
SELECT c.seq FROM record.feed f, pg_snapshot_xip(f.seen) AS running, record.change c
WHERE f.shard = %(shard)s AND c.shard = f.shard AND c.transaction = running
"""
_GIVE = f"""
WITH fresh AS ({_FRESH}),
     given AS (INSERT INTO record.position (shard, position, seq)
               SELECT %(shard)s::int2, row_number() OVER (ORDER BY seq)
                 + (SELECT coalesce(max(position), 0) FROM record.position WHERE shard = %(shard)s), seq
               FROM fresh RETURNING 1),
     moved AS (UPDATE record.feed SET seen = pg_current_snapshot()
               WHERE shard = %(shard)s AND EXISTS (SELECT FROM fresh))
SELECT count(*) FROM given
"""
_LOOK = f"SELECT EXISTS ({_FRESH})"


async def give_positions(dsn: str, *, shard: int = 0) -> None:
    """Work for ever; run by the worker process. A second giver waits until the first is gone."""
    while True:
        try:
            async with await AsyncConnection.connect(dsn, autocommit=True) as conn:
                await conn.execute("SELECT pg_advisory_lock(%s, %s)", (LOCK, shard))
                await _Giver(conn, shard).work()
        except OperationalError:
            await asyncio.sleep(RECONNECT_SECONDS)


async def give_now(conn: AsyncConnection, *, shard: int = 0) -> int:
    """One round: how many transactions got their position."""
    row = await (await conn.execute(_GIVE, {"shard": shard}, prepare=True)).fetchone()
    assert row is not None
    return int(row[0])


async def new_epoch(conn: AsyncConnection) -> None:
    """After a restore: cursors of before are told apart, and numbers of transactions begin anew."""
    async with conn.transaction():
        await conn.execute("UPDATE record.change SET transaction = '0' WHERE transaction <> '0'")
        await conn.execute(
            "INSERT INTO record.position (shard, position, seq) "
            "SELECT c.shard, row_number() OVER (ORDER BY c.seq) + "
            "(SELECT coalesce(max(position), 0) FROM record.position p WHERE p.shard = c.shard), c.seq "
            "FROM record.change c WHERE NOT EXISTS (SELECT FROM record.position p WHERE p.seq = c.seq)"
        )
        await conn.execute(
            "UPDATE record.feed SET epoch = substr(md5(gen_random_uuid()::text), 1, 12), "
            "seen = pg_current_snapshot()"
        )


class _Giver:
    """The loop: look, give, wake the followers."""

    def __init__(self, conn: AsyncConnection, shard: int) -> None:
        self.conn = conn
        self.shard = shard
        self.woken = 0.0
        self.owed = False

    async def work(self) -> None:
        empty = 0
        while True:
            empty = 0 if await self._give() else empty + 1
            await self._wake()
            await asyncio.sleep(BUSY_SECONDS if empty < PATIENCE or self.owed else IDLE_SECONDS)

    async def _give(self) -> bool:
        found = await (await self.conn.execute(_LOOK, {"shard": self.shard}, prepare=True)).fetchone()
        if found is None or not found[0]:
            return False
        self.owed = await give_now(self.conn, shard=self.shard) > 0 or self.owed
        return self.owed

    async def _wake(self) -> None:
        now = time.monotonic()
        if self.owed and now - self.woken >= WAKE_SECONDS:
            await self.conn.execute(f"NOTIFY {CHANNEL}")
            self.woken, self.owed = now, False
