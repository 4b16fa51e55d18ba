"""Searches: each kind of parameter, modifiers, chains, includes, order, pages, scopes."""

from __future__ import annotations

import pytest

from banyan.record import Record, Scope, Stored
from banyan.record.errors import BadRequest, NotSupported
from tests.record.build import LOINC, UCUM, a_patient, an_observation, ids, stored
from tests.record.conftest import ME


@pytest.fixture(scope="module")
async def people(record: Record) -> dict[str, Stored]:
    """Four patients; heart rates of the first on four days."""
    chen, muller, li, zhang = await stored(
        record,
        a_patient("陈志远", identifier=[{"system": "urn:oid:1.2", "value": "A1"}], birthDate="1974-12-25"),
        a_patient("Müller", gender="female", birthDate="1980", telecom=[{"system": "phone", "value": "110"}]),
        a_patient("李敏", gender="female", deceasedBoolean=True, birthDate="1980-06"),
        {"resourceType": "Patient", "name": [{"family": "Zhang", "given": ["O_Neil%", "Wei"]}]},
    )
    await stored(
        record,
        an_observation(chen, value=70, at="2024-03-01T08:00:00+08:00"),
        an_observation(chen, value=100, at="2024-03-02"),
        an_observation(chen, value=100.00, at="2024-03-03T08:00:00.5Z"),
        an_observation(chen, value=130, at="2024-04-01T08:00:00+08:00"),
        an_observation(muller, code="2823-3", value=4.1, unit="mmol/L", at="2024-03-01T09:00:00+08:00"),
        an_observation(muller, code="x", value=None, valueString="trace of Ångström"),
    )
    await record.counts.flush()
    return {"chen": chen, "muller": muller, "li": li, "zhang": zhang}


NAMES = {
    "begins, any case": ("name", "MUL", ["muller"]),
    "without accents": ("name", "muller", ["muller"]),
    "characters": ("name", "陈", ["chen"]),
    "pinyin": ("name", "chenzhi", ["chen"]),
    "initials": ("name", "lm", ["li"]),
    "contains": ("name:contains", "zhiy", ["chen"]),
    "percent is itself": ("given", "o_neil%", ["zhang"]),
    "underscore is no wildcard": ("given:contains", "__neil", []),
    "exact": ("name:exact", "Müller", ["muller"]),
    "exact is exact": ("name:exact", "müller", []),
    "either": ("name", "陈,李", ["chen", "li"]),
    "identifier with system": ("identifier", "urn:oid:1.2|A1", ["chen"]),
    "identifier alone": ("identifier", "A1", ["chen"]),
    "identifier without system": ("identifier", "|A1", []),
    "system alone": ("identifier", "urn:oid:1.2|", ["chen"]),
    "code": ("gender", "female", ["muller", "li"]),
    "not": ("gender:not", "female", ["chen", "zhang"]),
    "missing": ("gender:missing", "true", ["zhang"]),
    "there": ("telecom:missing", "false", ["muller"]),
    "where in the expression": ("phone", "110", ["muller"]),
    "where excludes": ("email", "110", []),
    "exists and not false": ("deceased", "true", ["li"]),
    "deceased false where absent": ("deceased", "false", ["chen", "muller", "zhang"]),
    "year holds the month": ("birthdate", "1980", ["muller", "li"]),
    "month holds not the year": ("birthdate", "1980-06", ["li"]),
    "after": ("birthdate", "gt1975", ["muller", "li"]),
    "until": ("birthdate", "le1974-12-25", ["chen"]),
    "starts after": ("birthdate", "sa1979", ["muller", "li"]),
    "unequal": ("birthdate", "ne1980", ["chen"]),
}


@pytest.mark.parametrize("case", NAMES)
async def test_patients(record: Record, people: dict[str, Stored], case: str) -> None:
    name, value, wanted = NAMES[case]
    found = await ids(record, "Patient", (name, value))
    assert sorted(found) == sorted(people[one].id for one in wanted)


