"""Calls: taken, changed, joined with the same incident, closed."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from banyan.access import Act, Principal
from banyan.apps.emergency.model.call import (
    PRIORITIES,
    CallFacts,
    Case,
    patient,
    service_request,
)
from banyan.apps.emergency.model.codes import extension, reference
from banyan.apps.emergency.questions import UnknownAnswer, as_response, level_of, own_sets
from banyan.apps.emergency.service.cases import (
    change_case,
    derived,
    find_case,
    rewrite_case,
    stamp,
    tell_case,
)
from banyan.apps.emergency.service.directory import directory
from banyan.apps.emergency.service.duplicates import Duplicate, duplicates
from banyan.apps.emergency.service.errors import Conflict, EmergencyError
from banyan.apps.emergency.service.ground import ground, snapped
from banyan.apps.emergency.service.points import record_point
from banyan.identity import citizens, resident_id
from banyan.platform import Platform

OUTCOMES = ("no-transport", "cancelled", "hoax", "duplicate", "done")
LAT, LON = (-90.0, 90.0), (-180.0, 180.0)


class Caller(msgspec.Struct, frozen=True):
    name: str | None = None
    phone: str | None = None
    relation: str | None = None


class Address(msgspec.Struct, frozen=True):
    text: str = ""
    lat: float | None = None
    lon: float | None = None
    note: str | None = None


class CallPatient(msgspec.Struct, frozen=True):
    name: str | None = None
    sex: Literal["male", "female", "unknown"] | None = None
    age: float | None = None
    resident_id: str | None = None


class NewCall(msgspec.Struct, frozen=True):
    """What the desk, or another dispatch system, knows of a call."""

    complaint: str
    id: str | None = None
    external: dict[str, str] | None = None
    caller: Caller = Caller()
    address: Address = Address()
    answers: dict[str, str] = {}
    patient: CallPatient = CallPatient()
    level: int | None = None
    level_reason: str | None = None
    at: datetime | None = None


async def take_call(platform: Platform, who: Principal, call: NewCall) -> tuple[str, bool, list[Duplicate]]:
    """Writes a call; the same id or external number again changes nothing.

    Returns: the case's id, whether it is new, and calls that may be of the same incident.
    Raises: EmergencyError naming the field.
    """
    await directory(platform)  # takes up the site's question sets
    case_id = _case_id(call)
    levelled = _levelled(call)
    place = _placed(platform, call.address)

    async def write(act: Act) -> tuple[str, bool, list[Duplicate]]:
        # The same call sent twice at once: the second waits here and finds the first.
        await act.conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (case_id,))
        if await act.transaction.read("ServiceRequest", case_id) is not None:
            await find_case(act, case_id)
            return case_id, False, []
        at = call.at or act.at
        number = await _number(act)
        subject = await _subject(act, call, case_id, number)
        chosen = own_sets()[call.complaint]
        facts = CallFacts(
            id=case_id,
            number=number,
            patient=subject,
            complaint=call.complaint,
            complaint_zh=chosen.zh,
            level=call.level or levelled.level,
            level_reason=call.level_reason,
            determinant=levelled.determinant,
            pathway=levelled.pathway,
            at=stamp(at),
            taken_by=who.user,
            taken_name=who.name,
            caller=msgspec.to_builtins(call.caller),
            place=place,
            external=call.external,
            answers=call.answers,
        )
        # The desk only: the centre's crews know a patient from their own dispatch on, and not before.
        await act.grant(
            patient=subject,
            institution=who.institution,
            user=None if who.institution else who.user,
            role="dispatcher" if who.institution else None,
            because=f"call {number}",
        )
        written = await act.update(service_request(facts))
        case = Case(written.stored.resource(), written.stored.version)
        await act.update(as_response(chosen, call.answers, case=case_id, patient=subject, at=stamp(at)))
        await record_point(act, case, "call", at, source="system")
        await record_point(act, case, "answered", act.at, source="system")
        # Another system learns nothing of calls that are not its own; the desk sees both.
        found = await duplicates(act, case) if who.has("dispatcher") else []
        act.tell("desk", "call", {"case": case_id, "level": case.level})
        act.tell(f"case/{case_id}", "case", {"case": case_id, "changed": ["call"]})
        return case_id, True, found

    return await platform.door.run(who, "emergency.call", write)


def _case_id(call: NewCall) -> str:
    if call.external is not None:
        if not call.external.get("system") or not call.external.get("value"):
            raise EmergencyError("`external` needs a system and a value.", field="external")
        return derived("external", call.external["system"], call.external["value"])
    if call.id is None:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(call.id))
    except ValueError:
        raise EmergencyError(f'The id "{call.id}" is not a UUID.', field="id") from None


def _levelled(call: NewCall) -> Any:
    if call.complaint not in own_sets():
        known = ", ".join(own_sets())
        raise EmergencyError(
            f'There is no question set "{call.complaint}". Known: {known}.', field="complaint"
        )
    if call.level is not None and call.level not in PRIORITIES:
        raise EmergencyError(f"The level is {call.level}; it is 1 to 4.", field="level")
    try:
        levelled = level_of(own_sets()[call.complaint], call.answers)
    except UnknownAnswer as unknown:
        raise EmergencyError(str(unknown), field="answers") from None
    if call.level is not None and call.level != levelled.level and not call.level_reason:
        raise EmergencyError(
            f"The answers give level {levelled.level}. To set {call.level}, say why in level_reason.",
            field="level_reason",
        )
    return levelled


def _placed(platform: Platform, address: Address) -> dict[str, Any]:
    """The address with its point checked, and whether it lies off the region's roads (a call from the sea)."""
    place = msgspec.to_builtins(address)
    if (address.lat is None) != (address.lon is None):
        raise EmergencyError("A point needs both lat and lon.", field="address.lat")
    if address.lat is None or address.lon is None:
        if not address.text.strip():
            raise EmergencyError("Give an address or a point on the map.", field="address")
        return {**place, "outside": False}
    for name, value, (low, high) in (("lat", address.lat, LAT), ("lon", address.lon, LON)):
        if not low <= value <= high:
            raise EmergencyError(
                f"{name} is {value}; it lies between {low:g} and {high:g}.", field=f"address.{name}"
            )
    region = ground(platform)
    snap = snapped(region, (address.lat, address.lon))
    if not place["text"] and region is not None and snap is not None:
        place["text"] = region.street_at(snap).name or ""
    return {**place, "outside": region is not None and snap is None}


