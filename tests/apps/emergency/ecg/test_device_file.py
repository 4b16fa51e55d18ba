"""Device files: read as they state themselves, or refused with a reason."""

from datetime import timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from banyan.apps.emergency.ecg.device_file import BadEcg, read_ecg, readable_formats
from banyan.apps.emergency.ecg.leads import SATURATED, TWELVE
from banyan.apps.emergency.ecg.recording import from_microvolts
from tests.apps.emergency.ecg.files import content, found, recording, rows


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "emergency-tech" / "ecg"


@pytest.fixture(scope="module")
def real_infarction(shared_data: Path) -> Path:
    return shared_data / "emergency" / "ecg" / "s0010_re.hea"


def test_every_file_is_read_as_it_states_itself(folder):
    for row in rows(folder / "expected_files.csv"):
        if row["format"] == "refused":
            continue
        made = recording(found(folder, row["file"]))
        first = made.microvolts(made.leads[0]) / 1000
        assert made.source == row["format"]
        assert list(made.leads) == row["lead_labels"].split(), row["file"]
        assert (made.rate_hz, made.samples.shape[1]) == (float(row["fs_hz"]), int(row["samples"]))
        assert (first.min(), first.max()) == pytest.approx(
            (float(row["first_lead_min_mv"]), float(row["first_lead_max_mv"])), abs=0.001
        )
        stated = made.stated
        assert str(stated.age or "") == row["age"], row["file"]
        assert (stated.sex or "U") == (row["sex"] or "U")
        assert [str(v or "") for v in (stated.heart_rate, stated.pr_ms, stated.qrs_ms, stated.qt_ms)] == [
            row[f"device_{what}"] for what in ("hr", "pr_ms", "qrs_ms", "qt_ms")
        ]
        assert "; ".join(stated.statements) == row["device_statements_or_reason"]


def test_broken_and_foreign_files_are_refused_with_the_reason(folder):
    refused = [row for row in rows(folder / "expected_files.csv") if row["format"] == "refused"]
    assert refused
    for row in refused:
        path = found(folder, row["file"])
        with pytest.raises(BadEcg) as problem:
            read_ecg(content(path), path.name.removesuffix(".xz"))
        assert row["device_statements_or_reason"] in str(problem.value)


@pytest.mark.parametrize(
    ("raw", "name", "reason"),
    [
        (b"", "a.scp", "empty"),
        (b"%PDF-1.7 not an ecg", "report.pdf", "Readable are"),
        (b"\x89PNG\r\n" + b"0" * 500, "photo.png", "Readable are"),
        (b"<?xml version='1.0'?><a/>", "a.xml", "Readable are"),
        (b"\0" * 2000, "zero.bin", "cannot be read"),
    ],
)
def test_what_is_no_ecg_is_refused(raw, name, reason):
    with pytest.raises(BadEcg, match=reason):
        read_ecg(raw, name)


def test_a_file_cut_short_is_refused_not_half_read(folder):
    whole = content(folder / "scp_2007.scp")
    for part in (len(whole) // 2, 200, 20):
        with pytest.raises(BadEcg):
            read_ecg(whole[:part], "scp_2007.scp")


def test_a_header_without_its_signal_says_which_file_is_missing(real_infarction):
    with pytest.raises(BadEcg, match="s0010_re"):
        read_ecg(real_infarction.read_bytes(), "s0010_re.hea")


def test_a_name_cannot_leave_its_folder(folder):
    raw = content(folder / "scp_2007.scp")
    assert read_ecg(raw, "../../../tmp/evil.scp").leads[0] == "I"


def test_the_device_time_gets_the_zone_of_the_region_or_is_left_out(folder):
    raw = content(folder / "sierra_129DYPRG.XML")
    assert read_ecg(raw, "a.xml").recorded_at is None
    at = read_ecg(raw, "a.xml", zone=timezone(timedelta(hours=8))).recorded_at
    assert at is not None
    assert at.isoformat() == "2011-12-01T07:27:34+08:00"


def test_the_same_ecg_is_recognised_by_its_content(folder):
    raw = content(folder / "sierra_129DYPRG.XML")
    one, again = read_ecg(raw, "a.xml"), read_ecg(raw, "sent-again.xml")
    assert one.content_hash() == again.content_hash()
    other = recording(found(folder, "sierra_ad4d3d80.xml.xz"))
    assert other.content_hash() != one.content_hash()


def test_missing_limb_leads_follow_from_one_and_two(folder):
    whole = recording(folder / "sierra_129DYPRG.XML")
    rows_of = [whole.leads.index(name) for name in ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")]
    eight = from_microvolts({whole.leads[i]: whole.microvolts(whole.leads[i]) for i in rows_of}, 500, 5.0)
    twelve = eight.twelve()
    assert twelve.leads == TWELVE
    for name in ("III", "aVR", "aVL", "aVF"):
        beats = slice(0, 5250)  # the device's calibration pulse follows, the same in every lead
        assert np.abs(twelve.microvolts(name) - whole.microvolts(name))[beats].max() <= 20
    assert "III" in eight.problems()
    assert "III" not in twelve.problems()


def test_the_frank_leads_of_a_record_are_left_out(real_infarction):
    assert recording(real_infarction).leads == TWELVE


def test_an_amplifier_at_its_end_is_marked():
    volts = np.zeros(1000)
    volts[300:400] = 5000.0
    volts[500:560] = np.nan
    made = from_microvolts({"I": volts, "II": np.arange(1000.0)}, 500, 0.1)
    assert made.problems()["I"] == ("gaps", "saturated")
    assert (made.lead("I")[300:400] == SATURATED).all()


def test_formats_are_named():
    assert len(readable_formats()) >= 8
