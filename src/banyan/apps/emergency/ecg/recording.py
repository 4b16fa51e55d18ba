"""A 12-lead recording in memory: its leads, rate, scale, and what its device said of it."""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from banyan.apps.emergency.ecg.frame import Frame, microseconds
from banyan.apps.emergency.ecg.leads import LEADS, MISSING, SATURATED, TWELVE, Samples, flags, with_derived

DEMONSTRATION = "demonstration signal"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the device's file states; shown as the device's word, never as a reading by a physician."""

    device: str = ""
    age: int | None = None
    sex: str | None = None  # M or F; None where the file says neither
    heart_rate: int | None = None
    pr_ms: int | None = None
    qrs_ms: int | None = None
    qt_ms: int | None = None
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """`samples` is leads × samples in steps of `uv_per_lsb`; −32768 is missing, ±32767 saturated."""

    leads: tuple[str, ...]
    rate_hz: float
    uv_per_lsb: float
    samples: NDArray[np.int16]
    recorded_at: datetime | None = None
    source: str = ""  # the file's format, "frames", or "demonstration signal"
    stated: Stated = Stated()

    @property
    def seconds(self) -> float:
        return float(self.samples.shape[1] / self.rate_hz)

    @property
    def demonstration(self) -> bool:
        return self.source == DEMONSTRATION

    def lead(self, name: str) -> Samples:
        row: Samples = self.samples[self.leads.index(name)]
        return row

    def microvolts(self, name: str) -> NDArray[np.float64]:
        """One lead in µV; what is missing is NaN."""
        counts = self.lead(name)
        volts: NDArray[np.float64] = np.where(counts == MISSING, np.nan, counts * float(self.uv_per_lsb))
        return volts

    def twelve(self) -> "Recording":
        """With the limb leads that are absent and follow from I and II (Einthoven, Goldberger)."""
        made = with_derived({name: self.lead(name) for name in self.leads})
        return replace(self, leads=tuple(made), samples=np.vstack(list(made.values())))

    def problems(self) -> dict[str, tuple[str, ...]]:
        """Per lead what is wrong: of the twelve those that are missing too."""
        found = {name: flags(self.lead(name)) for name in self.leads}
        found |= {name: ("missing",) for name in TWELVE if name not in self.leads}
        return {name: found[name] for name in LEADS if found.get(name)}

    def content_hash(self) -> str:
        """The same for the same signal, whatever file, time or order of leads it came in."""
        digest = hashlib.sha256(struct.pack("<ff", self.rate_hz, self.uv_per_lsb))
        for name in sorted(self.leads, key=LEADS.index):
            digest.update(name.encode() + b"\0" + self.lead(name).astype("<i2").tobytes())
        return digest.hexdigest()

    def frames(self, case: UUID, signal: UUID, start: datetime, seconds: float = 1.0) -> Iterator[Frame]:
        """The recording as frames of so many seconds, the first at `start`."""
        step = max(1, round(self.rate_hz * seconds))
        for sequence, at in enumerate(range(0, self.samples.shape[1], step)):
            when = microseconds(start + timedelta(seconds=at / self.rate_hz))
            data = self.samples[:, at : at + step]
            yield Frame(case, signal, sequence, when, self.rate_hz, self.uv_per_lsb, self.leads, data)


def from_microvolts(
    volts: dict[str, NDArray[np.float64]], rate_hz: float, uv_per_lsb: float, **more: object
) -> Recording:
    """Leads in µV as int16 steps; NaN becomes missing, what does not fit saturated."""
    leads = tuple(name for name in LEADS if name in volts)
    rows = np.vstack([volts[name] for name in leads])
    counts = np.clip(np.rint(np.nan_to_num(rows) / uv_per_lsb), -SATURATED, SATURATED)
    samples = np.where(np.isnan(rows), MISSING, counts).astype(np.int16)
    return replace(Recording(leads, rate_hz, uv_per_lsb, samples), **more)  # type: ignore[arg-type]
