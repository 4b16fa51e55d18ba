"""What every verb shares: the data folder's option, an open platform, errors as sentences."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from banyan.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.platform import Platform

T = TypeVar("T")
Data = Annotated[
    Path,
    typer.Option("--data", envvar="BANYAN_DATA", readable=False, help="The data folder; made when missing."),
]
DEFAULT_DATA = Path(".data/banyan")


def tell(text: str) -> None:
    """A word on progress, on standard error: standard output carries results only."""
    print(text, file=sys.stderr, flush=True)


def fail(text: object) -> NoReturn:
    """Ends the verb with a sentence that says what was wrong and what to do."""
    tell(f"banyan: {text}")
    raise typer.Exit(1)


def settings_of(data: Path, **given: Any) -> Settings:
    """The settings of a data folder, or the end of the verb."""
    try:
        return load_settings(data, **given)
    except SettingsError as wrong:
        fail(wrong)


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Turns the errors that people can do something about into a sentence and exit status 1."""
    from banyan.access import AccessError
    from banyan.record.errors import RecordError
    from banyan.record.migrate import NewerSchema
    from banyan.record.postgres import DatabaseError

    try:
        yield
    except (DatabaseError, AccessError, RecordError, NewerSchema, SettingsError) as wrong:
        fail(wrong)
    except KeyboardInterrupt:
        tell("stopped")
        raise typer.Exit(130) from None


def with_platform(data: Path, verb: str, work: Callable[[Platform], Awaitable[T]]) -> T:
    """Runs a verb's work on the record of `data`, whether a server runs there or not."""
    from banyan.platform import open_platform

    settings = settings_of(data)

    async def run() -> T:
        async with open_platform(settings, verb=verb, tell=tell) as platform:
            return await work(platform)

    with plainly():
        return asyncio.run(run())


def operator() -> Principal:
    """Who calls: the operator at the machine, named in the audit trail."""
    from banyan.access import Principal
    from banyan.access.principal import PLATFORM_ROLE

    name = _login()
    return Principal(
        user=f"shell:{name}", name=f"{name} (command line)", roles=(PLATFORM_ROLE,), kind="system"
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
