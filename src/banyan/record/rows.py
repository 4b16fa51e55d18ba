"""A resource as rows: what the main table and the side tables hold for it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import inf
from typing import Any

from banyan.fhir.dates import Interval
from banyan.fhir.entries import Entries
from banyan.fhir.keys import reference_hash
from banyan.fhir.plans import Plan, plan_of
from banyan.record.bodies import Content
from banyan.record.values import Stored

NEVER = Interval(-inf, -inf)
COLUMNS = [
    "row",
    "shard",
    "id",
    "version",
    "last_updated",
    "self",
    "code",
    "date_lo",
    "date_hi",
    "sensitivity",
    "patient",
    "institution",
    "digest",
    "keys",
    "body",
]
COLUMN_TYPES = [
    "int8",
    "int2",
    "text",
    "int4",
    "timestamptz",
    "int8",
    "int8",
    "float8",
    "float8",
    "int2",
    "text",
    "text",
    "bytea",
    "int8[]",
    "bytea",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One current resource, ready to be written."""

    number: int
    shard: int
    stored: Stored
    digest: bytes
    entries: Entries

    def values(self) -> tuple[Any, ...]:
        s, e = self.stored, self.entries
        lo, hi = e.clinical_date or NEVER
        return (
            self.number, self.shard, s.id, s.version, s.last_updated, reference_hash(s.reference),
            e.codes[0] if e.codes else None, lo, hi, s.sensitivity, s.patient, s.institution, self.digest,
            sorted(e.keys), s.body,
        )  # fmt: skip

    def ordered(self) -> list[tuple[Any, ...]]:
        return [(*value, self.number) for value in self.entries.ordered]

    def strings(self) -> list[tuple[Any, ...]]:
        return [(value.parameter, self.number, value.value) for value in self.entries.strings]


def extract(content: Content, zone: tzinfo) -> Entries:
    return plan_of(content.type).extract(content.resource, zone)


def patient_of(plan: Plan, entries: Entries, resource_id: str) -> str | None:
    """The plain id of the patient in whose compartment the resource lies."""
    if plan.type == "Patient":
        return resource_id
    for reference in entries.references.get(plan.patient_code or "", ()):
        kind, _, target = reference.partition("/")
        if kind == "Patient":
            return target
    return None


def version_of(
    content: Content,
    entries: Entries,
    *,
    resource_id: str,
    version: int,
    moment: datetime,
    institution: str | None,
) -> Stored:
    return Stored(
        content.type,
        resource_id,
        version,
        moment,
        content.body(resource_id, version, moment),
        patient=patient_of(plan_of(content.type), entries, resource_id),
        institution=institution,
        sensitivity=content.sensitivity,
    )
