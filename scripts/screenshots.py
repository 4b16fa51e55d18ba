"""Every page and state that the applications list: three widths, both languages, light and dark, as PNG files."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import importlib.util
import pkgutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

import banyan.apps
from banyan.access import Principal
from banyan.platform import Platform, load_settings, open_platform
from banyan.web.screens import Screen, Steps
from scripts.find_chromium import find_chromium
from scripts.staged import story

OUT = Path(".data/screenshots")
DEMO = Path(".data/screenshots-demo")
MINUTE = 14.0  # of the story: five cases at once, the first of them about to leave for the hospital
SITTING_S = 300.0
Chosen = list[tuple[str, Screen]]
LANGUAGES = ("zh-CN", "en")
THEMES = ("light", "dark")
HEIGHTS = {390: 844, 820: 1180, 1440: 900}
SETUP = Principal(user="screenshots", name="Screenshots", roles=("administrator",))
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--use-gl=angle",  # the map needs WebGL, by software where there is no graphics card
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--font-render-hinting=none",
]


def screens() -> Iterator[tuple[str, Screen]]:
    """Those of each application that lists some, the rescue first while its story is fresh; then the house front's."""
    apps = [f"banyan.apps.{found.name}" for found in pkgutil.iter_modules(banyan.apps.__path__)]
    for package in (*sorted(apps, key=lambda name: "emergency" not in name), "banyan.web"):
        if importlib.util.find_spec(f"{package}.screens") is None:
            continue
        for screen in importlib.import_module(f"{package}.screens").SCREENS:
            yield package.rpartition(".")[2], screen


async def cookie_of(platform: Platform, screen: Screen) -> str | None:
    """A session of the screen's reader: the named account, else one with the role, else a new one."""
    if screen.role is None:
        return None
    accounts = platform.accounts
    held = await accounts.all(role=screen.role)
    name = screen.user or (held[0].name if held else f"screen-{screen.role.replace('_', '-')}")
    if not held and screen.user is None:
        await accounts.add_user(name, by=SETUP, roles=[screen.role], password="banyan-demo-1")
    who = await accounts.principal(name)
    value, _ = await accounts.sessions.open(
        who, own=True, device=None, agent="screenshots", address="127.0.0.1", via="password"
    )
    return value


@contextlib.asynccontextmanager
async def context_of(
    browser: Browser, url: str, cookie: str | None, lang: str, theme: str, width: int
) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        viewport={"width": width, "height": HEIGHTS.get(width, 1080)},
        has_touch=width < 1000,
        locale=lang,
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    kept = {"banyan_lang": lang, "banyan_theme": theme} | ({"banyan_session": cookie} if cookie else {})
    await context.add_cookies([{"name": name, "value": value, "url": url} for name, value in kept.items()])
    try:
        yield context
    finally:
        await context.close()


def _is_error(said: ConsoleMessage) -> bool:
    """That a page of a refusal has the refusal's status is no error of the page."""
    page = said.page.url if said.page else ""
    own_status = said.text.startswith("Failed to load resource") and said.location.get("url") == page
    return said.type == "error" and not own_status


async def shoot(page: Page, url: str, screen: Screen, steps: Steps, file: Path) -> str:
    """One picture; the answer says what the browser's console complained about."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if _is_error(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        await page.goto(url + screen.path, wait_until="load")
        await page.locator(screen.ready).first.wait_for(timeout=15_000)
        await page.wait_for_timeout(600)
        await steps(page)
    except PlaywrightError as wrong:
        complaints.append(f"not brought into its state: {wrong.message.splitlines()[0]}")
    await page.wait_for_timeout(400)
    file.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=file, full_page=screen.widths != (1920,))
    return "; ".join(complaints)


async def contact_sheet(browser: Browser, folder: Path, name: str, files: list[Path]) -> None:
    """One picture with all pictures of a page beside each other."""
    figures = "".join(
        f'<figure><img src="{file.resolve().as_uri()}"><figcaption>{file.stem}</figcaption></figure>'
        for file in files
    )
    style = (
        "body{margin:8px;font:11px sans-serif;background:#888}figure{display:inline-block;margin:4px;"
        "vertical-align:top}img{height:420px;max-width:760px;object-fit:contain;object-position:top;display:block}"
    )
    sheet = folder / f"{name}.html"
    sheet.write_text(f"<!doctype html><style>{style}</style>{figures}", encoding="utf-8")
    page = await browser.new_page(viewport={"width": 1900, "height": 1000})
    await page.goto(sheet.resolve().as_uri())
    await page.screenshot(path=folder / f"{name}.png", full_page=True)
    await page.close()
    sheet.unlink()


async def sitting(url: str, data: Path, left: Chosen, quick: bool) -> int:
    """Takes the screens from `left` while the story is at the minutes that they are to show; how many complained."""
    failed, begun = 0, time.monotonic()
    async with open_platform(load_settings(data)) as platform, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=FLAGS)
        while left and time.monotonic() - begun < SITTING_S:
            app, screen = left.pop(0)
            cookie, files = await cookie_of(platform, screen), []
            choices = product(screen.states.items(), LANGUAGES, THEMES, screen.widths)
            for at, ((state, steps), lang, theme, width) in enumerate(choices):
                if quick and at % 5:
                    continue
                parts = (screen.name, state, lang, theme, str(width))
                file = OUT / app / f"{'-'.join(part for part in parts if part)}.png"
                async with context_of(browser, url, cookie, lang, theme, width) as context:
                    said = await shoot(await context.new_page(), url, screen, steps, file)
                files += [file] if file.exists() else []
                if said and not (state and state.startswith("offline")):
                    failed += 1
                    print(f"  {file.name}: {said[:300]}", flush=True)
            await contact_sheet(browser, OUT / app, f"sheet-{screen.name}", files)
            print(f"{app}/{screen.name}: {len(files)} pictures", flush=True)
        await browser.close()
    return failed


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("only", nargs="?", default="", help="part of APP/PAGE")
    reader.add_argument("--quick", action="store_true", help="every fifth picture")
    reader.add_argument("--data", type=Path, default=DEMO, help="the data folder on which the story is told")
    asked = reader.parse_args()
    left = [(app, screen) for app, screen in screens() if asked.only in f"{app}/{screen.name}"]
    failed = 0
    while left:
        print(f"Telling the story to its minute {MINUTE:.0f}; {len(left)} pages to go", flush=True)
        with story(asked.data, MINUTE) as url:
            failed += asyncio.run(sitting(url, asked.data, left, asked.quick))
    print(f"Pictures and contact sheets are in {OUT}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
