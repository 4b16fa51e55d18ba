"""The life of the embedded PostgreSQL: made, started, watched and stopped by the process that needs it."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from banyan.record.postgres.account import HERE, Account, database_account, reachable
from banyan.record.postgres.binaries import Binaries, find_binaries
from banyan.record.postgres.errors import DatabaseError, DiskFull
from banyan.record.postgres.leftover import forget_recycled, stop_leftover, wait_until_gone
from banyan.record.postgres.tuning import configuration

LONGEST_SOCKET = 103  # bytes: macOS allows 104 with the final zero, Linux 108
SOCKET = ".s.PGSQL.5432"
LEAST_FREE = 64 * 1024 * 1024
LOG_LIMIT = 10 * 1024 * 1024
OWNER = "banyan"
Tell = Callable[[str], None]


class EmbeddedPostgres:
    """One PostgreSQL server on `<data>/database`, a child of this process, reached by its socket only."""

    def __init__(self, data: Path, *, tell: Tell | None = None, durable: bool = True) -> None:
        self.data = data
        self.folder = data / "database"
        self._tell: Tell = tell or (lambda _: None)
        self._durable = durable
        self._child: subprocess.Popen[bytes] | None = None
        self._log_from = 0

    @property
    def log(self) -> Path:
        """What the server says: errors and warnings, without statements."""
        return self.data / "logs" / "postgres.log"

    @property
    def pid(self) -> int | None:
        """The server's process number while it runs as our child."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def dsn(self, name: str = OWNER) -> str:
        """How to connect to one of the server's databases."""
        return f"host='{socket_folder(self.folder)}' port=5432 user={OWNER} dbname={name}"

    def start(self) -> None:
        """Starts the server and returns when it answers, after recovery if it had been killed.

        Call it from the main thread: the kernel ties the server's life to the thread that starts it.
        Raises: DatabaseError, DiskFull.
        """
        account = self._account()
        binaries = reachable(find_binaries(), account)
        self._check_room()
        if not (self.folder / "PG_VERSION").exists():
            self._make(binaries, account)
        self._check_version(binaries)
        stop_leftover(self.folder, self._tell)
        self._write_configuration(account)
        self._launch(binaries, account)
        self._make_database()

    def stop(self) -> None:
        """Stops the server in good order; open transactions are rolled back."""
        if self._child is None:
            return
        for kind, seconds in ((signal.SIGINT, 90), (signal.SIGQUIT, 20), (signal.SIGKILL, 5)):
            if self.pid is None:
                break
            self._child.send_signal(kind)
            wait_until_gone(lambda: self.pid is None, seconds)
        self._child = None

    def rotate_log(self) -> None:
        """Keeps one older log and starts afresh when the log has grown large; the server goes on writing."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)

    def _account(self) -> Account:
        account = database_account()
        made_folder(self.data)
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700)
            if account.foreign:
                os.chown(self.folder, account.uid, account.gid)
        owner = self.folder.stat()
        if owner.st_uid == account.uid:
            return account
        if account.foreign and owner.st_uid != 0:  # made by an ordinary user: root goes on under that user
            return Account(str(owner.st_uid), owner.st_uid, owner.st_gid, foreign=True)
        raise DatabaseError(
            f"{self.folder} belongs to user number {owner.st_uid}, not to {account.name}. Call banyan as "
            f"the user who made it, or as root hand it over: chown -R {account.name} {self.folder}"
        )

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.data).free
        if free < LEAST_FREE:
            raise DiskFull(
                f"The disk with {self.data} is full: {free // 2**20} MiB are free, the database needs "
                f"{LEAST_FREE // 2**20} MiB to start. Free some room or move the folder, then start again."
            )

    def _make(self, binaries: Binaries, account: Account) -> None:
        self._tell("making a new database")
        for part in self.folder.iterdir():  # a set-up that was cut short: nothing was stored yet
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        words = ["-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-instructions", "--locale=C"]
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        words += [] if self._durable else ["--no-sync"]
        made = subprocess.run(
            [binaries.program("initdb"), "-D", self._path(account), *words],
            capture_output=True, text=True, check=False, **self._options(account),
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(self.folder / "base", ignore_errors=True)
            (self.folder / "PG_VERSION").unlink(missing_ok=True)
            raise self._failure("The database could not be made", made.stderr)

    def _check_version(self, binaries: Binaries) -> None:
        found = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(binaries.major):
            raise DatabaseError(
                f"{self.folder} was made by PostgreSQL {found}, and this Banyan brings {binaries.version} "
                f"({binaries.source}). Install the Banyan that made it, call `banyan db backup`, and restore "
                "the backup into a new folder with this one."
            )

    def _write_configuration(self, account: Account) -> None:
        text = configuration() + ("" if self._durable else "fsync = off\nfull_page_writes = off\n")
        self._write(account, "banyan.conf", text)
        if not (self.folder / "site.conf").exists():
            self._write(account, "site.conf", "# Your own database settings: they win over banyan.conf.\n")
        main = self.folder / "postgresql.conf"
        if "include 'banyan.conf'" not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as opened:
                opened.write("\ninclude 'banyan.conf'\n")

    def _write(self, account: Account, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        if account.foreign:
            os.chown(file, account.uid, account.gid)

    def _launch(self, binaries: Binaries, account: Account) -> None:
        """Starts the server, again while processes of one that was killed still hold its shared memory."""
        fixed = [
            "-c",
            "listen_addresses=",
            "-c",
            "unix_socket_directories=.",
            "-c",
            "unix_socket_permissions=0700",
        ]
        command = [str(binaries.program("postgres")), "-D", self._path(account), *fixed]
        deadline = time.monotonic() + 60
        while True:
            self._spawn(command, account)
            try:
                return self._wait_until_ready()
            except DatabaseError as failure:
                self.stop()
                if "pre-existing shared memory" not in str(failure) or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _spawn(self, command: list[str], account: Account) -> None:
        forget_recycled(self.folder)
        with self.log.open("ab") as log:
            self._log_from = log.tell()
            self._child = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self._options(account)
            )

    def _wait_until_ready(self) -> None:
        told = ""
        while not self._ready():
            if self.pid is None:
                raise self._failure("The database did not start", self._said())
            redo = [line for line in self._said().splitlines() if "redo in progress" in line]
            if redo and redo[-1] != told:
                told = redo[-1]
                self._tell(f"recovering after a sudden end: {told.split('LOG:')[-1].strip()}")
            time.sleep(0.02)

    def _ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="ascii").split("\n")
        except OSError:
            return False
        return len(lines) > 7 and int(lines[0]) == self.pid and lines[7].strip() == "ready"

    def _make_database(self) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (OWNER,)).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {OWNER}")

    def _said(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_from)
            return log.read().decode("utf-8", "replace")

    def _failure(self, what: str, said: str) -> DatabaseError:
        if "No space left on device" in said:
            return DiskFull(
                f"The disk with {self.data} is full. Free some room or move the folder, then start again."
            )
        last = "\n".join(said.strip().splitlines()[-8:])
        return DatabaseError(f"{what} ({self.folder}). It said:\n{last}\nThe whole log is {self.log}.")

    def _path(self, account: Account) -> str:
        """The folder as the account can reach it: a parent may be closed to it."""
        return str(HERE) if account.foreign and HERE.exists() else str(self.folder)

    def _options(self, account: Account) -> dict[str, Any]:
        clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        return {**account.spawn_options(), "cwd": self.folder, "env": clean, "start_new_session": True}


def made_folder(data: Path) -> None:
    """Makes the data folder and its logs, private to the caller; rights of what exists are left alone.

    Raises: DatabaseError where the place cannot be written.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as wrong:
        raise DatabaseError(
            f"The data folder {data} cannot be written: {wrong.strerror}. Give another one with --data."
        ) from None


def socket_folder(database: Path) -> Path:
    """Where clients find the socket: the folder itself, or a short link to it where its path is too long."""
    if len(os.fsencode(database / SOCKET)) <= LONGEST_SOCKET:
        return database
    return _short_link(database)


def _short_link(database: Path) -> Path:
    name = hashlib.sha256(os.fsencode(database)).hexdigest()[:16]
    own = Path(tempfile.gettempdir()) / f"banyan-{os.geteuid()}"
    if len(os.fsencode(own)) > LONGEST_SOCKET - len(name) - len(SOCKET) - 2:
        own = Path("/tmp") / own.name  # noqa: S108
    own.mkdir(mode=0o700, exist_ok=True)
    if own.is_symlink() or own.stat().st_uid != os.geteuid() or own.stat().st_mode & 0o077:
        raise DatabaseError(f"{own} is not a private folder of yours. Remove it, then start again.")
    link = own / name
    if not link.is_symlink():
        link.symlink_to(database, target_is_directory=True)
    return link
