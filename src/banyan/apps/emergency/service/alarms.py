"""Alarms: raised once, loud until somebody takes them, ended when their cause is gone."""

import uuid
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from banyan.access import Act, Principal
from banyan.apps.emergency.model.words import Words, words
from banyan.apps.emergency.reasons import N_
from banyan.apps.emergency.service.errors import Unknown
from banyan.platform import Platform

TEXTS: dict[str, str] = {
    "unanswered": N_("Unit {number} does not answer the order"),
    "refused": N_("Unit {number} refused: {reason}"),
    "silent": N_("Unit {number} is silent since {since}"),
    "unacknowledged": N_("{name} has not acknowledged the notice for {minutes} min"),
    "diversion": N_("{name} diverts while the patient is under way"),
    "stale-board": N_("{name}: no figure of the resource board confirmed since {since}"),
    "critical": N_("Critical patient announced: level {level}"),
    "vital": N_("{vital} {value}"),
    "cannot-wait": N_("Call {number} waits longer than its limit"),
}


async def raise_alarm(
    act: Act,
    kind: str,
    priority: str,
    *,
    case: str | None = None,
    unit: str | None = None,
    hospital: str | None = None,
    **params: Any,
) -> str | None:
    """Raises an alarm unless the same one stands already; tells the desk and whom it concerns."""
    row = await (
        await act.conn.execute(
            "insert into emergency.alarm (id, case_id, unit, hospital, kind, priority, message, params, at) "
            "values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning id",
            (uuid.uuid4(), case, unit, hospital, kind, priority, TEXTS[kind], Jsonb(params), act.at),
        )
    ).fetchone()
    if row is None:
        return None
    _tell(act, {"id": str(row[0]), "kind": kind, "priority": priority}, case, unit, hospital)
    return str(row[0])


def _tell(act: Act, data: dict[str, Any], case: str | None, unit: str | None, hospital: str | None) -> None:
    act.tell("desk", "alarm", data)
    if case:
        act.tell(f"case/{case}", "alarm", data)
    if unit:
        act.tell(f"unit/{unit}", "alarm", data)
    if hospital:
        act.tell(f"hospital/{hospital}", "alarm", data)


async def end_alarms(
    act: Act,
    *,
    kinds: tuple[str, ...],
    case: str | None = None,
    unit: str | None = None,
    hospital: str | None = None,
) -> None:
    """The cause is gone."""
    rows = await (
        await act.conn.execute(
            "update emergency.alarm set ended_at = %s where ended_at is null and kind = any(%s) "
            "and (%s::text is null or case_id = %s) and (%s::text is null or unit = %s) "
            "and (%s::text is null or hospital = %s) returning id, case_id, unit, hospital, kind",
            (act.at, list(kinds), case, case, unit, unit, hospital, hospital),
        )
    ).fetchall()
    for id_, case_id, unit_id, hospital_id, kind in rows:
        _tell(act, {"id": str(id_), "kind": kind, "ended": True}, case_id, unit_id, hospital_id)


async def take_alarm(platform: Platform, who: Principal, alarm_id: str) -> None:
    """A named person has taken the alarm: it is quiet for everybody."""

    async def write(act: Act) -> None:
        row = await (
            await act.conn.execute(
                "update emergency.alarm set taken_by = coalesce(taken_by, %s), taken_at = coalesce(taken_at, %s) "
                "where id::text = %s returning case_id, unit, hospital, kind",
                (who.name, act.at, alarm_id),
            )
        ).fetchone()
        if row is None:
            raise Unknown(f"There is no alarm {alarm_id}.", field="alarm")
        _tell(act, {"id": alarm_id, "kind": row[3], "taken_by": who.name}, row[0], row[1], row[2])

    await platform.door.run(who, "emergency.alarm", write)


async def standing_alarms(
    conn: AsyncConnection[Any],
    *,
    case: str | None = None,
    hospital: str | None = None,
    unit: str | None = None,
) -> list[dict[str, Any]]:
    """Alarms that stand, most urgent first."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "select * from emergency.alarm where ended_at is null and (%s::text is null or case_id = %s) "
            "and (%s::text is null or hospital = %s) and (%s::text is null or unit = %s) "
            "order by array_position(array['high','medium','low'], priority), at",
            (case, case, hospital, hospital, unit, unit),
        )
        return [_view(row) for row in await cursor.fetchall()]


def _view(row: dict[str, Any]) -> dict[str, Any]:
    taken: dict[str, str | datetime] | None = (
        {"by": row["taken_by"], "at": row["taken_at"]} if row["taken_by"] else None
    )
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "priority": row["priority"],
        "case": row["case_id"],
        "unit": row["unit"],
        "hospital": row["hospital"],
        "text": _text(row["message"], row["params"]),
        "at": row["at"],
        "acknowledged": taken,
    }


def _text(message: str, params: dict[str, Any]) -> Words:
    """The alarm in both languages; a name that differs by language comes as {"zh", "en"}."""
    found = {}
    for language in ("zh", "en"):
        own = {key: value[language] if isinstance(value, dict) else value for key, value in params.items()}
        found[language] = words(message, **own)[language]
    return found
