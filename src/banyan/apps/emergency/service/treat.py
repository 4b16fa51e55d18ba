"""What a hospital does with an announced patient: takes the notice, calls its team, reads, answers, signs."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from banyan.access import Act, Denied, Principal
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import ECG, LOINC, extended, with_extension
from banyan.apps.emergency.model.messages import communication, ecg_report
from banyan.apps.emergency.service.alarms import end_alarms
from banyan.apps.emergency.service.cases import change_case, find_case, stamp, tell_case
from banyan.apps.emergency.service.errors import Conflict, EmergencyError, Unknown
from banyan.apps.emergency.service.points import points_of, record_point
from banyan.apps.emergency.service.readiness import (
    CATHLAB_TEAMS,
    ITEMS,
    ROLES,
    STATUSES,
    TEAMS,
    Done,
    Member,
    done,
    kept,
    members,
    preparation_of,
    team_of,
    team_ready,
)
from banyan.apps.emergency.timepoints import FUTURE_TOLERANCE
from banyan.platform import Platform

__all__ = ["acknowledge", "notice_view", "preparation_of", "team_of"]
SIDES = {"dispatcher": "dispatch", "crew": "crew"}
READERS = ("cardiologist", "emergency_doctor")


def kind_of(resource: dict[str, Any]) -> str:
    return str(resource.get("category", [{}])[0].get("coding", [{}])[0].get("code", ""))


def newest_notice(communications: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The notice that counts: the last one sent that was not taken back."""
    notices = [
        each for each in communications if kind_of(each) == "notice" and each["status"] != "entered-in-error"
    ]
    return max(notices, key=lambda each: datetime.fromisoformat(each["sent"]), default=None)


def notice_view(communications: list[dict[str, Any]], case: Case) -> dict[str, Any] | None:
    """The notice as pages show it, with who took it; None while there is none, or it went elsewhere."""
    found = newest_notice(communications)
    if found is None or case.get("notice-at") is None:
        return None
    taken = extended(found, "acknowledged-by")
    return {
        "id": found["id"],
        "at": found["sent"],
        "level": extended(found, "level"),
        "pathway": extended(found, "pathway"),
        "text": found["payload"][0]["contentString"],
        "hospital": _recipient(found),
        "acknowledged": {"by": taken, "at": found.get("received")} if taken else None,
        "escalated_at": extended(found, "escalated-at"),
    }


def _recipient(notice: dict[str, Any]) -> str:
    return str(notice["recipient"][0]["reference"].split("/")[1])


async def communications_of(act: Act, case_id: str) -> list[dict[str, Any]]:
    page = await act.transaction.search(
        "Communication", [("based-on", f"ServiceRequest/{case_id}"), ("_count", "300")]
    )
    return [stored.resource() for stored in page.matches]


async def acknowledge(platform: Platform, who: Principal, case_id: str) -> dict[str, Any]:
    """A named person takes the patient; of two who press at once, the first one's name stands."""

    async def write(act: Act) -> dict[str, Any]:
        case = await find_case(act, case_id, lock=True)
        notice = newest_notice(await communications_of(act, case_id))
        if notice is None or case.get("notice-at") is None:
            raise Conflict("No notice of this case waits to be acknowledged.")
        if who.institution is not None and who.institution != _recipient(notice):
            raise Denied(f"The notice went to {_recipient(notice)}; {who.name} works for {who.institution}.")
        if (taken := extended(notice, "acknowledged-by")) is not None:
            return {"by": taken, "at": notice["received"]}
        ended = with_extension(notice, "acknowledged-by", valueString=who.name)
        await act.update(ended | {"status": "completed", "received": stamp(act.at)})
        await record_point(act, case, "notice_ack", act.at, source="manual")
        await end_alarms(act, kinds=("critical", "unacknowledged"), case=case.id)
        tell_case(act, case, "notice", "times")
        return {"by": who.name, "at": stamp(act.at)}

    return await platform.door.run(who, "emergency.treat", write)


async def set_team(
    platform: Platform, who: Principal, case_id: str, role: str, status: str, person: str | None
) -> None:
    """Somebody of the team is called, coming or here; "all": the whole team of the pathway."""
    if status not in STATUSES:
        raise EmergencyError(f'"{status}" is no status: {", ".join(STATUSES)}.', field="status")
    if role not in (*ROLES, "all"):
        raise EmergencyError(f'"{role}" is no role: all, {", ".join(ROLES)}.', field="role")

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        team = members(case)
        for each in TEAMS.get(case.pathway, TEAMS["arrest"][:2]) if role == "all" else (role,):
            before = team.get(each)
            if before is None or before.status != status or person:
                team[each] = Member(
                    each, status, act.at, person or (before.person if before else None), who.name
                )
        changed = await change_case(act, case, team=kept(team.values()))
        await _team_times(act, changed, team)
        tell_case(act, changed, "team", "times")

    await platform.door.run(who, "emergency.treat", write)


async def _team_times(act: Act, case: Case, team: dict[str, Member]) -> None:
    wanted = []
    if case.pathway in CATHLAB_TEAMS and team:
        wanted.append("cathlab_called")
    if team_ready(case, team):
        wanted += ["team_ready", *(["cathlab_ready"] if case.pathway in CATHLAB_TEAMS else [])]
    if wanted:
        there = await points_of(act, case.id)
        for point in wanted:
            if point not in there:
                await record_point(act, case, point, act.at, source="system")


