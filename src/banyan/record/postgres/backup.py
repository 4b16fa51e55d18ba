"""Backups: one file with everything in the database, proven by counts of the same moment."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tarfile
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from banyan.record.postgres.binaries import find_binaries
from banyan.record.postgres.datafolder import product
from banyan.record.postgres.errors import DatabaseError, DiskFull

DUMP, CONTENTS = "database.dump", "contents.json"


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; the proof is compared after a restore."""

    product: str
    made_at: datetime
    server_version: int
    sha256: str
    rows: dict[str, int]


class BackupError(DatabaseError):
    """A backup that cannot be made, read or restored; the message says why."""


def write_backup(dsn: str, file: Path) -> Contents:
    """Writes a backup while others work on: all of it shows one moment. The file appears when it is whole.

    Raises: BackupError, DiskFull.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=file.parent) as making:
        dump = Path(making) / DUMP
        with _snapshot(dsn) as (connection, snapshot):
            rows = _rows(connection)
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}", dsn=dsn)
            version = connection.info.server_version
        contents = Contents(
            product=product(),
            made_at=datetime.now(UTC),
            server_version=version,
            sha256=_hash(dump),
            rows=rows,
        )
        (Path(making) / CONTENTS).write_bytes(msgspec.json.format(msgspec.json.encode(contents), indent=1))
        whole = Path(making) / "whole"
        with _saying_full(file), tarfile.open(whole, "w") as archive:
            for name in (CONTENTS, DUMP):
                archive.add(Path(making) / name, arcname=name)
        with whole.open("rb") as opened:
            os.fsync(opened.fileno())
        whole.replace(file)
    return contents


def read_contents(file: Path) -> Contents:
    """What a backup says about itself.

    Raises: BackupError if the file is not one.
    """
    try:
        with tarfile.open(file) as archive, _member(archive, CONTENTS) as opened:
            return msgspec.json.decode(opened.read(), type=Contents)
    except (OSError, tarfile.TarError, msgspec.DecodeError) as wrong:
        raise BackupError(f"{file} is not a backup made by `banyan db backup` ({wrong}).") from None


def restore_backup(dsn: str, file: Path, finish: Callable[[str], None]) -> str:
    """Puts a backup in the database's place; what was there is kept under another name.

    The backup is restored beside the present database, compared with its proof, and only then takes its name:
    whoever is connected is cut off and connects to the restored one.
    `finish` gets the restored database, proven, to bring its schema up to date and start a new feed epoch.
    Returns: the name under which the former database is kept.
    Raises: BackupError; then nothing has changed.
    """
    contents = read_contents(file)
    parts = conninfo_to_dict(dsn)
    name = str(parts["dbname"])
    coming = f"{name}_restoring_{uuid.uuid4().hex[:8]}"
    upkeep = make_conninfo(dsn, dbname="postgres")
    with (
        tempfile.TemporaryDirectory(prefix=".restoring-", dir=file.parent) as place,
        _upkeep(upkeep) as admin,
    ):
        dump = Path(place) / DUMP
        _unpack(file, dump, contents)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(coming)))
        try:
            target = make_conninfo(dsn, dbname=coming)
            _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={target}", str(dump), dsn=None)
            _prove(target, contents)
            finish(target)
        except BaseException:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(coming)))
            raise
        return _swap(admin, name, coming)


def drop_old(folder: Path, keep: int) -> None:
    """Keeps the newest scheduled backups; those that people or upgrades made stay."""
    for file in sorted(folder.glob("scheduled-*.banyan"), reverse=True)[max(1, keep) :]:
        file.unlink()


@contextlib.contextmanager
def _snapshot(dsn: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    with psycopg.connect(dsn) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(found[0]) if found else ""


@contextlib.contextmanager
def _upkeep(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def _rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """The number of rows of every table; a partitioned one counts as a whole."""
    tables = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
        "AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2"
    ).fetchall()
    return {f"{schema}.{table}": _count(connection, schema, table) for schema, table in tables}


def _count(connection: psycopg.Connection[Any], schema: str, table: str) -> int:
    found = connection.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
    ).fetchone()
    return int(found[0]) if found else 0


def _prove(dsn: str, contents: Contents) -> None:
    with psycopg.connect(dsn) as connection:
        rows = _rows(connection)
    if rows != contents.rows:
        wrong = sorted(table for table in rows | contents.rows if rows.get(table) != contents.rows.get(table))
        raise BackupError(f"The restored database differs from the backup's proof in {', '.join(wrong[:5])}.")


def _unpack(file: Path, dump: Path, contents: Contents) -> None:
    with (
        _saying_full(dump),
        tarfile.open(file) as archive,
        _member(archive, DUMP) as opened,
        dump.open("wb") as out,
    ):
        while chunk := opened.read(1 << 20):
            out.write(chunk)
    if _hash(dump) != contents.sha256:
        raise BackupError(
            f"{file} is damaged: its content does not have the hash that it names. Use another backup."
        )


def _swap(admin: psycopg.Connection[Any], name: str, coming: str) -> str:
    """Gives the restored database the name; the former one keeps its content under a dated name."""
    former = f"{name}_until_{datetime.now(UTC).strftime('%Y%m%d_%H%M%S')}"
    old, new, kept = sql.Identifier(name), sql.Identifier(coming), sql.Identifier(former)
    admin.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(old))
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, kept))
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, old))
    admin.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(kept))
    return former


@contextlib.contextmanager
def _member(archive: tarfile.TarFile, name: str) -> Iterator[Any]:
    try:
        opened = archive.extractfile(name)
    except KeyError:
        opened = None
    if opened is None:
        raise tarfile.TarError(f"it has no {name}")
    with opened:
        yield opened


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _run(program: str, *words: str, dsn: str | None) -> None:
    binaries = find_binaries()
    if not binaries.has(program):
        raise BackupError(f"{program} is not in {binaries.folder}. Install PostgreSQL's client programs.")
    command = [str(binaries.program(program)), *words, *([f"--dbname={dsn}"] if dsn else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = "\n".join(done.stderr.strip().splitlines()[-5:])
        if "No space left on device" in said:
            raise DiskFull("The disk is full: the backup was not written. Free some room, then try again.")
        raise BackupError(f"{program} ended with status {done.returncode}:\n{said}")


@contextlib.contextmanager
def _saying_full(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        raise DiskFull(
            f"{file} could not be written: {wrong.strerror}. Free some room, then try again."
        ) from None
