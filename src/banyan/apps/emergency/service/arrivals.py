"""Arrivals by position: at the scene, away from it, at the hospital; and when the patient will be there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from banyan.access import Act
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.service.attention import WATCH, WATCHER
from banyan.apps.emergency.service.cases import derived, find_case, tell_case
from banyan.apps.emergency.service.directory import Directory, directory
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.service.eta import eta_of
from banyan.apps.emergency.service.filing import FILERS, Filing
from banyan.apps.emergency.service.ground import Point
from banyan.apps.emergency.service.units import LiveUnit, units_in
from banyan.platform import Platform
from banyan.record import Author
from banyan.record.errors import Gone, NotFound
from banyan.region.geometry import metres_between

# A unit stands in the street or the yard; its receiver is right to some 20 m.
AT_SCENE_M, LEFT_SCENE_M, AT_HOSPITAL_M = 80.0, 250.0, 150.0
STANDS_BELOW_KMH = 15.0
UNDER_WAY = ("dispatched", "en_route", "at_scene", "with_patient", "to_hospital", "stopover")
TELL_FROM_S = 20.0  # a change of the arrival that is worth an event


@dataclass(frozen=True)
class Move:
    """The state that a position shows."""

    state: str
    at: datetime
    place: Point


def seen_move(unit: LiveUnit, scene: Point | None, hospital: Point | None) -> Move | None:
    """What the unit's last position says beyond its state; None while it says nothing new.

    A unit that drives past is not there: it must be slow, where its speed is known.
    """
    if unit.position is None or unit.point is None:
        return None
    at, speed = unit.position["at"], unit.position["speed_kmh"]
    if unit.state_at is not None and at <= unit.state_at:
        return None
    slow = speed is None or speed < STANDS_BELOW_KMH
    if unit.state == "en_route" and scene and slow and _metres(unit.point, scene) <= AT_SCENE_M:
        return Move("at_scene", at, unit.point)
    if unit.state == "with_patient" and scene and _metres(unit.point, scene) > LEFT_SCENE_M:
        return Move("to_hospital", at, unit.point)
    if unit.state == "to_hospital" and hospital and slow and _metres(unit.point, hospital) <= AT_HOSPITAL_M:
        return Move("at_hospital", at, unit.point)
    return None


def _metres(a: Point, b: Point) -> float:
    return float(metres_between(*a, *b))


async def watch_arrivals(platform: Platform) -> None:
    """Enters what positions show, as automatic times that a person's own entry overrules; tells arrivals."""
    known = await directory(platform)
    async with platform.pool.connection() as conn:
        units = await units_in(known, conn)
    told: list[tuple[Case, dict[str, Any]]] = []
    for unit in units.values():
        if unit.case is None or unit.state not in UNDER_WAY:
            continue
        case = await _case(platform, unit.case)
        if case is None:
            continue
        hospital = known.hospitals.get(case.destination or "")
        move = seen_move(unit, case.point, hospital.point if hospital else None)
        if move is not None:
            await _enter(platform, unit, case.id, move)
        elif case.destination and (news := _eta_news(platform, known, case, unit)):
            told.append((case, news))
    if told:
        await _tell(platform, told)


async def _case(platform: Platform, case_id: str) -> Case | None:
    try:
        stored = await platform.record.read("ServiceRequest", case_id)
    except (NotFound, Gone):
        return None
    return Case(stored.resource(), stored.version)


async def _enter(platform: Platform, unit: LiveUnit, case_id: str, move: Move) -> None:
    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        if case.unit != unit.entry.id:
            return
        filing = Filing(
            platform=platform,
            act=act,
            case=case,
            id=derived(case.id, "geofence", move.state, move.at.isoformat()),
            at=move.at,
            source="geofence",
            offset_ms=None,
            data={"unit_state": move.state},
        )
        try:
            _, changed = await FILERS["state"](filing)
        except EmergencyError:
            return  # the crew was quicker and has moved on
        tell_case(act, filing.case, *changed)

    await platform.door.run(WATCHER, WATCH, write)


_last_told: dict[str, datetime] = {}


def _eta_news(platform: Platform, known: Directory, case: Case, unit: LiveUnit) -> dict[str, Any] | None:
    """The arrival, when it has moved enough since it was last told."""
    arrival = eta_of(platform, known, case, unit, platform.clock.now())
    moment: datetime | None = arrival["eta_at"]
    before = _last_told.get(case.id)
    if moment is None or (before and abs((moment - before).total_seconds()) < TELL_FROM_S):
        return None
    if len(_last_told) > 1000:
        _last_told.clear()
    _last_told[case.id] = moment
    return {"case": case.id, **arrival, "eta_at": moment.isoformat()}


async def _tell(platform: Platform, told: list[tuple[Case, dict[str, Any]]]) -> None:
    """Arrivals are computed from positions and hold no patient's data: they need no act, only an event."""
    author = Author(user=WATCHER.user, system="emergency")
    async with platform.record.transaction(author) as transaction:
        for case, news in told:
            topics = [f"case/{case.id}", "desk"]
            if case.get("notice-at") is not None:
                topics.append(f"hospital/{case.destination}")
            for topic in topics:
                transaction.tell(topic, "eta", news)
