"""The menu at the side: what this one may open, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.web.manifest import App, MenuItem


@dataclass(frozen=True, slots=True)
class Section:
    """One application's lines in the menu."""

    app: App
    items: tuple[tuple[MenuItem, bool], ...]  # each with whether it is the page just open

    @property
    def current(self) -> bool:
        return any(here for _, here in self.items)


def navigation(apps: tuple[App, ...], principal: Principal | None, path: str) -> tuple[Section, ...]:
    """The sections that this one may open; the longest matching path is the page just open."""
    if principal is None:
        return ()
    allowed = [(app, [item for item in app.menu if item.shown_to(principal.roles)]) for app in apps]
    matching = [item.path for _, items in allowed for item in items if _within(path, item.path)]
    here = max(matching, key=len, default=None)
    sections = (Section(app, tuple((item, item.path == here) for item in items)) for app, items in allowed)
    return tuple(section for section in sections if section.items)


def _within(path: str, item: str) -> bool:
    return path == item or path.startswith(item.rstrip("/") + "/")
