"""The installation's own key for Web Push (VAPID, RFC 8292), made when it is first needed."""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from py_vapid import Vapid02, b64urlencode

from banyan.settings import Settings

TOKEN_LIFE_S = 12 * 3600


def public_key(settings: Settings) -> str:
    """The application server key that a browser subscribes with."""
    point = _key(settings).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def authorization(settings: Settings, endpoint: str) -> str:
    """The header that tells a push service who sends."""
    parts = urlsplit(endpoint)
    contact = settings.vapid_contact or f"admin@{urlsplit(settings.url).hostname}"
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "sub": contact if contact.startswith(("mailto:", "https:")) else f"mailto:{contact}",
        "exp": int(time.time()) + TOKEN_LIFE_S,
    }
    return str(Vapid02(_key(settings)).sign(claims)["Authorization"])


def hook_secret(settings: Settings) -> bytes:
    """What calls of the hook are signed with; the operator copies it to the receiving side."""
    return _kept(settings.data / "keys" / "hook.secret", lambda: secrets.token_hex(32).encode()).strip()


def _key(settings: Settings) -> ec.EllipticCurvePrivateKey:
    pem = _kept(settings.data / "keys" / "vapid.pem", _fresh)
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("keys/vapid.pem is not an elliptic-curve key. Move it away: a new one is made.")
    return key


def _fresh() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content; a new file appears whole or not at all, and of two makers the first one's stays."""
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(half, path)
    except FileExistsError:
        pass
    finally:
        half.unlink()
    return path.read_bytes()