VALUES = {
    "by code": (("code", f"{LOINC}|8867-4"), 4),
    "by patient": (("patient", "Patient/{chen}"), 4),
    "by plain id": (("patient", "{chen}"), 4),
    "by subject of a type": (("subject:Patient", "{chen}"), 4),
    "by subject, id of any type": (("subject", "{chen}"), 4),
    "equal within the digits": (("value-quantity", f"100|{UCUM}|/min"), 2),
    "equal to more digits": (("value-quantity", "100.0"), 2),
    "approximately": (("value-quantity", "ap107"), 2),
    "more": (("value-quantity", f"gt100|{UCUM}|/min"), 1),
    "at least": (("value-quantity", "ge100||/min"), 3),
    "another unit": (("value-quantity", "ge1||mmol/L"), 1),
    "a day in the region's zone": (("date", "2024-03-01"), 3),
    "an interval": (("date", "ge2024-03-02"), 3),
    "a wide query": (("date", "2024-03"), 5),
    "text": (("value-string", "TRACE OF ANG"), 1),
    "composite": (("code-value-quantity", f"{LOINC}|8867-4$gt100||/min"), 1),
    "composite, either": (("code-value-quantity", f"{LOINC}|8867-4$gt100,2823-3$lt5"), 2),
    "chained": (("patient.name", "chen"), 4),
    "chained with a type": (("subject:Patient.gender", "female"), 2),
    "now": (("_lastUpdated", "gt2020-01-01"), 6),
    "never": (("_lastUpdated", "lt2020-01-01"), 0),
}


@pytest.mark.parametrize("case", VALUES)
async def test_observations(record: Record, people: dict[str, Stored], case: str) -> None:
    (name, value), wanted = VALUES[case]
    asked = value.replace("{chen}", people["chen"].id)
    assert len(await ids(record, "Observation", (name, asked))) == wanted


async def test_reverse_chains(record: Record, people: dict[str, Stored]) -> None:
    assert await ids(record, "Patient", ("_has:Observation:patient:code", "2823-3")) == [people["muller"].id]
    assert await ids(record, "Patient", ("_has:Observation:subject:value-quantity", "gt120")) == [
        people["chen"].id
    ]


async def test_includes_come_after_the_matches_once(record: Record, people: dict[str, Stored]) -> None:
    page = await record.search(
        "Observation",
        [("patient", people["chen"].id), ("_include", "Observation:subject"), ("_total", "accurate")],
    )
    assert (len(page.matches), page.total) == (4, 4)
    assert [one.id for one in page.includes] == [people["chen"].id]
    page = await record.search(
        "Patient", [("_id", people["muller"].id), ("_revinclude", "Observation:patient")]
    )
    assert len(page.includes) == 2


async def test_includes_obey_the_scope(record: Record, people: dict[str, Stored]) -> None:
    def scope_of(kind: str) -> Scope:
        return Scope("false") if kind == "Patient" else Scope()

    page = await record.search(
        "Observation",
        [("_include", "Observation:subject"), ("code", "8867-4")],
        scope_of=scope_of,
    )
    assert (len(page.matches), page.includes) == (4, [])
    chained = await record.search("Observation", [("patient.name", "chen")], scope_of=scope_of)
    assert chained.matches == []  # a chain does not tell what a read would hide


@pytest.mark.parametrize(
    "sort", ["-date", "date", "_id", "-_lastUpdated", "value-quantity", "-value-quantity,date"]
)
async def test_pages_are_the_whole_list(record: Record, people: dict[str, Stored], sort: str) -> None:
    params = [("code", f"{LOINC}|8867-4"), ("_sort", sort)]
    whole = await ids(record, "Observation", *params)
    paged: list[str] = []
    cursor: str | None = None
    while True:
        more = [("_cursor", cursor)] if cursor else []
        page = await record.search("Observation", [*params, ("_count", "1"), *more])
        paged += [match.id for match in page.matches]
        if (cursor := page.next) is None:
            break
    assert paged == whole
    assert len(whole) == 4


