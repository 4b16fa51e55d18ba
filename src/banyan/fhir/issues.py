"""A finding about a resource or a request, and the OperationOutcome that carries findings."""

from typing import Any, NamedTuple


class Issue(NamedTuple):
    severity: str
    code: str
    text: str
    expression: str | None = None


def outcome(issues: list[Issue]) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [_entry(issue) for issue in issues]}


def _entry(issue: Issue) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "severity": issue.severity,
        "code": issue.code,
        "details": {"text": issue.text},
        "diagnostics": issue.text,
    }
    if issue.expression:
        entry["expression"] = [issue.expression]
    return entry
