"""Dispatch: which unit, sent, accepted, refused, recalled."""

import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from banyan.access import Act, Principal
from banyan.apps.emergency.dispatch import FREE_NOW, FREE_SOON, Call, Unit, UnitOption, call_of, rank_units
from banyan.apps.emergency.model.call import Case, encounter, task
from banyan.apps.emergency.model.codes import reference
from banyan.apps.emergency.model.words import said
from banyan.apps.emergency.service.alarms import end_alarms, raise_alarm
from banyan.apps.emergency.service.cases import derived, find_case, rewrite_case, stamp, tell_case
from banyan.apps.emergency.service.directory import directory
from banyan.apps.emergency.service.errors import Conflict, EmergencyError, Unknown
from banyan.apps.emergency.service.ground import Way, ground, ways, zone
from banyan.apps.emergency.service.people import age_of
from banyan.apps.emergency.service.points import record_point
from banyan.apps.emergency.service.push import notify_unit
from banyan.apps.emergency.service.units import LiveUnit, enter_state, live_units
from banyan.platform import Platform

TURNAROUND_MIN = {"to_hospital": 25.0, "stopover": 25.0, "at_hospital": 15.0, "handed_over": 8.0}
GRANT_AFTER = timedelta(hours=24)


async def ranked_units(platform: Platform, who: Principal, case_id: str) -> dict[str, Any]:
    """Every unit for this call, the quickest suitable first, each with its reason in both languages."""
    async with platform.door.act(who, "emergency.view") as act:
        case = await find_case(act, case_id)
        age = await age_of(act, case.patient)
        units = await live_units(platform, act.conn)
    now = platform.clock.now()
    times = _times(platform, case, units, now)
    options = rank_units(
        _need(case, age), [_judged(unit, now) for unit in units.values()], _seconds(times), now
    )
    return {
        "computed_at": now,
        "options": [_option_view(platform, each, units[each.unit], times) for each in options],
    }


def _need(case: Case, age: float | None) -> Call:
    return call_of(case.level, case.pathway, age=age)


def _times(platform: Platform, case: Case, units: dict[str, LiveUnit], now: datetime) -> dict[str, Way]:
    if case.point is None:
        return {}
    there = {id_: unit.point for id_, unit in units.items() if unit.point is not None}
    return ways(ground(platform), case.point, there, now, towards_here=True)


def _seconds(times: dict[str, Way]) -> dict[str, float]:
    return {id_: way.seconds for id_, way in times.items() if way.seconds is not None}


def _judged(unit: LiveUnit, now: datetime) -> Unit:
    free_at = None
    if unit.state in FREE_SOON and unit.state_at is not None:
        free_at = max(now, unit.state_at + timedelta(minutes=TURNAROUND_MIN.get(unit.state, 15.0)))
    return Unit(
        id=unit.entry.id,
        name=unit.entry.number,
        crew=unit.entry.crew,
        state=unit.state,
        seen_at=unit.heard_at,
        equipment=unit.entry.equipment,
        free_at=free_at,
        shift_ends=unit.shift_ends,
    )


def _option_view(
    platform: Platform, option: UnitOption, unit: LiveUnit, times: dict[str, Way]
) -> dict[str, Any]:
    way = times.get(option.unit, Way(None, None, False))
    return {
        "unit": option.unit,
        "number": unit.entry.number,
        "kind": unit.entry.crew,
        "state": unit.state,
        "base": unit.entry.base,
        "seconds": None if option.minutes is None else round(option.minutes * 60),
        "drive": asdict(way),
        "straight": way.straight,
        "eta": option.eta,
        "rank": option.rank,
        "passed_over": option.rank is None,
        "last_resort": option.last_resort,
        "support": option.support,
        "reasons": [said(reason, zone(platform)) for reason in option.reasons],
    }


async def dispatch(
    platform: Platform, who: Principal, case_id: str, unit: str, *, instructions: list[str], reason: str
) -> dict[str, Any]:
    """Sends a unit; of two dispatchers the second is told who was quicker."""
    entry = (await directory(platform)).unit(unit)
    task_id = str(uuid.uuid4())

    async def write(act: Act) -> Case:
        case = await find_case(act, case_id, lock=True)
        if case.unit is not None:
            sent = await act.read("Task", case.task or "")
            by = sent.resource()["requester"]["display"] if sent else "—"
            at = sent.resource()["authoredOn"] if sent else ""
            raise Conflict(f"{by} sent {case.unit} at {at}.", by=by, at=at, unit=case.unit)
        if not case.open:
            raise Conflict(f"The case is {case.status}.")
        await _take_unit(act, unit, case, task_id)
        transport = derived(task_id, "transport")
        by = (who.user, who.name)
        await act.grant(patient=case.patient, unit=unit, because=f"unit {entry.number} sent to {case.number}")
        await act.grant(
            patient=case.patient,
            unit=unit,
            purpose="ETREAT",
            because=f"unit {entry.number} sent to {case.number}",
        )
        await act.update(encounter(transport, case.id, case.patient, unit, stamp(act.at)))
        made = task(task_id, case.id, case.patient, unit, stamp(act.at), by, reason, instructions)
        await act.update(made | {"encounter": reference("Encounter", transport)})
        changed = case.changed(
            case_status={"valueCode": "dispatched"},
            unit={"valueReference": reference("Location", unit)},
            task={"valueReference": reference("Task", task_id)},
        )
        case = await rewrite_case(act, case, changed | {"encounter": reference("Encounter", transport)})
        await record_point(act, case, "dispatch", act.at, source="system")
        await end_alarms(act, kinds=("refused", "unanswered"), case=case.id)
        act.tell("desk", "unit", {"unit": unit})
        act.tell(f"unit/{unit}", "order", _order(case, task_id))
        tell_case(act, case, "dispatch")
        return case

    case = await platform.door.run(who, "emergency.dispatch", write)
    await notify_unit(platform, unit, case)
    return {"task": task_id, "unit": unit, "case": case_id}


