"""Institutions and their staff, as the record's directory knows them."""

from dataclasses import dataclass
from typing import Any

from banyan.access import Door, Principal

MOST = "500"


@dataclass(frozen=True, slots=True)
class Institution:
    id: str
    name: str
    name_en: str
    part_of: str | None
    phone: str


@dataclass(frozen=True, slots=True)
class Staff:
    practitioner: str
    name: str
    roles: tuple[str, ...]
    phone: str


async def institutions(door: Door, who: Principal) -> list[Institution]:
    """All institutions, by name."""
    page = await door.search(who, "Organization", [("_count", MOST), ("_sort", "name")])
    return [_institution(stored.id, stored.resource()) for stored in page.matches]


async def staff_of(door: Door, who: Principal, institution: str) -> list[Staff]:
    """Who works at an institution, by its PractitionerRoles."""
    page = await door.search(
        who,
        "PractitionerRole",
        [
            ("organization", f"Organization/{institution}"),
            ("_include", "PractitionerRole:practitioner"),
            ("_count", MOST),
        ],
    )
    people = {stored.id: stored.resource() for stored in page.includes if stored.type == "Practitioner"}
    roles: dict[str, list[str]] = {}
    for stored in page.matches:
        role = stored.resource()
        person = role.get("practitioner", {}).get("reference", "").removeprefix("Practitioner/")
        texts = [code.get("text") or _display(code) for code in role.get("code", ())]
        roles.setdefault(person, []).extend(texts)
    return [_staff(id_, people[id_], tuple(texts)) for id_, texts in roles.items() if id_ in people]


def _institution(id_: str, organization: dict[str, Any]) -> Institution:
    part = organization.get("partOf", {}).get("reference", "").removeprefix("Organization/")
    name = str(organization.get("name", id_))
    return Institution(id_, name, _english(organization) or name, part or None, _phone(organization))


def _english(organization: dict[str, Any]) -> str:
    """The name in English, from the translation extension or the first alias."""
    for extension in organization.get("_name", {}).get("extension", ()):
        parts = {part["url"]: part for part in extension.get("extension", ())}
        if parts.get("lang", {}).get("valueCode", "").startswith("en"):
            return str(parts.get("content", {}).get("valueString", ""))
    return str(next(iter(organization.get("alias", ())), ""))


def _staff(id_: str, practitioner: dict[str, Any], roles: tuple[str, ...]) -> Staff:
    name = practitioner.get("name", [{}])[0]
    text = name.get("text") or " ".join([*name.get("given", ()), name.get("family", "")])
    return Staff(id_, str(text), roles, _phone(practitioner))


def _phone(resource: dict[str, Any]) -> str:
    return next((str(t["value"]) for t in resource.get("telecom", ()) if t.get("system") == "phone"), "")


def _display(code: dict[str, Any]) -> str:
    return next((str(c.get("display", c.get("code", ""))) for c in code.get("coding", ())), "")
