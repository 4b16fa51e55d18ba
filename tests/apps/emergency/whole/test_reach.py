"""Alerts leave the house: Web Push that the browser can open, and a signed hook, tried again until taken."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import hmac
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import http_ece
import msgspec
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import b64urlencode

from banyan.access import Principal
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.service.outgoing import deliver, queue_hook, queue_push
from banyan.apps.emergency.service.push import public_key, subscribe
from banyan.apps.emergency.service.vapid import hook_secret
from banyan.platform import Platform

CREW = Principal(user="linyue", name="Lin Yue", roles=("crew",))


class Receiver:
    """What stands on the other side: a small HTTP server that answers with the statuses it was given."""

    def __init__(self, statuses: list[int]) -> None:
        self.statuses, self.got = statuses, list[tuple[str, dict[str, str], bytes]]()
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.got.append((first.split()[1], headers, body))
        status = self.statuses.pop(0) if self.statuses else 201
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(*statuses: int) -> AsyncIterator[Receiver]:
    receiver = Receiver(list(statuses))
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield receiver


def reaching(platform: Platform, **hooks: str) -> Platform:
    return dataclasses.replace(platform, settings=msgspec.structs.replace(platform.settings, hooks=hooks))


async def due_now(platform: Platform) -> None:
    async with platform.pool.connection() as conn:
        await conn.execute("update emergency.outgoing set due_at = now()")


async def left(platform: Platform) -> list[tuple[Any, ...]]:
    async with platform.pool.connection() as conn:
        cursor = await conn.execute(
            "select way, done_at is not null, given_up_at is not null, attempts from emergency.outgoing"
        )
        return await cursor.fetchall()


@pytest.fixture(autouse=True)
async def nothing_waits(platform: Platform) -> None:
    async with platform.pool.connection() as conn:
        await conn.execute("delete from emergency.outgoing")
        await conn.execute("delete from emergency.push_subscription")


async def test_a_push_reaches_the_browser_which_alone_can_open_it(platform: Platform) -> None:
    browser, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    point = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    async with receiving(201) as service:
        reach = reaching(platform, push_origins=service.url)
        keys = {"p256dh": b64urlencode(point), "auth": b64urlencode(auth)}
        await subscribe(reach, CREW, {"endpoint": f"{service.url}/push/1", "keys": keys})
        async with platform.pool.connection() as conn:
            assert await queue_push(conn, ["linyue"], {"kind": "order", "case": "c1"}) == 1
            assert await queue_push(conn, ["nobody"], {"kind": "order"}) == 0
        await deliver(reach)
    [(path, headers, body)] = service.got
    assert path == "/push/1"
    assert headers["authorization"].startswith("vapid t=")
    assert headers["authorization"].endswith(public_key(reach))
    opened = orjson.loads(http_ece.decrypt(body, private_key=browser, auth_secret=auth, version="aes128gcm"))
    assert (opened["kind"], opened["case"]) == ("order", "c1")
    assert await left(platform) == [("push", True, False, 1)]


async def test_a_device_that_is_gone_is_forgotten(platform: Platform) -> None:
    async with receiving(410) as service:
        reach = reaching(platform, push_origins=service.url)
        point = ec.generate_private_key(ec.SECP256R1()).public_key()
        raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": b64urlencode(raw), "auth": b64urlencode(os.urandom(16))}
        await subscribe(reach, CREW, {"endpoint": f"{service.url}/push/2", "keys": keys})
        async with platform.pool.connection() as conn:
            await queue_push(conn, ["linyue"], {"kind": "order"})
        await deliver(reach)
        async with platform.pool.connection() as conn:
            assert await queue_push(conn, ["linyue"], {"kind": "order"}) == 0


async def test_the_hook_is_signed_and_tried_again_until_it_is_taken(platform: Platform) -> None:
    async with receiving(503, 200) as service:
        reach = reaching(platform, sms=f"{service.url}/sms")
        async with platform.pool.connection() as conn:
            assert await queue_hook(conn, reach.settings, {"kind": "unanswered", "unit": "unit-03"})
        await deliver(reach)
        await deliver(reach)
        assert len(service.got) == 1, "not again before its pause is over"
        await due_now(platform)
        await deliver(reach)
    assert [orjson.loads(body)["unit"] for _, _, body in service.got] == ["unit-03", "unit-03"]
    assert orjson.loads(service.got[0][2])["id"] == orjson.loads(service.got[1][2])["id"]
    stamp, mark = (part.split("=")[1] for part in service.got[1][1]["x-banyan-signature"].split(","))
    expected = hmac.new(hook_secret(reach.settings), f"{stamp}.".encode() + service.got[1][2], hashlib.sha256)
    assert hmac.compare_digest(expected.hexdigest(), mark)
    assert await left(platform) == [("hook", True, False, 2)]


async def test_a_hook_that_refuses_for_good_or_comes_too_late_is_given_up(platform: Platform) -> None:
    async with receiving(400) as service:
        reach = reaching(platform, sms=service.url)
        async with platform.pool.connection() as conn:
            await queue_hook(conn, reach.settings, {"kind": "x"})
            await queue_hook(conn, reach.settings, {"kind": "y"})
            await conn.execute(
                "update emergency.outgoing set until = now() - interval '1 s' where payload->>'kind' = 'y'"
            )
        await deliver(reach)
        assert len(service.got) == 1
    assert all(given_up for _, _, given_up, _ in await left(platform))


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:8080/", "https://inside.example/x", "ftp://x", "", "https://10.0.0.1/"]
)
async def test_an_address_that_is_no_push_service_is_refused(platform: Platform, endpoint: str) -> None:
    with pytest.raises(EmergencyError, match="push service"):
        await subscribe(platform, CREW, {"endpoint": endpoint, "keys": {"p256dh": "x", "auth": "y"}})


async def test_without_a_hook_nothing_is_queued(platform: Platform) -> None:
    async with platform.pool.connection() as conn:
        assert not await queue_hook(conn, platform.settings, {"kind": "x"})
    assert await left(platform) == []
