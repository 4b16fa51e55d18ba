"""A unit's states: what may follow, what is refused, what comes late."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.apps.emergency.unit_states import (
    NAMES,
    BadTransition,
    StateAt,
    check_transition,
    hospital_answers,
    in_french_hub,
    insert,
    may_follow,
    skipped,
    transitions,
)

START = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
RUN = ("dispatched", "en_route", "at_scene", "with_patient", "to_hospital", "at_hospital", "handed_over")


def a_run(count=7) -> tuple[StateAt, ...]:
    return tuple(StateAt(state, START + timedelta(minutes=5 * i)) for i, state in enumerate(RUN[:count]))


def after(minutes, state) -> StateAt:
    return StateAt(state, START + timedelta(minutes=minutes))


def test_a_whole_run():
    history: tuple[StateAt, ...] = ()
    for each in a_run():
        result = insert(history, each)
        assert result.outcome == "entered"
        history = result.history
    assert result.now == "handed_over"


def test_what_cannot_follow_is_refused_with_what_can():
    with pytest.raises(BadTransition, match="only by dispatched"):
        check_transition("available", "at_hospital")
    with pytest.raises(BadTransition, match='no unit state "flying"'):
        check_transition("available", "flying")
    with pytest.raises(BadTransition):
        insert(a_run(7), after(60, "at_scene"))


def test_a_state_reported_late_goes_to_its_time_and_never_moves_the_unit_back():
    result = insert((*a_run(2), after(20, "with_patient")), after(12, "at_scene"))
    assert result.outcome == "late"
    assert result.now == "with_patient"
    assert [each.state for each in result.history] == ["dispatched", "en_route", "at_scene", "with_patient"]


def test_the_same_report_twice_is_one():
    history = a_run(3)
    assert insert(history, history[-1]).outcome == "duplicate"
    assert insert(history, after(11, "at_scene")).outcome == "duplicate"
    assert insert(history, after(11, "at_scene")).history == history


def test_a_crew_may_skip_a_report_but_not_go_through_free():
    assert skipped("en_route", "with_patient") == ("at_scene",)
    assert insert(a_run(2), after(30, "to_hospital")).now == "to_hospital"
    assert skipped("handed_over", "at_scene") is None
    assert skipped("available", "dispatched") == ()


@given(st.permutations(a_run()))
def test_any_order_of_late_reports_ends_at_the_newest(reports):
    newest, history = reports[0], (reports[0],)
    for each in reports[1:]:
        try:
            result = insert(history, each)
        except BadTransition:
            assert each.at > newest.at
            continue
        history, newest = result.history, max(newest, each, key=lambda s: s.at)
        assert result.now == newest.state
        assert list(history) == sorted(history, key=lambda s: s.at)


def test_every_state_has_a_name_and_leads_somewhere():
    assert set(NAMES) == set(transitions())
    for state, following in transitions().items():
        assert following
        assert all(may_follow(state, each) for each in following)


def test_codes_of_others():
    assert in_french_hub("at_scene") == "ARRIVEE"
    assert in_french_hub("off_duty") is None
    assert hospital_answers() == ("accepted", "conditional", "refused", "deferred")
