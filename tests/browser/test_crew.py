"""The crew's page in a real browser against a real server: from the call to the handover."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page

from tests.browser.accessibility import violations
from tests.browser.crew_story import CREW, Rescue, a_region, device, saved, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def rescue(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rescue]:
    with a_region(seeded, tmp_path_factory.mktemp("crew")) as opened:
        yield opened


@pytest.fixture
async def page(chromium: Browser, rescue: Rescue) -> AsyncIterator[Page]:
    context = await device(chromium, url=rescue.url)
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("console", lambda said: errors.append(said.text) if counts(said) else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    await context.close()
    assert not errors, errors


def counts(said: ConsoleMessage) -> bool:
    return said.type == "error"


class Taps:
    """Counts what a gloved finger does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    async def __call__(self, selector: str) -> None:
        await self.page.locator(selector).first.tap()
        self.count += 1


async def test_a_rescue_from_the_call_to_the_next(page: Page, rescue: Rescue) -> None:
    rescue.finish()
    await sign_in(page, rescue)
    case = rescue.call()
    tap = Taps(page)
    await page.wait_for_selector(".order", timeout=10_000)
    assert await page.locator(".order h1").inner_text() != ""
    await tap(".order .big")
    for words in ("Depart", "Arrived at scene", "With patient"):
        await page.locator(".big", has_text=words).tap()
    await saved(page)
    view = rescue.case(case)
    assert view["task"]["status"] in ("accepted", "in-progress")
    assert set(view["times"]) >= {"depart_base", "arrive_scene", "fmc"}
    assert all(view["times"][point]["source"] == "manual" for point in ("depart_base", "fmc"))

    await record_vitals(page)
    await record_medicine(page)
    await page.goto(f"{rescue.url}/emergency/crew#destination")
    await page.locator(".h[role=radio]").first.wait_for()
    await page.locator(".big", has_text="Go to").tap()
    for words in ("Leave for hospital", "Arrived at hospital", "Hand over", "Sign the handover"):
        await page.locator(".big", has_text=words).tap()
    await page.locator(".big", has_text="Ready for the next call").wait_for()
    await saved(page)
    view = rescue.case(case)
    assert set(view["times"]) >= {"depart_scene", "arrive_door"}
    assert view["vitals"][-1]["spo2"] == 91
    assert view["medications"][0]["dose"] == 300
    assert view["destination"]["hospital"]
    assert view["handover"]["crew"]["at"]


async def record_vitals(page: Page) -> None:
    await page.locator(".v").first.tap()
    for field, value in (("RR", "24"), ("SpO₂", "91"), ("SBP", "92"), ("HR", "82")):
        await type_value(page, field, value)
    await page.locator("button.ch", has_text="Air").tap()
    assert "incomplete" in await page.locator(".score").inner_text()
    await page.locator("button.ch", has_text="alert").tap()
    await type_value(page, "Temp", "36.4")
    await page.locator(".score .total", has_text="7").wait_for()
    await page.locator(".big", has_text="Save").tap()
    await page.locator(".clocks").wait_for()


FIELDS = {"RR": "Respiration", "SpO₂": "SpO₂", "SBP": "Systolic", "HR": "Heart rate", "Temp": "Temperature"}


async def type_value(page: Page, field: str, value: str) -> None:
    await page.locator(f".val[aria-label^='{FIELDS[field]}']").tap()
    for key in value:
        await page.locator(f".keys button[aria-label='{key}']").tap()
    await page.locator(".csheet .big").tap()


async def record_medicine(page: Page) -> None:
    await page.locator(".cacts button", has_text="Drugs").tap()
    await page.locator(".chip", has_text="Aspirin").tap()
    await page.locator(".chip", has_text="300").tap()
    await page.locator(".big", has_text="Given").tap()
    await page.locator(".clocks").wait_for()


