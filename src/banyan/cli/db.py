"""`banyan db migrate|backup|restore`: the database's schema and its backups."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from banyan.cli.running import DEFAULT_DATA, Data, operator, plainly, settings_of, tell

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """The database."""


@app.command()
def migrate(data: Data = DEFAULT_DATA) -> None:
    """Brings the database to this version's schema, after a backup."""
    from banyan.platform import migration_folders, open_database
    from banyan.record.postgres.upgrade import bring_up_to_date

    settings = settings_of(data)
    with plainly(), open_database(settings, verb="db migrate", tell=tell) as running:
        made = asyncio.run(bring_up_to_date(running.dsn, settings.data, migration_folders(), tell))
        tell(f"made {len(made)} changes: {', '.join(made)}" if made else "the schema is up to date")


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to; by default in the folder of backups.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Writes a backup of one moment, while others work on, and prints its path."""
    from banyan.platform import open_database
    from banyan.record.postgres.backup import write_backup

    settings = settings_of(data)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = file or settings.backup_folder / f"by-hand-{stamp}.banyan"
    with plainly(), open_database(settings, verb="db backup", tell=tell) as running:
        contents = write_backup(running.dsn, target.absolute())
    tell(f"{sum(contents.rows.values())} rows of {len(contents.rows)} tables, {target.stat().st_size} bytes")
    print(target)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file made by `db backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before replacing what is there.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Puts a backup in the present database's place, which is kept under another name."""
    from banyan.access.sealer import HEAD
    from banyan.platform import open_database
    from banyan.record.postgres.backup import read_contents, restore_backup
    from banyan.record.postgres.datafolder import mark_restored

    settings = settings_of(data)
    with plainly(), open_database(settings, verb="db restore", tell=tell) as running:
        contents = read_contents(file)
        tell(f"{file}: made {contents.made_at.isoformat(timespec='minutes')} by Banyan {contents.product}")
        if not yes and not typer.confirm("Put it in the place of the present database?", err=True):
            raise typer.Exit(1)
        former = restore_backup(running.dsn, file.absolute(), _finish)
        _set_seal_aside(settings.data / "keys" / HEAD)
        mark_restored(settings.data)
    tell(f"restored and proven: {sum(contents.rows.values())} rows; the former database is kept as {former}")


def _finish(dsn: str) -> None:
    """Gives an older backup this version's schema, the feed a new epoch, the audit trail a line."""
    asyncio.run(_finished(dsn))


async def _finished(dsn: str) -> None:
    import psycopg

    from banyan.access.audit import Entry, write
    from banyan.platform import migration_folders
    from banyan.record.migrate import migrate as apply
    from banyan.record.positions import new_epoch

    await asyncio.to_thread(apply, dsn, migration_folders())
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await new_epoch(connection)
        await write(connection, Entry(who=operator(), action="db.restore", what="the whole record"))


def _set_seal_aside(head: Path) -> None:
    """Keeps the newest seal, which the restored trail does not reach, under another name."""
    if head.exists():
        head.rename(head.with_name(f"{head.stem}-until-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"))
