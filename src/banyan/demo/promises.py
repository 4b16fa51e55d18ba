"""What the story promises to leave in the record, asked of the record itself over FHIR."""

from dataclasses import dataclass
from typing import Any

import httpx

from banyan.demo.scenario import Scene

POINTS = (
    "call",
    "dispatch",
    "depart_base",
    "arrive_scene",
    "fmc",
    "depart_scene",
    "notice",
    "notice_ack",
    "arrive_door",
    "handover",
)
TIME_POINT = "https://banyan.example/CodeSystem/time-point"
SIGNS = {"hr": "8867-4", "bp": "85354-9", "spo2": "2708-6", "rr": "9279-1"}


@dataclass(frozen=True)
class Promise:
    """One thing that must be there, and whether it is."""

    scene: str
    what: str
    kept: bool
    found: str


async def check(http: httpx.AsyncClient, token: str, scene: Scene, case: str) -> list[Promise]:
    """Everything that one scene promises."""
    record = _Record(http, token, scene, case)
    request = await record.read(f"ServiceRequest/{case}")
    tasks = await record.search("Task", focus=f"ServiceRequest/{case}")
    transport = request.get("encounter", {}).get("reference", "")
    found = [
        record.promise("the call", bool(request.get("subject")), request.get("status", "")),
        record.promise(
            "a completed dispatch", any(t["status"] == "completed" for t in tasks), str(len(tasks))
        ),
        record.promise(
            "a finished transport", (await record.read(transport)).get("status") == "finished", transport
        ),
    ]
    found += await _points(record, scene)
    found += await _signs(record, scene)
    found += await _course(record, scene, transport)
    return found


@dataclass(frozen=True)
class _Record:
    http: httpx.AsyncClient
    token: str
    scene: Scene
    case: str

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def read(self, reference: str) -> dict[str, Any]:
        if not reference:
            return {}
        answer = await self.http.get(f"/fhir/{reference}", headers=self._headers)
        return answer.json() if answer.status_code == 200 else {}

    async def search(self, type_: str, **params: str) -> list[dict[str, Any]]:
        named = {key.replace("_", "-"): value for key, value in params.items()} | {"_count": "500"}
        answer = await self.http.get(f"/fhir/{type_}", params=named, headers=self._headers)
        return (
            [entry["resource"] for entry in answer.json().get("entry", ())]
            if answer.status_code == 200
            else []
        )

    def promise(self, what: str, kept: bool, found: str = "") -> Promise:
        return Promise(self.scene.key, what, kept, found)


async def _points(record: _Record, scene: Scene) -> list[Promise]:
    observed = await record.search(
        "Observation", based_on=f"ServiceRequest/{record.case}", code=f"{TIME_POINT}|"
    )
    there = {c["code"] for each in observed for c in each["code"]["coding"]}
    wanted = [*POINTS, *(point for point, _ in scene.hospital_points)]
    if scene.ecg:
        wanted += ["ecg_done", "ecg_sent"]
    return [record.promise(f"the time point {point}", point in there) for point in wanted]


async def _signs(record: _Record, scene: Scene) -> list[Promise]:
    found = []
    by_hand = len(scene.vitals)
    for sign, code in SIGNS.items():
        rows = await record.search("Observation", based_on=f"ServiceRequest/{record.case}", code=code)
        found.append(record.promise(f"{by_hand} or more of {sign}", len(rows) >= by_hand, str(len(rows))))
    scores = await record.search("Observation", based_on=f"ServiceRequest/{record.case}", category="survey")
    found.append(record.promise("the assessments", len(scores) >= len(scene.assessments), str(len(scores))))
    if scene.ecg:
        ecgs = await record.search("Observation", based_on=f"ServiceRequest/{record.case}", code="11524-6")
        sampled = await record.read(f"Observation/{ecgs[0]['id']}") if ecgs else {}
        leads = [part for part in sampled.get("component", ()) if "valueSampledData" in part]
        found.append(
            record.promise("a 12-lead ECG with its samples", len(leads) == 12, f"{len(leads)} leads")
        )
    return found


async def _course(record: _Record, scene: Scene, transport: str) -> list[Promise]:
    found = []
    based = f"ServiceRequest/{record.case}"
    said = await record.search("Communication", based_on=based)
    notices = [each for each in said if each["category"][0]["coding"][0]["code"] == "notice"]
    taken = [each for each in notices if each["status"] == "completed"]
    found.append(record.promise("an acknowledged notice", bool(taken), f"{len(taken)} of {len(notices)}"))
    given = await record.search("MedicationAdministration", context=transport)
    found.append(record.promise("the medicines given", len(given) >= len(scene.drugs), str(len(given))))
    signed = await record.search("Composition", encounter=transport)
    attested = [each for each in signed if len(each.get("attester", ())) == 2 and each["status"] == "final"]
    found.append(record.promise("a handover signed by both sides", bool(attested)))
    stay = await record.search("Encounter", based_on=based)
    begun = any(each.get("class", {}).get("code") == "EMER" for each in stay)
    found.append(record.promise("the hospital stay", begun))
    if scene.reading:
        reports = await record.search("DiagnosticReport", based_on=based)
        found.append(record.promise("a physician's reading of the ECG", bool(reports)))
    return found
