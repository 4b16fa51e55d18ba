"""The shell in a real browser: accessible, keyboard-only, both languages and lights, nothing typed is lost."""

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
