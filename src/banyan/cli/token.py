"""`banyan token create`: bearer tokens for systems and scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from banyan.cli.running import DEFAULT_DATA, Data, operator, with_platform

if TYPE_CHECKING:
    from banyan.platform import Platform

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Bearer tokens."""


@app.command()
def create(
    user: Annotated[str, typer.Option(help="The account that the token speaks for.")],
    label: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    days: Annotated[int | None, typer.Option(min=1, help="For how long; without it, until revoked.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Prints a new bearer token, and nothing else."""
    until = datetime.now(UTC) + timedelta(days=days) if days else None

    async def work(platform: Platform) -> str:
        return await platform.accounts.tokens.create(user, by=operator(), label=label, until=until)

    print(with_platform(data, "token create", work))
