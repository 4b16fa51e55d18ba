"""Orders of search results, and cursors: the last sort values with the internal row number."""

import base64
from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

import msgspec

from banyan.fhir.plans import Plan
from banyan.record.errors import BadRequest, NotSupported
from banyan.record.search.sql import Sql, join


class SortKey(NamedTuple):
    """One key of the order: `plain` may be served by an index, `hidden` is the same and tempts none."""

    plain: str
    hidden: str
    kind: str
    descending: bool


def sort_keys(plan: Plan, asked: Sequence[tuple[str, bool]]) -> list[SortKey]:
    """The order of a search; the row number decides between equals, so that pages never overlap."""
    found = [_sort_key(plan, name, descending) for name, descending in asked]
    descending = found[0].descending if found else True
    return [*found, SortKey("r.row", "(r.row + 0)", "bigint", descending)]


def _sort_key(plan: Plan, name: str, descending: bool) -> SortKey:
    if name == "_lastUpdated":
        return SortKey("r.last_updated", "(r.last_updated + interval '0')", "timestamptz", descending)
    if name == "_id":
        return SortKey("r.id", "(r.id || '')", "text", descending)
    parameter = plan.parameters.get(name)
    if parameter is None:
        raise BadRequest(f"{plan.type} has no search parameter {name!r} to sort by.", expression="_sort")
    if parameter.is_main_date:
        return SortKey("r.date_lo", "(r.date_lo + 0)", "float8", descending)
    if parameter.kind in ("date", "number", "quantity"):
        expression = _side_value("ordered", "lo", parameter.number, "'-infinity'::float8")
        return SortKey(expression, expression, "float8", descending)
    if parameter.kind == "string":
        expression = _side_value("string", "value", parameter.number, "''")
        return SortKey(expression, expression, "text", descending)
    raise NotSupported(f"Sorting by {name!r} ({parameter.kind}) is not supported.", expression="_sort")


def _side_value(table: str, column: str, number: int, missing: str) -> str:
    return (
        f"coalesce((SELECT min(v.{column}) FROM record.{table} v "
        f"WHERE v.row = r.row AND v.parameter = {number}), {missing})"
    )


def order_by(order: Sequence[SortKey], *, hidden: bool) -> str:
    return ", ".join(f"{k.hidden if hidden else k.plain} {'DESC' if k.descending else 'ASC'}" for k in order)


def after(order: Sequence[SortKey], cursor: str, *, hidden: bool) -> Sql:
    """The rows that come after the one in the cursor."""
    last = decode_cursor(cursor, len(order))
    expressions = [key.hidden if hidden else key.plain for key in order]
    if len({key.descending for key in order}) == 1:
        sign = "<" if order[0].descending else ">"
        marks = ", ".join(f"%s::{key.kind}" for key in order)
        return Sql(f"({', '.join(expressions)}) {sign} ({marks})", tuple(last))
    alternatives = []
    for number, key in enumerate(order):
        equal = [Sql(f"{expressions[i]} = %s::{order[i].kind}", (last[i],)) for i in range(number)]
        sign = "<" if key.descending else ">"
        beyond = Sql(f"{expressions[number]} {sign} %s::{key.kind}", (last[number],))
        alternatives.append(join("AND", [*equal, beyond]))
    return join("OR", alternatives)


def encode_cursor(values: Sequence[Any]) -> str:
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(msgspec.json.encode(plain)).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value) if value not in (inf, -inf) else ("Infinity" if value > 0 else "-Infinity")
    return value.isoformat() if hasattr(value, "isoformat") else value


def decode_cursor(cursor: str, length: int) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=list[str | int])
    except (ValueError, msgspec.MsgspecError):
        values = []
    if len(values) != length:
        raise BadRequest(
            "_cursor is not one of this search: take the next link as it was given.", expression="_cursor"
        )
    return values
