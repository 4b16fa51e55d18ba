"""The demo's people at work: accounts to sign in with, and their FHIR resources."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from banyan.demo.institutions import DISPATCH_CENTRE, HOSPITALS
from banyan.demo.names import ROLE, STAFF_NUMBER, Resource, concept, reference, translated

ROLE_NAMES: Final = {
    "dispatcher": ("调度员", "Dispatcher"),
    "crew": ("车组", "Ambulance crew"),
    "emergency_nurse": ("急诊护士", "Emergency nurse"),
    "emergency_doctor": ("急诊医师", "Emergency doctor"),
    "cardiologist": ("心内科医师", "Cardiologist"),
    "quality_officer": ("质控", "Quality officer"),
    "chief": ("主任", "Chief"),
    "administrator": ("管理员", "Administrator"),
    "registrar": ("登记员", "Registrar"),
}


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo. The password is made by `banyan demo` and printed there."""

    user: str
    zh: str
    en: str
    role: str
    institution: str
    unit: str | None = None

    @property
    def practitioner(self) -> str:
        return f"staff-{self.user}"


def accounts() -> tuple[DemoAccount, ...]:
    """Everyone who can sign in; the first of each role is the one that the demo names."""
    return (*_LEADS, *_CREWS, *_NURSES)


def staff() -> Iterator[Resource]:
    """A Practitioner and a PractitionerRole for each account."""
    for number, person in enumerate(accounts(), start=1):
        zh, en = ROLE_NAMES[person.role]
        yield {
            "resourceType": "Practitioner",
            "id": person.practitioner,
            "identifier": [{"system": STAFF_NUMBER, "value": f"{20000 + number:06d}"}],
            "active": True,
            "name": [{"use": "official", "text": person.zh, "_text": translated(person.en)}],
        }
        yield {
            "resourceType": "PractitionerRole",
            "id": f"{person.practitioner}-role",
            "active": True,
            "practitioner": reference("Practitioner", person.practitioner, person.zh),
            "organization": reference("Organization", person.institution),
            "code": [concept(ROLE, person.role, zh, en)],
            **({"location": [reference("Location", person.unit)]} if person.unit else {}),
        }


_CENTRE: Final = DISPATCH_CENTRE[0]
_LEADS: Final = (
    DemoAccount("wangmin", "王敏", "Wang Min", "dispatcher", _CENTRE),
    DemoAccount("liqiang", "李强", "Li Qiang", "dispatcher", _CENTRE),
    DemoAccount("linyue", "林悦", "Lin Yue", "crew", _CENTRE, "unit-03"),
    DemoAccount("liumin", "刘敏", "Liu Min", "emergency_nurse", "city-second"),
    DemoAccount("wanglei", "王磊", "Wang Lei", "emergency_doctor", "city-second"),
    DemoAccount("chenzhiyuan", "陈志远", "Chen Zhiyuan", "cardiologist", "city-second"),
    DemoAccount("hejing", "何静", "He Jing", "quality_officer", "city-second"),
    DemoAccount("zhaoguohua", "赵国华", "Zhao Guohua", "chief", _CENTRE),
    DemoAccount("admin", "管理员", "Administrator", "administrator", _CENTRE),
)
_CREW_NAMES: Final = (
    ("01", "zhangbo", "张博", "Zhang Bo"),
    ("02", "sunli", "孙丽", "Sun Li"),
    ("04", "zhoutao", "周涛", "Zhou Tao"),
    ("05", "wuting", "吴婷", "Wu Ting"),
    ("06", "zhenghao", "郑浩", "Zheng Hao"),
    ("07", "qianwei", "钱伟", "Qian Wei"),
    ("08", "fenglei", "冯蕾", "Feng Lei"),
    ("09", "chuyan", "褚燕", "Chu Yan"),
    ("10", "weidong", "魏东", "Wei Dong"),
    ("11", "jiangtao", "蒋涛", "Jiang Tao"),
    ("12", "shenna", "沈娜", "Shen Na"),
)
_CREWS: Final = tuple(
    DemoAccount(user, zh, en, "crew", _CENTRE, f"unit-{number}") for number, user, zh, en in _CREW_NAMES
)
_NURSE_NAMES: Final = {
    "city-first": ("huangqian", "黄倩", "Huang Qian"),
    "north": ("songyu", "宋雨", "Song Yu"),
    "south": ("tangning", "唐宁", "Tang Ning"),
    "children": ("hanmei", "韩梅", "Han Mei"),
    "harbour": ("pengyong", "彭勇", "Peng Yong"),
}
_NURSES: Final = tuple(
    DemoAccount(*_NURSE_NAMES[hospital.id], "emergency_nurse", hospital.id)
    for hospital in HOSPITALS
    if hospital.id in _NURSE_NAMES
)
