"""The review of a case: the case view with its track, and where its ECG frames lie."""

from typing import Any

from banyan.access import Principal
from banyan.apps.emergency.service.case_view import case_view
from banyan.apps.emergency.service.cases import find_case
from banyan.platform import Platform

MOST_POINTS = 5000


async def review(platform: Platform, who: Principal, case_id: str) -> dict[str, Any]:
    """GET /cases/{case}/review: see docs/emergency-api.md."""
    view = await case_view(platform, who, case_id)
    async with platform.door.act(who, "emergency.view") as act:
        await find_case(act, case_id)
        track = await (
            await act.conn.execute(
                "select unit, lat, lon, at, source from emergency.position where case_id = %s order by at limit %s",
                (case_id, MOST_POINTS),
            )
        ).fetchall()
        frames = await (
            await act.conn.execute(
                "select signal::text, min(seq), max(seq), min(at), max(at) from emergency.ecg_frame "
                "where case_id = %s group by 1",
                (case_id,),
            )
        ).fetchall()
    return view | {
        "track": [dict(zip(("unit", "lat", "lon", "at", "source"), row, strict=True)) for row in track],
        "frames": [
            dict(zip(("signal", "from", "to", "from_at", "to_at"), row, strict=True)) for row in frames
        ],
    }
