"""Small marks that templates draw: priorities, triage levels, ages, bars."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from babel.support import NullTranslations

LEVELS = {1: "I", 2: "II", 3: "III", 4: "IV"}


def triangles(count: int, css: str = "") -> Markup:
    """The shape of an alarm's priority (one low, two medium, three high); its word stands beside it."""
    one = Markup('<path d="M{} 0l7.5 14h-15z"/>')
    paths = Markup("").join(one.format(at * 16 + 8) for at in range(count))
    opening = Markup('<svg class="{}" viewBox="0 0 {} 14" aria-hidden="true">')
    return opening.format(f"tri {css}".strip(), count * 16) + paths + Markup("</svg>")


def fill(percent: float, css: str = "", *, tick: float | None = None) -> Markup:
    """A bar with how full it is; its number stands beside it in words."""
    mark = Markup('<b data-tick="{}"></b>').format(round(tick)) if tick is not None else Markup("")
    bar = Markup('<span class="{}" aria-hidden="true"><i data-fill="{}"></i>{}</span>')
    return bar.format(f"load {css}".strip(), round(percent), mark)


def ages(at: datetime, expected: int = 60, *, now: datetime, catalogue: NullTranslations) -> Markup:
    """A value's age, kept true by the page's script; grey when older than twice the expected interval (s)."""
    seconds = max(0.0, (now - at).total_seconds())
    css = "age stale" if seconds > 2 * expected else "age"
    return Markup('<time class="{}" data-age="{}" datetime="{}">{}</time>').format(
        css, expected, at.isoformat(), age_text(seconds, catalogue)
    )


def age_text(seconds: float, catalogue: NullTranslations) -> str:
    """An age in words, as the scripts say it (clock.js)."""
    _ = catalogue.gettext
    if seconds < 5:
        return _("now")
    for limit, size, message in ((60, 1, "{n} s ago"), (3600, 60, "{n} min ago"), (86400, 3600, "{n} h ago")):
        if seconds < limit:
            return _(message).format(n=int(seconds // size))
    days = int(seconds // 86400)
    return catalogue.ngettext("{n} day ago", "{n} days ago", days).format(n=days)
