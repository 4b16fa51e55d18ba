"""ECG of a case: frames kept once, files read, ST measured, samples given out."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from banyan.access import Act, Principal
from banyan.apps.emergency.ecg.frame import BadFrame, Frame, decode, decode_many, encode
from banyan.apps.emergency.ecg.joined import join
from banyan.apps.emergency.ecg.recording import Recording
from banyan.apps.emergency.ecg.sampled_data import to_components
from banyan.apps.emergency.ecg.st import NoBeats, measure_st, stemi_finding
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import ECG, LOINC, extended, with_extension
from banyan.apps.emergency.model.observation import ecg as ecg_observation
from banyan.apps.emergency.model.observation import of_case
from banyan.apps.emergency.service.cases import derived, find_case, stamp, tell_case
from banyan.apps.emergency.service.errors import Conflict, EmergencyError, Unknown
from banyan.apps.emergency.service.people import age_in_years, patient_of
from banyan.apps.emergency.service.points import points_of, record_point
from banyan.platform import Platform

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_FRAMES = 3600
SEXES = {"male": "M", "female": "F"}


def observation_id(case: str, signal: str) -> str:
    return derived(case, "ecg", signal)


async def store_frames(
    platform: Platform, who: Principal, raw: bytes, *, demonstration: bool = False
) -> dict[str, int]:
    """Keeps frames; equal ones again are acknowledged, different ones under the same number refused.

    Raises: EmergencyError naming the frame.
    """
    frames: list[tuple[Frame, bytes]] = []
    try:
        frames.extend(decode_many(raw))
    except BadFrame as bad:
        raise EmergencyError(f"Frame {len(frames)} of the body: {bad}", field=str(len(frames))) from None
    if not frames:
        raise EmergencyError("The body has no frames.", field="0")
    if len({frame.case for frame, _ in frames}) != 1:
        raise EmergencyError("Send the frames of one case at a time.", field="case")
    first = frames[0][0]
    at = _at(first)

    async def write(act: Act) -> dict[str, int]:
        case = await find_case(act, str(first.case))
        stored = await _insert(act, frames)
        for signal in dict.fromkeys(str(frame.signal) for frame, _ in frames):
            begins = min(_at(frame) for frame, _ in frames if str(frame.signal) == signal)
            await _announce(act, case, signal, begins, demonstration=demonstration)
        for frame, _ in frames:
            act.tell(f"ecg/{case.id}", "ecg.frame", {"signal": str(frame.signal), "seq": frame.sequence})
        if who.unit:
            await act.conn.execute(
                "update emergency.unit set heard_at = greatest(heard_at, %s) where unit = %s",
                (act.clock.now(), who.unit),
            )
        return {"stored": stored, "duplicate": len(frames) - stored}

    return await platform.door.run(who, "emergency.fact", write, at=min(at, platform.clock.now()))


def _at(frame: Frame) -> datetime:
    return EPOCH + timedelta(microseconds=frame.device_time_us)


async def _insert(act: Act, frames: list[tuple[Frame, bytes]]) -> int:
    cursor = act.conn.cursor()
    rows = [
        (frame.signal, frame.sequence, str(frame.case), _at(frame), hashlib.sha256(raw).digest(), raw)
        for frame, raw in frames
    ]
    await cursor.executemany(
        "insert into emergency.ecg_frame (signal, seq, case_id, at, digest, frame) "
        "values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
        rows,
    )
    stored = max(cursor.rowcount, 0)
    if stored < len(rows):
        await _refuse_other_content(act.conn, rows)
    return stored


async def _refuse_other_content(conn: AsyncConnection[Any], rows: list[tuple[Any, ...]]) -> None:
    for index, (signal, seq, _, _, digest, _) in enumerate(rows):
        row = await (
            await conn.execute(
                "select digest from emergency.ecg_frame where signal = %s and seq = %s", (signal, seq)
            )
        ).fetchone()
        if row is None or bytes(row[0]) != digest:
            raise Conflict(
                f"Frame {index}: number {seq} of this signal is stored with other content.", field=str(index)
            )


async def _announce(act: Act, case: Case, signal: str, at: datetime, *, demonstration: bool) -> None:
    """The first frame of a signal makes its Observation and the time point of the first ECG."""
    id_ = observation_id(case.id, signal)
    if await act.transaction.read("Observation", id_) is not None:
        return
    by = (act.who.user, act.who.name)
    core = of_case(id_, case.id, case.patient, case.encounter, stamp(at), by, fact=None)
    await act.update(
        ecg_observation(core, signal, device="", demonstration=demonstration, digest=None, measured=None)
    )
    await _first_ecg(act, case, at)
    tell_case(act, case, "ecgs", "times")


async def _first_ecg(act: Act, case: Case, at: datetime) -> None:
    """The points of the first ECG, and of its sending; a later ECG does not move them."""
    known = await points_of(act, case.id)
    if "ecg_done" not in known or known["ecg_done"][0].at > at:
        await record_point(act, case, "ecg_done", at, source="device")
    if "ecg_sent" not in known:
        await record_point(act, case, "ecg_sent", act.clock.now(), source="system")


async def file_recording(
    act: Act, case: Case, signal: str, recording: Recording, at: datetime, fact: str
) -> str:
    """An ECG from a device's file: the same signal content again is one ECG with two receipts."""
    digest = recording.content_hash()
    page = await act.search(
        "Observation",
        [("based-on", f"ServiceRequest/{case.id}"), ("code", f"{LOINC}|{ECG[0]}"), ("_count", "50")],
    )
    for stored in page.matches:
        if extended(stored.resource(), "content-sha256") == digest:
            return stored.id
    when = recording.recorded_at or at
    await _insert(
        act, [(frame, encode(frame)) for frame in recording.frames(UUID(case.id), UUID(signal), when)]
    )
    id_ = observation_id(case.id, signal)
    core = of_case(
        id_, case.id, case.patient, case.encounter, stamp(at), (act.who.user, act.who.name), fact=fact
    )
    measured = await measured_of(act, case, recording)
    await act.update(
        ecg_observation(
            core,
            signal,
            device=recording.stated.device,
            demonstration=recording.demonstration,
            digest=digest,
            measured=orjson.dumps(measured).decode(),
        )
    )
    await _first_ecg(act, case, at)
    for frame in recording.frames(UUID(case.id), UUID(signal), when):
        act.tell(f"ecg/{case.id}", "ecg.frame", {"signal": signal, "seq": frame.sequence})
    return id_


