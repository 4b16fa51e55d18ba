"""Reaching people who have no page open: Web Push to their devices, and the site's hook for SMS or voice."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from psycopg.types.json import Jsonb

from banyan.access import Principal
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.service import vapid
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.service.outgoing import Conn, queue_hook, queue_push
from banyan.platform import Platform
from banyan.settings import Settings

# The services that browsers subscribe with; a site adds its own in `hooks.push_origins`, parted by spaces.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)


def public_key(platform: Platform) -> str:
    """The key that a browser needs to subscribe."""
    return vapid.public_key(platform.settings)


async def subscribe(platform: Platform, who: Principal, subscription: Mapping[str, Any]) -> None:
    """Keeps a browser's push subscription. Raises: EmergencyError for one that no push service gave."""
    endpoint, keys = str(subscription.get("endpoint", "")), subscription.get("keys")
    if not _is_push_service(platform.settings, endpoint):
        raise EmergencyError(
            f'"{endpoint}" is no address of a known push service; an operator adds one to hooks.push_origins.',
            field="endpoint",
        )
    if not isinstance(keys, Mapping) or not {"p256dh", "auth"} <= set(keys):
        raise EmergencyError("The subscription needs keys.p256dh and keys.auth.", field="keys")
    async with platform.pool.connection() as conn:
        await conn.execute(
            "insert into emergency.push_subscription (endpoint, account, device, keys) values (%s, %s, %s, %s) "
            "on conflict (endpoint) do update set account = excluded.account, device = excluded.device, "
            "keys = excluded.keys",
            (endpoint, who.user, who.device, Jsonb(dict(keys))),
        )


def _is_push_service(settings: Settings, endpoint: str) -> bool:
    """Only push services: an address from a browser must not make this server call into its own network."""
    parts = urlsplit(endpoint)
    if f"{parts.scheme}://{parts.netloc}" in settings.hooks.get("push_origins", "").split():
        return True
    host = parts.hostname or ""
    known = any(host.endswith(name) if name.startswith(".") else host == name for name in PUSH_SERVICES)
    return parts.scheme == "https" and known


async def notify_unit(platform: Platform, unit: str, case: Case, kind: str = "order") -> None:
    """Tells the devices and the hook of a crew of an order; the worker sends it and tries again."""
    async with platform.pool.connection() as conn:
        await queue_for_unit(conn, platform.settings, unit, case, kind)


async def queue_for_unit(conn: Conn, settings: Settings, unit: str, case: Case, kind: str) -> None:
    """The same within an act."""
    cursor = await conn.execute(
        "select account from access.shift where unit = %s and ended_at is null", (unit,)
    )
    crew = [str(row[0]) for row in await cursor.fetchall()]
    message = {"kind": kind, "case": case.id, "number": case.number, "level": case.level, "unit": unit}
    await queue_push(conn, crew, message)
    await queue_hook(conn, settings, message | {"accounts": crew})


async def queue_for_hospital(
    conn: Conn, settings: Settings, hospital: str, roles: tuple[str, ...], case: Case, kind: str
) -> None:
    """Tells people of some roles at a hospital that a case waits for them."""
    cursor = await conn.execute(
        "select name from access.account where institution = %s and roles && %s::text[] and disabled_at is null",
        (hospital, list(roles)),
    )
    people = [str(row[0]) for row in await cursor.fetchall()]
    message = {
        "kind": kind,
        "case": case.id,
        "number": case.number,
        "level": case.level,
        "hospital": hospital,
    }
    await queue_push(conn, people, message)
    await queue_hook(conn, settings, message | {"accounts": people, "roles": list(roles)})
