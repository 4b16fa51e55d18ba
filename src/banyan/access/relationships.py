"""What the grants say for people: whose patients someone has now, why, and which glasses were broken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg_pool import AsyncConnectionPool

from banyan.access.audit import Entry, write
from banyan.access.errors import AccessError
from banyan.access.grants import applies
from banyan.access.principal import Principal

REVIEW_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Relationship:
    patient: str
    purpose: str
    because: str
    starts: datetime
    until: datetime | None
    to: str  # institution, unit or person
    made_by: str


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    grant: int
    patient: str
    user: str
    name: str
    institution: str | None
    reason: str
    at: datetime
    due: datetime
    verdict: str | None
    reviewed_by: str | None


@dataclass(frozen=True)
class Relationships:
    pool: AsyncConnectionPool[Any]

    async def of(self, who: Principal, at: datetime, *, patient: str | None = None) -> list[Relationship]:
        """The grants that this one holds at a moment, on one patient or on all; at most 500."""
        condition, params = applies(who, at)
        return await self._list(
            f"{condition} and (%s::text is null or g.patient = %s)", (*params, patient, patient)
        )

    async def on(self, patient: str, since: datetime) -> list[Relationship]:
        """All grants on a patient that were live since a moment."""
        return await self._list("g.patient = %s and (g.until is null or g.until > %s)", (patient, since))

    async def _list(self, condition: str, params: tuple[Any, ...]) -> list[Relationship]:
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select g.patient, g.purpose, g.because, g.starts, g.until, "
                "coalesce(g.account, g.unit, g.institution, ''), g.made_by from access.grant g "
                f"where {condition} order by g.starts desc limit 500",
                params,
            )
            return [Relationship(*row) for row in await cursor.fetchall()]

    async def broken_glasses(self, *, reviewed: bool = False, count: int = 100) -> list[BrokenGlass]:
        """Break-glass openings that wait for a review, the oldest first; or the last reviewed ones."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select g.id, g.patient, g.account, coalesce(a.display, g.account), a.institution, "
                "g.because, g.made_at, g.made_at + %s, r.verdict, r.reviewed_by from access.grant g "
                "left join access.account a on a.name = g.account "
                'left join access.review r on r."grant" = g.id '
                "where g.purpose = 'BTG' and (r.verdict is not null) = %s "
                f"order by g.made_at {'desc' if reviewed else 'asc'} limit %s",
                (REVIEW_WITHIN, reviewed, count),
            )
            return [BrokenGlass(*row) for row in await cursor.fetchall()]

    async def review(self, grant: int, verdict: str, *, by: Principal, note: str = "") -> None:
        """Says whether an opening was justified. One's own cannot be reviewed."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select patient, account from access.grant where id = %s and purpose = 'BTG'", (grant,)
            )
            row = await cursor.fetchone()
            if row is None:
                raise AccessError("There is no such break-glass opening.")
            if row[1] == by.user:
                raise AccessError("One's own opening is reviewed by somebody else.")
            await conn.execute(
                'insert into access.review ("grant", reviewed_by, verdict, note) values (%s, %s, %s, %s) '
                'on conflict ("grant") do update set verdict = excluded.verdict, note = excluded.note, '
                "reviewed_by = excluded.reviewed_by, reviewed_at = now()",
                (grant, by.user, verdict, note),
            )
            await write(
                conn,
                Entry(
                    who=by,
                    action="access.review",
                    what=f"break-glass {grant} of {row[1]}",
                    patients=[row[0]],
                    detail=f"{verdict} {note}".strip(),
                ),
            )
