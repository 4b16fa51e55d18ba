"""Forms: fields with values and errors, so that a page can show what is wrong, where, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as the page shows it."""

    name: str
    label: str
    value: str = ""
    type: str = "text"
    hint: str = ""
    error: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    autocomplete: str = "off"
    inputmode: str = ""
    suffix: str = ""


@dataclass(slots=True)
class Form:
    """What was sent, and what is wrong with it: errors by the name of the field, "" for the whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def required(self, name: str, message: str) -> str:
        """The value of a field that must not be empty."""
        value = self.value(name)
        if not value:
            self.errors[name] = message
        return value

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, message)

    @property
    def ok(self) -> bool:
        return not self.errors
