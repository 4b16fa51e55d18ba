"""The pictures of the README and docs/emergency.md, taken from the demo's story at chosen moments of it."""

from __future__ import annotations

import argparse
import asyncio
import base64
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from banyan.demo.seed import password
from scripts.find_chromium import find_chromium
from scripts.screenshots import FLAGS
from scripts.small_png import smaller
from scripts.staged import story

OUT = Path("docs/pictures")
PACE = 8.0
PHONE, DESK = (390, 844), (1440, 900)


@dataclass
class Album:
    """One telling: signed-in pages, and where their pictures go."""

    browser: Browser
    url: str
    secret: str
    lang: str
    out: Path

    async def page(self, user: str, path: str, size: tuple[int, int] = DESK) -> Page:
        """Somebody signs in and opens a page."""
        context: BrowserContext = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=size[0] < 1000, locale=self.lang
        )
        await context.add_cookies([{"name": "banyan_lang", "value": self.lang, "url": self.url}])
        page = await context.new_page()
        await page.goto(f"{self.url}/signin?next={path}")
        await page.locator("[name=username]").fill(user)
        await page.locator("[name=password]").fill(self.secret)
        await page.keyboard.press("Enter")
        await page.wait_for_url(re.compile(re.escape(path)))
        return page

    async def take(self, page: Page, name: str, *, wait_ms: int = 1500) -> None:
        await page.wait_for_timeout(wait_ms)
        self.out.mkdir(parents=True, exist_ok=True)
        taken = await page.screenshot()
        blank = await self.browser.new_page()
        (self.out / f"{name}.png").write_bytes(await smaller(blank, taken))
        await blank.close()
        print(f"  {name}.png", flush=True)


async def follow(album: Album) -> None:
    """The chest-pain rescue from the desk to the review, as the story comes by."""
    desk = await album.page("wangmin", "/emergency/desk")
    crew = await album.page("linyue", "/emergency/crew", PHONE)
    incoming = await album.page("liumin", "/emergency/incoming")
    await asyncio.gather(at_the_desk(album, desk), with_the_crew(album, crew))
    await at_the_hospital(album, desk, incoming)


async def at_the_desk(album: Album, desk: Page) -> None:
    await desk.locator("#desk[data-loaded]").wait_for()
    await desk.locator(".call").first.wait_for(timeout=120_000)
    await desk.locator("#options [role=radio]").first.wait_for(timeout=60_000)
    await album.take(desk, "desk-call")


async def with_the_crew(album: Album, crew: Page) -> None:
    await crew.locator(".card.vit .v[class*=f-]").first.wait_for(timeout=300_000)
    await crew.get_by_text("青霉素").first.wait_for(timeout=60_000)
    await album.take(crew, "crew-patient")
    await crew.evaluate("location.hash = 'destination'")
    await crew.get_by_role("radio").first.wait_for(timeout=60_000)
    await album.take(crew, "crew-destination")
    await crew.evaluate("location.hash = 'ecg'")
    await crew.locator("ecg-paper canvas").first.wait_for(timeout=120_000)
    await album.take(crew, "crew-ecg", wait_ms=5000)
    await crew.evaluate("location.hash = ''")


async def at_the_hospital(album: Album, desk: Page, incoming: Page) -> None:
    row = incoming.locator("li[data-case]", has_text="周秀兰")
    await row.wait_for(timeout=300_000)
    await asyncio.gather(album.take(incoming, "incoming"), album.take(desk, "desk"))
    case = await album.page(
        "chenzhiyuan", f"/emergency/cases/{await row.get_attribute('data-case')}", (1440, 1000)
    )
    await case.locator(".ecgc canvas").first.wait_for(timeout=120_000)
    await album.take(case, "case", wait_ms=6000)
    board = await album.page("liumin", "/emergency/board")
    command = await album.page("zhaoguohua", "/emergency/command")
    await asyncio.gather(
        album.take(board, "board", wait_ms=3000), album.take(command, "command", wait_ms=3000)
    )
    await case.locator(".sigs dd b").nth(1).wait_for(timeout=600_000)
    sheet = await album.page("liumin", new_path(case.url, "handover"), (1000, 1200))
    await sheet.locator("#sheets:not([aria-busy])").wait_for()
    await album.take(sheet, "handover", wait_ms=2500)
    review = await album.page("hejing", new_path(case.url, "review"))
    await album.take(review, "review", wait_ms=3000)


def new_path(case_url: str, page: str) -> str:
    return f"/emergency/{page}/{case_url.rpartition('/')[2]}"


MONTAGE = """<!doctype html><style>
body{{margin:0;background:#dfe5e4;width:1600px;height:900px;position:relative;overflow:hidden}}
div{{position:absolute;border-radius:10px;box-shadow:0 10px 40px #0005;border:1px solid #0003;overflow:hidden}}
img{{display:block;width:100%}}
.desk{{left:28px;top:28px;width:1010px}}.case{{right:28px;top:170px;width:800px}}
.incoming{{right:28px;bottom:28px;width:1000px;height:140px}}
.crew{{left:96px;bottom:28px;width:259px;border-radius:22px;border:8px solid #111}}</style>
<div class="desk"><img src="{desk}"></div><div class="case"><img src="{case}"></div>
<div class="incoming"><img src="{incoming}"></div><div class="crew"><img src="{crew}"></div>"""


async def montage(album: Album) -> None:
    """The desk, the crew's phone and the hospital in one picture."""

    def data(name: str) -> str:
        return f"data:image/png;base64,{base64.b64encode((album.out / f'{name}.png').read_bytes()).decode()}"

    page = await album.browser.new_page(viewport={"width": 1600, "height": 900})
    await page.set_content(
        MONTAGE.format(
            **{name.partition("-")[0]: data(name) for name in ("desk", "crew-patient", "incoming", "case")}
        )
    )
    await album.take(page, "rescue", wait_ms=300)
    await page.close()


async def whole(url: str, secret: str, lang: str, out: Path, only_montage: bool) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=FLAGS)
        album = Album(browser, url, secret, lang, out)
        if not only_montage:
            await follow(album)
        await montage(album)
        await browser.close()


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--lang", default="en", choices=("en", "zh-CN"))
    reader.add_argument("--out", type=Path, default=OUT)
    reader.add_argument("--data", type=Path, help="a demo's data folder to tell the story on; else a new one")
    reader.add_argument("--only-montage", action="store_true", help="put the README's picture together anew")
    asked = reader.parse_args()
    if asked.only_montage:
        asyncio.run(whole("", "", asked.lang, asked.out, True))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder) / "data"
        with story(data, minute=60, pace=PACE, wait=False) as url:
            asyncio.run(whole(url, password(data), asked.lang, asked.out, False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
