"""A hospital that does not answer, diverts or lies outside; a unit that goes silent or does not react."""

from __future__ import annotations

import asyncio
from typing import Any

from banyan.apps.emergency.service.directory import forget_directory
from tests.apps.emergency.bad_input.rescue import City, Rescue, load

FAR = "far-hospital"


def a_far_hospital() -> list[dict[str, Any]]:
    kind = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "HOSP"}
    place = {
        "resourceType": "Location",
        "id": FAR,
        "status": "active",
        "name": "省立医院",
        "type": [{"coding": [kind]}],
        "position": {"latitude": -33.45, "longitude": -70.66},
        "managingOrganization": {"reference": f"Organization/{FAR}"},
    }
    return [{"resourceType": "Organization", "id": FAR, "active": True, "name": "省立医院"}, place]


async def _alarm_kinds(city: City, user: str = "wangmin") -> list[tuple[str, str | None]]:
    return [(one["kind"], one.get("case")) for one in (await city.get(user, "/desk"))["alarms"]]


async def _until(city: City, wanted: Any, *, seconds: float = 30) -> None:
    """Lets the watchers look, a minute of the region at a time, until it is so."""
    for _ in range(int(seconds / 0.5)):
        await city.take_watch(seconds=0.5)
        if await wanted():
            return
    raise AssertionError("it never came")


async def test_an_order_that_nobody_takes_prompts_the_dispatcher(city: City) -> None:
    await city.shift("zhangbo", "unit-01")
    case = (await city.call())["id"]
    sent = await city.post("wangmin", f"/cases/{case}/dispatch", {"unit": "unit-01", "reason": "test"})

    async def prompted() -> bool:
        return ("unanswered", case) in await _alarm_kinds(city)

    await _until(city, prompted)
    await city.post("zhangbo", f"/tasks/{sent['task']}/refuse", {"reason": "flat tyre"})
    view = await city.get("wangmin", f"/cases/{case}")
    assert view["status"] == "waiting"
    assert ("unanswered", case) not in await _alarm_kinds(city)


async def test_a_refusal_needs_its_reason(city: City) -> None:
    await city.shift("zhangbo", "unit-01")
    case = (await city.call())["id"]
    sent = await city.post("wangmin", f"/cases/{case}/dispatch", {"unit": "unit-01", "reason": "test"})
    answer = await city.raw("zhangbo", f"/tasks/{sent['task']}/refuse", {})
    assert answer.status_code == 422
    await city.post("wangmin", f"/tasks/{sent['task']}/cancel", {"reason": "test"})


async def test_a_hospital_that_never_acknowledges_is_escalated(city: City) -> None:
    rescue = await city.under_way()
    await rescue.announced()

    async def escalated() -> bool:
        return ("unacknowledged", rescue.case) in await _alarm_kinds(city)

    await _until(city, escalated)
    assert (await rescue.view())["notice"]["escalated_at"]
    first, second = await asyncio.gather(
        *(city.raw("liumin", f"/cases/{rescue.case}/acknowledge", {}) for _ in range(2))
    )
    assert {first.status_code, second.status_code} <= {200, 201, 204, 409}
    notice = (await rescue.view())["notice"]
    assert notice["acknowledged"]["by"]
    assert ("unacknowledged", rescue.case) not in await _alarm_kinds(city)


async def test_another_hospital_may_not_acknowledge(city: City) -> None:
    rescue = await city.under_way("zhangbo", "unit-01")
    await rescue.announced()
    answer = await city.raw("huangqian", f"/cases/{rescue.case}/acknowledge", {})
    assert answer.status_code == 403, answer.text
    assert (await rescue.view())["notice"]["acknowledged"] is None


async def test_diversion_under_way_prompts_the_crew_and_the_dispatcher(city: City) -> None:
    rescue = await city.under_way("zhangbo", "unit-05")
    await rescue.announced()
    await rescue.states("to_hospital")
    await city.post("liumin", "/hospitals/city-second/diversion", {"on": True, "reason": "power failure"})
    try:

        async def prompted() -> bool:
            return ("diversion", rescue.case) in await _alarm_kinds(city)

        await _until(city, prompted)
        assert (await rescue.view())["destination"]["diverted"] is True
        ranked = await city.get("zhangbo", f"/cases/{rescue.case}/destinations")
        first = next(one for one in ranked["options"] if one["rank"] == 1)
        assert first["hospital"] != "city-second"
    finally:
        await city.post("liumin", "/hospitals/city-second/diversion", {"on": False})


