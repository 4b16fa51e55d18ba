"""Facts that are right but have no place: kept, seen by both sides, filed or discarded by a person."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

from tests.apps.emergency.bad_input.rescue import City, Rescue


async def _ids(city: City, user: str) -> list[str]:
    parked = await city.get(user, "/parked")
    listed = parked["parked"] if isinstance(parked, dict) else parked
    return [str(one["id"]) for one in listed]


async def _parked(rescue: Rescue, fact: dict[str, Any]) -> dict[str, Any]:
    [result] = await rescue.sync(fact)
    assert result["status"] == "parked", result
    assert len(result["reason"]) > 10
    return result


async def test_a_fact_of_an_unknown_case_is_kept_and_can_be_filed_to_the_right_one(city: City) -> None:
    rescue = await city.under_way()
    fact = rescue.fact("note", {"text": "whose is this?"}, case=str(uuid.uuid4()))
    await _parked(rescue, fact)
    assert fact["id"] in await _ids(city, rescue.crew)
    assert fact["id"] in await _ids(city, "wangmin")
    assert (await rescue.sync(fact))[0]["status"] == "parked"
    await city.post("wangmin", f"/parked/{fact['id']}/file", {"case": rescue.case})
    assert "whose is this?" in [one["text"] for one in (await rescue.view())["notes"]]
    assert fact["id"] not in await _ids(city, "wangmin")
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "test"})


async def test_after_a_reassignment_only_what_was_recorded_before_is_filed(city: City) -> None:
    rescue = await city.under_way()
    before = rescue.fact("note", {"text": "before"})
    await asyncio.sleep(0.2)
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "another unit is nearer"})
    await city.shift("zhangbo", "unit-05")
    order = {"unit": "unit-05", "reason": "test"}
    other = await city.post("wangmin", f"/cases/{rescue.case}/dispatch", order)
    await asyncio.sleep(0.2)
    after = rescue.fact("note", {"text": "after"})
    statuses = [one["status"] for one in await rescue.sync(before, after)]
    assert statuses == ["stored", "parked"]
    notes = [one["text"] for one in (await rescue.view("wangmin"))["notes"]]
    assert notes == ["before"]
    await city.post("wangmin", f"/tasks/{other['task']}/cancel", {"reason": "test"})


async def test_a_fact_recorded_after_the_shift_is_parked_and_one_within_it_is_filed(city: City) -> None:
    rescue = await city.under_way()
    within = rescue.fact("note", {"text": "within"})
    beyond = rescue.fact("note", {"text": "beyond"}, at=(city.now() - timedelta(days=3)).isoformat())
    statuses = [one["status"] for one in await rescue.sync(within, beyond)]
    assert statuses == ["stored", "parked"]
    await city.post("wangmin", f"/parked/{beyond['id']}/discard", {"reason": "of another day"})
    assert beyond["id"] not in await _ids(city, "wangmin")
    assert (await rescue.sync(beyond))[0]["status"] in ("refused", "duplicate", "parked")
    assert "beyond" not in [one["text"] for one in (await rescue.view())["notes"]]
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "test"})


async def test_a_device_that_lost_its_shift_token_is_given_it_again(city: City) -> None:
    rescue = await city.under_way()
    rescue.token = (await city.get("linyue", "/shift"))["token"]
    written = rescue.fact("note", {"text": "after the store was wiped"})
    assert [one["status"] for one in await rescue.sync(written)] == ["stored"]
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "test"})


async def test_a_forged_shift_token_opens_nothing(city: City) -> None:
    rescue = await city.under_way()
    rescue.token = rescue.token[:-6] + "AAAAAA"
    answer = await city.raw(
        rescue.crew, "/sync", {"facts": [rescue.fact("note", {"text": "x"})], "shift": rescue.token}
    )
    if answer.status_code == 200:
        assert answer.json()["results"][0]["status"] in ("parked", "refused")
    else:
        assert answer.status_code in (401, 403, 422)
    assert (await rescue.view())["notes"] == []
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "test"})


async def test_a_fact_for_a_closed_case_is_parked(city: City) -> None:
    rescue = await city.under_way()
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "test"})
    await city.post(
        "wangmin", f"/cases/{rescue.case}/close", {"outcome": "no-transport", "reason": "walked away"}
    )
    await asyncio.sleep(0.1)
    await _parked(rescue, rescue.fact("note", {"text": "too late"}))


async def test_an_expired_session_is_told_to_sign_in_and_the_facts_are_taken_afterwards(city: City) -> None:
    rescue = await city.under_way()
    fact = rescue.fact("note", {"text": "typed in the field"})
    answer = await city.raw("nobody", "/sync", {"facts": [fact], "shift": rescue.token})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [one["status"] for one in await rescue.sync(fact)] == ["stored"]
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "test"})


async def test_another_crew_cannot_write_into_this_case(city: City) -> None:
    rescue = await city.under_way()
    other_token = await city.shift("zhangbo", "unit-01")
    stranger = Rescue(city, rescue.case, "zhangbo", "unit-01", other_token, rescue.task)
    [result] = await stranger.sync(stranger.fact("note", {"text": "not mine"}))
    assert result["status"] in ("parked", "refused"), result
    assert (await rescue.view())["notes"] == []
    assert (await city.people["zhangbo"].get(f"/api/emergency/cases/{rescue.case}")).status_code == 403
    await city.post("wangmin", f"/tasks/{rescue.task}/cancel", {"reason": "test"})
