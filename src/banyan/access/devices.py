"""Devices that people signed in from; a lost one loses its sessions and its shifts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg_pool import AsyncConnectionPool

from banyan.access.audit import Entry, write
from banyan.access.principal import Principal


@dataclass(frozen=True, slots=True)
class Device:
    id: str
    label: str
    account: str | None
    first_seen: datetime
    last_seen: datetime
    lost_at: datetime | None
    lost_by: str | None
    live_sessions: int


@dataclass(frozen=True)
class Devices:
    pool: AsyncConnectionPool[Any]

    async def seen(self, device: str, account: str, label: str) -> None:
        """Registers a device at sign-in, under who used it last."""
        async with self.pool.connection() as conn:
            await conn.execute(
                "insert into access.device (id, label, account) values (%s, %s, %s) "
                "on conflict (id) do update set last_seen = now(), account = excluded.account, "
                "label = excluded.label",
                (device, label[:120], account),
            )

    async def lost(self, device: str, *, by: Principal) -> int:
        """Marks a device as lost and ends its sessions; says how many."""
        async with self.pool.connection() as conn:
            await conn.execute(
                "update access.device set lost_at = coalesce(lost_at, now()), "
                "lost_by = coalesce(lost_by, %s) "
                "where id = %s",
                (by.user, device),
            )
            cursor = await conn.execute(
                "update access.session set revoked_at = now(), revoked_by = %s "
                "where device = %s and revoked_at is null",
                (by.user, device),
            )
            await write(
                conn,
                Entry(
                    who=by,
                    action="access.manage",
                    what=f"device {device}",
                    detail=f"lost: ended {cursor.rowcount} sessions",
                ),
            )
            return int(cursor.rowcount)

    async def found(self, device: str, *, by: Principal) -> None:
        """The device is back with its owner, who signs in anew."""
        async with self.pool.connection() as conn:
            await conn.execute(
                "update access.device set lost_at = null, lost_by = null where id = %s", (device,)
            )
            await write(
                conn, Entry(who=by, action="access.manage", what=f"device {device}", detail="found again")
            )

    async def is_lost(self, device: str | None) -> bool:
        if device is None:
            return False
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select 1 from access.device where id = %s and lost_at is not null", (device,)
            )
            return await cursor.fetchone() is not None

    async def all(self, account: str | None = None) -> list[Device]:
        """Devices of one account or of everybody, last used first."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select d.id, d.label, d.account, d.first_seen, d.last_seen, d.lost_at, d.lost_by, "
                "(select count(*) from access.session s where s.device = d.id and s.revoked_at is null "
                "and s.until > now() and s.seen_at + s.idle > now()) from access.device d "
                "where (%s::text is null or d.account = %s) "
                "order by d.lost_at is null, d.last_seen desc limit 500",
                (account, account),
            )
            return [Device(*row) for row in await cursor.fetchall()]
