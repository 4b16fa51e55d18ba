"""Chooses the index that drives a search, from counts per key."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from psycopg import AsyncConnection

from banyan.fhir import keys
from banyan.record.counts import KeyCounts
from banyan.record.search.ordering import SortKey
from banyan.record.search.sql import Condition

#: The share of rows that a condition without any estimate is taken to leave.
UNKNOWN_SHARE = 0.5
#: The orders that each B-tree gives by itself.
ORDERS = {
    "patient": ("r.date_lo",),
    "code": ("r.date_lo",),
    "date": ("r.date_lo",),
    "updated": ("r.last_updated",),
    None: (),
}
WALKED = ("r.row", "r.date_lo", "r.last_updated")


@dataclass(frozen=True, slots=True)
class Driver:
    """The chosen condition (None: every row in the wanted order), how many rows it finds, how to say so."""

    condition: Condition | None
    rows: float
    label: str
    in_order: bool


async def choose_driver(
    conn: AsyncConnection,
    counts: KeyCounts,
    resource_type: str,
    conditions: Sequence[Condition],
    order: Sequence[SortKey],
    count: int,
) -> Driver:
    """The driver that looks at the fewest rows before the page is full.

    An index in the wanted order is left at a full page: after `count` rows divided by the share of rows that
    the other conditions leave. Any other index gives all its rows first.
    """
    everything = total_key(resource_type)
    asked = {key for c in conditions if c.counted for key in c.keys} | {everything}
    known = await _counts(conn, counts, sorted(asked))
    total = max(known[everything], 1)
    rows = [_rows(condition, known, total) for condition in conditions]
    shares = [UNKNOWN_SHARE if n is None else min(1.0, max(n, 1) / total) for n in rows]
    walk = min(float(total), count / prod(shares))
    best = Driver(None, total, "every row", order[0].plain in WALKED)
    best_cost = walk if best.in_order else float(total)
    for number, condition in enumerate(conditions):
        found = rows[number]
        if condition.drive is None or found is None:
            continue
        in_order = order[0].plain in ORDERS[condition.column]
        others = prod(shares[:number] + shares[number + 1 :])
        cost = min(found, count / others) if in_order else found
        if cost < best_cost:
            best, best_cost = Driver(condition, found, condition.label, in_order), cost
    return best


def total_key(resource_type: str) -> int:
    """The key under which all rows of a type are counted."""
    return keys.key(resource_type, "all", "")


def _rows(condition: Condition, known: dict[int, int], total: int) -> float | None:
    if condition.counted:
        return float(sum(known.get(key, 0) for key in condition.keys) * condition.factor)
    return None if condition.guess is None else float(min(condition.guess, total))


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
