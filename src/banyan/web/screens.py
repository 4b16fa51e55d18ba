"""What `make screenshots` opens: each application's `screens.py` lists its pages, readers and states."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Steps = Callable[[Any], Awaitable[None]]  # with Playwright's page: what brings it into a state


async def _as_it_is(page: Any) -> None:
    """The page as it opens."""


async def _offline(page: Any) -> None:
    """The network goes away while the page is open."""
    await page.context.set_offline(True)
    await page.wait_for_timeout(1500)


@dataclass(frozen=True, slots=True)
class Screen:
    """One page: its path, who reads it, the states to bring it into, the widths that it is made for."""

    name: str
    path: str
    role: str | None
    states: Mapping[str, Steps] = field(default_factory=lambda: {"": _as_it_is})
    widths: tuple[int, ...] = (390, 820, 1440)
    user: str | None = None
    ready: str = "main"


async def _shortcuts(page: Any) -> None:
    await page.keyboard.press("?")


async def _menu(page: Any) -> None:
    if await page.locator("[data-menu]").is_visible():
        await page.locator("[data-menu]").click()


async def _dialog(page: Any) -> None:
    await page.locator("[data-open]").click()


async def _undo(page: Any) -> None:
    await page.locator("[data-undo]").click()
    await page.locator("[data-toast=problem]").click()


SCREENS = (
    Screen(
        "home", "/", "dispatcher", {"": _as_it_is, "offline": _offline, "menu": _menu, "keys": _shortcuts}
    ),
    Screen("not-found", "/nowhere", "auditor"),
    Screen("styleguide", "/styleguide", "administrator", {"": _as_it_is, "dialog": _dialog, "undo": _undo}),
    Screen("api", "/api", "administrator"),
)
