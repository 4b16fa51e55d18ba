"""When the patient arrives: by road from where the unit is now."""

from datetime import datetime, timedelta
from typing import Any

from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.service.directory import Directory
from banyan.apps.emergency.service.ground import Way, ground, ways
from banyan.apps.emergency.service.units import LiveUnit
from banyan.platform import Platform

ARRIVED = ("at_hospital", "handed_over", "leaving", "returning")


def way_to_hospital(
    platform: Platform, known: Directory, case: Case, unit: LiveUnit | None, now: datetime
) -> Way | None:
    """The way still to go; None where hospital or unit has no known place."""
    hospital = known.hospitals.get(case.destination or "")
    if hospital is None or hospital.point is None:
        return None
    if unit is not None and unit.state in ARRIVED:
        return Way(0.0, 0.0, False)
    here = unit.point if unit is not None and unit.position is not None else case.point
    if here is None:
        return None
    return ways(ground(platform), here, {hospital.id: hospital.point}, now)[hospital.id]


def eta_of(
    platform: Platform, known: Directory, case: Case, unit: LiveUnit | None, now: datetime
) -> dict[str, Any]:
    """Seconds still to go and the moment of arrival; None where they cannot be known."""
    way = way_to_hospital(platform, known, case, unit, now)
    if way is None or way.seconds is None:
        return {"eta_s": None, "eta_at": None, "straight": False}
    return {
        "eta_s": round(way.seconds),
        "eta_at": now + timedelta(seconds=way.seconds),
        "straight": way.straight,
    }


def destination_view(
    platform: Platform, known: Directory, case: Case, unit: LiveUnit | None, now: datetime
) -> dict[str, Any] | None:
    """Where the crew goes, and when it is there."""
    where = case.get("destination")
    if where is None:
        return None
    entry = known.hospitals.get(case.destination or "")
    shown = where.get("display", "")
    return {
        "hospital": entry.id if entry else None,
        "name": entry.name if entry else {"zh": shown, "en": shown},
        "outside": bool(case.get("destination-outside")),
        "override_reason": case.get("destination-reason"),
        "rank": case.get("destination-rank"),
        "at": case.get("destination-at"),
        "diverted": bool(case.get("diverted")),
        **eta_of(platform, known, case, unit, now),
    }
