"""`banyan rule`: JSON in, JSON out, in the blink of an eye."""

import json
import subprocess
import time

import pytest

from tests.served import banyan, command

NEWS2 = {
    "rr": 22,
    "spo2": 94,
    "scale": 1,
    "o2": False,
    "sbp": 105,
    "hr": 112,
    "consciousness": "A",
    "temp": 38.2,
}


def test_a_rule_prints_its_result_as_json() -> None:
    result = json.loads(banyan("rule", "emergency.news2", json.dumps(NEWS2)))
    assert result["total"] == 2 + 1 + 0 + 1 + 2 + 0 + 1


def test_what_is_missing_gives_no_total() -> None:
    result = json.loads(banyan("rule", "emergency.news2", '{"rr": 22}'))
    assert "total" not in result
    assert "incomplete" in result


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("emergency.news9", "{}", "Try: "),
        ("news2", "{}", "with its application"),
        ("emergency.news2", "{rr: 1}", "not JSON"),
        ("emergency.news2", "[1]", "not an object"),
    ],
)
def test_what_is_wrong_is_said_on_the_error_output(name: str, given: str, says: str) -> None:
    done = subprocess.run(command("rule", name, given), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert says in done.stderr


def test_it_answers_fast_enough_for_scripts() -> None:
    banyan("rule", "emergency.news2", "{}")
    took = []
    for _ in range(5):
        started = time.perf_counter()
        banyan("rule", "emergency.news2", "{}")
        took.append(time.perf_counter() - started)
    assert min(took) < 0.3
