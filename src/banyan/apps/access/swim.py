"""The picture of who looked at one record: a lane a person, relationships as bands, looks as dots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from banyan.access import Look
from banyan.access.relationships import Relationship

TICKS = 6
CLOSE = 2.5  # percent of the width
NARROWEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Dot:
    at: float  # percent of the width
    count: int
    denied: bool
    first: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    user: str
    name: str
    roles: tuple[str, ...]
    institution: str | None
    bands: tuple[tuple[float, float], ...]  # from and to, percent of the width
    dots: tuple[Dot, ...]
    because: str
    looks: int

    @property
    def outside(self) -> bool:
        return not self.because


@dataclass(frozen=True, slots=True)
class Picture:
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, datetime], ...]


def picture(looks: Sequence[Look], held: Sequence[Relationship], now: datetime) -> Picture:
    """Lanes in the order of the last look. Changes made by the product itself are left out."""
    people = [look for look in looks if not look.user.startswith("banyan:")]
    if not people:
        return Picture((), ())
    start = min(look.at for look in people)
    start, end = min(start, now - NARROWEST), now
    users = dict.fromkeys(look.user for look in people)

    def place(at: datetime) -> float:
        return 100 * max(0.0, min(1.0, (at - start) / (end - start)))

    lanes = (_lane([look for look in people if look.user == user], held, place, end) for user in users)
    ticks = tuple((100 * n / TICKS, start + (end - start) * n / TICKS) for n in range(TICKS + 1))
    return Picture(tuple(lanes), ticks)


def _lane(
    looks: Sequence[Look], held: Sequence[Relationship], place: Callable[[datetime], float], end: datetime
) -> Lane:
    last = looks[0]
    own = [one for one in held if one.to in (last.user, last.institution)]
    bands = tuple((place(one.starts), place(min(one.until or end, end))) for one in own)
    return Lane(
        user=last.user,
        name=last.name,
        roles=last.roles,
        institution=last.institution,
        bands=bands,
        dots=tuple(_dots(looks, place)),
        because=own[0].because if own else "",
        looks=len(looks),
    )


def _dots(looks: Sequence[Look], place: Callable[[datetime], float]) -> list[Dot]:
    """Looks close to each other share a dot with their number."""
    dots: list[Dot] = []
    for look in sorted(looks, key=lambda one: one.at):
        at, denied = place(look.at), look.outcome == "denied"
        if dots and at - dots[-1].at < CLOSE and dots[-1].denied == denied:
            dots[-1] = replace(dots[-1], count=dots[-1].count + 1)
        else:
            dots.append(Dot(at, 1, denied, look.at))
    return dots
