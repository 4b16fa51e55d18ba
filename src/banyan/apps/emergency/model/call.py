"""The call and its case: ServiceRequest, Patient, transport Encounter and dispatch Task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from banyan.apps.emergency.model.codes import (
    ACCOUNT,
    ACT_CODE,
    CASE_NUMBER,
    COMPLAINT,
    GEO,
    KIND,
    concept,
    extended,
    extension,
    reference,
    with_extension,
)

OPEN = ("waiting", "dispatched", "active")
PRIORITIES = {1: "stat", 2: "asap", 3: "urgent", 4: "routine"}


@dataclass(frozen=True)
class CallFacts:
    """What is known of a call when it is written. `place`: text, lat, lon, note, outside."""

    id: str
    number: str
    patient: str
    complaint: str
    complaint_zh: str
    level: int
    level_reason: str | None
    determinant: str
    pathway: str
    at: str
    taken_by: str
    taken_name: str
    caller: dict[str, Any]
    place: dict[str, Any]
    external: dict[str, str] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


def service_request(call: CallFacts) -> dict[str, Any]:
    """The call as a ServiceRequest whose id is the case's id."""
    identifiers = [{"system": CASE_NUMBER, "value": call.number}]
    if call.external:
        identifiers.append({"system": call.external["system"], "value": call.external["value"]})
    return {
        "resourceType": "ServiceRequest",
        "id": call.id,
        "extension": [each for each in _extensions(call) if each is not None],
        "identifier": identifiers,
        "status": "active",
        "intent": "order",
        "priority": PRIORITIES[call.level],
        "category": [concept(KIND, "emergency-call", "Emergency call")],
        "code": concept(COMPLAINT, call.complaint, text=call.complaint_zh),
        "subject": reference("Patient", call.patient),
        "authoredOn": call.at,
        "requester": {
            "type": "Practitioner",
            "identifier": {"system": ACCOUNT, "value": call.taken_by},
            "display": call.taken_name,
        },
    }


def _extensions(call: CallFacts) -> list[dict[str, Any] | None]:
    return [
        extension("case-status", valueCode="waiting"),
        extension("level", valueInteger=call.level),
        extension("level-reason", valueString=call.level_reason) if call.level_reason else None,
        extension("determinant", valueString=call.determinant),
        extension("pathway", valueCode=call.pathway),
        extension("answers", valueString=orjson.dumps(dict(call.answers)).decode()) if call.answers else None,
        _caller(call.caller),
        extension("caller-relation", valueString=call.caller["relation"])
        if call.caller.get("relation")
        else None,
        _place(call.place),
        extension("outside", valueBoolean=True) if call.place.get("outside") else None,
    ]


def _caller(caller: dict[str, Any]) -> dict[str, Any] | None:
    if not caller.get("name") and not caller.get("phone"):
        return None
    name = {"name": caller["name"]} if caller.get("name") else {}
    phone = {"telecom": [{"system": "phone", "value": caller["phone"]}]} if caller.get("phone") else {}
    return extension("caller", valueContactDetail={**name, **phone})


def _place(place: dict[str, Any]) -> dict[str, Any]:
    address: dict[str, Any] = {}
    if place.get("lat") is not None:
        parts = [
            {"url": "latitude", "valueDecimal": place["lat"]},
            {"url": "longitude", "valueDecimal": place["lon"]},
        ]
        address["extension"] = [{"url": GEO, "extension": parts}]
    address["text"] = place.get("text") or "—"
    if place.get("note"):
        address["line"] = [place["note"]]
    return extension("place", valueAddress=address)


def patient(id_: str, label: str, *, known: bool, sex: str | None, born: str | None) -> dict[str, Any]:
    """A patient as the call describes them; unknown ones carry a label that people can say."""
    return {
        "resourceType": "Patient",
        "id": id_,
        "active": True,
        "name": [{"use": "usual" if known else "temp", "text": label}],
        "gender": sex or "unknown",
        **({"birthDate": born} if born else {}),
    }


def encounter(id_: str, case: str, subject: str, unit: str, starts: str) -> dict[str, Any]:
    """The transport of one patient by one unit."""
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "planned",
        "class": {"system": ACT_CODE, "code": "FLD", "display": "field"},
        "basedOn": [reference("ServiceRequest", case)],
        "subject": reference("Patient", subject),
        "period": {"start": starts},
        "location": [{"location": reference("Location", unit)}],
    }


