"""Sessions: who is signed in where, until when, and their end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg_pool import AsyncConnectionPool

from banyan.access import secret
from banyan.access.audit import Entry, write
from banyan.access.principal import Principal

COOKIE = "banyan_session"
DEVICE_COOKIE = "banyan_device"
# A shared workstation forgets within half an hour; one's own phone lasts a night shift.
SHARED_IDLE, SHARED_LIFE = timedelta(minutes=30), timedelta(hours=12)
OWN_IDLE, OWN_LIFE = timedelta(hours=16), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    account: str
    device: str | None
    label: str
    agent: str
    address: str
    via: str
    created_at: datetime
    seen_at: datetime
    until: datetime


@dataclass(frozen=True)
class Sessions:
    pool: AsyncConnectionPool[Any]

    async def open(
        self, who: Principal, *, own: bool, device: str | None, agent: str, address: str, via: str
    ) -> tuple[str, timedelta]:
        """Begins a session; returns the cookie's value and how long it lasts at most."""
        value, kept = secret.fresh()
        idle, life = (OWN_IDLE, OWN_LIFE) if own else (SHARED_IDLE, SHARED_LIFE)
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "insert into access.session (secret, account, device, agent, address, via, idle, until) "
                "values (%s, %s, %s, %s, %s, %s, %s, now() + %s) returning id",
                (kept, who.user, device, agent[:300], address, via, idle, life),
            )
            row = await cursor.fetchone()
            await conn.execute("update access.account set last_seen = now() where name = %s", (who.user,))
            await write(
                conn, Entry(who=who, action="access.sign_in", what=f"session {row and row[0]} by {via}")
            )
        return value, life

    async def of(self, account: str) -> list[Session]:
        """The live sessions of an account, last used first."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select s.id::text, s.account, s.device, coalesce(d.label, ''), s.agent, s.address, s.via, "
                "s.created_at, s.seen_at, s.until from access.session s "
                "left join access.device d on d.id = s.device "
                f"where s.account = %s and {LIVE} order by s.seen_at desc",
                (account,),
            )
            return [Session(*row) for row in await cursor.fetchall()]

    async def close(self, value: str, who: Principal) -> None:
        """Signs out."""
        async with self.pool.connection() as conn:
            await conn.execute(
                "update access.session set revoked_at = now(), revoked_by = %s "
                "where secret = %s and revoked_at is null",
                (who.user, secret.digest(value)),
            )
            await write(conn, Entry(who=who, action="access.sign_out", what=f"session {who.session}"))

    async def revoke(self, account: str, *, by: Principal, session: str | None = None) -> int:
        """Ends one session of an account, or all of them; says how many."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "update access.session s set revoked_at = now(), revoked_by = %s "
                "where account = %s and (%s::uuid is null or id = %s::uuid) and revoked_at is null",
                (by.user, account, session, session),
            )
            await write(
                conn,
                Entry(
                    who=by,
                    action="access.manage",
                    what=f"account {account}",
                    detail=f"ended {cursor.rowcount} sessions",
                ),
            )
            return int(cursor.rowcount)


LIVE = "s.revoked_at is null and s.until > now() and s.seen_at + s.idle > now()"