async def measured_of(act: Act, case: Case, recording: Recording) -> dict[str, Any]:
    """What software measured, never a diagnosis: ST at J in µV, leads at their limits, what is wrong."""
    patient = await patient_of(act, case.patient)
    problems = recording.twelve().problems()
    found: dict[str, Any] = {
        "missing": [lead for lead, flags in problems.items() if "missing" in flags],
        "saturated": [lead for lead, flags in problems.items() if "saturated" in flags],
        "problems": {lead: list(flags) for lead, flags in problems.items()},
    }
    try:
        measured = measure_st(recording)
    except NoBeats as reason:
        return found | {"not_measured": str(reason)}
    found |= {
        "st_uv": {lead: round(level) for lead, level in measured.j_uv.items()},
        "heart_rate": measured.heart_rate,
        "qrs_ms": round(measured.qrs_ms),
        "unverified": True,
    }
    age = age_in_years(patient.get("birthDate"), act.at)
    sex = SEXES.get(patient.get("gender", ""))
    if age is None or sex is None:
        return found | {"incomplete": [name for name, value in (("age", age), ("sex", sex)) if value is None]}
    finding = stemi_finding(measured, age=age, sex=sex)
    return found | {
        "meets": list(finding.leads),
        "pairs": [list(pair) for pair in finding.pairs],
        "stemi_limits": finding.meets,
        "limits_mm": finding.limits_mm,
    }


