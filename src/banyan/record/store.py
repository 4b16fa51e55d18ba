"""The one store: reads, searches, histories and transactions on FHIR resources."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection, errors
from psycopg_pool import AsyncConnectionPool

from banyan.fhir.definitions import Definitions, load
from banyan.fhir.issues import Issue
from banyan.fhir.plans import plan_of
from banyan.fhir.validation import validate_parsed
from banyan.record import history, reading
from banyan.record.bodies import Content
from banyan.record.counts import KeyCounts
from banyan.record.errors import Conflict, NotFound
from banyan.record.ids import ID_FORM
from banyan.record.numbers import Numbers
from banyan.record.search.run import run_search
from banyan.record.transaction import Transaction
from banyan.record.values import EVERYTHING, Author, HistoryPage, Scope, SearchPage, Stored

T = TypeVar("T")
ScopeOf = Callable[[str], Scope]
#: How often a transaction is repeated that lost to another one.
ATTEMPTS = 8
RETRIED = (errors.SerializationFailure, errors.DeadlockDetected)


class Record:
    """The record on one PostgreSQL. `zone` holds for dates that are written without one."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        *,
        zone: tzinfo | None = None,
        definitions: Definitions | None = None,
    ) -> None:
        self.pool = pool
        self.zone: tzinfo = zone or ZoneInfo("Asia/Shanghai")
        self.definitions = definitions or load()
        self.types = frozenset(self.definitions.resource_types)
        self.counts = KeyCounts(pool)
        self.numbers = Numbers()
        self.known_second_codes: set[int] = set()

    async def close(self) -> None:
        """Write what is still gathered in memory (key counts only: facts are never held back)."""
        await self.counts.close()

    async def read(self, resource_type: str, resource_id: str, *, scope: Scope | None = None) -> Stored:
        """The current version. Raises NotFound or Gone."""
        self.require(resource_type, resource_id)
        async with self.pool.connection() as conn:
            return await reading.read_current(conn, resource_type, resource_id, scope or EVERYTHING)

    async def vread(
        self, resource_type: str, resource_id: str, version: int, *, scope: Scope | None = None
    ) -> Stored:
        """One version. Raises NotFound or Gone."""
        self.require(resource_type, resource_id)
        async with self.pool.connection() as conn:
            return await reading.read_version(conn, resource_type, resource_id, version, scope or EVERYTHING)

    async def history(
        self,
        resource_type: str | None = None,
        resource_id: str | None = None,
        *,
        since: datetime | None = None,
        count: int = 50,
        cursor: str | None = None,
        scope: Scope | None = None,
        scope_of: ScopeOf | None = None,
    ) -> HistoryPage:
        """Versions, newest first: of one resource, of a type, or of everything."""
        if resource_type is not None:
            self.require(resource_type, resource_id)
        limits = history.Limits(since, count, cursor)
        scopes = scope_of or (lambda _: scope or EVERYTHING)
        async with self.pool.connection() as conn:
            return await history.read_history(conn, resource_type, resource_id, limits, scopes)

    async def search(
        self,
        resource_type: str,
        params: Sequence[tuple[str, str]],
        *,
        scope_of: ScopeOf | None = None,
        lenient: bool = False,
    ) -> SearchPage:
        """One page of a search. An unknown parameter is refused, or named in `ignored` when lenient."""
        self.require_type(resource_type)
        async with self.pool.connection() as conn:
            return await run_search(self, conn, resource_type, params, scope_of, lenient=lenient)

    async def search_on(
        self,
        conn: AsyncConnection,
        resource_type: str,
        params: Sequence[tuple[str, str]],
        *,
        scope_of: Callable[[str], Scope] | None = None,
    ) -> SearchPage:
        """A search inside somebody's transaction."""
        self.require_type(resource_type)
        return await run_search(self, conn, resource_type, params, scope_of, lenient=False)

    @asynccontextmanager
    async def transaction(self, author: Author) -> AsyncIterator[Transaction]:
        """All or nothing: written, indexed and in the feed when the block ends. Only `run` repeats."""
        async with self.pool.connection() as conn:
            try:
                async with conn.transaction():
                    transaction = Transaction(self, conn, author)
                    yield transaction
                    await transaction.finish()
            except errors.UniqueViolation as error:
                if error.diag.schema_name != "record":
                    raise
                raise Conflict(
                    f"Somebody stored the same resource at the same moment ({error.diag.table_name}). "
                    "Send it again."
                ) from error
        self.known_second_codes |= transaction.second_codes
        self.counts.add(transaction.counted)

    async def run(self, author: Author, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Do `work` in a transaction, again from the start when it lost to another one."""
        for attempt in range(ATTEMPTS):
            try:
                async with self.transaction(author) as transaction:
                    return await work(transaction)
            except RETRIED:
                if attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 (spreads the repeats)
        raise AssertionError("unreachable")

    def validate(self, content: Content) -> list[Issue]:
        """What is wrong with a resource that is to be stored."""
        self.require_type(content.type)
        return validate_parsed(content.resource, content.text)

    def require_type(self, resource_type: str) -> None:
        if resource_type not in self.types:
            raise NotFound(f"FHIR R4 has no resource type {resource_type!r}. Check its spelling.")

    def require(self, resource_type: str, resource_id: str | None) -> None:
        """Neither an unknown type nor an impossible id is looked for."""
        self.require_type(resource_type)
        if resource_id is not None and not ID_FORM.fullmatch(resource_id):
            raise NotFound(f"{resource_id!r} is no id: 1 to 64 letters, digits, '-' and '.'.")

    def warm_up(self) -> None:
        """Compile the plans of all types now, rather than at each type's first use (0.4 s)."""
        for resource_type in self.types:
            plan_of(resource_type)
