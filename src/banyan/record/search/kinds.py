"""One condition of a search as SQL, by the kind of its parameter."""

from collections.abc import Callable

from banyan.fhir import keys
from banyan.fhir.entries import Parameter
from banyan.fhir.plans import Plan
from banyan.record.search import values
from banyan.record.search.compiler import (
    ORDERED_ROWS,
    PATIENT_ROWS,
    REFERENCE_ROWS,
    STRING_ROWS,
    UNIQUE_ROWS,
    Compiler,
    keys_condition,
    side_condition,
    targets_of,
)
from banyan.record.search.query import Criterion, unescape
from banyan.record.search.sql import FALSE, Condition, Sql, join, negate

UNCOUNTED = frozenset({"identifier", "telecom", "phone", "email", "_id"})


def _token(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    found = [values.token_key(parameter, value) for value in asked.values]
    numbers = [number for number, _ in found]
    if asked.modifier == "not":
        return Condition(negate(keys_condition(numbers, "", counted=False).check), label=asked.written)
    counted = all(counts for _, counts in found) and parameter.code not in UNCOUNTED
    column = "code" if parameter.is_main_code and len(numbers) == 1 and "|" in asked.values[0] else None
    guess = UNIQUE_ROWS if parameter.code == "identifier" else REFERENCE_ROWS
    return keys_condition(numbers, asked.written, counted=counted, guess=guess, column=column)


def _reference(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    if asked.modifier == "identifier":
        found = [values.identifier_key(parameter, value) for value in asked.values]
        return keys_condition(found, asked.written, counted=False, guess=REFERENCE_ROWS)
    targets = tuple(targets_of(compiler, parameter))
    found = [k for v in asked.values for k in values.reference_keys(parameter, v, targets, asked.modifier)]
    patients = _patients(compiler.plan, parameter, asked)
    if patients is None:
        return keys_condition(found, asked.written, counted=False, guess=REFERENCE_ROWS)
    check = keys_condition(found, "", counted=False).check
    one = Sql("r.patient = %s", (patients[0],))
    drive = join("AND", (one if len(patients) == 1 else Sql("r.patient = ANY(%s)", (patients,)), check))
    return Condition(check, drive, guess=PATIENT_ROWS * len(patients), label=asked.written, column="patient")


def _patients(plan: Plan, parameter: Parameter, asked: Criterion) -> list[str] | None:
    """The plain ids, where this condition is one on the column `patient`."""
    if not plan.patient_is_single or parameter.code not in ("patient", "subject", plan.patient_code):
        return None
    found = []
    for value in asked.values:
        kind, slash, target = unescape(value).rpartition("/")
        if (slash and kind != "Patient") or ":" in target:
            return None
        if not slash and parameter.code != "patient" and asked.modifier != "Patient":
            return None
        found.append(target)
    return found


def _uri(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    found = [keys.key(parameter.scope, "u", unescape(value)) for value in asked.values]
    return keys_condition(found, asked.written, counted=False, guess=UNIQUE_ROWS)


def _string(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    if asked.modifier == "exact":
        found = [keys.key(parameter.scope, "x", unescape(value)) for value in asked.values]
        return keys_condition(found, asked.written, counted=False, guess=REFERENCE_ROWS)
    texts = join("OR", [values.string_condition(v, asked.modifier, "s.value") for v in asked.values])
    return side_condition("string", "s", parameter, texts, asked.written, STRING_ROWS)


def _date(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    if parameter.code == compiler.plan.main_date:
        checks = [
            values.date_condition(parameter, v, compiler.zone, "(r.date_lo + 0)", "r.date_hi")
            for v in asked.values
        ]
        drives = [
            values.date_condition(parameter, v, compiler.zone, "r.date_lo", "r.date_hi") for v in asked.values
        ]
        return Condition(
            join("OR", checks), join("OR", drives), guess=ORDERED_ROWS, label=asked.written, column="date"
        )
    found = join(
        "OR", [values.date_condition(parameter, v, compiler.zone, "o.lo", "o.hi") for v in asked.values]
    )
    return side_condition("ordered", "o", parameter, found, asked.written, ORDERED_ROWS)


def _number(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    found = join("OR", [values.number_condition(parameter, v, "o.lo", "o.hi") for v in asked.values])
    return side_condition("ordered", "o", parameter, found, asked.written, ORDERED_ROWS)


def _quantity(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    parts = [_one_quantity(parameter, value, asked.written) for value in asked.values]
    if len(parts) == 1:
        return parts[0]
    return Condition(join("OR", [part.check for part in parts], FALSE), label=asked.written)


def _one_quantity(parameter: Parameter, value: str, label: str) -> Condition:
    number, system, code = values.quantity_parts(parameter, value)
    compared = values.number_condition(parameter, number, "o.lo", "o.hi")
    if code:
        compared = join("AND", (Sql("o.unit = %s", (keys.unit_hash(code),)), compared))
    found = side_condition("ordered", "o", parameter, compared, label, ORDERED_ROWS)
    if not (system and code):
        return found
    exact = keys_condition([keys.key(parameter.scope, "q", f"{system}|{code}")], "", counted=False).check
    drive = join("AND", (found.drive, exact)) if found.drive else None
    return Condition(join("AND", (exact, found.check)), drive, guess=found.guess, label=label)


BY_KIND: dict[str, Callable[[Compiler, Parameter, Criterion], Condition]] = {
    "token": _token,
    "reference": _reference,
    "uri": _uri,
    "string": _string,
    "date": _date,
    "number": _number,
    "quantity": _quantity,
}
