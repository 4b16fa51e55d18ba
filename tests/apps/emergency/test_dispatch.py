"""Whom to send: the quickest suitable unit, and why a nearer one is passed over."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from banyan.apps.emergency.dispatch import Unit, call_of, rank_units
from banyan.apps.emergency.reasons import in_words

NOW = datetime(2026, 11, 24, 18, 10, tzinfo=UTC)
CHEST_PAIN = call_of(1, "chest_pain")
MINOR = call_of(4)


def a_unit(name, *, crew="ALS", state="available", silent_min=0.5, **more) -> Unit:
    more.setdefault("equipment", frozenset({"12-lead"}))
    return Unit(name, name, crew, state, NOW - timedelta(minutes=silent_min), **more)


def ranked(call, units, minutes):
    return rank_units(call, units, {k: v * 60 for k, v in minutes.items()}, NOW)


def order(options):
    return [each.unit for each in options if each.rank is not None]


def words(options, unit):
    return [in_words(r, str, UTC) for r in next(e for e in options if e.unit == unit).reasons]


def test_the_quickest_suitable_unit_and_why_nearer_ones_are_passed_over():
    units = [
        a_unit("01", crew="BLS"),
        a_unit("02", silent_min=9),
        a_unit("03"),
        a_unit("04", shift_ends=NOW + timedelta(minutes=20)),
        a_unit("05"),
    ]
    options = ranked(CHEST_PAIN, units, {"01": 2, "02": 3, "03": 7, "04": 4, "05": 12})
    assert order(options) == ["03", "05"]
    assert words(options, "03")[0] == "Quickest suitable unit by road"
    assert words(options, "01")[0] == "Basic life support only"
    assert words(options, "02")[0] == "No position for 9 min"
    assert words(options, "04")[0] == "Shift ends at 18:30"
    assert "3 min nearer" in words(options, "04")
    assert options[0].eta == NOW + timedelta(minutes=8)


def test_a_basic_unit_far_earlier_at_a_level_one_call_is_offered_as_support():
    options = ranked(CHEST_PAIN, [a_unit("b", crew="BLS"), a_unit("a")], {"b": 2, "a": 9})
    assert next(e for e in options if e.unit == "b").support
    options = ranked(CHEST_PAIN, [a_unit("b", crew="BLS"), a_unit("a")], {"b": 7, "a": 9})
    assert not any(e.support for e in options)


def test_a_minor_call_takes_any_unit():
    assert order(ranked(MINOR, [a_unit("b", crew="BLS"), a_unit("a")], {"b": 2, "a": 9})) == ["b", "a"]


def test_a_twelve_lead_is_worth_a_little_waiting():
    with_it, without = a_unit("with"), a_unit("without", equipment=frozenset())
    assert order(ranked(CHEST_PAIN, [with_it, without], {"with": 8, "without": 6})) == ["with", "without"]
    assert order(ranked(CHEST_PAIN, [with_it, without], {"with": 20, "without": 6})) == ["without", "with"]


def test_a_unit_about_to_be_free_counts_its_wait():
    soon = a_unit("soon", state="at_hospital", free_at=NOW + timedelta(minutes=4))
    options = ranked(CHEST_PAIN, [soon, a_unit("far")], {"soon": 2, "far": 20})
    assert order(options) == ["soon", "far"]
    assert options[0].minutes == pytest.approx(6)
    assert "Free at about 18:14" in words(options, "soon")
    later = a_unit("later", state="at_hospital", free_at=NOW + timedelta(minutes=50))
    assert order(ranked(CHEST_PAIN, [later, a_unit("far")], {"later": 2, "far": 20})) == ["far"]


def test_busy_units_are_never_offered_even_as_a_last_resort():
    units = [a_unit("busy", state="with_patient"), a_unit("off", state="off_duty")]
    assert order(ranked(CHEST_PAIN, units, {"busy": 1, "off": 1})) == []
    only_bls = [*units, a_unit("b", crew="BLS")]
    options = ranked(CHEST_PAIN, only_bls, {"busy": 1, "off": 1, "b": 10})
    assert order(options) == ["b"]
    assert options[0].last_resort


def test_taking_a_unit_off_a_minor_call_is_offered_only_when_nothing_else_is_there():
    going = a_unit("going", state="en_route", case_level=4)
    assert order(ranked(CHEST_PAIN, [going, a_unit("free")], {"going": 2, "free": 15})) == ["free"]
    options = ranked(CHEST_PAIN, [going], {"going": 2})
    assert order(options) == ["going"]
    assert "less urgent call (level 4)" in words(options, "going")[0]
    assert order(ranked(call_of(2), [going], {"going": 2})) == []


def test_no_road_or_no_units():
    assert ranked(CHEST_PAIN, [], {}) == []
    options = ranked(CHEST_PAIN, [a_unit("island")], {})
    assert order(options) == []
    assert words(options, "island") == ["No road from the unit to the patient"]


def test_two_hundred_units_rank_in_about_a_millisecond():
    rng = random.Random(2)
    states = ["available", "returning", "en_route", "with_patient", "at_hospital"]
    units = [a_unit(str(i), crew=rng.choice(["ALS", "BLS"]), state=rng.choice(states)) for i in range(200)]
    roads = {each.id: rng.uniform(60, 3000) for each in units}
    took = []
    for _ in range(100):
        start = time.perf_counter()
        rank_units(CHEST_PAIN, units, roads, NOW)
        took.append(time.perf_counter() - start)
    assert sorted(took)[50] < 0.0015
    print(f"median {sorted(took)[50] * 1e3:.2f} ms")
