"""Runs a search: compile, choose the driving index, fetch one page, bring the includes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from psycopg import AsyncConnection

from banyan.fhir.plans import plan_of
from banyan.record.reading import CURRENT, source, stored
from banyan.record.search.conditions import Compiler, UnknownParameter, compile_criterion
from banyan.record.search.driver import Driver, choose_driver, is_second_code
from banyan.record.search.includes import fetch_includes
from banyan.record.search.ordering import SortKey, after, encode_cursor, order_by, sort_keys
from banyan.record.search.query import Query, read_query
from banyan.record.search.sql import Condition, Sql, join
from banyan.record.values import EVERYTHING, Scope, SearchPage, Stored

if TYPE_CHECKING:
    from banyan.record.store import Record


async def run_search(
    record: "Record",
    conn: AsyncConnection,
    resource_type: str,
    params: Sequence[tuple[str, str]],
    scope_of: Callable[[str], Scope] | None,
    *,
    lenient: bool,
) -> SearchPage:
    query = read_query(params)
    scopes = scope_of or (lambda _: EVERYTHING)
    compiler = Compiler(plan_of(resource_type), record.zone, scopes, record.types)
    conditions, ignored = _compile(compiler, query, lenient=lenient)
    order = sort_keys(compiler.plan, query.sort)
    driver = await choose_driver(conn, record.counts, conditions, order, query.count)
    scope = scopes(resource_type)
    where = await _where(conn, conditions, driver, scope)
    tables = source(resource_type, scope)
    total = None
    if query.only_count or query.total == "accurate":
        total = await _total(conn, tables, where)
    if query.only_count:
        return SearchPage([], total=total, driver=driver.label, ignored=ignored)
    matches, following = await _page(conn, resource_type, tables, where, order, driver, query)
    includes = await fetch_includes(conn, record, query.includes, matches, scopes)
    return SearchPage(matches, includes, total, following, driver.label, ignored)


def _compile(compiler: Compiler, query: Query, *, lenient: bool) -> tuple[list[Condition], tuple[str, ...]]:
    conditions, ignored = [], []
    for criterion in query.criteria:
        try:
            conditions.append(compile_criterion(compiler, criterion))
        except UnknownParameter:
            if not lenient:
                raise
            ignored.append(criterion.written)
    return conditions, tuple(ignored)


async def _where(conn: AsyncConnection, conditions: Sequence[Condition], driver: Driver, scope: Scope) -> Sql:
    parts = []
    walks_dates = driver.condition is not None and driver.condition.column in ("patient", "code")
    for condition in conditions:
        if condition is driver.condition:
            parts.append(await _driving(conn, condition))
        elif condition.column == "date" and condition.drive is not None and walks_dates:
            parts.append(condition.drive)
        else:
            parts.append(condition.check)
    return join("AND", [*parts, Sql(scope.sql, scope.params)])


async def _driving(conn: AsyncConnection, condition: Condition) -> Sql:
    """The main code's B-tree, in the order of dates, serves where the code never stands second."""
    assert condition.drive is not None
    if condition.column == "code" and not await is_second_code(conn, condition.keys[0]):
        return Sql("r.code = %s::bigint", (condition.keys[0],))
    return condition.drive


async def _total(conn: AsyncConnection, tables: str, where: Sql) -> int:
    cursor = await conn.execute(f"SELECT count(*) FROM {tables} WHERE {where.text}", where.params)
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def _page(
    conn: AsyncConnection,
    resource_type: str,
    tables: str,
    where: Sql,
    order: Sequence[SortKey],
    driver: Driver,
    query: Query,
) -> tuple[list[Stored], str | None]:
    hidden = not driver.in_order
    if query.cursor is not None:
        where = join("AND", (where, after(order, query.cursor, hidden=hidden)))
    columns = ", ".join(key.plain for key in order)
    cursor = await conn.execute(
        f"SELECT {CURRENT}, {columns} FROM {tables} WHERE {where.text} "
        f"ORDER BY {order_by(order, hidden=hidden)} LIMIT {query.count + 1}",
        where.params,
        binary=True,
    )
    rows = await cursor.fetchall()
    following = encode_cursor(rows[query.count - 1][7:]) if len(rows) > query.count else None
    return [stored(resource_type, row[:7]) for row in rows[: query.count]], following
