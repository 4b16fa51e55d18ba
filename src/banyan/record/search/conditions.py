"""Each condition of a search as SQL, by the kind of its parameter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from banyan.fhir import keys
from banyan.fhir.dates import MalformedDate, interval
from banyan.fhir.entries import Parameter
from banyan.fhir.plans import Plan, plan_of
from banyan.record.errors import BadRequest, NotSupported
from banyan.record.reading import source
from banyan.record.search import values
from banyan.record.search.query import Criterion, split_dollar, unescape
from banyan.record.search.sql import FALSE, Condition, Sql, join, negate
from banyan.record.values import Scope

#: Guesses of how many rows an index finds where nothing counts them.
PATIENT_ROWS, REFERENCE_ROWS, UNIQUE_ROWS, STRING_ROWS, ORDERED_ROWS = 300, 50, 2, 500, 20_000
#: A guess of how many resources refer to each one that a chain finds.
FAN_OUT = 20
KINDS = ("token", "reference", "date", "string", "quantity", "number", "uri", "composite")
MODIFIERS = {
    "token": {"not", "missing"},
    "reference": {"missing", "identifier"},
    "date": {"missing"},
    "string": {"missing", "exact", "contains"},
    "quantity": {"missing"},
    "number": {"missing"},
    "uri": {"missing"},
    "composite": set(),
}


class UnknownParameter(BadRequest):
    """A search parameter that the type does not have."""

    code = "not-found"


@dataclass(frozen=True, slots=True)
class Compiler:
    """What compiling a condition needs to know beside the condition."""

    plan: Plan
    zone: tzinfo
    scope_of: Callable[[str], Scope]
    types: frozenset[str]

    def of(self, resource_type: str) -> "Compiler":
        if resource_type not in self.types:
            raise BadRequest(f"FHIR R4 has no resource type {resource_type!r}.")
        return Compiler(plan_of(resource_type), self.zone, self.scope_of, self.types)


def compile_criterion(compiler: Compiler, asked: Criterion) -> Condition:
    if asked.has is not None:
        return _has(compiler, asked)
    if asked.name == "_id" and asked.rest is None:
        return _ids(asked)
    parameter = find_parameter(compiler.plan, asked)
    if asked.rest is not None:
        return _chain(compiler, parameter, asked)
    if parameter.code == "_lastUpdated":
        return _last_updated(compiler, asked)
    _check_modifier(compiler, parameter, asked)
    if asked.modifier == "missing":
        return _missing(parameter, asked)
    return _BY_KIND[parameter.kind](compiler, parameter, asked)


def find_parameter(plan: Plan, asked: Criterion) -> Parameter:
    parameter = plan.parameters.get(asked.name)
    if parameter is not None and (parameter.kind in KINDS or asked.name == "_lastUpdated"):
        return parameter
    if asked.name in plan.official:
        raise NotSupported(
            f"The search parameter {asked.written!r} of {plan.type} is not indexed here.",
            expression=asked.written,
        )
    raise UnknownParameter(
        f"{plan.type} has no search parameter {asked.written!r}. "
        f"It has: {', '.join(sorted(plan.parameters))}.",
        expression=asked.written,
    )


def _check_modifier(compiler: Compiler, parameter: Parameter, asked: Criterion) -> None:
    modifier = asked.modifier
    if modifier is None or modifier in MODIFIERS[parameter.kind]:
        return
    if parameter.kind == "reference" and modifier in compiler.types:
        return
    raise NotSupported(
        f"{asked.written!r}: a {parameter.kind} parameter takes no modifier :{modifier} here.",
        expression=asked.written,
    )


def keys_condition(
    found: list[int], label: str, *, counted: bool, guess: int | None = None, column: str | None = None
) -> Condition:
    """Rows that have any of the keys. The check is written so that GIN cannot serve it."""
    if len(found) == 1:
        check = Sql("%s::bigint = ANY(r.keys)", (found[0],))
        drive = Sql("r.keys @> ARRAY[%s::bigint]", (found[0],))
    else:
        check = Sql("(r.keys || '{}'::bigint[]) && %s::bigint[]", (found,))
        drive = Sql("r.keys && %s::bigint[]", (found,))
    return Condition(check, drive, tuple(found), guess, counted, label, column)


def _ids(asked: Criterion) -> Condition:
    ids = [unescape(value) for value in asked.values]
    found = Sql("r.id = ANY(%s)", (ids,))
    return Condition(found, found, guess=len(ids), label="_id")


def _last_updated(compiler: Compiler, asked: Criterion) -> Condition:
    instant = "extract(epoch FROM r.last_updated)::float8"
    parameter = compiler.plan.parameters["_lastUpdated"]
    checks, drives = [], []
    for value in asked.values:
        check = values.date_condition(parameter, value, compiler.zone, instant, instant)
        checks.append(check)
        prefix, text = values.split_prefix(value)
        drives.append(_updated_range(prefix, text, compiler.zone))
    drive = join("OR", (d for d in drives if d)) if all(drives) else None
    both = join("AND", [d for d in (drive, join("OR", checks)) if d])
    return Condition(
        join("OR", checks),
        both if drive else None,
        guess=ORDERED_ROWS,
        label="_lastUpdated",
        column="updated",
    )


def _updated_range(prefix: str, text: str, zone: tzinfo) -> Sql | None:
    """The same in a form that the index on last_updated serves."""
    try:
        lo, hi = interval(text.replace(" ", "+"), zone)
    except MalformedDate:
        return None
    column = "r.last_updated"
    if prefix == "eq":
        return Sql(f"{column} BETWEEN to_timestamp(%s) AND to_timestamp(%s)", (lo, hi))
    if prefix in ("gt", "ge", "sa"):
        return Sql(f"{column} >= to_timestamp(%s)", (lo,))
    return Sql(f"{column} <= to_timestamp(%s)", (hi,)) if prefix in ("lt", "le", "eb") else None


def _missing(parameter: Parameter, asked: Criterion) -> Condition:
    if asked.values not in (("true",), ("false",)):
        raise values.malformed(parameter, ",".join(asked.values), "true or false")
    present = keys_condition([keys.key(parameter.scope, "p", "")], asked.written, counted=False)
    if asked.values == ("false",):
        return Condition(present.check, label=asked.written)
    return Condition(negate(present.check), label=asked.written)


def _token(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    found = [values.token_key(parameter, value) for value in asked.values]
    numbers = [number for number, _ in found]
    if asked.modifier == "not":
        return Condition(negate(keys_condition(numbers, "", counted=False).check), label=asked.written)
    counted = all(counts for _, counts in found) and parameter.code not in UNCOUNTED
    column = "code" if parameter.is_main_code and len(numbers) == 1 and "|" in asked.values[0] else None
    guess = UNIQUE_ROWS if parameter.code == "identifier" else REFERENCE_ROWS
    return keys_condition(numbers, asked.written, counted=counted, guess=guess, column=column)


UNCOUNTED = frozenset({"identifier", "telecom", "phone", "email", "_id"})


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
    if len(patients) == 1:
        same = Sql("r.patient = %s", (patients[0],))
    else:
        same = Sql("r.patient = ANY(%s)", (patients,))
    drive = join("AND", (same, check))
    return Condition(check, drive, guess=PATIENT_ROWS * len(patients), label=asked.written, column="patient")


def targets_of(compiler: Compiler, parameter: Parameter) -> list[str]:
    targets = compiler.plan.official[parameter.code].targets
    if parameter.code == "patient":
        return ["Patient"]
    return [t for t in targets if t in compiler.types] or sorted(compiler.types)


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


def side_condition(
    table: str, alias: str, parameter: Parameter, condition: Sql, label: str, guess: int
) -> Condition:
    """Rows that have a fitting value in a side table."""
    fitting = f"{alias}.parameter = %s AND ({condition.text})"
    params = (parameter.number, *condition.params)
    check = Sql(
        f"EXISTS (SELECT FROM record.{table} {alias} WHERE {alias}.row = r.row AND {fitting} OFFSET 0)",
        params,
    )
    drive = Sql(f"r.row IN (SELECT {alias}.row FROM record.{table} {alias} WHERE {fitting})", params)
    return Condition(check, drive, guess=guess, label=label)


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


def _chain(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    """One list of the hashes of all targets that fit, of whatever type."""
    if parameter.kind != "reference" or asked.rest is None:
        raise BadRequest(
            f"{asked.written!r}: only a reference parameter can be chained.", expression=asked.written
        )
    types = [asked.modifier] if asked.modifier else targets_of(compiler, parameter)
    salt, parts = keys.reference_salt(parameter.scope), []
    refusals: list[BadRequest] = []
    inners: list[Condition] = []
    for target in types:
        try:
            condition = compile_criterion(compiler.of(target), asked.rest)
        except UnknownParameter as error:
            refusals.append(error)
            continue
        inners.append(condition)
        inner = condition.drive or condition.check
        scope = compiler.scope_of(target)
        parts.append(
            Sql(
                f"SELECT r.self # %s::bigint FROM {source(target, scope)} "
                f"WHERE ({inner.text}) AND ({scope.sql})",
                (salt, *inner.params, *scope.params),
            )
        )
    if not parts:
        raise refusals[0]
    union = Sql(" UNION ALL ".join(p.text for p in parts), tuple(v for p in parts for v in p.params))
    one = inners[0] if len(inners) == 1 else None
    return Condition(
        # bool_or keeps the planner from joining: the list is hashed once and probed with each row's keys.
        Sql(f"(SELECT bool_or(k IN ({union.text})) FROM unnest(r.keys) AS k)", union.params),
        Sql(f"r.keys && ARRAY({union.text})", union.params),
        keys=one.keys if one else (),
        guess=(one.guess or STRING_ROWS) * FAN_OUT if one else ORDERED_ROWS,
        counted=one.counted if one else False,
        factor=FAN_OUT,
        label=asked.written,
    )


def _has(compiler: Compiler, asked: Criterion) -> Condition:
    """Rows to which a fitting resource of another type refers."""
    assert asked.has is not None
    assert asked.rest is not None
    other = compiler.of(asked.has[0])
    reference = find_parameter(other.plan, Criterion(asked.has[1], None, (), written=asked.written))
    inner = compile_criterion(other, asked.rest)
    fitting, scope = inner.drive or inner.check, compiler.scope_of(other.plan.type)
    where = f"FROM {source(other.plan.type, scope)} WHERE ({fitting.text}) AND ({scope.sql})"
    params = (*fitting.params, *scope.params)
    own_patient = other.plan.patient_is_single and reference.code in ("patient", other.plan.patient_code)
    if compiler.plan.type == "Patient" and own_patient:
        found = Sql(f"r.id IN (SELECT r.patient {where})", params)
        return Condition(found, found, guess=STRING_ROWS, label=asked.written)
    salt = keys.reference_salt(reference.scope)
    found = Sql(f"(r.self # %s::bigint) IN (SELECT unnest(r.keys) {where})", (salt, *params))
    return Condition(found, label=asked.written)


def _composite(compiler: Compiler, parameter: Parameter, asked: Criterion) -> Condition:
    """Each value is one value for every component, joined by "$"; all hold for the same resource."""
    components = compiler.plan.official[parameter.code].components
    alternatives = []
    for value in asked.values:
        parts = split_dollar(value)
        if len(parts) != len(components):
            wanted = "$".join(component.code for component in components)
            raise values.malformed(parameter, value, wanted)
        each = [
            compile_criterion(compiler, Criterion(component.code, None, (part,), written=asked.written))
            for component, part in zip(components, parts, strict=True)
        ]
        alternatives.append(each)
    if len(alternatives) > 1:
        return Condition(
            join("OR", [join("AND", [one.check for one in each]) for each in alternatives]),
            label=asked.written,
        )
    first, *rest = alternatives[0]
    check = join("AND", [first.check, *(one.check for one in rest)])
    drive = join("AND", [first.drive, *(one.check for one in rest)]) if first.drive else None
    return Condition(check, drive, first.keys, first.guess, first.counted, asked.written)


_BY_KIND: dict[str, Callable[[Compiler, Parameter, Criterion], Condition]] = {
    "token": _token,
    "reference": _reference,
    "uri": _uri,
    "string": _string,
    "date": _date,
    "number": _number,
    "quantity": _quantity,
    "composite": _composite,
}
