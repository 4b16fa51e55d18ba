"""Hospitals, units, question sets of the site, as the record has them; remembered for some seconds."""

import time
from dataclasses import dataclass
from typing import Any, Literal

from banyan.access import platform_principal
from banyan.apps.emergency.model.codes import CAPABILITY, EQUIPMENT, UNIT_NUMBER, UNIT_TYPE
from banyan.apps.emergency.model.words import Words, named, short_named
from banyan.apps.emergency.questions import use_site_sets
from banyan.apps.emergency.service.errors import Unknown
from banyan.apps.emergency.service.ground import Point
from banyan.platform import Platform

REMEMBER_S = 15.0
# What the directory calls a piece of equipment, as the ranking of units knows it.
EQUIPMENT_NAMES = {"12-lead-ecg": "12-lead"}
READER = platform_principal("directory")


@dataclass(frozen=True)
class HospitalEntry:
    id: str
    name: Words
    point: Point | None
    capabilities: frozenset[str]


@dataclass(frozen=True)
class UnitEntry:
    id: str
    number: str
    name: Words
    crew: Literal["ALS", "BLS"]
    equipment: frozenset[str]
    base: Words
    base_point: Point | None


@dataclass(frozen=True)
class Directory:
    hospitals: dict[str, HospitalEntry]
    units: dict[str, UnitEntry]

    def hospital(self, id_: str) -> HospitalEntry:
        if id_ not in self.hospitals:
            raise Unknown(f'There is no hospital "{id_}" in the directory.', field="hospital")
        return self.hospitals[id_]

    def unit(self, id_: str) -> UnitEntry:
        if id_ not in self.units:
            raise Unknown(f'There is no unit "{id_}" in the directory.', field="unit")
        return self.units[id_]


_kept: dict[int, tuple[float, Directory]] = {}


async def directory(platform: Platform) -> Directory:
    """The directory; no patient's data are in it, so every process may remember it for a moment."""
    kept = _kept.get(id(platform.record))
    if kept is not None and time.monotonic() - kept[0] < REMEMBER_S:
        return kept[1]
    places = await _all(platform, "Location", [("status", "active")])
    services = await _all(platform, "HealthcareService", [("active", "true")])
    use_site_sets(await _all(platform, "Questionnaire", [("status", "active")]))
    made = Directory(_hospitals(places, services), _units(places))
    _kept.clear()
    _kept[id(platform.record)] = (time.monotonic(), made)
    return made


def forget_directory() -> None:
    """The next question reads the record again."""
    _kept.clear()


async def _all(platform: Platform, type_: str, params: list[tuple[str, str]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: list[tuple[str, str]] = []
    while True:
        page = await platform.door.search(READER, type_, [*params, ("_count", "500"), *cursor])
        found += [stored.resource() for stored in page.matches]
        if page.next is None:
            return found
        cursor = [("_cursor", page.next)]


def _has_code(resource: dict[str, Any], code: str) -> bool:
    return any(c.get("code") == code for kind in resource.get("type", ()) for c in kind.get("coding", ()))


def _hospitals(places: list[dict[str, Any]], services: list[dict[str, Any]]) -> dict[str, HospitalEntry]:
    able: dict[str, set[str]] = {}
    for service in services:
        owner = service.get("providedBy", {}).get("reference", "").split("/")[-1]
        for kind in service.get("type", ()):
            able.setdefault(owner, set()).update(
                c["code"] for c in kind["coding"] if c.get("system") == CAPABILITY
            )
    return {
        place["id"]: HospitalEntry(
            place["id"], short_named(place), _point(place), frozenset(able.get(place["id"], ()))
        )
        for place in places
        if _has_code(place, "HOSP")
    }


def _units(places: list[dict[str, Any]]) -> dict[str, UnitEntry]:
    by_id = {place["id"]: place for place in places}
    found = {}
    for place in places:
        if not _has_code(place, "AMB"):
            continue
        base = by_id.get(place.get("partOf", {}).get("reference", "").split("/")[-1], {})
        number = next(
            (i["value"] for i in place.get("identifier", ()) if i.get("system") == UNIT_NUMBER), place["id"]
        )
        found[place["id"]] = UnitEntry(
            id=place["id"],
            number=number,
            name=named(place),
            crew="ALS" if _is_als(place) else "BLS",
            equipment=frozenset(_equipment(place)),
            base=named(base),
            base_point=_point(base) or _point(place),
        )
    return found


def _is_als(place: dict[str, Any]) -> bool:
    codings = (c for kind in place.get("type", ()) for c in kind.get("coding", ()))
    return any(c.get("system") == UNIT_TYPE and c.get("code") == "als" for c in codings)


def _equipment(place: dict[str, Any]) -> set[str]:
    codes = {
        coding["code"]
        for each in place.get("extension", ())
        if each.get("url") == EQUIPMENT
        for coding in each["valueCodeableConcept"]["coding"]
    }
    return {EQUIPMENT_NAMES.get(code, code) for code in codes}


def _point(place: dict[str, Any]) -> Point | None:
    at = place.get("position")
    return (float(at["latitude"]), float(at["longitude"])) if at else None
