"""Reads single resources and versions."""

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

from banyan.record.errors import Gone, NotFound
from banyan.record.values import EVERYTHING, Scope, Stored

CURRENT = "r.id, r.version, r.last_updated, r.body, r.patient, r.institution, r.sensitivity"
PAST = f"{CURRENT}, r.deleted"


def source(resource_type: str, scope: Scope) -> str:
    """The table of a type as `r`; with a column `type` where the scope asks for it."""
    table = f"record.{resource_type.lower()}"
    return (
        f"(SELECT *, '{resource_type}'::text AS type FROM {table}) r"
        if "r.type" in scope.sql
        else f"{table} r"
    )


def stored(resource_type: str, row: Sequence[Any]) -> Stored:
    found_id, version, last_updated, body, patient, institution, sensitivity, *rest = row
    return Stored(
        resource_type,
        found_id,
        version,
        last_updated,
        body,
        bool(rest and rest[0]),
        patient,
        institution,
        sensitivity,
    )


async def read_current(
    conn: AsyncConnection, resource_type: str, resource_id: str, scope: Scope = EVERYTHING
) -> Stored:
    """The current version. Raises NotFound (also where the scope hides it) or Gone."""
    found = await _one(
        conn,
        f"SELECT {CURRENT} FROM {source(resource_type, scope)} WHERE r.id = %s AND ({scope.sql})",
        (resource_id, *scope.params),
    )
    if found is not None:
        return stored(resource_type, found)
    deleted = await _one(
        conn,
        "SELECT r.version FROM record.history r JOIN record.place USING (type, id) "
        "WHERE r.type = %s AND r.id = %s "
        f"AND r.version = deleted_version AND ({scope.sql})",
        (resource_type, resource_id, *scope.params),
    )
    if deleted is not None:
        raise Gone(
            f"{resource_type}/{resource_id} was deleted (version {deleted[0]}). Its history can be read."
        )
    raise NotFound(f"There is no {resource_type}/{resource_id}.")


async def read_version(
    conn: AsyncConnection, resource_type: str, resource_id: str, version: int, scope: Scope = EVERYTHING
) -> Stored:
    """One version, current or not. Raises NotFound, and Gone for a version that is a deletion."""
    where, params = f"r.id = %s AND r.version = %s AND ({scope.sql})", (resource_id, version, *scope.params)
    row = await _one(conn, f"SELECT {CURRENT} FROM {source(resource_type, scope)} WHERE {where}", params)
    if row is None:
        row = await _one(
            conn,
            f"SELECT {PAST} FROM record.history r WHERE r.type = %s AND {where}",
            (resource_type, *params),
        )
    if row is None:
        raise NotFound(f"There is no version {version} of {resource_type}/{resource_id}.")
    found = stored(resource_type, row)
    if found.deleted:
        raise Gone(f"Version {version} of {resource_type}/{resource_id} is its deletion.")
    return found


async def read_many(
    conn: AsyncConnection, resource_type: str, ids: Sequence[str], scope: Scope = EVERYTHING
) -> list[Stored]:
    cursor = await conn.execute(
        f"SELECT {CURRENT} FROM {source(resource_type, scope)} WHERE r.id = ANY(%s) AND ({scope.sql})",
        (list(ids), *scope.params),
        binary=True,
    )
    return [stored(resource_type, row) for row in await cursor.fetchall()]


async def _one(conn: AsyncConnection, statement: str, params: tuple[Any, ...]) -> tuple[Any, ...] | None:
    cursor = await conn.execute(statement, params, binary=True)
    row: tuple[Any, ...] | None = await cursor.fetchone()
    return row
