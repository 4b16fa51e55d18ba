"""One chest-pain rescue from the call to the handover, by everybody's own address, then read from the record."""

from __future__ import annotations

import base64
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydicom.data import get_testdata_file

from banyan.demo.people import resident_number
from tests.apps.emergency.bad_input.rescue import City, Rescue, load

GOOD_VITALS = {
    "hr": 94,
    "rr": 24,
    "sbp": 92,
    "dbp": 60,
    "spo2": 91,
    "o2": False,
    "temp": 36.4,
    "consciousness": "A",
}


async def a_kind(city: City, user: str, path: str) -> list[dict[str, Any]]:
    bundle = await city.fhir(user, path)
    return [entry["resource"] for entry in bundle.get("entry", [])]


@pytest.fixture(scope="module")
async def rescue(city: City) -> Rescue:
    """The rescue, played to its end."""
    before = await city.platform.feed.latest()
    rescue = await city.under_way(answers={"awake": "yes", "character": "pressing"})
    case = rescue.case
    await rescue.states("en_route")
    place = (await rescue.view())["address"]
    await city.post(
        "linyue", "/positions", {"positions": [city.position("unit-03", (place["lat"], place["lon"]))]}
    )
    await city.take_watch()
    await rescue.states("with_patient")
    number = resident_number(datetime(1945, 3, 17).date(), 226)
    await rescue.file("identity", {"resident_id": number, "name": "周秀兰"})
    await rescue.file("time", {"point": "onset", "precision": 300})
    await rescue.file("vitals", GOOD_VITALS)
    ecg = get_testdata_file("waveform_ecg.dcm")
    assert isinstance(ecg, str)
    content = base64.b64encode(Path(ecg).read_bytes()).decode()
    signal = str(uuid.uuid4())
    await rescue.file("ecg", {"signal": signal, "format": "file", "name": "ecg.dcm", "file_base64": content})
    given = {"code": "B01AC06", "text": "Aspirin", "dose": 300, "unit": "mg", "route": "oral"}
    await rescue.file("medication", given)
    await rescue.file("assessment", {"rule": "killip", "input": {"class": 1}})
    await rescue.file(
        "destination", {"hospital": "city-second", "chosen_rank": 2, "override_reason": "known there"}
    )
    await rescue.file("notice", {"level": 1, "pathway": "stemi", "text": "inferior STEMI"})
    await city.post("liumin", f"/cases/{case}/acknowledge")
    await city.post("liumin", f"/cases/{case}/team", {"role": "all", "status": "called"})
    await city.post("liumin", f"/cases/{case}/preparation", {"id": "cathlab", "done": True})
    await city.post("chenzhiyuan", f"/cases/{case}/reading", {"signal": signal, "text": "下壁心肌梗死"})
    await city.post("chenzhiyuan", f"/cases/{case}/message", {"to": "crew", "text": "直接来导管室"})
    await rescue.states("to_hospital")
    hospitals = {one["id"]: one for one in (await city.get("wangmin", "/hospitals"))["hospitals"]}
    door = hospitals["city-second"]["lat"], hospitals["city-second"]["lon"]
    await city.post("linyue", "/positions", {"positions": [city.position("unit-03", door)]})
    await city.take_watch(seconds=0.2)
    await rescue.file("handover", {"sign": "crew", "note": "all told"})
    await city.post("liumin", f"/cases/{case}/handover", {"sign": "hospital"})
    await city.post("liumin", f"/cases/{case}/times", {"point": "wire_cross"})
    changes, _ = await city.platform.feed.read(before, limit=1000)
    rescue.heard = {(event.topic, event.kind) for change in changes for event in change.events}
    return rescue


async def test_times_have_their_source_and_the_geofence_saw_the_arrivals(rescue: Rescue) -> None:
    times = (await rescue.view("wangmin"))["times"]
    expected = "call answered dispatch depart_base arrive_scene fmc onset ecg_done ecg_sent ecg_read notice notice_ack"
    expected += " cathlab_called depart_scene arrive_door handover wire_cross"
    assert set(expected.split()) <= set(times)
    assert times["arrive_scene"]["source"] == "geofence"
    assert times["arrive_door"]["source"] == "geofence"
    assert times["fmc"]["source"] == "manual"
    assert all(one["by"] for one in times.values())


async def test_the_record_holds_it_as_fhir(rescue: Rescue) -> None:
    city, based = rescue.city, f"based-on=ServiceRequest/{rescue.case}"
    codes = {
        coding["code"]
        for one in await a_kind(city, "liumin", f"Observation?{based}&_count=500")
        for coding in one["code"]["coding"]
    }
    assert {
        "8867-4",
        "85354-9",
        "2708-6",
        "8310-5",
        "11524-6",
        "news2",
        "killip",
        "fmc",
        "wire_cross",
    } <= codes
    [task] = await a_kind(city, "wangmin", f"Task?{based}")
    assert task["status"] in ("in-progress", "completed")
    encounters = await a_kind(city, "liumin", f"Encounter?{based}")
    assert {one["class"]["code"] for one in encounters} == {"FLD", "EMER"}
    [stay] = [one for one in encounters if one["class"]["code"] == "EMER"]
    assert "partOf" in stay
    kinds = [
        one["category"][0]["coding"][0]["code"]
        for one in await a_kind(city, "liumin", f"Communication?{based}")
    ]
    assert sorted(kinds) == ["message", "notice"]
    [report] = await a_kind(city, "liumin", f"DiagnosticReport?{based}")
    assert report["resultsInterpreter"][0]["display"]
    [given] = await a_kind(city, "liumin", f"MedicationAdministration?subject={task['for']['reference']}")
    assert given["dosage"]["dose"]["value"] == 300


