"""The data folder's own record, `banyan.json`: which Banyan, schema, index form and PostgreSQL made it."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

import msgspec

from banyan.record.postgres.errors import DataFolderTooNew

FILE = "banyan.json"
RESTORED = ".restored"


class Made(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a data folder was last written with."""

    product: str
    schema: tuple[str, ...]  # the migrations applied, by name
    index_form: int
    postgresql: str


def product() -> str:
    """This Banyan's version."""
    return version("banyan")


def read_made(data: Path) -> Made | None:
    """What `banyan.json` says; None in a new folder.

    Raises: DataFolderTooNew when the file has a form that this version does not know.
    """
    file = data / FILE
    if not file.exists():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=Made)
    except msgspec.DecodeError as wrong:
        raise DataFolderTooNew(
            f"{file} cannot be read by Banyan {product()} ({wrong}). It was written by another version, or "
            "damaged: use the version that made the folder, or restore a backup."
        ) from None


def write_made(data: Path, made: Made) -> None:
    """Replaces `banyan.json` in one step."""
    file, new = data / FILE, data / (FILE + ".new")
    with new.open("wb") as opened:
        opened.write(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)


def refuse_newer(made: Made | None, known: tuple[str, ...], index_form: int, data: Path) -> None:
    """An older Banyan must not write what a newer one laid out.

    Raises: DataFolderTooNew with what is unknown.
    """
    if made is None:
        return
    unknown = sorted(set(made.schema) - set(known))
    if unknown or made.index_form > index_form:
        why = f"schema step {unknown[0]}" if unknown else f"index form {made.index_form}"
        raise DataFolderTooNew(
            f"{data} was written by Banyan {made.product}, which is newer than this one ({product()}): "
            f"{why} is unknown here. Nothing was changed. Install that version or a later one, or restore a "
            "backup made before the upgrade (those that upgrades made are in the folder `backups`)."
        )


def mark_restored(data: Path) -> None:
    """Tells a running server that the database is another one now."""
    (data / RESTORED).touch()


def restored_at(data: Path) -> int:
    """When the database was last restored (nanoseconds since 1970); 0 if never."""
    try:
        return (data / RESTORED).stat().st_mtime_ns
    except OSError:
        return 0
