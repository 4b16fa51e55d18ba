"""The parent of all: starts database, servers and worker, restarts what dies, stops in good order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import httpx
import msgspec

from banyan.platform import migration_folders, open_database
from banyan.record.postgres.datafolder import restored_at
from banyan.record.postgres.errors import DatabaseError
from banyan.record.postgres.sharing import own_database
from banyan.record.postgres.supervisor import EmbeddedPostgres, Tell, made_folder
from banyan.record.postgres.upgrade import bring_up_to_date, check_folder
from banyan.serve.child import Child
from banyan.serve.listener import listen
from banyan.serve.logs import log_to
from banyan.settings import Settings, to_environment

log = logging.getLogger("banyan.serve")
GRACE = 12.0
BEAT = 0.1
LISTENER = "BANYAN_LISTENER"


class Tree:
    """The running processes and the wish to stop."""

    def __init__(self, settings: Settings, database: EmbeddedPostgres | None, children: list[Child]) -> None:
        self.settings = settings
        self.database = database
        self.children = children
        self.stopping = False
        self._database_pause = 0.1
        self._rotated = time.monotonic()
        self._restored = restored_at(settings.data)

    def stop(self, _: int = 0, __: FrameType | None = None) -> None:
        """Asks the tree to end; also the handler of SIGTERM and SIGINT."""
        self.stopping = True

    def run(self, *, exit_at_end: bool) -> int:
        """Watches until asked to stop, or until a child that runs once has ended; returns the exit status."""
        while not self.stopping:
            time.sleep(BEAT)
            self._watch_database()
            self._watch_restore()
            for child in self.children:
                if not child.once:
                    child.watch()
                elif exit_at_end and child.status is not None:
                    return child.status
        return 0

    def close(self) -> None:
        """Stops the children: servers first, so that nothing new comes in; then the worker."""
        deadline = time.monotonic() + GRACE
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait(deadline - time.monotonic())

    def _watch_database(self) -> None:
        if self.database is None:
            return
        if time.monotonic() - self._rotated > 60:
            self.database.rotate_log()
            self._rotated = time.monotonic()
        if self.database.pid is not None:
            self._database_pause = 0.1
            return
        log.error("the database ended; starting it again")
        try:
            self.database.start()
        except DatabaseError:
            log.exception("the database does not start; next try in %.1f s", self._database_pause)
            time.sleep(self._database_pause)
            self._database_pause = min(self._database_pause * 2, 15.0)

    def _watch_restore(self) -> None:
        """After `banyan db restore` the processes start anew: they remember things of the former database."""
        restored = restored_at(self.settings.data)
        if restored != self._restored:
            self._restored = restored
            log.warning("the database was restored: starting the processes anew")
            for child in self.children:
                if not child.once:
                    child.ask_to_stop()


def serve(
    settings: Settings, tell: Tell, *, verb: str = "serve", story: str | None = None, **options: bool
) -> int:
    """Runs everything until a signal; `story` names a module that runs beside it once.

    Returns: the exit status: 0, or the story's with `exit_at_end=True`.
    Raises: DatabaseError, PortInUse, with what to do.
    """
    made_folder(settings.data)
    log_to(settings.logs, "parent")
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(_database(settings, verb, tell))
        listener = stack.enter_context(listen(settings.host, settings.port))
        known = msgspec.structs.replace(
            settings,
            port=listener.getsockname()[1],
            database_url=database.dsn() if database else settings.database_url,
        )
        tree = Tree(known, database, _children(known, listener.fileno(), story))
        stack.callback(tree.close)
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, tree.stop)
        for child in tree.children:
            if not child.once:
                child.start()
        _wait_until_ready(tree)
        if not tree.stopping:
            tell(f"Banyan is ready at {known.url}")
        for child in tree.children:
            if child.once and not tree.stopping:
                child.start()
        return tree.run(exit_at_end=options.get("exit_at_end", False))


@contextlib.contextmanager
def _database(settings: Settings, verb: str, tell: Tell) -> Iterator[EmbeddedPostgres | None]:
    folders = migration_folders()
    if settings.database_url is not None:
        with open_database(settings, verb=verb, tell=tell) as running:
            asyncio.run(bring_up_to_date(running.dsn, settings.data, folders, tell))
        yield None
        return
    check_folder(settings.data, folders)
    with own_database(settings.data, verb=verb, tell=tell) as database:
        asyncio.run(bring_up_to_date(database.dsn(), settings.data, folders, tell))
        yield database


def _children(settings: Settings, listener: int, story: str | None) -> list[Child]:
    environment = to_environment(settings) | {LISTENER: str(listener)}

    def child(name: str, module: str, **more: bool | tuple[int, ...]) -> Child:
        return Child(name, module, environment, settings.logs / f"{name}.err", **more)  # type: ignore[arg-type]

    servers = [
        child(f"server-{number}", "banyan.serve.server", descriptors=(listener,))
        for number in range(1, settings.server_processes + 1)
    ]
    stories = [child("story", story, once=True)] if story else []
    return [*stories, *servers, child("worker", "banyan.serve.worker")]


def _wait_until_ready(tree: Tree) -> None:
    """Returns when a server process answers; a tree that cannot come up says why."""
    deadline = time.monotonic() + 120
    while not tree.stopping and not _answers(tree.settings):
        for child in tree.children:
            if child.status is not None and child.restarts >= 2:
                raise DatabaseError(f"{child.name} does not start. It said:\n{_last_words(child.errors)}")
            if child.process is not None:
                child.watch()
        if time.monotonic() > deadline:
            raise DatabaseError(
                f"The server does not answer after 120 s. Its logs are in {tree.settings.logs}."
            )
        time.sleep(BEAT / 2)


def _answers(settings: Settings) -> bool:
    scheme = "https" if settings.tls_cert else "http"
    host = "127.0.0.1" if settings.host == "0.0.0.0" else "[::1]" if settings.host == "::" else settings.host  # noqa: S104
    own = f"{scheme}://{host}:{settings.port}/health"
    try:
        httpx.get(own, timeout=5, verify=False)  # noqa: S501  its own certificate names another host
    except httpx.HTTPError:
        return False
    return True  # whether all is well is another matter: the page says it


def _last_words(errors: Path) -> str:
    if not errors.exists():
        return "nothing"
    return "\n".join(errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-15:])
