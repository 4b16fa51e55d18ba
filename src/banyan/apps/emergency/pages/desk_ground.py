"""What the dispatch desk asks of the region's ground: streets by name, what lies at a point, ways, reach."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.apps.emergency.service.ground import Point, ground, snapped
from banyan.region import OutOfRegion, Region, Street, straight_line
from banyan.web.problems import Refused

if TYPE_CHECKING:
    from banyan.access import Principal

READERS = ("dispatcher", "chief", "quality_officer", "emergency_nurse", "emergency_doctor", "cardiologist")
PATH = "/emergency/ground"
CROSSING = re.compile(r"\s*(?:[×&/]|\bx\b|\by\b|\band\b|与|和)\s*", re.IGNORECASE)
HOUSE = re.compile(r"^(?P<street>.*?\D)[\s,]+(?P<number>\d+\s?[A-Za-z]?)$")
MOST_MINUTES = 30.0


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")


def _reader(request: Request) -> None:
    """Lets pass who may look at the ground. Raises Refused."""
    who: Principal | None = request.state.principal
    if who is None:
        raise Refused(401, "Sign in again: the session has ended.")
    if not who.has(*READERS):
        raise Refused(
            403, "The ground is for desks and boards of the rescue. Ask your administrator for a role."
        )


def _region(request: Request) -> Region | None:
    return ground(request.app.state.platform)


def _number(request: Request, name: str) -> float:
    try:
        return float(request.query_params[name])
    except (KeyError, ValueError):
        raise Refused(422, f'"{name}" must be a number, as in {name}=-29.9.', field=name) from None


def _point(request: Request, lat: str = "lat", lon: str = "lon") -> Point:
    return _number(request, lat), _number(request, lon)


async def streets(request: Request) -> Response:
    """Streets and crossings by the letters typed; a house number is kept as it was typed."""
    _reader(request)
    region, text = _region(request), request.query_params.get("q", "").strip()
    if region is None or len(text) < 2:
        return _json({"region": region is not None, "streets": []})
    found = await asyncio.to_thread(_found, region, text)
    return _json({"region": True, "streets": found})


def _found(region: Region, text: str) -> list[dict[str, Any]]:
    parts = [part for part in CROSSING.split(text) if part]
    if len(parts) == 2 and (met := _crossing(region, *parts)):
        return [_street(met)]
    house = HOUSE.match(text)
    name, number = (house["street"].strip(), house["number"]) if house else (text, "")
    return [_street(each, number) for each in region.streets.search(name, limit=8)]


def _crossing(region: Region, first: str, second: str) -> Street | None:
    for a in region.streets.search(first, limit=4):
        for b in region.streets.search(second, limit=4):
            if met := region.streets.crossing(a.name, b.name):
                return met
    return None


def _street(street: Street, number: str = "") -> dict[str, Any]:
    label = f"{street.label} {number}".strip()
    return {"label": label, "lat": street.lat, "lon": street.lon, "exact": bool(street.crossing)}


async def place(request: Request) -> Response:
    """What lies at a point: the street, or that it is outside the region and how far from any road."""
    _reader(request)
    point, region = _point(request), _region(request)
    if region is None:
        return _json({"street": "", "outside": False, "metres_away": None})
    found = region.snap(*point)
    if isinstance(found, OutOfRegion):
        return _json({"street": "", "outside": True, "metres_away": round(found.metres_away)})
    label = region.street_at(found).label
    return _json({"street": label, "outside": False, "metres_away": round(found.metres_away)})


async def route(request: Request) -> Response:
    """The quickest way between two points, as a line to draw; straight where there is no road."""
    _reader(request)
    start, end, region = _point(request, "from_lat", "from_lon"), _point(request), _region(request)
    now = request.app.state.platform.clock.now()
    a, b = snapped(region, start), snapped(region, end)
    way = region.route(a, b, at=now) if region and a and b else straight_line(*start, *end)
    return _json(
        {
            "line": way.coordinates(),
            "seconds": round(way.seconds),
            "metres": round(way.metres),
            "straight": way.straight,
            "streets": way.streets[:6],
        }
    )


async def reach(request: Request) -> Response:
    """How far a unit gets from a point within some minutes: outlines to draw, the largest first."""
    _reader(request)
    point, region = _point(request), _region(request)
    minutes = min(MOST_MINUTES, max(1.0, _number(request, "minutes")))
    start = snapped(region, point)
    if region is None or start is None:
        return _json({"minutes": minutes, "rings": []})
    area = await asyncio.to_thread(
        region.reach, [start], minutes * 60, at=request.app.state.platform.clock.now()
    )
    rings = sorted(area.geojson()["coordinates"], key=len, reverse=True)  # type: ignore[call-overload]
    return _json({"minutes": minutes, "rings": rings[:1]})


ROUTES: list[BaseRoute] = [
    Route(f"{PATH}/streets", streets),
    Route(f"{PATH}/place", place),
    Route(f"{PATH}/route", route),
    Route(f"{PATH}/reach", reach),
]
