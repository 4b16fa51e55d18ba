"""Writes the rules' inputs, bands and points as JSON, so that a page computes them without network.

python -m banyan.apps.emergency.rules.export frontend/src/emergency/rules.json
"""

import json
import sys
from pathlib import Path
from typing import Any

from banyan.apps.emergency.rules import field_triage_2021, jumpstart, salt, start, stemi_ecg
from banyan.apps.emergency.rules.registry import RULES
from banyan.apps.emergency.rules.rule import Choice, Flag, Input, Number, Option, Rule, Words
from banyan.apps.emergency.rules.steps import NOTHING_FOUND
from banyan.apps.emergency.targets import indicators
from banyan.apps.emergency.timepoints import time_points

# What the crew's page answers as they type; every other rule is computed by the server.
SIGNS = ("news2", "mews", "pews_brighton", "gcs", "pgcs", "shock_index", "qsofa", "apgar", "rts", "pts")
HEART = ("heart", "killip", "stemi_ecg", "reperfusion")
STROKE = ("lams", "race", "fast_ed", "cp_sss", "cpss", "befast", "rosier", "nihss")
OFFLINE = (*SIGNS, *HEART, *STROKE)


def tables() -> dict[str, Any]:
    return {name: _rule(RULES[name]) for name in OFFLINE}


def written() -> str:
    """One rule a line: small, and a change shows in a diff."""
    lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in tables().items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rule(rule: Rule) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": rule.title,
        "status": rule.status,
        "source": rule.source,
        "version": rule.version,
        "note": rule.note,
        "inputs": [_input(each) for each in rule.inputs],
        "conclusions": [{"key": c.key, "bands": c.bands, "true_from": c.true_from} for c in rule.conclusions],
        "tables": dict(rule.tables),
    }
    return {key: value for key, value in made.items() if value not in ("", [], {})}


def _input(each: Input) -> dict[str, Any]:
    made: dict[str, Any] = {"name": each.name, "label": each.label, "type": type(each).__name__.lower()}
    match each:
        case Number():
            limits = each.limits
            made |= {"unit": limits.unit, "low": limits.low, "high": limits.high, "bands": each.bands}
            made |= {"decimals": each.decimals, "round_down": each.round_down}
            made |= {"soft_low": limits.soft_low, "soft_high": limits.soft_high}
        case Choice():
            made["options"] = [_option(o) for o in each.options]
        case Flag():
            made["points"] = each.points
        case Words():
            made["hint"] = each.hint
    optional = {} if each.required else {"optional": True}
    aliases = {"aliases": each.aliases} if each.aliases else {}
    return {k: v for k, v in made.items() if v not in (None, (), False)} | _zeros(made) | optional | aliases


def _zeros(made: dict[str, Any]) -> dict[str, Any]:
    """0 is a value (a limit, a number of decimals), not an absence."""
    return {k: 0 for k in ("low", "decimals", "points") if made.get(k) == 0 and made.get(k) is not None}


def _option(option: Option) -> dict[str, Any]:
    made: dict[str, Any] = {"value": option.value, "label": option.label}
    points = {} if option.points is None else {"points": option.points}
    return made | points | ({"aliases": option.aliases} if option.aliases else {})


# Words that results carry and no table names.
SAID = (
    *("low", "low-medium", "medium", "moderate", "intermediate", "high", "mild", "severe"),
    *("Class I", "Class II", "Class III", "Class IV"),
    *("NEWS2 is for 16 years and older", "NEWS2 is not for pregnancy", "NEWS2 is not for spinal cord injury"),
    *("Correct the low blood glucose first, then score again", "A wire can cross within 120 minutes"),
    *("Fibrinolysis is contraindicated", "More than 12 hours since onset", NOTHING_FOUND),
    "No wire within 120 minutes, within 12 hours of onset, no contraindication",
)


def words() -> list[str]:
    """Every text of the rules, time points and indicators that a person reads, once, in order."""
    found = list(SAID)
    for rule in RULES.values():
        found += [rule.title, rule.note]
        for each in rule.inputs:
            found.append(each.label)
            found += [option.label for option in each.options] if isinstance(each, Choice) else []
            found += [each.hint] if isinstance(each, Words) else []
    found += [step.because for walk in (start.STEPS, jumpstart.STEPS, salt.STEPS) for step in walk]
    found += list(field_triage_2021.GO.values())
    found += [point.en for point in time_points().values()] + [each.en for each in indicators()]
    shown_alike = {"", "kg", "lb", *stemi_ecg.LEADS}
    return sorted({text for text in found if not text.isdigit()} - shown_alike)


def marked() -> str:
    """The words as a script that the catalogues' extraction reads and no page loads."""
    lines = [f"  t({json.dumps(text, ensure_ascii=False)})," for text in words()]
    head = "// The rules' words, marked for the catalogues; written with rules.json, loaded by no page."
    return "\n".join([head, 'import { t } from "../web/i18n.js";', "", "export default [", *lines, "];", ""])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "rules.json").write_text(written(), encoding="utf-8")
    (folder / "rules-words.js").write_text(marked(), encoding="utf-8")
