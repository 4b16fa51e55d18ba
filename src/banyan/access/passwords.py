"""Passwords: hashed with argon2id, checked in a thread so that nobody else waits."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from banyan.access.errors import AccountError

SHORTEST = 8
LONGEST = 256  # argon2 would take more; a longer one is a mistake or an attack
_hasher = PasswordHasher()  # RFC 9106, low-memory profile: 64 MiB, 3 passes, 4 lanes
_nobody = _hasher.hash(secrets.token_hex(16))


async def hashed(password: str, *, name: str = "") -> str:
    """The hash to keep. Raises AccountError for a password that is too weak."""
    if len(password) < SHORTEST:
        raise AccountError(f"The password has {len(password)} characters; it needs at least {SHORTEST}.")
    if len(password) > LONGEST:
        raise AccountError(f"The password has {len(password)} characters; at most {LONGEST} are taken.")
    if name and password.casefold() == name.casefold():
        raise AccountError("The password is the account's own name; choose another.")
    return await asyncio.to_thread(_hasher.hash, password)


async def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes as long for an account that does not exist."""
    return await asyncio.to_thread(_matches, kept, password[: LONGEST + 1])


def _matches(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobody, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)
