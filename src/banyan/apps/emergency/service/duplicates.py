"""Calls that may be of the same incident: near in place and time, alike in complaint, or of the same caller."""

from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from banyan.access import Act
from banyan.apps.emergency.model.call import Case

WITHIN = timedelta(minutes=60)
NEAR_M = 300.0
SAME_PLACE_M = 80.0


@dataclass(frozen=True)
class Duplicate:
    case: str
    number: str
    complaint: str
    address: str
    distance_m: float | None
    minutes_ago: float
    because: str


async def duplicates(act: Act, case: Case) -> list[Duplicate]:
    """Open calls of the last hour that may be this one, likeliest first."""
    since = (case.call_at - WITHIN).isoformat()
    page = await act.search(
        "ServiceRequest", [("status", "active"), ("authored", f"ge{since}"), ("_count", "200")]
    )
    others = (Case(stored.resource(), stored.version) for stored in page.matches if stored.id != case.id)
    found = [each for other in others if (each := alike(case, other)) is not None]
    return sorted(found, key=lambda each: (each.distance_m is None, each.distance_m or 0))


def alike(case: Case, other: Case) -> Duplicate | None:
    """Why two calls may be of the same incident; None where nothing says so."""
    if not other.open or abs(case.call_at - other.call_at) > WITHIN:
        return None
    away = metres(case.point, other.point) if case.point and other.point else None
    phone = (case.caller or {}).get("phone")
    because = None
    if phone and phone == (other.caller or {}).get("phone"):
        because = "same caller"
    elif away is not None and away <= SAME_PLACE_M:
        because = "same place"
    elif away is not None and away <= NEAR_M and case.complaint == other.complaint:
        because = "same complaint near by"
    if because is None:
        return None
    minutes = abs((case.call_at - other.call_at).total_seconds()) / 60
    address = other.place["text"]
    return Duplicate(other.id, other.number, other.complaint, address, away, round(minutes, 1), because)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two points in degrees (haversine, Earth 6,371 km)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(half))