async def measure_signal(act: Act, case: Case, signal: str) -> dict[str, Any] | None:
    """Measures the first ten seconds of a streamed signal once they are there, and keeps the result."""
    id_ = observation_id(case.id, signal)
    stored = await act.read("Observation", id_, lock=True)
    if stored is None or extended(stored.resource(), "measured"):
        return None
    rows = await (
        await act.conn.execute(
            "select frame from emergency.ecg_frame where signal = %s order by seq limit 12", (signal,)
        )
    ).fetchall()
    recording, _ = join(decode(bytes(row[0])) for row in rows)
    if recording.seconds < 9.5:
        return None
    measured = await measured_of(act, case, recording)
    resource = with_extension(stored.resource(), "measured", valueString=orjson.dumps(measured).decode())
    await act.update(resource, if_match=stored.version)
    tell_case(act, case, "ecgs")
    return measured


async def frames_of(
    platform: Platform, who: Principal, case_id: str, signal: str, first: int, last: int | None
) -> bytes:
    """The frames of a signal back to back."""
    async with platform.door.act(who, "emergency.view") as act:
        await find_case(act, case_id)
        rows = await (
            await act.conn.execute(
                "select frame from emergency.ecg_frame where signal::text = %s and case_id = %s and seq >= %s "
                "and seq <= %s order by seq limit %s",
                (signal, case_id, first, last if last is not None else 2**31, MOST_FRAMES),
            )
        ).fetchall()
    if not rows:
        raise Unknown(
            "There is no such ECG in this case, or none of these frames has arrived.", field="signal"
        )
    return b"".join(bytes(row[0]) for row in rows)


def ecg_view(
    resource: Mapping[str, Any], reading: dict[str, Any] | None, frames: tuple[int, Any] | None
) -> dict[str, Any]:
    """An ECG as the pages list it. `frames`: how many there are, and when the newest was recorded."""
    measured = extended(dict(resource), "measured")
    return {
        "signal": extended(dict(resource), "signal"),
        "observation": resource["id"],
        "at": resource["effectiveDateTime"],
        "by": resource["performer"][0].get("display", ""),
        "device": resource.get("device", {}).get("display", ""),
        "demonstration": bool(extended(dict(resource), "demonstration")),
        "seconds": frames[0] if frames else 0,
        "last_at": frames[1] if frames else None,
        "measured": orjson.loads(measured) if measured else None,
        "reading": reading,
        "cancelled": resource["status"] == "entered-in-error",
    }


async def frames_in(conn: AsyncConnection[Any], case_id: str) -> dict[str, tuple[int, datetime]]:
    """How many frames each signal of a case has, and when the newest was recorded."""
    rows = await (
        await conn.execute(
            "select signal::text, count(*), max(at) from emergency.ecg_frame where case_id = %s group by 1",
            (case_id,),
        )
    ).fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


async def expand_frames(platform: Platform, events: list[dict[str, Any]]) -> list[bytes]:
    """The data of `ecg.frame` events with the frames themselves, in base64; read once for all viewers."""
    wanted = [(event["signal"], event["seq"]) for event in events]
    async with platform.pool.connection() as conn:
        rows = await (
            await conn.execute(
                "select f.signal::text, f.seq, f.frame from emergency.ecg_frame f "
                "join unnest(%s::uuid[], %s::bigint[]) as w (signal, seq) on f.signal = w.signal and f.seq = w.seq",
                ([signal for signal, _ in wanted], [seq for _, seq in wanted]),
            )
        ).fetchall()
    found = {(row[0], row[1]): base64.b64encode(row[2]).decode() for row in rows}
    return [orjson.dumps({**event, "frame": found.get((event["signal"], event["seq"]))}) for event in events]


async def with_samples(platform: Platform, resource: dict[str, Any]) -> dict[str, Any]:
    """An ECG's Observation with its samples as components of SampledData, rendered from the frames."""
    signal = extended(resource, "signal")
    if signal is None:
        return resource
    async with platform.pool.connection() as conn:
        rows = await (
            await conn.execute(
                "select frame from emergency.ecg_frame where signal::text = %s order by seq limit 60",
                (signal,),
            )
        ).fetchall()
    if not rows:
        return resource
    recording, _ = join(decode(bytes(row[0])) for row in rows)
    return resource | {"component": to_components(recording)}
