"""What a vital sign can be: unit, what is impossible, what is unlikely, when it calls for help."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Priority = Literal["high", "medium", "low"]
AbsentReason = Literal["refused", "not-measurable"]
ABSENT_REASONS: tuple[str, ...] = get_args(AbsentReason)


class OutOfRange(ValueError):
    """A value that cannot be: which field, which value, and what it may be."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{field} is {value!r}, which cannot be: {allowed}. Check the value and its unit.")
        self.field, self.value, self.allowed = field, value, allowed


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits (outside: impossible, refused) and soft limits (outside: unlikely, to be confirmed)."""

    unit: str
    low: float
    high: float
    soft_low: float | None = None
    soft_high: float | None = None

    @property
    def allowed(self) -> str:
        return f"{self.low:g} to {self.high:g} {self.unit}".rstrip()

    def check(self, field: str, value: object) -> float:
        """The value as a number; raises OutOfRange when it is none or lies outside the hard limits."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise OutOfRange(field, value, f"a number, {self.allowed}")
        if not self.low <= value <= self.high:
            raise OutOfRange(field, value, self.allowed)
        return value

    def unlikely(self, value: float) -> bool:
        too_low = self.soft_low is not None and value < self.soft_low
        return too_low or (self.soft_high is not None and value > self.soft_high)


# Hard limits: what devices can show and survivors have had (sbp 0 and rr 0 are an arrest, not a mistake).
# Soft limits: the national chest-pain platform flags pulse > 150 and respiration > 40 (kpi.yaml, DATA_ALARM);
# the others are where a slip of the unit or of a digit is likelier than the finding.
LIMITS: dict[str, Limits] = {
    "hr": Limits("/min", 0, 350, 30, 150),
    "rr": Limits("/min", 0, 120, 6, 40),
    "sbp": Limits("mm[Hg]", 0, 350, 60, 230),
    "dbp": Limits("mm[Hg]", 0, 250, 30, 140),
    "spo2": Limits("%", 0, 100, 70, None),
    "temp": Limits("Cel", 10, 47, 32, 41.5),
    "glucose": Limits("mmol/L", 0, 100, 2.5, 33.3),
    "pain": Limits("", 0, 10),
    "etco2": Limits("mm[Hg]", 0, 150, 15, 80),
    "age": Limits("a", 0, 130, None, 110),
    "weight": Limits("kg", 0.2, 650, 1.5, 250),
    "gcs": Limits("", 3, 15),
}

# Where an alarm starts: (priority, at or below, at or above), the worst first. NEWS2's 3-point bands are
# high, its 2-point bands medium (RCP 2017); glucose and etCO2 after common resuscitation guidance.
ALARMS: dict[str, tuple[tuple[Priority, float | None, float | None], ...]] = {
    "hr": (("high", 40, 131), ("medium", None, 111), ("low", 50, 91)),
    "rr": (("high", 8, 25), ("medium", None, 21), ("low", 11, None)),
    "sbp": (("high", 90, 220), ("medium", 100, None), ("low", 110, None)),
    "spo2": (("high", 91, None), ("medium", 93, None), ("low", 95, None)),
    "temp": (("high", 35.0, None), ("medium", None, 39.1), ("low", 36.0, 38.1)),
    "glucose": (("high", 3.0, 30.0), ("medium", 3.9, 20.0)),
    "etco2": (("high", 20, 60), ("medium", 30, 50)),
}
CONSCIOUSNESS = ("A", "C", "V", "P", "U")
# Children: (below age in years, heart rate above, respiration above) are danger (ESI, from memory); the
# lowest systolic pressure is 70 + 2 x age up to nine years (ACS field triage 2021), 90 from ten on.
ADULT_FROM_YEARS = 16
CHILD_ABOVE: tuple[tuple[float, int, int], ...] = ((0.25, 180, 50), (3, 160, 40), (8, 140, 30), (16, 130, 25))
CHILD_BRADYCARDIA = {"hr": 60, "rr": 8}


