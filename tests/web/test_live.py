"""Live events: in order, each once, resumed after a cut, and no faster than a viewer can take them."""

# ruff: noqa: SIM117

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from banyan.record import Author
from banyan.web.live.viewer import Viewer
from tests.web.site import Site

AUTHOR = Author(user="test", system="test")


async def tell(site: Site, topic: str, kind: str, *numbers: int) -> None:
    for number in numbers:
        async with site.platform.record.transaction(AUTHOR) as transaction:
            transaction.tell(topic, kind, {"seq": number})


@contextlib.asynccontextmanager
async def stream(
    client: httpx.AsyncClient, topics: str, since: str = ""
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The events of a stream as they come: {event, id, data}."""
    headers = {"Last-Event-ID": since} if since else {}
    async with client.stream(
        "GET", "/live", params={"topics": topics}, headers=headers, timeout=20
    ) as answer:
        assert answer.status_code == 200, await answer.aread()
        yield _events(answer)


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        if not line and event:
            yield event
            event = {}
        name, _, value = line.partition(": ")
        if name in ("event", "id"):
            event[name] = value
        elif name == "data":
            event["data"] = json.loads(value) if value.startswith("{") else value


async def numbers(events: AsyncIterator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        async for event in events:
            if "event" not in event:
                found.append(event)
            if len(found) == count:
                break
    return found


async def test_events_come_in_order_each_once_to_every_viewer(site: Site) -> None:
    async with await site.client("v1", "dispatcher") as one, await site.client("v2", "dispatcher") as two:
        async with stream(one, "open/a,desk") as first, stream(two, "open/a") as second:
            assert (await anext(first))["event"] == (await anext(second))["event"] == "hello"
            await tell(site, "open/a", "vitals", *range(30))
            await tell(site, "desk", "call", 99)
            seen, other = await numbers(first, 31), await numbers(second, 30)
    assert [event["data"]["data"]["seq"] for event in seen] == [*range(30), 99]
    assert [event["data"]["data"]["seq"] for event in other] == [*range(30)]


async def test_a_cut_stream_resumes_where_it_was(site: Site) -> None:
    async with await site.client("v3", "dispatcher") as client:
        async with stream(client, "open/b") as events:
            await anext(events)
            await tell(site, "open/b", "vitals", 1, 2, 3)
            seen = await numbers(events, 3)
        await tell(site, "open/b", "vitals", 4, 5)
        async with stream(client, "open/b", since=seen[-1]["id"]) as events:
            assert (await anext(events))["event"] == "hello"
            await tell(site, "open/b", "vitals", 6)
            missed = await numbers(events, 3)
    assert [event["data"]["data"]["seq"] for event in missed] == [4, 5, 6]


async def test_a_cursor_of_another_epoch_means_read_the_present(site: Site) -> None:
    async with await site.client("v4", "dispatcher") as client:
        async with stream(client, "open/c", since="elsewhere.0.5") as events:
            assert (await anext(events))["event"] == "hello"
            reset = await anext(events)
    assert (reset["event"], reset["data"]) == ("reset", "old")


async def test_an_expander_gives_the_bytes_of_an_event(site: Site) -> None:
    async with await site.client("v5", "dispatcher") as client, stream(client, "open/d") as events:
        await anext(events)
        await tell(site, "open/d", "frame", 1, 2)
        seen = await numbers(events, 2)
    assert [event["data"]["data"] for event in seen] == [{"frame": 2}, {"frame": 4}]


async def test_topics_are_for_who_may_follow_them(site: Site) -> None:
    async with await site.client("v6", "crew") as client:
        forbidden = await client.get("/live", params={"topics": "desk"})
        unknown = await client.get("/live", params={"topics": "open/a,nothing"})
        none = await client.get("/live")
    assert (forbidden.status_code, unknown.status_code, none.status_code) == (403, 403, 400)
    assert unknown.json()["topics"] == ["nothing"]


async def test_the_first_bytes_push_through_a_buffering_proxy(site: Site) -> None:
    async with await site.client("v7", "dispatcher") as client:
        async with client.stream("GET", "/live", params={"topics": "open/e"}) as answer:
            first = await anext(answer.aiter_bytes())
    assert len(first) >= 2048
    assert answer.headers["content-type"].startswith("text/event-stream")


async def test_a_slow_viewer_is_told_to_resync_and_eats_no_memory() -> None:
    viewer = Viewer(frozenset({"a"}), limit=100)
    for _ in range(50):
        viewer.offer(b"x" * 30)
    assert viewer.lagging
    assert await viewer.take(0.01) == b""
    viewer.caught_up()
    viewer.offer(b"y")
    assert await viewer.take(0.01) == b"y"


@pytest.mark.slow
async def test_hundred_viewers_lose_nothing(site: Site) -> None:
    async with await site.client("v8", "dispatcher") as client:
        cookie = client.cookies["banyan_session"]

        async def watch() -> list[int]:
            async with httpx.AsyncClient(base_url=site.url, cookies={"banyan_session": cookie}) as own:
                async with stream(own, "open/f") as events:
                    await anext(events)
                    ready.release()
                    return [event["data"]["data"]["seq"] for event in await numbers(events, 100)]

        ready = asyncio.Semaphore(0)
        watchers = [asyncio.create_task(watch()) for _ in range(100)]
        for _ in watchers:
            await ready.acquire()
        await tell(site, "open/f", "vitals", *range(100))
        seen = await asyncio.gather(*watchers)
    assert all(one == [*range(100)] for one in seen)


async def test_a_stream_ends_with_its_session(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banyan.web.live.stream.HEARTBEAT", 0.2)
    async with await site.client("v9", "dispatcher") as client:
        async with stream(client, "open/g") as events:
            assert (await anext(events))["event"] == "hello"
            assert (await anext(events))["event"] == "beat"
            who = await site.platform.accounts.principal("v9")
            await site.platform.accounts.sessions.revoke("v9", by=who)
            site.platform.accounts.forget()
            async with asyncio.timeout(10):
                async for event in events:
                    if event["event"] == "refused":
                        break
    assert event["data"] == "session"
