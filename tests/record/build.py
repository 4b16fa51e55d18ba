"""Small resources with readable defaults."""

from __future__ import annotations

from typing import Any

from banyan.record import Record, Stored
from tests.record.conftest import ME

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"


def a_patient(name: str = "陈志远", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "name": [{"text": name}], "gender": "male", **more}


def an_observation(
    patient: Stored | None = None,
    code: str = "8867-4",
    value: float | None = 72,
    at: str = "2024-03-01T08:00:00+08:00",
    unit: str = "/min",
    **more: Any,
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "effectiveDateTime": at,
    }
    if patient is not None:
        body["subject"] = {"reference": patient.reference}
    if value is not None:
        body["valueQuantity"] = {"value": value, "unit": unit, "system": UCUM, "code": unit}
    return body | more


async def stored(record: Record, *resources: dict[str, Any] | bytes) -> list[Stored]:
    async with record.transaction(ME) as transaction:
        written = [await transaction.create(resource) for resource in resources]
    return [one.stored for one in written]


async def ids(record: Record, resource_type: str, *params: tuple[str, str]) -> list[str]:
    page = await record.search(resource_type, params)
    return [match.id for match in page.matches]
