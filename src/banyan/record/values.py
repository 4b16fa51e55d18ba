"""What the record takes and gives: stored versions, pages, authors and access scopes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

#: v3-Confidentiality from "unrestricted" to "very restricted": the column `sensitivity` holds the position.
CONFIDENTIALITY = ("U", "L", "M", "N", "R", "V")
NORMAL = CONFIDENTIALITY.index("N")


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of one resource; `body` is the JSON as accepted, with id and meta spliced in."""

    type: str
    id: str
    version: int
    last_updated: datetime
    body: bytes
    deleted: bool = False
    patient: str | None = None
    institution: str | None = None
    sensitivity: int = NORMAL

    def resource(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.body)
        return parsed

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"


@dataclass(frozen=True, slots=True)
class Author:
    """Provenance of a write: who, for which institution, by which system, in which message."""

    user: str
    institution: str | None = None
    system: str = "banyan"
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows may pass: a predicate over alias `r` with %s placeholders.

    Columns: r.type, r.id, r.patient, r.institution, r.sensitivity (0 U … 3 N … 5 V), r.keys, r.date_lo,
    r.last_updated. In history r.keys and r.date_lo are absent: use the first five there.
    """

    sql: str = "true"
    params: tuple[Any, ...] = ()


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of a write. `changed` is false where equal content made no new version."""

    stored: Stored
    created: bool
    changed: bool = True


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page. `next` is the value for the parameter `_cursor` of the same search, or None at the end."""

    matches: list[Stored]
    includes: list[Stored] = field(default_factory=list)
    total: int | None = None
    next: str | None = None
    driver: str = ""
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryPage:
    versions: list[Stored]
    next: str | None = None
    total: int | None = None
