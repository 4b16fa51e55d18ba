"""Rules beyond the collection's worked examples: from memory, so they say so."""

import pytest

from banyan.apps.emergency.rules import evaluate
from banyan.apps.emergency.rules.burns import PARTS
from banyan.apps.emergency.rules.table import table

UNBURNT = dict.fromkeys(PARTS, 0)


def test_one_sign_of_stroke_is_enough():
    assert evaluate("cpss", {"face": False, "arm": True, "speech": False})["positive"] is True
    assert evaluate("cpss", {"face": False, "arm": False, "speech": False})["positive"] is False
    assert evaluate("befast", {"balance": False, "eyes": True})["incomplete"] == ["face", "arm", "speech"]


@pytest.mark.parametrize(
    ("hours", "mismatch", "window"), [(6, None, "within"), (10, True, "extended"), (25, True, "outside")]
)
def test_the_window_of_thrombectomy(hours, mismatch, window):
    assert evaluate("thrombectomy", {"last_well_h": hours, "mismatch": mismatch})["window"] == window


def test_the_extended_window_needs_its_imaging():
    assert evaluate("thrombectomy", {"last_well_h": 10})["incomplete"] == ["mismatch"]


@pytest.mark.parametrize(("years", "head", "leg"), [(0, 18, 14), (1, 18, 14), (5, 14, 16), (30, 9, 18)])
def test_the_head_of_a_child_is_larger_and_its_legs_smaller(years, head, leg):
    result = evaluate("burns", UNBURNT | {"age": years, "head": 100, "left_leg": 100})
    assert result["parts"]["head"] == head
    assert result["parts"]["left_leg"] == leg


@pytest.mark.parametrize("years", [0, 3, 9, 10, 40])
def test_the_whole_body_is_a_hundred_percent(years):
    assert evaluate("burns", dict.fromkeys(PARTS, 100) | {"age": years})["tbsa_percent"] == pytest.approx(
        100, abs=1
    )


def test_a_part_not_looked_at_is_missing_not_unburnt():
    assert evaluate("burns", {"age": 30, "head": 50})["incomplete"]


def test_the_dose_of_a_child_stops_at_the_largest_and_needs_a_second_person():
    small = evaluate("paediatric_drugs", {"drug": "adrenaline_arrest", "weight_kg": 18})
    assert (small["dose"], small["unit"], small["capped"]) == (0.18, "mg", False)
    large = evaluate("paediatric_drugs", {"drug": "amiodarone_arrest", "weight_kg": 80})
    assert (large["dose"], large["capped"]) == (300, True)
    assert small["second_person"] is True
    assert small["unverified"] is True


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({"hr": 39}, 1),
        ({"shock": True}, 1),
        ({"hr": 72, "sbp": 120, "spo2": 97}, 4),
        ({"hr": 155, "sbp": 120, "spo2": 97}, 2),
        ({"hr": 72, "sbp": 85, "spo2": 97}, 3),
        ({"hr": 72, "sbp": 120, "spo2": 85, "distress": True}, 2),
        ({"hr": 72, "sbp": 120, "spo2": 97, "pain": 8}, 2),
        ({"hr": 72, "sbp": 120, "spo2": 97, "stroke_signs": True}, 2),
    ],
)
def test_the_worst_sign_or_finding_decides_the_triage(given, level):
    assert evaluate("china_ed_triage_4", given)["level"] == level


def test_triage_without_its_vitals_is_incomplete():
    assert evaluate("china_ed_triage_4", {"hr": 72})["incomplete"] == ["sbp", "spo2"]


def test_the_table_of_rules_is_current():
    """Else: .venv/bin/python -m banyan.apps.emergency.rules.table docs/rules.md"""
    from pathlib import Path

    assert (Path(__file__).parents[4] / "docs" / "rules.md").read_text(encoding="utf-8") == table()
