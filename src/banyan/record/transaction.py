"""One transaction on the record: writes are gathered and leave together, with one row in the change feed."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from psycopg import AsyncConnection

from banyan.fhir.entries import Entries
from banyan.fhir.plans import plan_of
from banyan.record import bodies, ids, locks, reading, writer
from banyan.record.bodies import Content, read_content
from banyan.record.errors import BadRequest, Gone, Invalid, MultipleMatches, NotFound, VersionConflict
from banyan.record.ids import ID_FORM, any_patient_shard, home_of, shard_of
from banyan.record.locks import Claim, Current
from banyan.record.patch import apply_patch
from banyan.record.rows import Row, extract, patient_of, version_of
from banyan.record.search.driver import total_key
from banyan.record.values import Author, Scope, SearchPage, Stored, Written

if TYPE_CHECKING:
    from banyan.record.store import Record

ScopeOf = Callable[[str], Scope]
Body = bytes | dict[str, Any]


class Transaction:
    """Reads and writes inside one database transaction. `conn` serves an application's own SQL."""

    def __init__(self, record: "Record", conn: AsyncConnection, author: Author) -> None:
        self.conn = conn
        self.author = author
        self.moment = _now()
        self.zone: tzinfo = record.zone
        self.record = record
        self._created: dict[tuple[str, str], Row] = {}
        self._updated: dict[tuple[str, str], Row] = {}
        self._entries: list[tuple[str, str, int, str, str | None]] = []
        self._events: list[tuple[str, str, bytes]] = []
        self.counted: list[int] = []
        self.second_codes: set[int] = set()

    async def read(self, resource_type: str, resource_id: str, *, lock: bool = False) -> Stored | None:
        """The current version as this transaction sees it, or None; with `lock` nobody else changes it."""
        waiting = self._waiting(resource_type, resource_id)
        if waiting is not None:
            return waiting.stored
        if lock:
            current = await self._lock(resource_type, resource_id)
            return current.stored if current else None
        try:
            return await reading.read_current(self.conn, resource_type, resource_id)
        except (NotFound, Gone):
            return None

    async def search(self, resource_type: str, params: Sequence[tuple[str, str]]) -> SearchPage:
        """Search as this transaction sees the record, its own writes included."""
        await self.flush()
        return await self.record.search_on(self.conn, resource_type, params)

    async def create(
        self, resource: Body, *, if_none_exist: str | None = None, new_id: str | None = None
    ) -> Written:
        """Store a new resource under an id of the server's making.

        With `if_none_exist` (a search such as "identifier=sys|1"): where one resource matches, that one is
        returned and nothing is written. `new_id` is one that `ids.new_id` made.
        Raises: MultipleMatches, Invalid, BadRequest.
        """
        content = self._content(resource)
        if if_none_exist is not None:
            found = await self.match(content.type, if_none_exist)
            if found is not None:
                return Written(found, created=False, changed=False)
        entries = extract(content, self.zone)
        if new_id is None:
            patient = patient_of(plan_of(content.type), entries, "")
            new_id = ids.new_id(any_patient_shard() if content.type == "Patient" else shard_of(patient))
        return await self._create(content, entries, new_id, 1)

    async def update(self, resource: Body, *, if_match: int | None = None) -> Written:
        """Replace a resource, or create it under the client's id. Equal content makes no new version."""
        return (await self.update_all([resource], if_match=[if_match]))[0]

    async def update_all(
        self, resources: Sequence[Body], *, if_match: Sequence[int | None] = ()
    ) -> list[Written]:
        """Update many at once, with few questions to the database; the answers stand in the order asked."""
        contents = [self._content(resource) for resource in resources]
        asked: dict[str, dict[str, Content]] = {}
        for content in contents:
            same = asked.setdefault(content.type, {})
            resource_id = _client_id(content)
            if resource_id in same:
                raise BadRequest(f"{content.type}/{resource_id} stands twice among the resources to update.")
            same[resource_id] = content
        await self._flush_if_waiting(asked)
        written: dict[tuple[str, str], Written] = {}
        versions = {(c.type, c.id): v for c, v in zip(contents, if_match, strict=False) if v is not None}
        for kind, by_id in sorted(asked.items()):
            wanted = {i: versions[kind, i] for i in by_id if (kind, i) in versions}
            for resource_id, outcome in (await self._put(kind, by_id, wanted)).items():
                written[kind, resource_id] = outcome
        return [written[content.type, content.id or ""] for content in contents]

    async def _put(
        self, kind: str, contents: dict[str, Content], if_match: dict[str, int]
    ) -> dict[str, Written]:
        current = await locks.lock_resources(self.conn, kind, list(contents))
        missing = {i: c for i, c in contents.items() if i not in current}
        for resource_id, version in if_match.items():
            if resource_id in missing:
                raise VersionConflict(f"{kind}/{resource_id} does not exist, so it has no version {version}.")
        entries = {i: extract(c, self.zone) for i, c in missing.items()}
        claims = await self._claim(kind, entries)
        taken = [i for i, c in claims.items() if not c.fresh and c.deleted_version is None]
        if taken:  # made by another transaction between the two questions
            current |= await locks.lock_resources(self.conn, kind, taken)
        written = {}
        for resource_id, content in contents.items():
            if resource_id in current:
                written[resource_id] = self._change(content, current[resource_id], if_match.get(resource_id))
            else:
                version = (claims[resource_id].deleted_version or 0) + 1
                written[resource_id] = await self._create(content, entries[resource_id], resource_id, version)
        return written

    async def _claim(self, kind: str, entries: dict[str, Entries]) -> dict[str, Claim]:
        if not entries:
            return {}
        plan = plan_of(kind)
        places = [(i, home_of(i, patient_of(plan, e, i))) for i, e in entries.items()]
        return await locks.claim_ids(self.conn, kind, places)

    async def _flush_if_waiting(self, asked: dict[str, dict[str, Content]]) -> None:
        if any(
            (kind, i) in self._created or (kind, i) in self._updated
            for kind, ids in asked.items()
            for i in ids
        ):
            await self.flush()

    async def patch(
        self,
        resource_type: str,
        resource_id: str,
        patch: list[Any] | dict[str, Any],
        *,
        if_match: int | None = None,
    ) -> Written:
        """Change a resource by JSON Patch (RFC 6902), or by a merge patch (RFC 7396) when given an object."""
        current = await self._lock(resource_type, resource_id)
        if current is None:
            raise NotFound(f"There is no {resource_type}/{resource_id} to patch.")
        patched = apply_patch(bodies.decode(current.stored.body), patch)
        if (
            not isinstance(patched, dict)
            or patched.get("id") != resource_id
            or patched.get("resourceType") != resource_type
        ):
            raise BadRequest("A patch must not change resourceType or id.", expression=f"{resource_type}.id")
        return self._change(self._content(patched), current, if_match)

    async def delete(self, resource_type: str, resource_id: str, *, if_match: int | None = None) -> None:
        """Delete a resource; deleting what is not there changes nothing."""
        current = await self._lock(resource_type, resource_id)
        if current is None:
            return
        _check_version(current.stored, if_match)
        await self.flush()
        old = current.stored
        gone = Stored(
            old.type, old.id, old.version + 1, self._after(old.last_updated), b"", True,
            old.patient, old.institution, old.sensitivity,
        )  # fmt: skip
        await writer.remove(self.conn, gone, current.shard, current.number)
        self._note(gone, "delete")

    async def bundle(self, bundle: Body, *, scope_of: ScopeOf | None = None) -> dict[str, Any]:
        """Carry out a batch or transaction bundle; the answer is the response bundle.

        `scope_of` limits what its GET entries may see; without it they are refused.
        """
        from banyan.record.bundle import carry_out

        return await carry_out(self, bundle, scope_of)

    def mark(self) -> tuple[int, int]:
        """How much was gathered for the feed, so that a batch's failed entry can be taken back."""
        return len(self._entries), len(self._events)

    def rewind(self, mark: tuple[int, int]) -> None:
        self._created, self._updated = {}, {}
        del self._entries[mark[0] :], self._events[mark[1] :]

    def tell(self, topic: str, kind: str, data: dict[str, Any]) -> None:
        """A live event; it leaves with the commit, in this transaction's row of the feed."""
        self._events.append((topic, kind, orjson.dumps(data)))

    async def match(self, resource_type: str, condition: str) -> Stored | None:
        """The one resource that a condition finds, under a lock that keeps others from making a second."""
        await locks.lock_conditions(self.conn, [(resource_type, condition)])
        await self.flush()
        return await self.find_one(resource_type, condition)

    async def find_one(self, resource_type: str, condition: str) -> Stored | None:
        from banyan.record.search.query import parse_query

        params = parse_query(condition)
        if not params:
            raise BadRequest(f"The condition {condition!r} names no search parameter.")
        page = await self.record.search_on(self.conn, resource_type, [*params, ("_count", "2")])
        if len(page.matches) > 1:
            raise MultipleMatches(
                f"Several {resource_type} match {condition!r}: make the condition more precise."
            )
        return page.matches[0] if page.matches else None

    async def flush(self) -> None:
        """Send the gathered writes to the database (done by itself before searches and at the end)."""
        await self._write(())

    async def finish(self) -> None:
        """Write what is left, and the feed's row. Called by the record before the commit."""
        further: list[writer.Statement] = []
        if new := sorted(self.second_codes - self.record.known_second_codes):
            further.append(
                ("INSERT INTO record.second_code SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", (new,))
            )
        if self._entries or self._events:
            entries, events = msgspec.json.encode(self._entries), encode_events(self._events)
            change = (self.moment, msgspec.json.encode(self.author), entries, events)
            further.append(
                ("INSERT INTO record.change (at, author, entries, events) VALUES (%s, %s, %s, %s)", change)
            )
        await self._write(further)

    async def _write(self, further: Sequence[writer.Statement]) -> None:
        if self._created or self._updated or further:
            created, updated = list(self._created.values()), list(self._updated.values())
            self._created, self._updated = {}, {}
            await writer.write(self.conn, created, updated, further)

    def _content(self, resource: Body) -> Content:
        content = read_content(resource)
        issues = self.record.validate(content)
        if issues:
            raise Invalid(issues[0].text, issues=issues)
        return content

    def _waiting(self, resource_type: str, resource_id: str) -> Row | None:
        place = (resource_type, resource_id)
        return self._created.get(place) or self._updated.get(place)

    async def _lock(self, resource_type: str, resource_id: str) -> Current | None:
        if self._waiting(resource_type, resource_id):
            await self.flush()
        self.record.require(resource_type, resource_id)
        return (await locks.lock_resources(self.conn, resource_type, [resource_id])).get(resource_id)

    async def _create(self, content: Content, entries: Entries, resource_id: str, version: int) -> Written:
        number = await self.record.numbers.take(self.conn)
        institution = self.author.institution
        row = self._row(content, entries, resource_id, version, number, None, institution, self.moment)
        self._created[content.type, resource_id] = row
        self._note(row.stored, "create")
        return Written(row.stored, created=True)

    def _change(self, content: Content, current: Current, if_match: int | None) -> Written:
        old = current.stored
        _check_version(old, if_match)
        if content.digest == current.digest:
            return Written(old, created=False, changed=False)
        moment = self._after(old.last_updated)
        institution = old.institution or self.author.institution
        row = self._row(
            content, extract(content, self.zone), old.id, old.version + 1, current.number, current.shard,
            institution, moment,
        )  # fmt: skip
        self._updated[content.type, old.id] = row
        self._note(row.stored, "update")
        return Written(row.stored, created=False)

    def _row(
        self,
        content: Content,
        entries: Entries,
        resource_id: str,
        version: int,
        number: int,
        shard: int | None,
        institution: str | None,
        moment: datetime,
    ) -> Row:
        stored = version_of(
            content, entries, resource_id=resource_id, version=version, moment=moment, institution=institution
        )
        self.counted.extend(entries.counted)
        if version == 1:
            self.counted.append(total_key(content.type))
        self.second_codes.update(entries.codes[1:])
        return Row(
            number,
            home_of(resource_id, stored.patient) if shard is None else shard,
            stored,
            content.digest,
            entries,
        )

    def _note(self, stored: Stored, operation: str) -> None:
        self._entries.append((stored.type, stored.id, stored.version, operation, stored.patient))

    def _after(self, earlier: datetime) -> datetime:
        return max(self.moment, earlier + timedelta(milliseconds=1))


def _client_id(content: Content) -> str:
    if content.id is None or not ID_FORM.fullmatch(content.id):
        raise BadRequest(
            "An update needs the resource's id: 1 to 64 letters, digits, '-' and '.'.",
            expression=f"{content.type}.id",
        )
    return content.id


def encode_events(events: Sequence[tuple[str, str, bytes]]) -> bytes:
    return msgspec.json.encode([(topic, kind, msgspec.Raw(data)) for topic, kind, data in events])


def _check_version(current: Stored, if_match: int | None) -> None:
    if if_match is not None and if_match != current.version:
        raise VersionConflict(
            f"{current.reference} is at version {current.version}, not {if_match}. "
            "Read it again, then repeat the change."
        )


def _now() -> datetime:
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
