"""The server's manners: headers, limits, guards, errors that say what and what to do."""

import httpx
import pytest

from tests.web.site import Site


async def test_every_answer_carries_the_security_headers_and_a_number(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.url) as client:
        answer = await client.get("/health", headers={"X-Request-Id": "case-7"})
    assert answer.headers["x-request-id"] == "case-7"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_health_names_each_part(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.url) as client:
        found = (await client.get("/health")).json()
    assert {"database", "worker", "feed", "disk"} == set(found["parts"])
    assert found["parts"]["database"]["ok"]


async def test_metrics_count_requests_by_route_and_not_by_path(site: Site) -> None:
    async with await site.client("metrics", "auditor") as client:
        await client.get("/fhir/Patient/named-in-the-path")
        text = (await client.get("/metrics")).text
    assert 'route="/fhir/{type}/{id}"' in text
    assert "named-in-the-path" not in text


async def test_who_is_not_signed_in_signs_in_and_comes_back(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.url) as client:
        page = await client.get("/trial?at=1", headers={"Accept": "text/html"})
        api = await client.post("/api/trial/echo", json={})
    assert (page.status_code, page.headers["location"]) == (303, "/signin?next=/trial%3Fat%3D1")
    assert api.status_code == 401
    assert api.headers["content-type"] == "application/problem+json"
    assert "banyan token create" in api.json()["detail"]


async def test_a_page_of_another_role_says_whose_it_is(site: Site) -> None:
    async with await site.client("nurse", "emergency_nurse") as client:
        page = await client.get("/trial", headers={"Accept": "text/html"})
    assert page.status_code == 403
    assert "Dispatcher" in page.text
    assert "This page is not for your role" in page.text


async def test_a_write_from_another_site_is_refused(site: Site) -> None:
    async with await site.client("desk1", "dispatcher") as client:
        del client.headers["x-banyan"]
        foreign = await client.post(
            "/api/trial/echo", json={}, headers={"Origin": "https://elsewhere.example"}
        )
        cross = await client.post("/api/trial/echo", json={}, headers={"Sec-Fetch-Site": "cross-site"})
        silent = await client.post("/api/trial/echo", json={})
        own = await client.post("/api/trial/echo", json={}, headers={"Origin": site.url})
        guarded = await client.post("/api/trial/echo", json={"a": 1}, headers={"X-Banyan": "1"})
    assert [foreign.status_code, cross.status_code, silent.status_code] == [403, 403, 403]
    assert own.status_code == 200
    assert guarded.json() == {"who": "desk1", "a": 1}


async def test_refusals_are_problem_json(site: Site) -> None:
    async with await site.client("desk2", "dispatcher") as client:
        refused = await client.get("/api/trial/refuse")
        invalid = await client.post(
            "/api/trial/echo", content=b"[1]", headers={"Content-Type": "application/json"}
        )
        nothing = await client.get("/api/trial/nothing")
        method = await client.delete("/api/trial/echo")
    assert refused.status_code == 409
    assert refused.json()["detail"] == "Unit 03 is already on the way."
    assert refused.json()["unit"] == "03"
    assert (invalid.status_code, nothing.status_code, method.status_code) == (422, 404, 405)
    assert all(
        a.headers["content-type"] == "application/problem+json" for a in (refused, invalid, nothing, method)
    )


async def test_our_own_mistake_tells_nothing_of_the_patient(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    from banyan.web.logs import JsonLines

    async with await site.client("desk3", "dispatcher") as client:
        answer = await client.get("/api/trial/break?told=secret")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    mine = [record for record in caplog.records if record.name == "banyan.web"]
    assert mine
    assert "secret" not in JsonLines().format(mine[-1])
    assert "ZeroDivisionError" in JsonLines().format(mine[-1])


async def test_a_body_that_is_too_long_is_refused(site: Site) -> None:
    async with await site.client("desk4", "dispatcher") as client:
        declared = await client.post("/trial", content=b"x" * (1024 * 1024 + 1))

        async def endless():
            for _ in range(40):
                yield b"x" * 1024 * 1024

        streamed = await client.post(
            "/api/trial/echo", content=endless(), headers={"Content-Type": "application/json"}
        )
    assert declared.status_code == 413
    assert streamed.status_code == 413
    assert "MiB" in streamed.json()["detail"]


async def test_error_pages_are_pages(site: Site) -> None:
    async with await site.client("desk5", "dispatcher", locale="zh-CN") as client:
        page = await client.get("/nowhere", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "此地址没有内容" in page.text
    assert page.headers["x-request-id"] in page.text


async def test_the_language_is_the_readers_choice(site: Site) -> None:
    async with await site.client("desk6", "dispatcher", locale="zh-CN") as client:
        account = await client.get("/", headers={"Accept": "text/html"})
        chosen = await client.get(
            "/", headers={"Accept": "text/html", "Cookie": client_cookie(client, "banyan_lang=en")}
        )
    assert '<html lang="zh-CN"' in account.text
    assert '<html lang="en"' in chosen.text
    assert "2 calls wait" in chosen.text


def client_cookie(client: httpx.AsyncClient, more: str) -> str:
    return f"banyan_session={client.cookies['banyan_session']}; {more}"


async def test_static_files_travel_compressed_and_never_change(site: Site) -> None:
    from banyan.web.assets import Assets

    url = Assets().url("web/banyan.css")
    async with httpx.AsyncClient(base_url=site.url) as client:
        small = await client.get(url, headers={"Accept-Encoding": "br"})
        plain = await client.get(url, headers={"Accept-Encoding": "identity"})
        outside = await client.get("/static/../server.py")
        encoded = await client.get("/static/%2e%2e/server.py")
    assert small.headers["content-encoding"] == "br"
    assert "immutable" in small.headers["cache-control"]
    assert 0 < int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert int(plain.headers["content-length"]) < 60_000, "the component sheet stays under 60 kB"
    assert outside.status_code == encoded.status_code == 404


async def test_openapi_is_there_for_programs_and_people(site: Site) -> None:
    async with await site.client("desk7", "dispatcher") as client:
        document = (await client.get("/api/openapi.json")).json()
        page = await client.get("/api", headers={"Accept": "text/html"})
    assert "/api/trial/echo" in document["paths"]
    assert "Answers what was sent" in page.text
