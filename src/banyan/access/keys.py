"""The installation's own signing keys, in files that only its user can read."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from banyan.access.errors import AccessError


@dataclass(frozen=True)
class Keys:
    """One ed25519 key a purpose, made when it is first needed."""

    folder: Path

    @cached_property
    def audit(self) -> Ed25519PrivateKey:
        """Signs the sealed audit trail."""
        return _key(self.folder / "audit.pem")

    @cached_property
    def shift(self) -> Ed25519PrivateKey:
        """Signs the statements that a crew carries for a shift."""
        return _key(self.folder / "shift.pem")

    @cached_property
    def hook(self) -> Ed25519PrivateKey:
        """Signs what the installation tells other systems."""
        return _key(self.folder / "hook.pem")


def _key(path: Path) -> Ed25519PrivateKey:
    try:
        return _load(path)
    except FileNotFoundError:
        return _make(path)


def _load(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & 0o077:
        raise AccessError(f"{path} can be read by other users. Run: chmod 600 {path}")
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise AccessError(f"{path} is not an ed25519 key.")
    return key


def _make(path: Path) -> Ed25519PrivateKey:
    """A new key appears whole or not at all; of two makers the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(half, path)
    except FileExistsError:
        pass
    finally:
        half.unlink()
    return _load(path)
