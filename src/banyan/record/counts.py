"""How often each key occurs: kept by the writers apart from their transactions, read by searches."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

FLUSH_SECONDS = 1.0
FLUSH_KEYS = 20_000
REMEMBER_SECONDS = 30.0


class KeyCounts:
    """Counts gathered in this process, written once a second; what was read is remembered for half a minute.

    They are estimates: a crash loses at most a second of them; a wrong one makes a search slower,
    never wrong.
    """

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._gathered: Counter[int] = Counter()
        self._known: dict[int, tuple[int, float]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, keys: Iterable[int]) -> None:
        self._gathered.update(keys)
        if self._gathered and (self._task is None or self._task.done()):
            delay = 0.0 if len(self._gathered) > FLUSH_KEYS else FLUSH_SECONDS
            self._task = asyncio.get_running_loop().create_task(self._flush_after(delay))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.flush()

    async def flush(self) -> None:
        gathered, self._gathered = self._gathered, Counter()
        if gathered:
            keys = sorted(gathered)
            async with self._pool.connection() as conn:
                await conn.execute(
                    "INSERT INTO record.key_count AS c SELECT * FROM unnest(%s::bigint[], %s::bigint[]) "
                    "ON CONFLICT (key) DO UPDATE SET n = c.n + EXCLUDED.n",
                    (keys, [gathered[key] for key in keys]),
                )

    async def _flush_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            await self.flush()
        except (psycopg.Error, PoolClosed, PoolTimeout):
            return  # the database is away: what is lost are estimates

    def remembered(self, keys: Iterable[int]) -> tuple[dict[int, int], list[int]]:
        """The counts known here, and the keys that must be asked for."""
        now = time.monotonic()
        known = {key: self._known[key][0] for key in keys if key in self._known and self._known[key][1] > now}
        return known, [key for key in keys if key not in known]

    def remember(self, asked: Iterable[int], counts: dict[int, int]) -> None:
        until = time.monotonic() + REMEMBER_SECONDS
        if len(self._known) > 100_000:
            self._known.clear()
        self._known.update({key: (counts.get(key, 0), until) for key in asked})
