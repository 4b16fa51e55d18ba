"""Vital signs put together again: one row for each fact, with alarms and what is unlikely."""

from datetime import datetime
from typing import Any

from banyan.apps.emergency.model.codes import FACT, extended
from banyan.apps.emergency.model.observation import read_vital
from banyan.apps.emergency.rules.evaluation import evaluate
from banyan.apps.emergency.vitals import LIMITS, alarm_of

NEWS2 = ("rr", "spo2", "o2", "sbp", "hr", "consciousness", "temp")


def vitals_of(resources: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Rows in the order of time; what was cancelled is left out."""
    rows: dict[str, dict[str, Any]] = {}
    for resource in resources:
        if resource.get("status") == "entered-in-error":
            continue
        fact = next(
            (i["value"] for i in resource.get("identifier", ()) if i["system"] == FACT), resource["id"]
        )
        row = rows.setdefault(
            fact,
            {
                "id": fact,
                "at": resource["effectiveDateTime"],
                "source": extended(resource, "source") or "manual",
                "by": resource.get("performer", [{}])[0].get("display", ""),
                "absent": {},
                "alarms": {},
                "unlikely": [],
            },
        )
        values, absent, unlikely = read_vital(resource)
        row |= values
        row["absent"] |= absent
        if unlikely:
            row["unlikely"] += [
                field for field in values if field in LIMITS and LIMITS[field].unlikely(values[field])
            ]
        for field, value in values.items():
            alarm = None if isinstance(value, bool) else alarm_of(field, value)
            if alarm:
                row["alarms"][field] = alarm.priority
    return sorted(rows.values(), key=lambda row: datetime.fromisoformat(row["at"]))


def latest_values(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The newest value of each sign with its own time: {"hr": {"value", "at"}, …}."""
    found: dict[str, Any] = {}
    for row in rows:
        for field in (*LIMITS, "consciousness", "o2"):
            if field in row:
                found[field] = {"value": row[field], "at": row["at"]}
    return found


def newest_news2(rows: list[dict[str, Any]], age: float | None) -> dict[str, Any] | None:
    """NEWS2 of the newest value of each sign; incomplete while one was never measured; not below 16 years."""
    if not rows or (age is not None and age < 16):
        return None
    newest = {field: each["value"] for field, each in latest_values(rows).items() if field in NEWS2}
    if not newest:
        return None
    result = evaluate("news2", {**newest, "scale": 1})
    if "missing" in result:
        return {"incomplete": result["missing"]}
    return result
