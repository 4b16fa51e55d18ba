"""Fills the demo's record before the first call, and puts the units back to their bases for a new telling."""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from banyan.access import AccountError, Principal, platform_principal
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.service.directory import forget_directory
from banyan.apps.emergency.service.hospitals import set_resources
from banyan.demo.bundle import demo_bundle, history_bundles, transaction
from banyan.demo.institutions import DISPATCH_CENTRE, UNITS
from banyan.demo.places import initial_resources
from banyan.demo.sites import sites
from banyan.demo.staff import accounts
from banyan.platform import Platform
from banyan.region import Region

WHO = platform_principal("demo")
TRACKER = "tracker"
CHUNK = 200
REGIONAL = ("chief",)  # serves the whole region, not one institution
AGAIN_S = (0.5, 1, 2, 4, 8, 8)
T = TypeVar("T")


def password(data: Path) -> str:
    """The demo's password, made once for a data folder: nobody can guess it from the source."""
    file = data / "demo-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"banyan-{secrets.token_hex(3)}", encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


async def seed(platform: Platform) -> Region:
    """Places, staff, the story's patients, accounts, resources; everything that is there already stays."""
    region = Region.load(platform.settings.region_folder)
    resources = demo_bundle(region, platform.clock.now().date())
    written = platform.settings.data / "demo-written"
    mark = hashlib.sha256(orjson.dumps(resources)).hexdigest()
    if not written.exists() or written.read_text(encoding="utf-8") != mark:
        for start in range(0, len(resources), CHUNK):
            await _write(platform, transaction(resources[start : start + CHUNK]))
        written.write_text(mark, encoding="utf-8")
    await add_accounts(platform)
    forget_directory()
    await _set_resources(platform)
    return region


async def _write(platform: Platform, bundle: dict[str, Any]) -> None:
    async with platform.door.act(WHO, "write", message="demo") as act:
        await act.bundle(bundle)


async def write_histories(platform: Platform) -> int:
    """People with whole histories, one transaction each."""
    bundles = history_bundles()
    written = platform.settings.data / "demo-histories"
    if written.exists() and written.read_text(encoding="utf-8") == str(len(bundles)):
        return len(bundles)
    for bundle in bundles:
        await again(partial(_write, platform, bundle))
    written.write_text(str(len(bundles)), encoding="utf-8")
    return len(bundles)


async def again(do: Callable[[], Awaitable[T]]) -> T:
    """Does it, and once more while the database is coming back: every write here may be repeated."""
    for wait in AGAIN_S:
        try:
            return await do()
        except (OperationalError, PoolTimeout):
            await asyncio.sleep(wait)
    return await do()


async def add_accounts(platform: Platform) -> None:
    """Everybody who can sign in, and the trackers' account."""
    known = {account.name for account in await platform.accounts.all()}
    secret = password(platform.settings.data)
    by = Principal(user="banyan:demo", name="Banyan demo", roles=("administrator",))
    for person in accounts():
        if person.user not in known:
            await platform.accounts.add_user(
                person.user,
                by=by,
                roles=(person.role,),
                password=secret,
                display=person.zh,
                institution=None if person.role in REGIONAL else person.institution,
                practitioner=person.practitioner,
            )
    if TRACKER not in known:
        await platform.accounts.add_user(
            TRACKER,
            by=by,
            roles=("integrator",),
            display="GPS",
            institution=DISPATCH_CENTRE[0],
            kind="system",
        )


async def token_of(platform: Platform, user: str) -> str:
    """A bearer token for an actor of the story."""
    try:
        return await platform.accounts.tokens.create(user, by=WHO, label="demo")
    except AccountError:
        await add_accounts(platform)
        return await platform.accounts.tokens.create(user, by=WHO, label="demo")


async def _set_resources(platform: Platform) -> None:
    for hospital, resources in initial_resources().items():
        await set_resources(platform, WHO, hospital, resources)


async def reset(platform: Platform, region: Region, at: datetime) -> None:
    """A new telling from `at` on: cases that stand open from an earlier one are closed, units stand at their bases."""
    async with platform.door.act(WHO, "write", message="a new telling of the demo") as act:
        page = await act.search("ServiceRequest", [("status", "active"), ("_count", "500")])
        for stored in page.matches:
            case = Case(stored.resource(), stored.version)
            closed = case.changed(case_status={"valueCode": "closed"}, outcome={"valueCode": "done"})
            await act.update(closed | {"status": "completed"}, if_match=stored.version)
        at_base = sites(region)
        for unit in UNITS:
            site = at_base[unit.base]
            await act.conn.execute(
                "insert into emergency.unit (unit, state, state_at, lat, lon, position_at, heard_at) "
                "values (%(unit)s, 'available', %(at)s, %(lat)s, %(lon)s, %(at)s, %(at)s) on conflict (unit) do update "
                "set state = 'available', state_at = excluded.state_at, lat = excluded.lat, lon = excluded.lon, "
                "position_at = excluded.position_at, heard_at = excluded.heard_at, case_id = null, task_id = null, "
                "silent_since = null, crew = null, shift_ends = null",
                {"unit": unit.id, "at": at, "lat": site.lat, "lon": site.lon},
            )
        await act.conn.execute("update emergency.alarm set ended_at = %s where ended_at is null", (at,))
        await act.conn.execute("update access.shift set ended_at = %s where ended_at is null", (at,))
        await act.conn.execute("delete from emergency.position where at >= %s", (at,))
