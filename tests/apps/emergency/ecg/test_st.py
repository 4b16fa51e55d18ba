"""ST levels against what devices measured, and the limits applied to them."""

from pathlib import Path

import numpy as np
import pytest

from banyan.apps.emergency.ecg.beats import find_beats
from banyan.apps.emergency.ecg.demo import demo_ecg
from banyan.apps.emergency.ecg.recording import Recording, from_microvolts
from banyan.apps.emergency.ecg.st import NoBeats, measure_st, stemi_finding
from tests.apps.emergency.ecg.files import found, recording, rows


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "emergency-tech" / "ecg"


@pytest.fixture(scope="module")
def infarction(shared_data: Path) -> Recording:
    return recording(shared_data / "emergency" / "ecg" / "s0010_re.hea")


def test_levels_are_those_of_the_device_to_a_third_of_a_millimetre(folder):
    """Devices differ among themselves by so much; J is found by each in its own way."""
    differences, later = [], []
    for row in rows(folder / "expected_lead_st_uv.csv"):
        measured = measure_st(recording(found(folder, row["file"])))
        differences.append(abs(measured.j_uv[row["lead"]] - float(row["st_on_uv"])))
        later.append(abs(measured.j80_uv[row["lead"]] - float(row["st_80ms_uv"])))
    assert max(differences) < 33
    assert np.median(differences) < 10
    assert max(later) < 15


def test_the_acute_inferior_infarction_of_the_device_meets_the_limits(folder):
    made = recording(folder / "sierra_129DYPRG.XML")
    assert "Inferior infarct, acute" in " ".join(made.stated.statements)
    finding = stemi_finding(measure_st(made), age=50, sex="M")
    assert finding.meets
    assert {"II", "III", "aVF"} <= set(finding.leads)
    assert finding.unverified


def test_sinus_bradycardia_does_not_meet_them(folder):
    made = recording(found(folder, "sierra_ad4d3d80.xml.xz"))
    finding = stemi_finding(measure_st(made), age=32, sex="F")
    assert not finding.meets
    assert "V3" in finding.incomplete  # its electrode was still settling


def test_the_real_infero_lateral_infarction(infarction):
    measured = measure_st(infarction)
    assert measured.heart_rate == pytest.approx(82, abs=1)
    assert measured.j_uv["III"] > measured.j_uv["aVF"] > 50
    assert min(measured.j_uv["V2"], measured.j_uv["V3"]) < -80  # the mirror of the back wall
    assert measured.j_uv["aVL"] < -50


def test_heart_rates_are_those_of_the_devices(folder):
    for row in rows(folder / "expected_files.csv"):
        if row["device_hr"]:
            measured = measure_st(recording(found(folder, row["file"])))
            assert measured.heart_rate == pytest.approx(int(row["device_hr"]), abs=3.1), row["file"]


def test_beats_are_found_where_cardiologists_marked_them(folder):
    """The first five minutes of MIT-BIH record 100; reference beats from its annotation file."""
    import lzma

    raw = np.frombuffer(lzma.decompress((folder / "mitdb" / "100.dat.xz").read_bytes()), np.uint8)
    triples = raw[: 3 * 360 * 300].reshape(-1, 3).astype(np.int32)
    first = triples[:, 0] + ((triples[:, 1] & 0x0F) << 8)
    volts = (np.where(first > 2047, first - 4096, first) - 1024) / 200 * 1000
    beats = find_beats(from_microvolts({"II": volts}, 360, 5.0))
    reference = _annotated(folder / "mitdb" / "100.atr")
    reference = reference[reference < 360 * 300]
    near = [np.abs(beats - at).min() <= 36 for at in reference]
    assert sum(near) >= len(reference) - 1
    assert len(beats) <= len(reference) + 1


def _annotated(path: Path) -> np.ndarray:
    """Sample numbers of the beats in an MIT annotation file (types 1 to 13 are beats)."""
    words, at, places = np.fromfile(path, "<u2"), 0, []
    skip = 0
    for i, word in enumerate(words):
        if skip:
            skip -= 1
            continue
        kind, number = word >> 10, int(word & 0x3FF)
        if kind == 59:
            at += (int(words[i + 1]) << 16) + int(words[i + 2])
            skip = 2
        elif kind == 63:
            skip = (number + 1) // 2
        elif kind not in (60, 61, 62):
            at += number
            if 1 <= kind <= 13:
                places.append(at)
    return np.array(places)


@pytest.mark.parametrize("seed", range(4))
def test_the_demonstration_has_the_elevation_that_was_asked_for(seed):
    before = measure_st(demo_ecg({}, seconds=10, seed=seed)).j_uv
    after = measure_st(demo_ecg({"II": 0.2, "III": 0.3, "I": -0.1, "V2": -0.15}, seconds=10, seed=seed)).j_uv
    for name, wanted in {
        "II": 200,
        "III": 300,
        "aVF": 250,
        "I": -100,
        "aVL": -200,
        "V2": -150,
        "V6": 0,
    }.items():
        assert after[name] - before[name] == pytest.approx(wanted, abs=35), name


def test_the_demonstration_says_what_it_is_and_repeats_by_its_seed():
    made = demo_ecg(seconds=12, seed=5)
    assert made.demonstration
    assert made.source == "demonstration signal"
    assert made.seconds == 12
    assert made.content_hash() == demo_ecg(seconds=12, seed=5).content_hash()
    assert made.content_hash() != demo_ecg(seconds=12, seed=6).content_hash()
    assert stemi_finding(measure_st(made), age=58, sex="M").meets
    assert not stemi_finding(measure_st(demo_ecg({}, 12, 5)), age=58, sex="M").meets


def test_einthoven_holds_in_the_demonstration():
    made = demo_ecg(seconds=5, seed=1)
    assert np.abs(made.microvolts("I") + made.microvolts("III") - made.microvolts("II")).max() <= 2.5


def test_a_lead_that_is_off_or_saturated_is_flagged_and_not_judged():
    made = demo_ecg(seconds=10, seed=2)
    samples = made.samples.copy()
    samples[made.leads.index("V4")] = -32768
    samples[made.leads.index("V5"), 100:200] = 32767
    spoiled = Recording(made.leads, made.rate_hz, made.uv_per_lsb, samples)
    measured = measure_st(spoiled)
    assert measured.problems["V4"] == ("missing",)
    assert measured.problems["V5"] == ("saturated",)
    assert "V4" not in measured.j_uv
    assert {"V4", "V5"} <= set(stemi_finding(measured, age=58, sex="M").incomplete)


def test_no_beats_no_measurement():
    with pytest.raises(NoBeats, match="at least 5 seconds"):
        measure_st(demo_ecg(seconds=1.2))
    flat = Recording(("I", "II"), 500, 2.5, np.zeros((2, 5000), np.int16))
    with pytest.raises(NoBeats, match="electrodes"):
        measure_st(flat)
