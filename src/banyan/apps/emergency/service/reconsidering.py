"""A hospital that can no longer take the patient who is on the way to it: crew and desk are told at once."""

import time

from banyan.access import Act
from banyan.apps.emergency.destination import reconsider
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import KIND
from banyan.apps.emergency.model.words import said
from banyan.apps.emergency.service.alarms import end_alarms, raise_alarm
from banyan.apps.emergency.service.attention import WATCH, WATCHER
from banyan.apps.emergency.service.cases import change_case, find_case, tell_case
from banyan.apps.emergency.service.destinations import needs_in, patient_point, rank, under_way
from banyan.apps.emergency.service.directory import directory
from banyan.apps.emergency.service.ground import zone
from banyan.apps.emergency.service.hospitals import HOSPITAL_TYPE, live_statuses
from banyan.platform import Platform
from banyan.record.errors import Gone, NotFound

LOOK_EVERY_S = 2.0
ANYWAY_EVERY_S = 60.0  # a diversion or a busy laboratory may have ended by itself
OPTIONS_SHOWN = 3
_passed: dict[int, float] = {}
# What each case was last judged on, and when: nothing is ranked again while its hospitals say the same.
_judged: dict[str, tuple[str, float]] = {}


async def watch_destinations(platform: Platform) -> None:
    """Looks again at each chosen hospital while the patient is not there yet, when hospitals said something new."""
    key, now = id(platform.record), time.monotonic()
    if now - _passed.get(key, 0.0) < LOOK_EVERY_S:
        return
    _passed[key] = now
    async with platform.pool.connection() as conn:
        cursor = await conn.execute(
            "select case_id from emergency.unit where state in ('with_patient', 'to_hospital', 'stopover') "
            "and case_id is not null"
        )
        on_board = [row[0] for row in await cursor.fetchall()]
    said_last = await _newest_word(platform) if on_board else ""
    for case_id in on_board:
        case = await _case(platform, case_id)
        if case is None or case.destination is None:
            continue
        mark = f"{case.destination} {case.pathway} {said_last}"
        before = _judged.get(case_id, ("", 0.0))
        if before[0] != mark or now - before[1] > ANYWAY_EVERY_S:
            _judged[case_id] = (mark, now)
            await _look(platform, case_id)
    for gone in set(_judged) - set(on_board):
        del _judged[gone]


async def _newest_word(platform: Platform) -> str:
    """When any hospital last changed its board or its diversions."""
    kinds = f"{KIND}|hospital-resource,{HOSPITAL_TYPE}"
    page = await platform.record.search(
        "Location", [("type", kinds), ("_sort", "-_lastUpdated"), ("_count", "1")]
    )
    return page.matches[0].last_updated.isoformat() if page.matches else ""


async def _case(platform: Platform, case_id: str) -> Case | None:
    try:
        stored = await platform.record.read("ServiceRequest", case_id)
    except (NotFound, Gone):
        return None
    return Case(stored.resource(), stored.version)


async def _look(platform: Platform, case_id: str) -> None:
    """Ranks again; only where the answer has changed is anything written."""
    known = await directory(platform)

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        if case.destination is None:
            return
        here = await patient_point(act, case, known)
        needs = await needs_in(act, case)
        options, _ = rank(
            platform, known, needs, here, await live_statuses(act), await under_way(act), act.at
        )
        reason = reconsider(options, case.destination)
        passed_over = any(each.hospital == case.destination and each.rank is None for each in options)
        diverted = reason is not None and passed_over
        if diverted == bool(case.get("diverted")):
            return
        changed = await change_case(act, case, diverted={"valueBoolean": True} if diverted else None)
        if not diverted or reason is None:
            await end_alarms(act, kinds=("diversion",), case=case_id)
        else:
            name = known.hospital(case.destination).name
            await raise_alarm(
                act, "diversion", "high", case=case_id, unit=case.unit, hospital=case.destination, name=name
            )
            better = [each.hospital for each in options if each.rank is not None][:OPTIONS_SHOWN]
            prompt = {
                "case": case_id,
                "kind": "diversion",
                "text": said(reason, zone(platform)),
                "options": [{"hospital": id_, "name": known.hospital(id_).name} for id_ in better],
            }
            act.tell("desk", "prompt", prompt)
            act.tell(f"case/{case_id}", "prompt", prompt)
            if case.unit:
                act.tell(f"unit/{case.unit}", "prompt", prompt)
        tell_case(act, changed, "destination")

    await platform.door.run(WATCHER, WATCH, write)
