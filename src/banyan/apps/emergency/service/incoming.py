"""The incoming board of a hospital: who comes, how ill, when, and whether everything is ready."""

from datetime import datetime
from typing import Any

import orjson

from banyan.access import Act, Denied, Principal
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import ECG, LOINC, extended
from banyan.apps.emergency.questions import own_sets
from banyan.apps.emergency.service.alarms import standing_alarms
from banyan.apps.emergency.service.desk import OpenCase, open_cases
from banyan.apps.emergency.service.directory import Directory, directory
from banyan.apps.emergency.service.eta import eta_of
from banyan.apps.emergency.service.people import age_in_years
from banyan.apps.emergency.service.readiness import preparation_of, team_of
from banyan.apps.emergency.service.treat import communications_of, notice_view
from banyan.apps.emergency.service.units import LiveUnit, units_in
from banyan.apps.emergency.service.vitals_view import latest_values, newest_news2, vitals_of
from banyan.platform import Platform

TREND = ("hr", "sbp", "spo2", "rr")
TREND_POINTS = 24
VITALS_READ = "240"
LAST = float("inf")


async def incoming(platform: Platform, who: Principal, hospital: str) -> dict[str, Any]:
    """GET /hospitals/{id}/incoming, the most severe and soonest first."""
    known = await directory(platform)
    entry = known.hospital(hospital)
    if who.institution not in (None, hospital) and not who.has("dispatcher", "chief"):
        raise Denied(f"{who.name} works for {who.institution} and does not see who comes to {hospital}.")
    async with platform.door.act(who, "emergency.view") as act:
        coming = [each for each in await open_cases(act) if _comes(each.case, hospital)]
        units = await units_in(known, act.conn)
        alarms = await standing_alarms(act.conn, hospital=hospital)
        rows = [await _row(platform, act, known, each, units.get(each.case.unit or "")) for each in coming]
    rows.sort(key=lambda row: (row["level"], LAST if row["eta_s"] is None else row["eta_s"], row["number"]))
    return {
        "now": act.at,
        "hospital": {"id": hospital, "name": entry.name},
        "cases": rows,
        "alarms": alarms,
    }


def _comes(case: Case, hospital: str) -> bool:
    return case.destination == hospital and case.get("notice-at") is not None


async def _row(
    platform: Platform, act: Act, known: Directory, found: OpenCase, unit: LiveUnit | None
) -> dict[str, Any]:
    case, patient, now = found.case, found.patient, act.at
    based = ("based-on", f"ServiceRequest/{case.id}")
    page = await act.transaction.search(
        "Observation", [based, ("category", "vital-signs"), ("_sort", "-date"), ("_count", VITALS_READ)]
    )
    vitals = vitals_of([stored.resource() for stored in page.matches], now)
    age = age_in_years(patient.get("birthDate"), now)
    team, items = team_of(case), preparation_of(case)
    notice = notice_view(await communications_of(act, case.id), case)
    chosen = own_sets().get(case.complaint)
    return {
        "case": case.id,
        "number": case.number,
        "level": case.level,
        "pathway": case.pathway,
        "complaint": case.complaint,
        "complaint_text": {"zh": chosen.zh, "en": chosen.en} if chosen else None,
        "sex": patient.get("gender"),
        "age": age,
        "name": patient.get("name", [{}])[0].get("text"),
        "unknown": patient.get("name", [{}])[0].get("use") == "temp",
        "status": case.status,
        "unit": case.unit,
        "unit_number": unit.entry.number if unit else None,
        "unit_state": unit.state if unit else None,
        "silent": unit.silent(now) if unit else False,
        "heard_at": unit.heard_at if unit else None,
        "crew": unit.crew if unit else None,
        **eta_of(platform, known, case, unit, now),
        "vitals": latest_values(vitals),
        "alarms": vitals[-1]["alarms"] if vitals else {},
        "trend": {field: _trend(vitals, field) for field in TREND},
        "news2": newest_news2(vitals, age),
        "ecg": await _ecg(act, case),
        "team": {
            status: sum(one["status"] == status for one in team) for status in ("called", "coming", "here")
        }
        | {"of": len(team), "members": team},
        "prepared": {"done": sum(one["done"] is not None for one in items), "of": len(items)},
        "notice": notice,
        "acknowledged": notice["acknowledged"] if notice else None,
    }


def _trend(vitals: list[dict[str, Any]], field: str) -> list[Any]:
    """The last values of one vital, a refused or unmeasurable one as a gap."""
    there = [row.get(field) for row in vitals if field in row or field in row["absent"]]
    return there[-TREND_POINTS:]


async def _ecg(act: Act, case: Case) -> dict[str, Any] | None:
    """The newest ECG with its reading; None while there is none."""
    based = ("based-on", f"ServiceRequest/{case.id}")
    page = await act.transaction.search(
        "Observation", [based, ("code", f"{LOINC}|{ECG[0]}"), ("_sort", "-date"), ("_count", "10")]
    )
    valid = [each for each in (s.resource() for s in page.matches) if each["status"] != "entered-in-error"]
    if not valid:
        return None
    newest = valid[0]
    reports = await act.transaction.search("DiagnosticReport", [based, ("_count", "20")])
    reading = reading_of([stored.resource() for stored in reports.matches])
    measured = extended(newest, "measured")
    return {
        "signal": extended(newest, "signal"),
        "at": newest.get("effectiveDateTime") or newest["effectivePeriod"]["start"],
        "demonstration": bool(extended(newest, "demonstration")),
        "measured": orjson.loads(measured) if measured else None,
        "reading": reading,
    }


def reading_of(reports: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest reading by a physician that stands."""
    valid = [each for each in reports if each["status"] != "entered-in-error"]
    newest = max(valid, key=lambda each: datetime.fromisoformat(each["issued"]), default=None)
    if newest is None:
        return None
    by = newest["resultsInterpreter"][0].get("display", "")
    return {"text": newest.get("conclusion", ""), "by": by, "at": newest["issued"]}
