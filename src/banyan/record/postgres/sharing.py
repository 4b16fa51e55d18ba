"""One database, many processes: the first starts it, the others connect, the last to leave stops it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from banyan.record.postgres.errors import DatabaseError
from banyan.record.postgres.hold import Hold, wait_for
from banyan.record.postgres.supervisor import EmbeddedPostgres, Tell, made_folder

PATIENCE = 120.0


@dataclass(frozen=True)
class Running:
    """A database that answers."""

    dsn: str
    own: EmbeddedPostgres | None  # None: another process (or another machine) runs it


@contextlib.contextmanager
def shared_database(data: Path, *, verb: str, tell: Tell, durable: bool = True) -> Iterator[Running]:
    """For a verb of the command line: connects to the running database, or runs it for the duration.

    Raises: DatabaseError.
    """
    made_folder(data)
    users, runner = Hold(data / ".users.lock"), Hold(data / ".database.lock")
    if not wait_for(users, shared=True, seconds=PATIENCE, tell=tell):
        raise DatabaseError(
            f"The database in {data} is still stopping after {PATIENCE:.0f} s. Try again later."
        )
    try:
        server = EmbeddedPostgres(data, tell=tell, durable=durable)
        if not _take_or_connect(runner, server, verb):
            yield Running(server.dsn(), None)
            return
        try:
            server.start()
            yield Running(server.dsn(), server)
        finally:
            users.release()
            wait_for(users, shared=False, seconds=24 * 3600, note=verb, tell=tell)
            server.stop()
            runner.release()
    finally:
        users.release()


@contextlib.contextmanager
def own_database(data: Path, *, verb: str, tell: Tell) -> Iterator[EmbeddedPostgres]:
    """For `banyan serve`: runs the database itself, after any verb that runs it now has finished."""
    made_folder(data)
    runner = Hold(data / ".database.lock")
    if not runner.take(note=verb):
        if "serve" in runner.holder() or "demo" in runner.holder():
            raise DatabaseError(
                f"A Banyan server already runs on {data} (process {runner.holder()}). Stop it first, "
                "or give this one another folder with --data."
            )
        wait_for(runner, shared=False, seconds=24 * 3600, note=verb, tell=tell)
    server = EmbeddedPostgres(data, tell=tell)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        runner.release()


def _take_or_connect(runner: Hold, server: EmbeddedPostgres, verb: str) -> bool:
    """True when it is ours to run the database; False as soon as the one that runs it lets us in."""
    deadline = time.monotonic() + PATIENCE
    while not runner.take(note=verb):
        try:
            psycopg.connect(server.dsn(), connect_timeout=5).close()
        except psycopg.OperationalError as failure:
            if time.monotonic() > deadline:
                raise DatabaseError(
                    f"Process {runner.holder()} runs the database in {server.folder}, "
                    f"which does not answer: {failure}"
                ) from None
            time.sleep(0.1)
        else:
            return False
    return True
