"""Joins stored frames into one recording: in order, each once, gaps as gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from banyan.apps.emergency.ecg.frame import BadFrame, Frame
from banyan.apps.emergency.ecg.leads import LEADS, MISSING
from banyan.apps.emergency.ecg.recording import Recording

LONGEST_S = 3600


@dataclass(frozen=True, slots=True)
class Gap:
    """Frames that are not there: the first and last sequence, when it began, how long."""

    first: int
    last: int
    after_s: float
    seconds: float


def join(frames: Iterable[Frame]) -> tuple[Recording, tuple[Gap, ...]]:
    """One recording of all frames of a signal, placed by their device times; what lies between is missing.

    Raises: BadFrame when frames of several signals, rates or scales are mixed, or there are none.
    """
    by_sequence = {each.sequence: each for each in frames}
    ordered = [by_sequence[key] for key in sorted(by_sequence)]
    if not ordered:
        raise BadFrame("no frames to join")
    first = ordered[0]
    for each in ordered:
        if (each.signal, each.rate_hz, each.uv_per_lsb) != (first.signal, first.rate_hz, first.uv_per_lsb):
            raise BadFrame(
                f"frame {each.sequence} is of another signal, rate or scale than frame {first.sequence}"
            )
    starts = _starts(ordered)
    leads = tuple(name for name in LEADS if any(name in each.leads for each in ordered))
    length = max(start + each.data.shape[1] for start, each in zip(starts, ordered, strict=True))
    if length > LONGEST_S * first.rate_hz:
        raise BadFrame(f"the frames span {length / first.rate_hz:.0f} s; up to {LONGEST_S} s are joined")
    samples = np.full((len(leads), length), MISSING, np.int16)
    for start, each in zip(starts, ordered, strict=True):
        rows = [leads.index(name) for name in each.leads]
        samples[rows, start : start + each.data.shape[1]] = each.data
    recording = Recording(leads, first.rate_hz, first.uv_per_lsb, samples, first.at, "frames")
    return recording, _gaps(ordered, starts, first.rate_hz)


def _starts(ordered: list[Frame]) -> list[int]:
    """Where each frame begins, in samples.

    A frame follows its predecessor exactly when its sequence does and its time agrees within half a frame
    (device clocks tick coarsely); otherwise its own time places it, never over what is already there.
    """
    starts, end = [0], ordered[0].data.shape[1]
    for before, each in pairwise(ordered):
        by_time = round((each.device_time_us - ordered[0].device_time_us) * each.rate_hz / 1e6)
        near = abs(by_time - end) <= each.data.shape[1] // 2
        follows = each.sequence == before.sequence + 1 and near
        starts.append(end if follows else max(by_time, end))
        end = starts[-1] + each.data.shape[1]
    return starts


def _gaps(ordered: list[Frame], starts: list[int], rate: float) -> tuple[Gap, ...]:
    found = []
    for (before, start), (each, next_start) in pairwise(zip(ordered, starts, strict=True)):
        end = start + before.data.shape[1]
        if each.sequence != before.sequence + 1 or next_start > end:
            missing = (before.sequence + 1, each.sequence - 1)
            found.append(Gap(*missing, end / rate, (next_start - end) / rate))
    return tuple(found)


def missing_sequences(frames: Iterable[Frame]) -> list[int]:
    """What to ask the device for again."""
    have = {each.sequence for each in frames}
    return [] if not have else sorted(set(range(min(have), max(have))) - have)
