"""Checks the sealed audit trail: which rows were changed, removed or slipped in since they were sealed."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from psycopg import AsyncConnection

from banyan.access.keys import Keys
from banyan.access.ledger import FIRST, ROW, merkle_root, row_hash, split, statement
from banyan.access.sealer import read_head

SEALS_AT_ONCE = 200


@dataclass
class Verdict:
    rows: int = 0
    seals: int = 0
    until: datetime | None = None  # the time of the last good seal
    changed: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    inserted: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # seals that do not hold, in words
    unsealed: int = 0  # too new to be sealed

    @property
    def intact(self) -> bool:
        return not (self.changed or self.missing or self.inserted or self.broken)

    def lines(self) -> list[str]:
        """The findings in words, one a line."""
        found = [f"{self.rows} audit rows in {self.seals} seals checked, until {self.until or 'never'}."]
        found += [f"Row {id_} was changed after it was sealed." for id_ in self.changed]
        found += [f"Row {id_} was removed after it was sealed." for id_ in self.missing]
        found += [f"Row {id_} was inserted behind the sealer's back." for id_ in self.inserted]
        found += self.broken
        found += [f"{self.unsealed} rows are newer than the last seal."] if self.unsealed else []
        return [*found, "The audit trail is intact." if self.intact else "The audit trail is NOT intact."]


async def verify(
    conn: AsyncConnection[Any], keys: Keys, progress: Callable[[int], None] = lambda _: None
) -> Verdict:
    """Walks the whole chain. The caller's transaction should see one state (repeatable read)."""
    verdict, previous, expected, low_water = Verdict(), FIRST, 1, 0
    public = keys.audit.public_key()
    async for seal in _seals(conn):
        number, ids, hashes, root, before, low_water, at, signature = seal
        if number != expected:
            verdict.broken.append(f"Seals {expected} to {number - 1} are gone.")
        elif before != previous:
            verdict.broken.append(f"Seal {number} is not chained to the one before.")
        leaves = split(hashes)
        try:
            public.verify(signature, statement(number, ids, root, before, low_water, at))
        except InvalidSignature:
            verdict.broken.append(f"Seal {number} is not signed by this installation's key.")
        if len(leaves) != len(ids) or not leaves or merkle_root(leaves) != root:
            verdict.broken.append(f"Seal {number} does not fit its own list of rows.")
        await _compare(conn, ids, leaves, verdict)
        verdict.seals, verdict.rows, verdict.until = verdict.seals + 1, verdict.rows + len(ids), at
        previous, expected = root, number + 1
        progress(verdict.rows)
    _check_head(keys, expected - 1, previous, verdict)
    await _find_unsealed(conn, low_water, verdict)
    return verdict


async def _seals(conn: AsyncConnection[Any]) -> AsyncIterator[tuple[Any, ...]]:
    last = 0
    while True:
        cursor = await conn.execute(
            "select number, ids, hashes, root, previous, low_water, sealed_at, signature from access.seal "
            "where number > %s order by number limit %s",
            (last, SEALS_AT_ONCE),
        )
        rows = await cursor.fetchall()
        for row in rows:
            yield row
        if len(rows) < SEALS_AT_ONCE:
            return
        last = rows[-1][0]


async def _compare(conn: AsyncConnection[Any], ids: list[int], leaves: list[bytes], verdict: Verdict) -> None:
    cursor = await conn.execute(f"select {ROW} from access.audit where id = any(%s)", (ids,))
    now = {row[0]: row_hash(row) for row in await cursor.fetchall()}
    for id_, leaf in zip(ids, leaves, strict=False):
        if id_ not in now:
            verdict.missing.append(id_)
        elif now[id_] != leaf:
            verdict.changed.append(id_)


def _check_head(keys: Keys, number: int, root: bytes, verdict: Verdict) -> None:
    head = read_head(keys)
    if head is None and number:
        verdict.broken.append("The note of the last seal beside the key is gone.")
    elif head is not None and head[0] > number:
        verdict.broken.append(f"Seals {number + 1} to {head[0]} were cut off the end of the chain.")
    elif head is not None and head[0] == number and head[1] != root:
        verdict.broken.append(f"Seal {number} is not the one that was noted beside the key.")


async def _find_unsealed(conn: AsyncConnection[Any], low_water: int, verdict: Verdict) -> None:
    """Below the low-water mark everything was sealed; what is there without a seal was slipped in."""
    unsealed = (
        "from access.audit a where not exists "
        "(select from (select unnest(ids) as id from access.seal) s where s.id = a.id)"
    )
    cursor = await conn.execute(f"select a.id {unsealed} and a.id <= %s order by a.id", (low_water,))
    verdict.inserted = [id_ for (id_,) in await cursor.fetchall()]
    cursor = await conn.execute(f"select count(*) {unsealed} and a.id > %s", (low_water,))
    row = await cursor.fetchone()
    verdict.unsealed = int(row[0]) if row else 0
