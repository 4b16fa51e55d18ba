"""What nobody has reacted to: orders not taken, notices not acknowledged, units silent, boards gone stale."""

from datetime import datetime, timedelta
from typing import Any

from banyan.access import Act, platform_principal
from banyan.apps.emergency.destination import STALE_AFTER_MIN
from banyan.apps.emergency.dispatch import SILENT_AFTER_MIN
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import KIND, extended, with_extension
from banyan.apps.emergency.service.alarms import end_alarms, raise_alarm
from banyan.apps.emergency.service.cases import find_case, stamp, tell_case
from banyan.apps.emergency.service.desk import LIMIT_S
from banyan.apps.emergency.service.directory import directory
from banyan.apps.emergency.service.ground import zone
from banyan.apps.emergency.service.hospitals import by_hospital
from banyan.apps.emergency.service.push import queue_for_hospital, queue_for_unit
from banyan.platform import Platform

WATCHER = platform_principal("watcher")
WATCH = "emergency.watch"
ANSWER_WITHIN = timedelta(seconds=20)
ACKNOWLEDGE_WITHIN = timedelta(minutes=2)
# Who is called next, each after another ACKNOWLEDGE_WITHIN.
SECOND_LINE: tuple[tuple[str, ...], ...] = (
    ("emergency_doctor", "emergency_nurse"),
    ("cardiologist", "chief"),
)
BOARD_STALE = timedelta(minutes=2 * STALE_AFTER_MIN)


async def watch_orders(platform: Platform) -> None:
    """An order that a crew has not answered after 20 s: the dispatcher is asked, the crew's devices ring again."""
    now = platform.clock.now()
    # The watchers look without the door: nothing is shown to anybody; what they do then is an act.
    page = await platform.record.search(
        "Task", [("status", "requested"), ("code", f"{KIND}|dispatch"), ("_count", "200")]
    )
    waiting = [stored.resource() for stored in page.matches]
    late = [each for each in waiting if now - datetime.fromisoformat(each["authoredOn"]) > ANSWER_WITHIN]
    standing = await _standing(platform, "unanswered")
    for order in late:
        case_id = order["focus"]["reference"].split("/")[1]
        if (case_id, None) not in standing:
            await _prompt_unanswered(platform, case_id, order["location"]["reference"].split("/")[1])


async def _prompt_unanswered(platform: Platform, case_id: str, unit: str) -> None:
    entry = (await directory(platform)).unit(unit)

    async def write(act: Act) -> None:
        case = await find_case(act, case_id)
        if await raise_alarm(act, "unanswered", "high", case=case_id, unit=unit, number=entry.number):
            act.tell("desk", "prompt", {"case": case_id, "kind": "unanswered", "unit": unit})
            await queue_for_unit(act.conn, platform.settings, unit, case, "unanswered")

    await platform.door.run(WATCHER, WATCH, write)


async def _standing(platform: Platform, kind: str) -> set[tuple[str | None, str | None]]:
    """What an alarm of the kind stands for already: case and hospital."""
    async with platform.pool.connection() as conn:
        cursor = await conn.execute(
            "select case_id, hospital from emergency.alarm where kind = %s and ended_at is null", (kind,)
        )
        return {(row[0], row[1] if kind == "stale-board" else None) for row in await cursor.fetchall()}


async def watch_waiting(platform: Platform) -> None:
    """A call that no unit was sent to within the time of its level."""
    now = platform.clock.now()
    page = await platform.record.search("ServiceRequest", [("status", "active"), ("_count", "500")])
    cases = [Case(stored.resource(), stored.version) for stored in page.matches]
    waiting = [each for each in cases if each.status == "waiting"]
    late = {each.id: each for each in waiting if now - each.call_at > timedelta(seconds=LIMIT_S[each.level])}
    standing = {case for case, _ in await _standing(platform, "cannot-wait")}
    if set(late) == standing:
        return

    async def write(act: Act) -> None:
        for id_ in sorted(set(late) - standing):
            await raise_alarm(act, "cannot-wait", "high", case=id_, number=late[id_].number)
        for gone in standing - set(late):
            await end_alarms(act, kinds=("cannot-wait",), case=gone)

    await platform.door.run(WATCHER, WATCH, write)


async def watch_notices(platform: Platform) -> None:
    """A notice that nobody at the hospital takes: the desk and the second line are told, then the third."""
    now = platform.clock.now()
    page = await platform.record.search(
        "Communication", [("status", "in-progress"), ("category", f"{KIND}|notice"), ("_count", "200")]
    )
    for notice in (stored.resource() for stored in page.matches):
        steps = int(extended(notice, "escalations") or 0)
        due = datetime.fromisoformat(notice["sent"]) + ACKNOWLEDGE_WITHIN * (steps + 1)
        if steps < len(SECOND_LINE) and now > due:
            await _escalate(platform, notice["id"], notice["basedOn"][0]["reference"].split("/")[1])


