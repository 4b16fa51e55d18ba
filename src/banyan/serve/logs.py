"""Rotating logs as JSON lines, one file a process. What an error says is left out: it may quote a patient."""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 10 * 1024 * 1024
KEPT = 5


class JsonLines(logging.Formatter):
    """One line a record: time, level, part, process, message, and for an error its kind and where it rose."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name,
            "pid": os.getpid(),
            "says": record.getMessage() if record.name.startswith("banyan") else record.msg,
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to(folder: Path, name: str) -> None:
    """Sends what this process logs to `<folder>/<name>.log`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / f"{name}.log", maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8"
    )
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("banyan").setLevel(logging.INFO)


def _where(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "raised": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
