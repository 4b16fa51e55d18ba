"""The secret that wraps the key of what a crew keeps on a device: held here, told only to its user."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from banyan.access import AccessError

FILE = "crew-vault.key"
LENGTH = 32


def wrapping_secret(keys: Path, user: str) -> bytes:
    """The secret of one user, the same at each sign-in, so that what is sealed opens again.

    `keys` is the installation's folder of keys.
    """
    return HKDF(SHA256(), LENGTH, salt=None, info=f"crew-vault/{user}".encode()).derive(_master(keys / FILE))


def _master(path: Path) -> bytes:
    """Made when first needed; appears whole or not at all, and of two makers the first one's stays."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(half, path)
        except FileExistsError:
            pass
        finally:
            half.unlink()
    if path.stat().st_mode & 0o077:
        raise AccessError(f"{path} can be read by other users. Run: chmod 600 {path}")
    return path.read_bytes()
