"""Structured logs, one JSON object a line: who did what kind of thing, how fast; no path, query or body."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.types import Scope

log = logging.getLogger("banyan.request")
EXTRA = ("request", "method", "route", "status", "ms", "user")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage(),
            "process": record.process,
        }
        line |= {key: getattr(record, key) for key in EXTRA if hasattr(record, key)}
        if record.exc_info:
            line["error"] = _frames(record.exc_info[1])
        return orjson.dumps(line).decode()


def _frames(error: BaseException | None) -> str:
    """Where an error came from, without its text: a database's message repeats the values it refused."""
    if error is None:
        return ""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__


def note(scope: Scope, route: str, status: int, seconds: float) -> None:
    """One line for an answered request."""
    if not log.isEnabledFor(logging.INFO):
        return
    state = scope.get("state", {})
    principal = state.get("principal")
    extra = {
        "request": state.get("request_id", ""),
        "method": scope["method"],
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": principal.user if principal else "",
    }
    log.info("request", extra=extra)
