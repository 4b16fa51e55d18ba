"""Destinations: every hospital ranked for this patient now, each with its reason."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from banyan.access import Act, Principal
from banyan.apps.emergency.destination import Hospital, LiveStatus, Option, rank_hospitals
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import RULE, extended
from banyan.apps.emergency.model.words import said
from banyan.apps.emergency.needs import CAPABILITIES, Needs, needs_of
from banyan.apps.emergency.service.cases import find_case
from banyan.apps.emergency.service.directory import Directory, directory
from banyan.apps.emergency.service.ground import Point, Way, ground, ways, zone
from banyan.apps.emergency.service.hospitals import live_statuses
from banyan.apps.emergency.service.people import age_of
from banyan.apps.emergency.service.points import TimePoints, points_of
from banyan.apps.emergency.service.units import units_in
from banyan.platform import Platform

WITH_PATIENT = ("with_patient", "to_hospital", "stopover")


async def destinations(platform: Platform, who: Principal, case_id: str) -> dict[str, Any]:
    """The ranking as pages show it: best first, then who was passed over and why."""
    known = await directory(platform)
    async with platform.door.act(who, "emergency.view") as act:
        case = await find_case(act, case_id)
        needs = await needs_in(act, case)
        here = await patient_point(act, case, known)
        statuses = await live_statuses(act)
        loads = await under_way(act)
    now = platform.clock.now()
    options, times = rank(platform, known, needs, here, statuses, loads, now)
    return {
        "computed_at": now,
        "needs": [CAPABILITIES.get(each, each) for each in needs.must],
        "pathway": needs.pathway,
        "options": [_view(platform, known, each, times, loads) for each in options],
    }


def rank(
    platform: Platform,
    known: Directory,
    needs: Needs,
    here: Point | None,
    statuses: dict[str, LiveStatus],
    loads: dict[str, int],
    now: datetime,
) -> tuple[list[Option], dict[str, Way]]:
    points = {id_: entry.point for id_, entry in known.hospitals.items() if entry.point is not None}
    times = ways(ground(platform), here, points, now) if here is not None else {}
    hospitals = [
        Hospital(
            id=entry.id,
            name=entry.name["zh"],
            capabilities=entry.capabilities,
            status=statuses.get(entry.id),
            on_the_way=loads.get(entry.id, 0),
        )
        for entry in known.hospitals.values()
    ]
    seconds = {id_: way.seconds for id_, way in times.items() if way.seconds is not None}
    straight = {id_ for id_, way in times.items() if way.straight}
    return rank_hospitals(needs, hospitals, seconds, now, straight_line=straight), times


async def needs_in(act: Act, case: Case) -> Needs:
    """What this patient needs of a hospital, from what is known of the case."""
    points = await points_of(act, case.id)
    facts: dict[str, Any] = {
        "pathway": case.pathway,
        "level": case.level,
        "age": await age_of(act, case.patient),
        "onset_h": _hours_since(points, "onset", act.at) or _hours_since(points, "last_known_well", act.at),
        "minutes_since_contact": (_hours_since(points, "fmc", act.at) or 0) * 60,
    }
    if case.pathway in ("stroke", "trauma"):
        facts |= await _assessed(act, case)
    return needs_of(facts)


def _hours_since(points: TimePoints, point: str, now: datetime) -> float | None:
    found = points.get(point)
    return None if found is None else max(timedelta(), now - found[0].at).total_seconds() / 3600


async def _assessed(act: Act, case: Case) -> dict[str, Any]:
    page = await act.search(
        "Observation",
        [
            ("based-on", f"ServiceRequest/{case.id}"),
            ("code", f"{RULE}|"),
            ("_sort", "-date"),
            ("_count", "50"),
        ],
    )
    found: dict[str, Any] = {}
    for stored in page.matches:
        resource = stored.resource()
        result = orjson.loads(extended(resource, "rule-result") or "{}")
        if resource["status"] == "final" and result.get("lvo_suspected"):
            found["lvo_suspected"] = True
        if resource["status"] == "final" and resource["code"]["coding"][0]["code"] == "field_triage_2021":
            found.setdefault("trauma_level", result.get("level"))
    return found


async def patient_point(act: Act, case: Case, known: Directory) -> Point | None:
    """Where the patient is: with the unit once it has them, else at the address."""
    if case.unit:
        unit = (await units_in(known, act.conn)).get(case.unit)
        if unit is not None and unit.state in WITH_PATIENT and unit.position is not None:
            return unit.point
    return case.point


async def under_way(act: Act) -> dict[str, int]:
    """How many patients each hospital is being brought."""
    page = await act.transaction.search("ServiceRequest", [("status", "active"), ("_count", "500")])
    loads: dict[str, int] = {}
    for stored in page.matches:
        case = Case(stored.resource(), stored.version)
        if case.open and case.destination:
            loads[case.destination] = loads.get(case.destination, 0) + 1
    return loads


def _view(
    platform: Platform, known: Directory, option: Option, times: dict[str, Way], loads: dict[str, int]
) -> dict[str, Any]:
    way = times.get(option.hospital, Way(None, None, False))
    return {
        "hospital": option.hospital,
        "name": known.hospital(option.hospital).name,
        "rank": option.rank,
        "seconds": None if way.seconds is None else round(way.seconds),
        "metres": way.metres,
        "straight": way.straight,
        "eta": option.eta,
        "wire_minutes": option.wire_minutes,
        "reasons": [said(reason, zone(platform)) for reason in option.reasons],
        "excluded": option.rank is None,
        "last_resort": option.last_resort,
        "resources_at": option.status_at,
        "resources_stale": option.status_stale,
        "on_the_way": loads.get(option.hospital, 0),
    }
