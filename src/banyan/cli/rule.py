"""`banyan rule`: a clinical rule's result, as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

KNOWN = ("emergency",)


def command(name: str, given: str) -> None:
    """Computes a rule (such as emergency.news2) from a JSON object (- reads standard input); prints JSON."""
    from banyan.apps.emergency.rules import UnknownRule, evaluate

    if name.partition(".")[0] not in KNOWN or "." not in name:
        _fail(f'A rule is named with its application, as in emergency.news2; "{name}" is not.')
    try:
        result = evaluate(name, _object(given))
    except UnknownRule as wrong:
        _fail(str(wrong))
    print(json.dumps(result, ensure_ascii=False, indent=2, default=str))


def _object(given: str) -> dict[str, Any]:
    text = sys.stdin.read() if given == "-" else given
    try:
        value = json.loads(text)
    except json.JSONDecodeError as wrong:
        _fail(f"The inputs are not JSON: {wrong}. Give an object, as in '{{\"hr\": 88}}'.")
    if not isinstance(value, dict):
        _fail(
            f"The inputs are a JSON {type(value).__name__}, not an object. Give one, as in '{{\"hr\": 88}}'."
        )
    return value


def _fail(text: str) -> NoReturn:
    print(f"banyan: {text}", file=sys.stderr)
    raise SystemExit(1)