@dataclass(frozen=True, slots=True)
class Alarm:
    vital: str
    value: float | str
    priority: Priority


@dataclass(frozen=True, slots=True)
class CheckedVitals:
    """Vitals as accepted: the values, what is absent and why, what a person should confirm, what alarms."""

    values: dict[str, float | str | bool]
    absent: dict[str, AbsentReason]
    unlikely: tuple[str, ...]
    alarms: tuple[Alarm, ...]


def alarm_of(vital: str, value: float | str, age: float | None = None) -> Alarm | None:
    """The alarm one value raises, the worst priority first; None when it raises none.

    An adult's limits, unless `age` is a child's.
    """
    if vital == "consciousness":
        return None if value == "A" else Alarm(vital, value, "high")
    if isinstance(value, str):
        return None
    child = age is not None and age < ADULT_FROM_YEARS and vital in ("hr", "rr", "sbp")
    limits = _child_limits(vital, age or 0.0) if child else ALARMS.get(vital, ())
    for priority, low, high in limits:
        if (low is not None and value <= low) or (high is not None and value >= high):
            return Alarm(vital, value, priority)
    return None


def _child_limits(vital: str, age: float) -> tuple[tuple[Priority, float | None, float | None], ...]:
    if vital == "sbp":
        return (("high", (70 + 2 * age if age < 10 else 90) - 0.1, None),)
    _, hr, rr = next(row for row in CHILD_ABOVE if age < row[0])
    return (("high", CHILD_BRADYCARDIA[vital], (hr if vital == "hr" else rr) + 1),)


def check_vitals(given: Mapping[str, Any], *, age: float | None = None) -> CheckedVitals:
    """Checks one set of vitals as a crew or a monitor sends it; `age` in years chooses a child's alarms.

    Absent values stand in `absent` with their reason and are never 0.
    Raises: OutOfRange for an impossible value, an unknown vital, an unknown reason, or a value that is
    given and absent at once.
    """
    absent = _absent(given.get("absent") or {})
    values: dict[str, float | str | bool] = {}
    for name, value in given.items():
        if name == "absent" or value is None:
            continue
        if name in absent:
            raise OutOfRange(name, value, f"either a value or absent ({absent[name]}), not both")
        values[name] = _value(name, value)
    _check_pressures(values)
    unlikely = tuple(n for n, v in values.items() if n in LIMITS and LIMITS[n].unlikely(float(v)))
    alarms = [alarm_of(n, v, age) for n, v in values.items() if not isinstance(v, bool)]
    return CheckedVitals(values, absent, unlikely, tuple(a for a in alarms if a))


def _absent(given: Mapping[str, Any]) -> dict[str, AbsentReason]:
    known = {*LIMITS, "consciousness", "o2"}
    for name, reason in given.items():
        if name not in known:
            raise OutOfRange(f"absent.{name}", reason, "a vital: " + ", ".join(sorted(known)))
        if reason not in ABSENT_REASONS:
            raise OutOfRange(f"absent.{name}", reason, " or ".join(ABSENT_REASONS))
    return dict(given)


def _value(name: str, value: object) -> float | str | bool:
    if name == "consciousness":
        if value not in CONSCIOUSNESS:
            raise OutOfRange(name, value, "one of " + ", ".join(CONSCIOUSNESS))
        return str(value)
    if name == "o2":
        if not isinstance(value, bool):
            raise OutOfRange(name, value, "true (oxygen is given) or false (air)")
        return value
    if name not in LIMITS:
        raise OutOfRange(name, value, "a vital: " + ", ".join(sorted(LIMITS)))
    return LIMITS[name].check(name, value)


def _check_pressures(values: Mapping[str, float | str | bool]) -> None:
    sbp, dbp = values.get("sbp"), values.get("dbp")
    if sbp is not None and dbp is not None and float(dbp) > float(sbp):
        raise OutOfRange("dbp", dbp, f"at most the systolic pressure, {sbp:g} mm[Hg]")
