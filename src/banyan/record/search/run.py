"""Runs a search: compile, choose the driving index, fetch one page, bring the includes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import AsyncConnection

from banyan.fhir.plans import plan_of
from banyan.record.reading import CURRENT, source, stored
from banyan.record.search.compiler import Compiler, UnknownParameter
from banyan.record.search.conditions import compile_criterion
from banyan.record.search.driver import Driver, choose_driver, is_second_code
from banyan.record.search.includes import fetch_includes
from banyan.record.search.ordering import SortKey, after, encode_cursor, order_by, sort_keys
from banyan.record.search.query import Query, read_query
from banyan.record.search.sql import Condition, Sql, join
from banyan.record.values import EVERYTHING, Scope, SearchPage, Stored

if TYPE_CHECKING:
    from banyan.record.store import Record

#: Counting looks at every match, so no walk ends early.
EVERY_MATCH = 1 << 40


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
    scope = scopes(resource_type)
    asked = _Asked(record, conn, resource_type, conditions, order, scope)
    total = None
    if query.only_count or query.total == "accurate":
        total, driver = await _total(asked)
    if query.only_count:
        return SearchPage([], total=total, driver=driver.label, ignored=ignored)
    driver = await asked.driver(query.count)
    matches, following = await _page(asked, driver, query)
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A compiled search on its way through the database."""

    record: "Record"
    conn: AsyncConnection
    type: str
    conditions: Sequence[Condition]
    order: Sequence[SortKey]
    scope: Scope

    async def driver(self, count: int) -> Driver:
        return await choose_driver(
            self.conn, self.record.counts, self.type, self.conditions, self.order, count
        )

    async def where(self, driver: Driver) -> Sql:
        walks_dates = driver.condition is not None and driver.condition.column in ("patient", "code")
        parts = []
        for condition in self.conditions:
            if condition is driver.condition:
                parts.append(await self._driving(condition))
            elif condition.column == "date" and condition.drive is not None and walks_dates:
                parts.append(condition.drive)
            else:
                parts.append(condition.check)
        return join("AND", [*parts, Sql(self.scope.sql, self.scope.params)])

    async def _driving(self, condition: Condition) -> Sql:
        """The main code's B-tree, in the order of dates, serves where the code never stands second."""
        assert condition.drive is not None
        if condition.column == "code" and not await is_second_code(self.conn, condition.keys[0]):
            return Sql("r.code = %s::bigint", (condition.keys[0],))
        return condition.drive


async def _total(asked: _Asked) -> tuple[int, Driver]:
    driver = await asked.driver(EVERY_MATCH)
    where = await asked.where(driver)
    tables = source(asked.type, asked.scope)
    cursor = await asked.conn.execute(f"SELECT count(*) FROM {tables} WHERE {where.text}", where.params)
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0]), driver


async def _page(asked: _Asked, driver: Driver, query: Query) -> tuple[list[Stored], str | None]:
    hidden = not driver.in_order
    where = await asked.where(driver)
    if query.cursor is not None:
        where = join("AND", (where, after(asked.order, query.cursor, hidden=hidden)))
    columns = ", ".join(key.plain for key in asked.order)
    cursor = await asked.conn.execute(
        f"SELECT {CURRENT}, {columns} FROM {source(asked.type, asked.scope)} WHERE {where.text} "
        f"ORDER BY {order_by(asked.order, hidden=hidden)} LIMIT {query.count + 1}",
        where.params,
        binary=True,
    )
    rows = await cursor.fetchall()
    following = encode_cursor(rows[query.count - 1][7:]) if len(rows) > query.count else None
    return [stored(asked.type, row[:7]) for row in rows[: query.count]], following
