"""ECG over HTTP: what is known of one."""

from fastapi import APIRouter, Response

from banyan.apps.emergency.api.answers import EmergencyRoute, told
from banyan.apps.emergency.service.ecg_about import about_ecg
from banyan.web.api import Here, Who

router = APIRouter(route_class=EmergencyRoute, tags=["ecg"])


@router.get("/cases/{case}/ecg/{signal}")
async def about(case: str, signal: str, who: Who, platform: Here) -> Response:
    """Leads, rate, what software measured, and the physician's reading."""
    return told(await about_ecg(platform, who, case, signal))
