"""The dispatch desk in a real browser against a real server: a call taken and sent by keyboard, and what goes wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.accessibility import assert_accessible, tab_through
from tests.browser.desk_story import CREW, DISPATCHER, HARBOUR, SECOND, Desks, a_region, open_as

pytestmark = pytest.mark.browser
SOUTH = {"text": "Peñuelas 118", "lat": -29.955, "lon": -71.29}
NORTH = {"text": "Balmaceda 900", "lat": -29.905, "lon": -71.25}


@pytest.fixture(scope="module")
def desks(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    with a_region(seeded, tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture
async def desk(chromium: Browser, desks: Desks) -> AsyncIterator[Page]:
    """The dispatcher's desk, loaded, with nothing open from the test before."""
    _clear(desks)
    errors: list[str] = []
    page = await open_as(chromium, desks, DISPATCHER, "/emergency/desk", errors=errors)
    await page.wait_for_selector("#desk[data-loaded]")
    yield page
    await page.context.close()
    assert not errors, errors


def _clear(desks: Desks) -> None:
    board = desks.api(DISPATCHER, "GET", "/desk")
    for row in [*board["calls"], *board["active"]]:
        view = desks.case(row["case"])
        if view["unit"] and view["task"]["status"] in ("requested", "accepted", "in-progress"):
            desks.ask(DISPATCHER, "POST", f"/tasks/{view['task']['id']}/cancel", {"reason": "the next test"})
        desks.ask(
            DISPATCHER, "POST", f"/cases/{row['case']}/close", {"outcome": "done", "reason": "the next test"}
        )


async def eventually(seen: Any, wanted: Any, patience: float = 15) -> Any:
    """Asks until what is seen is what is wanted."""
    deadline = time.monotonic() + patience
    while (found := seen()) != wanted and time.monotonic() < deadline:
        await asyncio.sleep(0.3)
    assert found == wanted
    return found


async def choose(page: Page, case: str) -> None:
    await page.locator(f".call[data-case='{case}'], .job[data-case='{case}']").click()
    await page.wait_for_selector("#right .head")


async def test_a_call_is_taken_and_a_unit_sent_by_keyboard_alone(desk: Page, desks: Desks) -> None:
    await desk.keyboard.press("F2")
    await expect(desk.locator("#nc-address")).to_be_focused()
    await desk.keyboard.type("balmaceda", delay=20)
    await desk.wait_for_selector("#nc-streets li")
    for key in ("ArrowDown", "Enter", "Tab"):
        await desk.keyboard.press(key)
    await desk.keyboard.type("5th floor")
    for key in ("Tab", "Space", "Tab"):
        await desk.keyboard.press(key)
    await desk.keyboard.press("y")
    await desk.keyboard.press("2")
    await expect(desk.locator(".newcall .lv.xl")).to_have_text("I")
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#send")).to_contain_text("Send unit")
    await expect(desk.locator(".opt[aria-checked=true] .why")).not_to_be_empty()
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".recallbar")).to_contain_text("waiting for the crew's answer")
    case = desks.api(DISPATCHER, "GET", "/desk")["active"][0]["case"]
    view = desks.case(case)
    assert view["level"] == 1
    assert view["address"]["note"] == "5th floor"
    assert {one["id"] for one in view["answers"]} == {"awake", "breathing"}
    assert view["task"]["status"] == "requested"
    await desk.keyboard.press("z")
    await eventually(lambda: desks.case(case)["status"], "waiting")
    await expect(desk.locator("#send")).to_contain_text("Send unit")


async def test_a_unit_other_than_the_first_goes_with_a_reason(desk: Page, desks: Desks) -> None:
    case = desks.call()
    await choose(desk, case)
    await desk.locator(".opt").nth(1).wait_for()
    second = await desk.locator(".opt").nth(1).get_attribute("data-unit")
    await desk.locator("#right .head").click()
    await desk.keyboard.press("2")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#other-reason")).to_be_focused()
    assert desks.case(case)["unit"] is None
    await desk.keyboard.type("knows the house")
    await desk.keyboard.press("Enter")
    await eventually(lambda: (desks.case(case)["unit"] or {}).get("id"), second)


async def test_the_second_of_two_dispatchers_is_told_who_was_quicker(
    desk: Page, desks: Desks, chromium: Browser
) -> None:
    case = desks.call()
    await choose(desk, case)
    await desk.locator(".opt").first.wait_for()
    await desk.route("**/api/emergency/desk", lambda route: route.abort())  # this desk is a moment behind
    desks.send(case, "unit-05", user=SECOND)
    await desk.locator("#right .head").click()
    await desk.evaluate("document.activeElement.blur()")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".conflict, #right .course").first).to_be_visible()
    await desk.unroute("**/api/emergency/desk")
    assert desks.case(case)["unit"]["id"] == "unit-05"


