"""Turns a generated record into one of the demo region: what a clinician uses, under an invented name."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from banyan.demo.institutions import HOSPITALS, PRIMARY_CARE
from banyan.demo.names import Resource, reference
from banyan.demo.people import a_resident, patient

# In the order in which they are written. Claims, plans, notes and US providers are left out.
KEPT: Final = (
    "Patient",
    "Encounter",
    "AllergyIntolerance",
    "Condition",
    "MedicationRequest",
    "Immunization",
    "Procedure",
    "Observation",
    "DiagnosticReport",
)
# Years that are kept of what accumulates, and how many of each at most: the newest.
_RECENT: Final = {
    "Condition": 2,
    "Immunization": 10,
    "Procedure": 5,
    "Observation": 2,
    "DiagnosticReport": 2,
    "MedicationRequest": 3,
}
_AT_MOST: Final = {
    "Observation": 120,
    "DiagnosticReport": 20,
    "Procedure": 40,
    "Condition": 40,
    "MedicationRequest": 40,
}
_DATES: Final = (
    "effectiveDateTime",
    "performedDateTime",
    "occurrenceDateTime",
    "authoredOn",
    "onsetDateTime",
)
# Points to people, places and contracts that are not taken over, or to the profiles of another country.
_DROPPED: Final = frozenset(
    {
        "participant",
        "location",
        "performer",
        "requester",
        "recorder",
        "asserter",
        "insurance",
        "meta",
        "extension",
    }
    | {"text", "reasonReference", "supportingInfo", "collector", "identifier", "diagnosis", "hospitalization"}
)


def localise(bundle: Resource, until: date) -> list[Resource]:
    """The person's resources in writing order."""
    entries = [entry["resource"] for entry in bundle["entry"]]
    person = next(resource for resource in entries if resource["resourceType"] == "Patient")
    chosen = _with_encounters(_recent(entries, until), entries)
    types = {resource["id"]: resource["resourceType"] for resource in chosen} | {person["id"]: "Patient"}
    site = _site(person["id"])
    rest = [_rewritten(resource, types, site) for resource in chosen]
    rest.sort(key=lambda resource: KEPT.index(resource["resourceType"]))
    return [_patient(person), *rest]


def _recent(entries: Iterable[Resource], until: date) -> list[Resource]:
    by_type: dict[str, list[Resource]] = {}
    for resource in entries:
        by_type.setdefault(resource["resourceType"], []).append(resource)
    kept: list[Resource] = []
    for kind in KEPT[2:]:
        found = sorted(by_type.get(kind, []), key=lambda each: (_lasting(each), _when(each)), reverse=True)
        since = str(until.year - _RECENT[kind]) if kind in _RECENT else ""
        wanted = [each for each in _once(found) if _when(each) >= since or _lasting(each)]
        kept += wanted[: _AT_MOST.get(kind)]
    return kept


def _once(found: list[Resource]) -> Iterator[Resource]:
    """Each illness and each medicine once, as last written; no reminders and circumstances as illnesses."""
    seen: set[str] = set()
    for each in found:
        if each["resourceType"] not in ("Condition", "MedicationRequest"):
            yield each
            continue
        name = _name(each)
        if name in seen or name.endswith(("(situation)", "(person)", "(finding)")):
            continue
        seen.add(name)
        yield each


def _name(resource: Resource) -> str:
    concept = resource.get("code") or resource.get("medicationCodeableConcept") or {}
    return str(next((coding["display"] for coding in concept.get("coding", ())), ""))


def _lasting(resource: Resource) -> bool:
    """An illness that someone has and a medicine that they take stay, however long ago they began."""
    if resource["resourceType"] == "MedicationRequest":
        return bool(resource["status"] == "active")
    if resource["resourceType"] == "Condition":
        return bool(resource["clinicalStatus"]["coding"][0]["code"] == "active")
    return False


def _with_encounters(kept: list[Resource], entries: Iterable[Resource]) -> list[Resource]:
    wanted = {each["encounter"]["reference"] for each in kept if "encounter" in each}
    visits = [each for each in entries if each["resourceType"] == "Encounter"]
    return [visit for visit in visits if f"urn:uuid:{visit['id']}" in wanted] + kept


def _when(resource: Resource) -> str:
    return next((resource[name] for name in _DATES if name in resource), "")


def _patient(generated: Resource) -> Resource:
    born = date.fromisoformat(generated["birthDate"])
    person = a_resident(generated["id"], female=generated["gender"] == "female", born=born)
    return patient(generated["id"], person)


def _site(seed: str) -> tuple[str, str]:
    """The primary-care site and the hospital that someone goes to."""
    number = int(seed[:8], 16)
    return PRIMARY_CARE[number % len(PRIMARY_CARE)][0], HOSPITALS[number % len(HOSPITALS)].id


def _rewritten(resource: Resource, types: dict[str, str], site: tuple[str, str]) -> Resource:
    whole: Resource = _pruned({k: v for k, v in resource.items() if k not in _DROPPED}, types)
    if resource["resourceType"] == "Encounter":
        care, hospital = site
        at = hospital if resource["class"]["code"] in ("IMP", "EMER", "ACUTE") else care
        whole["serviceProvider"] = reference("Organization", at)
    return whole


def _pruned(node: Any, types: dict[str, str]) -> Any:
    """References become relative; one to something left out goes, with whatever it leaves empty."""
    if isinstance(node, list):
        return [kept for item in node if (kept := _pruned(item, types)) not in (None, {}, [])]
    if not isinstance(node, dict):
        return node
    if "reference" in node:
        id = node["reference"].removeprefix("urn:uuid:")
        return {"reference": f"{types[id]}/{id}"} if id in types else None
    return {key: kept for key, value in node.items() if (kept := _pruned(value, types)) not in (None, {}, [])}
