"""Facts of crews and devices: filed once, in case order, judged by the right held when they were recorded."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import orjson
from psycopg.types.json import Jsonb

from banyan.access import Act, Denied, Principal, ShiftError
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.service.cases import find_case, stamp, tell_case
from banyan.apps.emergency.service.errors import Conflict, EmergencyError, Parked, Unknown
from banyan.apps.emergency.service.filing import FILERS, Filing
from banyan.apps.emergency.timepoints import FUTURE_TOLERANCE
from banyan.platform import Platform
from banyan.record.errors import RecordError

MOST = 500
SAME_CLOCK = timedelta(milliseconds=5)


class DeviceClock(msgspec.Struct, frozen=True):
    device: datetime | None = None
    offset_ms: int | None = None


class Fact(msgspec.Struct, frozen=True):
    """One thing that a crew or a device reports, with an id of its own making."""

    id: UUID
    case: str
    kind: str
    at: datetime
    data: dict[str, Any]
    clock: DeviceClock = DeviceClock()
    source: str = "manual"


async def sync(
    platform: Platform, who: Principal, raw: Sequence[Any], shift: str | None
) -> list[dict[str, Any]]:
    """Files facts one by one in the order given; one that is wrong holds up none of the others."""
    if len(raw) > MOST:
        raise EmergencyError(f"{len(raw)} facts at once; send at most {MOST}.", field="facts")
    return [await file_fact(platform, who, each, shift) for each in raw]


async def file_fact(platform: Platform, who: Principal, raw: Any, shift: str | None) -> dict[str, Any]:
    """One fact: stored, duplicate, refused (with the field) or parked (with the reason)."""
    try:
        fact = _on_true_time(msgspec.convert(raw, Fact, strict=False))
    except msgspec.ValidationError as wrong:
        id_ = raw.get("id") if isinstance(raw, dict) else None
        return {"id": id_, "status": "refused", "reason": str(wrong)}
    try:
        return await _file(platform, who, fact, shift)
    except EmergencyError as wrong:
        return _answer(fact, "refused", str(wrong), field=wrong.field)
    except RecordError as wrong:
        if wrong.status not in (400, 422):
            raise  # somebody wrote at the same moment, or the database is away: the device tries again
        return _answer(fact, "refused", str(wrong))


async def _file(platform: Platform, who: Principal, fact: Fact, shift: str | None) -> dict[str, Any]:
    _check(fact, platform.clock.now())
    digest = _digest(fact)
    if (before := await _before(platform, fact, digest)) is not None:
        return before
    try:
        author = await _author(platform, who, fact, shift)

        async def write(act: Act) -> dict[str, Any]:
            return await _write(platform, act, fact, digest)

        return await platform.door.run(
            author, "emergency.fact", write, at=_recorded_at(platform, fact), message=str(fact.id)
        )
    except (Parked, ShiftError, Denied, Unknown, Conflict) as why:
        if isinstance(why, Unknown) and why.field != "case":
            raise
        return await _park(platform, who, fact, digest, _reason(why))


def _on_true_time(fact: Fact) -> Fact:
    """What a device stamped with its own clock, moved by how far that clock was measured to be off.

    A page's `at` follows the server's clock already and differs from what the device's clock says.
    """
    device, offset = fact.clock.device, fact.clock.offset_ms
    if device is None or offset is None or device.tzinfo is None or fact.at.tzinfo is None:
        return fact
    if abs(fact.at - device) > SAME_CLOCK:
        return fact
    return msgspec.structs.replace(fact, at=fact.at + timedelta(milliseconds=offset))


def _recorded_at(platform: Platform, fact: Fact) -> datetime:
    """When somebody recorded it. A time point (the onset) may lie hours before; the right is that of recording.

    A device's clock is a wall clock; the region's may tell a story that runs faster.
    """
    device, offset = fact.clock.device, fact.clock.offset_ms
    if fact.kind != "time" or device is None or device.tzinfo is None:
        return fact.at
    return max(fact.at, platform.clock.at(device + timedelta(milliseconds=offset or 0)))


def _reason(why: Exception) -> str:
    return why.reason if isinstance(why, Parked | Denied) else str(why)


def _check(fact: Fact, now: datetime) -> None:
    if fact.kind not in FILERS:
        known = ", ".join(FILERS)
        raise EmergencyError(f'There is no kind of fact "{fact.kind}". Known: {known}.', field="kind")
    if fact.at.tzinfo is None:
        raise EmergencyError("`at` has no zone. Send it as 2026-11-24T02:24:40+08:00.", field="at")
    if fact.at > now + FUTURE_TOLERANCE:
        raise EmergencyError(
            f"`at` ({fact.at.isoformat()}) lies in the future; the server's clock shows {now.isoformat()}. "
            "Correct the device's clock, or send its offset.",
            field="at",
        )


def _digest(fact: Fact) -> bytes:
    content = {"case": fact.case, "kind": fact.kind, "at": fact.at.timestamp(), "data": fact.data}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


async def _before(platform: Platform, fact: Fact, digest: bytes) -> dict[str, Any] | None:
    async with platform.pool.connection() as conn:
        row = await (
            await conn.execute("select digest, status, reason from emergency.fact where id = %s", (fact.id,))
        ).fetchone()
    return None if row is None else _known(fact, digest, row)


def _known(fact: Fact, digest: bytes, row: tuple[Any, ...]) -> dict[str, Any]:
    if bytes(row[0]) != digest:
        raise EmergencyError("Another fact with this id and other content is stored already.", field="id")
    if row[1] == "parked":
        return _answer(fact, "parked", row[2])
    return _answer(fact, "duplicate")


async def _author(platform: Platform, who: Principal, fact: Fact, shift: str | None) -> Principal:
    """Who recorded it: the shift token proves the right of that time; without one, who sends it now."""
    if shift is None:
        return who
    author = await platform.accounts.shifts.judge(shift, _recorded_at(platform, fact))
    if author.user != who.user:
        raise ShiftError(
            f"The shift token is {author.user}'s, the session {who.user}'s. Sign in as {author.user}."
        )
    return author


async def _write(platform: Platform, act: Act, fact: Fact, digest: bytes) -> dict[str, Any]:
    inserted = await (
        await act.conn.execute(
            "insert into emergency.fact (id, case_id, kind, at, received_at, device_at, offset_ms, source, account, "
            "unit, digest, status, fact) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'stored', %s) "
            "on conflict (id) do nothing returning id",
            (*_row(platform, act.who, fact, digest), Jsonb(_kept(fact))),
        )
    ).fetchone()
    if inserted is None:
        row = await (
            await act.conn.execute(
                "select digest, status, reason from emergency.fact where id = %s", (fact.id,)
            )
        ).fetchone()
        assert row is not None
        return _known(fact, digest, row)
    case = await find_case(act, fact.case, lock=fact.kind not in ("vitals", "note", "photo", "message"))
    _require_place(case, fact)
    filing = Filing(
        platform=platform,
        act=act,
        case=case,
        id=str(fact.id),
        at=fact.at,
        source=fact.source,
        offset_ms=fact.clock.offset_ms,
        data=fact.data,
    )
    written, changed = await FILERS[fact.kind](filing)
    await act.conn.execute("update emergency.fact set written = %s where id = %s", (written, fact.id))
    if act.who.unit:
        await act.conn.execute(
            "update emergency.unit set heard_at = greatest(heard_at, %s), silent_since = null where unit = %s",
            (act.clock.now(), act.who.unit),
        )
    if changed:
        tell_case(act, filing.case, *changed)
    return _answer(fact, "stored")


def _kept(fact: Fact) -> dict[str, Any]:
    """What the inbox keeps: everything but the bytes of pictures and files, which the record holds."""
    heavy = ("base64", "file_base64")
    return {key: value for key, value in fact.data.items() if key not in heavy}


def _require_place(case: Case, fact: Fact) -> None:
    """A closed case takes what was recorded before its end; whose it was then, the grants of that time say."""
    if case.status == "closed" and fact.at > datetime.fromisoformat(case.get("closed-at") or stamp(fact.at)):
        raise Parked(f"Case {case.number} is closed; this was recorded after its end.")


async def _park(platform: Platform, who: Principal, fact: Fact, digest: bytes, reason: str) -> dict[str, Any]:
    """Keeps what has no place, for a person to decide; nothing that was recorded is dropped."""

    async def write(act: Act) -> None:
        await act.conn.execute(
            "insert into emergency.fact (id, case_id, kind, at, received_at, device_at, offset_ms, source, account, "
            "unit, digest, status, fact, reason) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'parked', %s, %s) "
            "on conflict (id) do nothing",
            (*_row(platform, who, fact, digest), Jsonb(fact.data), reason),
        )
        act.tell("desk", "parked", {"id": str(fact.id), "case": fact.case})
        act.tell(f"case/{fact.case}", "parked", {"id": str(fact.id)})

    await platform.door.run(who, "emergency.park", write)
    return _answer(fact, "parked", reason)


def _row(platform: Platform, who: Principal, fact: Fact, digest: bytes) -> tuple[Any, ...]:
    return (
        fact.id,
        fact.case,
        fact.kind,
        fact.at,
        platform.clock.now(),
        fact.clock.device,
        fact.clock.offset_ms,
        fact.source,
        who.user,
        who.unit,
        digest,
    )


def _answer(fact: Fact, status: str, reason: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"id": str(fact.id), "status": status, "reason": reason, **more}
    return {key: value for key, value in found.items() if value is not None}


async def parked(platform: Platform, who: Principal, case: str | None = None) -> list[dict[str, Any]]:
    """What waits for a decision; a crew sees what its own people sent."""
    async with platform.door.act(who, "emergency.park") as act:
        rows = await (
            await act.conn.execute(
                "select id, case_id, kind, at, received_at, account, unit, reason, fact from emergency.fact "
                "where status = 'parked' and (%s::text is null or case_id = %s) "
                "and (%s or account = %s) order by received_at",
                (case, case, who.has("dispatcher", "quality_officer", "chief"), who.user),
            )
        ).fetchall()
    names = ("id", "case", "kind", "at", "received_at", "by", "unit", "reason", "data")
    light = ("base64", "file_base64")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for each in found:
        each["id"] = str(each["id"])
        each["data"] = {key: value for key, value in each["data"].items() if key not in light}
    return found


async def settle(
    platform: Platform, who: Principal, fact_id: str, *, case: str | None = None, discard: str | None = None
) -> None:
    """A person decides about a parked fact: files it under a case, or discards it with a reason."""

    async def write(act: Act) -> None:
        row = await (
            await act.conn.execute(
                "select id, case_id, kind, at, offset_ms, source, fact, status from emergency.fact "
                "where id::text = %s for update",
                (fact_id,),
            )
        ).fetchone()
        if row is None:
            raise Unknown(f"There is no parked fact {fact_id}.", field="id")
        if row[7] != "parked":
            raise Conflict(f"This fact is {row[7]} already.")
        written: list[str] = []
        if discard is None:
            found = await find_case(act, case or row[1], lock=True)
            filing = Filing(
                platform=platform,
                act=act,
                case=found,
                id=str(row[0]),
                at=row[3],
                source=row[5],
                offset_ms=row[4],
                data=row[6],
            )
            written, changed = await FILERS[row[2]](filing)
            tell_case(act, filing.case, *changed, "parked")
        await act.conn.execute(
            "update emergency.fact set status = %s, settled_by = %s, settled_at = %s, written = %s, "
            "case_id = %s, reason = coalesce(%s, reason) where id = %s",
            (
                "discarded" if discard else "stored",
                who.name,
                act.clock.now(),
                written,
                case or row[1],
                discard,
                row[0],
            ),
        )
        act.tell("desk", "parked", {"id": fact_id, "settled": stamp(act.clock.now())})

    await platform.door.run(who, "emergency.settle", write)