def hospital_stay(
    id_: str, case: str, transport: str, subject: str, hospital: str, starts: str
) -> dict[str, Any]:
    """The stay that begins when the hospital takes the patient over."""
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "in-progress",
        "class": {"system": ACT_CODE, "code": "EMER", "display": "emergency"},
        "basedOn": [reference("ServiceRequest", case)],
        "partOf": reference("Encounter", transport),
        "subject": reference("Patient", subject),
        "period": {"start": starts},
        "serviceProvider": reference("Organization", hospital),
        "location": [{"location": reference("Location", hospital)}],
    }


def task(
    id_: str, case: str, subject: str, unit: str, at: str, by: tuple[str, str], why: str, notes: list[str]
) -> dict[str, Any]:
    """The dispatch of one unit."""
    return {
        "resourceType": "Task",
        "id": id_,
        "status": "requested",
        "intent": "order",
        "code": concept(KIND, "dispatch", "Dispatch of a unit"),
        "focus": reference("ServiceRequest", case),
        "basedOn": [reference("ServiceRequest", case)],
        "for": reference("Patient", subject),
        "authoredOn": at,
        "requester": {"identifier": {"system": ACCOUNT, "value": by[0]}, "display": by[1]},
        "location": reference("Location", unit),
        **({"reasonCode": {"text": why}} if why else {}),
        **({"note": [{"text": text, "time": at} for text in notes]} if notes else {}),
    }


@dataclass(frozen=True)
class Case:
    """A call as it stands, read from its ServiceRequest."""

    resource: dict[str, Any]
    version: int

    def get(self, name: str) -> Any:
        return extended(self.resource, name)

    @property
    def id(self) -> str:
        return str(self.resource["id"])

    @property
    def number(self) -> str:
        return next((i["value"] for i in self.resource["identifier"] if i["system"] == CASE_NUMBER), "")

    @property
    def status(self) -> str:
        return self.get("case-status") or "closed"

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def level(self) -> int:
        return int(self.get("level") or 4)

    @property
    def pathway(self) -> str:
        return self.get("pathway") or "other"

    @property
    def complaint(self) -> str:
        return str(self.resource["code"]["coding"][0]["code"])

    @property
    def patient(self) -> str:
        return str(self.resource["subject"]["reference"].split("/")[1])

    @property
    def patients(self) -> tuple[str, ...]:
        """The patient's entries that hold this case: the citizen's, and the one made before they were known."""
        before = _referred(self.get("first-patient"))
        return (self.patient,) if before is None else (self.patient, before)

    @property
    def unit(self) -> str | None:
        return _referred(self.get("unit"))

    @property
    def task(self) -> str | None:
        return _referred(self.get("task"))

    @property
    def encounter(self) -> str | None:
        return _referred(self.resource.get("encounter"))

    @property
    def destination(self) -> str | None:
        return _referred(self.get("destination"))

    @property
    def call_at(self) -> datetime:
        return datetime.fromisoformat(self.resource["authoredOn"])

    @property
    def taken_by(self) -> str:
        return str(self.resource.get("requester", {}).get("display", ""))

    @property
    def point(self) -> tuple[float, float] | None:
        return point_of(self.get("place") or {})

    @property
    def place(self) -> dict[str, Any]:
        """Address text, note, point, and whether it lies outside the region."""
        address = self.get("place") or {}
        at = self.point or (None, None)
        return {
            "text": address.get("text", ""),
            "note": " ".join(address.get("line", ())),
            "lat": at[0],
            "lon": at[1],
            "outside": bool(self.get("outside")),
        }

    @property
    def caller(self) -> dict[str, Any] | None:
        contact = self.get("caller")
        if contact is None:
            return None
        phones = contact.get("telecom", ())
        return {
            "name": contact.get("name"),
            "phone": phones[0]["value"] if phones else None,
            "relation": self.get("caller-relation"),
        }

    def changed(self, **values: dict[str, Any] | None) -> dict[str, Any]:
        """The resource with own extensions set (`level={"valueInteger": 1}`) or taken away (None)."""
        resource = self.resource
        for name, value in values.items():
            key = name.replace("_", "-")
            resource = with_extension(resource, key, **(value if value else {"value": None}))
        return resource


def point_of(address: dict[str, Any]) -> tuple[float, float] | None:
    for each in address.get("extension", ()):
        if each.get("url") == GEO:
            parts = {part["url"]: part["valueDecimal"] for part in each["extension"]}
            return float(parts["latitude"]), float(parts["longitude"])
    return None


def _referred(value: dict[str, Any] | None) -> str | None:
    return value["reference"].split("/")[1] if value else None
