"""What every rule promises: names what is missing, refuses what cannot be, says how far it is checked."""

import pytest

from banyan.apps.emergency.rules import OutOfRange, UnknownRule, describe, evaluate, names
from banyan.apps.emergency.rules.reading import read, rounded
from banyan.apps.emergency.rules.registry import RULES
from banyan.apps.emergency.rules.rule import Number
from banyan.apps.emergency.rules.scoring import points_in

WELL = {
    "rr": 16,
    "spo2": 97,
    "scale": 1,
    "o2": False,
    "sbp": 120,
    "hr": 70,
    "consciousness": "A",
    "temp": 37.0,
}


def test_one_missing_vital_is_named_and_no_total_is_shown():
    result = evaluate("news2", {k: v for k, v in WELL.items() if k not in ("rr", "temp")})
    assert result["incomplete"] == ["rr", "temp"]
    assert "total" not in result


def test_refused_and_not_measurable_are_missing_with_their_reason_never_zero():
    result = evaluate("news2", {**WELL, "spo2": "not-measurable", "sbp": "refused"})
    assert result["incomplete"] == ["spo2", "sbp"]
    assert result["absent"] == {"spo2": "not-measurable", "sbp": "refused"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hr", 800),
        ("spo2", 130),
        ("temp", 98.6),
        ("rr", -1),
        ("sbp", "120"),
        ("o2", "maybe"),
        ("consciousness", "X"),
    ],
)
def test_an_impossible_value_is_rejected_with_field_value_and_limits(field, value):
    result = evaluate("news2", {**WELL, field: value})
    assert result["rejected"] is True
    assert (result["field"], result["given"]) == (field, value)
    assert result["allowed"] in result["problem"]
    with pytest.raises(OutOfRange):
        read(RULES["news2"], {**WELL, field: value})


def test_nan_and_infinity_are_no_numbers():
    assert evaluate("news2", {**WELL, "hr": float("nan")})["rejected"]
    assert evaluate("news2", {**WELL, "hr": float("inf")})["rejected"]


def test_what_a_rule_does_not_know_is_named():
    assert evaluate("news2", {**WELL, "urine": 20})["unknown_inputs"] == ["urine"]


def test_an_unknown_rule_offers_near_names():
    with pytest.raises(UnknownRule, match="news2"):
        evaluate("news3", {})


def test_rules_from_memory_say_so():
    result = evaluate("reperfusion", {"minutes_to_wire": 90, "onset_h": 1, "contraindication": False})
    assert result["unverified"] is True
    assert result["status"] == "memory"
    assert "unverified" not in evaluate("news2", WELL)


@pytest.mark.parametrize("name", names())
def test_a_form_can_be_drawn_from_the_description(name):
    shown = describe(name, lambda text: f"<{text}>")
    assert shown["title"].startswith("<")
    assert shown["source"]
    assert shown["status"] in ("checked", "sourced", "memory")
    assert all(each["label"].startswith("<") for each in shown["inputs"])


@pytest.mark.parametrize("name", names())
def test_bands_leave_no_gap_and_do_not_overlap(name):
    for each in RULES[name].inputs:
        if not isinstance(each, Number) or not each.bands:
            continue
        step = 10 ** -(each.decimals or 0)
        value = max(each.limits.low, rounded(each.limits.low, each.decimals or 0))
        while value <= min(each.limits.high, 400):
            holding = [
                b for b in each.bands if (b[0] is None or value >= b[0]) and (b[1] is None or value <= b[1])
            ]
            assert len(holding) == 1, (name, each.name, value)
            value = rounded(value + step, each.decimals or 0)


def test_readings_are_rounded_as_a_person_does():
    assert rounded(35.04, 1) == 35.0
    assert rounded(36.05, 1) == 36.1
    assert rounded(59.9, 0, down=True) == 59
    assert evaluate("news2", {**WELL, "temp": 35.04})["parts"]["temp"] == 3


def test_a_gap_in_a_table_is_an_error_not_zero():
    with pytest.raises(LookupError, match="gap"):
        points_in(((0, 1, 0), (3, 4, 1)), 2)


def test_news2_is_not_for_children_and_pregnancy():
    assert "total" not in evaluate("news2", {**WELL, "age": 9})
    assert "total" not in evaluate("news2", {**WELL, "pregnant": True})
    assert evaluate("news2", {**WELL, "age": 16})["total"] == 0


def test_qsofa_reads_the_vitals_themselves():
    assert evaluate("qsofa", {"gcs": 14, "rr": 22, "sbp": 101})["total"] == 2
    assert evaluate("qsofa", {"gcs": 15, "rr": 21})["incomplete"] == ["sbp_le_100"]


def test_heart_without_troponin_is_hear():
    result = evaluate("heart", {"age": 68, "history": 1, "ecg": 0, "risk_factors": 1})
    assert result["incomplete"] == ["troponin"]
    assert result["hear"] == 4
    assert "total" not in result


def test_nihss_names_untestable_items_beside_the_total():
    given = {each.name: 1 for each in RULES["nihss"].inputs} | {"5a": "UN"}
    result = evaluate("nihss", given)
    assert result["total"] == 14
    assert result["untestable"] == ["5a"]
    assert evaluate("nihss", given | {"9": "UN"})["rejected"]


def test_race_needs_the_item_of_the_paralysed_side():
    given = {"face": 1, "arm": 1, "leg": 1, "gaze": 0, "hemiparesis": "left", "aphasia": 2}
    assert evaluate("race", given)["incomplete"] == ["agnosia"]
    assert evaluate("race", given | {"agnosia": 2})["total"] == 5


def test_low_glucose_comes_before_rosier():
    given = {each.name: 1 for each in RULES["rosier"].inputs if each.name != "glucose"}
    assert "total" not in evaluate("rosier", given | {"glucose": 2.9})


def test_start_asks_for_the_next_thing_to_look_at():
    assert evaluate("start", {"walks": False})["incomplete"] == ["breathes"]
    assert evaluate("start", {"walks": False, "breathes": True})["incomplete"] == ["rr"]
    walk = {"walks": False, "breathes": True, "rr": 20, "cap_refill_s": 3, "obeys": True}
    assert evaluate("start", walk)["category"] == "immediate"
    assert evaluate("start", walk | {"cap_refill_s": 2})["category"] == "delayed"


def test_field_triage_needs_the_age_for_its_limits():
    assert evaluate("field_triage_2021", {"sbp": 100})["incomplete"] == ["age"]
    assert evaluate("field_triage_2021", {"age": 30})["incomplete"]
    assert evaluate("field_triage_2021", {"motor_gcs": 4})["level"] == "red"
    assert evaluate("field_triage_2021", {"age": 66, "sbp": 109})["level"] == "red"


def test_alteplase_refuses_a_weight_that_is_none():
    assert evaluate("alteplase_stroke", {"weight": 0, "unit": "kg"})["rejected"]
    assert evaluate("alteplase_stroke", {"weight": 70})["incomplete"] == ["unit"]


def test_creatinine_in_both_units_must_agree():
    given = {"age": 55, "hr": 75, "sbp": 130, "killip": 1, "arrest": 0, "st_deviation": 0, "enzymes": 0}
    assert evaluate("grace", {**given, "creatinine_mg_dl": 1.0, "creatinine_umol_l": 88.4})["total"] == 91
    assert evaluate("grace", {**given, "creatinine_mg_dl": 1.0, "creatinine_umol_l": 300})["rejected"]
