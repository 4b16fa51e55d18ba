"""`banyan user add`: accounts of people and systems."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from banyan.cli.running import DEFAULT_DATA, Data, fail, operator, tell, with_platform

if TYPE_CHECKING:
    from banyan.platform import Platform

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Accounts."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[list[str], typer.Option(help="A role; give the option again for more.")],
    institution: Annotated[str | None, typer.Option(help="The id of the person's institution.")] = None,
    display: Annotated[str | None, typer.Option(help="The name that others see.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Adds an account; the password is read from standard input."""
    password = _password(name)

    async def work(platform: Platform) -> None:
        await platform.accounts.add_user(
            name,
            by=operator(),
            roles=role,
            password=password,
            display=display,
            institution=institution,
            kind="system" if role == ["integrator"] else "person",
        )

    with_platform(data, "user add", work)
    tell(f"added {name} ({', '.join(role)})")


def _password(name: str) -> str:
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {name}: ")
        if getpass.getpass("Once more: ") != password:
            fail("The two passwords differ. Nothing was added.")
        return password
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        fail("No password on standard input. Give one: printf '%s\\n' PASSWORD | banyan user add …")
    return password
