"""Which account somebody has who signed in with a provider."""

from typing import Any

from psycopg import AsyncConnection

from banyan.access.accounts import Accounts
from banyan.access.audit import Entry, write
from banyan.access.errors import SignInError
from banyan.access.oidc import Identity
from banyan.access.principal import ROLES, Principal, platform_principal


async def account_of(accounts: Accounts, identity: Identity) -> Principal:
    """The linked account; else one of that name without a password is linked; else a role makes a new one.

    An account with a password of its own is never taken over by a provider's word.
    """
    async with accounts.pool.connection() as conn:
        name = await _linked(conn, identity) or await _link_waiting(conn, identity)
    if name is None:
        name = await _make(accounts, identity)
    return await accounts.principal(name)


async def _linked(conn: AsyncConnection[Any], identity: Identity) -> str | None:
    cursor = await conn.execute(
        "select account from access.federated where provider = %s and subject = %s",
        (identity.provider, identity.subject),
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else None


async def _link_waiting(conn: AsyncConnection[Any], identity: Identity) -> str | None:
    cursor = await conn.execute(
        "select 1 from access.account a where name = %s and password is null and kind = 'person' "
        "and not exists (select from access.federated f where f.account = a.name)",
        (identity.name,),
    )
    if await cursor.fetchone() is None:
        return None
    await _link(conn, identity, identity.name)
    return identity.name


async def _link(conn: AsyncConnection[Any], identity: Identity, name: str) -> None:
    await conn.execute(
        "insert into access.federated (provider, subject, account) values (%s, %s, %s)",
        (identity.provider, identity.subject, name),
    )
    by, detail = platform_principal("sign-in"), f"linked to {identity.subject} at {identity.provider}"
    await write(conn, Entry(who=by, action="access.manage", what=f"account {name}", detail=detail))


async def _make(accounts: Accounts, identity: Identity) -> str:
    roles = [role for role in identity.roles if role in ROLES]
    if not roles or await accounts.get(identity.name):
        raise SignInError(
            "unknown",
            f"{identity.display}, you are known to your provider but have no account here. "
            f'Ask your administrator to add "{identity.name}" without a password.',
        )
    await accounts.add_user(
        identity.name,
        by=platform_principal("sign-in"),
        roles=roles,
        display=identity.display,
        institution=identity.institution,
    )
    async with accounts.pool.connection() as conn:
        await _link(conn, identity, identity.name)
    return identity.name
