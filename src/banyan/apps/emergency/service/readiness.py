"""What a hospital makes ready for a patient: whom it calls and what it prepares, by pathway."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.words import Words

STATUSES = ("called", "coming", "here")
ROLES: dict[str, Words] = {
    "ed_doctor": {"zh": "急诊医师", "en": "Emergency doctor"},
    "ed_nurse": {"zh": "急诊护士", "en": "Emergency nurse"},
    "cardiologist": {"zh": "心内科医师", "en": "Cardiologist"},
    "interventionist": {"zh": "介入医师", "en": "Interventional cardiologist"},
    "cath_nurse": {"zh": "导管室护士", "en": "Cath lab nurse"},
    "cath_technician": {"zh": "导管室技师", "en": "Cath lab technician"},
    "neurologist": {"zh": "神经内科医师", "en": "Neurologist"},
    "ct_technician": {"zh": "CT 技师", "en": "CT technician"},
    "surgeon": {"zh": "外科医师", "en": "Surgeon"},
    "orthopaedist": {"zh": "骨科医师", "en": "Orthopaedic surgeon"},
    "anaesthetist": {"zh": "麻醉医师", "en": "Anaesthetist"},
    "blood_bank": {"zh": "血库", "en": "Blood bank"},
    "paediatrician": {"zh": "儿科医师", "en": "Paediatrician"},
    "obstetrician": {"zh": "产科医师", "en": "Obstetrician"},
    "intensivist": {"zh": "重症医师", "en": "Intensive care doctor"},
}
_ED = ("ed_doctor", "ed_nurse")
_CATH = ("interventionist", "cath_nurse", "cath_technician")
TEAMS: dict[str, tuple[str, ...]] = {
    "stemi": (*_ED, *_CATH),
    "chest_pain": (*_ED, "cardiologist"),
    "stroke": (*_ED, "neurologist", "ct_technician"),
    "trauma": (*_ED, "surgeon", "orthopaedist", "anaesthetist", "blood_bank"),
    "burns": (*_ED, "surgeon", "anaesthetist"),
    "arrest": (*_ED, "anaesthetist", "intensivist"),
    "obstetric": (*_ED, "obstetrician", "paediatrician"),
}
# A team's readiness is a time of the case, for these pathways the catheter laboratory's.
CATHLAB_TEAMS = ("stemi",)

_BEFORE: Words = {"zh": "到达前", "en": "before arrival"}
_AT_ONCE: Words = {"zh": "到达即做", "en": "at once on arrival"}


def _item(zh: str, en: str, due: Words = _BEFORE) -> tuple[Words, Words]:
    return {"zh": zh, "en": en}, due


ITEMS: dict[str, tuple[Words, Words]] = {
    "resus_bed": _item("抢救床留好", "Resuscitation bed kept free"),
    "monitor": _item("监护、除颤、吸氧就位", "Monitor, defibrillator and oxygen at the bed"),
    "access": _item("静脉通路与采血管备好", "Venous access and blood tubes ready"),
    "ecg_again": _item("到达后复查 12 导联", "12-lead again on arrival", _AT_ONCE),
    "cathlab": _item("启动导管室", "Catheter laboratory activated"),
    "direct": _item("直达导管室的路线和电梯", "Way and lift straight to the catheter laboratory"),
    "antiplatelets": _item("核对抗血小板和抗凝药", "Antiplatelets and anticoagulant checked"),
    "consent": _item("知情同意书备好", "Consent form ready"),
    "troponin": _item("床旁肌钙蛋白", "Bedside troponin", _AT_ONCE),
    "ct_free": _item("CT 留空", "CT kept free"),
    "lysis_drug": _item("溶栓药到床旁", "Lysis drug at the bed"),
    "weight": _item("称重床，按体重备药", "Weighing bed; doses by weight"),
    "glucose": _item("到达即测血糖", "Glucose on arrival", _AT_ONCE),
    "blood": _item("O 型红细胞与大量输血方案", "O red cells and massive transfusion plan"),
    "theatre": _item("手术间预留", "Theatre held"),
    "fast": _item("床旁超声就位", "Bedside ultrasound in place"),
    "pelvis": _item("骨盆带、止血带备好", "Pelvic binder and tourniquets ready"),
    "airway": _item("气道车就位", "Airway trolley in place"),
    "cpr": _item("按压轮换与机械按压备好", "Compression rota and device ready"),
    "child_doses": _item("按体重的儿童剂量表", "Child doses by weight"),
    "delivery": _item("产包与新生儿复苏台", "Delivery set and newborn resuscitaire"),
    "antidote": _item("洗胃与解毒药备好", "Decontamination and antidotes ready"),
    "warming": _item("无菌敷料与保温", "Sterile dressings and warming"),
    "calm_room": _item("安静的诊室，安保知情", "Quiet room; security informed"),
}
_ALWAYS = ("resus_bed", "monitor", "access")
PREPARATIONS: dict[str, tuple[str, ...]] = {
    "stemi": ("cathlab", "direct", "antiplatelets", "consent", "monitor", "access", "troponin"),
    "chest_pain": (*_ALWAYS, "ecg_again", "troponin"),
    "stroke": ("ct_free", "lysis_drug", "weight", "glucose", "monitor", "access"),
    "trauma": (*_ALWAYS, "blood", "fast", "pelvis", "theatre"),
    "burns": (*_ALWAYS, "airway", "warming"),
    "arrest": (*_ALWAYS, "cpr", "airway"),
    "obstetric": (*_ALWAYS, "delivery"),
    "poisoning": (*_ALWAYS, "antidote"),
    "psychiatric": ("calm_room", "access"),
    "other": _ALWAYS,
}


class Member(msgspec.Struct, frozen=True):
    """One of the team: called, coming or here since when; `person`: who answered."""

    role: str
    status: str
    at: datetime
    person: str | None = None
    by: str = ""


class Done(msgspec.Struct, frozen=True):
    """One thing made ready, by whom and when."""

    id: str
    by: str
    at: datetime


def members(case: Case) -> dict[str, Member]:
    text = case.get("team")
    return {each.role: each for each in msgspec.json.decode(text, type=list[Member])} if text else {}


def done(case: Case) -> dict[str, Done]:
    text = case.get("preparation")
    return {each.id: each for each in msgspec.json.decode(text, type=list[Done])} if text else {}


def kept(values: Iterable[Member | Done]) -> dict[str, Any]:
    """As it is written into the case."""
    return {"valueString": msgspec.json.encode(list(values)).decode()}


def team_of(case: Case) -> list[dict[str, Any]]:
    """The team of the case's pathway, and whoever was called besides; not called yet: `status` is null."""
    called = members(case)
    usual = TEAMS.get(case.pathway, _ED)
    return [_member_view(role, called.get(role)) for role in dict.fromkeys((*usual, *called))]


def _member_view(role: str, member: Member | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"role": role, "name": ROLES.get(role, {"zh": role, "en": role})}
    if member is None:
        return {**shown, "status": None, "at": None, "person": None}
    return {**shown, "status": member.status, "at": member.at, "person": member.person}


def preparation_of(case: Case) -> list[dict[str, Any]]:
    """What to make ready for the case's pathway, with who did it."""
    ready = done(case)
    return [
        {
            "id": id_,
            "text": ITEMS[id_][0],
            "due": ITEMS[id_][1],
            "done": {"by": ready[id_].by, "at": ready[id_].at} if id_ in ready else None,
        }
        for id_ in PREPARATIONS.get(case.pathway, _ALWAYS)
    ]


def team_ready(case: Case, called: dict[str, Member]) -> bool:
    """Everybody of the pathway's team is here."""
    usual = TEAMS.get(case.pathway, _ED)
    return all(role in called and called[role].status == "here" for role in usual)