async def test_a_hospital_that_is_not_the_first_needs_a_reason(city: City) -> None:
    rescue = await city.under_way("zhangbo", "unit-07")
    await rescue.states("en_route", "at_scene", "with_patient")
    ranked = await city.get("zhangbo", f"/cases/{rescue.case}/destinations")
    other = next(one for one in ranked["options"] if one["rank"] == 2)
    [result] = await rescue.sync(
        rescue.fact("destination", {"hospital": other["hospital"], "chosen_rank": 2})
    )
    assert (result["status"], result.get("field")) == ("refused", "override_reason"), result
    moon = rescue.fact("destination", {"hospital": "moon", "override_reason": "test"})
    [unknown] = await rescue.sync(moon)
    assert unknown["status"] == "refused"


async def test_a_destination_outside_the_region_is_possible_and_labelled(city: City) -> None:
    await load(city.platform, a_far_hospital())
    forget_directory()
    rescue = await city.under_way("zhangbo", "unit-09")
    await rescue.states("en_route", "at_scene", "with_patient")
    await rescue.file("destination", {"hospital": FAR, "override_reason": "helicopter is waiting there"})
    destination = (await rescue.view())["destination"]
    assert destination["hospital"] == FAR
    assert destination["straight"] is True
    assert destination["override_reason"]


async def test_a_unit_that_goes_silent_is_flagged_and_comes_back(city: City) -> None:
    await city.shift("zhangbo", "unit-11")
    rescue = await city.under_way("linyue", "unit-11")

    async def silent() -> bool:
        units = {one["id"]: one for one in (await city.get("wangmin", "/units"))["units"]}
        return bool(units["unit-11"]["silent"])

    await _until(city, silent)
    assert "silent" in [kind for kind, _ in await _alarm_kinds(city)]
    await city.post(rescue.crew, "/positions", {"positions": [city.position("unit-11")]})
    assert not await silent()


async def test_positions_that_cannot_be_are_refused_one_by_one(city: City) -> None:
    await city.shift("linyue", "unit-03")
    good = city.position("unit-03")
    bad = [good | {"lat": 123}, good | {"unit": "unit-99"}, good | {"at": "yesterday"}]
    answer = await city.post("hub", "/positions", {"positions": [good, *bad]})
    assert answer["stored"] == 1
    assert [one["index"] for one in answer["refused"]] == [1, 2, 3]


async def test_a_figure_that_cannot_be_is_refused_on_the_resource_board(city: City) -> None:
    board = await city.get("liumin", "/hospitals/city-second/resources")
    one = next(each for each in board["resources"] if each["capacity"])
    for free in (-1, one["capacity"] + 1, "many"):
        body = {"changes": [{"id": one["id"], "free": free}]}
        answer = await city.raw("liumin", "/hospitals/city-second/resources", body)
        assert answer.status_code == 422, answer.text
    body = {"changes": [{"id": one["id"], "free": 0}]}
    answer = await city.raw("huangqian", "/hospitals/city-second/resources", body)
    assert answer.status_code == 403


async def test_the_handover_needs_both_signatures_and_is_made_once(city: City) -> None:
    rescue = await city.under_way("linyue", "unit-03")
    await rescue.announced()
    await city.post("liumin", f"/cases/{rescue.case}/acknowledge")
    await rescue.states("to_hospital", "at_hospital")
    assert (await city.people["liumin"].get(f"/api/emergency/cases/{rescue.case}/document")).status_code in (
        404,
        409,
    )
    await rescue.file("handover", {"sign": "crew", "note": "all told"})
    for _ in range(2):
        await city.post("liumin", f"/cases/{rescue.case}/handover", {"sign": "hospital"})
    document = await city.get("liumin", f"/cases/{rescue.case}/document")
    assert document["resourceType"] == "Bundle"
    assert document["type"] == "document"
    first = document["entry"][0]["resource"]
    assert first["resourceType"] == "Composition"
    assert len(first["attester"]) == 2
    kept = await city.fhir("liumin", f"Composition?subject={first['subject']['reference']}")
    assert len(kept["entry"]) == 1


async def test_only_a_doctor_reads_an_ecg(city: City) -> None:
    rescue: Rescue = await city.under_way("zhangbo", "unit-01")
    await rescue.announced()
    body = {"signal": "5d1a7c1e-0000-4000-8000-000000000000", "text": "STEMI"}
    assert (await city.raw("zhangbo", f"/cases/{rescue.case}/reading", body)).status_code == 403
    assert (await city.raw("liumin", f"/cases/{rescue.case}/reading", body)).status_code == 403
    assert (await city.raw("chenzhiyuan", f"/cases/{rescue.case}/reading", body)).status_code == 404