async def test_the_newest_value_of_a_patient(record: Record, people: dict[str, Stored]) -> None:
    page = await record.search(
        "Observation",
        [("patient", people["chen"].id), ("code", f"{LOINC}|8867-4"), ("_sort", "-date"), ("_count", "1")],
    )
    assert page.matches[0].resource()["valueQuantity"]["value"] == 130


async def test_sort_by_name(record: Record, people: dict[str, Stored]) -> None:
    found = await ids(record, "Patient", ("_sort", "birthdate"), ("birthdate:missing", "false"))
    assert found[0] == people["chen"].id


async def test_counting_alone(record: Record, people: dict[str, Stored]) -> None:
    page = await record.search("Observation", [("_summary", "count"), ("status", "final")])
    assert (page.total, page.matches) == (6, [])


@pytest.mark.parametrize(
    ("resource_type", "name", "value", "message"),
    [
        ("Patient", "colour", "red", "no search parameter 'colour'"),
        ("Patient", "birthdate", "25/12/1974", "birthdate='25/12/1974'"),
        ("Patient", "birthdate", "2023-02-30", "day of the calendar"),
        ("Observation", "value-quantity", "many", "not a number"),
        ("Observation", "value-quantity", "1|2", "number\\|system\\|code"),
        ("Observation", "patient.colour", "red", "no search parameter 'patient.colour'"),
        ("Observation", "status.name", "x", "only a reference"),
        ("Patient", "gender:missing", "perhaps", "true or false"),
        ("Patient", "_count", "many", "_count"),
        ("Patient", "name", "a\0b", "NUL"),
        ("Patient", "_cursor", "abc", "_cursor"),
        ("Patient", "_include", "Patient:colour", "no reference parameter"),
        ("Patient", "_has:Observation:patient", "x", "_has:Type"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_name(
    record: Record, resource_type: str, name: str, value: str, message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        await record.search(resource_type, [(name, value)])


async def test_what_is_not_indexed_is_said(record: Record) -> None:
    for kind, name in (("Patient", "_text"), ("Location", "near")):
        with pytest.raises(NotSupported, match="not indexed"):
            await record.search(kind, [(name, "x")])


async def test_lenient_searches_name_what_they_ignore(record: Record, people: dict[str, Stored]) -> None:
    page = await record.search("Patient", [("colour", "red"), ("name", "chen")], lenient=True)
    assert page.ignored == ("colour",)
    assert len(page.matches) == 1


async def test_a_code_that_stands_second_is_found_too(record: Record) -> None:
    both = {"coding": [{"system": "urn:a", "code": "1"}, {"system": "urn:b", "code": "2"}]}
    await stored(record, an_observation(code="ignored", value=None) | {"code": both})
    await record.counts.flush()
    for value in ("urn:a|1", "urn:b|2", "1", "2"):
        page = await record.search("Observation", [("code", value), ("_sort", "-date")])
        assert len(page.matches) == 1, value


async def test_an_updated_resource_is_found_by_its_new_values_only(record: Record) -> None:
    [made] = await stored(record, a_patient("Before", birthDate="1901-01-01"))
    async with record.transaction(ME) as transaction:
        await transaction.update({**made.resource(), "name": [{"text": "After"}]})
    assert await ids(record, "Patient", ("name", "before")) == []
    assert await ids(record, "Patient", ("name", "after")) == [made.id]


async def test_or_of_many_codes(record: Record, people: dict[str, Stored]) -> None:
    codes = ",".join([f"{LOINC}|none-{n}" for n in range(1500)] + [f"{LOINC}|2823-3"])
    assert len(await ids(record, "Observation", ("code", codes))) == 1
