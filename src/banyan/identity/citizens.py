"""Citizens: found by number or name, registered, and joined when an unknown one is recognised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from banyan.access import Act, Door, Principal, grants
from banyan.identity.resident_id import RESIDENT_ID, ResidentId
from banyan.record import SearchPage, Stored, Written
from banyan.record.errors import NotFound

FIND = "identity.find"
MOST = "20"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Enough of a citizen to recognise them, and no more."""

    id: str
    name: str
    sex: str
    birth_date: str
    number_end: str  # the last four characters of the resident number
    active: bool


async def by_identifier(
    where: Door | Act, who: Principal, value: str, *, system: str = RESIDENT_ID
) -> Candidate | None:
    """The citizen with this identifier; a replaced entry leads to the one that replaced it."""
    page = await _find(where, who, [("identifier", f"{system}|{value}")])
    # The index proposes by hash; whether it is this citizen is decided on the content.
    exact = [stored for stored in page.matches if _has_identifier(stored.resource(), system, value)]
    live = [stored for stored in exact if _replaced_by(stored.resource()) is None]
    return _candidate(live[0]) if live else None


async def candidates(
    where: Door | Act, who: Principal, name: str, *, birth_date: date | None = None, sex: str | None = None
) -> list[Candidate]:
    """Citizens of this name (characters, pinyin or initials), best described first."""
    params = [("name", name), ("_count", MOST)]
    if birth_date is not None:
        params.append(("birthdate", birth_date.isoformat()))
    if sex is not None:
        params.append(("gender", sex))
    page = await _find(where, who, params)
    return [_candidate(stored) for stored in page.matches if _replaced_by(stored.resource()) is None]


async def _find(where: Door | Act, who: Principal, params: Sequence[tuple[str, str]]) -> SearchPage:
    if isinstance(where, Act):
        return await where.search("Patient", params, verb=FIND)
    return await where.search(who, "Patient", params, action=FIND)


async def register(
    act: Act,
    *,
    name: str,
    resident_id: ResidentId | None = None,
    sex: Literal["male", "female", "unknown"] | None = None,
    birth_date: date | None = None,
    phone: str | None = None,
) -> Written:
    """Makes a citizen's entry; one who has the same resident number already is returned instead."""
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "active": True,
        "name": [{"use": "official", "text": name}],
    }
    condition = None
    if resident_id is not None:
        patient["identifier"] = [{"use": "official", "system": RESIDENT_ID, "value": resident_id.number}]
        sex, birth_date = resident_id.sex, resident_id.birth_date
        condition = f"identifier={RESIDENT_ID}|{resident_id.number}"
    if sex is not None:
        patient["gender"] = sex
    if birth_date is not None:
        patient["birthDate"] = birth_date.isoformat()
    if phone:
        patient["telecom"] = [{"system": "phone", "value": phone, "use": "mobile"}]
    return await act.create(patient, if_none_exist=condition)


async def register_unknown(
    act: Act, *, label: str, sex: str = "unknown", born_about: int | None = None
) -> Written:
    """An entry for someone whom nobody knows yet, under a label that the crew can say ("Unknown 03-1")."""
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "active": True,
        "name": [{"use": "temp", "text": label}],
        "gender": sex,
    }
    if born_about is not None:
        patient["birthDate"] = f"{born_about:04d}"  # the year alone: an estimate is no date
    return await act.create(patient)


async def link(act: Act, unknown: str, citizen: str) -> Written:
    """The unknown turns out to be this citizen: the temporary entry points to the citizen's own.

    Who had the unknown entrusted gets what the emergency needs of the citizen's record: crews the extract,
    institutions the care relationship that they had.
    """
    if unknown == citizen:
        raise ValueError("A citizen's entry cannot be linked to itself.")
    stored = await act.read("Patient", unknown, lock=True)
    if stored is None:
        raise NotFound(f"There is no Patient/{unknown}.")
    other = f"Patient/{citizen}"
    links = [entry for entry in stored.resource().get("link", ()) if entry["other"].get("reference") != other]
    patient = stored.resource() | {
        "active": False,
        "link": [*links, {"other": {"reference": other}, "type": "replaced-by"}],
    }
    written = await act.update(patient, if_match=stored.version)
    await grants.carry_over(act.conn, unknown, citizen, at=act.at, made_by=act.who.user)
    act.note(f"Patient/{unknown} is {other}")
    return written


def _has_identifier(patient: dict[str, Any], system: str, value: str) -> bool:
    found = patient.get("identifier", ())
    return any(one.get("system") == system and one.get("value") == value for one in found)


def _replaced_by(patient: dict[str, Any]) -> str | None:
    for entry in patient.get("link", ()):
        if entry.get("type") == "replaced-by":
            return str(entry["other"].get("reference", ""))
    return None


def _candidate(stored: Stored) -> Candidate:
    patient = stored.resource()
    names = patient.get("name", [{}])
    numbers = [one["value"] for one in patient.get("identifier", ()) if one.get("system") == RESIDENT_ID]
    return Candidate(
        id=stored.id,
        name=_name(names[0]),
        sex=patient.get("gender", "unknown"),
        birth_date=patient.get("birthDate", ""),
        number_end=numbers[0][-4:] if numbers else "",
        active=patient.get("active", True),
    )


def _name(name: dict[str, Any]) -> str:
    if text := name.get("text"):
        return str(text)
    return " ".join([*name.get("given", ()), name.get("family", "")]).strip()
