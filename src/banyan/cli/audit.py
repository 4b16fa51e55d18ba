"""`banyan audit verify`: proves that no entry of the audit trail was changed or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from banyan.cli.running import DEFAULT_DATA, Data, fail, with_platform

if TYPE_CHECKING:
    from banyan.access.verify import Verdict
    from banyan.platform import Platform

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """The audit trail."""


@app.command()
def verify(data: Data = DEFAULT_DATA) -> None:
    """Walks the whole chain of seals; exit status 1 when something does not fit."""

    async def work(platform: Platform) -> Verdict:
        from psycopg import IsolationLevel

        from banyan.access.verify import verify as walk

        async with platform.pool.connection() as connection:
            await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            try:
                return await walk(connection, platform.keys)
            finally:
                await connection.rollback()
                await connection.set_isolation_level(None)

    verdict = with_platform(data, "audit verify", work)
    for line in verdict.lines():
        print(line)
    if not verdict.intact:
        fail("the audit trail does not fit its seals. Leave folder and backups as they are: look into it")
