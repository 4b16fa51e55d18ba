"""What a unit is doing: its states, which may follow which, and states reported late."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
import yaml

from banyan.apps.emergency.reasons import N_


class BadTransition(ValueError):
    """A state that cannot follow the one before."""


class StateAt(msgspec.Struct, frozen=True):
    state: str
    at: datetime


class Inserted(msgspec.Struct, frozen=True):
    """What became of a reported state: the history with it, the state now, whether it came late."""

    history: tuple[StateAt, ...]
    now: str
    outcome: Literal["entered", "late", "duplicate"]


NAMES: dict[str, str] = {
    "available": N_("Available"),
    "dispatched": N_("Dispatched"),
    "en_route": N_("On the way"),
    "at_scene": N_("At scene"),
    "with_patient": N_("With patient"),
    "to_hospital": N_("To hospital"),
    "stopover": N_("Stopover"),
    "at_hospital": N_("At hospital"),
    "handed_over": N_("Handed over"),
    "leaving": N_("Leaving hospital"),
    "returning": N_("Returning"),
    "off_duty": N_("Off duty"),
    "out_of_service": N_("Out of service"),
}
# The time point of the case that entering a state sets.
TIME_POINT: dict[str, str] = {
    "dispatched": "dispatch",
    "en_route": "depart_base",
    "at_scene": "arrive_scene",
    "with_patient": "fmc",
    "to_hospital": "depart_scene",
    "at_hospital": "arrive_door",
    "handed_over": "handover",
    "available": "back_in_service",
}
# A unit reaches no later state of a run by way of these.
NOT_THROUGH = frozenset({"available", "dispatched", "off_duty", "out_of_service"})


@cache
def _standard() -> Mapping[str, Any]:
    text = (files("banyan.apps.emergency") / "standards" / "unit-states.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return loaded


@cache
def transitions() -> Mapping[str, tuple[str, ...]]:
    """State to the states that may follow; a unit off duty or out of service comes back as available."""
    made = {state: tuple(following) for state, following in _standard()["transitions"].items()}
    return {**made, "off_duty": ("available",), "out_of_service": ("available",)}


def may_follow(old: str, new: str) -> bool:
    return new in transitions()[old]


def check_transition(old: str, new: str) -> None:
    """Raises: BadTransition, naming what may follow."""
    for state in (old, new):
        if state not in transitions():
            raise BadTransition(f'There is no unit state "{state}". Known: {", ".join(transitions())}.')
    if not may_follow(old, new):
        raise BadTransition(f"{old} cannot be followed by {new}, only by {', '.join(transitions()[old])}.")


def skipped(old: str, new: str) -> tuple[str, ...] | None:
    """The states a crew passed through without reporting, in order; None where no way leads on.

    Without the way back: a unit cannot reach with_patient by being available again first.
    """
    ways: list[tuple[str, ...]] = [(old,)]
    while ways:
        way = ways.pop(0)
        for following in transitions()[way[-1]]:
            if following == new:
                return way[1:]
            if following not in way and following not in (
                "available",
                "dispatched",
                "off_duty",
                "out_of_service",
            ):
                ways.append((*way, following))
    return None


def insert(history: Iterable[StateAt], reported: StateAt) -> Inserted:
    """Enters a reported state at its own time.

    One reported late (an offline crew) goes to its place in the history and never moves the unit back; the
    same state at the same time is a duplicate. Only a report newer than all others must be able to follow.
    Raises: BadTransition.
    """
    past = tuple(history)
    if reported in past:
        return Inserted(past, past[-1].state, "duplicate")
    if past and reported.at <= past[-1].at:
        if reported.state not in transitions():
            check_transition(reported.state, reported.state)
        ordered = tuple(sorted((*past, reported), key=lambda each: each.at))
        return Inserted(ordered, past[-1].state, "late")
    old = past[-1].state if past else "available"
    if old == reported.state and past:
        return Inserted(past, old, "duplicate")
    if past and skipped(old, reported.state) is None:
        check_transition(old, reported.state)
    return Inserted((*past, reported), reported.state, "entered")


def in_french_hub(state: str) -> str | None:
    """The code of the French hub's list for a state of ours (RS-SR messages), where it has one."""
    return next((each["fr"].split()[0] for each in _standard()["map"] if each["ours"] == state), None)


def hospital_answers() -> tuple[str, ...]:
    """What a hospital may answer to an offered patient."""
    return tuple(_standard()["hospital_answer"])
