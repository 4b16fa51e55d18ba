"""Finds the beats of a recording, and the median beat of each lead."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, find_peaks, sosfiltfilt

from banyan.apps.emergency.ecg.recording import Recording

Signal = NDArray[np.float64]

# The QRS lies in 5-25 Hz; a window of 100 ms gathers its slopes (Pan and Tompkins 1985, the same idea).
QRS_BAND_HZ = (5.0, 25.0)
GATHER_S, REFRACTORY_S = 0.1, 0.25
BEFORE_S, AFTER_S = 0.35, 0.55
ALIGN_S = 0.03
PQ_BEFORE_R_S = 0.07  # here, before the QRS, the level of each beat is taken
WANDERING_UV = 400
LIKE_THE_OTHERS = 0.85  # correlation with the median, below which a beat is another kind (ectopic, artefact)


@dataclass(frozen=True, slots=True, eq=False)
class MedianBeat:
    """The usual beat: µV per lead, with R at `r_at` samples; from `used` of `found` beats."""

    volts: dict[str, Signal]
    r_at: int
    rate_hz: float
    found: int
    used: int
    heart_rate: float | None  # 1/min, from the median interval
    wandering: tuple[str, ...]  # leads whose baseline moves too far from beat to beat to be trusted


def find_beats(recording: Recording) -> NDArray[np.intp]:
    """Samples at which the QRS complexes stand, over all leads at once."""
    rate = recording.rate_hz
    energy = _qrs_energy(recording)
    if energy.size < rate or not energy.any():
        return np.array([], dtype=np.intp)
    # A beat stands well above the usual energy, and is not far below the other beats.
    strong, _ = find_peaks(energy, distance=round(REFRACTORY_S * rate), height=np.percentile(energy, 75))
    if strong.size == 0:
        return strong
    usual = float(np.median(np.sort(energy[strong])[-max(3, round(energy.size / rate * 0.6)) :]))
    peaks, _ = find_peaks(energy, distance=round(REFRACTORY_S * rate), height=0.35 * usual)
    return peaks


def _filled(volts: Signal) -> Signal:
    """What is missing bridged by straight lines, so that filters can run over it."""
    gone = np.isnan(volts)
    if not gone.any():
        return volts
    if gone.all():
        return np.zeros_like(volts)
    places = np.arange(volts.size)
    return np.interp(places, places[~gone], volts[~gone])


def _qrs_energy(recording: Recording) -> Signal:
    rate = recording.rate_hz
    high = min(QRS_BAND_HZ[1], 0.45 * rate)
    band = butter(2, (QRS_BAND_HZ[0], high), "bandpass", fs=rate, output="sos")
    leads = np.vstack([_filled(recording.microvolts(name)) for name in recording.leads])
    if leads.shape[1] <= 3 * (2 * len(band) + 1):
        return np.zeros(leads.shape[1])
    slopes = np.gradient(sosfiltfilt(band, leads, axis=1), axis=1)
    width = max(1, round(GATHER_S * rate))
    gathered: Signal = np.convolve(np.sqrt((slopes**2).sum(axis=0)), np.ones(width) / width, mode="same")
    return gathered


def median_beat(recording: Recording) -> MedianBeat | None:
    """None where fewer than two whole beats look alike."""
    rate = recording.rate_hz
    before, after = round(BEFORE_S * rate), round(AFTER_S * rate)
    peaks = find_beats(recording)
    length = recording.samples.shape[1]
    whole = [int(p) for p in peaks if p - before - 20 >= 0 and p + after + 20 < length]
    if len(whole) < 2:
        return None
    leads = {name: _filled(recording.microvolts(name)) for name in recording.leads}
    template = np.sqrt(sum(np.gradient(volts) ** 2 for volts in leads.values()))
    aligned = _aligned(np.asarray(template), whole, before, after, round(ALIGN_S * rate))
    if len(aligned) < 2:
        return None
    knots = np.asarray(aligned) - round(PQ_BEFORE_R_S * rate)
    levels = {name: _levels(each, knots, rate) for name, each in leads.items()}
    volts = {
        n: _median(v - _baseline(v.size, knots, levels[n]), aligned, before, after) for n, v in leads.items()
    }
    wandering = tuple(n for n, each in levels.items() if float(np.abs(np.diff(each)).max()) > WANDERING_UV)
    intervals = np.diff(peaks) / rate
    heart_rate = 60 / float(np.median(intervals)) if intervals.size else None
    return MedianBeat(volts, before, rate, len(peaks), len(aligned), heart_rate, wandering)


def _aligned(shape: Signal, places: list[int], before: int, after: int, reach: int) -> list[int]:
    """Each beat moved to where it fits the median best; those unlike it are left out."""
    half = min(before, after, 4 * reach)
    model = np.median([shape[p - half : p + half] for p in places], axis=0)
    kept = []
    for place in places:
        fits = [
            (_alike(shape[place + d - half : place + d + half], model), d) for d in range(-reach, reach + 1)
        ]
        best, shift = max(fits)
        moved = place + shift
        if best >= LIKE_THE_OTHERS and moved - before >= 0 and moved + after <= shape.size:
            kept.append(moved)
    return kept


def _alike(one: Signal, other: Signal) -> float:
    a, b = one - one.mean(), other - other.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 0.0


def _levels(volts: Signal, knots: NDArray[np.intp], rate: float) -> Signal:
    """The level before each beat: the median of 20 ms."""
    half = max(1, round(0.01 * rate))
    return np.array([np.median(volts[max(0, k - half) : k + half]) for k in knots])


def _baseline(length: int, knots: NDArray[np.intp], levels: Signal) -> Signal:
    """A line through the beats' levels; beyond the ends it goes on with the last slope."""
    places = np.arange(length)
    line = np.interp(places, knots, levels)
    slope = (levels[-1] - levels[-2]) / (knots[-1] - knots[-2])
    behind = places > knots[-1]
    line[behind] = levels[-1] + slope * (places[behind] - knots[-1])
    return line


def _median(volts: Signal, places: list[int], before: int, after: int) -> Signal:
    middle: Signal = np.median(np.vstack([volts[p - before : p + after] for p in places]), axis=0)
    return middle
