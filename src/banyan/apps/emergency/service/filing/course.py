"""The course of a case: times, the unit's states, destination, notice, messages, handover, undoing."""

from datetime import datetime, timedelta
from typing import Any

from banyan.access import Act, grants
from banyan.apps.emergency.model.codes import reference
from banyan.apps.emergency.model.messages import communication, notice_notes
from banyan.apps.emergency.needs import PATHWAYS
from banyan.apps.emergency.service.alarms import raise_alarm
from banyan.apps.emergency.service.cases import change_case, derived, rewrite_case, stamp
from banyan.apps.emergency.service.directory import directory
from banyan.apps.emergency.service.dispatching import answer_in
from banyan.apps.emergency.service.errors import Conflict, EmergencyError
from banyan.apps.emergency.service.filing.filing import Filed, Filing
from banyan.apps.emergency.service.handover import sign
from banyan.apps.emergency.service.points import record_point
from banyan.apps.emergency.service.push import queue_for_hospital
from banyan.apps.emergency.service.units import enter_state
from banyan.apps.emergency.unit_states import NAMES, TIME_POINT

CALLED = ("emergency_nurse", "emergency_doctor")  # whose devices ring at a notice
# The crew completes its record; then the patient is no longer theirs.
AFTERWORK = timedelta(hours=2)
UNDO_KINDS = ("vitals", "assessment", "medication", "note", "photo", "ecg", "time", "message")


async def time(filing: Filing) -> Filed:
    """A time point as a person or a device recorded it."""
    id_ = await record_point(
        filing.act,
        filing.case,
        str(filing.need("point")),
        filing.at,
        source=filing.source,
        fact=filing.id,
        offset_ms=filing.offset_ms,
        precision_s=float(filing.data.get("precision") or 0),
    )
    return [f"Observation/{id_}"], ("times",)


async def state(filing: Filing) -> Filed:
    """A state of the unit: sets its time point, moves Task, Encounter and case along; a late one only the first."""
    entered = str(filing.need("unit_state"))
    unit = filing.case.unit or filing.act.who.unit
    if entered == "accepted":
        if filing.case.task is None:
            raise Conflict("This case has no dispatch to accept.")
        await answer_in(filing.act, filing.case.task, "accepted", reason="", at=filing.at)
        return [f"Task/{filing.case.task}"], ("accepted",)
    if entered not in NAMES:
        raise EmergencyError(f'"{entered}" is no unit state. Known: {", ".join(NAMES)}.', field="unit_state")
    if unit is None:
        raise Conflict("No unit is on this case.")
    written = []
    point = TIME_POINT.get(entered)
    if point is not None:
        id_ = await record_point(
            filing.act,
            filing.case,
            point,
            filing.at,
            source=filing.source,
            fact=filing.id,
            offset_ms=filing.offset_ms,
        )
        written.append(f"Observation/{id_}")
    over = entered in ("available", "off_duty")
    newest = await enter_state(
        filing.act.conn,
        unit,
        entered,
        filing.at,
        case=None if over else filing.case.id,
        task=None if over else filing.case.task,
    )
    if newest:
        await _move_on(filing, entered, unit)
    filing.act.tell("desk", "unit", {"unit": unit})
    return written, ("state", "times")


_TASK = {
    "en_route": "in-progress",
    "at_scene": "in-progress",
    "with_patient": "in-progress",
    "handed_over": "completed",
}
_CASE = {
    "en_route": "dispatched",
    "at_scene": "active",
    "with_patient": "active",
    "to_hospital": "active",
    "at_hospital": "active",
    "handed_over": "handed-over",
}
_ENCOUNTER = {
    "at_scene": "arrived",
    "with_patient": "in-progress",
    "to_hospital": "in-progress",
    "handed_over": "finished",
}


