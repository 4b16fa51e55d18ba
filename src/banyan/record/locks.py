"""Locks on resources, on ids that clients make and on conditions: always taken in one order."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection

from banyan.fhir.keys import hash64
from banyan.record import reading
from banyan.record.values import Stored

#: Locks for conditions are drawn from this many: a large bundle must not exhaust the lock table.
CONDITION_LOCKS = 1024
CONDITION_SPACE = 762_001


@dataclass(frozen=True, slots=True)
class Current:
    """The current row of a resource, locked for this transaction."""

    stored: Stored
    number: int
    shard: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """A client-made id: `fresh` if nobody had it; `deleted_version` if its resource was deleted."""

    fresh: bool
    deleted_version: int | None


async def lock_resources(conn: AsyncConnection, resource_type: str, ids: Sequence[str]) -> dict[str, Current]:
    """The resources that exist, by id, each locked until the transaction ends."""
    cursor = await conn.execute(
        f"SELECT {reading.CURRENT}, r.row, r.shard, r.digest FROM record.{resource_type.lower()} r "
        "WHERE r.id = ANY(%s) ORDER BY r.id FOR UPDATE",
        (sorted(ids),),
        binary=True,
        prepare=True,
    )
    return {
        row[0]: Current(reading.stored(resource_type, row[:7]), row[7], row[8], bytes(row[9]))
        for row in await cursor.fetchall()
    }


async def claim_ids(
    conn: AsyncConnection, resource_type: str, places: Sequence[tuple[str, int]]
) -> dict[str, Claim]:
    """Claim client-made ids with their shards; an equal claim of another transaction is waited for."""
    ordered = sorted(places)
    cursor = await conn.execute(
        "INSERT INTO record.place (type, id, shard) SELECT %s, * FROM unnest(%s::text[], %s::int2[]) "
        "ON CONFLICT (type, id) DO UPDATE SET shard = record.place.shard "
        "RETURNING id, xmax = 0, deleted_version",
        (resource_type, [place[0] for place in ordered], [place[1] for place in ordered]),
        prepare=True,
    )
    return {row[0]: Claim(row[1], row[2]) for row in await cursor.fetchall()}


async def lock_conditions(conn: AsyncConnection, conditions: Sequence[tuple[str, str]]) -> None:
    """Keep others from deciding on the same conditions (type, search) until this transaction ends."""
    numbers = sorted({hash64(f"{kind}?{condition}") % CONDITION_LOCKS for kind, condition in conditions})
    await conn.execute(
        f"SELECT pg_advisory_xact_lock({CONDITION_SPACE}, n) FROM unnest(%s::int4[]) AS n", (numbers,)
    )
