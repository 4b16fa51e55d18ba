"""Shift tokens: signed statements of who served on which unit from when until when.

Facts that a crew records without network come in later; a shift token says by which right they were made.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from psycopg_pool import AsyncConnectionPool

from banyan.access.audit import Entry, write
from banyan.access.devices import Devices
from banyan.access.errors import ShiftError
from banyan.access.keys import Keys
from banyan.access.principal import Principal

AUDIENCE = "banyan-shift"


@dataclass(frozen=True)
class Shifts:
    pool: AsyncConnectionPool[Any]
    keys: Keys

    async def begin(self, who: Principal, unit: str, *, starts: datetime, until: datetime) -> str:
        """Puts this one on a unit until a time of the region's clock; returns the token to carry."""
        if until <= starts:
            raise ShiftError("The shift ends before it begins.")
        async with self.pool.connection() as conn:
            await conn.execute(
                "update access.shift set ended_at = %s where account = %s and ended_at is null",
                (starts, who.user),
            )
            await conn.execute(
                "insert into access.shift (account, unit, device, starts, until) values (%s, %s, %s, %s, %s)",
                (who.user, unit, who.device, starts, until),
            )
            await write(conn, Entry(who=who, action="access.shift", what=f"begin on {unit}"))
        return self._sign(who, unit, starts, until)

    async def token(self, who: Principal) -> str | None:
        """The token of the shift this one is on, for a device that lost it or joins; None without a shift."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "select unit, starts, until from access.shift where account = %s and ended_at is null "
                "order by id desc limit 1",
                (who.user,),
            )
            row = await cursor.fetchone()
        return self._sign(who, *row) if row else None

    async def end(self, who: Principal, *, at: datetime) -> None:
        """Ends the open shift of this one."""
        async with self.pool.connection() as conn:
            await conn.execute(
                "update access.shift set ended_at = %s where account = %s and ended_at is null",
                (at, who.user),
            )
            await write(conn, Entry(who=who, action="access.shift", what="end"))

    def _sign(self, who: Principal, unit: str, starts: datetime, until: datetime) -> str:
        claims = {
            "aud": AUDIENCE,
            "sub": who.user,
            "name": who.name,
            "roles": list(who.roles),
            "institution": who.institution,
            "practitioner": who.practitioner,
            "device": who.device,
            "unit": unit,
            "starts": starts.timestamp(),
            "until": until.timestamp(),
        }
        return jwt.encode({"alg": "Ed25519"}, claims, _jwk(self.keys.shift), algorithms=["Ed25519"])

    async def judge(self, token: str, at: datetime) -> Principal:
        """Who, with which rights, recorded a fact at this moment. Raises ShiftError."""
        claims = self._claims(token)
        if not claims["starts"] <= at.timestamp() <= claims["until"]:
            begins, ends = (
                datetime.fromtimestamp(claims[key], UTC).isoformat() for key in ("starts", "until")
            )
            raise ShiftError(
                f"Recorded at {at.isoformat()}, outside the shift ({begins} to {ends}). "
                "It is kept apart until someone responsible files it."
            )
        if await Devices(self.pool).is_lost(claims["device"]):
            raise ShiftError(
                "The device is reported lost. What it sends is kept apart until someone reviews it."
            )
        return Principal(
            user=claims["sub"],
            name=claims["name"],
            roles=tuple(claims["roles"]),
            institution=claims["institution"],
            practitioner=claims["practitioner"],
            device=claims["device"],
            unit=claims["unit"],
        )

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims = jwt.decode(token, _jwk(self.keys.shift), algorithms=["Ed25519"]).claims
        except (JoseError, ValueError) as error:
            raise ShiftError("The shift token is not one that this installation signed.") from error
        if claims.get("aud") != AUDIENCE:
            raise ShiftError("This token is not a shift token.")
        return claims


def _jwk(key: Ed25519PrivateKey) -> OKPKey:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return OKPKey.import_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