async def _escalate(platform: Platform, notice_id: str, case_id: str) -> None:
    known = await directory(platform)

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        stored = await act.read("Communication", notice_id, lock=True)
        if stored is None or stored.resource()["status"] != "in-progress":
            return
        notice = stored.resource()
        hospital = notice["recipient"][0]["reference"].split("/")[1]
        if not case.open or case.destination != hospital:
            await act.update(notice | {"status": "stopped"}, if_match=stored.version)
            return
        await _call_next(act, platform, case, notice, hospital)
        name = known.hospitals[hospital].name if hospital in known.hospitals else hospital
        minutes = round((act.at - datetime.fromisoformat(notice["sent"])).total_seconds() / 60)
        await raise_alarm(
            act, "unacknowledged", "high", case=case_id, hospital=hospital, name=name, minutes=minutes
        )
        prompt = {"case": case_id, "kind": "unacknowledged", "hospital": hospital}
        for topic in ("desk", f"case/{case_id}", f"hospital/{hospital}"):
            act.tell(topic, "prompt", prompt)
        tell_case(act, case, "notice")

    await platform.door.run(WATCHER, WATCH, write)


async def _call_next(act: Act, platform: Platform, case: Case, notice: dict[str, Any], hospital: str) -> None:
    steps = int(extended(notice, "escalations") or 0)
    written = with_extension(notice, "escalations", valueInteger=steps + 1)
    if not extended(notice, "escalated-at"):
        written = with_extension(written, "escalated-at", valueDateTime=stamp(act.at))
    await act.update(written)
    await queue_for_hospital(
        act.conn, platform.settings, hospital, SECOND_LINE[steps], case, "unacknowledged"
    )


async def watch_units(platform: Platform) -> None:
    """A unit that sends nothing for minutes is silent; the alarm ends when it is heard again."""
    now = platform.clock.now()
    async with platform.pool.connection() as conn:
        cursor = await conn.execute(
            "select unit, heard_at from emergency.unit where silent_since is null and heard_at < %s "
            "and state not in ('off_duty', 'out_of_service')",
            (now - timedelta(minutes=SILENT_AFTER_MIN),),
        )
        silent = await cursor.fetchall()
        cursor = await conn.execute(
            "select a.unit from emergency.alarm a join emergency.unit u on u.unit = a.unit "
            "where a.kind = 'silent' and a.ended_at is null and u.silent_since is null"
        )
        back = [row[0] for row in await cursor.fetchall()]
    if silent or back:
        await _tell_silence(platform, silent, [unit for unit in back if unit not in dict(silent)])


async def _tell_silence(platform: Platform, silent: list[tuple[Any, ...]], back: list[str]) -> None:
    known = await directory(platform)

    async def write(act: Act) -> None:
        for unit, heard_at in silent:
            number = known.units[unit].number if unit in known.units else unit
            since = heard_at.astimezone(zone(platform)).strftime("%H:%M")
            await act.conn.execute(
                "update emergency.unit set silent_since = heard_at where unit = %s", (unit,)
            )
            await raise_alarm(act, "silent", "medium", unit=unit, number=number, since=since)
            act.tell("desk", "unit", {"unit": unit})
        for unit in back:
            await end_alarms(act, kinds=("silent",), unit=unit)
            act.tell("desk", "unit", {"unit": unit})

    await platform.door.run(WATCHER, WATCH, write)


async def watch_boards(platform: Platform) -> None:
    """A resource board on which nothing was confirmed for an hour: its hospital is reminded, quietly."""
    now = platform.clock.now()
    page = await platform.record.search(
        "Location", [("type", f"{KIND}|hospital-resource"), ("_count", "1000")]
    )
    newest = {
        id_: max(each.set_at for each in board.values())
        for id_, board in by_hospital(stored.resource() for stored in page.matches).items()
    }
    stale = {id_: at for id_, at in newest.items() if now - at > BOARD_STALE}
    standing = {hospital for _, hospital in await _standing(platform, "stale-board")}
    if set(stale) != standing:
        await _remind(platform, stale, standing)


async def _remind(platform: Platform, stale: dict[str, datetime], standing: set[str | None]) -> None:
    known = await directory(platform)

    async def write(act: Act) -> None:
        for hospital in sorted(set(stale) - standing):
            since = stale[hospital].astimezone(zone(platform)).strftime("%H:%M")
            name = known.hospitals[hospital].name if hospital in known.hospitals else hospital
            await raise_alarm(act, "stale-board", "low", hospital=hospital, name=name, since=since)
        for fresh in standing - set(stale):
            await end_alarms(act, kinds=("stale-board",), hospital=fresh)

    await platform.door.run(WATCHER, WATCH, write)
