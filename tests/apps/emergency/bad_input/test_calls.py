"""Calls that are sent twice, from the sea, by two dispatchers, with answers that do not exist."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from tests.apps.emergency.bad_input.rescue import HOME, SEA, City, a_call


async def test_a_call_sent_twice_is_one_call(city: City) -> None:
    call = a_call()
    first, second = await asyncio.gather(*(city.raw("wangmin", "/calls", call) for _ in range(2)))
    assert {first.status_code, second.status_code} == {200, 201}
    assert first.json()["id"] == second.json()["id"] == call["id"]
    bundle = await city.fhir("wangmin", f"ServiceRequest?_id={call['id']}")
    assert len(bundle["entry"]) == 1


async def test_another_dispatch_system_may_repeat_its_call(city: City) -> None:
    external = {"system": "https://dispatch.example/calls", "value": uuid.uuid4().hex}
    call = {key: value for key, value in a_call(external=external).items() if key != "id"}
    first = await city.post("hub", "/dispatch-systems/calls", call)
    again = await city.post("hub", "/dispatch-systems/calls", call)
    assert first["id"] == again["id"]
    desk = await city.get("wangmin", "/desk")
    assert [row["case"] for row in desk["calls"]].count(first["id"]) == 1


async def test_a_call_in_the_sea_is_kept_and_labelled(city: City) -> None:
    place = {"text": "a boat", "lat": SEA[0], "lon": SEA[1]}
    made = await city.call(address=place, caller={"phone": "13900000001"})
    assert made["address"]["outside"] is True
    await city.shift("zhangbo", "unit-01")
    options = (await city.get("wangmin", f"/cases/{made['id']}/units"))["options"]
    seen = next(option for option in options if option["unit"] == "unit-01")
    assert seen["straight"] is True
    assert seen["seconds"] > 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"complaint": "headache-of-the-moon"}, "complaint"),
        ({"answers": {"awake": "perhaps"}}, "answers"),
        ({"answers": {"colour": "yes"}}, "answers"),
        ({"level": 9, "level_reason": "x"}, "level"),
        ({"level": 4}, "level_reason"),
        ({"id": "47"}, "id"),
        ({"external": {"system": "https://x.example"}}, "external"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    city: City, changes: dict[str, object], field: str
) -> None:
    answer = await city.raw("wangmin", "/calls", a_call(**changes))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["field"] == field
    assert len(problem["detail"]) > 10


@pytest.mark.parametrize("point", [{"lat": 95, "lon": 0}, {"lat": 0, "lon": 200}, {"lat": 10}, {"lon": 10}])
async def test_a_point_that_is_on_no_globe_is_refused(city: City, point: dict[str, float]) -> None:
    answer = await city.raw("wangmin", "/calls", a_call(address={"text": "somewhere"} | point))
    assert answer.status_code == 422, answer.text


async def test_the_same_incident_is_found_and_joined(city: City) -> None:
    phone = "13700000077"
    first = await city.call(caller={"phone": phone})
    near = {"text": "Balmaceda", "lat": HOME[0] + 0.0005, "lon": HOME[1]}
    second = await city.call("liqiang", caller={"phone": phone}, address=near)
    assert first["id"] in [one["case"] for one in second["duplicates"]]
    await city.post("liqiang", f"/cases/{second['id']}/merge", {"into": first["id"]})
    joined = await city.get("liqiang", f"/cases/{second['id']}")
    assert joined["status"] == "closed"
    desk = await city.get("wangmin", "/desk")
    assert second["id"] not in [row["case"] for row in desk["calls"]]


async def test_of_two_dispatchers_the_second_is_told_who_was_quicker(city: City) -> None:
    await city.shift("zhangbo", "unit-01")
    await city.shift("linyue", "unit-03")
    case = (await city.call())["id"]
    answers = await asyncio.gather(
        city.raw("wangmin", f"/cases/{case}/dispatch", {"unit": "unit-01", "reason": "test"}),
        city.raw("liqiang", f"/cases/{case}/dispatch", {"unit": "unit-03", "reason": "test"}),
    )
    assert sorted(one.status_code for one in answers) == [200, 409], [one.text for one in answers]
    winner = "wangmin" if answers[0].status_code == 200 else "liqiang"
    refused = next(one for one in answers if one.status_code == 409).json()
    assert winner in refused["detail"]
    view = await city.get("wangmin", f"/cases/{case}")
    assert view["unit"]["id"] == ("unit-01" if winner == "wangmin" else "unit-03")
    free = await city.get("wangmin", "/units")
    idle = {one["id"]: one for one in free["units"]}["unit-03" if winner == "wangmin" else "unit-01"]
    assert idle["state"] == "available"
    await city.post("wangmin", f"/tasks/{view['task']['id']}/cancel", {"reason": "test"})


async def test_a_stale_change_of_a_call_says_who_changed_it(city: City) -> None:
    made = await city.call(caller={"phone": "13600000055"})
    old = made["etag"]
    mine = a_call(answers={"awake": "no"}) | {"etag": old}
    await city.post("wangmin", f"/cases/{made['id']}/call", mine)
    answer = await city.raw("liqiang", f"/cases/{made['id']}/call", mine | {"answers": {"awake": "yes"}})
    assert answer.status_code == 409, answer.text
    assert "wangmin" in answer.text


async def test_one_unit_is_not_sent_to_two_calls(city: City) -> None:
    await city.shift("zhangbo", "unit-01")
    one, two = (await city.call())["id"], (await city.call(caller={"phone": "13600000066"}))["id"]
    sent = await city.post("wangmin", f"/cases/{one}/dispatch", {"unit": "unit-01", "reason": "test"})
    answer = await city.raw("liqiang", f"/cases/{two}/dispatch", {"unit": "unit-01", "reason": "test"})
    assert answer.status_code == 409, answer.text
    await city.post("wangmin", f"/tasks/{sent['task']}/cancel", {"reason": "test"})


async def test_who_may_not_take_calls_is_told_which_role_may(city: City) -> None:
    answer = await city.raw("liumin", "/calls", a_call())
    assert answer.status_code == 403
    assert "dispatcher" in answer.json()["detail"]


async def test_an_unknown_case_unit_or_hospital_is_not_found(city: City) -> None:
    nowhere = str(uuid.uuid4())
    assert (await city.people["wangmin"].get(f"/api/emergency/cases/{nowhere}")).status_code == 404
    case = (await city.call())["id"]
    answer = await city.raw("wangmin", f"/cases/{case}/dispatch", {"unit": "unit-99"})
    assert answer.status_code == 404, answer.text
    assert (await city.people["liumin"].get("/api/emergency/hospitals/moon/resources")).status_code in (
        403,
        404,
    )
