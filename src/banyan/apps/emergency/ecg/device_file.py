"""Reads the ECG file of a device: SCP-ECG, HL7 aECG, MUSE, Philips, DICOM, WFDB and others."""

import tempfile
import warnings
from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from ecgdatakit import ECGDataKitError, ECGRecord, FileParser, UnsupportedFormatError
from ecgdatakit import Lead as FileLead
from numpy.typing import NDArray

from banyan.apps.emergency.ecg.leads import MISSING, SATURATED, lead_named
from banyan.apps.emergency.ecg.recording import Recording, Stated, from_microvolts

LARGEST_BYTES = 64 << 20
RATES_HZ = (50, 4000)
LONGEST_S = 3600
UV = {"uv": 1.0, "µv": 1.0, "mv": 1e3, "v": 1e6, "nv": 1e-3}
# A plateau at a lead's own extreme, so high and so long, is an amplifier at its end.
CLIPPED_UV, CLIPPED_S = 3000, 0.025


class BadEcg(ValueError):
    """A file that cannot be taken as an ECG: which, why, what to do."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f'"{name}" cannot be read as an ECG: {reason}')
        self.name, self.reason = name, reason


def readable_formats() -> list[str]:
    return sorted({str(each["name"]) for each in FileParser.supported_formats()})


def read_ecg(
    content: bytes,
    name: str,
    *,
    companions: Mapping[str, bytes] | None = None,
    zone: tzinfo | None = None,
) -> Recording:
    """The recording in a device's file.

    name: as the device called it (some formats are told by their ending).
    companions: files that belong to it by their names (a WFDB header's .dat or .mat).
    zone: the device's time zone; without it a time that carries none is left out.
    Raises: BadEcg with a reason to show.
    """
    if not content:
        raise BadEcg(name, "it is empty. Export it again from the device.")
    if len(content) > LARGEST_BYTES:
        raise BadEcg(name, f"it has {len(content) >> 20} MB; up to {LARGEST_BYTES >> 20} MB are read.")
    with tempfile.TemporaryDirectory(prefix="banyan-ecg-") as folder:
        path = Path(folder) / _safe(name)
        path.write_bytes(content)
        for other, more in (companions or {}).items():
            (Path(folder) / _safe(other)).write_bytes(more)
        record = _parsed(path, name)
    return _recording(record, name, zone)


def _safe(name: str) -> str:
    """Only the last part of a name, so that it stays inside the folder."""
    return PurePath(name.replace("\\", "/")).name or "ecg"


def _parsed(path: Path, name: str) -> ECGRecord:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return FileParser.parse(path, auto_scale=False)
    except UnsupportedFormatError as unknown:
        raise BadEcg(name, f"{unknown}. Readable are {', '.join(readable_formats())}.") from unknown
    except FileNotFoundError as absent:
        part = PurePath(str(absent.filename or absent)).name
        raise BadEcg(name, f'the file "{part}" that belongs to it was not sent with it.') from absent
    except (ECGDataKitError, OSError, ValueError, ImportError) as broken:
        raise BadEcg(
            name, f"{str(broken).replace(path.name, name)}. Export it again from the device."
        ) from broken


def _recording(record: ECGRecord, name: str, zone: tzinfo | None) -> Recording:
    leads = {known: lead for lead in record.leads if (known := lead_named(lead.label))}
    if not leads:
        labels = ", ".join(lead.label for lead in record.leads) or "none"
        raise BadEcg(name, f"none of its channels is a lead of an ECG ({labels}).")
    rate = _one_rate(leads, name)
    volts = {known: _microvolts(lead, name) for known, lead in leads.items()}
    lengths = {len(each) for each in volts.values()}
    if len(lengths) != 1 or not 0 < max(lengths) <= rate * LONGEST_S:
        raise BadEcg(name, f"its leads have {sorted(lengths)} samples; one length, up to an hour, is read.")
    made = from_microvolts(volts, rate, _step(leads, volts))
    return Recording(
        made.leads,
        made.rate_hz,
        made.uv_per_lsb,
        _clipped(made),
        _recorded_at(record, zone),
        record.source_format,
        _stated(record),
    )


def _one_rate(leads: Mapping[str, FileLead], name: str) -> float:
    rates = {float(lead.sampling_rate) for lead in leads.values()}
    rate = rates.pop()
    if rates or not RATES_HZ[0] <= rate <= RATES_HZ[1]:
        raise BadEcg(
            name, f"its sampling rates ({sorted({rate, *rates})} Hz) are not one between 50 and 4000."
        )
    return rate


def _unit(lead: FileLead) -> float | None:
    return UV.get((lead.resolution_unit or lead.units).lower())


def _microvolts(lead: FileLead, name: str) -> NDArray[np.float64]:
    factor = _unit(lead)
    if factor is None or not lead.resolution:
        raise BadEcg(name, f"lead {lead.label} has no scale in volts.")
    samples = np.asarray(lead.samples, dtype=np.float64)
    scaled: NDArray[np.float64] = (
        (samples * lead.resolution + lead.offset) * factor if lead.is_raw else samples * factor
    )
    return scaled


def _step(leads: Mapping[str, FileLead], volts: Mapping[str, NDArray[np.float64]]) -> float:
    """The device's own step where all leads share one and it fits, so that no sample is changed."""
    largest = float(max(np.nanmax(np.abs(each)) for each in volts.values()))
    own = {float(lead.resolution * (_unit(lead) or 1.0)) for lead in leads.values() if lead.is_raw}
    if len(own) == 1 and len(leads) and largest / (step := own.pop()) < SATURATED:
        return step
    return max(1.0, largest / (SATURATED - 1))


def _clipped(recording: Recording) -> NDArray[np.int16]:
    """Marks plateaus at a lead's extreme as saturated."""
    samples = recording.samples.copy()
    least = max(3, round(CLIPPED_S * recording.rate_hz))
    for row in samples:
        there = row[row != MISSING]
        for extreme in {int(there.max(initial=0)), int(there.min(initial=0))}:
            if abs(extreme) * recording.uv_per_lsb >= CLIPPED_UV and _longest_run(row == extreme) >= least:
                row[row == extreme] = SATURATED if extreme > 0 else -SATURATED
    return samples


def _longest_run(holds: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], holds.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _recorded_at(record: ECGRecord, zone: tzinfo | None) -> datetime | None:
    at: datetime | None = record.recording.date
    if at is None or at.tzinfo is not None:
        return at
    return at.replace(tzinfo=zone) if zone else None


def _stated(record: ECGRecord) -> Stated:
    measured, device = record.measurements, record.recording.device
    words: list[Any] = [device.manufacturer, device.model]
    return Stated(
        device=" ".join(word for word in words if word),
        age=record.patient.age,
        sex=record.patient.sex if record.patient.sex in ("M", "F") else None,
        heart_rate=measured.heart_rate,
        pr_ms=measured.pr_interval,
        qrs_ms=measured.qrs_duration,
        qt_ms=measured.qt_interval,
        statements=tuple(text for text, _ in record.interpretation.statements),
    )