async def _move_on(filing: Filing, entered: str, unit: str) -> None:
    act, case = filing.act, filing.case
    if entered in _TASK and case.task:
        stored = await act.read("Task", case.task, lock=True)
        if stored is not None and stored.resource()["status"] not in (
            _TASK[entered],
            "completed",
            "cancelled",
        ):
            period = stored.resource().get("executionPeriod", {"start": stamp(filing.at)})
            if _TASK[entered] == "completed":
                period = period | {"end": stamp(filing.at)}
            await act.update(
                stored.resource() | {"status": _TASK[entered], "executionPeriod": period},
                if_match=stored.version,
            )
    if entered in _ENCOUNTER and case.encounter:
        await _move_encounter(act, case.encounter, _ENCOUNTER[entered], filing.at)
    if entered in _CASE and case.status != _CASE[entered] and case.status != "handed-over":
        filing.case = await change_case(act, case, case_status={"valueCode": _CASE[entered]})
    if entered in ("available", "off_duty"):
        for patient in case.patients:
            await grants.end(act.conn, patient=patient, at=filing.at + AFTERWORK, unit=unit)
        status = (
            {"valueCode": "closed"}
            if case.status in ("handed-over", "active")
            else {"valueCode": case.status}
        )
        done = status["valueCode"] == "closed"
        ends = {"valueDateTime": stamp(filing.at)} if done else None
        finished = case.changed(case_status=status, closed_at=ends)
        filing.case = await rewrite_case(act, case, finished | ({"status": "completed"} if done else {}))


async def _move_encounter(act: Act, id_: str, status: str, at: datetime) -> None:
    stored = await act.read("Encounter", id_, lock=True)
    if stored is None or stored.resource()["status"] in (status, "finished", "cancelled"):
        return
    resource = stored.resource()
    period = resource["period"] | ({"end": stamp(at)} if status == "finished" else {})
    await act.update(resource | {"status": status, "period": period}, if_match=stored.version)


async def destination(filing: Filing) -> Filed:
    """Where the crew goes; not the first of the ranking: with a reason."""
    chosen = str(filing.need("hospital"))
    entry = (await directory(filing.platform)).hospitals.get(chosen)
    outside = entry is None
    if outside and not filing.data.get("name"):
        raise EmergencyError(
            f'There is no hospital "{chosen}" in the directory. For one outside the region send its name as well.',
            field="hospital",
        )
    name = entry.name["zh"] if entry else str(filing.data.get("name") or chosen)
    rank, reason = filing.data.get("chosen_rank"), filing.data.get("override_reason")
    if rank is not None and rank != 1 and not reason:
        raise EmergencyError(
            "This is not the first of the ranking: say why in override_reason.", field="override_reason"
        )
    before = filing.case.destination
    where: dict[str, Any] = {"reference": f"Location/{chosen}", "display": name}
    if outside:
        where = {"reference": "Location/outside-region", "display": name}
    filing.case = await change_case(
        filing.act,
        filing.case,
        destination={"valueReference": where},
        destination_reason={"valueString": str(reason)} if reason else None,
        destination_rank={"valueInteger": int(rank)} if rank else None,
        destination_at={"valueDateTime": stamp(filing.at)},
        destination_outside={"valueBoolean": True} if outside else None,
    )
    if before and before != chosen and filing.case.get("notice-at"):
        filing.act.tell(f"hospital/{before}", "incoming", {"case": filing.case.id, "diverted_to": chosen})
        filing.case = await change_case(filing.act, filing.case, notice_at=None)
    return [f"ServiceRequest/{filing.case.id}"], ("destination",)


