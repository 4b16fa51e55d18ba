"""The FHIR endpoint: every interaction, its headers, and an OperationOutcome for every refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.web.site import Site

FHIR = {"Content-Type": "application/fhir+json"}


@pytest.fixture(scope="module")
async def fhir(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may write the directory of institutions."""
    async with await site.client("registrar1", "administrator", "registrar", "integrator") as client:
        yield client


def an_organization(name: str = "City Second Hospital", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Organization", "active": True, "name": name, **more}


async def create(fhir: httpx.AsyncClient, name: str = "City Second Hospital") -> httpx.Response:
    answer = await fhir.post("/fhir/Organization", json=an_organization(name), headers=FHIR)
    assert answer.status_code == 201, answer.text
    return answer


async def test_metadata_tells_what_runs(fhir: httpx.AsyncClient) -> None:
    statement = (await fhir.get("/fhir/metadata")).json()
    types = {one["type"]: one for one in statement["rest"][0]["resource"]}
    assert statement["fhirVersion"] == "4.0.1"
    assert len(types) >= 140
    assert {"name": "code", "type": "token"}.items() <= next(
        one for one in types["Observation"]["searchParam"] if one["name"] == "code"
    ).items()
    assert statement["implementation"]["url"].endswith("/fhir")


async def test_create_answers_where_and_which_version(fhir: httpx.AsyncClient) -> None:
    made = await create(fhir)
    assert made.headers["etag"] == 'W/"1"'
    assert made.headers["location"].endswith(f"/fhir/Organization/{made.json()['id']}/_history/1")
    assert made.json()["name"] == "City Second Hospital"


async def test_prefer_minimal_answers_nothing_and_outcome_answers_an_outcome(fhir: httpx.AsyncClient) -> None:
    minimal = await fhir.post(
        "/fhir/Organization", json=an_organization(), headers={**FHIR, "Prefer": "return=minimal"}
    )
    said = await fhir.post(
        "/fhir/Organization", json=an_organization(), headers={**FHIR, "Prefer": "return=OperationOutcome"}
    )
    assert (minimal.status_code, minimal.content) == (201, b"")
    assert said.json()["resourceType"] == "OperationOutcome"


async def test_read_vread_history_and_not_modified(fhir: httpx.AsyncClient) -> None:
    id_ = (await create(fhir)).json()["id"]
    changed = await fhir.put(
        f"/fhir/Organization/{id_}",
        json=an_organization("Renamed", id=id_),
        headers={**FHIR, "If-Match": 'W/"1"'},
    )
    read = await fhir.get(f"/fhir/Organization/{id_}")
    same = await fhir.get(f"/fhir/Organization/{id_}", headers={"If-None-Match": 'W/"2"'})
    first = await fhir.get(f"/fhir/Organization/{id_}/_history/1")
    history = (await fhir.get(f"/fhir/Organization/{id_}/_history")).json()
    assert (changed.status_code, changed.headers["etag"]) == (200, 'W/"2"')
    assert read.json()["name"] == "Renamed"
    assert (same.status_code, same.content) == (304, b"")
    assert first.json()["name"] == "City Second Hospital"
    assert history["type"] == "history"
    assert [one["response"]["etag"] for one in history["entry"]] == ['W/"2"', 'W/"1"']


async def test_an_old_version_in_if_match_is_refused(fhir: httpx.AsyncClient) -> None:
    id_ = (await create(fhir)).json()["id"]
    body = an_organization("Other", id=id_)
    stale = await fhir.put(f"/fhir/Organization/{id_}", json=body, headers={**FHIR, "If-Match": 'W/"7"'})
    wrong = await fhir.put(f"/fhir/Organization/{id_}", json=body, headers={**FHIR, "If-Match": "yesterday"})
    assert stale.status_code == 412
    assert stale.json()["resourceType"] == "OperationOutcome"
    assert wrong.status_code == 400


async def test_conditional_create_makes_one(fhir: httpx.AsyncClient) -> None:
    body = an_organization(identifier=[{"system": "urn:sites", "value": "77"}])
    condition = {**FHIR, "If-None-Exist": "identifier=urn:sites|77"}
    first = await fhir.post("/fhir/Organization", json=body, headers=condition)
    second = await fhir.post("/fhir/Organization", json=body, headers=condition)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


async def test_patch_changes_and_delete_is_gone(fhir: httpx.AsyncClient) -> None:
    id_ = (await create(fhir)).json()["id"]
    patched = await fhir.patch(
        f"/fhir/Organization/{id_}",
        json=[{"op": "replace", "path": "/name", "value": "Patched"}],
        headers={"Content-Type": "application/json-patch+json"},
    )
    deleted = await fhir.delete(f"/fhir/Organization/{id_}")
    gone = await fhir.get(f"/fhir/Organization/{id_}")
    assert patched.json()["name"] == "Patched"
    assert deleted.status_code == 204
    assert gone.status_code == 410


async def test_search_by_get_and_post_gives_the_same(fhir: httpx.AsyncClient) -> None:
    await create(fhir, "Eastport Hospital")
    got = (await fhir.get("/fhir/Organization", params={"name": "eastport"})).json()
    posted = (await fhir.post("/fhir/Organization/_search", data={"name": "eastport"})).json()
    assert got["type"] == "searchset"
    assert [one["resource"]["name"] for one in got["entry"]] == ["Eastport Hospital"]
    assert got["entry"][0]["search"] == {"mode": "match"}
    assert [one["resource"]["id"] for one in posted["entry"]] == [
        one["resource"]["id"] for one in got["entry"]
    ]


async def test_pages_follow_the_link_next(fhir: httpx.AsyncClient) -> None:
    for number in range(5):
        await create(fhir, f"Paged {number}")
    names, url = [], "/fhir/Organization?name=paged&_count=2"
    while url:
        page = (await fhir.get(url)).json()
        names += [one["resource"]["name"] for one in page["entry"]]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
    assert sorted(names) == [f"Paged {number}" for number in range(5)]


async def test_a_transaction_is_all_or_nothing(fhir: httpx.AsyncClient) -> None:
    def entry(body: dict[str, Any], url: str = "Organization") -> dict[str, Any]:
        return {"resource": body, "request": {"method": "POST", "url": url}}

    bundle = {"resourceType": "Bundle", "type": "transaction"}
    good = await fhir.post(
        "/fhir", json={**bundle, "entry": [entry(an_organization("Together"))]}, headers=FHIR
    )
    bad = await fhir.post(
        "/fhir",
        json={
            **bundle,
            "entry": [entry(an_organization("Lost")), entry({"resourceType": "Organization", "name": 5})],
        },
        headers=FHIR,
    )
    lost = (await fhir.get("/fhir/Organization?name=lost")).json()
    assert good.status_code == 200, good.text
    assert good.json()["type"] == "transaction-response"
    assert bad.status_code in (400, 422)
    assert not lost["entry"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "content", "status"),
    [
        ("GET", "/fhir/Organisation/1", {}, b"", 404),
        ("GET", "/fhir/Organization/none", {}, b"", 404),
        ("GET", "/fhir/Organization/none/extra/path", {}, b"", 404),
        ("PUT", "/fhir/Organization", FHIR, b"{}", 405),
        ("POST", "/fhir/Organization", {"Content-Type": "application/fhir+xml"}, b"<Organization/>", 415),
        ("POST", "/fhir/Organization", FHIR, b"{", 400),
        ("POST", "/fhir/Organization", FHIR, b"", 400),
        ("POST", "/fhir/Organization", FHIR, b'{"resourceType":"Patient"}', 400),
        ("POST", "/fhir/Organization", FHIR, b'{"resourceType":"Organization","name":5}', 422),
        ("PUT", "/fhir/Organization/a", FHIR, b'{"resourceType":"Organization","id":"b"}', 400),
        ("GET", "/fhir/Organization?_format=xml", {}, b"", 406),
        ("GET", "/fhir/Organization", {"Accept": "application/fhir+xml"}, b"", 406),
        ("GET", "/fhir/Organization/_history?_since=yesterday", {}, b"", 400),
        ("POST", "/fhir", FHIR, b'{"resourceType":"Bundle","type":"searchset"}', 400),
    ],
)
async def test_every_refusal_is_an_operation_outcome(
    fhir: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], content: bytes, status: int
) -> None:
    answer = await fhir.request(method, path, headers=headers, content=content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.json()["issue"][0]["details"]["text"]


async def test_who_has_no_token_is_told_how_to_get_one(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.url) as client:
        answer = await client.get("/fhir/Organization")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "banyan token create" in answer.json()["issue"][0]["diagnostics"]


async def test_numbers_keep_their_precision(fhir: httpx.AsyncClient) -> None:
    body = b"""{"resourceType":"Location","status":"active","name":"Base",
        "position":{"longitude":-71.250,"latitude":-29.900}}"""
    made = await fhir.post("/fhir/Location", content=body, headers=FHIR)
    assert made.status_code == 201, made.text
    read = await fhir.get(f"/fhir/Location/{made.json()['id']}")
    assert b"-71.250" in read.content
    found = await fhir.get("/fhir/Location?name=base")
    assert b"-29.900" in found.content
