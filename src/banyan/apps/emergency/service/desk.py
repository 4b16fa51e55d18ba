"""The dispatch desk and the command overview: every open call, every unit, every hospital."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from banyan.access import Act, Principal
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import TIME_POINT
from banyan.apps.emergency.questions import own_sets
from banyan.apps.emergency.service.alarms import standing_alarms
from banyan.apps.emergency.service.directory import Directory, directory
from banyan.apps.emergency.service.eta import eta_of
from banyan.apps.emergency.service.ground import Way, ground, ways
from banyan.apps.emergency.service.hospitals import hospital_rows
from banyan.apps.emergency.service.people import age_in_years
from banyan.apps.emergency.service.points import read_points
from banyan.apps.emergency.service.target_view import targets_of
from banyan.apps.emergency.service.units import LiveUnit, unit_view, units_in
from banyan.platform import Platform

# Seconds from the call to the dispatch of a unit, by level: how long a call may wait.
LIMIT_S = {1: 180, 2: 300, 3: 600, 4: 1800}
RECENT = timedelta(hours=24)


@dataclass(frozen=True)
class OpenCase:
    case: Case
    patient: dict[str, Any]


async def open_cases(act: Act) -> list[OpenCase]:
    """Cases that are not over, that this one may see, the most urgent first."""
    page = await act.search(
        "ServiceRequest", [("status", "active"), ("_count", "500"), ("_include", "ServiceRequest:subject")]
    )
    patients = {stored.id: stored.resource() for stored in page.includes if stored.type == "Patient"}
    cases = [Case(stored.resource(), stored.version) for stored in page.matches]
    found = [OpenCase(case, patients.get(case.patient, {})) for case in cases if case.status != "closed"]
    return sorted(found, key=lambda each: (each.case.level, each.case.call_at))


async def desk(platform: Platform, who: Principal) -> dict[str, Any]:
    """GET /desk: see docs/emergency-api.md."""
    known = await directory(platform)
    async with platform.door.act(who, "emergency.view") as act:
        cases = await open_cases(act)
        units = await units_in(known, act.conn)
        alarms = await standing_alarms(act.conn)
        hospitals = await hospital_rows(platform, act, known, act.at)
        parked = await _parked(act)
    now = platform.clock.now()
    rows = [row_of(platform, known, each, units, now) for each in cases]
    return {
        "now": now,
        "calls": [row for row in rows if row["status"] == "waiting"],
        "active": [row for row in rows if row["status"] != "waiting"],
        "units": [unit_view(unit, now) for unit in units.values()],
        "hospitals": hospitals,
        "alarms": alarms,
        "parked": parked,
    }


async def _parked(act: Act) -> int:
    row = await (
        await act.conn.execute("select count(*) from emergency.fact where status = 'parked'")
    ).fetchone()
    return int(row[0]) if row else 0


def row_of(
    platform: Platform, known: Directory, found: OpenCase, units: dict[str, LiveUnit], now: datetime
) -> dict[str, Any]:
    """One call as the lists show it."""
    case, place = found.case, found.case.place
    chosen = own_sets().get(case.complaint)
    unit = units.get(case.unit or "")
    on_its_way = _to_scene(platform, case, unit, now) if case.status == "dispatched" else None
    arrival = eta_of(platform, known, case, unit, now) if case.destination else None
    return {
        "case": case.id,
        "etag": str(case.version),
        "number": case.number,
        "level": case.level,
        "pathway": case.pathway,
        "complaint": case.complaint,
        "complaint_text": {"zh": chosen.zh, "en": chosen.en} if chosen else None,
        "sex": found.patient.get("gender"),
        "age": age_in_years(found.patient.get("birthDate"), now),
        "name": found.patient.get("name", [{}])[0].get("text"),
        "address": place["text"],
        "note": place["note"],
        "lat": place["lat"],
        "lon": place["lon"],
        "outside": place["outside"],
        "call_at": case.resource["authoredOn"],
        "taken_by": case.taken_by,
        "limit_s": LIMIT_S[case.level],
        "unit": case.unit,
        "unit_number": unit.entry.number if unit else None,
        "unit_state": unit.state if unit else None,
        "status": case.status,
        "destination": known.hospitals[case.destination].name
        if case.destination in known.hospitals
        else None,
        "eta_s": arrival["eta_s"] if arrival else on_its_way.seconds if on_its_way else None,
        "eta_at": arrival["eta_at"] if arrival else None,
        "duplicate_of": case.get("duplicate-of"),
    }


def _to_scene(platform: Platform, case: Case, unit: LiveUnit | None, now: datetime) -> Way | None:
    if unit is None or unit.point is None or case.point is None:
        return None
    return ways(ground(platform), unit.point, {"scene": case.point}, now)["scene"]


async def review_list(
    platform: Platform, who: Principal, *, since: datetime | None, pathway: str | None, text: str | None
) -> dict[str, Any]:
    """Cases of the last day (or since a time), the newest first, with how many targets each met."""
    known = await directory(platform)
    async with platform.door.act(who, "emergency.view") as act:
        begins = (since or act.at - RECENT).isoformat()
        page = await act.search(
            "ServiceRequest",
            [
                ("authored", f"ge{begins}"),
                ("_sort", "-authored"),
                ("_count", "200"),
                ("_include", "ServiceRequest:subject"),
            ],
        )
        patients = {stored.id: stored.resource() for stored in page.includes if stored.type == "Patient"}
        cases = [Case(stored.resource(), stored.version) for stored in page.matches]
        chosen = [
            each for each in cases if pathway in (None, each.pathway) and _matches(each, patients, text)
        ]
        points = await _points(act, [each.id for each in chosen])
    now = platform.clock.now()
    rows = []
    for case in chosen:
        row = row_of(platform, known, OpenCase(case, patients.get(case.patient, {})), {}, now)
        targets = targets_of(case.pathway, read_points(points.get(case.id, [])), now)
        met = sum(each["state"] == "met" for each in targets)
        missed = sum(each["state"] == "missed" for each in targets)
        rows.append(row | {"met": met, "missed": missed, "outcome": case.get("outcome")})
    return {"now": now, "cases": rows}


def _matches(case: Case, patients: dict[str, dict[str, Any]], text: str | None) -> bool:
    if not text:
        return True
    name = patients.get(case.patient, {}).get("name", [{}])[0].get("text", "")
    return text.casefold() in f"{case.number} {name} {case.place['text']} {case.complaint}".casefold()


async def _points(act: Act, cases: list[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for start in range(0, len(cases), 50):
        based = ",".join(f"ServiceRequest/{id_}" for id_ in cases[start : start + 50])
        if based:
            page = await act.transaction.search(
                "Observation", [("based-on", based), ("code", f"{TIME_POINT}|"), ("_count", "2000")]
            )
            for stored in page.matches:
                resource = stored.resource()
                found.setdefault(resource["basedOn"][0]["reference"].split("/")[1], []).append(resource)
    return found


async def command(platform: Platform, who: Principal) -> dict[str, Any]:
    """GET /command: where the region is failing, from the open cases and those of the last day."""
    known = await directory(platform)
    async with platform.door.act(who, "emergency.view") as act:
        cases = await open_cases(act)
        units = await units_in(known, act.conn)
        alarms = await standing_alarms(act.conn)
        hospitals = await hospital_rows(platform, act, known, act.at)
        begins = (act.at - RECENT).isoformat()
        page = await act.search("ServiceRequest", [("authored", f"ge{begins}"), ("_count", "500")])
        day = [Case(stored.resource(), stored.version) for stored in page.matches]
        points = await _points(act, [each.id for each in day])
    now = platform.clock.now()
    rows = [row_of(platform, known, each, units, now) for each in cases]
    by_state: dict[str, int] = {}
    for unit in units.values():
        state = "silent" if unit.silent(now) else unit.state
        by_state[state] = by_state.get(state, 0) + 1
    waiting = [row for row in rows if row["status"] == "waiting"]
    return {
        "now": now,
        "calls_waiting": len(waiting),
        "longest_wait_s": max(
            ((now - datetime.fromisoformat(row["call_at"])).total_seconds() for row in waiting), default=0
        ),
        "active": len(rows) - len(waiting),
        "rows": rows,
        "units": [unit_view(unit, now) for unit in units.values()],
        "units_by_state": by_state,
        "hospitals": hospitals,
        "alarms": alarms,
        "kpis": kpis(day, points, now),
        "worst": sorted((row for row in rows if _late(row, now)), key=lambda row: row["call_at"])[:5],
    }


def _late(row: dict[str, Any], now: datetime) -> bool:
    waits = (now - datetime.fromisoformat(row["call_at"])).total_seconds()
    return bool(row["status"] == "waiting" and waits > row["limit_s"])


def kpis(cases: list[Case], points: dict[str, list[dict[str, Any]]], now: datetime) -> list[dict[str, Any]]:
    """Each indicator over the day's cases: median minutes, share within the target, how many cases."""
    found: dict[str, dict[str, Any]] = {}
    for case in cases:
        for target in targets_of(case.pathway, read_points(points.get(case.id, [])), now):
            if target["state"] in ("met", "missed", "measured") and target["minutes"] is not None:
                kept = found.setdefault(target["id"], {**target, "values": [], "met": 0})
                kept["values"].append(target["minutes"])
                kept["met"] += target["state"] == "met"
    return [_kpi(each) for each in found.values()]


def _kpi(kept: dict[str, Any]) -> dict[str, Any]:
    values = sorted(kept["values"])
    middle = len(values) // 2
    median = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    share = round(100 * kept["met"] / len(values)) if kept["limit_min"] is not None else None
    return {
        "id": kept["id"],
        "name": kept["name"],
        "value": round(median, 1),
        "target": kept["target"],
        "share_met": share,
        "n": len(values),
        "state": "met"
        if share is not None and share >= 75
        else "missed"
        if share is not None
        else "measured",
        "source": kept["source"],
        "status": kept["status"],
    }