async def notice(filing: Filing) -> Filed:
    """Tells the hospital who comes: from now on it sees the patient."""
    hospital = filing.data.get("hospital") or filing.case.destination
    if not hospital:
        raise EmergencyError("No destination is chosen yet: choose the hospital first.", field="hospital")
    entry = (await directory(filing.platform)).hospital(str(hospital))
    level = filing.data.get("level") or filing.case.level
    if level not in (1, 2, 3, 4):
        raise EmergencyError(f"The level is {level!r}; it is 1 to 4.", field="level")
    pathway = str(filing.data.get("pathway") or filing.case.pathway)
    if pathway not in PATHWAYS:
        raise EmergencyError(f'"{pathway}" is no pathway. Known: {", ".join(PATHWAYS)}.', field="pathway")
    act, case, id_ = filing.act, filing.case, derived(filing.id, "notice")
    because = f"notice of case {case.number} to {entry.name['en']}"
    for patient in case.patients:
        await act.grant(patient=patient, institution=entry.id, because=because)
    await act.grant(patient=case.patient, institution=entry.id, purpose="ETREAT", because=because)
    who = (act.who.user, act.who.name)
    message = communication(
        id_,
        "notice",
        case.id,
        case.patient,
        case.encounter,
        stamp(filing.at),
        who,
        "hospital",
        str(filing.data.get("text") or ""),
        recipient=entry.id,
        fact=filing.id,
        notes=notice_notes(level, pathway),
    )
    await act.update(message)
    changes: dict[str, Any] = {
        "notice_at": {"valueDateTime": stamp(filing.at)},
        "notice": {"valueReference": reference("Communication", id_)},
        "level": {"valueInteger": level},
        "pathway": {"valueCode": pathway},
    }
    if case.destination != entry.id:
        changes["destination"] = {
            "valueReference": {"reference": f"Location/{entry.id}", "display": entry.name["zh"]}
        }
    filing.case = await change_case(act, case, **changes)
    await record_point(
        act, filing.case, "notice", filing.at, source=filing.source, offset_ms=filing.offset_ms
    )
    await queue_for_hospital(act.conn, filing.platform.settings, entry.id, CALLED, filing.case, "notice")
    if level == 1:
        await raise_alarm(act, "critical", "high", case=case.id, hospital=entry.id, level="I")
    return [f"Communication/{id_}"], ("notice", "times")


async def message(filing: Filing) -> Filed:
    """One line to the hospital, the desk or the crew."""
    to, text = str(filing.need("to")), str(filing.need("text")).strip()
    if to not in ("hospital", "dispatch", "crew"):
        raise EmergencyError(f'"{to}" is nobody: hospital, dispatch or crew.', field="to")
    act, case, id_ = filing.act, filing.case, derived(filing.id, "message")
    who = (act.who.user, act.who.name)
    await act.update(
        communication(
            id_,
            "message",
            case.id,
            case.patient,
            case.encounter,
            stamp(filing.at),
            who,
            to,
            text,
            fact=filing.id,
        )
    )
    event = {"case": case.id, "id": id_, "at": stamp(filing.at), "from": act.who.name, "to": to, "text": text}
    act.tell(f"case/{case.id}", "message", event)
    if to == "crew" and case.unit:
        act.tell(f"unit/{case.unit}", "message", event)
    return [f"Communication/{id_}"], ("messages",)


async def handover(filing: Filing) -> Filed:
    """The crew's signature on the handover."""
    if filing.need("sign") != "crew":
        raise EmergencyError("A crew signs as crew.", field="sign")
    filing.case, id_ = await sign(
        filing.platform, filing.act, filing.case, "crew", filing.at, str(filing.data.get("note") or "")
    )
    return [f"Composition/{id_}"], ("handover",)


async def undo(filing: Filing) -> Filed:
    """Cancels what an earlier fact wrote: marked as entered in error, never erased, and told to all."""
    row = await (
        await filing.act.conn.execute(
            "select kind, written, case_id, account from emergency.fact where id::text = %s",
            (str(filing.need("fact")),),
        )
    ).fetchone()
    if row is None or row[2] != filing.case.id:
        raise EmergencyError("There is no such fact in this case.", field="fact")
    if row[0] not in UNDO_KINDS:
        raise EmergencyError(f"A {row[0]} cannot be undone: send the right one instead.", field="fact")
    if row[3] != filing.act.who.user:
        raise EmergencyError("Only who recorded it can undo it.", field="fact")
    for each in row[1]:
        type_, id_ = each.split("/")
        if type_ == "Binary":
            continue
        stored = await filing.act.read(type_, id_, lock=True)
        if stored is not None:
            await filing.act.update(
                stored.resource() | {"status": "entered-in-error"}, if_match=stored.version
            )
    return list(row[1]), ("undo", row[0])
