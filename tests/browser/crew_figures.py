"""What the crew's page costs: bytes of its first load, time without network, time until all is filed."""

from __future__ import annotations

import time
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from pydicom.data import get_testdata_file

from bench.report import Figure
from scripts.find_chromium import find_chromium
from tests.browser.crew_story import Rescue, device, installed, sign_in

FIRST_LOAD_BYTES = 200_000
SYNC_SECONDS = 10.0
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
RECORD = """async ([minutes, per]) => {
  for (let i = 0; i < minutes * per; i++) {
    const vitals = {hr: 60 + i % 60, rr: 18, spo2: 95, sbp: 120, dbp: 70, o2: false, consciousness: 'A', temp: 36.5};
    await crew.record([['vitals', vitals]]);
    if (i % (5 * per) === 0) await crew.record([['note', {text: `note ${i}`}]]);
  }
}"""


async def bytes_on_the_wire(page: Page, address: str) -> int:
    """What a first visit brings over the network, as compressed, until the page has drawn."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    total = 0
    counting = True

    def finished(event: dict[str, Any]) -> None:
        nonlocal total
        total += int(event["encodedDataLength"]) if counting else 0

    session.on("Network.loadingFinished", finished)
    await page.goto(address)
    await page.locator(".cab").wait_for()
    await page.wait_for_timeout(300)
    counting = False
    await session.send("Network.setCacheDisabled", {"cacheDisabled": False})
    return total


async def measured(browser: Browser, rescue: Rescue, minutes: int, per_minute: int) -> list[Figure]:
    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene", "fmc")
    phone = await device(browser, url=rescue.url)
    page = await phone.new_page()
    await sign_in(page, rescue)
    first = await bytes_on_the_wire(page, f"{rescue.url}/emergency/crew")
    await installed(page)

    await phone.set_offline(True)
    begun = time.perf_counter()
    await page.reload()
    await page.locator(".clocks").wait_for()
    reopened = time.perf_counter() - begun

    begun = time.perf_counter()
    await page.evaluate(RECORD, [minutes, per_minute])
    facts = minutes * per_minute + -(-minutes // 5)
    kept_ms = (time.perf_counter() - begun) * 1000 / facts
    await page.evaluate("location.hash = 'ecg'")
    await page.set_input_files("input[type=file]", str(get_testdata_file("waveform_ecg.dcm")))
    await page.locator(f"[data-waiting='{facts + 1}']").first.wait_for()

    begun = time.perf_counter()
    await phone.set_offline(False)
    await page.wait_for_selector("[data-sync-state=saved]", timeout=60_000)
    synced = time.perf_counter() - begun
    view = rescue.case(case)
    twice = len(view["vitals"]) - minutes * per_minute + len(view["ecgs"]) - 1
    await phone.close()
    return [
        Figure("first load, compressed on the wire", first / 1000, "kB", FIRST_LOAD_BYTES / 1000),
        Figure("second visit without network, until the case is drawn", reopened * 1000, "ms"),
        Figure("one fact kept on the device, sealed", kept_ms, "ms"),
        Figure(
            f"{facts} facts of {minutes} minutes and an ECG, from network to all filed",
            synced,
            "s",
            SYNC_SECONDS,
        ),
        Figure("facts filed twice or missing", abs(twice), "", 0),
    ]


async def measure(rescue: Rescue, quick: bool) -> list[Figure]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=ARGUMENTS)
        figures = await measured(browser, rescue, 30, 1 if quick else 6)
        await browser.close()
    return figures
