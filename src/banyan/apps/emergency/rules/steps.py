"""Walks a triage algorithm question by question until one decides, or the next answer is missing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from banyan.apps.emergency.rules.rule import Values

NOTHING_FOUND = "None of the dangers found"


class Unanswered(LookupError):
    """The walk needs these inputs next (any one of them)."""

    def __init__(self, *names: str) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True)
class Step:
    """Where `holds`, the patient is `then`; otherwise the walk goes on."""

    because: str
    holds: Callable[[Values], bool]
    then: str


def ask(values: Values, *names: str) -> Any:
    """The first of these inputs that was given; raises Unanswered when none was."""
    for name in names:
        if name in values:
            return values[name]
    raise Unanswered(*names)


def walk(values: Values, steps: Iterable[Step], otherwise: str) -> dict[str, Any]:
    """The category and the step that decided it, or what must be looked at next."""
    try:
        for step in steps:
            if step.holds(values):
                return {"category": step.then, "because": step.because}
    except Unanswered as question:
        return {"incomplete": list(question.names[:1]), "missing": list(question.names)}
    return {"category": otherwise, "because": NOTHING_FOUND}