async def _number(act: Act) -> str:
    row = await (await act.conn.execute("select nextval('emergency.case_number')")).fetchone()
    assert row is not None
    return f"{row[0]:04d}"


async def _subject(act: Act, call: NewCall, case_id: str, number: str) -> str:
    """The citizen, where the call gives their number; else somebody described by the call."""
    told = call.patient
    if told.resident_id:
        try:
            parsed = resident_id.parse(told.resident_id, today=act.at.date())
        except resident_id.ResidentIdError as wrong:
            raise EmergencyError(str(wrong), field="patient.resident_id") from None
        written = await citizens.register(act, name=told.name or "—", resident_id=parsed)
        return written.stored.id
    subject = derived(case_id, "patient")
    label = told.name or f"未知 {number}"
    await act.update(
        patient(subject, label, known=bool(told.name), sex=told.sex, born=birth_year(told.age, act.at))
    )
    return subject


def birth_year(age: float | None, now: datetime) -> str | None:
    """The year of birth that an age in years means: an estimate is no date."""
    return None if age is None else str((now - timedelta(days=age * 365.25)).year)


async def change_call(platform: Platform, who: Principal, case_id: str, etag: str, change: NewCall) -> None:
    """Changes an open call; somebody else's change in between is not overwritten."""
    levelled, place = _levelled(change), _placed(platform, change.address)

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        if str(case.version) != str(etag):
            changed, by = case.resource["meta"]["lastUpdated"], case.get("changed-by") or case.taken_by
            raise Conflict(
                f"This call was changed at {changed}, by {by}. Look at it again.",
                etag=str(case.version),
                by=by,
                at=changed,
            )
        _require_open(case)
        chosen, level = own_sets()[change.complaint], change.level or levelled.level
        given = service_request(
            CallFacts(
                id=case_id,
                number=case.number,
                patient=case.patient,
                complaint=change.complaint,
                complaint_zh=chosen.zh,
                level=level,
                level_reason=change.level_reason,
                determinant=levelled.determinant,
                pathway=levelled.pathway,
                at=case.resource["authoredOn"],
                taken_by=who.user,
                taken_name=who.name,
                caller=msgspec.to_builtins(change.caller),
                place=place,
                answers=change.answers,
            )
        )
        urls = {each["url"] for each in given["extension"]}
        kept = [
            e for e in case.resource["extension"] if e["url"] not in urls or e["url"].endswith("case-status")
        ]
        fresh = [e for e in given["extension"] if not e["url"].endswith("case-status")]
        kept = [e for e in kept if not e["url"].endswith("changed-by")]
        fresh.append(extension("changed-by", valueString=who.name))
        resource = case.resource | {
            "priority": given["priority"],
            "code": given["code"],
            "extension": kept + fresh,
        }
        changed_case = await rewrite_case(act, case, resource)
        answers = as_response(chosen, change.answers, case=case_id, patient=case.patient, at=stamp(act.at))
        await act.update(answers)
        tell_case(act, changed_case, "call")

    await platform.door.run(who, "emergency.call", write)


