"""One value of a search parameter as keys or as SQL over an ordered value."""

import time
from collections.abc import Callable
from datetime import tzinfo

from banyan.fhir import dates, decimals, keys
from banyan.fhir.entries import Parameter
from banyan.fhir.text import fold
from banyan.record.errors import BadRequest
from banyan.record.search.query import split_bar, unescape
from banyan.record.search.sql import Sql

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")


def token_key(parameter: Parameter, value: str) -> tuple[int, bool]:
    """The key of `code`, `system|code`, `|code` or `system|`, and whether it is counted."""
    parts = split_bar(value)
    scope = parameter.scope
    if len(parts) == 1:
        return keys.key(scope, "c", parts[0]), True
    system, code = parts[0], "|".join(parts[1:])
    if not system and not code:
        raise malformed(parameter, value, "code, system|code, |code or system|")
    if not code:
        return keys.key(scope, "y", system), False
    return (keys.key(scope, "s", f"{system}|{code}") if system else keys.key(scope, "n", code)), True


def reference_keys(parameter: Parameter, value: str, targets: tuple[str, ...], kind: str | None) -> list[int]:
    """`Type/id`, an absolute address, or a plain id of any target type."""
    text = unescape(value).partition("/_history/")[0]
    if "/" in text or ":" in text:
        if kind and not text.startswith(f"{kind}/"):
            raise malformed(parameter, value, f"an id of {kind}")
        return [keys.reference_key(parameter.scope, text)]
    return [
        keys.reference_key(parameter.scope, f"{target}/{text}") for target in ([kind] if kind else targets)
    ]


def identifier_key(parameter: Parameter, value: str) -> int:
    parts = split_bar(value)
    text = f"*|{parts[0]}" if len(parts) == 1 else f"{parts[0]}|{parts[1]}"
    return keys.key(parameter.scope, "i", text)


def date_condition(parameter: Parameter, value: str, zone: tzinfo, lo: str, hi: str) -> Sql:
    """FHIR's comparison of two intervals, on SQL expressions `lo` and `hi`."""
    prefix, text = split_prefix(value)
    try:
        asked = dates.interval(text.replace(" ", "+"), zone)
    except dates.MalformedDate as error:
        raise malformed(parameter, value, f"a date: {error}") from None
    if prefix == "ap":
        slack = abs(time.time() - (asked.lo + asked.hi) / 2) * 0.1
        return Sql(f"{hi} >= %s AND {lo} <= %s AND {hi} > '-infinity'", (asked.lo - slack, asked.hi + slack))
    return _compare(prefix, lo, hi, asked.lo, asked.hi, asked.lo, asked.hi, closed=True)


def number_condition(parameter: Parameter, value: str, lo: str, hi: str) -> Sql:
    """FHIR's comparison of numbers: equality within the digits given, order by the number itself."""
    prefix, text = split_prefix(value)
    try:
        asked = decimals.span(text)
    except decimals.MalformedNumber as error:
        raise malformed(parameter, value, f"a number: {error}") from None
    if prefix == "ap":
        slack = abs(asked.value) * 0.1
        return Sql(f"{hi} >= %s AND {lo} <= %s", (asked.value - slack, asked.value + slack))
    return _compare(prefix, lo, hi, asked.lo, asked.hi, asked.value, asked.value, closed=False)


def quantity_parts(parameter: Parameter, value: str) -> tuple[str, str | None, str | None]:
    """number, system, code: from "5.4|http://unitsofmeasure.org|mg", "5.4||mg" or "5.4"."""
    parts = split_bar(value)
    if len(parts) not in (1, 3):
        raise malformed(parameter, value, "number, number|system|code or number||code")
    return (
        parts[0],
        (parts[1] or None) if len(parts) == 3 else None,
        (parts[2] or None) if len(parts) == 3 else None,
    )


def string_condition(value: str, modifier: str | None, column: str) -> Sql:
    """Begins with (or contains) the folded value."""
    text = fold(unescape(value)).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    if modifier == "contains":
        return Sql(f"{column} LIKE %s", (f"%{text}%",))
    folded = fold(unescape(value))
    return Sql(f"{column} >= %s AND {column} < %s", (folded, folded + "\U0010ffff"))


def split_prefix(value: str) -> tuple[str, str]:
    return (value[:2], value[2:]) if value[:2] in PREFIXES else ("eq", value)


def _compare(
    prefix: str, lo: str, hi: str, from_: float, to: float, low: float, high: float, *, closed: bool
) -> Sql:
    """`from_`–`to` is the interval of equality (half open unless closed), `low`, `high` order by points."""
    within = Sql(f"{lo} >= %s AND {hi} {'<=' if closed else '<'} %s", (from_, to))
    above, below = Sql(f"{hi} > %s", (high,)), Sql(f"{lo} < %s AND {hi} > '-infinity'", (low,))
    forms: dict[str, Callable[[], Sql]] = {
        "eq": lambda: within,
        "ne": lambda: Sql(f"NOT ({within.text}) AND {hi} > '-infinity'", within.params),
        "gt": lambda: above,
        "lt": lambda: below,
        "ge": lambda: Sql(f"({above.text} OR ({within.text}))" if closed else f"{hi} >= %s",
                          (*above.params, *within.params) if closed else (high,)),
        "le": lambda: Sql(f"({below.text} OR ({within.text}))" if closed else f"{lo} <= %s",
                          (*below.params, *within.params) if closed else (low,)),
        "sa": lambda: Sql(f"{lo} > %s", (to,)),
        "eb": lambda: Sql(f"{hi} < %s AND {hi} > '-infinity'", (from_,)),
    }  # fmt: skip
    return forms[prefix]()


def malformed(parameter: Parameter, value: str, wanted: str) -> BadRequest:
    return BadRequest(
        f"{parameter.code}={value!r} cannot be read: it must be {wanted}.", expression=parameter.code
    )
