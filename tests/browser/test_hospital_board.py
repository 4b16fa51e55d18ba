"""The resource board and the handover in a real browser: two taps, undo, diversion, signatures, paper."""

from __future__ import annotations

import io
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hospital_scene import HOSPITAL, Scene, crash, scene, site
from tests.web.site import Site

pytestmark = pytest.mark.browser
__all__ = ["scene", "site"]  # fixtures


async def nurse(open_page: OpenPage, site: Site, path: str, **options: Any) -> Page:
    return await open_page(site, path, "board-nurse", "emergency_nurse", institution=HOSPITAL, **options)


def tile(page: Page, kind: str) -> Any:
    return page.locator(f'li[data-kind="{kind}"]')


async def test_a_bed_less_in_one_tap_and_back_with_undo(site: Site, open_page: OpenPage) -> None:
    mine, other = [await nurse(open_page, site, "/emergency/board") for _ in range(2)]
    beds = tile(mine, "beds")
    await expect(beds.locator(".mid3 b").first).to_have_text("8")
    await beds.get_by_role("button", name="one less free").click()
    for page in (mine, other):
        await expect(tile(page, "beds").locator(".mid3 b").first).to_have_text("7")
    await expect(tile(other, "beds")).to_contain_text("board-nurse")
    await mine.locator(".undo button").click()
    await expect(tile(other, "beds").locator(".mid3 b").first).to_have_text("8")


async def test_a_room_is_busy_until_a_time(site: Site, open_page: OpenPage) -> None:
    page = await nurse(open_page, site, "/emergency/board")
    lab = tile(page, "cathlab")
    await lab.get_by_role("button", name="In use").click()
    await expect(lab.get_by_role("button", name="In use")).to_have_attribute("aria-pressed", "true")
    await lab.get_by_role("button", name="10 minutes later").click()
    await expect(lab.locator(".unt b")).not_to_have_text("—")
    await lab.get_by_role("button", name="Vacant").click()
    await expect(lab.locator(".unt")).to_have_count(0)


async def test_all_as_before_makes_every_figure_fresh(site: Site, open_page: OpenPage) -> None:
    page = await nurse(open_page, site, "/emergency/board")
    await page.get_by_role("button", name="All as before").click()
    await expect(tile(page, "icu").locator(".who3")).to_contain_text("board-nurse")
    await expect(page.locator("#fresh")).to_contain_text("all confirmed within 30 min")


async def test_a_diversion_has_a_reason_and_an_end_and_ends_with_one_tap(
    site: Site, open_page: OpenPage
) -> None:
    page = await nurse(open_page, site, "/emergency/board")
    stroke = page.locator(".dv", has_text="Stroke")
    await stroke.click()
    await page.get_by_label("Reason").fill("CT down")
    await page.get_by_role("button", name="2 h").click()
    await expect(stroke).to_have_attribute("aria-pressed", "true")
    await expect(stroke).to_contain_text("CT down")
    await expect(stroke).to_contain_text("until")
    wall = await nurse(open_page, site, "/emergency/incoming")
    await expect(wall.locator("#ready")).to_contain_text("Diversion")
    await stroke.click()
    await expect(stroke).to_have_attribute("aria-pressed", "false")


async def test_both_sides_sign_and_the_sheet_is_two_pages_of_a4(
    scene: Scene, site: Site, open_page: OpenPage
) -> None:
    case = await crash(scene, "unit-07")
    await scene.frames("unit-07", case)
    await scene.fact("unit-07", case, "state", {"unit_state": "at_hospital", "unit": "unit-07"})
    await scene.fact("unit-07", case, "handover", {"sign": "crew", "note": "Pelvic binder on."})
    page = await nurse(open_page, site, f"/emergency/cases/{case}")
    await page.get_by_role("button", name="Sign for the hospital").click()
    await page.get_by_role("button", name="Sign", exact=True).click()
    await expect(page.locator(".sigs")).to_contain_text("board-nurse")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="FHIR document").click()
    assert (await started.value).suggested_filename.startswith("handover-")
    await page.goto(f"{site.url}/emergency/handover/{case}")
    await expect(page.locator(".sig")).to_contain_text("board-nurse")
    await expect(page.locator(".ft").first).to_contain_text("SHA-256")
    await expect(page.locator("true-paper canvas")).to_have_count(1)
    width = await page.evaluate("document.querySelector('true-paper canvas').getBoundingClientRect().width")
    assert abs(width - 185 * 96 / 25.4) < 1, "185 mm of paper are 185 CSS millimetres"
    assert _pages(await page.pdf(prefer_css_page_size=True)) == 2


def _pages(pdf: bytes) -> int:
    return (
        io.BytesIO(pdf).getvalue().count(b"/Type /Page\n")
        or pdf.count(b"/Type/Page/")
        or pdf.count(b"/Type /Page ")
    )
