"""Bearer tokens, with which an institution's systems sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import ForeignKeyViolation
from psycopg_pool import AsyncConnectionPool

from banyan.access import secret
from banyan.access.audit import Entry, write
from banyan.access.errors import AccountError
from banyan.access.principal import Principal

PREFIX = "banyan_"  # lets secret scanners find one that was published by mistake


@dataclass(frozen=True, slots=True)
class Token:
    id: str
    label: str
    created_at: datetime
    until: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True)
class Tokens:
    pool: AsyncConnectionPool[Any]

    async def create(
        self, account: str, *, by: Principal, label: str = "", until: datetime | None = None
    ) -> str:
        """A new token, shown this once."""
        value, kept = secret.fresh(PREFIX)
        async with self.pool.connection() as conn:
            try:
                await conn.execute(
                    "insert into access.token (secret, account, label, until) values (%s, %s, %s, %s)",
                    (kept, account, label, until),
                )
            except ForeignKeyViolation as error:
                raise AccountError(
                    f'There is no account "{account}". Make it first: banyan user add {account} --role ROLE'
                ) from error
            await write(
                conn,
                Entry(
                    who=by,
                    action="access.manage",
                    what=f"account {account}",
                    detail=f"new token {label}".strip(),
                ),
            )
        return value

    async def of(self, account: str) -> list[Token]:
        """The live tokens of an account."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select id::text, label, created_at, until, seen_at from access.token "
                "where account = %s and revoked_at is null and (until is null or until > now()) "
                "order by created_at",
                (account,),
            )
            return [Token(*row) for row in await cursor.fetchall()]

    async def revoke(self, account: str, token: str, *, by: Principal) -> int:
        """Ends a token."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "update access.token set revoked_at = now() "
                "where account = %s and id = %s::uuid and revoked_at is null",
                (account, token),
            )
            await write(
                conn, Entry(who=by, action="access.manage", what=f"account {account}", detail="ended a token")
            )
            return int(cursor.rowcount)
