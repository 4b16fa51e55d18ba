"""Brings a database to this Banyan's schema: refuses what is newer, backs up what is older, then migrates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from banyan.record.migrate import migrate
from banyan.record.postgres.backup import write_backup
from banyan.record.postgres.datafolder import Made, product, read_made, refuse_newer, write_made

Tell = Callable[[str], None]
INDEX_FORM = 1  # raised when the layout of keys or side tables changes in a way that needs a reindex


async def bring_up_to_date(dsn: str, data: Path, folders: Sequence[Path], tell: Tell) -> list[str]:
    """Makes the schema what this version needs. A folder with data is backed up before it is changed.

    Returns: the names of the changes made. Raises: DataFolderTooNew, DatabaseError.
    """
    return await asyncio.to_thread(_bring, dsn, data, folders, tell)


def check_folder(data: Path, folders: Sequence[Path]) -> None:
    """Refuses a folder of a newer version before its database is even started."""
    refuse_newer(read_made(data), known(folders), INDEX_FORM, data)


def known(folders: Sequence[Path]) -> tuple[str, ...]:
    """The names of all migrations that this version brings."""
    return tuple(sorted(file.stem for folder in folders for file in folder.glob("*.sql")))


def applied(dsn: str) -> tuple[str, ...]:
    """The names of the migrations that the database has been through."""
    with psycopg.connect(dsn) as connection:
        if connection.execute("SELECT to_regclass('banyan_migration')").fetchone() == (None,):
            return ()
        rows = connection.execute("SELECT migration_id FROM banyan_migration ORDER BY 1").fetchall()
    return tuple(name for (name,) in rows)


def _bring(dsn: str, data: Path, folders: Sequence[Path], tell: Tell) -> list[str]:
    wanted, present = known(folders), applied(dsn)
    with psycopg.connect(dsn) as connection:
        server = str(connection.info.server_version // 10000)
    made = read_made(data)
    now = Made(product=product(), schema=wanted, index_form=INDEX_FORM, postgresql=server)
    before = Made(
        product=made.product if made else "unknown",
        schema=present,
        index_form=made.index_form if made else INDEX_FORM,
        postgresql=server,
    )
    refuse_newer(before, wanted, INDEX_FORM, data)
    missing = [name for name in wanted if name not in present]
    if present and missing:
        tell(
            f"this folder was written by Banyan {before.product}: backing it up before {len(missing)} changes"
        )
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        write_backup(dsn, data / "backups" / f"before-{product()}-{stamp}.banyan")
    if missing:
        migrate(dsn, folders)
    if made != now:
        write_made(data, now)
    return missing
