"""Live ECG on the wire: frames of int16 samples (layout BEF1) with a checksum."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from banyan.apps.emergency.ecg.leads import LEADS, Samples

MAGIC = b"BEF1"
HEAD = struct.Struct("<4s16s16sIqffHBB")
CHECK = struct.Struct("<I")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RATES_HZ = (50, 4000)
SCALES_UV = (0.01, 1000)


class BadFrame(ValueError):
    """A frame that cannot be: at which byte, and why."""

    def __init__(self, reason: str, at: int = 0) -> None:
        super().__init__(f"ECG frame at byte {at}: {reason}.")
        self.reason, self.at = reason, at


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A second or so of ECG: `data` is leads × samples; −32768 is missing, ±32767 saturated."""

    case: UUID
    signal: UUID
    sequence: int
    device_time_us: int
    rate_hz: float
    uv_per_lsb: float
    leads: tuple[str, ...]
    data: NDArray[np.int16]

    @property
    def at(self) -> datetime:
        """The device's own time of the first sample."""
        return EPOCH + timedelta(microseconds=self.device_time_us)

    @property
    def seconds(self) -> float:
        return float(self.data.shape[1] / self.rate_hz)

    def lead(self, name: str) -> Samples:
        row: Samples = self.data[self.leads.index(name)]
        return row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and encode(self) == encode(other)

    def __hash__(self) -> int:
        return hash((self.signal, self.sequence))


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def encode(frame: Frame) -> bytes:
    """Raises BadFrame when the frame could not be read again."""
    codes = bytes(LEADS.index(name) for name in frame.leads)
    count = frame.data.shape[1]
    _check(frame.rate_hz, frame.uv_per_lsb, count, codes, 0)
    if frame.data.shape[0] != len(codes):
        raise BadFrame(f"{len(codes)} lead names for {frame.data.shape[0]} rows of samples")
    head = HEAD.pack(
        MAGIC,
        frame.case.bytes,
        frame.signal.bytes,
        frame.sequence,
        frame.device_time_us,
        frame.rate_hz,
        frame.uv_per_lsb,
        count,
        len(codes),
        0,
    )
    body = head + codes + frame.data.astype("<i2").tobytes()
    return body + CHECK.pack(zlib.crc32(body))


def decode(raw: bytes | memoryview) -> Frame:
    """One frame and nothing behind it. Raises: BadFrame."""
    frame, end = _decode_at(memoryview(raw), 0)
    if end != len(raw):
        raise BadFrame(f"{len(raw) - end} bytes too many", end)
    return frame


def decode_many(raw: bytes | memoryview) -> Iterator[tuple[Frame, bytes]]:
    """Frames back to back, each with its own bytes. Raises: BadFrame at the first that cannot be."""
    view, at = memoryview(raw), 0
    while at < len(view):
        frame, end = _decode_at(view, at)
        yield frame, bytes(view[at:end])
        at = end


def _decode_at(view: memoryview, at: int) -> tuple[Frame, int]:
    if len(view) - at < HEAD.size:
        raise BadFrame(f"cut short: {len(view) - at} bytes of a head of {HEAD.size}", at)
    magic, case, signal, sequence, time_us, rate, scale, count, leads, flags = HEAD.unpack_from(view, at)
    if magic != MAGIC:
        raise BadFrame(f"starts with {magic!r}, not {MAGIC!r}", at)
    if flags:
        raise BadFrame(f"flags are {flags}; this version knows only 0", at)
    data_at = at + HEAD.size + leads
    check_at = data_at + 2 * leads * count
    if len(view) < check_at + CHECK.size:
        raise BadFrame(f"cut short: {len(view) - at} bytes of {check_at + CHECK.size - at}", at)
    if zlib.crc32(view[at:check_at]) != CHECK.unpack_from(view, check_at)[0]:
        raise BadFrame("the checksum does not fit the content", at)
    codes = bytes(view[at + HEAD.size : data_at])
    _check(rate, scale, count, codes, at)
    data = np.frombuffer(view[data_at:check_at], "<i2").reshape(leads, count).astype(np.int16)
    names = tuple(LEADS[code] for code in codes)
    frame = Frame(UUID(bytes=case), UUID(bytes=signal), sequence, time_us, rate, scale, names, data)
    return frame, check_at + CHECK.size


def _check(rate: float, scale: float, count: int, codes: bytes, at: int) -> None:
    if not RATES_HZ[0] <= rate <= RATES_HZ[1]:
        raise BadFrame(f"{rate} Hz is no sampling rate of an ECG ({RATES_HZ[0]} to {RATES_HZ[1]})", at)
    if not SCALES_UV[0] <= scale <= SCALES_UV[1]:
        raise BadFrame(f"{scale} µV per step is no scale of an ECG ({SCALES_UV[0]} to {SCALES_UV[1]})", at)
    if not 1 <= count <= 0xFFFF:
        raise BadFrame(f"{count} samples; a frame holds 1 to 65535", at)
    if not codes or len(set(codes)) != len(codes) or max(codes) >= len(LEADS):
        raise BadFrame(f"lead codes {list(codes)} are empty, double or unknown", at)
