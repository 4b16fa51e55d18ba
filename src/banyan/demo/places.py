"""The demo's institutions and vehicles as FHIR resources."""

from collections.abc import Iterator
from typing import Final

from banyan.demo.institutions import (
    BASES,
    DEPARTMENTS,
    DISPATCH_CENTRE,
    HOSPITALS,
    PRIMARY_CARE,
    UNITS,
    Hospital,
    Unit,
)
from banyan.demo.names import (
    PLACE_KIND,
    ROLE_CODES,
    UNIT_NUMBER,
    UNIT_TYPE,
    Resource,
    capability,
    concept,
    equipment,
    reference,
    translated,
)
from banyan.demo.sites import Site, sites
from banyan.region import Region

_ORGANIZATION_TYPE: Final = "http://terminology.hl7.org/CodeSystem/organization-type"
_SITE: Final = concept(PLACE_KIND, "si", "院区", "Site")
_WARD: Final = concept(PLACE_KIND, "wa", "科室", "Ward")
_VEHICLE: Final = concept(PLACE_KIND, "ve", "车辆", "Vehicle")


def places(region: Region) -> list[Resource]:
    """Hospitals with departments and capabilities, primary care, the dispatch centre, bases, ambulances."""
    at = sites(region)
    return [
        *_dispatch_centre(at),
        *(resource for hospital in HOSPITALS for resource in _hospital(hospital, at[hospital.id])),
        *(resource for id, zh, en in PRIMARY_CARE for resource in _care(id, zh, en, at[id])),
        *(_base(id, zh, en, at[id]) for id, zh, en in BASES),
        *(_unit(unit, at[unit.base]) for unit in UNITS),
    ]


def initial_resources() -> dict[str, dict[str, tuple[int, int]]]:
    """What each hospital has when the story begins: free and all of each resource, by hospital id."""
    return {hospital.id: dict(hospital.resources) for hospital in HOSPITALS}


def _dispatch_centre(at: dict[str, Site]) -> Iterator[Resource]:
    id, zh, en = DISPATCH_CENTRE
    yield _organization(id, zh, en, "急救指挥中心", "Emergency dispatch centre")
    yield _location(id, zh, en, at["base-centre"], _SITE, id)


def _hospital(hospital: Hospital, site: Site) -> Iterator[Resource]:
    organization = _organization(hospital.id, hospital.zh, hospital.en, "医院", "Hospital")
    yield {**organization, "alias": [hospital.short_zh, hospital.short_en]}
    place = _location(hospital.id, hospital.zh, hospital.en, site, _SITE, hospital.id)
    kind = concept(ROLE_CODES, "HOSP", "医院", "Hospital")
    yield {**place, "alias": [hospital.short_zh, hospital.short_en], "type": [kind]}
    for department in hospital.departments:
        zh, en = DEPARTMENTS[department]
        id = f"{hospital.id}-{department}"
        ward = _location(
            id, f"{hospital.short_zh}{zh}", f"{hospital.short_en}: {en}", site, _WARD, hospital.id
        )
        yield {**ward, "partOf": reference("Location", hospital.id, hospital.zh)}
    for code in hospital.capabilities:
        yield _service(hospital, code)


def _service(hospital: Hospital, code: str) -> Resource:
    named = capability(code)
    return {
        "resourceType": "HealthcareService",
        "id": f"{hospital.id}-{code}".replace("_", "-"),
        "active": True,
        "providedBy": reference("Organization", hospital.id, hospital.zh),
        "type": [named],
        "location": [reference("Location", hospital.id, hospital.zh)],
        "name": f"{hospital.short_zh} · {named['text']}",
        "availableTime": [{"daysOfWeek": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "allDay": True}],
    }


def _care(id: str, zh: str, en: str, site: Site) -> Iterator[Resource]:
    yield _organization(id, zh, en, "基层医疗机构", "Primary care")
    kind = concept(ROLE_CODES, "PC", "基层医疗", "Primary care clinic")
    yield {**_location(id, zh, en, site, _SITE, id), "type": [kind]}


def _base(id: str, zh: str, en: str, site: Site) -> Resource:
    return _location(id, zh, en, site, _SITE, DISPATCH_CENTRE[0])


def _unit(unit: Unit, base: Site) -> Resource:
    kinds = [
        concept(ROLE_CODES, "AMB", "救护车", "Ambulance"),
        concept(UNIT_TYPE, "als", "高级", "Advanced life support")
        if unit.advanced
        else concept(UNIT_TYPE, "bls", "基础", "Basic life support"),
    ]
    vehicle = _location(
        unit.id, f"{unit.number} 车", f"Unit {unit.number}", base, _VEHICLE, DISPATCH_CENTRE[0]
    )
    return {
        **vehicle,
        "extension": [equipment(code) for code in unit.equipment],
        "identifier": [{"system": UNIT_NUMBER, "value": unit.number}],
        "type": kinds,
        "partOf": reference("Location", unit.base),
    }


def _organization(id: str, zh: str, en: str, kind_zh: str, kind_en: str) -> Resource:
    return {
        "resourceType": "Organization",
        "id": id,
        "active": True,
        "type": [concept(_ORGANIZATION_TYPE, "prov", kind_zh, kind_en)],
        "name": zh,
        "_name": translated(en),
    }


def _location(id: str, zh: str, en: str, site: Site, kind: Resource, owner: str) -> Resource:
    return {
        "resourceType": "Location",
        "id": id,
        "status": "active",
        "name": zh,
        "_name": translated(en),
        "mode": "instance",
        **(
            {"address": {"text": site.street, "line": [site.street]}} if site.street and kind is _SITE else {}
        ),
        "physicalType": kind,
        "position": {"longitude": site.lon, "latitude": site.lat},
        "managingOrganization": reference("Organization", owner),
    }
