"""One act: a transaction on the record, each step judged, with its audit row inside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from banyan.access import bundles, grants
from banyan.access.audit import Entry, write
from banyan.access.bundles import facts_of
from banyan.access.decide import Facts
from banyan.access.errors import Denied
from banyan.access.policies import WRITES
from banyan.access.principal import Principal
from banyan.record import Author, Scope, SearchPage, Stored, Transaction, Written
from banyan.record.search.run import run_search

if TYPE_CHECKING:
    from banyan.access.door import Door
    from banyan.clock import Clock


class Act:
    """What one person, system or device does at one moment. A refusal anywhere undoes all of it."""

    def __init__(
        self, door: Door, transaction: Transaction, who: Principal, action: str, purpose: str, at: datetime
    ) -> None:
        self.transaction, self.who, self.action, self.purpose, self.at = transaction, who, action, purpose, at
        self._door = door
        self._entities: list[str] = []
        self._patients: set[str] = set()
        self._notes: list[str] = []

    @staticmethod
    def author(who: Principal, action: str, message: str | None) -> Author:
        """The provenance of what this act writes."""
        system = who.user if who.kind != "person" else action.split(".")[0] if "." in action else "fhir"
        return Author(user=who.user, institution=who.institution, system=system, message=message)

    @property
    def conn(self) -> grants.Conn:
        """The transaction's connection, for an application's own tables."""
        return self.transaction.conn

    @property
    def clock(self) -> Clock:
        return self._door.clock

    async def require(self, facts: Facts, *verbs: str) -> None:
        """Raises Denied unless this act, or one of the plain verbs, is permitted on the row."""
        await self._require_all([facts], *verbs)

    async def _require_all(self, rows: Sequence[Facts], *verbs: str) -> None:
        left, refusal = list(rows), ""
        actions = [] if self.action == "write" else [self.action]
        for action in dict.fromkeys((*actions, *verbs)):
            left = [facts for facts in left if not self._always(action, facts.type)]
            if not left:
                return
            decisions = await self._door.permit_all(
                self.who, action, left, purpose=self.purpose, at=self.at, conn=self.conn
            )
            denied = [(facts, one) for facts, one in zip(left, decisions, strict=True) if not one]
            if not denied:
                return
            left, refusal = [facts for facts, _ in denied], refusal or denied[0][1].reason
        raise Denied(refusal, action=self.action, subject=f"{left[0].type}/{left[0].id}")

    def _always(self, action: str, type_: str) -> bool:
        """Whether this one may do this on every row of the type, so that no row needs a look."""
        return self._door.policies.predicate(self.who, action, type_, self.purpose) is True

    async def read(self, type_: str, id_: str, *, lock: bool = False) -> Stored | None:
        """A resource as this transaction sees it."""
        stored = await self.transaction.read(type_, id_, lock=lock)
        if stored is not None:
            await self.require(facts_of(stored), "read")
            self._touch(stored, "read")
        return stored

    async def search(
        self, type_: str, params: Sequence[tuple[str, str]], *, verb: str = "search"
    ) -> SearchPage:
        """A search as this transaction sees it, filtered in the database to what this one may see or act on."""
        await self.transaction.flush()
        page = await run_search(
            self._door.record, self.conn, type_, params, lambda other: self._reach(other, verb), lenient=False
        )
        for stored in (*page.matches, *page.includes):
            self._touch(stored, "read")
        return page

    def _reach(self, type_: str, verb: str) -> Scope:
        """The rows that this act, or the plain verb, is permitted on."""
        actions = dict.fromkeys((verb,) if self.action == "write" else (self.action, verb))
        scopes = [
            self._door.scope(self.who, action, type_, purpose=self.purpose, at=self.at) for action in actions
        ]
        return Scope(
            " or ".join(f"({scope.sql})" for scope in scopes), tuple(v for one in scopes for v in one.params)
        )

    async def create(self, resource: dict[str, Any] | bytes, *, if_none_exist: str | None = None) -> Written:
        written = await self.transaction.create(resource, if_none_exist=if_none_exist)
        return await self._wrote(written, "create")

    async def update(self, resource: dict[str, Any] | bytes, *, if_match: int | None = None) -> Written:
        type_, id_ = _identity(resource)
        await self._may_change(type_, id_, "update")
        written = await self.transaction.update(resource, if_match=if_match)
        return await self._wrote(written, "create" if written.created else "update")

    async def patch(
        self, type_: str, id_: str, patch: list[Any] | dict[str, Any], *, if_match: int | None = None
    ) -> Written:
        await self._may_change(type_, id_, "update")
        return await self._wrote(await self.transaction.patch(type_, id_, patch, if_match=if_match), "update")

    async def delete(self, type_: str, id_: str, *, if_match: int | None = None) -> None:
        before = await self._may_change(type_, id_, "delete")
        await self.transaction.delete(type_, id_, if_match=if_match)
        if before is not None:
            self._touch(before, "delete")

    async def _may_change(self, type_: str, id_: str, verb: str) -> Stored | None:
        """What stands there now must be this one's to change."""
        if verb != "delete" and any(self._always(one, type_) for one in (self.action, verb)):
            return None
        before = await self.transaction.read(type_, id_, lock=True)
        if before is not None:
            await self.require(facts_of(before), verb)
        return before

    async def _wrote(self, written: Written, verb: str) -> Written:
        await self.require(facts_of(written.stored), verb)
        self._touch(written.stored, verb if written.created or written.changed else "read")
        return written

    async def bundle(self, bundle: dict[str, Any] | bytes) -> dict[str, Any]:
        """A transaction or batch; every resource that it wrote is judged before the commit.

        Its reads see what this one may read. One refused entry refuses the bundle, a batch too.
        """
        door, who = self._door, self.who

        def scope_of(type_: str) -> Scope:
            return door.scope(who, "read", type_, purpose=self.purpose, at=self.at)

        answer: dict[str, Any] = await self.transaction.bundle(bundle, scope_of=scope_of)
        for verb, facts, stored in await bundles.written(self.transaction):
            await self.require(facts, verb)
            if stored is not None:
                self._touch(stored, verb)
        for reference, patient in bundles.shown(answer):
            self._entities.append(f"read {reference}")
            self._patients |= {patient} if patient else set()
        return answer

    def tell(self, topic: str, kind: str, data: dict[str, Any]) -> None:
        """A live event that leaves with the commit."""
        self.transaction.tell(topic, kind, data)

    def note(self, text: str) -> None:
        """A sentence for this act's audit row."""
        self._notes.append(text)

    async def grant(
        self,
        *,
        patient: str,
        because: str,
        institution: str | None = None,
        user: str | None = None,
        role: str | None = None,
        unit: str | None = None,
        purpose: str = "TREAT",
        sensitivity: int = grants.RESTRICTED,
        starts: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        """Entrusts a patient to an institution, a person or a unit from now on, with this act."""
        grant = grants.Grant(
            patient=patient,
            starts=starts or self.at,
            because=because,
            institution=institution,
            user=user,
            role=role,
            unit=unit,
            purpose=purpose,
            sensitivity=sensitivity,
            until=until,
        )
        await grants.add(self.conn, grant, made_by=self.who.user)
        self._patients.add(patient)
        self.note(f"granted {purpose} to {institution or unit or user}: {because}")

    async def revoke(
        self,
        *,
        patient: str,
        institution: str | None = None,
        user: str | None = None,
        unit: str | None = None,
        purpose: str | None = None,
    ) -> int:
        """Ends grants on a patient at this act's moment; says how many."""
        ended = await grants.end(
            self.conn,
            patient=patient,
            at=self.at,
            institution=institution,
            user=user,
            unit=unit,
            purpose=purpose,
        )
        self._patients.add(patient)
        self.note(f"ended {ended} grants of {institution or unit or user or 'everyone'}")
        return ended

    def _touch(self, stored: Stored, verb: str) -> None:
        mark = "" if verb in WRITES else "read "
        self._entities.append(f"{mark}{stored.type}/{stored.id}/_history/{stored.version}")
        if stored.patient:
            self._patients.add(stored.patient)

    async def finish(self) -> None:
        """Writes the audit row of the act; called before the commit."""
        await write(
            self.conn,
            Entry(
                who=self.who,
                action=self.action,
                purpose=self.purpose,
                what=self.action,
                entities=self._entities,
                patients=sorted(self._patients),
                detail="; ".join(self._notes),
            ),
        )


def _identity(resource: dict[str, Any] | bytes) -> tuple[str, str]:
    parsed = orjson.loads(resource) if isinstance(resource, bytes) else resource
    return str(parsed.get("resourceType", "")), str(parsed.get("id", ""))
