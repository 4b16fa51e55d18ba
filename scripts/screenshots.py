"""Every page and state that the applications list: three widths, both languages, light and dark, as PNG files."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import importlib.util
import pkgutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

import banyan.apps
from banyan.access import Principal
from banyan.platform import Platform, load_settings, open_platform
from banyan.web.screens import Screen, Steps
from scripts.find_chromium import find_chromium
from tests.served import serve

if TYPE_CHECKING:
    from tests.served import Served

OUT = Path(".data/screenshots")
DEMO = Path(".data/screenshots-demo")
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
    """Those of the house front, then those of each application that lists some."""
    apps = [f"banyan.apps.{found.name}" for found in pkgutil.iter_modules(banyan.apps.__path__)]
    for package in ("banyan.web", *apps):
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
    own_status = said.text.startswith("Failed to load resource") and said.location.get("url") == said.page.url
    return said.type == "error" and not own_status


async def shoot(page: Page, url: str, screen: Screen, steps: Steps, file: Path) -> str:
    """One picture; the answer says what the browser's console complained about."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if _is_error(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url + screen.path, wait_until="load")
    await page.locator(screen.ready).first.wait_for(timeout=15_000)
    await page.wait_for_timeout(600)
    await steps(page)
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


async def every_screen(served: Served, wanted: str, quick: bool) -> int:
    failed = 0
    settings = load_settings(served.data)
    async with open_platform(settings) as platform, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=FLAGS)
        for app, screen in screens():
            if wanted and wanted not in f"{app}/{screen.name}":
                continue
            cookie, files = await cookie_of(platform, screen), []
            choices = product(screen.states.items(), LANGUAGES, THEMES, screen.widths)
            for at, ((state, steps), lang, theme, width) in enumerate(choices):
                if quick and at % 5:
                    continue
                parts = (screen.name, state, lang, theme, str(width))
                file = OUT / app / f"{'-'.join(part for part in parts if part)}.png"
                async with context_of(browser, served.url, cookie, lang, theme, width) as context:
                    said = await shoot(await context.new_page(), served.url, screen, steps, file)
                files.append(file)
                if said and not state:
                    failed += 1
                    print(f"  {file.name}: {said[:300]}")
            await contact_sheet(browser, OUT / app, f"sheet-{screen.name}", files)
            print(f"{app}/{screen.name}: {len(files)} pictures")
        await browser.close()
    return failed


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("only", nargs="?", default="", help="part of APP/PAGE")
    reader.add_argument("--quick", action="store_true", help="every fifth picture")
    reader.add_argument(
        "--data", type=Path, default=DEMO, help="a data folder; made by the demo where missing"
    )
    asked = reader.parse_args()
    if not asked.data.exists():
        print("Playing the demo once, to have something to show")
        command = ["demo", "--data", str(asked.data), "--port", "0", "--speed", "120", "--exit-at-end"]
        subprocess.run([sys.executable, "-m", "banyan.cli", *command], check=False)
    with serve(asked.data) as served:
        failed = asyncio.run(every_screen(served, asked.only, asked.quick))
    print(f"Pictures and contact sheets are in {OUT}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
