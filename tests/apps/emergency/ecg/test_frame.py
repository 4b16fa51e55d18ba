"""ECG frames survive the wire whole, or are refused with the reason."""

import struct
import uuid
import zlib
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.apps.emergency.ecg.frame import (
    HEAD,
    BadFrame,
    Frame,
    decode,
    decode_many,
    encode,
    microseconds,
)
from banyan.apps.emergency.ecg.leads import LEADS, TWELVE


def a_frame(**changes) -> Frame:
    plain = {
        "case": uuid.UUID(int=1),
        "signal": uuid.UUID(int=2),
        "sequence": 7,
        "device_time_us": microseconds(datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        "rate_hz": 500.0,
        "uv_per_lsb": 2.5,
        "leads": TWELVE,
        "data": np.arange(12 * 500, dtype=np.int16).reshape(12, 500),
    }
    return Frame(**(plain | changes))


@st.composite
def frames(draw) -> Frame:
    leads = tuple(draw(st.lists(st.sampled_from(LEADS), min_size=1, max_size=19, unique=True)))
    count = draw(st.integers(1, 40))
    raw = draw(st.binary(min_size=2 * len(leads) * count, max_size=2 * len(leads) * count))
    return a_frame(
        case=draw(st.uuids()),
        signal=draw(st.uuids()),
        sequence=draw(st.integers(0, 2**32 - 1)),
        device_time_us=draw(st.integers(-(2**40), 2**52)),
        rate_hz=draw(st.floats(50, 4000, width=32)),
        uv_per_lsb=draw(st.floats(0.015625, 1000, width=32)),
        leads=leads,
        data=np.frombuffer(raw, "<i2").reshape(len(leads), count).astype(np.int16),
    )


@given(frames())
@settings(max_examples=80, deadline=None)
def test_a_frame_comes_back_as_it_went(frame):
    back = decode(encode(frame))
    assert back == frame
    assert np.array_equal(back.data, frame.data)
    assert (back.rate_hz, back.uv_per_lsb, back.leads) == (frame.rate_hz, frame.uv_per_lsb, frame.leads)


@given(st.lists(frames(), max_size=4))
@settings(max_examples=20, deadline=None)
def test_frames_back_to_back(several):
    raw = [encode(f) for f in several]
    assert [one for _, one in decode_many(b"".join(raw))] == raw


@given(frames(), st.data())
@settings(max_examples=80, deadline=None)
def test_any_changed_byte_is_refused(frame, data):
    raw = bytearray(encode(frame))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BadFrame):
        decode(bytes(raw))


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_noise_is_refused(noise):
    with pytest.raises(BadFrame):
        decode(noise)


def test_a_frame_cut_short_says_so():
    raw = encode(a_frame())
    with pytest.raises(BadFrame, match="cut short"):
        decode(raw[:-3])
    with pytest.raises(BadFrame, match="bytes too many"):
        decode(raw + b"x")


def test_what_the_layout_is():
    raw = encode(a_frame())
    assert HEAD.size == 60
    assert raw[:4] == b"BEF1"
    assert len(raw) == 60 + 12 + 2 * 12 * 500 + 4
    assert struct.unpack("<I", raw[-4:])[0] == zlib.crc32(raw[:-4])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rate_hz": 0.0}, "sampling rate"),
        ({"uv_per_lsb": 0.0}, "scale"),
        ({"leads": ("I", "I"), "data": np.zeros((2, 5), np.int16)}, "double"),
        ({"data": np.zeros((3, 5), np.int16)}, "lead names"),
        ({"data": np.zeros((12, 0), np.int16)}, "samples"),
    ],
)
def test_a_frame_that_makes_no_sense_is_not_written(changes, reason):
    with pytest.raises(BadFrame, match=reason):
        encode(a_frame(**changes))


def test_a_frame_knows_its_time_and_length():
    frame = a_frame()
    assert frame.at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert frame.seconds == 1.0
    assert frame.lead("II")[0] == 500
