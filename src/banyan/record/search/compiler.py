"""What the conditions of a search share: what compiling knows, and the common forms of conditions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from banyan.fhir.entries import Parameter
from banyan.fhir.plans import Plan, plan_of
from banyan.record.errors import BadRequest, NotSupported
from banyan.record.search.query import Criterion
from banyan.record.search.sql import Condition, Sql
from banyan.record.values import Scope

#: Guesses of how many rows an index finds where nothing counts them.
PATIENT_ROWS, REFERENCE_ROWS, UNIQUE_ROWS, STRING_ROWS, ORDERED_ROWS = 300, 50, 2, 500, 20_000
KINDS = ("token", "reference", "date", "string", "quantity", "number", "uri", "composite")


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


def targets_of(compiler: Compiler, parameter: Parameter) -> list[str]:
    targets = compiler.plan.official[parameter.code].targets
    if parameter.code == "patient":
        return ["Patient"]
    return [t for t in targets if t in compiler.types] or sorted(compiler.types)


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
