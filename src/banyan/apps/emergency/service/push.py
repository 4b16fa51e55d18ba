"""Reaching a crew that has no page open: Web Push to its devices, and a hook for SMS or voice."""

import asyncio
import base64
import logging
from typing import Any

import httpx
import orjson
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from psycopg.types.json import Jsonb
from py_vapid import Vapid
from pywebpush import WebPushException, webpush

from banyan.access import Principal
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.platform import Platform

log = logging.getLogger("banyan.emergency")
HOOK = "unit-order"
TRIES = (0, 2, 6)
GONE = (404, 410)


def vapid_key(platform: Platform) -> Vapid:
    """The installation's own key, made at first use and kept in the data folder."""
    file = platform.settings.data / "keys" / "vapid.pem"
    if file.exists():
        return Vapid.from_file(str(file))
    key = Vapid()
    key.generate_keys()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key.save_key(str(file))
    file.chmod(0o600)
    return key


def public_key(platform: Platform) -> str:
    """The key that a browser needs to subscribe (base64url, uncompressed point)."""
    raw = vapid_key(platform).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def subscribe(platform: Platform, who: Principal, subscription: dict[str, Any]) -> None:
    """Keeps a device's address for Web Push."""
    endpoint, keys = subscription.get("endpoint"), subscription.get("keys")
    if not isinstance(endpoint, str) or not endpoint.startswith("https://") or not isinstance(keys, dict):
        raise EmergencyError("A subscription has an https endpoint and keys.", field="endpoint")
    async with platform.pool.connection() as conn:
        await conn.execute(
            "insert into emergency.push_subscription (endpoint, account, keys, made_at) values (%s, %s, %s, now()) "
            "on conflict (endpoint) do update set account = excluded.account, keys = excluded.keys",
            (endpoint, who.user, Jsonb(keys)),
        )


async def notify_unit(platform: Platform, unit: str, case: Case) -> None:
    """Tells the devices and the hook of an order; what fails is logged, the prompt to the desk stands anyway."""
    message = {"kind": "order", "case": case.id, "number": case.number, "level": case.level, "unit": unit}
    async with platform.pool.connection() as conn:
        rows = await (
            await conn.execute(
                "select p.endpoint, p.keys from emergency.push_subscription p join access.shift s "
                "on s.account = p.account and s.ended_at is null where s.unit = %s",
                (unit,),
            )
        ).fetchall()
    tasks = [_push(platform, endpoint, keys, message) for endpoint, keys in rows]
    if HOOK in platform.settings.hooks:
        tasks.append(_hook(platform, platform.settings.hooks[HOOK], message))
    if tasks:
        running = asyncio.gather(*tasks)
        _running.add(running)
        running.add_done_callback(_running.discard)


_running: set[asyncio.Future[Any]] = set()


async def _push(platform: Platform, endpoint: str, keys: dict[str, str], message: dict[str, Any]) -> None:
    contact = platform.settings.vapid_contact or "mailto:admin@banyan.example"
    try:
        await asyncio.to_thread(
            webpush,
            {"endpoint": endpoint, "keys": keys},
            orjson.dumps(message).decode(),
            vapid_private_key=vapid_key(platform),
            vapid_claims={"sub": contact},
            ttl=120,
            timeout=5,
        )
    except WebPushException as failed:
        if failed.response is not None and failed.response.status_code in GONE:
            async with platform.pool.connection() as conn:
                await conn.execute("delete from emergency.push_subscription where endpoint = %s", (endpoint,))
        log.warning("A push message was not delivered: %s", failed.message)


async def _hook(platform: Platform, url: str, message: dict[str, Any]) -> None:
    """POSTs the order, signed with the installation's hook key (ed25519 over the body), three tries."""
    body = orjson.dumps(message)
    signature = base64.b64encode(platform.keys.hook.sign(body)).decode()
    headers = {"Content-Type": "application/json", "X-Banyan-Signature": f"ed25519={signature}"}
    async with httpx.AsyncClient(timeout=5) as client:
        for wait in TRIES:
            await asyncio.sleep(wait)
            try:
                answer = await client.post(url, content=body, headers=headers)
                if answer.is_success:
                    return
                log.warning("The hook %s answered %s.", HOOK, answer.status_code)
            except httpx.HTTPError as failed:
                log.warning("The hook %s failed: %s", HOOK, type(failed).__name__)
