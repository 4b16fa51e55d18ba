"""Live events in a real browser: one stream for all tabs, handed over when its tab closes, true after a cut."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import BrowserContext, Page, expect

from banyan.record import Author
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import OpenPage
from tests.web.conftest import CALLS
from tests.web.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def calls() -> Iterator[list[str]]:
    """The calls that wait, put back after the test."""
    before = [*CALLS]
    yield CALLS
    CALLS[:] = before


async def call_comes(site: Site, text: str) -> None:
    CALLS.append(text)
    async with site.platform.record.transaction(Author(user="test", system="test")) as transaction:
        transaction.tell("desk", "call", {"text": text})


def count_streams(context: BrowserContext) -> list[str]:
    opened: list[str] = []
    context.on("request", lambda request: opened.append(request.url) if "/live?" in request.url else None)
    return opened


async def connected(page: Page) -> None:
    await expect(page.locator("[data-sync]")).to_have_text("Saved · online")


async def test_tabs_share_one_stream_and_pass_it_on(shell_site: Site, open_page: OpenPage) -> None:
    first = await open_page(shell_site, "/", "live1", "dispatcher")
    streams = count_streams(first.context)
    await connected(first)
    second = await first.context.new_page()
    await second.goto(shell_site.url + "/")
    await connected(second)
    assert len(streams) <= 1, streams
    await call_comes(shell_site, "Stroke at the harbour")
    for page in (first, second):
        await expect(page.locator("#home")).to_contain_text("Stroke at the harbour")
    before = len(streams)
    await first.close()
    await call_comes(shell_site, "Fall in the market")
    await expect(second.locator("#home")).to_contain_text("Fall in the market")
    assert len(streams) == before + 1, "the second tab opened the stream anew, from where it was"


async def test_what_happened_while_offline_is_shown_afterwards(shell_site: Site, open_page: OpenPage) -> None:
    page = await open_page(shell_site, "/", "live2", "dispatcher")
    await connected(page)
    await page.context.set_offline(True)
    await expect(page.locator("[data-sync]")).not_to_have_text("Saved · online")
    await call_comes(shell_site, "Burns while offline")
    await asyncio.sleep(0.3)
    await page.context.set_offline(False)
    await connected(page)
    await expect(page.locator("#home")).to_contain_text("Burns while offline", timeout=10_000)


async def test_a_session_that_ended_is_said_and_the_page_stays(shell_site: Site, open_page: OpenPage) -> None:
    page = await open_page(shell_site, "/", "live3", "dispatcher")
    await connected(page)
    await page.evaluate("document.dispatchEvent(new CustomEvent('banyan:signed-out'))")
    await expect(page.locator("#signed-out")).to_contain_text("What you typed is kept")
    await expect(page.locator("#signed-out a")).to_have_attribute("href", "/signin?expired=1&next=%2F")
    await assert_accessible(page)
