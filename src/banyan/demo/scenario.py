"""The story's cases: who calls, what is found, what is done, when the network is away."""

from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class Drug:
    """A medicine and how long after first contact it is given."""

    after_s: int
    text: str
    dose: float
    unit: str
    route: str
    code: str | None = None


@dataclass(frozen=True)
class Scene:
    """One rescue. Seconds count from the story's start for `call_at`, from first contact for the others."""

    key: str
    call_at: int
    complaint: str
    answers: dict[str, str]
    caller: dict[str, str]
    pathway: str
    level: int
    vitals: tuple[tuple[int, Values], ...]
    patient: Values = field(default_factory=dict)
    story_patient: str | None = None
    unknown: bool = False
    ecg: dict[str, float] | None = None
    ecg_seconds: int = 0
    drugs: tuple[Drug, ...] = ()
    assessments: tuple[tuple[str, Values], ...] = ()
    note: str = ""
    onset_min: int | None = None
    on_scene_s: int = 540
    away: tuple[int, int] | None = None  # without network between these seconds after first contact
    hospital_points: tuple[tuple[str, int], ...] = ()  # after arrival at the door
    reading: str = ""
    place: tuple[float, float] | None = None
    address: str = ""


_CHEST: Values = {"o2": False, "consciousness": "A", "temp": 36.4, "pain": 8}

