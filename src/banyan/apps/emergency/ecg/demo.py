"""A demonstration signal: a real recording, to which a documented transform adds ST elevation.

The recording is pydicom's packaged `waveform_ecg.dcm` (a real 12-lead ECG without infarction). In every
beat, a smooth plateau of the wanted height is added from the J point on, rising over 20 ms, kept through the
ST segment, and gone at the end of the T wave. The limb leads are computed from I and II after that, so that
Einthoven's law holds; the other leads get the wanted heights as they are.
"""

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.data import get_testdata_file

from banyan.apps.emergency.ecg.beats import MedianBeat, Signal, find_beats, median_beat
from banyan.apps.emergency.ecg.device_file import read_ecg
from banyan.apps.emergency.ecg.leads import DERIVED, TWELVE
from banyan.apps.emergency.ecg.recording import DEMONSTRATION, Recording, from_microvolts
from banyan.apps.emergency.ecg.st import qrs_limits

# An inferior infarction with reciprocal depression; in mV at the J point.
INFERIOR: Mapping[str, float] = {"II": 0.2, "III": 0.3, "aVF": 0.25, "I": -0.1, "aVL": -0.2, "V2": -0.1}
RATE_HZ = 500.0
UV_PER_LSB = 2.5
RISE_S, PLATEAU_S, FALL_S = 0.02, 0.1, 0.22
NOISE_UV = 4.0
ARTEFACT_UV = 120.0


def demo_ecg(st_elevation: Mapping[str, float] = INFERIOR, seconds: float = 10.0, seed: int = 0) -> Recording:
    """ST elevation in mV by lead; `seed` varies the noise and where in the recording it begins.

    Wanted heights of limb leads must agree with Einthoven: II wins over III and aVF where they do not.
    """
    rng = np.random.default_rng(seed)
    volts, shape = _sound(), _bump_train()
    one, two = _limb_heights(st_elevation)
    heights = {**st_elevation, "I": one, "II": two}
    length = round(seconds * RATE_HZ)
    start = int(rng.integers(0, shape.size))
    made: dict[str, Signal] = {}
    for name in TWELVE:
        if name in DERIVED:
            of_one, of_two = DERIVED[name]
            made[name] = of_one * made["I"] + of_two * made["II"]
        else:
            signal = volts[name] + 1000 * heights.get(name, 0.0) * shape
            made[name] = _looped(signal, start, length) + rng.normal(0, NOISE_UV, length)
    return from_microvolts(made, RATE_HZ, UV_PER_LSB, source=DEMONSTRATION)


def _limb_heights(wanted: Mapping[str, float]) -> tuple[float, float]:
    """The heights of I and II, in mV, from whichever limb leads are named (III = II - I, aVF = II - I/2)."""
    two = wanted.get("II")
    if "I" in wanted:
        one = wanted["I"]
        if two is None:
            two = wanted["III"] + one if "III" in wanted else wanted.get("aVF", one / 2) + one / 2
        return one, two
    two = 0.0 if two is None else two
    if "III" in wanted:
        return two - wanted["III"], two
    return (two + wanted["aVL"] * 2) / 2 if "aVL" in wanted else 0.0, two


@cache
def _recording() -> Recording:
    path = Path(str(get_testdata_file("waveform_ecg.dcm", download=False)))
    return read_ecg(path.read_bytes(), path.name)


def _resampled(volts: NDArray[np.float64], rate: float) -> Signal:
    step = rate / RATE_HZ
    places = np.arange(0, volts.size - 1, step)
    resampled: Signal = np.interp(places, np.arange(volts.size), volts)
    return resampled


@cache
def _sound() -> dict[str, Signal]:
    """The leads at 500 Hz, cut to whole beats so that they can be looped without a step."""
    recording = _recording()
    first, last = _cut()
    return {n: _resampled(recording.microvolts(n), recording.rate_hz)[first:last] for n in recording.leads}


@cache
def _cut() -> tuple[int, int]:
    """The longest run of clean beats, from quiet to quiet (after a T wave, before the next P), at 500 Hz.

    One beat of the packaged recording has an artefact in its ST segment; looped, it would look like a sign.
    """
    recording = _recording()
    beats = find_beats(recording)
    quiet = (beats[:-1] + 0.62 * np.diff(beats)) * RATE_HZ / recording.rate_hz
    clean = [_unlike(recording, int(at)) < ARTEFACT_UV for at in beats[1:-1]]
    runs = [run for run in combinations(range(len(clean) + 1), 2) if all(clean[slice(*run)])]
    start, end = max(runs, key=lambda run: run[1] - run[0])
    return round(float(quiet[start])), round(float(quiet[end]))


def _unlike(recording: Recording, at: int) -> float:
    """How far this beat's ST segment lies from the usual one, in µV, in the worst lead."""
    beat = _usual_beat()
    after_j = qrs_limits(beat)[1] - beat.r_at
    here = slice(at + after_j, at + after_j + round(PLATEAU_S * recording.rate_hz))
    usual = slice(beat.r_at + after_j, beat.r_at + after_j + (here.stop - here.start))
    pq = slice(at - round(0.08 * recording.rate_hz), at - round(0.05 * recording.rate_hz))
    levels = [
        float(np.median(volts[here]) - np.median(volts[pq]) - np.median(beat.volts[name][usual]))
        for name in recording.leads
        for volts in (recording.microvolts(name),)
    ]
    return max(abs(each) for each in levels)


@cache
def _usual_beat() -> MedianBeat:
    beat = median_beat(_recording())
    if beat is None:
        raise LookupError("The packaged recording has no beats; another version of pydicom is installed.")
    return beat


@cache
def _bump_train() -> Signal:
    """1 from each J point through the ST segment, falling to 0 with the T wave."""
    recording = _recording()
    beat = _usual_beat()
    after_r = (qrs_limits(beat)[1] - beat.r_at) / beat.rate_hz
    first, last = _cut()
    train = np.zeros(last - first)
    for at in find_beats(recording) / recording.rate_hz:
        start = round((at + after_r - RISE_S) * RATE_HZ) - first
        _add_bump(train, start)
    return train


def _add_bump(train: Signal, start: int) -> None:
    rise, flat, fall = (round(seconds * RATE_HZ) for seconds in (RISE_S, PLATEAU_S, FALL_S))
    up = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rise))
    down = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fall))
    bump = np.concatenate((up, np.ones(flat), down))
    low, high = max(0, start), min(train.size, start + bump.size)
    if low < high:
        train[low:high] = bump[low - start : high - start]


def _looped(signal: Signal, start: int, length: int) -> Signal:
    """So much of a repeating signal; the step between its end and its beginning is spread over the loop."""
    level = signal - np.linspace(0, signal[-1] - signal[0], signal.size)
    return np.take(level, np.arange(start, start + length), mode="wrap")
