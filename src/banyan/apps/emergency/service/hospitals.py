"""Hospitals as they stand now: the resource board, diversions, and what the desk shows of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from banyan.access import Act, Denied, Principal
from banyan.apps.emergency.destination import LiveStatus
from banyan.apps.emergency.model.codes import KIND
from banyan.apps.emergency.needs import PATHWAYS
from banyan.apps.emergency.service.board import (
    KINDS,
    STATES,
    Divert,
    Figure,
    State,
    as_location,
    diversion_view,
    figure_view,
    live_status,
    read_diversions,
    read_figure,
    with_diversions,
)
from banyan.apps.emergency.service.directory import Directory, directory
from banyan.apps.emergency.service.errors import EmergencyError, Unknown
from banyan.platform import Platform

Board = dict[str, Figure]
HOSPITAL_TYPE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode|HOSP"


class Change(msgspec.Struct, frozen=True):
    """One touch on the board."""

    id: str
    free: int | None = None
    state: str | None = None
    until: datetime | None = None


async def boards(act: Act) -> dict[str, Board]:
    """The figures of every hospital, by kind."""
    page = await act.transaction.search(
        "Location", [("type", f"{KIND}|hospital-resource"), ("_count", "1000")]
    )
    return by_hospital(stored.resource() for stored in page.matches)


def by_hospital(locations: Iterable[dict[str, Any]]) -> dict[str, Board]:
    found: dict[str, Board] = {}
    for location in locations:
        figure = read_figure(location)
        if figure is not None:
            found.setdefault(figure.hospital, {})[figure.kind] = figure
    return found


async def diversions(act: Act, known: Directory) -> dict[str, tuple[Divert, ...]]:
    """What each hospital does not take just now."""
    if not known.hospitals:
        return {}
    page = await act.transaction.search("Location", [("_id", ",".join(known.hospitals)), ("_count", "1000")])
    found = {stored.id: read_diversions(stored.resource()) for stored in page.matches}
    return {id_: tuple(d for d in each if d.holds(act.at)) for id_, each in found.items()}


async def live_statuses(act: Act) -> dict[str, LiveStatus]:
    """What the ranking of hospitals counts, by hospital; one that never said anything is absent."""
    standing = await boards(act)
    page = await act.transaction.search("Location", [("type", HOSPITAL_TYPE), ("_count", "1000")])
    diverted = {stored.id: read_diversions(stored.resource()) for stored in page.matches}
    found = {id_: live_status(standing.get(id_, {}), diverted[id_], act.at) for id_ in diverted}
    return {id_: status for id_, status in found.items() if status is not None}


async def hospital_rows(
    platform: Platform, act: Act, known: Directory, now: datetime
) -> list[dict[str, Any]]:
    """Every hospital as the desk and the map show it."""
    standing, diverted = await boards(act), await diversions(act, known)
    return [_row(known, id_, standing.get(id_, {}), diverted.get(id_, ()), now) for id_ in known.hospitals]


def _row(
    known: Directory, id_: str, board: Board, diverted: tuple[Divert, ...], now: datetime
) -> dict[str, Any]:
    entry, beds = known.hospitals[id_], board.get("beds")
    updated = max((each.set_at for each in board.values()), default=None)
    load = None
    if beds is not None and beds.capacity and beds.free is not None:
        load = round(100 * (beds.capacity - beds.free) / beds.capacity)
    return {
        "id": id_,
        "name": entry.name,
        "lat": entry.point[0] if entry.point else None,
        "lon": entry.point[1] if entry.point else None,
        "capabilities": sorted(entry.capabilities),
        "load_percent": load,
        "free": {kind: each.free for kind, each in board.items()},
        "cathlab": board["cathlab"].state if "cathlab" in board else None,
        "diversion": diversion_view(diverted[0]) if diverted else None,
        "diversions": [diversion_view(each) for each in diverted],
        "updated_at": updated,
        "stale": updated is None or all(each.stale(now) for each in board.values()),
    }


async def all_hospitals(platform: Platform, who: Principal) -> dict[str, Any]:
    """GET /hospitals."""
    known = await directory(platform)
    async with platform.door.act(who, "emergency.view") as act:
        rows = await hospital_rows(platform, act, known, act.at)
    return {"now": act.at, "hospitals": rows}


async def resources(platform: Platform, who: Principal, hospital: str) -> dict[str, Any]:
    """GET /hospitals/{id}/resources: the board of one hospital."""
    known = await directory(platform)
    entry = known.hospital(hospital)
    async with platform.door.act(who, "emergency.view") as act:
        board = (await boards(act)).get(hospital, {})
        diverted = (await diversions(act, known)).get(hospital, ())
    shown = [figure_view(board[kind], act.at) for kind in KINDS if kind in board]
    return {
        "now": act.at,
        "hospital": {"id": hospital, "name": entry.name},
        "resources": shown,
        "diversion": diversion_view(diverted[0]) if diverted else None,
        "diversions": [diversion_view(each) for each in diverted],
        "pathways": list(PATHWAYS),
    }


async def set_resources(
    platform: Platform, who: Principal, hospital: str, figures: Mapping[str, tuple[int, int]]
) -> None:
    """Enters free and all of each kind: how a hospital's board begins, or what its own system sends."""
    (await directory(platform)).hospital(hospital)
    _own(who, hospital)
    unknown = [kind for kind in figures if kind not in KINDS]
    if unknown:
        raise EmergencyError(
            f'There is no kind of resource "{unknown[0]}". Known: {", ".join(KINDS)}.', field="kind"
        )

    async def write(act: Act) -> None:
        for kind, (free, capacity) in figures.items():
            _check_free(kind, free, capacity)
            state: State = "free" if free else "busy"
            await act.update(
                as_location(Figure(hospital, kind, free, capacity, state, None, who.name, act.at))
            )
        _tell(act, hospital)

    await platform.door.run(who, "emergency.resources", write)


