"""Brings what the matches refer to (_include) and what refers to them (_revinclude)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from psycopg import AsyncConnection

from banyan.fhir import keys
from banyan.fhir.plans import plan_of
from banyan.record import bodies
from banyan.record.errors import BadRequest
from banyan.record.reading import CURRENT, read_many, source, stored
from banyan.record.search.query import Include
from banyan.record.values import Scope, Stored

if TYPE_CHECKING:
    from banyan.record.store import Record

ScopeOf = Callable[[str], Scope]
#: `:iterate` stops here: deeper chains of references do not occur, circles do.
DEEPEST = 10
LARGEST = 2000


async def fetch_includes(
    conn: AsyncConnection,
    record: "Record",
    includes: Sequence[Include],
    matches: Sequence[Stored],
    scope_of: ScopeOf,
) -> list[Stored]:
    """Each included resource once, matches left out."""
    for include in includes:
        _check(record, include)
    seen = {match.reference for match in matches}
    found: list[Stored] = []
    sources, wanted = list(matches), list(includes)
    for _ in range(DEEPEST):
        if not sources or not wanted or len(found) >= LARGEST:
            break
        fresh: list[Stored] = []
        for include in wanted:
            fetch = _referring if include.reverse else _referred
            for resource in await fetch(conn, record, include, sources, scope_of):
                if resource.reference not in seen:
                    seen.add(resource.reference)
                    fresh.append(resource)
        found += fresh
        sources, wanted = fresh, [include for include in includes if include.iterate]
    return found


def _check(record: "Record", include: Include) -> None:
    name = "_revinclude" if include.reverse else "_include"
    if include.source == "*":
        return
    record.require_type(include.source)
    parameter = plan_of(include.source).parameters.get(include.parameter)
    if include.parameter != "*" and (parameter is None or parameter.kind != "reference"):
        raise BadRequest(
            f"{name}: {include.source} has no reference parameter {include.parameter!r}.", expression=name
        )


async def _referred(
    conn: AsyncConnection, record: "Record", include: Include, sources: Sequence[Stored], scope_of: ScopeOf
) -> list[Stored]:
    wanted: dict[str, list[str]] = {}
    for resource in sources:
        if include.source not in ("*", resource.type):
            continue
        entries = plan_of(resource.type).extract(bodies.decode(resource.body), record.zone)
        for code, references in entries.references.items():
            if include.parameter not in ("*", code):
                continue
            for reference in references:
                kind, _, target = reference.partition("/")
                if kind in record.types and include.target in (None, kind):
                    wanted.setdefault(kind, []).append(target)
    found: list[Stored] = []
    for kind, ids in sorted(wanted.items()):
        found += await read_many(conn, kind, sorted(set(ids)), scope_of(kind))
    return found


async def _referring(
    conn: AsyncConnection, record: "Record", include: Include, sources: Sequence[Stored], scope_of: ScopeOf
) -> list[Stored]:
    parameter = plan_of(include.source).parameters[include.parameter]
    targets = [s for s in sources if include.target in (None, s.type)]
    if not targets:
        return []
    hashes = [keys.reference_key(parameter.scope, resource.reference) for resource in targets]
    scope = scope_of(include.source)
    cursor = await conn.execute(
        f"SELECT {CURRENT} FROM {source(include.source, scope)} "
        f"WHERE r.keys && %s::bigint[] AND ({scope.sql}) "
        f"ORDER BY r.row LIMIT {LARGEST}",
        (hashes, *scope.params),
        binary=True,
    )
    return [stored(include.source, row) for row in await cursor.fetchall()]