async def test_from_with_patient_to_a_sent_notice_in_six_taps_and_fifteen_seconds(
    page: Page, rescue: Rescue
) -> None:
    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene")
    await sign_in(page, rescue)
    await page.locator(".big", has_text="With patient").wait_for()
    tap = Taps(page)
    begun = time.monotonic()
    await tap(".big")
    await tap(".tell")
    await tap(".big")
    await saved(page)
    view = rescue.case(case)
    seconds = time.monotonic() - begun
    assert view["notice"]["level"] == 1 and view["notice"]["pathway"] == "chest_pain"
    assert view["destination"]["hospital"]
    assert tap.count <= 6 and seconds <= 15, (tap.count, seconds)


async def test_an_act_can_be_taken_back_for_ten_seconds(page: Page, rescue: Rescue) -> None:
    case = rescue.call()
    rescue.state(case)
    await sign_in(page, rescue)
    await page.locator(".big", has_text="Depart").tap()
    await saved(page)
    await page.locator(".toast button", has_text="Undo").tap()
    await page.locator(".big", has_text="Depart").wait_for()
    await saved(page)
    assert "depart_base" not in rescue.case(case)["times"]


async def test_what_cannot_be_is_not_taken_and_what_is_refused_is_never_zero(
    page: Page, rescue: Rescue
) -> None:
    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene", "fmc")
    await sign_in(page, rescue)
    await page.goto(f"{rescue.url}/emergency/crew#vitals")
    await page.locator(".val[aria-label^='SpO₂']").tap()
    for key in "999":
        await page.locator(f".keys button[aria-label='{key}']").tap()
    await page.locator(".csheet .big").tap()
    assert "0 to 100" in await page.locator(".csheet [role=alert]").inner_text()
    await page.locator(".csheet .ico").tap()
    await page.locator(".lb", has_text="Temperature").tap()
    await page.locator(".csheet .chip", has_text="refused").tap()
    await page.locator(".stp[aria-label='Heart rate +']").tap()
    await page.locator(".big", has_text="Save").tap()
    await saved(page)
    vitals = rescue.case(case)["vitals"][-1]
    assert vitals["absent"] == {"temp": "refused"} and vitals.get("temp") is None


async def test_a_resident_number_is_checked_and_a_code_is_read_from_a_picture(
    page: Page, rescue: Rescue
) -> None:
    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene", "fmc")
    await sign_in(page, rescue)
    await page.goto(f"{rescue.url}/emergency/crew#identity")
    for key in "990101194503170022":
        await page.locator(f".keys button[aria-label='{key}']").tap()
    await page.locator(".msg", has_text="does not fit").wait_for()
    assert await page.locator(".big").last.is_disabled()
    await page.locator("[role=tab]", has_text="Scan").tap()
    await page.set_input_files(
        "input[type=file]", {"name": "card.png", "mimeType": "image/png", "buffer": code_39(NUMBER)}
    )
    await page.locator(".msg", has_text="Check digit is right").wait_for(timeout=20_000)
    await page.locator(".big").last.tap()
    await saved(page)
    patient = rescue.case(case)["patient"]
    assert patient["birth_date"] == "1945-03-17" and not patient["unknown"]


FIRST = "99010119450317002"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NUMBER = FIRST + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, FIRST, strict=True)) % 11]
CODE_39 = {
    "0": "nnnwwnwnn", "1": "wnnwnnnnw", "2": "nnwwnnnnw", "3": "wnwwnnnnn", "4": "nnnwwnnnw", "5": "wnnwwnnnn",
    "6": "nnwwwnnnn", "7": "nnnwnnwnw", "8": "wnnwnnwnn", "9": "nnwwnnwnn", "X": "nwnnwnnnw", "*": "nwnnwnwnn",
}  # fmt: skip


def code_39(text: str) -> bytes:
    """A picture of a barcode, 4 px a narrow bar."""
    import struct
    import zlib

    row = bytearray(b"\xff" * 60)
    for sign in f"*{text}*":
        for place, width in enumerate(CODE_39[sign]):
            row += (b"\x00" if place % 2 == 0 else b"\xff") * (4 if width == "n" else 10)
        row += b"\xff" * 4
    row += b"\xff" * 60
    height = 200
    blank = b"\x00" + b"\xff" * len(row)
    lines = blank * 30 + (b"\x00" + bytes(row)) * (height - 60) + blank * 30

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", len(row), height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


