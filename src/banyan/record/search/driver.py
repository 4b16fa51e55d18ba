"""Chooses the index that drives a search, from counts per key."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection

from banyan.record.counts import KeyCounts
from banyan.record.search.ordering import SortKey
from banyan.record.search.sql import Condition

#: Walking an index in the wanted order stops at a full page; each other condition makes the walk longer.
WALK = 20


@dataclass(frozen=True, slots=True)
class Driver:
    """The chosen condition (None: every row in order), its estimate, and how to say so."""

    condition: Condition | None
    rows: int | None
    label: str
    in_order: bool


async def choose_driver(
    conn: AsyncConnection,
    counts: KeyCounts,
    conditions: Sequence[Condition],
    order: Sequence[SortKey],
    count: int,
) -> Driver:
    asked = sorted({key for c in conditions if c.counted and c.drive for key in c.keys})
    known = await _counts(conn, counts, asked)
    best: Driver | None = None
    best_cost = float("inf")
    for condition in conditions:
        if condition.drive is None:
            continue
        rows = sum(known.get(key, 0) for key in condition.keys) if condition.counted else condition.guess
        rows = condition.guess or 0 if rows is None else rows
        in_order = order[0].plain == "r.date_lo" and condition.column in ("patient", "code", "date")
        cost = min(rows, count * WALK ** (len(conditions) - 1)) if in_order else rows
        if cost < best_cost:
            best, best_cost = Driver(condition, rows, condition.label, in_order), cost
    return best or Driver(None, None, "every row", True)


async def _counts(conn: AsyncConnection, counts: KeyCounts, asked: list[int]) -> dict[int, int]:
    known, unknown = counts.remembered(asked)
    if unknown:
        cursor = await conn.execute(
            "SELECT key, n FROM record.key_count WHERE key = ANY(%s::bigint[])", (unknown,), prepare=True
        )
        found: dict[int, int] = dict(await cursor.fetchall())
        counts.remember(unknown, found)
        known |= {key: found.get(key, 0) for key in unknown}
    return known


async def is_second_code(conn: AsyncConnection, key: int) -> bool:
    """Whether a key occurs as a further code of some resource, which the column `code` does not show."""
    cursor = await conn.execute(
        "SELECT 1 FROM record.second_code WHERE key = %s::bigint", (key,), prepare=True
    )
    return await cursor.fetchone() is not None
