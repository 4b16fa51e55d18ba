"""Reads the expressions of SearchParameters: the small part of FHIRPath that the official ones use."""

import re
from typing import NamedTuple

TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'[^']*')|(?P<mark>!=|[().\[\]|=]|\d+))")


class Step(NamedTuple):
    """One move down the tree: to child `name`, kept only if of type `cast` or where a condition holds."""

    name: str
    cast: str | None = None
    where: tuple[str, str] | None = None
    target: str | None = None


class Path(NamedTuple):
    """`root` is a type, or empty for paths relative to a composite's element.

    `presence` asks whether there is a value other than false (Patient.deceased).
    """

    root: str
    steps: tuple[Step, ...]
    presence: bool = False


class UnreadableExpression(ValueError):
    """An expression outside the part of FHIRPath that search plans are made from."""


def read_paths(expression: str) -> list[Path]:
    """The alternatives of an expression, in order."""
    reader = _Reader(expression)
    paths = [reader.alternative()]
    while reader.take("|"):
        paths.append(reader.alternative())
    if reader.peek is not None:
        raise UnreadableExpression(f"cannot read {reader.peek!r} in {expression!r}")
    return paths


class _Reader:
    """A cursor over the tokens of one expression."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        if TOKEN.sub("", expression).strip():
            raise UnreadableExpression(f"cannot read {expression!r}")
        self.tokens = [m.group().strip() for m in TOKEN.finditer(expression)]
        self.at = 0

    @property
    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *wanted: str) -> bool:
        found = self.tokens[self.at : self.at + len(wanted)] == list(wanted)
        self.at += len(wanted) if found else 0
        return found

    def need(self, *wanted: str) -> None:
        if not self.take(*wanted):
            raise UnreadableExpression(f"expected {' '.join(wanted)!r} in {self.expression!r}")

    def word(self) -> str:
        word = self.peek
        if word is None or not word[0].isalpha():
            raise UnreadableExpression(f"expected a name in {self.expression!r}")
        self.at += 1
        return word

    def alternative(self) -> Path:
        path = self.chain()
        if self.take("and"):  # `X.exists() and X != false`
            if self.chain().steps != path.steps:
                raise UnreadableExpression(f"cannot read 'and' in {self.expression!r}")
            self.need("!=", "false")
            return path._replace(presence=True)
        return path

    def chain(self) -> Path:
        if self.take("("):
            path = self.chain()
            if self.take("as"):
                path = _cast(path, self.word())
            self.need(")")
        else:
            first = self.word()
            path = Path(first, ()) if first[0].isupper() else Path("", (Step(first),))
        while self.take("."):
            path = self.member(path)
        return path

    def member(self, path: Path) -> Path:
        name = self.word()
        if not self.take("("):
            path = path._replace(steps=(*path.steps, Step(name)))
            if self.take("["):
                raise UnreadableExpression(f"positions are not read: {self.expression!r}")
            return path
        if name in ("ofType", "as"):
            path = _cast(path, self.word())
        elif name == "where":
            path = self.condition(path)
        elif name != "exists":
            raise UnreadableExpression(f"{name}() is not read: {self.expression!r}")
        self.need(")")
        return path

    def condition(self, path: Path) -> Path:
        *before, last = path.steps
        if self.take("resolve", "(", ")", "is"):
            return path._replace(steps=(*before, last._replace(target=self.word())))
        name = self.word()
        self.need("=")
        value = self.peek or ""
        self.at += 1
        return path._replace(steps=(*before, last._replace(where=(name, value.strip("'")))))


def _cast(path: Path, kind: str) -> Path:
    if not path.steps:
        return path._replace(root=kind)
    *before, last = path.steps
    return path._replace(steps=(*before, last._replace(cast=kind)))
