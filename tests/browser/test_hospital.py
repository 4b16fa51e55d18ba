"""The hospital's pages in a real browser: who comes, one case live, taking a patient, reading, preparing."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage, assert_accessible, assert_reflows, tab_through
from tests.browser.hospital_scene import HOSPITAL, Scene, crash, night, scene, site
from tests.web.site import Site

pytestmark = pytest.mark.browser
__all__ = ["night", "scene", "site"]  # fixtures


def row(case: str) -> str:
    return f'li[data-case="{case}"]'


async def nurse(open_page: OpenPage, site: Site, path: str, **options: Any) -> Page:
    return await open_page(site, path, "ward-nurse", "emergency_nurse", institution=HOSPITAL, **options)


async def doctor(open_page: OpenPage, site: Site, path: str, **options: Any) -> Page:
    return await open_page(site, path, "ward-doctor", "cardiologist", institution=HOSPITAL, **options)


async def test_the_most_severe_and_soonest_come_first(
    site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    page = await nurse(open_page, site, "/emergency/incoming")
    await expect(page.locator("li[data-case]")).to_have_count(3)
    levels = await page.locator("li[data-case] .lv").all_inner_texts()
    assert levels == ["I", "I", "II"]
    known = page.locator(row(night["infarction"]))
    await expect(known).to_contain_text("F 81 · 周秀兰")
    await expect(known).to_contain_text("98/62")
    await expect(known).to_contain_text("NEWS2 6 · Medium risk")
    await expect(page.locator(row(night["crash"]))).to_contain_text("NEWS2 incomplete")
    await expect(page.locator("#ready")).to_contain_text("of 18 free")


async def test_taking_a_patient_turns_the_button_into_a_name_for_everybody(
    scene: Scene, site: Site, open_page: OpenPage
) -> None:
    case = await crash(scene, "unit-09")
    mine, other = [await nurse(open_page, site, "/emergency/incoming") for _ in range(2)]
    await expect(mine.locator(row(case))).to_have_class("p loud ")
    await mine.locator(row(case)).get_by_role("button", name="I take this patient").click()
    for page in (mine, other):
        await expect(page.locator(row(case)).locator(".who2")).to_have_text("ward-nurse")
        await expect(page.locator(row(case)).locator(".flag")).to_have_count(0)


async def test_the_sound_needs_one_touch_and_says_while_it_is_muted(
    site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    page = await nurse(open_page, site, "/emergency/incoming")
    switch = page.locator("#sound button")
    await expect(switch).to_have_attribute("aria-label", "Sound on: tap once")
    await switch.click()
    await expect(switch).to_have_attribute("aria-label", "Sound is on: tap to mute")
    await switch.click()
    await expect(switch).to_contain_text("Muted")


async def test_vital_signs_draw_from_the_event_without_reading_the_case_again(
    scene: Scene, site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    case = night["stroke"]
    page = await doctor(open_page, site, f"/emergency/cases/{case}")
    await expect(page.locator('[data-sign="hr"] .n')).to_have_text("62")
    await expect(page.locator("[data-sync]")).to_have_text("Saved · online")
    read: list[str] = []
    page.on("request", lambda request: read.append(request.url) if request.url.endswith(case) else None)
    await scene.fact("unit-05", case, "vitals", {"hr": 84, "spo2": 97}, source="device")
    await expect(page.locator('[data-sign="hr"] .n')).to_have_text("84")
    assert not read, "a vital sign draws from its event"
    await scene.fact("unit-05", case, "vitals", {"hr": 141, "spo2": 88}, source="device")  # an alarm is read
    await expect(page.locator('[data-sign="hr"] .n')).to_have_text("141")
    await expect(page.locator('[data-sign="spo2"]')).to_have_class("f-hi ")


async def test_the_ecg_draws_live_and_a_physician_reads_it(
    scene: Scene, site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    case = night["infarction"]
    page = await doctor(open_page, site, f"/emergency/cases/{case}")
    await expect(page.locator(".ecgc")).to_contain_text("demonstration signal")
    await expect(page.locator(".ecgc")).to_contain_text("rule unverified: never decides alone")
    await expect(page.locator("ecg-paper .ecg-scroll")).to_have_attribute("aria-label", re.compile("III ST"))
    await page.get_by_label("Reading of the ECG").fill("急性下壁心肌梗死")
    await page.get_by_role("button", name="Sign the reading").click()
    await expect(page.locator(".read .dx")).to_have_text("急性下壁心肌梗死")
    await expect(page.locator("#head h1")).to_contain_text("急性下壁心肌梗死")
    signal, begun = uuid.uuid4(), scene.now()
    for second in range(3):
        await scene.frames("unit-03", case, seconds=1, signal=signal, start=begun, first=second)
    await expect(page.locator(".ecgc .meta")).to_contain_text("live")


async def test_preparing_calling_and_times_are_one_tap_and_can_be_undone(
    site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    page = await nurse(open_page, site, f"/emergency/cases/{night['infarction']}")
    item = page.get_by_role("checkbox", name="Consent form ready")
    await item.click()
    await expect(item).to_have_attribute("aria-checked", "true")
    await page.locator(".undo button").click()
    await expect(item).to_have_attribute("aria-checked", "false")
    await page.get_by_role("button", name="Call the whole team").click()
    await expect(page.locator(".mem")).to_contain_text("called")
    await (
        page.get_by_role("group", name="Interventional cardiologist")
        .get_by_role("button", name="here")
        .click()
    )
    await expect(page.locator(".team header")).to_contain_text("1 / 5")
    await page.get_by_role("button", name="Blood drawn").click()
    await expect(page.locator(".tp .done").filter(has_text="Blood drawn")).to_contain_text("ward-nurse")


async def test_talking_with_the_crew_shows_what_was_read(
    scene: Scene, site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    case = night["infarction"]
    page = await nurse(open_page, site, f"/emergency/cases/{case}")
    await page.get_by_role("button", name="Straight to the cath lab.").click()
    await page.get_by_role("button", name="Send").click()
    said = page.locator(".msgs .mine").filter(has_text="Straight to the cath lab.")
    await expect(said).to_contain_text("sent, not read yet")
    answer = await scene.crews["unit-03"].post(f"/api/emergency/cases/{case}/messages/read")
    assert answer.is_success, answer.text
    await expect(said).to_contain_text("read ")
    await scene.fact("unit-03", case, "message", {"to": "hospital", "text": "Two minutes."})
    await expect(page.locator(".msgs")).to_contain_text("Two minutes.")


async def test_what_is_typed_outlives_a_reload(
    site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    page = await nurse(open_page, site, f"/emergency/cases/{night['stroke']}")
    box = page.locator(".talk input")
    await box.fill("Please wait for")
    await page.reload()
    await expect(page.locator(".talk input")).to_have_value("Please wait for")


async def test_another_hospital_sees_neither_board_nor_case(
    site: Site, night: dict[str, str], open_page: OpenPage
) -> None:
    page = await open_page(site, "/emergency/incoming", "north-nurse", "emergency_nurse", institution="north")
    await expect(page.locator("#list")).to_contain_text("Nobody is on the way")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_page_is_accessible_and_reflows(
    site: Site, night: dict[str, str], open_page: OpenPage, theme: str
) -> None:
    case = night["infarction"]
    paths = (
        "/emergency/incoming",
        "/emergency/board",
        f"/emergency/cases/{case}",
        f"/emergency/handover/{case}",
    )
    for path in paths:
        page = await doctor(open_page, site, path, theme=theme)
        await expect(page.locator("[aria-busy]")).to_have_count(0)
        await assert_accessible(page)
        await assert_reflows(page)
        await tab_through(page, most=100)
