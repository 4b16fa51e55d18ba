"""The audit trail: who did or saw what, durable before anyone has the bytes."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from banyan.access.principal import Principal
from banyan.access.single import single

log = logging.getLogger(__name__)
Outcome = Literal["done", "denied", "failed"]
COLUMNS = (
    "account, display, roles, institution, session, device, purpose, action, outcome, what, entities, "
    "patients, detail"
)
INSERT = f"insert into access.audit ({COLUMNS}) values ({', '.join(['%s'] * 13)})"
# One statement, thus one commit, for all reads that wait; more than this go with the next.
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the trail: who, what, on which resources of which patients."""

    who: Principal
    action: str
    purpose: str = "TREAT"
    outcome: Outcome = "done"
    what: str = ""  # the type, the search, the request
    entities: Sequence[str] = ()  # Type/id or Type/id/_history/version
    patients: Sequence[str] = ()
    detail: str = ""

    def row(self) -> tuple[Any, ...]:
        who = self.who
        return (
            who.user, who.name, list(who.roles), who.institution, who.session, who.device, self.purpose,
            self.action, self.outcome, self.what, list(self.entities), list(self.patients), self.detail,
        )  # fmt: skip


async def write(conn: AsyncConnection[Any], entry: Entry) -> None:
    """Writes an entry in the caller's own transaction: both stay, or neither."""
    await conn.execute(INSERT, entry.row())


@dataclass(frozen=True)
class Look:
    """One line of "who looked at this record"."""

    id: int
    at: datetime
    user: str
    name: str
    roles: tuple[str, ...]
    institution: str | None
    purpose: str
    action: str
    outcome: str
    what: str
    entities: tuple[str, ...]
    patients: tuple[str, ...]
    detail: str


LOOK = (
    "id, at, account, display, roles, institution, purpose, action, outcome, what, entities, patients, detail"
)


@dataclass
class AuditTrail:
    """Takes the entries of reads; those that wait at one moment share one commit."""

    pool: AsyncConnectionPool[Any]
    _waiting: list[tuple[Entry, asyncio.Future[None]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None

    async def record(self, entry: Entry) -> None:
        """Returns when the entry is on disk; raises if it could not be written."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await done

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                await self._commit([entry for entry, _ in batch])
            except Exception as error:
                _tell(batch, error)
                log.exception("The audit trail could not be written; %d reads were refused", len(batch))
            except asyncio.CancelledError:
                _tell([*batch, *self._waiting], ConnectionError("The server is stopping."))
                self._waiting = []
                raise
            else:
                _tell(batch, None)

    async def _commit(self, entries: list[Entry]) -> None:
        rows = ", ".join([f"({', '.join(['%s'] * 13)})"] * len(entries))
        values = [value for entry in entries for value in entry.row()]
        async with single(self.pool) as conn:
            await conn.execute(f"insert into access.audit ({COLUMNS}) values {rows}", values)

    async def of_patient(self, patient: str, *, before: int | None = None, count: int = 100) -> list[Look]:
        """Who looked at, searched or changed this patient's record, newest first."""
        return await self._looks("patients @> %s", [[patient]], before, count)

    async def of_user(self, user: str, *, before: int | None = None, count: int = 100) -> list[Look]:
        """What this one did, newest first."""
        return await self._looks("account = %s", [user], before, count)

    async def recent(
        self,
        *,
        outcome: str | None = None,
        action: str | None = None,
        before: int | None = None,
        count: int = 100,
    ) -> list[Look]:
        """The newest entries, of one outcome or action where given."""
        condition = "(%s::text is null or outcome = %s) and (%s::text is null or action = %s)"
        return await self._looks(condition, [outcome, outcome, action, action], before, count)

    async def _looks(self, condition: str, params: list[Any], before: int | None, count: int) -> list[Look]:
        sql = (
            f"select {LOOK} from access.audit where {condition} and (%s::bigint is null or id < %s) "
            "order by id desc limit %s"
        )
        async with single(self.pool) as conn:
            cursor = await conn.execute(sql, [*params, before, before, count])
            return [_look(row) for row in await cursor.fetchall()]


def _look(row: tuple[Any, ...]) -> Look:
    id_, at, user, name, roles, institution, purpose, action, outcome, what, entities, patients, detail = row
    return Look(
        id_, at, user, name, tuple(roles), institution, purpose, action, outcome, what, tuple(entities),
        tuple(patients), detail,
    )  # fmt: skip


def _tell(batch: list[tuple[Entry, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, done in batch:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
