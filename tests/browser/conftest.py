"""What browser tests share: a site of the installed applications, signed-in pages, accessibility checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page

from banyan.platform import Platform
from banyan.settings import Settings
from tests.browser.accessibility import assert_accessible, assert_reflows, tab_through
from tests.web.conftest import an_app
from tests.web.site import Site, open_site

__all__ = ["assert_accessible", "assert_reflows", "tab_through"]

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
async def shell_site(settings: Settings, platform: Platform) -> AsyncIterator[Site]:
    """A site with one small application, for tests of the shell itself."""
    async with open_site(settings, platform, (an_app(),)) as opened:
        yield opened


def _is_error(said: ConsoleMessage) -> bool:
    """An error of the page; that a page of a refusal has the refusal's status is none."""
    own_status = said.text.startswith("Failed to load resource") and said.location.get("url") == said.page.url
    return said.type == "error" and not own_status


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """Opens a page signed in as somebody; fails the test if the browser's console shows an error."""
    contexts, errors = [], []

    async def open_(
        site: Site,
        path: str,
        user: str,
        *roles: str,
        lang: str = "en",
        theme: str = "light",
        width: int = 1440,
        height: int = 900,
        institution: str | None = None,
        **options: Any,
    ) -> Page:
        cookie = await site.add(user, *roles, institution=institution, locale=lang)
        context = await chromium.new_context(viewport={"width": width, "height": height}, **options)
        await context.add_cookies(
            [
                {"name": name, "value": value, "url": site.url}
                for name, value in (
                    ("banyan_session", cookie),
                    ("banyan_lang", lang),
                    ("banyan_theme", theme),
                )
            ]
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("console", lambda said: errors.append(said.text) if _is_error(said) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(site.url + path)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert not errors, f"the browser's console shows: {errors}"
