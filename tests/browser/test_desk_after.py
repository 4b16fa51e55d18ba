"""What comes after the desk: the overview on the wall and the review of a case, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.desk_story import CARDIOLOGIST, CHIEF, HOSPITAL, NURSE, UNIT, Desks, a_region, open_as

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desks(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    with a_region(seeded, tmp_path_factory.mktemp("after")) as opened:
        yield opened


@pytest.fixture(scope="module")
def case(desks: Desks) -> str:
    """A short rescue: sent, with the patient, an ECG, a notice, read."""
    made = desks.call(answers={"breathing": "short"})
    desks.send(made)
    for state in ("accepted", "en_route", "at_scene", "with_patient"):
        desks.facts(made, ("state", {"unit_state": state, "unit": UNIT}))
    desks.facts(
        made, ("vitals", {"hr": 96, "rr": 26, "sbp": 92, "dbp": 60, "spo2": 91, "consciousness": "A"})
    )
    signal = desks.ecg(made)
    desks.facts(made, ("destination", {"hospital": HOSPITAL, "chosen_rank": 1}))
    desks.facts(made, ("notice", {"level": 1, "pathway": "stemi"}))
    desks.api(NURSE, "POST", f"/cases/{made}/acknowledge", {})
    desks.api(
        CARDIOLOGIST, "POST", f"/cases/{made}/reading", {"signal": signal, "text": "inferior infarction"}
    )
    return made


@pytest.mark.parametrize(
    ("width", "theme", "lang"), [(1920, "dark", "zh-CN"), (1440, "light", "en"), (390, "dark", "en")]
)
async def test_the_overview_shows_the_region(
    chromium: Browser, desks: Desks, case: str, width: int, theme: str, lang: str
) -> None:
    errors: list[str] = []
    page = await open_as(
        chromium, desks, CHIEF, "/emergency/command", width=width, theme=theme, lang=lang, errors=errors
    )
    await page.wait_for_selector("#wall[data-loaded]")
    await expect(page.locator("#keys .k")).to_have_count(5)
    await expect(page.locator("#hospitals > div")).to_have_count(6)
    await assert_accessible(page)
    await page.context.close()
    assert not errors, errors


@pytest.mark.parametrize(("width", "theme", "lang"), [(1440, "light", "en"), (390, "dark", "zh-CN")])
async def test_a_case_is_reviewed_on_one_time_line(
    chromium: Browser, desks: Desks, case: str, width: int, theme: str, lang: str
) -> None:
    errors: list[str] = []
    page = await open_as(
        chromium, desks, CHIEF, "/emergency/review", width=width, theme=theme, lang=lang, errors=errors
    )
    await assert_accessible(page)
    await page.locator(f"a[href='/emergency/review/{case}']").click()
    await page.wait_for_selector("#review[data-loaded]")
    await expect(page.locator("[data-target=FMC2ECG]")).to_have_attribute("data-state", "met")
    await page.locator("#tab-points").click()
    await expect(page.locator("#tabbed tbody tr").first).to_be_visible()
    await assert_accessible(page)
    await page.keyboard.press("e")
    await expect(page.locator("#ecg-sheet")).to_contain_text("inferior infarction")
    await assert_accessible(page)
    await page.context.close()
    assert not errors, errors
