"""What a resource puts into the index."""

from __future__ import annotations

import lzma
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from banyan.fhir import keys
from banyan.fhir.dates import interval
from banyan.fhir.entries import Entries
from banyan.fhir.paths import Path as Expression
from banyan.fhir.paths import Step, UnreadableExpression, read_paths
from banyan.fhir.plans import plan_of
from banyan.record.bodies import decode

ZONE = ZoneInfo("Asia/Shanghai")


def extract(resource: dict) -> Entries:
    return plan_of(resource["resourceType"]).extract(resource, ZONE)


def has(entries: Entries, scope: str, form: str, value: str) -> bool:
    return keys.key(scope, form, value) in entries.keys


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        ("Patient.name.given", [Expression("Patient", (Step("name"), Step("given")))]),
        ("(Observation.value as Quantity)", [Expression("Observation", (Step("value", "Quantity"),))]),
        ("Observation.value.ofType(Quantity)", [Expression("Observation", (Step("value", "Quantity"),))]),
        (
            "Account.subject.where(resolve() is Patient) | Flag.subject",
            [
                Expression("Account", (Step("subject", target="Patient"),)),
                Expression("Flag", (Step("subject"),)),
            ],
        ),
        (
            "Patient.telecom.where(system='email')",
            [Expression("Patient", (Step("telecom", where=("system", "email")),))],
        ),
        (
            "Patient.deceased.exists() and Patient.deceased != false",
            [Expression("Patient", (Step("deceased"),), presence=True)],
        ),
    ],
)
def test_expressions_are_read(expression: str, paths: list[Expression]) -> None:
    assert read_paths(expression) == paths


@pytest.mark.parametrize(
    "expression", ["Bundle.entry[0].resource", "Patient.name.first()", "a +", "", "Patient.(x"]
)
def test_other_expressions_are_refused(expression: str) -> None:
    with pytest.raises(UnreadableExpression):
        read_paths(expression)


def test_a_token_has_four_forms() -> None:
    found = extract(
        {"resourceType": "Observation", "code": {"coding": [{"system": "http://loinc.org", "code": "1-2"}]}}
    )
    assert has(found, "Observation.code", "c", "1-2")
    assert has(found, "Observation.code", "s", "http://loinc.org|1-2")
    assert has(found, "Observation.code", "y", "http://loinc.org")
    assert not has(found, "Observation.code", "n", "1-2")
    assert has(found, "Observation.combo-code", "c", "1-2")


def test_references_lose_their_version_and_contained_ones_are_left_out() -> None:
    found = extract(
        {
            "resourceType": "Observation",
            "subject": {"reference": "Patient/1/_history/2"},
            "performer": [{"reference": "#p"}, {"identifier": {"system": "s", "value": "v"}}],
        }
    )
    assert found.references == {"subject": ["Patient/1"], "patient": ["Patient/1"]}
    assert keys.reference_key("Observation.subject", "Patient/1") in found.keys
    assert has(found, "Observation.performer", "i", "s|v")


def test_a_period_without_end_is_open() -> None:
    found = extract({"resourceType": "Encounter", "period": {"start": "2024-03-01"}})
    assert found.clinical_date is not None
    assert found.clinical_date.lo == interval("2024-03-01", ZONE).lo
    assert found.clinical_date.hi == float("inf")


def test_a_quantity_keeps_unit_and_comparator() -> None:
    value = {"value": 5, "comparator": "<", "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
    found = extract({"resourceType": "Observation", "valueQuantity": value})
    number = keys.parameter_id("Observation.value-quantity")
    [entry] = [one for one in found.ordered if one.parameter == number]
    assert (entry.lo, entry.hi, entry.unit) == (float("-inf"), 5.0, keys.unit_hash("mg"))


def test_chinese_names_have_pinyin_and_initials() -> None:
    found = extract({"resourceType": "Patient", "name": [{"text": "陈志远"}]})
    number = keys.parameter_id("Patient.name")
    assert {one.value for one in found.strings if one.parameter == number} == {"陈志远", "chenzhiyuan", "czy"}


def test_every_example_and_every_synthetic_patient_is_indexed(shared_data: Path) -> None:
    resources = [
        decode(file.read_bytes()) for file in sorted((shared_data / "fhir" / "examples").glob("*.json"))
    ]
    for file in sorted((shared_data / "synthea").glob("*.xz"))[:5]:
        resources += [entry["resource"] for entry in decode(lzma.decompress(file.read_bytes()))["entry"]]
    for resource in resources:
        found = extract(resource)
        assert all(-(2**63) <= key < 2**63 for key in found.keys)
    assert len(resources) > 500


def test_keys_are_stable() -> None:
    # They are on disk: a change of the hash needs a migration that indexes everything again.
    assert keys.key("Observation.code", "s", "http://loinc.org|8867-4") == 1727119699057347672
    assert keys.reference_key("Observation.patient", "Patient/1") == keys.reference_salt(
        "Observation.patient"
    ) ^ keys.reference_hash("Patient/1")
    assert msgspec.json.encode(keys.parameter_id("Observation.date"))
