"""Vitals: impossible is refused, unlikely is asked about, absent has its reason and is never zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.apps.emergency.vitals import ALARMS, LIMITS, OutOfRange, alarm_of, check_vitals

WELL = {
    "hr": 72,
    "rr": 14,
    "sbp": 124,
    "dbp": 78,
    "spo2": 98,
    "temp": 36.8,
    "consciousness": "A",
    "o2": False,
}


def test_well_is_well():
    checked = check_vitals(WELL)
    assert checked.values == WELL
    assert checked.unlikely == ()
    assert checked.alarms == ()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("hr", 1000, "0 to 350 /min"),
        ("temp", 98.6, "10 to 47 Cel"),
        ("spo2", 101, "0 to 100 %"),
        ("sbp", -5, "0 to 350"),
        ("glucose", 180, "0 to 100 mmol/L"),
        ("hr", "72", "a number"),
        ("hr", True, "a number"),
        ("hr", float("nan"), "a number"),
        ("consciousness", "drunk", "one of A, C, V, P, U"),
        ("o2", "yes", "true"),
        ("weather", 3, "a vital"),
    ],
)
def test_the_impossible_is_refused_naming_field_value_and_limits(field, value, says):
    with pytest.raises(OutOfRange) as problem:
        check_vitals({**WELL, field: value})
    assert problem.value.field == field
    assert says in str(problem.value)
    assert repr(value) in str(problem.value)


def test_the_diastolic_cannot_exceed_the_systolic():
    with pytest.raises(OutOfRange, match="at most the systolic pressure, 124"):
        check_vitals({**WELL, "dbp": 140})


def test_the_unlikely_is_taken_and_asked_about():
    checked = check_vitals({"hr": 188, "rr": 45, "temp": 29.5})
    assert checked.unlikely == ("hr", "rr", "temp")


def test_absent_is_kept_with_its_reason_and_is_never_a_value():
    checked = check_vitals({"hr": 90, "absent": {"sbp": "refused", "spo2": "not-measurable"}})
    assert checked.values == {"hr": 90}
    assert checked.absent == {"sbp": "refused", "spo2": "not-measurable"}
    with pytest.raises(OutOfRange, match="not both"):
        check_vitals({"hr": 90, "absent": {"hr": "refused"}})
    with pytest.raises(OutOfRange, match="refused or not-measurable"):
        check_vitals({"absent": {"hr": "forgotten"}})
    with pytest.raises(OutOfRange, match=r"absent\.mood"):
        check_vitals({"absent": {"mood": "refused"}})


def test_an_arrest_is_no_mistake_but_an_alarm():
    checked = check_vitals({"hr": 0, "rr": 0, "sbp": 0, "consciousness": "U"})
    assert {(a.vital, a.priority) for a in checked.alarms} == {
        ("hr", "high"),
        ("rr", "high"),
        ("sbp", "high"),
        ("consciousness", "high"),
    }


@pytest.mark.parametrize(
    ("vital", "value", "priority"),
    [
        ("spo2", 91, "high"),
        ("spo2", 92, "medium"),
        ("spo2", 94, "low"),
        ("spo2", 96, None),
        ("hr", 131, "high"),
        ("hr", 111, "medium"),
        ("hr", 91, "low"),
        ("sbp", 90, "high"),
        ("sbp", 92, "medium"),
        ("rr", 24, "medium"),
        ("temp", 39.1, "medium"),
        ("consciousness", "C", "high"),
        ("consciousness", "A", None),
        ("pain", 9, None),
    ],
)
def test_alarms_have_three_priorities(vital, value, priority):
    alarm = alarm_of(vital, value)
    assert (alarm.priority if alarm else None) == priority


@given(st.sampled_from(sorted(ALARMS)), st.floats(0, 350, allow_nan=False))
def test_a_value_that_alarms_is_a_value_that_can_be(vital, value):
    limits = LIMITS[vital]
    if limits.low <= value <= limits.high:
        assert limits.check(vital, value) == value
        alarm_of(vital, value)
    else:
        with pytest.raises(OutOfRange):
            limits.check(vital, value)


@pytest.mark.parametrize(
    ("vital", "value", "age", "alarms"),
    [
        ("hr", 150, 0.1, False),
        ("hr", 150, 5, True),
        ("hr", 120, 5, False),
        ("hr", 120, 40, True),
        ("hr", 55, 2, True),
        ("rr", 38, 1, False),
        ("rr", 38, 6, True),
        ("sbp", 80, 5, False),
        ("sbp", 79, 5, True),
        ("sbp", 95, 12, False),
        ("sbp", 95, 30, True),
        ("spo2", 91, 5, True),
    ],
)
def test_a_child_has_limits_of_its_own(vital, value, age, alarms):
    assert bool(check_vitals({vital: value}, age=age).alarms) is alarms
