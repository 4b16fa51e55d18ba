"""GET /styleguide: every component and every state of the design system, on one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.region.store import RegionFolderError, read_about
from banyan.web.forms import Field
from banyan.web.pages import page, render

SURFACES = ("surface-0", "surface-1", "surface-2", "line", "ink", "ink-2", "ink-3", "brand", "select")
SIGNALS = ("high", "medium", "low", "good", "level-1", "level-2", "level-3", "level-4")
SYMBOLS = [
    "banyan",
    "home",
    "ambulance",
    "phone-call",
    "map-pin",
    "building-hospital",
    "heartbeat",
    "stethoscope",
    "clipboard-heart",
    "bed",
    "users",
    "user",
    "shield-lock",
    "eye",
    "history",
    "search",
    "plus",
    "check",
    "x",
    "refresh",
    "wifi-off",
    "alert-triangle",
    "alert-circle",
    "info-circle",
    "bell",
    "keyboard",
    "sun",
    "moon",
    "settings",
    "logout",
    "chevron-right",
    "chevron-down",
    "download",
    "pill",
    "camera",
    "message",
]
ROWS = (
    (1, "0047", 61, "city-second", 6.0, 4),
    (2, "0048", 34, "university", 11.5, 60),
    (3, "0049", 27, "city-first", 4.2, 300),
    (4, "0050", 6, "children", 8.0, 30),
)


def _fields(_: Callable[[str], str]) -> tuple[Field, ...]:
    return (
        Field("guide-name", _("Name"), "", required=True, error=_("Enter the name: letters of any script.")),
        Field(
            "guide-pressure",
            _("Systolic pressure"),
            "300",
            hint=_("Measured at the upper arm"),
            inputmode="numeric",
            suffix="mmHg",
            error=_(
                "300 mmHg is outside what is possible (30 to 280). "
                "Measure again, or mark it as not measurable."
            ),
        ),
        Field("guide-note", _("Note"), "", type="textarea", hint=_("Kept on this device at each keystroke")),
        Field("guide-level", _("Level"), "2", choices=(("1", "I"), ("2", "II"), ("3", "III"), ("4", "IV"))),
    )


def _bounds(folder: Path) -> str:
    """The region's west, south, east and north for the map, empty where no region is built."""
    try:
        return ",".join(str(edge) for edge in read_about(folder).bounds)
    except RegionFolderError:
        return ""


@page()
async def _styleguide(request: Request) -> Response:
    pages, clock = request.app.state.pages, request.app.state.platform.clock
    fields = _fields(pages.catalogues.of(request.state.locale).gettext)
    return await render(
        request,
        "styleguide.html",
        surfaces=SURFACES,
        signals=SIGNALS,
        symbols=SYMBOLS,
        rows=ROWS,
        fields=fields,
        errors={field.name: field.error for field in fields if field.error},
        labels={field.name: field.label for field in fields},
        fresh=clock.now() - timedelta(seconds=4),
        old=clock.now() - timedelta(minutes=4),
        bounds=_bounds(request.app.state.platform.settings.region_folder),
    )


def routes() -> list[BaseRoute]:
    return [Route("/styleguide", _styleguide)]
