"""A case's targets as pages show them: met, missed, pending, with the minutes and when it is too late."""

from datetime import datetime, timedelta
from typing import Any

from banyan.apps.emergency.service.points import TimePoints
from banyan.apps.emergency.targets import Result, results

STATES = {
    "met": "met",
    "missed": "missed",
    "overdue": "missed",
    "running": "pending",
    "open": "pending",
    "measured": "measured",
    "contradiction": "contradiction",
}


def targets_of(pathway: str, points: TimePoints, now: datetime) -> list[dict[str, Any]]:
    """Every indicator of the pathway that has begun or can still begin."""
    times = {point: record for point, (record, _) in points.items()}
    return [_view(each, times) for each in results(pathway, times, now)]


def _view(result: Result, times: Any) -> dict[str, Any]:
    indicator = result.indicator
    limit = indicator.le if indicator.le is not None else indicator.lt
    start = times.get(indicator.start)
    return {
        "id": indicator.id,
        "name": {"zh": indicator.zh, "en": indicator.en},
        "from": indicator.start,
        "to": indicator.end,
        "minutes": None if result.minutes is None else round(result.minutes, 1),
        "limit_min": limit,
        "target": indicator.target,
        "state": STATES[result.state],
        "overdue": result.state == "overdue",
        "begun": start is not None,
        "due_at": start.at + timedelta(minutes=limit) if start is not None and limit is not None else None,
        "source": indicator.source,
        "status": indicator.status,
    }