STEMI = Scene(
    key="stemi",
    call_at=45,
    complaint="chest-pain",
    answers={
        "awake": "yes",
        "breathing": "short",
        "since": "under-12h",
        "character": "pressing",
        "sweating": "yes",
    },
    caller={"name": "周建国", "phone": "13800002716", "relation": "son"},
    pathway="stemi",
    level=1,
    story_patient="stemi",
    onset_min=35,
    vitals=(
        (45, {**_CHEST, "hr": 88, "rr": 22, "sbp": 98, "dbp": 62, "spo2": 93}),
        (330, {**_CHEST, "hr": 94, "rr": 24, "sbp": 92, "dbp": 60, "spo2": 91}),
        (520, {**_CHEST, "hr": 86, "rr": 22, "sbp": 98, "dbp": 62, "spo2": 95, "o2": True, "pain": 6}),
    ),
    ecg={"II": 0.25, "III": 0.32, "aVF": 0.28, "I": -0.08, "aVL": -0.16},
    ecg_seconds=180,
    drugs=(
        Drug(300, "阿司匹林", 300, "mg", "chewed", "B01AC06"),
        Drug(430, "替格瑞洛", 180, "mg", "oral", "B01AC24"),
    ),
    assessments=(("killip", {"finding": "No signs of congestion"}),),
    note="持续压榨样胸痛，向左臂放射，伴冷汗。",
    on_scene_s=540,
    reading="急性下壁 ST 段抬高型心肌梗死，请加做 V3R–V4R、V7–V9。",
    hospital_points=(
        ("blood_drawn", 120),
        ("cathlab_ready", 60),
        ("consent_start", 150),
        ("consent_signed", 330),
        ("arrive_cathlab", 420),
        ("troponin_reported", 840),
        ("puncture", 600),
        ("angio_start", 690),
        ("wire_cross", 960),
    ),
)
STROKE = Scene(
    key="stroke",
    call_at=240,
    complaint="stroke",
    answers={"awake": "yes", "face": "yes", "arm": "yes", "speech": "no", "since": "under-4h"},
    caller={"name": "何太太", "phone": "13800117117", "relation": "wife"},
    pathway="stroke",
    level=1,
    story_patient="stroke",
    onset_min=50,
    vitals=(
        (
            50,
            {
                "hr": 92,
                "rr": 16,
                "sbp": 178,
                "dbp": 96,
                "spo2": 96,
                "o2": False,
                "consciousness": "A",
                "temp": 36.7,
                "glucose": 7.2,
            },
        ),
        (
            420,
            {
                "hr": 90,
                "rr": 16,
                "sbp": 172,
                "dbp": 94,
                "spo2": 97,
                "o2": False,
                "consciousness": "A",
                "temp": 36.7,
            },
        ),
    ),
    assessments=(
        ("lams", {"face": 1, "arm": 2, "grip": 1}),
        ("fast_ed", {"face": 1, "arm": 2, "speech": 1, "eye_deviation": 1, "denial_neglect": 0}),
    ),
    note="右侧肢体无力，言语不清，房颤服利伐沙班。",
    on_scene_s=480,
    away=(120, 400),
    hospital_points=(("ct_start", 780),),
)
TRAUMA = Scene(
    key="trauma",
    call_at=420,
    complaint="trauma",
    answers={"what": "traffic", "awake": "yes", "bleeding": "some", "trapped": "no", "how-many": "one"},
    caller={"name": "路人", "phone": "13800223344", "relation": "bystander"},
    pathway="trauma",
    level=2,
    story_patient="trauma",
    vitals=(
        (
            60,
            {
                "hr": 118,
                "rr": 24,
                "sbp": 102,
                "dbp": 64,
                "spo2": 95,
                "o2": True,
                "consciousness": "A",
                "temp": 36.0,
                "pain": 7,
            },
        ),
        (
            360,
            {
                "hr": 110,
                "rr": 22,
                "sbp": 108,
                "dbp": 66,
                "spo2": 97,
                "o2": True,
                "consciousness": "A",
                "temp": 36.0,
                "pain": 5,
            },
        ),
    ),
    assessments=(
        ("gcs", {"E": 4, "V": 5, "M": 6}),
        ("shock_index", {"hr": 118, "sbp": 102}),
    ),
    drugs=(Drug(240, "氨甲环酸", 1, "g", "iv", "B02AA02"),),
    note="摩托车倒地，右大腿开放伤，已加压包扎。",
    on_scene_s=420,
    away=(200, 520),
)
CHILD = Scene(
    key="child",
    call_at=600,
    complaint="child",
    answers={"awake": "drowsy", "convulsing": "stopped", "breathing": "no", "rash": "no"},
    caller={"name": "林太太", "phone": "13800148148", "relation": "mother"},
    pathway="other",
    level=2,
    story_patient="child",
    vitals=(
        (
            60,
            {
                "hr": 142,
                "rr": 28,
                "sbp": 96,
                "dbp": 58,
                "spo2": 97,
                "o2": False,
                "consciousness": "V",
                "temp": 39.4,
                "glucose": 5.6,
            },
        ),
    ),
    note="热性惊厥约 3 分钟，已停，嗜睡。",
    on_scene_s=360,
)
UNKNOWN = Scene(
    key="unknown",
    call_at=780,
    complaint="unconscious",
    answers={"breathing": "yes", "seen": "no"},
    caller={"name": "保安", "phone": "13800990011", "relation": "bystander"},
    pathway="other",
    level=1,
    unknown=True,
    patient={"sex": "male"},
    vitals=(
        (
            40,
            {
                "hr": 54,
                "rr": 9,
                "sbp": 104,
                "dbp": 60,
                "spo2": 90,
                "o2": True,
                "consciousness": "P",
                "temp": 35.2,
                "glucose": 2.1,
            },
        ),
        (
            300,
            {
                "hr": 68,
                "rr": 14,
                "sbp": 112,
                "dbp": 66,
                "spo2": 97,
                "o2": True,
                "consciousness": "V",
                "temp": 35.4,
                "glucose": 6.8,
            },
        ),
    ),
    assessments=(("gcs", {"E": 2, "V": 2, "M": 5}),),
    drugs=(Drug(120, "50% 葡萄糖", 40, "mL", "iv", "V06DC01"),),
    note="路边发现，无证件。血糖 2.1，静推葡萄糖后能睁眼。",
    on_scene_s=420,
    away=(60, 300),
)
STORY = (STEMI, STROKE, TRAUMA, CHILD, UNKNOWN)
AWAY = tuple(scene.key for scene in STORY if scene.away)