async def change_resources(platform: Platform, who: Principal, hospital: str, changes: list[Change]) -> None:
    """One or more touches on the board; all of them hold, or none."""
    (await directory(platform)).hospital(hospital)
    _own(who, hospital)

    async def write(act: Act) -> None:
        for change in changes:
            before = await _figure(act, hospital, change.id)
            await act.update(as_location(_changed(before, change, who, act.at)))
        _tell(act, hospital)

    await platform.door.run(who, "emergency.resources", write)


async def confirm_resources(platform: Platform, who: Principal, hospital: str) -> int:
    """All as before: every figure is as fresh as now. Says how many."""
    (await directory(platform)).hospital(hospital)
    _own(who, hospital)

    async def write(act: Act) -> int:
        board = (await boards(act)).get(hospital, {})
        for figure in board.values():
            await act.update(as_location(replace(figure, set_by=who.name, set_at=act.at)))
        _tell(act, hospital)
        return len(board)

    return await platform.door.run(who, "emergency.resources", write)


async def divert(
    platform: Platform,
    who: Principal,
    hospital: str,
    *,
    on: bool,
    pathway: str | None = None,
    until: datetime | None = None,
    reason: str = "",
) -> None:
    """The hospital does not take patients of a pathway (none: any), or takes them again."""
    (await directory(platform)).hospital(hospital)
    _own(who, hospital)
    if pathway is not None and pathway not in PATHWAYS:
        raise EmergencyError(f'"{pathway}" is no pathway. Known: {", ".join(PATHWAYS)}.', field="pathway")

    async def write(act: Act) -> None:
        if on and until is not None and until <= act.at:
            raise EmergencyError("The diversion ends before it begins.", field="until")
        stored = await act.read("Location", hospital, lock=True)
        if stored is None:
            raise Unknown(f'There is no hospital "{hospital}".', field="hospital")
        place = stored.resource()
        others = [d for d in read_diversions(place) if d.holds(act.at) and (d.pathway != pathway)]
        if not on and pathway is None:
            others = []
        if on:
            others.append(Divert(who.name, act.at, pathway, until, reason))
        await act.update(with_diversions(place, others), if_match=stored.version)
        _tell(act, hospital)

    await platform.door.run(who, "emergency.resources", write)


def _own(who: Principal, hospital: str) -> None:
    if who.institution not in (None, hospital):
        raise Denied(f"{who.name} works for {who.institution} and cannot set the board of {hospital}.")


async def _figure(act: Act, hospital: str, id_: str) -> Figure:
    stored = await act.read("Location", id_, lock=True)
    figure = read_figure(stored.resource()) if stored is not None else None
    if figure is None or figure.hospital != hospital:
        raise Unknown(f'{hospital} has no resource "{id_}".', field="id")
    return figure


def _changed(before: Figure, change: Change, who: Principal, at: datetime) -> Figure:
    if change.state is not None and change.state not in STATES:
        raise EmergencyError(f'"{change.state}" is no state: {", ".join(STATES)}.', field="state")
    if change.until is not None and change.until <= at:
        raise EmergencyError("It would be free again before now. Give a later time.", field="until")
    free, state = before.free, before.state
    if change.free is not None:
        _check_free(before.kind, change.free, before.capacity)
        free, state = change.free, "free" if change.free else "busy"
    if change.state is not None:
        state = msgspec.convert(change.state, State)
        if before.capacity in (None, 1) and change.free is None and before.free is not None:
            free = 1 if state == "free" else 0
    until = change.until if state == "busy" else None
    return replace(before, free=free, state=state, until=until, set_by=who.name, set_at=at)


def _check_free(kind: str, free: int, capacity: int | None) -> None:
    if free < 0 or (capacity is not None and free > capacity):
        most = "" if capacity is None else f" to {capacity}"
        raise EmergencyError(f"{KINDS[kind]['en']}: {free} free cannot be; it is 0{most}.", field="free")


def _tell(act: Act, hospital: str) -> None:
    act.tell("resources", "hospital", {"hospital": hospital})
    act.tell("desk", "hospital", {"hospital": hospital})
    act.tell(f"hospital/{hospital}", "resources", {"hospital": hospital})
