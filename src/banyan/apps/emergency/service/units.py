"""Units at work: state, place, silence; who is on shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from banyan.access import Principal
from banyan.apps.emergency.dispatch import SILENT_AFTER_MIN
from banyan.apps.emergency.service.directory import Directory, UnitEntry, directory
from banyan.apps.emergency.service.errors import Conflict, EmergencyError, Unknown
from banyan.apps.emergency.service.ground import Point
from banyan.apps.emergency.unit_states import BadTransition, check_transition, skipped
from banyan.platform import Platform

SHIFT = timedelta(hours=12)
AHEAD = timedelta(minutes=2)


@dataclass(frozen=True)
class LiveUnit:
    """A unit as it is now; `point` is its last position, or its base when none was ever received."""

    entry: UnitEntry
    state: str
    state_at: datetime | None
    case: str | None
    task: str | None
    point: Point | None
    position: dict[str, Any] | None
    heard_at: datetime | None
    silent_since: datetime | None
    shift_ends: datetime | None
    crew: str | None

    def silent(self, now: datetime) -> bool:
        on_duty = self.state not in ("off_duty", "out_of_service")
        return (
            on_duty
            and self.heard_at is not None
            and now - self.heard_at > timedelta(minutes=SILENT_AFTER_MIN)
        )


async def live_units(platform: Platform, conn: AsyncConnection[Any]) -> dict[str, LiveUnit]:
    """All units of the directory with their state now."""
    known = await directory(platform)
    return await units_in(known, conn)


async def units_in(known: Directory, conn: AsyncConnection[Any]) -> dict[str, LiveUnit]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute("select * from emergency.unit")
        rows = {row["unit"]: row for row in await cursor.fetchall()}
    return {id_: _live(entry, rows.get(id_)) for id_, entry in known.units.items()}


def _live(entry: UnitEntry, row: dict[str, Any] | None) -> LiveUnit:
    if row is None:
        return LiveUnit(entry, "off_duty", None, None, None, entry.base_point, None, None, None, None, None)
    position = None
    if row["position_at"] is not None:
        position = {
            "lat": row["lat"],
            "lon": row["lon"],
            "at": row["position_at"],
            "heading": row["heading"],
            "speed_kmh": row["speed_kmh"],
        }
    return LiveUnit(
        entry=entry,
        state=row["state"],
        state_at=row["state_at"],
        case=row["case_id"],
        task=row["task_id"],
        point=(row["lat"], row["lon"]) if position else entry.base_point,
        position=position,
        heard_at=row["heard_at"],
        silent_since=row["silent_since"],
        shift_ends=row["shift_ends"],
        crew=row["crew"],
    )


def unit_view(unit: LiveUnit, now: datetime) -> dict[str, Any]:
    """A unit as the pages show it."""
    silent = unit.silent(now)
    return {
        "id": unit.entry.id,
        "number": unit.entry.number,
        "name": unit.entry.name,
        "kind": unit.entry.crew,
        "equipment": sorted(unit.entry.equipment),
        "state": unit.state,
        "state_at": unit.state_at,
        "case": unit.case,
        "position": unit.position,
        "silent": silent,
        "silent_since": unit.heard_at if silent else None,
        "shift_ends": unit.shift_ends,
        "crew": unit.crew,
        "base": unit.entry.base,
    }


async def enter_state(
    conn: AsyncConnection[Any],
    unit: str,
    state: str,
    at: datetime,
    *,
    case: str | None = None,
    task: str | None = None,
) -> bool:
    """Enters a unit's state at its own time; one reported late never moves it back. True when it is the newest.

    Raises: Conflict where the state cannot follow.
    """
    row = await (
        await conn.execute("select state, state_at from emergency.unit where unit = %s for update", (unit,))
    ).fetchone()
    old, old_at = (row[0], row[1]) if row else ("available", None)
    if old_at is not None and at < old_at:
        return False
    if old != state and row is not None and skipped(old, state) is None:
        try:
            check_transition(old, state)
        except BadTransition as wrong:
            raise Conflict(str(wrong), field="unit_state") from None
    await conn.execute(
        "insert into emergency.unit (unit, state, state_at, case_id, task_id, heard_at) "
        "values (%(unit)s, %(state)s, %(at)s, %(case)s, %(task)s, %(at)s) on conflict (unit) do update set "
        "state = excluded.state, state_at = excluded.state_at, "
        "heard_at = greatest(emergency.unit.heard_at, excluded.heard_at), "
        "case_id = excluded.case_id, task_id = excluded.task_id",
        {"unit": unit, "state": state, "at": at, "case": case, "task": task},
    )
    return True


class Position(msgspec.Struct, frozen=True):
    """One report of a tracker or a phone."""

    unit: str
    lat: float
    lon: float
    at: datetime
    heading: float | None = None
    speed_kmh: float | None = None
    source: str = "tracker"


async def store_positions(
    platform: Platform, who: Principal, positions: Sequence[Position]
) -> tuple[int, list[dict[str, Any]]]:
    """Keeps reports, refuses those that cannot be, tells the desk of the newest; a repeated one changes nothing."""
    known = await directory(platform)
    now = platform.clock.now()
    refused = [
        {"index": index, "reason": reason}
        for index, each in enumerate(positions)
        if (reason := _wrong(each, known, who, now))
    ]
    bad = {each["index"] for each in refused}
    good = [each for index, each in enumerate(positions) if index not in bad]
    if not good:
        return 0, refused
    newest: dict[str, Position] = {}
    for each in good:
        if each.unit not in newest or each.at > newest[each.unit].at:
            newest[each.unit] = each

    async def write(act: Any) -> int:
        cursor = act.conn.cursor()
        await cursor.executemany(
            "insert into emergency.position (unit, at, case_id, lat, lon, heading, speed_kmh, source) "
            "select %(unit)s, %(at)s, (select case_id from emergency.unit where unit = %(unit)s), %(lat)s, "
            "%(lon)s, %(heading)s, %(speed_kmh)s, %(source)s on conflict do nothing",
            [msgspec.to_builtins(each, builtin_types=(datetime,)) for each in good],
        )
        stored: int = cursor.rowcount
        await cursor.executemany(
            "insert into emergency.unit (unit, state, state_at, lat, lon, heading, speed_kmh, position_at, heard_at) "
            "values (%(unit)s, 'available', %(at)s, %(lat)s, %(lon)s, %(heading)s, %(speed_kmh)s, %(at)s, %(at)s) "
            "on conflict (unit) do update set lat = excluded.lat, lon = excluded.lon, heading = excluded.heading, "
            "speed_kmh = excluded.speed_kmh, position_at = excluded.position_at, "
            "heard_at = greatest(emergency.unit.heard_at, excluded.heard_at), silent_since = null "
            "where emergency.unit.position_at is null or emergency.unit.position_at < excluded.position_at",
            [msgspec.to_builtins(each, builtin_types=(datetime,)) for each in newest.values()],
        )
        told = [
            {
                "unit": each.unit,
                "lat": each.lat,
                "lon": each.lon,
                "at": each.at.isoformat(),
                "heading": each.heading,
                "speed_kmh": each.speed_kmh,
            }
            for each in newest.values()
        ]
        act.tell("desk", "positions", {"positions": told})
        return max(stored, 0)

    return await platform.door.run(who, "emergency.positions", write), refused


def _wrong(each: Position, known: Directory, who: Principal, now: datetime) -> str | None:
    if each.unit not in known.units:
        return f'There is no unit "{each.unit}".'
    if who.unit is not None and who.unit != each.unit:
        return f"You are on {who.unit}; the position is of {each.unit}."
    if not (-90 <= each.lat <= 90 and -180 <= each.lon <= 180):
        return f"{each.lat}, {each.lon} is no point on Earth."
    if each.at.tzinfo is None:
        return "The time has no zone."
    if each.at > now + AHEAD:
        return f"The time {each.at.isoformat()} lies in the future."
    return None


async def begin_shift(platform: Platform, who: Principal, unit: str) -> str:
    """Puts a crew member on a unit; the unit is available when it was off duty. Returns the shift token."""
    (await directory(platform)).unit(unit)
    now = platform.clock.now()
    token = await platform.accounts.shifts.begin(
        who, unit, starts=now - timedelta(minutes=5), until=now + SHIFT
    )
    platform.accounts.forget()  # who is on which unit is remembered with the session

    async def write(act: Any) -> None:
        await act.conn.execute(
            "insert into emergency.unit (unit, state, state_at, heard_at, shift_ends, crew) "
            "values (%(unit)s, 'available', %(now)s, %(now)s, %(ends)s, %(crew)s) on conflict (unit) do update set "
            "shift_ends = excluded.shift_ends, crew = excluded.crew, heard_at = excluded.heard_at, "
            "silent_since = null, "
            "state = case when emergency.unit.state = 'off_duty' then 'available' else emergency.unit.state end, "
            "state_at = case when emergency.unit.state = 'off_duty' then excluded.state_at "
            "else emergency.unit.state_at end",
            {"unit": unit, "now": now, "ends": now + SHIFT, "crew": who.name},
        )
        act.tell("desk", "unit", {"unit": unit})

    await platform.door.run(who, "emergency.shift", write)
    return token


async def end_shift(platform: Platform, who: Principal) -> None:
    """Takes a crew member off the unit, which is off duty then unless it is on a case."""
    now = platform.clock.now()
    await platform.accounts.shifts.end(who, at=now)
    platform.accounts.forget()
    if who.unit is None:
        return

    async def write(act: Any) -> None:
        await act.conn.execute(
            "update emergency.unit set state = 'off_duty', state_at = %s, crew = null, shift_ends = null "
            "where unit = %s and case_id is null",
            (now, who.unit),
        )
        act.tell("desk", "unit", {"unit": who.unit})

    await platform.door.run(who, "emergency.shift", write)


async def set_unit_state(
    platform: Platform, who: Principal, unit: str, state: str, at: datetime | None
) -> None:
    """Off duty, out of service, available again: for a unit that is on no case."""
    if state not in ("available", "off_duty", "out_of_service"):
        raise EmergencyError(f'"{state}" is set by the case, not by hand.', field="state")
    (await directory(platform)).unit(unit)

    async def write(act: Any) -> None:
        row = await (
            await act.conn.execute("select case_id from emergency.unit where unit = %s for update", (unit,))
        ).fetchone()
        if row and row[0]:
            raise Conflict(f"The unit is on case {row[0]}. Recall it first.", field="state")
        await act.conn.execute(
            "insert into emergency.unit (unit, state, state_at, heard_at) values (%s, %s, %s, %s) "
            "on conflict (unit) do update set state = excluded.state, state_at = excluded.state_at",
            (unit, state, at or act.at, act.at),
        )
        act.tell("desk", "unit", {"unit": unit})

    await platform.door.run(who, "emergency.shift", write)


async def one_unit(platform: Platform, conn: AsyncConnection[Any], unit: str) -> LiveUnit:
    units = await live_units(platform, conn)
    if unit not in units:
        raise Unknown(f'There is no unit "{unit}".', field="unit")
    return units[unit]