async def test_an_ecg_file_is_drawn_on_paper_and_live_frames_sweep(page: Page, rescue: Rescue) -> None:
    from pydicom.data import get_testdata_file

    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene", "fmc")
    await sign_in(page, rescue)
    await page.goto(f"{rescue.url}/emergency/crew#ecg")
    await page.set_input_files("input[type=file]", str(get_testdata_file("waveform_ecg.dcm")))
    await saved(page)
    await page.locator("ecg-paper canvas").first.wait_for(timeout=15_000)
    assert rescue.case(case)["ecgs"][0]["seconds"] == pytest.approx(10, abs=0.5)
    await send_frames(rescue, case)
    await page.locator("[role=tab]", has_text="From the monitor").tap()
    await page.locator(".ecgtools button", has_text="Hold").wait_for(timeout=10_000)
    await page.locator(".ecgtools button", has_text="Measure").tap()
    assert await page.locator("ecg-paper").evaluate("paper => paper.legs.on")


async def send_frames(rescue: Rescue, case: str) -> None:
    from datetime import UTC, datetime
    from uuid import UUID, uuid4

    import httpx

    from banyan.apps.emergency.ecg.demo import demo_ecg
    from banyan.apps.emergency.ecg.frame import encode

    token = rescue.served.token(CREW)
    for frame in demo_ecg(seconds=3.0).frames(UUID(case), uuid4(), datetime.now(UTC)):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
        address = f"{rescue.url}/api/emergency/frames"
        answer = httpx.post(address, content=encode(frame), timeout=10, headers=headers)
        assert answer.status_code == 200, answer.text


LISTS = (
    "main vitals identity destination drugs ecg scores score/gcs notes notice messages times waiting handover"
)
VIEWS = LISTS.split()


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 390), ("zh-CN", "dark", 820)])
async def test_every_view_is_accessible(
    chromium: Browser, rescue: Rescue, lang: str, theme: str, width: int
) -> None:
    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene", "fmc")
    context = await device(chromium, url=rescue.url, lang=lang, theme=theme, width=width)
    page = await context.new_page()
    await sign_in(page, rescue)
    wrong: list[Any] = []
    for view in VIEWS:
        await page.evaluate(f"location.hash = '{'' if view == 'main' else view}'")
        await page.wait_for_timeout(250)
        wrong += [(view, one["id"], one["nodes"]) for one in await violations(page)]
        wrong += [(view, "wider than the screen")] if await wide(page) else []
        wrong += [(view, "target too small", small)] if (small := await too_small(page)) else []
    await context.close()
    assert not wrong, wrong


async def wide(page: Page) -> bool:
    found: bool = await page.evaluate(
        "document.getElementById('work').scrollWidth > document.getElementById('work').clientWidth + 1"
    )
    return found


TOO_SMALL = """[...document.querySelectorAll('.cab :is(button, input, textarea, label.big, label.btn)')]
  .filter(e => e.offsetParent && !e.closest('.vh') && !e.classList.contains('vh'))
  .map(e => [e.getAttribute('aria-label') ?? e.textContent.trim().slice(0, 30), e.getBoundingClientRect().height])
  .filter(([, height]) => height < 63.5)"""


async def too_small(page: Page) -> list[Any]:
    found: list[Any] = await page.evaluate(TOO_SMALL)
    return found


TWICE = """for (const name of ['small', 'body', 'form', 'section', 'key', 'board']) {
  const size = parseFloat(getComputedStyle(document.documentElement).getPropertyValue(`--t-${name}`));
  document.documentElement.style.setProperty(`--t-${name}`, `${size * 2}px`);
}"""


async def test_text_at_twice_its_size_is_still_there(chromium: Browser, rescue: Rescue) -> None:
    rescue.state(rescue.call(), "depart_base", "arrive_scene", "fmc")
    context = await device(chromium, url=rescue.url, width=412, height=915)
    page = await context.new_page()
    await sign_in(page, rescue)
    await page.evaluate(TWICE)
    await page.wait_for_timeout(300)
    assert not await wide(page)
    assert await page.locator(".big").last.is_visible()
    await context.close()