def _order(case: Case, task_id: str) -> dict[str, Any]:
    place = case.place
    return {
        "case": case.id,
        "task": task_id,
        "level": case.level,
        "complaint": case.complaint,
        "address": place["text"],
        "lat": place["lat"],
        "lon": place["lon"],
    }


async def _take_unit(act: Act, unit: str, case: Case, task_id: str) -> None:
    row = await (
        await act.conn.execute(
            "select state, case_id from emergency.unit where unit = %s for update", (unit,)
        )
    ).fetchone()
    state, busy = (row[0], row[1]) if row else ("available", None)
    if busy:
        raise Conflict(f"The unit is on case {busy}. Choose another, or recall it first.", field="unit")
    if state not in FREE_NOW:
        raise Conflict(f"The unit is {state.replace('_', ' ')}. Choose another.", field="unit")
    await enter_state(act.conn, unit, "dispatched", act.at, case=case.id, task=task_id)


async def answer_task(
    platform: Platform,
    who: Principal,
    task_id: str,
    answer: str,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """The crew takes the call, or says why it cannot; the desk may recall a unit that has not the patient yet."""
    async with platform.door.act(
        who, "emergency.dispatch" if answer == "cancelled" else "emergency.answer", at=at
    ) as act:
        await answer_in(act, task_id, answer, reason=reason, at=at or act.at)


async def answer_in(act: Act, task_id: str, answer: str, *, reason: str, at: datetime) -> None:
    stored = await act.read("Task", task_id, lock=True)
    if stored is None:
        raise Unknown(f"There is no dispatch {task_id}.", field="task")
    resource = stored.resource()
    case = await find_case(act, resource["focus"]["reference"].split("/")[1], lock=True)
    unit = resource["location"]["reference"].split("/")[1]
    if resource["status"] == answer:
        return
    if answer == "accepted":
        if resource["status"] != "requested":
            raise Conflict(f"This dispatch is {resource['status']}: it can no longer be accepted.")
        await act.update(
            resource | {"status": "accepted", "lastModified": stamp(at)}, if_match=stored.version
        )
        await end_alarms(act, kinds=("unanswered",), case=case.id)
        tell_case(act, case, "accepted")
        act.tell("desk", "unit", {"unit": unit})
        return
    if not reason:
        raise EmergencyError("Say why: the dispatcher has to send somebody else.", field="reason")
    if resource["status"] in ("completed", "cancelled", "rejected"):
        raise Conflict(f"This dispatch is {resource['status']} already.")
    ended = {"status": answer, "statusReason": {"text": reason}, "lastModified": stamp(at)}
    await act.update(resource | ended, if_match=stored.version)
    await _give_back(act, case, unit)
    await end_alarms(act, kinds=("unanswered",), case=case.id)
    if answer == "rejected":
        number = unit.rpartition("-")[2]
        await raise_alarm(act, "refused", "high", case=case.id, unit=unit, number=number, reason=reason)
    act.tell(f"unit/{unit}", "prompt", {"case": case.id, "kind": answer, "reason": reason})
    act.tell("desk", "unit", {"unit": unit})
    tell_case(act, case, "dispatch")


async def _give_back(act: Act, case: Case, unit: str) -> None:
    """The unit is free again and the call waits again; whoever knew the patient no longer does."""
    row = await (
        await act.conn.execute("select state from emergency.unit where unit = %s for update", (unit,))
    ).fetchone()
    if row and row[0] not in ("dispatched", "en_route", "at_scene"):
        raise Conflict(f"The unit is {row[0].replace('_', ' ')}: it has the patient.", field="unit")
    await act.conn.execute(
        "update emergency.unit set state = 'available', state_at = %s, case_id = null, task_id = null where unit = %s",
        (act.at, unit),
    )
    if case.encounter:
        await act.patch(
            "Encounter", case.encounter, [{"op": "replace", "path": "/status", "value": "cancelled"}]
        )
    changed = case.changed(case_status={"valueCode": "waiting"}, unit=None, task=None)
    changed.pop("encounter", None)
    await rewrite_case(act, case, changed)
    for patient in case.patients:  # last: a crew that refuses writes all this itself
        await act.revoke(patient=patient, unit=unit)
