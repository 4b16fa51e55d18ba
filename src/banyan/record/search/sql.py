"""Pieces of SQL that carry their parameters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple


class Sql(NamedTuple):
    """Text with %s placeholders, and what goes there."""

    text: str
    params: tuple[Any, ...] = ()


TRUE = Sql("true")
FALSE = Sql("false")


def join(word: str, parts: Iterable[Sql], empty: Sql = TRUE) -> Sql:
    """The parts in brackets with `word` (AND, OR) between them."""
    found = list(parts)
    if not found:
        return empty
    if len(found) == 1:
        return found[0]
    text = f" {word} ".join(f"({part.text})" for part in found)
    return Sql(text, tuple(value for part in found for value in part.params))


def negate(part: Sql) -> Sql:
    return Sql(f"NOT ({part.text})", part.params)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in two forms: `check` looks at a row already found and tempts no index; `drive` finds
    rows by an index. The counts of `keys` say how many rows `drive` finds; `guess` where nothing counts them.
    """

    check: Sql
    drive: Sql | None = None
    keys: tuple[int, ...] = ()
    guess: int | None = None
    counted: bool = False
    label: str = ""
    column: str | None = None
    factor: int = 1
