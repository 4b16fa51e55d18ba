"""The conditions of a search as SQL: plain ones by their kind, chains, reverse chains, composites."""

from datetime import tzinfo

from banyan.fhir import keys
from banyan.fhir.dates import MalformedDate, interval
from banyan.fhir.entries import Parameter
from banyan.record.errors import BadRequest, NotSupported
from banyan.record.reading import source
from banyan.record.search import values
from banyan.record.search.compiler import (
    ORDERED_ROWS,
    STRING_ROWS,
    Compiler,
    UnknownParameter,
    find_parameter,
    keys_condition,
    targets_of,
)
from banyan.record.search.kinds import BY_KIND
from banyan.record.search.query import Criterion, split_dollar, unescape
from banyan.record.search.sql import Condition, Sql, join, negate

#: A guess of how many resources refer to each one that a chain finds.
FAN_OUT = 20


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
    if parameter.kind == "composite":
        return _composite(compiler, parameter, asked)
    return BY_KIND[parameter.kind](compiler, parameter, asked)


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
