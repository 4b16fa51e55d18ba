"""The case as every page sees it: one read of the record, one shape."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from banyan.access import Act, Denied, Principal
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import ECG, KIND, LOINC, RULE, TIME_POINT, extended
from banyan.apps.emergency.questions import answered, level_of, own_sets
from banyan.apps.emergency.service.alarms import standing_alarms
from banyan.apps.emergency.service.cases import derived, find_case
from banyan.apps.emergency.service.directory import directory
from banyan.apps.emergency.service.ecg import ecg_view, frames_in
from banyan.apps.emergency.service.eta import destination_view
from banyan.apps.emergency.service.handover import signatures
from banyan.apps.emergency.service.people import age_in_years, history_of, patient_of, patient_view
from banyan.apps.emergency.service.points import read_points
from banyan.apps.emergency.service.target_view import targets_of
from banyan.apps.emergency.service.timeline import timeline, times_view
from banyan.apps.emergency.service.treat import notice_view, preparation_of, team_of
from banyan.apps.emergency.service.units import unit_view, units_in
from banyan.apps.emergency.service.vitals_view import newest_news2, vitals_of
from banyan.platform import Platform

VITALS_SHOWN = 600


@dataclass(frozen=True)
class CaseData:
    """Everything of one case, read in one act."""

    case: Case
    patient: dict[str, Any]
    points: list[dict[str, Any]]
    vitals: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    ecgs: list[dict[str, Any]]
    readings: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    medications: list[dict[str, Any]]
    photos: list[dict[str, Any]]
    communications: list[dict[str, Any]]
    composition: dict[str, Any] | None
    task: dict[str, Any] | None


async def read_case(act: Act, case: Case, *, vitals: int = VITALS_SHOWN) -> CaseData:
    """Reads the resources of a case that this one may see."""
    based = ("based-on", f"ServiceRequest/{case.id}")
    observations = [
        await _found(act, "Observation", [based, *params])
        for params in (
            [("code", f"{TIME_POINT}|"), ("_count", "500")],
            [("category", "vital-signs"), ("_sort", "-date"), ("_count", str(vitals))],
            [("code", f"{RULE}|"), ("_sort", "-date"), ("_count", "200")],
            [("code", f"{LOINC}|{ECG[0]}"), ("_count", "50")],
            [("code", f"{KIND}|note"), ("_count", "200")],
        )
    ]
    given = []
    if case.encounter:
        given = await _found(
            act, "MedicationAdministration", [("context", f"Encounter/{case.encounter}"), ("_count", "200")]
        )
    composition = await act.transaction.read("Composition", derived(case.id, "handover"))
    task = await act.transaction.read("Task", case.task) if case.task else None
    return CaseData(
        case=case,
        patient=await patient_of(act, case.patient),
        points=observations[0],
        vitals=observations[1],
        scores=observations[2],
        ecgs=observations[3],
        readings=await _found(act, "DiagnosticReport", [based, ("_count", "50")]),
        notes=observations[4],
        medications=given,
        photos=await _found(act, "Media", [based, ("_count", "50")]),
        communications=await _found(act, "Communication", [based, ("_count", "300")]),
        composition=composition.resource() if composition and not composition.deleted else None,
        task=task.resource() if task and not task.deleted else None,
    )


async def _found(act: Act, type_: str, params: list[tuple[str, str]]) -> list[dict[str, Any]]:
    page = await act.transaction.search(type_, params)
    return [stored.resource() for stored in page.matches]


async def case_view(platform: Platform, who: Principal, case_id: str) -> dict[str, Any]:
    """GET /cases/{case}: see docs/emergency-api.md. Reading the ServiceRequest judges the whole case."""
    known = await directory(platform)
    async with platform.door.act(who, "emergency.view") as act:
        case = await find_case(act, case_id)
        data = await read_case(act, case)
        history = await _history(act, case)
        units = await units_in(known, act.conn) if case.unit else {}
        frames = await frames_in(act.conn, case.id)
        alarms = await standing_alarms(act.conn, case=case.id)
        parked = await _parked(act, case.id)
    now = platform.clock.now()
    return _view(platform, who, data, history, now) | {
        "unit": unit_view(units[case.unit], now) if case.unit in units else None,
        "destination": destination_view(platform, known, case, units.get(case.unit or ""), now),
        "ecgs": _ecgs(data, frames),
        "alarms": alarms,
        "parked": parked,
    }


async def _history(act: Act, case: Case) -> dict[str, Any] | None:
    try:
        return await history_of(act, case.patient, without_case=case.id)
    except Denied:
        return None


async def _parked(act: Act, case_id: str) -> int:
    row = await (
        await act.conn.execute(
            "select count(*) from emergency.fact where case_id = %s and status = 'parked'", (case_id,)
        )
    ).fetchone()
    return int(row[0]) if row else 0


def _view(
    platform: Platform, who: Principal, data: CaseData, history: dict[str, Any] | None, now: datetime
) -> dict[str, Any]:
    case, points = data.case, read_points(data.points)
    chosen = own_sets().get(case.complaint)
    vitals = vitals_of(data.vitals, now)
    answers = _answers(case)
    return {
        "id": case.id,
        "etag": str(case.version),
        "number": case.number,
        "status": case.status,
        "now": now,
        "level": case.level,
        "level_reason": case.get("level-reason"),
        "pathway": case.pathway,
        "complaint": case.complaint,
        "complaint_text": {"zh": chosen.zh, "en": chosen.en} if chosen else None,
        "determinant": case.get("determinant"),
        "advice": chosen.advice if chosen else None,
        "outcome": case.get("outcome"),
        "caller": case.caller,
        "address": case.place,
        "call_at": case.resource["authoredOn"],
        "taken_by": case.taken_by,
        "answers": answered(chosen, answers, level_of(chosen, answers).hot) if chosen else [],
        "patient": patient_view(data.patient, now),
        "history": history,
        "task": _task(data.task),
        "encounter": case.encounter,
        "times": times_view(points),
        "timeline": timeline(data, points),
        "vitals": vitals,
        "news2": newest_news2(vitals, age_in_years(data.patient.get("birthDate"), now)),
        "medications": [_medication(each) for each in data.medications if _valid(each)],
        "assessments": [_assessment(each) for each in data.scores if _valid(each)],
        "notes": [_note(each) for each in data.notes if _valid(each)],
        "photos": [_photo(each) for each in data.photos if _valid(each)],
        "messages": [
            _message(each) for each in data.communications if _kind(each) == "message" and _valid(each)
        ],
        "notice": notice_view(data.communications, case),
        "team": team_of(case),
        "preparation": preparation_of(case),
        "handover": signatures(data.composition),
        "targets": targets_of(case.pathway, points, now),
    }


def _answers(case: Case) -> dict[str, str]:
    found = case.get("answers")
    return dict(orjson.loads(found)) if found else {}


def _valid(resource: dict[str, Any]) -> bool:
    return resource.get("status") != "entered-in-error"


def _kind(resource: dict[str, Any]) -> str:
    return str(resource.get("category", [{}])[0].get("coding", [{}])[0].get("code", ""))


def _by(resource: dict[str, Any]) -> str:
    performer = resource.get("performer", [{}])[0]
    return str(performer.get("display") or performer.get("actor", {}).get("display", ""))


def _task(resource: dict[str, Any] | None) -> dict[str, Any] | None:
    if resource is None:
        return None
    notes = [each["text"] for each in resource.get("note", ())]
    at = resource.get("lastModified") or resource["authoredOn"]
    by = resource.get("requester", {}).get("display", "")
    return {"id": resource["id"], "status": resource["status"], "at": at, "by": by, "instructions": notes}


def _medication(resource: dict[str, Any]) -> dict[str, Any]:
    dose = resource["dosage"].get("dose", {})
    return {
        "id": resource["id"],
        "fact": _fact(resource),
        "at": resource["effectiveDateTime"],
        "text": resource["medicationCodeableConcept"].get("text", ""),
        "dose": dose.get("value"),
        "unit": dose.get("unit"),
        "route": resource["dosage"].get("route", {}).get("text"),
        "by": _by(resource),
    }


def _fact(resource: dict[str, Any]) -> str | None:
    return next(
        (i["value"] for i in resource.get("identifier", ()) if i.get("system", "").endswith("/fact")), None
    )


def _assessment(resource: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": resource["id"],
        "fact": _fact(resource),
        "at": resource["effectiveDateTime"],
        "rule": resource["code"]["coding"][0]["code"],
        "result": orjson.loads(extended(resource, "rule-result") or "{}"),
        "input": orjson.loads(extended(resource, "rule-input") or "{}"),
        "version": extended(resource, "rule-version"),
        "status": extended(resource, "rule-status"),
        "overridden": extended(resource, "override"),
        "override_reason": extended(resource, "override-reason"),
        "by": _by(resource),
    }


def _note(resource: dict[str, Any]) -> dict[str, Any]:
    at = resource["effectiveDateTime"]
    return {
        "id": resource["id"],
        "fact": _fact(resource),
        "at": at,
        "text": resource["valueString"],
        "by": _by(resource),
    }


def _photo(resource: dict[str, Any]) -> dict[str, Any]:
    note = resource.get("note", [{}])[0].get("text")
    url = f"/api/emergency/photos/{resource['id']}"
    return {
        "id": resource["id"],
        "fact": _fact(resource),
        "at": resource["createdDateTime"],
        "url": url,
        "text": note,
    }


def _message(resource: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": resource["id"],
        "at": resource["sent"],
        "from": resource["sender"].get("display", ""),
        "from_account": resource["sender"]["identifier"]["value"],
        "to": extended(resource, "to"),
        "text": resource["payload"][0]["contentString"],
        "read_at": resource.get("received"),
        "read_by": extended(resource, "read-by"),
    }


def _ecgs(data: CaseData, frames: dict[str, tuple[int, datetime]]) -> list[dict[str, Any]]:
    readings: dict[str, dict[str, Any]] = {}
    for report in data.readings:
        if _valid(report):
            by = report["resultsInterpreter"][0].get("display", "")
            read = {"text": report.get("conclusion", ""), "by": by, "at": report["issued"]}
            readings[report["result"][0]["reference"]] = read
    views = [
        ecg_view(
            each,
            readings.get(f"Observation/{each['id']}"),
            frames.get(extended(each, "signal") or ""),
        )
        for each in data.ecgs
        if _valid(each)
    ]
    return sorted(views, key=lambda each: each["at"])
