"""The queue of what leaves the house: kept in the database, sent by the worker, tried again, given up in time."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import httpx
import orjson
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from py_vapid import VapidException
from pywebpush import WebPusher, WebPushException

from banyan.apps.emergency.service.vapid import authorization, hook_secret
from banyan.platform import Platform
from banyan.settings import Settings

log = logging.getLogger("banyan.emergency.outgoing")
Conn = AsyncConnection[Any]
HOOK = "sms"  # `[hooks] sms = "https://…"` in banyan.toml
# An alert that comes later than this is worse than none: by then the dispatcher has acted.
WORTH = timedelta(minutes=10)
BATCH, TIMEOUT_S, FIRST_PAUSE_S, LONGEST_PAUSE_S = 20, 5.0, 2.0, 60.0
TRY_AGAIN = (408, 425, 429)
GONE = (404, 410)


async def queue_push(conn: Conn, accounts: Iterable[str], message: Mapping[str, Any]) -> int:
    """Queues a push to every device of these people in the caller's transaction; says to how many."""
    done = await conn.execute(
        "insert into emergency.outgoing (way, target, payload, until) "
        "select 'push', s.endpoint, %s, now() + %s from emergency.push_subscription s where s.account = any(%s)",
        (Jsonb(dict(message)), WORTH, list(accounts)),
    )
    return done.rowcount


async def queue_hook(conn: Conn, settings: Settings, message: Mapping[str, Any]) -> bool:
    """Queues a call of the site's hook in the caller's transaction; False where the site has none."""
    address = settings.hooks.get(HOOK)
    if not address:
        return False
    await conn.execute(
        "insert into emergency.outgoing (way, target, payload, until) values ('hook', %s, %s, now() + %s)",
        (address, Jsonb(dict(message)), WORTH),
    )
    return True


async def deliver(platform: Platform) -> None:
    """Sends what is due: each message until it is taken, refused for good, or too late."""
    async with platform.pool.connection() as conn:
        cursor = await conn.execute(
            "update emergency.outgoing set attempts = attempts + 1, "
            "due_at = now() + make_interval(secs => least(%s, %s * 2 ^ attempts)) where id in ("
            "select id from emergency.outgoing where due_at <= now() and done_at is null "
            "and given_up_at is null order by due_at limit %s for update skip locked) "
            "returning id, way, target, payload, until < now()",
            (LONGEST_PAUSE_S, FIRST_PAUSE_S, BATCH),
        )
        due = await cursor.fetchall()
    if due:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False) as client:
            await asyncio.gather(*(_send(platform, client, *message) for message in due))


async def _send(
    platform: Platform, client: httpx.AsyncClient, id_: Any, way: str, target: str, payload: Any, late: bool
) -> None:
    if late:
        await _outcome(platform, id_, given_up=True, error="nobody took it in time")
        return
    try:
        send = _push if way == "push" else _hook
        status = await send(platform, client, str(id_), target, payload)
    except (httpx.HTTPError, WebPushException, VapidException, ValueError) as problem:
        await _outcome(platform, id_, error=f"{type(problem).__name__}: {problem}")
        return
    if status < 300:
        await _outcome(platform, id_, done=True)
    elif way == "push" and status in GONE:
        await _forget(platform, target)
        await _outcome(platform, id_, given_up=True, error="the device has ended its subscription")
    else:
        final = 400 <= status < 500 and status not in TRY_AGAIN
        await _outcome(platform, id_, given_up=final, error=f"answered {status}")


async def _push(platform: Platform, client: httpx.AsyncClient, id_: str, endpoint: str, payload: Any) -> int:
    async with platform.pool.connection() as conn:
        cursor = await conn.execute(
            "select keys from emergency.push_subscription where endpoint = %s", (endpoint,)
        )
        found = await cursor.fetchone()
    if found is None:
        return GONE[1]
    sealed = WebPusher({"endpoint": endpoint, "keys": found[0]}).encode(orjson.dumps({"id": id_, **payload}))
    headers = {
        "Authorization": authorization(platform.settings, endpoint),
        "Content-Encoding": "aes128gcm",
        "TTL": str(int(WORTH.total_seconds())),
        "Urgency": "high",
    }
    answer = await client.post(endpoint, content=bytes(sealed["body"]), headers=headers)
    return answer.status_code


async def _hook(platform: Platform, client: httpx.AsyncClient, id_: str, address: str, payload: Any) -> int:
    body = orjson.dumps({"id": id_, **payload})
    headers = {"Content-Type": "application/json", **signature(hook_secret(platform.settings), body)}
    answer = await client.post(address, content=body, headers=headers)
    return answer.status_code


def signature(secret: bytes, body: bytes, at: int | None = None) -> dict[str, str]:
    """How the receiving side knows that we sent it: HMAC-SHA256 over the second and the body."""
    second = str(at or int(time.time()))
    mark = hmac.new(secret, second.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Banyan-Signature": f"t={second},v1={mark}"}


async def _outcome(
    platform: Platform, id_: Any, *, done: bool = False, given_up: bool = False, error: str | None = None
) -> None:
    if error:
        log.warning("outgoing message %s: %s", id_, error)
    async with platform.pool.connection() as conn:
        await conn.execute(
            "update emergency.outgoing set done_at = case when %s then now() end, "
            "given_up_at = case when %s then now() end, error = %s where id = %s",
            (done, given_up, error, id_),
        )


async def _forget(platform: Platform, endpoint: str) -> None:
    async with platform.pool.connection() as conn:
        await conn.execute("delete from emergency.push_subscription where endpoint = %s", (endpoint,))
