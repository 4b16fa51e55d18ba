"""One ECG as pages show it beside its trace, and as FHIR gives it out with its samples."""

from typing import Any

import orjson

from banyan.access import Act, Principal
from banyan.apps.emergency.ecg.frame import decode
from banyan.apps.emergency.model.codes import ECG, LOINC, extended
from banyan.apps.emergency.service.cases import find_case
from banyan.apps.emergency.service.ecg import ecg_view, frames_in, observation_id, with_samples
from banyan.apps.emergency.service.errors import Unknown
from banyan.apps.emergency.service.incoming import reading_of
from banyan.platform import Platform

# What marks an Observation as an ECG whose samples lie as frames: looked for before anything is parsed.
MARK = b"StructureDefinition/emergency-signal"


async def about_ecg(platform: Platform, who: Principal, case_id: str, signal: str) -> dict[str, Any]:
    """GET /cases/{case}/ecg/{signal}."""
    async with platform.door.act(who, "emergency.view") as act:
        case = await find_case(act, case_id)
        stored = await act.read("Observation", await _observation(act, case.id, signal))
        if stored is None:
            raise Unknown(f'Case {case.number} has no ECG "{signal}".', field="signal")
        based = ("based-on", f"ServiceRequest/{case.id}")
        reports = await act.transaction.search("DiagnosticReport", [based, ("_count", "50")])
        cursor = await act.conn.execute(
            "select frame from emergency.ecg_frame where signal::text = %s order by seq limit 1", (signal,)
        )
        first = await cursor.fetchone()
        frames = await frames_in(act.conn, case.id)
    read = [r for r in (s.resource() for s in reports.matches) if _is_of(r, stored.id)]
    view = ecg_view(stored.resource(), reading_of(read), frames.get(signal))
    frame = decode(bytes(first[0])) if first else None
    return view | {
        "case": case_id,
        "rate_hz": frame.rate_hz if frame else None,
        "uv_per_lsb": frame.uv_per_lsb if frame else None,
        "leads": list(frame.leads) if frame else [],
    }


async def _observation(act: Act, case_id: str, signal: str) -> str:
    """The id of the signal's Observation; a file sent again leads to the one that stands."""
    own = observation_id(case_id, signal)
    if await act.transaction.read("Observation", own) is not None:
        return own
    page = await act.transaction.search(
        "Observation",
        [("based-on", f"ServiceRequest/{case_id}"), ("code", f"{LOINC}|{ECG[0]}"), ("_count", "100")],
    )
    return next((s.id for s in page.matches if extended(s.resource(), "signal") == signal), own)


def _is_of(report: dict[str, Any], observation: str) -> bool:
    return any(each.get("reference") == f"Observation/{observation}" for each in report.get("result", ()))


async def render_observation(platform: Platform, body: bytes) -> bytes:
    """The Observation of an ECG with its leads as SampledData; any other as it is."""
    if MARK not in body:
        return body
    return orjson.dumps(await with_samples(platform, orjson.loads(body)))
