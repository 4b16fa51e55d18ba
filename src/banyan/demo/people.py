"""Invented residents: Chinese names with pinyin, identifiers that are valid by checksum, masked phones."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Final

from banyan.demo.names import RESIDENT_ID, Resource, translated

# No place's code begins with 0, so that no demo number can be a living person's, while each has the length,
# the birth date, the order by sex and the check digit of GB 11643.
TEST_AREA: Final = "000000"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"

_SURNAMES: Final = (
    "王 Wang|李 Li|张 Zhang|刘 Liu|陈 Chen|杨 Yang|黄 Huang|赵 Zhao|吴 Wu|周 Zhou|徐 Xu|孙 Sun|马 Ma|朱 Zhu|"
    "胡 Hu|郭 Guo|何 He|林 Lin|高 Gao|罗 Luo|郑 Zheng|梁 Liang|谢 Xie|宋 Song|唐 Tang|许 Xu|韩 Han|冯 Feng"
)
# Given names of the old and of the young: (women, men) for each.
_OLD: Final = (
    "秀兰 Xiulan|桂英 Guiying|秀珍 Xiuzhen|玉梅 Yumei|丽华 Lihua|淑芬 Shufen|春梅 Chunmei|凤英 Fengying",
    "建国 Jianguo|国栋 Guodong|德福 Defu|永康 Yongkang|建华 Jianhua|志明 Zhiming|福生 Fusheng|德明 Deming",
)
_YOUNG: Final = (
    "敏 Min|静 Jing|艳 Yan|娜 Na|婷 Ting|欣怡 Xinyi|雨桐 Yutong|梓涵 Zihan|思琪 Siqi|佳怡 Jiayi|晓燕 Xiaoyan",
    "志强 Zhiqiang|伟 Wei|强 Qiang|杰 Jie|磊 Lei|浩然 Haoran|子轩 Zixuan|宇航 Yuhang|俊杰 Junjie|文博 Wenbo",
)


@dataclass(frozen=True)
class Resident:
    """Who an invented person is."""

    zh: str
    en: str
    female: bool
    born: date
    resident_id: str
    phone: str


def a_resident(seed: str, *, female: bool, born: date) -> Resident:
    """A resident drawn from the seed: the same seed gives the same person."""
    draw = random.Random(seed)  # noqa: S311 - invented people, nothing secret
    surname_zh, surname_en = draw.choice(_SURNAMES.split("|")).split()
    women, men = _OLD if born.year < 1965 else _YOUNG
    given_zh, given_en = draw.choice((women if female else men).split("|")).split()
    order = draw.randrange(1, 499) * 2 + (0 if female else 1)
    phone = f"13{draw.randrange(10)}****{draw.randrange(10_000):04d}"
    number = resident_number(born, order)
    return Resident(surname_zh + given_zh, f"{surname_en} {given_en}", female, born, number, phone)


def resident_number(born: date, order: int) -> str:
    """A resident number of the test area. The order is even for women and odd for men.

    Source: GB 11643-1999, check digit by ISO 7064 MOD 11-2.
    """
    body = f"{TEST_AREA}{born:%Y%m%d}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]


def patient(id: str, resident: Resident, street: str = "") -> Resource:
    """The Patient resource."""
    return {
        "resourceType": "Patient",
        "id": id,
        "active": True,
        "identifier": [{"use": "official", "system": RESIDENT_ID, "value": resident.resident_id}],
        "name": [{"use": "official", "text": resident.zh, "_text": translated(resident.en)}],
        "gender": "female" if resident.female else "male",
        "birthDate": resident.born.isoformat(),
        "telecom": [{"system": "phone", "value": resident.phone, "use": "mobile"}],
        **({"address": [{"use": "home", "text": street}]} if street else {}),
    }
