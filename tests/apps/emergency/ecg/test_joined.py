"""Frames joined to a recording, gaps as gaps; and the recording as FHIR's SampledData."""

import random
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from banyan.apps.emergency.ecg.demo import demo_ecg
from banyan.apps.emergency.ecg.frame import BadFrame, decode, encode
from banyan.apps.emergency.ecg.joined import join, missing_sequences
from banyan.apps.emergency.ecg.leads import LEADS, MISSING
from banyan.apps.emergency.ecg.recording import Recording
from banyan.apps.emergency.ecg.sampled_data import MDC, to_components, to_effective, to_sampled_data

START = datetime(2026, 11, 24, 18, 24, 40, tzinfo=UTC)


def frames(seconds=10):
    return list(demo_ecg(seconds=seconds, seed=1).frames(uuid.uuid4(), uuid.UUID(int=3), START))


def test_frames_in_any_order_and_twice_make_the_recording_again():
    original = demo_ecg(seconds=10, seed=1)
    sent = [decode(encode(each)) for each in frames()]
    shuffled = random.Random(1).sample(sent, len(sent)) + sent[:3]
    made, gaps = join(shuffled)
    assert gaps == ()
    assert np.array_equal(made.samples, original.samples)
    assert made.recorded_at == START
    assert made.content_hash() == original.content_hash()


def test_lost_frames_are_gaps_of_the_right_length():
    kept = [each for each in frames() if each.sequence not in (3, 4, 7)]
    made, gaps = join(kept)
    assert [(g.first, g.last, g.after_s, g.seconds) for g in gaps] == [(3, 4, 3.0, 2.0), (7, 7, 7.0, 1.0)]
    assert (made.samples[:, 1500:2500] == MISSING).all()
    assert (made.samples[:, 2500] != MISSING).all()
    assert made.seconds == 10
    assert missing_sequences(kept) == [3, 4, 7]


def test_a_coarse_device_clock_leaves_no_gaps():
    rng = random.Random(2)
    jittered = [replace(f, device_time_us=f.device_time_us + rng.randint(-40_000, 40_000)) for f in frames()]
    _, gaps = join(jittered)
    assert gaps == ()


def test_a_device_that_paused_leaves_a_gap_though_the_numbers_go_on():
    paused = [
        f if f.sequence < 5 else replace(f, device_time_us=f.device_time_us + 4_000_000) for f in frames()
    ]
    made, gaps = join(paused)
    assert [(g.after_s, g.seconds) for g in gaps] == [(5.0, 4.0)]
    assert made.seconds == 14


def test_what_does_not_belong_together_is_not_joined():
    mixed = frames(2)
    with pytest.raises(BadFrame, match="another signal"):
        join([mixed[0], replace(mixed[1], signal=uuid.uuid4())])
    with pytest.raises(BadFrame, match="no frames"):
        join([])
    with pytest.raises(BadFrame, match="span"):
        join([mixed[0], replace(mixed[1], sequence=9, device_time_us=mixed[1].device_time_us + 10**11)])


def test_a_lead_lost_on_the_way_is_missing_from_then():
    first, second = frames(2)
    fewer = replace(second, leads=second.leads[:6], data=second.data[:6])
    made, _ = join([first, fewer])
    assert (made.lead("V1")[500:] == MISSING).all()
    assert made.problems()["V1"] == ("gaps",)


def test_sampled_data_says_scale_period_and_what_is_not_there():
    made = Recording(("I",), 500, 2.5, np.array([[0, -4, MISSING, 32767, -32767, 12]], np.int16))
    assert to_sampled_data(made, "I") == {
        "origin": {"value": 0, "unit": "µV", "system": "http://unitsofmeasure.org", "code": "uV"},
        "period": 2,
        "factor": 2.5,
        "dimensions": 1,
        "data": "0 -4 E U L 12",
    }


def test_one_component_for_each_lead():
    components = to_components(demo_ecg(seconds=2))
    assert [each["code"]["text"] for each in components] == list(demo_ecg(seconds=2).leads)
    assert components[2]["code"]["coding"][0]["code"] == "131389"
    assert set(MDC) == set(LEADS)
    assert len({code for code, _ in MDC.values()}) == len(LEADS)
    assert to_effective(demo_ecg(seconds=2), START)["end"] == "2026-11-24T18:24:42.000+00:00"
