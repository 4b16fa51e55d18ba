"""Units, positions, shifts, push and the clock over HTTP."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from banyan.apps.emergency.api.answers import EmergencyRoute, asked, told
from banyan.apps.emergency.service import push, units
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.web.api import Here, Who

router = APIRouter(route_class=EmergencyRoute, tags=["units"])


class Positions(msgspec.Struct, frozen=True):
    positions: list[Any]


class State(msgspec.Struct, frozen=True):
    state: str
    at: datetime | None = None


class Shift(msgspec.Struct, frozen=True):
    unit: str


@router.get("/units")
async def all_units(who: Who, platform: Here) -> Response:
    """Every unit with its state and place."""
    async with platform.door.act(who, "emergency.view") as act:
        found = await units.live_units(platform, act.conn)
    now = platform.clock.now()
    return told({"now": now, "units": [units.unit_view(unit, now) for unit in found.values()]})


@router.post("/positions")
async def positions(request: Request, who: Who, platform: Here) -> Response:
    """Reports of trackers and phones; those that cannot be are named, the others kept."""
    given = await asked(request, Positions)
    reports: dict[int, units.Position] = {}
    refused: list[dict[str, Any]] = []
    for index, each in enumerate(given.positions):
        try:
            reports[index] = msgspec.convert(each, units.Position, strict=False)
        except msgspec.ValidationError as wrong:
            refused.append({"index": index, "reason": str(wrong)})
    stored, impossible = await units.store_positions(platform, who, list(reports.values()))
    places = list(reports)
    refused += [each | {"index": places[each["index"]]} for each in impossible]
    return told({"stored": stored, "refused": sorted(refused, key=lambda each: int(each["index"]))})


@router.post("/units/{unit}/state")
async def state(unit: str, request: Request, who: Who, platform: Here) -> Response:
    """Off duty, out of service, available again."""
    given = await asked(request, State)
    await units.set_unit_state(platform, who, unit, given.state, given.at)
    return told({"unit": unit, "state": given.state})


@router.get("/shift")
async def shift(who: Who, platform: Here) -> Response:
    """The unit and case of whoever asks, and the token of their shift."""
    if who.unit is None:
        return told({"unit": None, "case": None, "token": None})
    token = await platform.accounts.shifts.token(who)
    async with platform.door.act(who, "emergency.shift") as act:
        unit = await units.one_unit(platform, act.conn, who.unit)
    view = units.unit_view(unit, platform.clock.now())
    return told({"unit": view, "case": unit.case, "task": unit.task, "token": token})


@router.post("/shift")
async def begin(request: Request, who: Who, platform: Here) -> Response:
    """Begins a shift on a unit; the token proves it for what is recorded without network."""
    unit = (await asked(request, Shift)).unit
    if not who.has("crew"):
        raise EmergencyError("Only a crew begins a shift on a unit.", field="unit")
    token = await units.begin_shift(platform, who, unit)
    async with platform.door.act(who, "emergency.shift") as act:
        found = await units.one_unit(platform, act.conn, unit)
    view = units.unit_view(found, platform.clock.now())
    return told({"unit": view, "case": found.case, "task": found.task, "token": token})


@router.delete("/shift")
async def end(who: Who, platform: Here) -> Response:
    """Ends the shift."""
    await units.end_shift(platform, who)
    return told({"unit": None, "case": None})


@router.get("/clock")
async def clock(_who: Who, platform: Here) -> Response:
    """The region's time, by which a device measures how far its own clock is off."""
    return told({"now": platform.clock.now(), "wall": datetime.now(UTC)})


@router.get("/push/key")
async def push_key(_who: Who, platform: Here) -> Response:
    """The key that a browser needs to subscribe to Web Push."""
    return told({"key": push.public_key(platform)})


@router.post("/push/subscriptions")
async def push_subscription(request: Request, who: Who, platform: Here) -> Response:
    """Web Push to this device."""
    await push.subscribe(platform, who, await asked(request, dict[str, Any]))
    return told({"subscribed": True}, 201)
