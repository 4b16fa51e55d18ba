"""The door: every read and every write of the record passes here, is judged and leaves its trace."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from banyan.access import grants
from banyan.access.act import Act
from banyan.access.audit import AuditTrail, Entry
from banyan.access.decide import Decision, Facts, able_roles, decide, why_not
from banyan.access.errors import AccessError, Denied
from banyan.access.policies import READS, WRITES, Policies, load
from banyan.access.predicate import needs_grants, to_sql
from banyan.access.principal import Principal
from banyan.access.single import single
from banyan.clock import Clock
from banyan.record import HistoryPage, Record, Scope, SearchPage, Stored
from banyan.record.errors import NotFound

T = TypeVar("T")
BREAK_GLASS = timedelta(hours=1)
SHORTEST_REASON = 6


class Door:
    def __init__(
        self, record: Record, audit: AuditTrail, *, policies: Sequence[Path] = (), clock: Clock | None = None
    ) -> None:
        """`policies` are the applications' Cedar files. Raises PolicyError for one that cannot rule."""
        self.record, self.audit, self.clock = record, audit, clock or Clock()
        self.policies: Policies = load(policies)

    def scope(
        self,
        who: Principal,
        action: str,
        type_: str | None,
        *,
        purpose: str = "TREAT",
        at: datetime | None = None,
    ) -> Scope:
        """The rows of a type on which this one may do this, as SQL."""
        possible = self.policies.predicate(who, action, type_, purpose)
        moment = at or self.clock.now()
        sql, params = to_sql(possible, lambda purposes: grants.row_condition(who, moment, purposes))
        return Scope(sql, params)

    async def permit(
        self,
        who: Principal,
        action: str,
        resource: Facts,
        *,
        purpose: str = "TREAT",
        at: datetime | None = None,
    ) -> Decision:
        """Whether this one may do this on this row, with the reason."""
        return (await self.permit_all(who, action, [resource], purpose=purpose, at=at))[0]

    async def permit_all(
        self,
        who: Principal,
        action: str,
        resources: Sequence[Facts],
        *,
        purpose: str = "TREAT",
        at: datetime | None = None,
        conn: grants.Conn | None = None,
    ) -> list[Decision]:
        """One decision a row, with one look at the grants and one call of the engine."""
        keys = [(facts.patient or "", facts.sensitivity) for facts in resources]
        held: dict[tuple[str, int], frozenset[str]] = {}
        if any(self._asks_grants(who, action, facts, purpose) for facts in resources):
            held = await self._granted(who, keys, at or self.clock.now(), conn)
        rows = [(facts, held.get(key, frozenset())) for facts, key in zip(resources, keys, strict=True)]
        return decide(self.policies, who, action, rows, purpose)

    def _asks_grants(self, who: Principal, action: str, facts: Facts, purpose: str) -> bool:
        return bool(facts.patient) and needs_grants(self.policies.predicate(who, action, facts.type, purpose))

    async def _granted(
        self, who: Principal, keys: list[tuple[str, int]], at: datetime, conn: grants.Conn | None
    ) -> dict[tuple[str, int], frozenset[str]]:
        if conn is not None:
            return await grants.granted(conn, who, at, keys)
        async with single(self.audit.pool) as own:
            return await grants.granted(own, who, at, keys)

    async def read(self, who: Principal, type_: str, id_: str, *, purpose: str = "TREAT") -> Stored:
        """The current version; its bytes are returned when the audit row is on disk."""
        what = f"{type_}/{id_}"
        found = await self._one(who, what, purpose, lambda scope: self.record.read(type_, id_, scope=scope))
        await self._seen(who, "read", purpose, what, [found])
        return found

    async def vread(
        self, who: Principal, type_: str, id_: str, version: int, *, purpose: str = "TREAT"
    ) -> Stored:
        """One version of a resource."""
        what = f"{type_}/{id_}/_history/{version}"
        found = await self._one(
            who, what, purpose, lambda scope: self.record.vread(type_, id_, version, scope=scope)
        )
        await self._seen(who, "read", purpose, what, [found])
        return found

    async def _one(
        self, who: Principal, what: str, purpose: str, fetch: Callable[[Scope | None], Awaitable[Stored]]
    ) -> Stored:
        type_ = what.split("/")[0]
        scope = self.scope(who, "read", type_, purpose=purpose)
        try:
            return await fetch(scope)
        except NotFound:
            hidden = await fetch(None)  # raises NotFound where there is nothing to hide
        await self._refuse(
            who, "read", purpose, what, [hidden], why_not(self.policies, who, "read", type_, purpose)
        )
        raise AssertionError("a refusal always raises")

    async def history(
        self,
        who: Principal,
        type_: str | None = None,
        id_: str | None = None,
        *,
        since: datetime | None = None,
        count: int = 50,
        cursor: str | None = None,
        purpose: str = "TREAT",
    ) -> HistoryPage:
        """Versions that this one may see, newest first."""
        page = await self.record.history(
            type_,
            id_,
            since=since,
            count=count,
            cursor=cursor,
            scope_of=lambda other: self.scope(who, "history", other, purpose=purpose),
        )
        what = "/".join(part for part in (type_, id_, "_history") if part)
        await self._seen(who, "history", purpose, what, page.versions)
        return page

    async def search(
        self,
        who: Principal,
        type_: str,
        params: Sequence[tuple[str, str]],
        *,
        purpose: str = "TREAT",
        action: str = "search",
        lenient: bool = False,
    ) -> SearchPage:
        """A page of what this one may see; the trail keeps the query and the patients that it showed."""
        what = query_text(type_, params)
        if self.policies.predicate(who, action, type_, purpose) is False:
            reason = why_not(self.policies, who, action, type_, purpose)
            await self._refuse(who, action, purpose, what, [], reason)
        page = await self.record.search(
            type_,
            params,
            scope_of=lambda other: self.scope(who, action, other, purpose=purpose),
            lenient=lenient,
        )
        await self._seen(who, action, purpose, what, [*page.matches, *page.includes])
        return page

    async def _seen(
        self, who: Principal, action: str, purpose: str, what: str, rows: Sequence[Stored]
    ) -> None:
        await self.audit.record(
            Entry(
                who=who,
                action=action,
                purpose=purpose,
                what=what,
                entities=[f"{row.type}/{row.id}/_history/{row.version}" for row in rows],
                patients=sorted({row.patient for row in rows if row.patient}),
            )
        )

    async def _refuse(
        self, who: Principal, action: str, purpose: str, what: str, rows: Sequence[Stored], reason: str
    ) -> None:
        await self.audit.record(
            Entry(
                who=who,
                action=action,
                purpose=purpose,
                outcome="denied",
                what=what,
                entities=[f"{row.type}/{row.id}" for row in rows],
                patients=sorted({row.patient for row in rows if row.patient}),
                detail=reason,
            )
        )
        raise Denied(reason, action=action, subject=what)

    @asynccontextmanager
    async def act(
        self,
        who: Principal,
        action: str,
        *,
        purpose: str = "TREAT",
        message: str | None = None,
        at: datetime | None = None,
    ) -> AsyncIterator[Act]:
        """One transaction of this one's doing. `at` judges a fact by the rights held at that moment."""
        await self._enter(who, action, purpose)
        try:
            async with self.record.transaction(Act.author(who, action, message)) as transaction:
                act = Act(self, transaction, who, action, purpose, at or self.clock.now())
                yield act
                await act.finish()
        except Denied as denied:
            await self._note_denied(who, action, purpose, denied)
            raise

    async def run(
        self,
        who: Principal,
        action: str,
        do: Callable[[Act], Awaitable[T]],
        *,
        purpose: str = "TREAT",
        message: str | None = None,
        at: datetime | None = None,
    ) -> T:
        """Like `act`, and begins again where two transactions got in each other's way."""
        await self._enter(who, action, purpose)

        async def body(transaction: Any) -> T:
            act = Act(self, transaction, who, action, purpose, at or self.clock.now())
            result = await do(act)
            await act.finish()
            return result

        try:
            return await self.record.run(Act.author(who, action, message), body)
        except Denied as denied:
            await self._note_denied(who, action, purpose, denied)
            raise

    async def _enter(self, who: Principal, action: str, purpose: str) -> None:
        """Refuses an act that this one can do on no row at all."""
        if action not in self.policies.actions:
            raise AccessError(
                f'No policy names the act "{action}". Add it to the application\'s policy.cedar.'
            )
        verbs = (action,) if action not in ("write", *READS) else WRITES
        if all(self.policies.predicate(who, verb, None, purpose) is False for verb in verbs):
            able = sorted({role for verb in verbs for role in able_roles(self.policies, verb, None, purpose)})
            roles = ", ".join(who.roles) or "no role"
            reason = f"{who.name} ({roles}) may not do {action}. Roles that may: {', '.join(able) or 'none'}."
            await self._refuse(who, action, purpose, action, [], reason)

    async def _note_denied(self, who: Principal, action: str, purpose: str, denied: Denied) -> None:
        await self.audit.record(
            Entry(
                who=who,
                action=action,
                purpose=purpose,
                outcome="denied",
                what=denied.subject,
                detail=denied.reason,
            )
        )

    async def break_glass(self, who: Principal, patient: str, reason: str) -> datetime:
        """Opens a patient's record for an hour in an emergency: loud, and reviewed afterwards."""
        if len(reason.strip()) < SHORTEST_REASON:
            raise AccessError(
                "Breaking the glass needs a reason that a reviewer can understand: write a sentence."
            )
        until = self.clock.now() + BREAK_GLASS

        async def open_(act: Act) -> None:
            await act.require(Facts("Patient", patient, patient=patient))
            await act.grant(
                patient=patient,
                user=who.user,
                purpose="BTG",
                sensitivity=grants.VERY_RESTRICTED,
                until=until,
                because=reason.strip(),
            )
            act.tell(
                "access",
                "break-glass",
                {"patient": patient, "user": who.user, "name": who.name, "reason": reason},
            )

        await self.run(who, "access.break_glass", open_, purpose="BTG", message=reason)
        return until


def query_text(type_: str, params: Sequence[tuple[str, str]]) -> str:
    """A search as it was asked, for the trail."""
    return type_ + ("?" + "&".join(f"{name}={value}" for name, value in params) if params else "")
