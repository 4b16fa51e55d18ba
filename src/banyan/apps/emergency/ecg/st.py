"""ST levels at the J point, lead by lead, in µV; a measurement to look at, never a reading."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from banyan.apps.emergency.ecg.beats import MedianBeat, Signal, median_beat
from banyan.apps.emergency.ecg.leads import TWELVE
from banyan.apps.emergency.ecg.recording import Recording
from banyan.apps.emergency.rules.stemi_ecg import CONTIGUOUS, contiguous_elevation, limit_mm

UV_PER_MM = 100
# The QRS is where the leads together move faster than this part of their fastest.
QUIET_PART = 0.06
QUIET_S = 0.024
QRS_LONGEST_S = (0.12, 0.16)  # before and after R
PQ_S = (0.024, 0.006)  # the level of reference: so long before the onset of the QRS until then
LEVEL_S = 0.008  # a level is the mean over so long
UNRELIABLE = ("missing", "flat", "saturated", "gaps", "wandering")


class NoBeats(ValueError):
    """Too few beats that look alike to measure anything."""


@dataclass(frozen=True, slots=True)
class StMeasurement:
    """µV against the PQ level: at J, and 60 and 80 ms later. `problems`: leads not to be trusted, and why."""

    j_uv: dict[str, float]
    j60_uv: dict[str, float]
    j80_uv: dict[str, float]
    qrs_ms: float
    heart_rate: float | None
    beats: int
    problems: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class StemiFinding:
    """Whether the ECG meets the limits of ST elevation. `unverified`: the limits are from memory."""

    meets: bool
    pairs: tuple[tuple[str, str], ...]
    leads: tuple[str, ...]
    incomplete: tuple[str, ...]  # leads that could not be judged
    limits_mm: dict[str, float]
    unverified: bool = True


def measure_st(recording: Recording) -> StMeasurement:
    """Raises: NoBeats when fewer than two whole beats look alike."""
    whole = recording.twelve()
    problems = whole.problems()
    usable = [name for name in whole.leads if not set(problems.get(name, ())) & {"missing", "flat"}]
    if not usable:
        raise NoBeats("No lead has a signal. Check the electrodes and record again.")
    beat = median_beat(_only(whole, usable))
    if beat is None:
        raise NoBeats("Fewer than two whole beats look alike. Record at least 5 seconds at rest.")
    for name in beat.wandering:
        problems[name] = (*problems.get(name, ()), "wandering")
    onset, j_point = qrs_limits(beat)
    level = {name: _level(volts, onset, beat.rate_hz) for name, volts in beat.volts.items()}

    def above(seconds: float) -> dict[str, float]:
        return {n: _mean_at(v, j_point, seconds, beat.rate_hz) - level[n] for n, v in beat.volts.items()}

    qrs_ms = (j_point - onset) / beat.rate_hz * 1000
    return StMeasurement(above(0), above(0.06), above(0.08), qrs_ms, beat.heart_rate, beat.used, problems)


def stemi_finding(measured: StMeasurement, *, age: float, sex: str) -> StemiFinding:
    """Two neighbouring leads at or above their limits; leads with a problem are not judged."""
    bad = {name for name, flags in measured.problems.items() if set(flags) & set(UNRELIABLE)}
    levels = {n: round(uv / UV_PER_MM, 1) for n, uv in measured.j_uv.items() if n not in bad}
    pairs = contiguous_elevation(levels, sex, age)
    limits = {name: limit_mm(name, sex, age) for name in levels}
    met = tuple(name for name, mm in levels.items() if mm >= limits[name])
    wanted = {lead.removeprefix("-") for pair in CONTIGUOUS for lead in pair} & set(TWELVE)
    return StemiFinding(bool(pairs), tuple(pairs), met, tuple(sorted(wanted - set(levels))), limits)


def _only(recording: Recording, leads: list[str]) -> Recording:
    rows = [recording.leads.index(name) for name in leads]
    return Recording(tuple(leads), recording.rate_hz, recording.uv_per_lsb, recording.samples[rows])


def qrs_limits(beat: MedianBeat) -> tuple[int, int]:
    """Onset and end (J) of the QRS in samples of the median beat, over all leads together."""
    rate = beat.rate_hz
    speed = _speed(beat)
    before, after = (round(seconds * rate) for seconds in QRS_LONGEST_S)
    first, last = max(0, beat.r_at - before), min(speed.size, beat.r_at + after)
    peak = first + int(np.argmax(speed[first:last]))
    quiet = max(1, round(QUIET_S * rate))
    limit = QUIET_PART * float(speed[peak])
    onset = _first_quiet(speed[first : peak + 1][::-1], limit, quiet)
    end = _first_quiet(speed[peak:last], limit, quiet)
    return peak - onset, peak + end


def _speed(beat: MedianBeat) -> Signal:
    """How fast all leads move, smoothed over about 8 ms."""
    width = max(1, round(0.008 * beat.rate_hz))
    kernel = np.ones(width) / width
    smooth = [np.convolve(volts, kernel, mode="same") for volts in beat.volts.values()]
    summed: Signal = np.sqrt(np.sum([np.gradient(each) ** 2 for each in smooth], axis=0))
    return summed


def _first_quiet(speed: Signal, limit: float, length: int) -> int:
    """Where it stays below the limit for so long; the end of the search where it never does."""
    quiet: NDArray[np.bool_] = speed < limit
    runs = np.convolve(quiet, np.ones(length), mode="valid") >= length
    return int(np.argmax(runs)) if runs.any() else speed.size - 1


def _level(volts: Signal, onset: int, rate: float) -> float:
    start, end = (onset - round(seconds * rate) for seconds in PQ_S)
    return float(np.median(volts[max(0, start) : max(1, end)]))


def _mean_at(volts: Signal, j_point: int, seconds: float, rate: float) -> float:
    at = j_point + round(seconds * rate)
    return float(np.mean(volts[at : at + max(1, round(LEVEL_S * rate))]))
