"""Structural validation: what is refused names its element, what is legal passes."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from banyan.fhir.validation import validate


def test_the_cases_of_the_peers(shared_data: Path) -> None:
    cases = json.loads((shared_data / "peers" / "validation" / "cases.json").read_text(encoding="utf-8"))
    wrong = [c["name"] for c in cases if bool(validate(c["body"].encode())) != (c["expect"] == "refuse")]
    assert wrong == []
    assert len(cases) == 35


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ('{"resourceType":"Patient","contact":[{"name":{"family":""}}]}', "Patient.contact[0].name.family"),
        ('{"resourceType":"Patient","birthDate":"2023-02-29"}', "Patient.birthDate"),
        ('{"resourceType":"Patient","birthDate":null}', "Patient.birthDate"),
        ('{"resourceType":"Patient","name":{"text":"x"}}', "Patient.name"),
        ('{"resourceType":"Patient","contained":[{"resourceType":"Ward"}]}', "Patient.contained[0]"),
        ('{"resourceType":"Observation","status":"final"}', "Observation.code"),
        ('{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"text":"x"}}',
         "Condition.clinicalStatus"),
        ('{"resourceType":"Patient","link":[{"other":{"reference":"Ward/1"},"type":"seealso"}]}',
         "Patient.link[0].other.reference"),
        ('{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","x":1}}]}',
         "Bundle.entry[0].resource.x"),
        ('{"resourceType":"Patient","multipleBirthInteger":1.0}', "Patient.multipleBirthInteger"),
        ('{"resourceType":"Patient","identifier":[{"system":"a\\u0000b"}]}', "Patient.identifier[0].system"),
        ('{"resourceType":"Patient","photo":[{"size":-1}]}', "Patient.photo[0].size"),
    ],
)  # fmt: skip
def test_findings_name_the_element(body: str, expression: str) -> None:
    issues = validate(body.encode())
    assert issues[0].expression == expression
    assert issues[0].text.startswith(expression)


@pytest.mark.parametrize(
    "body",
    [
        '{"resourceType":"Observation","_status":{"extension":[{"url":"u","valueCode":"unknown"}]},'
        '"code":{"text":"x"}}',
        '{"resourceType":"Patient","birthDate":"2024-02-29",'
        '"deceasedDateTime":"2024-03-01T08:30:00.123456+08:00"}',
        '{"resourceType":"Patient","text":{"status":"generated",'
        '"div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">\\"a\\":1</div>"}}',
        '{\n "resourceType" : "Patient",\n "name" : [ { "text" : "x" } ]\n}',
    ],
)
def test_what_is_legal_passes(body: str) -> None:
    assert validate(body.encode()) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"resourceType":5}', b"\xff\xfe", b"[" * 5000]
)
def test_what_is_no_resource_is_refused(body: bytes) -> None:
    assert validate(body)


def test_deep_nesting_is_refused_without_falling_over() -> None:
    body = '{"resourceType":"Patient","extension":[' + '{"url":"u","extension":[' * 900
    body += '{"url":"u","valueCode":"x"}' + "]}" * 900 + "]}"
    assert validate(body.encode())


def test_near_names_are_suggested() -> None:
    [issue] = validate(b'{"resourceType":"Patient","birthdate":"2000"}')
    assert "Did you mean birthDate?" in issue.text


def test_synthetic_patients_are_valid(shared_data: Path) -> None:
    for file in sorted((shared_data / "synthea").glob("*.xz"))[:5]:
        for entry in json.loads(lzma.decompress(file.read_bytes()))["entry"]:
            assert validate(json.dumps(entry["resource"]).encode()) == []
