"""Where the processes' logs go: rotating files of JSON lines, one a process, without patient data."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from banyan.web.logs import JsonLines

LARGEST = 10 * 1024 * 1024
KEPT = 5


def log_to(folder: Path, name: str) -> None:
    """Sends what this process logs to `<folder>/<name>.log`."""
    handler = RotatingFileHandler(
        folder / f"{name}.log", maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8"
    )
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("banyan").setLevel(logging.INFO)