async def test_the_case_view_says_all_of_it(rescue: Rescue) -> None:
    view = await rescue.view("liumin")
    assert view["level"] == 1
    assert view["patient"]["name"] == "周秀兰"
    assert view["patient"]["unknown"] is False
    assert view["news2"]["total"] >= 7
    assert view["vitals"][-1]["sbp"] == 92
    assert view["ecgs"][0]["reading"]["text"] == "下壁心肌梗死"
    assert view["notice"]["acknowledged"]["by"]
    assert view["handover"]["crew"]
    assert view["handover"]["hospital"]
    assert any(one["done"] for one in view["preparation"])
    assert {one["status"] for one in view["team"]} == {"called"}
    assert {one["state"] for one in view["targets"]} & {"met", "missed"}
    moments = [datetime.fromisoformat(one["at"]) for one in view["timeline"]]
    assert moments == sorted(moments)


async def test_the_incoming_board_showed_it_ordered_by_severity_and_arrival(city: City) -> None:
    urgent = await city.under_way("zhangbo", "unit-05")
    await urgent.announced()
    later = await city.under_way("zhangbo", "unit-07", caller={"phone": "13100000001"})
    await later.states("en_route", "at_scene", "with_patient")
    await later.file("destination", {"hospital": "city-second", "override_reason": "test"})
    await later.file("notice", {"level": 3, "pathway": "other"})
    board = await city.get("liumin", "/hospitals/city-second/incoming")
    mine = [row for row in board["cases"] if row["case"] in (urgent.case, later.case)]
    assert [row["level"] for row in mine] == [1, 3]
    assert all(row["eta_s"] is not None for row in mine)
    answer = await city.people["huangqian"].get("/api/emergency/hospitals/city-second/incoming")
    assert answer.status_code == 403


async def test_everybody_who_follows_was_told(rescue: Rescue) -> None:
    case = rescue.case
    wanted = {
        ("desk", "call"), ("unit/unit-03", "order"), (f"case/{case}", "vitals"), ("vitals", "vitals"),
        (f"case/{case}", "case"), (f"ecg/{case}", "ecg.frame"), ("hospital/city-second", "incoming"),
        ("unit/unit-03", "message"), ("desk", "positions"),
    }  # fmt: skip
    assert wanted <= rescue.heard


async def test_the_resource_board_is_kept_in_two_touches(city: City) -> None:
    board = await city.get("liumin", "/hospitals/city-second/resources")
    beds = next(one for one in board["resources"] if one["kind"] == "beds")
    body = {"changes": [{"id": beds["id"], "free": 3}]}
    after = await city.post("liumin", "/hospitals/city-second/resources", body)
    changed = next(one for one in after["resources"] if one["kind"] == "beds")
    assert (changed["free"], changed["set_by"], changed["stale"]) == (3, "liumin", False)
    confirmed = await city.post("liumin", "/hospitals/city-second/resources/confirm")
    assert confirmed["confirmed"] == len(board["resources"])
    [location] = await a_kind(city, "liumin", f"Location?_id={beds['id']}")
    assert location["partOf"]["reference"] == "Location/city-second"


async def test_the_hospital_sees_nothing_of_a_case_before_its_notice(city: City) -> None:
    rescue = await city.under_way("zhangbo", "unit-09", caller={"phone": "13100000009"})
    assert (await city.people["liumin"].get(f"/api/emergency/cases/{rescue.case}")).status_code == 403
    found = await a_kind(city, "liumin", f"Observation?based-on=ServiceRequest/{rescue.case}")
    assert found == []


async def test_a_crew_sees_the_emergency_extract_of_the_citizen_and_no_more(rescue: Rescue) -> None:
    city = rescue.city
    citizen = (await rescue.view())["patient"]["id"]
    note = {
        "resourceType": "DocumentReference",
        "id": "an-old-letter",
        "status": "current",
        "subject": {"reference": f"Patient/{citizen}"},
        "content": [{"attachment": {"title": "psychiatric letter"}}],
    }
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "an-allergy",
        "patient": {"reference": f"Patient/{citizen}"},
    }
    await load(city.platform, [note, allergy | {"code": {"text": "青霉素"}}])
    assert [one["text"] for one in (await rescue.view())["history"]["allergies"]] == ["青霉素"]
    assert await a_kind(city, "linyue", f"DocumentReference?subject=Patient/{citizen}") == []
    assert (await city.people["linyue"].get("/fhir/DocumentReference/an-old-letter")).status_code == 403
