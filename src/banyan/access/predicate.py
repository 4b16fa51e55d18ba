"""Conditions on a row of the record, and their SQL."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

COLUMNS = ("type", "id", "patient", "institution", "sensitivity")
ABSENT = ""


@dataclass(frozen=True, slots=True)
class Equal:
    column: str
    value: str | int


@dataclass(frozen=True, slots=True)
class OneOf:
    column: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compare:
    column: str
    operator: str  # < <= > >=
    value: int


@dataclass(frozen=True, slots=True)
class Granted:
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    of: "Predicate"


@dataclass(frozen=True, slots=True)
class All:
    of: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple["Predicate", ...]


Predicate = bool | Equal | OneOf | Compare | Granted | Not | All | AnyOf


def both(*parts: Predicate) -> Predicate:
    """All parts hold."""
    kept = [part for part in parts if part is not True]
    if any(part is False for part in kept):
        return False
    return All(tuple(kept)) if len(kept) > 1 else (kept[0] if kept else True)


def either(*parts: Predicate) -> Predicate:
    """At least one part holds; equal parts are kept once, grants are looked up once."""
    kept = list(dict.fromkeys(part for part in parts if part is not False))
    purposes = [part.purposes for part in kept if isinstance(part, Granted)]
    if len(purposes) > 1:
        others = [part for part in kept if not isinstance(part, Granted)]
        kept = [*others, Granted(frozenset().union(*purposes))]
    if any(part is True for part in kept):
        return True
    return AnyOf(tuple(kept)) if len(kept) > 1 else (kept[0] if kept else False)


def negate(part: Predicate) -> Predicate:
    """The part does not hold."""
    if isinstance(part, bool):
        return not part
    return part.of if isinstance(part, Not) else Not(part)


def needs_grants(part: Predicate) -> bool:
    """Whether the answer depends on the grants of the row's patient."""
    match part:
        case Granted():
            return True
        case Not(of):
            return needs_grants(of)
        case All(parts) | AnyOf(parts):
            return any(map(needs_grants, parts))
        case _:
            return False


GrantSql = Callable[[frozenset[str]], tuple[str, tuple[Any, ...]]]


def to_sql(part: Predicate, grants: GrantSql) -> tuple[str, tuple[Any, ...]]:
    """SQL over the alias r that is true exactly where the predicate holds.

    Absent values are NULL in the table and "" in a policy. Negations are pushed down to the leaves, which
    are written so that NULL never makes a condition unknown.
    """
    return _sql(part, True, grants)


def _sql(part: Predicate, wanted: bool, grants: GrantSql) -> tuple[str, tuple[Any, ...]]:
    match part:
        case bool():
            return ("true" if part is wanted else "false"), ()
        case Not(of):
            return _sql(of, not wanted, grants)
        case All(parts):
            return _join(" and " if wanted else " or ", (_sql(p, wanted, grants) for p in parts))
        case AnyOf(parts):
            return _join(" or " if wanted else " and ", (_sql(p, wanted, grants) for p in parts))
        case Equal(column, value):
            return _equal(column, value, wanted)
        case OneOf(column, values):
            return _one_of(column, values, wanted)
        case Compare(column, operator, value):
            sql = f"r.{column} {operator} %s"
            return (sql if wanted else f"not ({sql})"), (value,)
        case Granted(purposes):
            sql, params = grants(purposes)
            return (sql if wanted else f"not ({sql})"), params


def _join(word: str, parts: Iterable[tuple[str, tuple[Any, ...]]]) -> tuple[str, tuple[Any, ...]]:
    done = list(parts)
    return "(" + word.join(sql for sql, _ in done) + ")", tuple(v for _, params in done for v in params)


def _equal(column: str, value: str | int, wanted: bool) -> tuple[str, tuple[Any, ...]]:
    if value == ABSENT:
        return f"r.{column} is {'' if wanted else 'not '}null", ()
    return f"r.{column} {'=' if wanted else 'is distinct from'} %s", (value,)


def _one_of(column: str, values: frozenset[str], wanted: bool) -> tuple[str, tuple[Any, ...]]:
    known = sorted(values - {ABSENT})
    if ABSENT in values:
        sql = f"(r.{column} is null or r.{column} = any(%s))"
        return (sql if wanted else f"not {sql}"), (known,)
    if wanted:
        return f"r.{column} = any(%s)", (known,)
    return f"(r.{column} is null or r.{column} <> all(%s))", (known,)
