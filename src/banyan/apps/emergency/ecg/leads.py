"""The leads of an ECG: their codes in a frame, and those that others can be computed from."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

# The place in this tuple is the lead's code in a frame (BEF1).
TWELVE: tuple[str, ...] = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
LEADS: tuple[str, ...] = (*TWELVE, "V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R")

MISSING = -32768  # the electrode was off
SATURATED = 32767  # either sign: the amplifier was at its end

# Einthoven and Goldberger: weights of I and II.
DERIVED: dict[str, tuple[float, float]] = {
    "III": (-1.0, 1.0),
    "aVR": (-0.5, -0.5),
    "aVL": (1.0, -0.5),
    "aVF": (-0.5, 1.0),
}
_BY_FOLDED = {name.casefold(): name for name in LEADS}


def lead_named(label: str) -> str | None:
    """The lead a device means by its label ("Lead aVF (Einthoven)", "MDC_ECG_LEAD_V1"); None if none."""
    word = label.removeprefix("MDC_ECG_LEAD_").removeprefix("Lead ").split("(")[0].strip(" -_").casefold()
    return _BY_FOLDED.get(word)


def with_derived(samples: dict[str, Samples]) -> dict[str, Samples]:
    """Adds the limb leads that are absent and follow from I and II; missing samples stay missing."""
    if "I" not in samples or "II" not in samples:
        return samples
    one, two = samples["I"], samples["II"]
    gone = (one == MISSING) | (two == MISSING)
    made = dict(samples)
    for name, (of_one, of_two) in DERIVED.items():
        if name not in made:
            sums = np.rint(of_one * one.astype(np.float64) + of_two * two)
            made[name] = np.where(gone, MISSING, np.clip(sums, -SATURATED, SATURATED)).astype(np.int16)
    return {name: made[name] for name in LEADS if name in made}


def flags(samples: Samples) -> tuple[str, ...]:
    """What is wrong with one lead: "missing" (all of it), "gaps" (some), "saturated", "flat"."""
    gone = samples == MISSING
    if samples.size == 0 or gone.all():
        return ("missing",)
    there = samples[~gone]
    found = {
        "gaps": bool(gone.any()),
        "saturated": bool((np.abs(there.astype(np.int32)) >= SATURATED).any()),
        "flat": there.size > 1 and int(there.min()) == int(there.max()),
    }
    return tuple(name for name, holds in found.items() if holds)
