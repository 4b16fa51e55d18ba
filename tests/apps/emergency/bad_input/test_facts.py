"""Facts that are impossible, sent twice, too late, from another shift, or taken back."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.apps.emergency.bad_input.rescue import City, Rescue


@pytest.fixture(scope="module")
async def rescue(city: City) -> Rescue:
    made = await city.under_way()
    await made.states("en_route", "at_scene", "with_patient")
    return made


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("110101194503070025", "check"),
        ("11010119450230002X", "date"),
        ("12345", "18"),
        ("1101011945ABCD0021", ""),
    ],
)
async def test_a_wrong_resident_number_is_refused_by_its_field(
    rescue: Rescue, number: str, says: str
) -> None:
    [result] = await rescue.sync(rescue.fact("identity", {"resident_id": number}))
    assert result["status"] == "refused", result
    assert result["field"] == "resident_id"
    assert result["reason"]


@pytest.mark.parametrize(
    ("vitals", "field"),
    [
        ({"hr": 900}, "hr"),
        ({"spo2": 120}, "spo2"),
        ({"temp": 97.7}, "temp"),
        ({"sbp": -5}, "sbp"),
        ({"sbp": 80, "dbp": 120}, "dbp"),
        ({"consciousness": "Z"}, "consciousness"),
        ({"hr": "fast"}, "hr"),
        ({"hr": True}, "hr"),
        ({"o2": "yes"}, "o2"),
        ({"hr": 80, "absent": {"hr": "refused"}}, "hr"),
        ({"absent": {"hr": "forgotten"}}, "absent.hr"),
        ({"colour": 3}, "colour"),
    ],
)
async def test_impossible_vitals_are_refused_and_nothing_of_them_is_kept(
    rescue: Rescue, vitals: dict[str, Any], field: str
) -> None:
    before = len((await rescue.view())["vitals"])
    [result] = await rescue.sync(rescue.fact("vitals", {"rr": 18} | vitals))
    assert (result["status"], result.get("field")) == ("refused", field), result
    assert len((await rescue.view())["vitals"]) == before


async def test_a_bad_fact_does_not_hold_back_the_good_ones(rescue: Rescue) -> None:
    good, bad = rescue.fact("note", {"text": "good"}), rescue.fact("vitals", {"hr": 900})
    after = rescue.fact("note", {"text": "after"})
    assert [one["status"] for one in await rescue.sync(good, bad, after)] == ["stored", "refused", "stored"]


async def test_refused_and_not_measurable_are_absent_with_the_reason_and_never_zero(rescue: Rescue) -> None:
    absent = {"sbp": "not-measurable", "dbp": "not-measurable", "glucose": "refused"}
    fact = await rescue.file("vitals", {"hr": 71, "absent": absent})
    shown = next(one for one in (await rescue.view())["vitals"] if one["id"] == fact["id"])
    assert shown["absent"] == absent
    assert shown.get("sbp") is None
    found = await rescue.city.fhir(
        rescue.crew, f"Observation?based-on=ServiceRequest/{rescue.case}&code=http://loinc.org|15074-8"
    )
    [glucose] = [entry["resource"] for entry in found["entry"]]
    assert "valueQuantity" not in glucose
    assert glucose["dataAbsentReason"]["coding"][0]["code"] == "asked-declined"


async def test_unlikely_values_are_stored_and_flagged(rescue: Rescue) -> None:
    fact = await rescue.file("vitals", {"hr": 190})
    shown = next(one for one in (await rescue.view())["vitals"] if one["id"] == fact["id"])
    assert shown["unlikely"] == ["hr"]


async def test_a_missing_vital_gives_an_incomplete_score_and_no_total(city: City) -> None:
    rescue = await city.under_way("zhangbo", "unit-01")
    await rescue.states("en_route", "at_scene", "with_patient")
    await rescue.file("vitals", {"hr": 94, "rr": 24})
    score = (await rescue.view())["news2"]
    assert "total" not in score
    assert score["incomplete"]


async def test_the_same_fact_twice_is_one_fact(rescue: Rescue) -> None:
    fact = rescue.fact("medication", {"text": "Aspirin", "dose": 300, "unit": "mg", "route": "oral"})
    first, second = await asyncio.gather(rescue.sync(fact), rescue.sync(fact))
    assert sorted(one["status"] for [one] in ([first[0]], [second[0]])) == ["duplicate", "stored"]
    assert (await rescue.sync(fact))[0]["status"] == "duplicate"
    given = [one for one in (await rescue.view())["medications"] if one["fact"] == fact["id"]]
    assert len(given) == 1


async def test_the_same_id_with_other_content_is_refused(rescue: Rescue) -> None:
    fact = await rescue.file("note", {"text": "one"})
    [result] = await rescue.sync(fact | {"data": {"text": "two"}})
    assert result["status"] == "refused", result


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("dance", {}),
        ("time", {}),
        ("time", {"point": "lunch"}),
        ("note", {}),
        ("medication", {"dose": 1}),
        ("medication", {"text": "Aspirin", "dose": -3, "unit": "mg"}),
        ("assessment", {"rule": "astrology", "input": {}}),
        ("ecg", {"format": "file", "name": "x.dcm", "file_base64": "!!!", "signal": str(uuid.uuid4())}),
        ("photo", {"mime": "text/html", "base64": "PGI+"}),
        ("state", {"unit_state": "flying"}),
        ("destination", {}),
        ("handover", {"sign": "passer-by"}),
        ("undo", {"fact": str(uuid.uuid4())}),
        ("undo", {}),
    ],
)
async def test_what_a_kind_does_not_know_is_refused_with_a_reason(
    rescue: Rescue, kind: str, data: dict[str, Any]
) -> None:
    [result] = await rescue.sync(rescue.fact(kind, data))
    assert result["status"] == "refused", result
    assert len(result["reason"]) > 10


async def test_a_time_without_its_zone_is_refused(rescue: Rescue) -> None:
    at = rescue.city.now().replace(tzinfo=None).isoformat()
    [result] = await rescue.sync(rescue.fact("time", {"point": "fmc"}, at=at))
    assert (result["status"], result["field"]) == ("refused", "at")


async def test_a_broken_batch_is_refused_as_a_whole_with_its_place(rescue: Rescue) -> None:
    for body in ({"facts": "all"}, {"facts": [7]}, {"facts": [{"id": "x"}]}, {}):
        answer = await rescue.city.raw(rescue.crew, "/sync", body)
        assert answer.status_code in (200, 422), answer.text
        if answer.status_code == 200:
            assert all(one["status"] == "refused" for one in answer.json()["results"])


async def test_clocks_that_disagree_are_recorded_and_corrected(rescue: Rescue) -> None:
    fast = rescue.city.now() + timedelta(minutes=7)
    clock = {"device": fast.isoformat(), "offset_ms": -7 * 60_000}
    fact = await rescue.file("time", {"point": "blood_drawn"}, at=fast.isoformat(), clock=clock)
    point = (await rescue.view())["times"]["blood_drawn"]
    assert point["offset_ms"] == -7 * 60_000
    true = datetime.fromisoformat(point["at"])
    assert abs(true - (fast - timedelta(minutes=7))) < timedelta(seconds=1)
    found = await rescue.city.fhir(
        rescue.crew, f"Observation?based-on=ServiceRequest/{rescue.case}&_count=500"
    )
    texts = [str(entry["resource"]) for entry in found["entry"]]
    assert any("blood_drawn" in text and "offset" in text for text in texts), fact["id"]


async def test_a_time_in_the_future_is_not_taken_as_true(rescue: Rescue) -> None:
    later = rescue.city.now() + timedelta(hours=5)
    clock = {"device": later.isoformat(), "offset_ms": None}
    fact = rescue.fact("time", {"point": "troponin_reported"}, at=later.isoformat(), clock=clock)
    [result] = await rescue.sync(fact)
    assert result["status"] in ("parked", "refused"), result
    assert "troponin_reported" not in (await rescue.view())["times"]


async def test_a_taken_back_fact_is_gone_for_everybody_and_entered_in_error(rescue: Rescue) -> None:
    fact = await rescue.file("vitals", {"hr": 66})
    await rescue.file("undo", {"fact": fact["id"]})
    assert fact["id"] not in [one["id"] for one in (await rescue.view())["vitals"]]
    found = await rescue.city.fhir(
        rescue.crew,
        f"Observation?based-on=ServiceRequest/{rescue.case}&code=http://loinc.org|8867-4&_count=200",
    )
    rates = [entry["resource"] for entry in found["entry"]]
    wrong = [one for one in rates if one.get("valueQuantity", {}).get("value") == 66]
    assert [one["status"] for one in wrong] == ["entered-in-error"]


async def test_an_automatic_time_never_overwrites_a_persons(rescue: Rescue) -> None:
    mine = (rescue.city.now() - timedelta(seconds=30)).isoformat()
    await rescue.file("time", {"point": "depart_scene"}, at=mine)
    await rescue.file("time", {"point": "depart_scene"}, source="geofence")
    point = (await rescue.view())["times"]["depart_scene"]
    assert point["source"] == "manual"


async def test_a_late_state_goes_to_its_own_time_and_never_moves_the_unit_back(city: City) -> None:
    rescue = await city.under_way("zhangbo", "unit-05")
    early = city.now().isoformat()
    await rescue.states("en_route", "at_scene", "with_patient")
    [result] = await rescue.sync(rescue.fact("state", {"unit_state": "en_route"}, at=early))
    assert result["status"] in ("stored", "duplicate"), result
    units = {one["id"]: one for one in (await city.get("wangmin", "/units"))["units"]}
    assert units["unit-05"]["state"] == "with_patient"
