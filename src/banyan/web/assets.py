"""Names of built files and icons, as `make setup` left them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"


class Assets:
    """The manifest of built files; read again when a build replaces it."""

    def __init__(self, built: Path = STATIC / "built") -> None:
        self.built = built
        self._read_at = 0.0
        self._files: dict[str, dict[str, Any]] = {}

    def _manifest(self) -> dict[str, dict[str, Any]]:
        path = self.built / "manifest.json"
        try:
            changed = path.stat().st_mtime
        except FileNotFoundError:
            raise RuntimeError(f"The front end is not built: {path} is missing. Run: make setup") from None
        if changed != self._read_at:
            self._files = orjson.loads(path.read_bytes())["assets"]
            self._read_at = changed
        return self._files

    def _entry(self, name: str) -> dict[str, Any]:
        entry = self._manifest().get(name)
        if entry is None:
            raise KeyError(
                f'"{name}" is not a built file: add it to entries.json of its folder in frontend/src.'
            )
        return entry

    def url(self, name: str) -> str:
        """Where the page finds `emergency/crew.js`, with the hash of its contents in the name."""
        return f"/static/built/{self._entry(name)['file']}"

    def file(self, name: str) -> Path:
        """The built file itself, for what must be served under a fixed path (a service worker)."""
        return self.built / str(self._entry(name)["file"])

    def preloads(self, name: str) -> list[str]:
        """The shared chunks that a script will import, so that the page can ask for all at once."""
        return [f"/static/built/{file}" for file in self._entry(name)["imports"]]

    @cached_property
    def icons(self) -> dict[str, str]:
        drawn: dict[str, str] = orjson.loads((self.built / "icons.json").read_bytes())
        return drawn

    def icon(self, name: str, css: str = "", label: str = "") -> Markup:
        """An inline SVG; hidden from screen readers unless it has a label."""
        drawn = self.icons.get(name)
        if drawn is None:
            raise KeyError(f'No icon is called "{name}".')
        spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        opening = Markup('<svg class="{}" viewBox="0 0 24 24" {}>').format(f"i {css}".strip(), spoken)
        return opening + Markup(drawn) + Markup("</svg>")  # noqa: S704 - drawn by our own build
