"""An ECG as FHIR: one Observation component with SampledData for each lead, rendered when read."""

from datetime import datetime
from typing import Any

import numpy as np

from banyan.apps.emergency.ecg.leads import MISSING, SATURATED
from banyan.apps.emergency.ecg.recording import Recording

# MDC codes of IEEE 11073-10102 for the leads, as FHIR's own 12-lead example uses them.
MDC: dict[str, tuple[str, str]] = {
    "I": ("131329", "MDC_ECG_ELEC_POTL_I"),
    "II": ("131330", "MDC_ECG_ELEC_POTL_II"),
    "III": ("131389", "MDC_ECG_ELEC_POTL_III"),
    "aVR": ("131390", "MDC_ECG_ELEC_POTL_AVR"),
    "aVL": ("131391", "MDC_ECG_ELEC_POTL_AVL"),
    "aVF": ("131392", "MDC_ECG_ELEC_POTL_AVF"),
    "V1": ("131331", "MDC_ECG_ELEC_POTL_V1"),
    "V2": ("131332", "MDC_ECG_ELEC_POTL_V2"),
    "V3": ("131333", "MDC_ECG_ELEC_POTL_V3"),
    "V4": ("131334", "MDC_ECG_ELEC_POTL_V4"),
    "V5": ("131335", "MDC_ECG_ELEC_POTL_V5"),
    "V6": ("131336", "MDC_ECG_ELEC_POTL_V6"),
    "V7": ("131337", "MDC_ECG_ELEC_POTL_V7"),
    "V8": ("131394", "MDC_ECG_ELEC_POTL_V8"),
    "V9": ("131395", "MDC_ECG_ELEC_POTL_V9"),
    "V3R": ("131339", "MDC_ECG_ELEC_POTL_V3R"),
    "V4R": ("131340", "MDC_ECG_ELEC_POTL_V4R"),
    "V5R": ("131341", "MDC_ECG_ELEC_POTL_V5R"),
    "V6R": ("131342", "MDC_ECG_ELEC_POTL_V6R"),
}
SYSTEM = "urn:iso:std:iso:11073:10101"


def to_sampled_data(recording: Recording, name: str) -> dict[str, Any]:
    """One lead as R4 SampledData in µV: E is missing or invalid, U and L beyond the limits."""
    counts = recording.lead(name)
    return {
        "origin": {"value": 0, "unit": "µV", "system": "http://unitsofmeasure.org", "code": "uV"},
        "period": _plain(1000 / recording.rate_hz),
        "factor": _plain(recording.uv_per_lsb),
        "dimensions": 1,
        "data": " ".join(_written(counts)),
    }


def to_components(recording: Recording) -> list[dict[str, Any]]:
    """The components of the ECG's Observation, in the usual order of leads."""
    return [
        {
            "code": {"coding": [_coding(name)], "text": name},
            "valueSampledData": to_sampled_data(recording, name),
        }
        for name in recording.leads
    ]


def to_effective(recording: Recording, start: datetime) -> dict[str, Any]:
    """The Observation's effectivePeriod."""
    end = datetime.fromtimestamp(start.timestamp() + recording.seconds, start.tzinfo)
    return {"start": start.isoformat(timespec="milliseconds"), "end": end.isoformat(timespec="milliseconds")}


def _coding(name: str) -> dict[str, str]:
    code, display = MDC[name]
    return {"system": SYSTEM, "code": code, "display": display}


def _written(counts: np.ndarray[Any, np.dtype[np.int16]]) -> list[str]:
    words = counts.astype(str).tolist()
    for marked in np.flatnonzero(
        (counts == MISSING) | (np.abs(counts.astype(np.int32)) >= SATURATED)
    ).tolist():
        words[marked] = {MISSING: "E", SATURATED: "U"}.get(int(counts[marked]), "L")
    return list(words)


def _plain(value: float) -> float | int:
    """2 rather than 2.0, and no more digits than a float32 carries."""
    rounded = float(f"{value:.7g}")
    return int(rounded) if rounded.is_integer() else rounded
