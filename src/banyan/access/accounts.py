"""Accounts: people and systems that may sign in, and who a request comes from."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from banyan.access import passwords, secret, throttle
from banyan.access.audit import Entry, write
from banyan.access.devices import Devices
from banyan.access.errors import AccountError, SignInError
from banyan.access.keys import Keys
from banyan.access.principal import ROLES, Principal
from banyan.access.sessions import LIVE, Sessions
from banyan.access.shifts import Shifts
from banyan.access.single import single
from banyan.access.tokens import Tokens

RESET_LIFE = timedelta(hours=1)
# A revoked session may pass this long in the other server processes.
REMEMBERED_SECONDS = 1.0
REMEMBERED = 10_000
Kind = Literal["person", "system", "device"]

PRINCIPAL = """a.name, a.display, a.roles, a.institution, a.practitioner, a.locale, a.kind, a.patient,
  (select h.unit from access.shift h where h.account = a.name and h.ended_at is null
   order by h.id desc limit 1)"""
USABLE = "a.disabled_at is null and (a.valid_until is null or a.valid_until > now())"


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    display: str
    roles: tuple[str, ...]
    institution: str | None
    practitioner: str | None
    patient: str | None
    locale: str
    kind: Kind
    valid_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    last_seen: datetime | None
    has_password: bool


ACCOUNT = (
    "name, display, roles, institution, practitioner, patient, locale, kind, valid_until, disabled_at, "
    "created_at, last_seen, password is not null"
)


@dataclass
class Accounts:
    pool: AsyncConnectionPool[Any]
    keys: Keys
    _remembered: dict[bytes, tuple[float, Principal]] = field(default_factory=dict)

    @property
    def sessions(self) -> Sessions:
        return Sessions(self.pool)

    @property
    def tokens(self) -> Tokens:
        return Tokens(self.pool)

    @property
    def devices(self) -> Devices:
        return Devices(self.pool)

    @property
    def shifts(self) -> Shifts:
        return Shifts(self.pool, self.keys)

    async def add_user(
        self,
        name: str,
        *,
        by: Principal,
        roles: Sequence[str],
        password: str | None = None,
        display: str | None = None,
        institution: str | None = None,
        practitioner: str | None = None,
        patient: str | None = None,
        locale: str = "zh-CN",
        kind: Kind = "person",
        valid_until: datetime | None = None,
    ) -> None:
        """Makes an account. Raises AccountError where the name is taken or a role unknown."""
        _check_name(name)
        _check_roles(roles)
        kept = await passwords.hashed(password, name=name) if password is not None else None
        async with self.pool.connection() as conn:
            try:
                await conn.execute(
                    "insert into access.account (name, display, password, roles, institution, practitioner, "
                    "patient, locale, kind, valid_until, password_at) "
                    "values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, "
                    "case when %s::text is null then null else now() end)",
                    (name, display or name, kept, list(roles), institution, practitioner, patient, locale,
                     kind,                      valid_until, kept),
                )  # fmt: skip
            except UniqueViolation as error:
                raise AccountError(
                    f'The name "{name}" is taken. Choose another, or change that account.'
                ) from error
            await _managed(
                conn, by, name, f"added with roles {', '.join(roles)} at {institution or 'the region'}"
            )

    async def change_user(
        self,
        name: str,
        *,
        by: Principal,
        roles: Sequence[str] | None = None,
        display: str | None = None,
        institution: str | None = None,
        locale: str | None = None,
        practitioner: str | None = None,
        valid_until: datetime | None = None,
    ) -> None:
        """Changes what is given; an empty institution means the whole region."""
        if roles is not None:
            _check_roles(roles)
        async with self.pool.connection() as conn:
            await _existing(conn, name)
            await conn.execute(
                "update access.account set roles = coalesce(%(roles)s, roles), "
                "display = coalesce(%(display)s, display), locale = coalesce(%(locale)s, locale), "
                "practitioner = coalesce(%(practitioner)s, practitioner), "
                "valid_until = coalesce(%(until)s, valid_until), "
                "institution = case when %(institution)s::text is null then institution "
                "else nullif(%(institution)s, '') end where name = %(name)s",
                {"name": name, "roles": list(roles) if roles is not None else None, "display": display,
                 "institution": institution, "locale": locale, "practitioner": practitioner,
                 "until": valid_until},
            )  # fmt: skip
            given = {
                "roles": roles,
                "name shown": display,
                "institution": institution,
                "language": locale,
                "valid until": valid_until,
            }
            said = "; ".join(f"{key}: {value}" for key, value in given.items() if value is not None)
            await _managed(conn, by, name, f"changed {said}")
        self._remembered.clear()

    async def disable(self, name: str, *, by: Principal) -> None:
        """Closes an account: nobody signs in with it, all its sessions and tokens end."""
        async with self.pool.connection() as conn:
            await _existing(conn, name)
            await conn.execute("update access.account set disabled_at = now() where name = %s", (name,))
            for table in ("session", "token"):
                await conn.execute(
                    f"update access.{table} set revoked_at = now() where account = %s and revoked_at is null",
                    (name,),
                )
            await _managed(conn, by, name, "closed")
        self._remembered.clear()

    async def enable(self, name: str, *, by: Principal) -> None:
        """Opens a closed account again."""
        async with self.pool.connection() as conn:
            await _existing(conn, name)
            await conn.execute("update access.account set disabled_at = null where name = %s", (name,))
            await _managed(conn, by, name, "opened again")

    async def set_password(self, name: str, password: str, *, by: Principal) -> None:
        """Sets a password and ends all sessions that were opened with the old one."""
        kept = await passwords.hashed(password, name=name)
        async with self.pool.connection() as conn:
            await _existing(conn, name)
            await _set_password(conn, name, kept)
            await _managed(conn, by, name, "password set")
        self._remembered.clear()

    async def reset_link(self, name: str, *, by: Principal) -> str:
        """The secret of a one-time link with which someone chooses a new password."""
        value, kept = secret.fresh()
        async with self.pool.connection() as conn:
            await _existing(conn, name)
            await conn.execute("delete from access.reset where account = %s", (name,))
            await conn.execute(
                "insert into access.reset (secret, account, made_by, until) values (%s, %s, %s, now() + %s)",
                (kept, name, by.user, RESET_LIFE),
            )
            await _managed(conn, by, name, "made a one-time link for a new password")
        return value

    async def reset_of(self, value: str) -> str | None:
        """The account that a one-time link is for, while it is good."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select account from access.reset where secret = %s and used_at is null and until > now()",
                (secret.digest(value),),
            )
            row = await cursor.fetchone()
            return str(row[0]) if row else None

    async def use_reset(self, value: str, password: str) -> str:
        """Chooses a new password by a one-time link; returns the account's name."""
        name = await self.reset_of(value)
        if name is None:
            raise SignInError(
                "link", "This link was used or is too old. Ask your administrator for a new one."
            )
        kept = await passwords.hashed(password, name=name)
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "update access.reset set used_at = now() where secret = %s and used_at is null",
                (secret.digest(value),),
            )
            if cursor.rowcount == 0:
                raise SignInError(
                    "link", "This link was used meanwhile. Ask your administrator for a new one."
                )
            await _set_password(conn, name, kept)
            await conn.execute("delete from access.failure where subject like %s", (f"account:{name}%",))
            await _managed(conn, Principal(name, name), name, "password set by one-time link")
        self._remembered.clear()
        return name

    async def verify_password(self, name: str, password: str, *, address: str = "") -> Principal:
        """Who signs in with this password. Raises SignInError: wrong (tries left), locked, closed."""
        async with self.pool.connection() as conn:
            await throttle.check(conn, name, address)
            cursor = await conn.execute("select password from access.account where name = %s", (name,))
            row = await cursor.fetchone()
        kept = row[0] if row else None
        good = await passwords.matches(kept, password)
        async with self.pool.connection() as conn:
            if not good:
                left = await throttle.failed(conn, name, address)
                who = Principal(name, name)
                await write(
                    conn, Entry(who=who, action="access.sign_in", outcome="denied", what=f"from {address}")
                )
            else:
                await throttle.forget(conn, name, address)
                if kept and passwords.outdated(kept):
                    again = await passwords.hashed(password)
                    await conn.execute(
                        "update access.account set password = %s where name = %s", (again, name)
                    )
        if not good:
            raise SignInError("wrong", "Name or password is not right.", left=left)
        return await self.principal(name)

    async def change_password(self, who: Principal, old: str, new: str, *, address: str = "") -> None:
        """One's own new password; the session in which it is changed goes on, the others end."""
        try:
            await self.verify_password(who.user, old, address=address)
        except SignInError as error:
            raise AccountError("The present password is not right.") from error
        kept = await passwords.hashed(new, name=who.user)
        async with self.pool.connection() as conn:
            await _set_password(conn, who.user, kept, but=who.session)
            await _managed(conn, who, who.user, "changed the own password")
        self._remembered.clear()

    def as_principal(self, account: Account) -> Principal:
        """An account as one who asks, for questions about what it may do."""
        return Principal(
            user=account.name, name=account.display, roles=account.roles, institution=account.institution,
            practitioner=account.practitioner, locale=account.locale, kind=account.kind,
            patient=account.patient,
        )  # fmt: skip

    async def principal(self, name: str) -> Principal:
        """The account as one who asks. Raises SignInError where it is closed or over."""
        sql = f"select {PRINCIPAL} from access.account a where a.name = %s and {USABLE}"
        async with single(self.pool) as conn:
            cursor = await conn.execute(sql, (name,))
            row = await cursor.fetchone()
        if row is None:
            raise SignInError(
                "closed", f'The account "{name}" is closed or its time is over. Ask your administrator.'
            )
        return _principal(row)

    async def principal_of(self, *, cookie: str | None = None, bearer: str | None = None) -> Principal | None:
        """Who sends a request with this session cookie or bearer token, or None."""
        value = bearer or cookie
        if not value:
            return None
        kept = secret.digest(value)
        known = self._remembered.get(kept)
        if known and time.monotonic() - known[0] < REMEMBERED_SECONDS:
            return known[1]
        who = await (self._of_token(kept) if bearer else self._of_session(kept))
        if len(self._remembered) > REMEMBERED:
            self._remembered.clear()
        if who is None:
            self._remembered.pop(kept, None)
        else:
            self._remembered[kept] = (time.monotonic(), who)
        return who

    def forget(self) -> None:
        """Looks every session up anew; called where one was ended."""
        self._remembered.clear()

    async def _of_session(self, kept: bytes) -> Principal | None:
        sql = (
            f"select {PRINCIPAL}, s.id::text, s.device, s.seen_at < now() - interval '30 seconds' "
            "from access.session s join access.account a on a.name = s.account "
            f"where s.secret = %s and {LIVE} and {USABLE}"
        )
        async with single(self.pool) as conn:
            cursor = await conn.execute(sql, (kept,))
            row = await cursor.fetchone()
            if row is None:
                return None
            *who, session, device, stale = row
            if stale:
                await conn.execute("update access.session set seen_at = now() where secret = %s", (kept,))
        return _principal(tuple(who), session=session, device=device)

    async def _of_token(self, kept: bytes) -> Principal | None:
        sql = (
            f"select {PRINCIPAL}, t.id::text, "
            "t.seen_at is null or t.seen_at < now() - interval '1 minute' "
            "from access.token t join access.account a on a.name = t.account where t.secret = %s "
            f"and t.revoked_at is null and (t.until is null or t.until > now()) and {USABLE}"
        )
        async with single(self.pool) as conn:
            cursor = await conn.execute(sql, (kept,))
            row = await cursor.fetchone()
            if row is None:
                return None
            *who, token, stale = row
            if stale:
                await conn.execute("update access.token set seen_at = now() where secret = %s", (kept,))
        return _principal(tuple(who), session=f"token {token}")

    async def get(self, name: str) -> Account | None:
        async with self.pool.connection() as conn:
            cursor = await conn.execute(f"select {ACCOUNT} from access.account where name = %s", (name,))
            row = await cursor.fetchone()
            return _account(row) if row else None

    async def all(self, *, text: str = "", role: str | None = None) -> list[Account]:
        """Accounts by name, filtered by a text or a role."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                f"select {ACCOUNT} from access.account where (name ilike %(like)s or display ilike %(like)s) "
                "and (%(role)s::text is null or %(role)s = any(roles)) order by name limit 2000",
                {"like": f"%{text}%", "role": role},
            )
            return [_account(row) for row in await cursor.fetchall()]


def _account(row: tuple[Any, ...]) -> Account:
    name, display, roles, *rest = row
    return Account(name, display, tuple(roles), *rest)


def _principal(row: tuple[Any, ...], *, session: str | None = None, device: str | None = None) -> Principal:
    name, display, roles, institution, practitioner, locale, kind, patient, unit = row
    return Principal(
        user=name, name=display, roles=tuple(roles), institution=institution, practitioner=practitioner,
        session=session, device=device, unit=unit, locale=locale, kind=kind, patient=patient,
    )  # fmt: skip


async def _existing(conn: AsyncConnection[Any], name: str) -> None:
    cursor = await conn.execute("select 1 from access.account where name = %s", (name,))
    if await cursor.fetchone() is None:
        raise AccountError(f'There is no account "{name}".')


async def _set_password(conn: AsyncConnection[Any], name: str, kept: str, *, but: str | None = None) -> None:
    await conn.execute(
        "update access.account set password = %s, password_at = now() where name = %s", (kept, name)
    )
    await conn.execute(
        "update access.session set revoked_at = now(), revoked_by = %s "
        "where account = %s and revoked_at is null and id::text is distinct from %s",
        (name, name, but),
    )


async def _managed(conn: AsyncConnection[Any], by: Principal, name: str, detail: str) -> None:
    await write(conn, Entry(who=by, action="access.manage", what=f"account {name}", detail=detail))


def _check_name(name: str) -> None:
    if (
        not name
        or len(name) > 64
        or any(c.isspace() or c in '/"\\<>' for c in name)
        or name.startswith("banyan:")
    ):
        raise AccountError(
            f'"{name}" cannot be an account\'s name: use 1 to 64 letters, digits and signs, '
            "without spaces, slashes or quotes."
        )


def _check_roles(roles: Sequence[str]) -> None:
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        raise AccountError(f'There is no role "{unknown[0]}". Roles: {", ".join(ROLES)}.')
    if not roles:
        raise AccountError(f"An account needs at least one role of: {', '.join(ROLES)}.")
