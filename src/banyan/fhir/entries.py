"""What one resource contributes to the index, and how each datatype turns into it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from math import inf
from typing import Any, NamedTuple

from banyan.fhir import keys
from banyan.fhir.dates import Interval, interval
from banyan.fhir.text import search_forms

Json = Any


class Ordered(NamedTuple):
    """A value with an order: a date's interval, a number, a quantity in its unit (0: no unit)."""

    parameter: int
    unit: int
    lo: float
    hi: float


class Folded(NamedTuple):
    """A folded string, its pinyin or its initials."""

    parameter: int
    value: str


@dataclass(slots=True)
class Entries:
    """The index entries of one resource; `counted` are the keys whose frequency guides searches."""

    zone: tzinfo
    keys: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)
    ordered: set[Ordered] = field(default_factory=set)
    strings: set[Folded] = field(default_factory=set)
    codes: list[int] = field(default_factory=list)
    references: dict[str, list[str]] = field(default_factory=dict)
    clinical_date: Interval | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of one type, ready for indexing."""

    type: str
    code: str
    kind: str
    scope: str
    number: int
    is_main_code: bool = False
    is_main_date: bool = False


Converter = Callable[[Parameter, Json, Entries], None]


def token(
    parameter: Parameter, system: str | None, code: str | None, entries: Entries, *, counted: bool
) -> None:
    scope, found = parameter.scope, []
    if code is not None:
        specific = keys.key(scope, "s", f"{system}|{code}") if system else keys.key(scope, "n", code)
        found = [keys.key(scope, "c", code), specific]
        if parameter.is_main_code:
            entries.codes.append(specific)
        if counted:
            entries.counted.update(found)
    if system:
        found.append(keys.key(scope, "y", system))
    entries.keys.update(found)


def index_coding(parameter: Parameter, value: Json, entries: Entries) -> None:
    token(parameter, value.get("system"), value.get("code"), entries, counted=True)


def index_concept(parameter: Parameter, value: Json, entries: Entries) -> None:
    for coding in value.get("coding", ()):
        index_coding(parameter, coding, entries)


def index_identifier(parameter: Parameter, value: Json, entries: Entries) -> None:
    token(parameter, value.get("system"), value.get("value"), entries, counted=False)


def index_contact(parameter: Parameter, value: Json, entries: Entries) -> None:
    token(parameter, None, value.get("value"), entries, counted=False)


def index_code(parameter: Parameter, value: Json, entries: Entries) -> None:
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    token(parameter, None, text, entries, counted=True)


def index_plain_token(parameter: Parameter, value: Json, entries: Entries) -> None:
    token(parameter, None, str(value), entries, counted=False)


def index_reference(parameter: Parameter, value: Json, entries: Entries) -> None:
    reference = value.get("reference")
    if reference and not reference.startswith("#"):
        target = reference.partition("/_history/")[0]
        entries.keys.add(keys.reference_key(parameter.scope, target))
        entries.references.setdefault(parameter.code, []).append(target)
    identifier = value.get("identifier")
    if identifier:
        code, system = identifier.get("value"), identifier.get("system")
        entries.keys.add(keys.key(parameter.scope, "i", f"{system or ''}|{code}"))
        entries.keys.add(keys.key(parameter.scope, "i", f"*|{code}"))


def index_canonical(parameter: Parameter, value: Json, entries: Entries) -> None:
    text = str(value)
    target = text.partition("|")[0]
    entries.keys.update(keys.reference_key(parameter.scope, form) for form in (text, target))
    entries.references.setdefault(parameter.code, []).append(target)


def index_uri(parameter: Parameter, value: Json, entries: Entries) -> None:
    text = str(value)
    entries.keys.update(keys.key(parameter.scope, "u", form) for form in (text, text.partition("|")[0]))


def index_text(parameter: Parameter, value: Json, entries: Entries) -> None:
    if not isinstance(value, str):
        return
    entries.keys.add(keys.key(parameter.scope, "x", value))
    entries.strings.update(Folded(parameter.number, form) for form in search_forms(value))


def index_name(parameter: Parameter, value: Json, entries: Entries) -> None:
    for part in _texts(value, ("text", "family", "given", "prefix", "suffix")):
        index_text(parameter, part, entries)


def index_address(parameter: Parameter, value: Json, entries: Entries) -> None:
    for part in _texts(value, ("text", "line", "city", "district", "state", "postalCode", "country")):
        index_text(parameter, part, entries)


def _texts(value: Json, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        part = value.get(name)
        if isinstance(part, str):
            yield part
        elif part:
            yield from (text for text in part if text)


def _add_date(parameter: Parameter, found: Interval, entries: Entries) -> None:
    if parameter.is_main_date:
        entries.clinical_date = found
    else:
        entries.ordered.add(Ordered(parameter.number, 0, found.lo, found.hi))


def index_date(parameter: Parameter, value: Json, entries: Entries) -> None:
    _add_date(parameter, interval(value, entries.zone), entries)


def index_period(parameter: Parameter, value: Json, entries: Entries) -> None:
    start, end = value.get("start"), value.get("end")
    if start or end:
        lo = interval(start, entries.zone).lo if start else -inf
        hi = interval(end, entries.zone).hi if end else inf
        _add_date(parameter, Interval(lo, hi), entries)


def index_timing(parameter: Parameter, value: Json, entries: Entries) -> None:
    events = [interval(event, entries.zone) for event in value.get("event", ()) if event]
    if events:
        _add_date(parameter, Interval(min(e.lo for e in events), max(e.hi for e in events)), entries)
    bounds = value.get("repeat", {}).get("boundsPeriod")
    if bounds and not events:
        index_period(parameter, bounds, entries)


def index_number(parameter: Parameter, value: Json, entries: Entries) -> None:
    entries.ordered.add(Ordered(parameter.number, 0, float(value), float(value)))


def index_quantity(parameter: Parameter, value: Json, entries: Entries) -> None:
    amount = value.get("value")
    if amount is None:
        return
    lo, hi = _compared(float(amount), value.get("comparator"))
    code, unit, system = value.get("code"), value.get("unit"), value.get("system")
    for name in {code, unit} - {None} or {""}:
        entries.ordered.add(Ordered(parameter.number, keys.unit_hash(name), lo, hi))
    if code and system:
        entries.keys.add(keys.key(parameter.scope, "q", f"{system}|{code}"))


def _compared(amount: float, comparator: str | None) -> tuple[float, float]:
    if comparator in ("<", "<="):
        return -inf, amount
    return (amount, inf) if comparator in (">", ">=") else (amount, amount)


def index_money(parameter: Parameter, value: Json, entries: Entries) -> None:
    money = {"value": value.get("value"), "code": value.get("currency"), "system": "urn:iso:std:iso:4217"}
    index_quantity(parameter, money, entries)


def index_range(parameter: Parameter, value: Json, entries: Entries) -> None:
    low, high = value.get("low", {}), value.get("high", {})
    code = low.get("code") or low.get("unit") or high.get("code") or high.get("unit") or ""
    lo, hi = low.get("value", Decimal("-Infinity")), high.get("value", Decimal("Infinity"))
    entries.ordered.add(Ordered(parameter.number, keys.unit_hash(code), float(lo), float(hi)))


CONVERTERS: dict[tuple[str, str], Converter] = {
    **{("token", t): index_concept for t in ("CodeableConcept",)},
    ("token", "Coding"): index_coding,
    ("token", "Identifier"): index_identifier,
    ("token", "ContactPoint"): index_contact,
    ("token", "code"): index_code,
    ("token", "boolean"): index_code,
    **{("token", t): index_plain_token for t in ("string", "id", "uri", "canonical", "dateTime", "date")},
    ("reference", "Reference"): index_reference,
    **{("reference", t): index_canonical for t in ("canonical", "uri", "url")},
    **{("uri", t): index_uri for t in ("uri", "url", "canonical", "oid", "uuid")},
    **{("string", t): index_text for t in ("string", "markdown", "code", "uri")},
    ("string", "HumanName"): index_name,
    ("string", "Address"): index_address,
    **{("date", t): index_date for t in ("date", "dateTime", "instant")},
    ("date", "Period"): index_period,
    ("date", "Timing"): index_timing,
    **{("number", t): index_number for t in ("decimal", "integer", "positiveInt", "unsignedInt")},
    ("number", "Range"): index_range,
    **{("quantity", t): index_quantity for t in ("Quantity", "Age", "Duration", "Count", "Distance")},
    ("quantity", "SimpleQuantity"): index_quantity,
    ("quantity", "Money"): index_money,
    ("quantity", "Range"): index_range,
}
