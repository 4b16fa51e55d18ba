"""Writes a transaction's rows: pipelined statements for few, COPY for many."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

from banyan.record.rows import COLUMN_TYPES, COLUMNS, Row
from banyan.record.values import Stored

#: From this many rows of one table on, COPY beats single statements.
COPY_FROM = 12
ORDERED = ("parameter", "unit", "lo", "hi", "row")
ORDERED_TYPES = ("int4", "int8", "float8", "float8", "int8")
STRING = ("parameter", "row", "value")
STRING_TYPES = ("int4", "int8", "text")
_sets = ", ".join(f"{name} = %s::{kind}" for name, kind in zip(COLUMNS[3:], COLUMN_TYPES[3:], strict=True))
#: SQL and its parameters.
Statement = tuple[str, tuple[Any, ...]]
HISTORY_COLUMNS = "type, id, version, shard, last_updated, deleted, sensitivity, patient, institution, body"


async def write(
    conn: AsyncConnection, created: Sequence[Row], updated: Sequence[Row], further: Sequence[Statement] = ()
) -> None:
    """Write new rows and replace changed ones (their former versions go to the history), then `further`."""
    tables: dict[str, list[Row]] = defaultdict(list)
    for row in created:
        tables[row.stored.type.lower()].append(row)
    rows = [*created, *updated]
    ordered = [value for row in rows for value in row.ordered()]
    strings = [value for row in rows for value in row.strings()]
    singles: list[Statement] = []
    for table, new in sorted(tables.items()):
        values = [row.values() for row in new]
        singles += await _fill(conn, f"record.{table}", COLUMNS, COLUMN_TYPES, values)
    if updated:
        async with conn.pipeline():
            await _replace(conn, updated)
    singles += await _fill(conn, "record.ordered", ORDERED, ORDERED_TYPES, ordered)
    singles += await _fill(conn, "record.string", STRING, STRING_TYPES, strings)
    async with conn.pipeline():
        for statement, params in (*singles, *further):
            await conn.execute(statement, params, prepare=True)


async def _fill(
    conn: AsyncConnection,
    table: str,
    columns: Sequence[str],
    types: Sequence[str],
    values: list[tuple[Any, ...]],
) -> list[Statement]:
    """COPY many rows; of few, give back the statements that write them."""
    names = ", ".join(columns)
    if len(values) < COPY_FROM:
        marks = ", ".join(f"%s::{kind}" for kind in types)
        return [(f"INSERT INTO {table} ({names}) VALUES ({marks})", value) for value in values]
    async with (
        conn.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(types)
        for value in values:
            await copy.write_row(value)
    return []


async def _replace(conn: AsyncConnection, rows: Sequence[Row]) -> None:
    await _forget_side_rows(conn, [row.number for row in rows])
    for row in rows:
        table, place = row.stored.type.lower(), (row.stored.id, row.shard)
        await _keep_version(conn, row.stored.type, place)
        await conn.execute(
            f"UPDATE record.{table} SET {_sets} WHERE id = %s AND shard = %s::int2",
            (*row.values()[3:], *place),
            prepare=True,
        )


async def _keep_version(conn: AsyncConnection, resource_type: str, place: tuple[str, int]) -> None:
    await conn.execute(
        f"INSERT INTO record.history ({HISTORY_COLUMNS}) SELECT %s, id, version, shard, last_updated, false, "
        f"sensitivity, patient, institution, body FROM record.{resource_type.lower()} "
        "WHERE id = %s AND shard = %s::int2",
        (resource_type, *place),
        prepare=True,
    )


async def _forget_side_rows(conn: AsyncConnection, numbers: list[int]) -> None:
    for table in ("ordered", "string"):
        await conn.execute(
            f"DELETE FROM record.{table} WHERE row = ANY(%s::bigint[])", (numbers,), prepare=True
        )


async def remove(conn: AsyncConnection, gone: Stored, shard: int, number: int) -> None:
    """Delete the current row; its last version and the deletion stay in the history."""
    async with conn.pipeline():
        await _forget_side_rows(conn, [number])
        await _keep_version(conn, gone.type, (gone.id, shard))
        await conn.execute(
            f"DELETE FROM record.{gone.type.lower()} WHERE id = %s AND shard = %s::int2", (gone.id, shard)
        )
        await conn.execute(
            f"INSERT INTO record.history ({HISTORY_COLUMNS}) "
            "VALUES (%s, %s, %s, %s, %s, true, %s::int2, %s, %s, '')",
            (gone.type, gone.id, gone.version, shard, gone.last_updated, gone.sensitivity, gone.patient,
             gone.institution),
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO record.place (type, id, shard, deleted_version) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (type, id) DO UPDATE SET deleted_version = EXCLUDED.deleted_version",
            (gone.type, gone.id, shard, gone.version),
        )
