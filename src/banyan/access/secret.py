"""Secrets that a person or program carries: shown once, kept only as a hash."""

import hashlib
import secrets


def fresh(prefix: str = "") -> tuple[str, bytes]:
    """A new secret of 256 bits, and what is kept of it."""
    value = prefix + secrets.token_urlsafe(32)
    return value, digest(value)


def digest(value: str) -> bytes:
    """What is kept; a fast hash is enough for 256 random bits."""
    return hashlib.sha256(value.encode()).digest()