async def prepare(platform: Platform, who: Principal, case_id: str, item: str, ready: bool) -> None:
    """One thing of the checklist is ready, or not after all."""
    if item not in ITEMS:
        raise EmergencyError(f'"{item}" is not on the checklist: {", ".join(ITEMS)}.', field="id")

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        items = done(case)
        if ready:
            items.setdefault(item, Done(item, who.name, act.at))
        else:
            items.pop(item, None)
        changed = await change_case(act, case, preparation=kept(items.values()) if items else None)
        if ready and item == "cathlab" and "cathlab_called" not in await points_of(act, case.id):
            await record_point(act, changed, "cathlab_called", act.at, source="system")
        tell_case(act, changed, "preparation")

    await platform.door.run(who, "emergency.treat", write)


async def read_ecg(platform: Platform, who: Principal, case_id: str, signal: str, text: str) -> str:
    """A physician's reading of an ECG, with name and time; a later one stands beside the earlier ones."""
    if not who.has(*READERS):
        raise Denied(f"{who.name} may not read an ECG. Roles that may: {', '.join(READERS)}.")
    if not text.strip():
        raise EmergencyError("A reading says something.", field="text")

    async def write(act: Act) -> str:
        case = await find_case(act, case_id, lock=True)
        ecg = await _ecg(act, case, signal)
        id_, by = str(uuid.uuid4()), (who.user, who.name)
        report = ecg_report(
            id_, case.id, case.patient, case.encounter, stamp(act.at), by, ecg["id"], text.strip()
        )
        await act.update(report)
        if "ecg_read" not in await points_of(act, case.id):
            await record_point(act, case, "ecg_read", act.at, source="manual")
        tell_case(act, case, "reading", "times")
        return id_

    return await platform.door.run(who, "emergency.treat", write)


async def _ecg(act: Act, case: Case, signal: str) -> dict[str, Any]:
    page = await act.transaction.search(
        "Observation",
        [("based-on", f"ServiceRequest/{case.id}"), ("code", f"{LOINC}|{ECG[0]}"), ("_count", "100")],
    )
    for stored in page.matches:
        resource = stored.resource()
        if extended(resource, "signal") == signal and resource["status"] != "entered-in-error":
            return resource
    raise Unknown(f'Case {case.number} has no ECG "{signal}".', field="signal")


async def send_message(platform: Platform, who: Principal, case_id: str, to: str, text: str) -> str:
    """One line from hospital or desk to the crew, the hospital or the desk."""
    if to not in ("crew", "hospital", "dispatch"):
        raise EmergencyError(f'"{to}" is nobody: crew, hospital or dispatch.', field="to")
    if not text.strip():
        raise EmergencyError("The message is empty.", field="text")

    async def write(act: Act) -> str:
        case = await find_case(act, case_id)
        id_, by = str(uuid.uuid4()), (who.user, who.name)
        await act.update(
            communication(
                id_, "message", case.id, case.patient, case.encounter, stamp(act.at), by, to, text.strip()
            )
        )
        event = {
            "case": case.id,
            "id": id_,
            "at": stamp(act.at),
            "from": who.name,
            "to": to,
            "text": text.strip(),
        }
        for topic in _heard_by(case, to):
            act.tell(topic, "message", event)
        return id_

    return await platform.door.run(who, _verb(who), write)


def _heard_by(case: Case, to: str) -> list[str]:
    topics = [f"case/{case.id}"]
    if to == "crew" and case.unit:
        topics.append(f"unit/{case.unit}")
    if to == "hospital" and case.destination:
        topics.append(f"hospital/{case.destination}")
    if to == "dispatch":
        topics.append("desk")
    return topics


def _verb(who: Principal) -> str:
    return (
        "emergency.call"
        if who.has("dispatcher")
        else "emergency.fact"
        if who.has("crew")
        else "emergency.treat"
    )


async def read_messages(platform: Platform, who: Principal, case_id: str) -> int:
    """What was written to this one's side has been read; says how many."""
    side = next((SIDES[role] for role in who.roles if role in SIDES), "hospital")

    async def write(act: Act) -> int:
        case = await find_case(act, case_id)
        unread = [
            each
            for each in await communications_of(act, case_id)
            if kind_of(each) == "message" and extended(each, "to") == side and "received" not in each
        ]
        for each in unread:
            seen = with_extension(each, "read-by", valueString=who.name)
            await act.update(seen | {"status": "completed", "received": stamp(act.at)})
        if unread:
            tell_case(act, case, "messages")
        return len(unread)

    return await platform.door.run(who, _verb(who), write)


async def set_time(platform: Platform, who: Principal, case_id: str, point: str, at: datetime | None) -> None:
    """A time in the hospital: puncture, wire, CT, lysis; a later entry corrects an earlier one."""

    async def write(act: Act) -> None:
        moment = at or act.at
        if moment.tzinfo is not None and moment > act.at + FUTURE_TOLERANCE:
            raise EmergencyError(f"{moment.isoformat()} lies in the future.", field="at")
        case = await find_case(act, case_id)
        await record_point(act, case, point, moment, source="manual")
        tell_case(act, case, "times")

    await platform.door.run(who, "emergency.call" if who.has("dispatcher") else "emergency.treat", write)
