"""The times of a case: order, contradictions, clocks that disagree, and whose time prevails."""

from datetime import UTC, datetime, timedelta

import pytest

from banyan.apps.emergency.reasons import in_words
from banyan.apps.emergency.timepoints import (
    BadTime,
    Recorded,
    check,
    clocks_disagree,
    contradictions,
    corrected,
    current,
    names,
    onset_interval,
    time_points,
)

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


def at(point, minutes, **more) -> Recorded:
    return Recorded(point, NOW + timedelta(minutes=minutes), **more)


def valid(*records):
    return current(records)


def test_a_usual_case_has_no_contradiction():
    case = valid(
        at("onset", -70), at("call", -40), at("dispatch", -38), at("arrive_scene", -28), at("fmc", -26)
    )
    assert contradictions(case, NOW) == []
    assert list(case) == ["onset", "call", "dispatch", "arrive_scene", "fmc"]


def test_arrival_before_dispatch_is_named_with_both_times():
    found = contradictions(valid(at("dispatch", -10), at("arrive_scene", -20)), NOW)
    assert [(each.point, each.other) for each in found] == [("arrive_scene", "dispatch")]
    assert in_words(found[0].reason, str, UTC) == "Arrived at scene (18:10) comes before Dispatched (18:20)"


def test_precision_is_allowed_for():
    near = valid(at("ecg_done", -20, precision=timedelta(minutes=1)), at("ecg_sent", -20.5))
    assert contradictions(near, NOW) == []


def test_the_future_is_a_contradiction():
    assert [each.other for each in contradictions(valid(at("call", 5)), NOW)] == [None]


def test_a_device_never_overwrites_a_person_unless_a_person_confirms():
    person, device = at("arrive_scene", -20), at("arrive_scene", -22, source="geofence")
    assert valid(person, device)["arrive_scene"] == person
    assert valid(device, person)["arrive_scene"] == person
    confirmed = at("arrive_scene", -22, source="geofence", confirmed=True)
    assert valid(person, confirmed)["arrive_scene"] == confirmed


def test_a_measured_clock_is_corrected_and_an_unmeasured_one_is_good_to_the_minute():
    assert corrected(NOW, timedelta(seconds=95)) == (NOW - timedelta(seconds=95), timedelta(seconds=1))
    assert corrected(NOW, None) == (NOW, timedelta(minutes=1))
    assert clocks_disagree(timedelta(seconds=-31))
    assert not clocks_disagree(timedelta(seconds=5))
    assert not clocks_disagree(None)


def test_unknown_points_and_times_without_zone_are_refused():
    with pytest.raises(BadTime, match="no time point"):
        check("arrival", NOW)
    with pytest.raises(BadTime, match="no zone"):
        check("call", NOW.replace(tzinfo=None))
    assert check("call", NOW).en == "Call"


def test_an_onset_known_as_a_part_of_the_day():
    record = onset_interval(NOW, (0, 6))
    assert (record.at.hour, record.precision) == (3, timedelta(hours=3))
    with pytest.raises(BadTime, match="no interval"):
        onset_interval(NOW, (1, 2))


def test_the_catalogue_is_sound(shared_data):
    import yaml

    given = yaml.safe_load(
        (shared_data / "emergency-standards" / "time-points.yaml").read_text(encoding="utf-8")
    )
    assert {each["id"] for each in given} <= set(time_points())
    for each in time_points().values():
        assert set(each.after) <= set(time_points())
    assert names("zh-CN")["fmc"] == "首次医疗接触"