async def test_the_same_incident_called_in_twice_is_joined_with_one_key(desk: Page, desks: Desks) -> None:
    first = desks.call(address=SOUTH)
    await desk.wait_for_selector(f".call[data-case='{first}']")
    await desk.keyboard.press("F2")
    await desk.fill("#nc-address", "Peñuelas")
    await desk.wait_for_selector("#nc-streets li")
    await desk.keyboard.press("Escape")
    await desk.evaluate("document.querySelector('#nc-address').blur()")
    await desk.locator(".chip1", has_text="Chest pain").click()
    await desk.fill("#nc-phone", "13800002716")
    await desk.locator("#take-call").click()
    await expect(desk.locator(".same")).to_contain_text("The same incident?")
    await desk.locator("#right .head").click()
    await desk.keyboard.press("m")
    await eventually(lambda: len(desks.api(DISPATCHER, "GET", "/desk")["calls"]), 1)
    await expect(desk.locator(f".call[data-case='{first}'][aria-current=true]")).to_be_visible()


async def test_a_call_at_sea_is_said_and_kept(desk: Page, desks: Desks) -> None:
    case = desks.call(address={"text": "fishing boat", "lat": -29.9, "lon": -71.6})
    await expect(desk.locator(f".call[data-case='{case}'] .tag.medium")).to_contain_text("outside the region")
    await choose(desk, case)
    await expect(desk.locator(".facts2 .tag.medium")).to_contain_text("outside the region")
    await expect(desk.locator(".opt").first).to_contain_text("straight line")


async def test_a_unit_that_does_not_answer_is_recalled_and_the_call_waits_again(
    desk: Page, desks: Desks
) -> None:
    case = desks.call()
    desks.send(case, "unit-09")
    await choose(desk, case)
    await expect(desk.locator(".prompt")).to_contain_text("has not answered", timeout=40_000)
    await desk.locator("#right .head").click()
    await desk.keyboard.press("r")
    await eventually(lambda: desks.case(case)["status"], "waiting")


async def test_an_alarm_is_taken_by_name(desk: Page, desks: Desks) -> None:
    case = desks.call()
    desks.send(case, "unit-11")
    await expect(desk.locator("#alarms .alarm")).to_be_visible(timeout=40_000)
    alarm = str(await desk.locator("#alarms .alarm").get_attribute("data-alarm"))
    await desk.locator("#left h2").first.click()
    await desk.keyboard.press("a")

    def taken() -> str:
        alarms = desks.api(DISPATCHER, "GET", "/desk")["alarms"]
        return next((one["acknowledged"]["by"] for one in alarms if one["id"] == alarm), "")

    await eventually(taken, "王敏")


async def test_without_a_line_units_go_by_radio_and_are_logged_after(desk: Page, desks: Desks) -> None:
    case = desks.call(address=NORTH)
    await choose(desk, case)
    await desk.locator(".opt").first.wait_for()
    await desk.context.set_offline(True)
    await expect(desk.locator("#alarms .offbar")).to_contain_text("No line", timeout=30_000)
    await expect(desk.locator("#map.old")).to_be_attached()
    await desk.evaluate("document.activeElement.blur()")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#radio li")).to_have_count(1)
    assert desks.case(case)["unit"] is None
    await desk.context.set_offline(False)
    await eventually(lambda: desks.case(case)["status"], "dispatched", patience=40)
    await expect(desk.locator("#radio")).to_have_count(0)


async def test_a_fact_without_a_place_is_discarded_with_a_reason(desk: Page, desks: Desks) -> None:
    case = desks.call(address=HARBOUR)
    task = desks.send(case)
    desks.api(CREW, "POST", f"/tasks/{task}/accept", {})
    desks.api(DISPATCHER, "POST", f"/tasks/{task}/cancel", {"reason": "test"})
    desks.api(DISPATCHER, "POST", f"/cases/{case}/close", {"outcome": "cancelled", "reason": "test"})
    fact = desks.a_fact(case, "note", {"text": "written after the end"})
    [answer] = desks.api(CREW, "POST", "/sync", {"facts": [fact]})["results"]
    assert answer["status"] == "parked"
    await desk.locator("#parked").click()
    await expect(desk.locator(".fact")).to_contain_text("written after the end")
    await assert_accessible(desk)
    await desk.locator(".fact input[name=reason]").fill("the wrong patient")
    await desk.locator(".fact .stop").click()
    await expect(desk.locator(".fact")).to_have_count(0)


@pytest.mark.parametrize(
    ("width", "theme", "lang"), [(390, "dark", "zh-CN"), (820, "light", "en"), (1440, "dark", "en")]
)
async def test_the_desk_is_accessible(
    chromium: Browser, desks: Desks, width: int, theme: str, lang: str
) -> None:
    _clear(desks)
    desks.call()
    desks.send(desks.call(address=NORTH), "unit-06")
    page = await open_as(chromium, desks, DISPATCHER, "/emergency/desk", width=width, theme=theme, lang=lang)
    await page.wait_for_selector("#desk[data-loaded]")
    await page.wait_for_selector(".call")
    await page.wait_for_timeout(1500)
    await assert_accessible(page)
    if width == 1440:
        reached = await tab_through(page)
        assert any("Send unit" in one for one in reached), reached
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    await page.keyboard.press("F2")
    await page.wait_for_selector(".newcall")
    await assert_accessible(page)
    await page.context.close()


async def test_a_crew_is_told_whose_page_it_is(chromium: Browser, desks: Desks) -> None:
    page = await open_as(chromium, desks, CREW, "/emergency/desk")
    await expect(page.locator("main")).to_contain_text("Dispatcher")
    await page.context.close()
