"""A hospital's figures: written as FHIR and read back, and what of them the ranking counts."""

from datetime import UTC, datetime, timedelta

from banyan.apps.emergency.service.board import (
    Divert,
    Figure,
    as_location,
    live_status,
    read_diversions,
    read_figure,
    with_diversions,
)

NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


def a_figure(
    kind: str = "beds", free: int | None = 3, *, minutes_ago: float = 5, state: str = "free"
) -> Figure:
    until = NOW + timedelta(minutes=20) if state == "busy" else None
    return Figure("city-second", kind, free, 18, state, until, "刘敏", NOW - timedelta(minutes=minutes_ago))  # type: ignore[arg-type]


def test_a_figure_survives_its_location() -> None:
    for figure in (a_figure(), a_figure("cathlab", 0, state="busy"), a_figure("blood_o", None)):
        assert read_figure(as_location(figure)) == figure


def test_diversions_survive_their_location_and_leave_no_trace_when_over() -> None:
    place = {"resourceType": "Location", "id": "city-second"}
    one = Divert("刘敏", NOW, "stemi", NOW + timedelta(hours=1), "both laboratories busy")
    assert read_diversions(with_diversions(place, [one])) == (one,)
    assert with_diversions(with_diversions(place, [one]), []) == place


def test_old_figures_are_unknown_and_never_what_they_were() -> None:
    board = {"beds": a_figure(minutes_ago=45), "icu": a_figure("icu", 0)}
    status = live_status(board, [], NOW)
    assert status is not None
    assert (status.beds, status.icu) == (None, 0)


def test_a_closed_resource_is_none_and_an_ended_diversion_does_not_count() -> None:
    over = Divert("刘敏", NOW - timedelta(hours=2), None, NOW - timedelta(hours=1))
    status = live_status({"beds": a_figure(state="closed")}, [over], NOW)
    assert status is not None
    assert status.beds == 0
    assert status.diversions == ()


def test_a_hospital_that_never_said_anything_has_no_status() -> None:
    assert live_status({}, [], NOW) is None
