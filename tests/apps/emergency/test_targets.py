"""Targets of a case: met or missed in minutes, running while the end is not there."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from banyan.apps.emergency.targets import indicators, results, tally
from banyan.apps.emergency.timepoints import Recorded, time_points

NOW = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)


def times(**minutes) -> dict[str, Recorded]:
    return {point: Recorded(point, NOW + timedelta(minutes=m)) for point, m in minutes.items()}


def of(pathway, found_times, **more):
    return {each.indicator.id: each for each in results(pathway, found_times, NOW, **more)}


def test_met_and_missed_at_the_limit():
    found = of("stemi", times(fmc=-100, ecg_done=-90, ecg_read=-80, arrive_door=-95, wire_cross=-4))
    assert (found["FMC2ECG"].state, found["FMC2ECG"].minutes) == ("met", 10)
    assert found["ECG2DX"].state == "missed"  # below 10, not 10
    assert (found["D2W"].state, found["D2W"].minutes) == ("missed", 91)
    assert found["FMC2W"].state == "met"
    assert found["FMC2W"].indicator.status == "memory"


def test_a_running_target_says_how_long_is_left_and_an_overdue_one_is_missed():
    found = of("stemi", times(fmc=-8, arrive_door=-95))
    assert (found["FMC2ECG"].state, found["FMC2ECG"].left) == ("running", pytest.approx(2))
    assert found["D2W"].state == "overdue"
    assert found["CATHLAB"].state == "open"
    assert tally(list(found.values())) == {"met": 0, "missed": 2}


def test_an_end_before_its_beginning_is_no_met_target():
    assert of("stemi", times(fmc=-10, ecg_done=-20))["FMC2ECG"].state == "contradiction"


def test_a_problem_value_is_flagged():
    assert of("stemi", times(fmc=-100, ecg_done=-30))["FMC2ECG"].flagged


def test_without_a_target_it_is_measured_and_a_site_may_set_one():
    at = times(call=-40, arrive_door=-5)
    assert of("trauma", at)["T_TRANSPORT"].state == "measured"
    assert of("trauma", at, site_targets={"T_TRANSPORT": 30})["T_TRANSPORT"].state == "missed"
    assert of("stroke", at).get("T_TRANSPORT") is None


def test_a_lead_is_at_least():
    assert of("stroke", times(notice=-20, arrive_door=-5))["NOTICE_LEAD"].state == "met"
    assert of("stroke", times(notice=-10, arrive_door=-5))["NOTICE_LEAD"].state == "missed"
    assert of("stroke", times(notice=-10))["NOTICE_LEAD"].state == "running"


def test_the_catalogue_agrees_with_the_standard(shared_data):
    text = (shared_data / "emergency-standards" / "kpi.yaml").read_text(encoding="utf-8")
    given = {e["id"]: e for group in yaml.safe_load(text).values() if isinstance(group, list) for e in group}
    for each in indicators():
        assert {each.start, each.end} <= set(time_points()), each.id
        assert each.site == (not each.target), each.id
        standard = given[each.id]
        if "from" in standard:
            assert (standard["from"], standard["to"]) == (each.start, each.end)
        if "status" in standard:
            assert standard["status"] == each.status, each.id
    computable = {e["id"] for e in given.values() if "from" in e}
    assert computable <= {each.id for each in indicators()}