async def merge_call(platform: Platform, who: Principal, case_id: str, into: str) -> None:
    """The same incident called in twice: this call is closed as a duplicate of the other."""
    if case_id == into:
        raise EmergencyError("A call cannot be merged into itself.", field="into")

    async def write(act: Act) -> None:
        case, other = await find_case(act, case_id, lock=True), await find_case(act, into)
        _require_open(case)
        if case.unit:
            raise Conflict(
                "A unit is on this call. Recall it, or merge the other call into this one.", field="into"
            )
        resource = case.changed(
            case_status={"valueCode": "closed"},
            outcome={"valueCode": "duplicate"},
            closed_at={"valueDateTime": stamp(act.at)},
            duplicate_of={"valueReference": reference("ServiceRequest", other.id)},
        )
        closed = await rewrite_case(act, case, resource | {"status": "revoked"})
        tell_case(act, closed, "closed")
        tell_case(act, other, "duplicates")

    await platform.door.run(who, "emergency.call", write)


async def close_call(platform: Platform, who: Principal, case_id: str, outcome: str, reason: str) -> None:
    """Ends a case with what became of it."""
    if outcome not in OUTCOMES:
        raise EmergencyError(f'"{outcome}" is no outcome. Known: {", ".join(OUTCOMES)}.', field="outcome")

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        if case.status == "closed":
            raise Conflict("The case is closed already.")
        if case.unit and case.open:
            raise Conflict("A unit is on this case. Recall it before closing.", field="outcome")
        status = "completed" if outcome == "done" else "revoked"
        changed = case.changed(
            case_status={"valueCode": "closed"},
            outcome={"valueCode": outcome},
            closed_at={"valueDateTime": stamp(act.at)},
            outcome_reason={"valueString": reason} if reason else None,
        )
        tell_case(act, await rewrite_case(act, case, changed | {"status": status}), "closed")

    await platform.door.run(who, "emergency.call", write)


async def set_pathway(platform: Platform, who: Principal, case_id: str, pathway: str) -> None:
    """What the hospital prepares for, as a clinician sees it now."""
    from banyan.apps.emergency.needs import PATHWAYS

    if pathway not in PATHWAYS:
        raise EmergencyError(f'"{pathway}" is no pathway. Known: {", ".join(PATHWAYS)}.', field="pathway")

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        tell_case(act, await change_case(act, case, pathway={"valueCode": pathway}), "pathway")

    await platform.door.run(who, "emergency.treat", write)


def _require_open(case: Case) -> None:
    if not case.open:
        raise Conflict(f"The case is {case.status}: it can no longer be changed.")
