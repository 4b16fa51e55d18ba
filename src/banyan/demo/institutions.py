"""The demo's institutions: what each is called, what it can do, how much of it there is."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Hospital:
    """An invented hospital. Beds are (free, all) when the story begins."""

    id: str
    zh: str
    en: str
    short_zh: str
    short_en: str
    departments: tuple[str, ...]
    capabilities: tuple[str, ...]
    resources: dict[str, tuple[int, int]]


DEPARTMENTS: Final = {
    "ed": ("急诊科", "Emergency department"),
    "cath": ("导管室", "Catheter laboratory"),
    "cardiology": ("心内科", "Cardiology"),
    "icu": ("重症医学科", "Intensive care"),
    "neurology": ("神经内科", "Neurology"),
    "surgery": ("外科", "Surgery"),
    "paediatrics": ("儿科", "Paediatrics"),
    "obstetrics": ("产科", "Obstetrics"),
}

HOSPITALS: Final = (
    Hospital(
        "city-first",
        "市第一医院",
        "City First Hospital",
        "市一医院",
        "City First",
        ("ed", "icu", "neurology", "surgery", "cath", "cardiology"),
        (
            "emergency",
            "pci",
            "thrombolysis",
            "ct",
            "stroke_unit",
            "thrombectomy",
            "trauma",
            "icu",
            "trauma_high",
        ),
        {
            "beds": (2, 24),
            "resuscitation": (0, 4),
            "icu": (1, 20),
            "cathlab": (0, 2),
            "ct": (1, 2),
        },
    ),
    Hospital(
        "city-second",
        "市第二医院",
        "City Second Hospital",
        "市二医院",
        "City Second",
        ("ed", "cath", "cardiology", "icu", "neurology"),
        ("emergency", "pci", "thrombolysis", "ct", "stroke_unit", "icu"),
        {
            "beds": (8, 18),
            "resuscitation": (2, 3),
            "icu": (3, 12),
            "cathlab": (1, 1),
            "ct": (1, 1),
        },
    ),
    Hospital(
        "north",
        "北湾医院",
        "North Bay Hospital",
        "北湾医院",
        "North Bay",
        ("ed",),
        ("emergency", "thrombolysis"),
        {"beds": (4, 8), "resuscitation": (1, 1)},
    ),
    Hospital(
        "south",
        "城南医院",
        "South Hospital",
        "城南医院",
        "South",
        ("ed", "surgery"),
        ("emergency", "thrombolysis", "ct", "trauma", "icu", "burns", "poisoning"),
        {"beds": (6, 14), "resuscitation": (2, 2), "icu": (1, 8), "ct": (1, 1)},
    ),
    Hospital(
        "children",
        "妇女儿童医院",
        "Women and Children’s Hospital",
        "妇儿医院",
        "Women & Children",
        ("ed", "paediatrics", "obstetrics"),
        ("emergency", "paediatrics", "obstetrics", "paediatric_icu", "neonatal_icu", "icu", "ct"),
        {"beds": (7, 16), "resuscitation": (1, 2), "icu": (2, 10), "ct": (1, 1)},
    ),
    Hospital(
        "harbour",
        "港城医院",
        "Harbour Hospital",
        "港城医院",
        "Harbour",
        ("ed", "icu", "cardiology"),
        ("emergency", "thrombolysis", "ct", "icu"),
        {"beds": (5, 12), "resuscitation": (1, 2), "icu": (2, 6), "ct": (1, 1)},
    ),
)

PRIMARY_CARE: Final = (
    ("care-jinwan", "金湾社区卫生服务中心", "Jinwan Community Health Centre"),
    ("care-nanshan", "南山社区卫生服务中心", "Nanshan Community Health Centre"),
    ("care-dongpo", "东坡社区卫生服务中心", "Dongpo Community Health Centre"),
    ("care-heping", "和平社区卫生服务中心", "Heping Community Health Centre"),
    ("care-xincheng", "新城社区卫生服务中心", "Xincheng Community Health Centre"),
    ("care-haibin", "海滨社区卫生服务站", "Haibin Health Station"),
    ("care-lvyuan", "绿园社区卫生服务站", "Lüyuan Health Station"),
    ("care-shuguang", "曙光社区卫生服务站", "Shuguang Health Station"),
)

BASES: Final = (
    ("base-north", "北湾急救站", "North Bay ambulance base"),
    ("base-centre", "中心急救站", "Central ambulance base"),
    ("base-harbour", "港城急救站", "Harbour ambulance base"),
    ("base-bay", "海湾急救站", "Bayside ambulance base"),
    ("base-east", "东郊急救站", "East ambulance base"),
    ("base-airport", "机场急救站", "Airport ambulance base"),
)

DISPATCH_CENTRE: Final = ("dispatch-centre", "市急救指挥中心", "City Emergency Dispatch Centre")

_FULL: Final = ("12-lead", "defibrillator", "ventilator", "monitor", "infusion-pump", "stair-chair")
_BASIC: Final = ("aed", "stair-chair")


@dataclass(frozen=True)
class Unit:
    """An ambulance: its number, its crew's level, its base, what it carries."""

    number: str
    advanced: bool
    base: str
    equipment: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"unit-{self.number}"


UNITS: Final = (
    Unit("01", True, "base-centre", _FULL),
    Unit("02", False, "base-centre", _BASIC),
    Unit("03", True, "base-harbour", _FULL),
    Unit("04", False, "base-harbour", _BASIC),
    Unit("05", True, "base-bay", _FULL),
    Unit("06", False, "base-bay", (*_BASIC, "12-lead")),
    Unit("07", True, "base-north", (*_FULL, "paediatric-kit")),
    Unit("08", False, "base-north", (*_BASIC, "12-lead")),
    Unit("09", True, "base-east", (*_FULL, "paediatric-kit", "incubator")),
    Unit("10", False, "base-east", _BASIC),
    Unit("11", True, "base-airport", _FULL),
    Unit("12", False, "base-airport", _BASIC),
)
