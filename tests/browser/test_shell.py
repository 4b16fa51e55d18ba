"""The shell in a real browser: accessible, by keyboard alone, both languages and lights, nothing lost."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import assert_accessible, assert_reflows, tab_through
from tests.browser.conftest import OpenPage
from tests.web.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
async def test_the_style_guide_is_accessible(
    shell_site: Site, open_page: OpenPage, lang: str, theme: str, width: int
) -> None:
    page = await open_page(
        shell_site, "/styleguide", "guide", "dispatcher", lang=lang, theme=theme, width=width
    )
    await expect(page.locator("h1").first).to_be_visible()
    await page.wait_for_timeout(400)
    await assert_accessible(page)


@pytest.mark.parametrize("path", ["/", "/api", "/trial", "/nowhere"])
async def test_pages_of_the_house_front_are_accessible(
    shell_site: Site, open_page: OpenPage, path: str
) -> None:
    page = await open_page(shell_site, path, "nurse7", "emergency_nurse") if path == "/trial" else None
    page = page or await open_page(shell_site, path, "desk7", "dispatcher")
    await assert_accessible(page)
    await assert_reflows(page)


async def test_everything_is_reached_by_keyboard(shell_site: Site, open_page: OpenPage) -> None:
    page = await open_page(shell_site, "/styleguide", "guide", "dispatcher")
    reached = await tab_through(page)
    assert "To the content" in reached[0]
    for name in ("Trial desk", "Keyboard shortcuts", "Open a dialog", "Save", "Act with undo"):
        assert any(name in one for one in reached), f"{name} is not reached: {reached}"


async def test_the_table_sorts_filters_and_takes_the_arrow_keys(
    shell_site: Site, open_page: OpenPage
) -> None:
    page = await open_page(shell_site, "/styleguide", "guide", "dispatcher")
    rows = page.locator("#guide-table tbody tr:not([data-empty]):visible")
    await page.locator("#guide-table th button", has_text="ETA").click()
    assert [await rows.nth(at).locator("td").nth(4).inner_text() for at in range(4)] == [
        "4.2",
        "6.0",
        "8.0",
        "11.5",
    ]
    await rows.first.focus()
    await page.keyboard.press("ArrowDown")
    assert await page.evaluate("document.activeElement.cells[1].textContent") == "0047"
    await page.fill("[data-filter=guide-table]", "0049")
    await expect(rows).to_have_count(1)
    await page.fill("[data-filter=guide-table]", "no such")
    await expect(page.locator("#guide-table [data-empty]")).to_be_visible()


async def test_shortcuts_language_and_light(shell_site: Site, open_page: OpenPage) -> None:
    page = await open_page(shell_site, "/styleguide", "guide", "dispatcher")
    await page.keyboard.press("?")
    await expect(page.locator("#shortcuts")).to_be_visible()
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.locator("#shortcuts")).to_be_hidden()
    await page.click("[data-theme-switch]")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.click("[data-lang='zh-CN']")
    await expect(page.locator("h1").first).to_have_text("样式指南")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_undo_takes_back_and_problems_stay(shell_site: Site, open_page: OpenPage) -> None:
    page = await open_page(shell_site, "/styleguide", "guide", "dispatcher")
    await page.click("[data-undo]")
    await page.keyboard.press("u")
    await expect(page.locator(".toast")).to_contain_text("Taken back")
    await page.click("[data-toast=problem]")
    await expect(page.locator(".toast.problem")).to_be_visible()
    await assert_accessible(page)


async def test_the_menu_of_a_phone_opens_and_closes(shell_site: Site, open_page: OpenPage) -> None:
    page = await open_page(shell_site, "/", "desk7", "dispatcher", width=390, height=844)
    await expect(page.locator("nav.side")).to_be_hidden()
    await page.click("[data-menu]")
    await expect(page.locator("nav.side")).to_be_visible()
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.locator("nav.side")).to_be_hidden()
