"""The crew's page without network, with an ended session, a full disk, a lost connection, a wiped store."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page
from pydicom.data import get_testdata_file

from tests.browser.crew_story import (
    CREW,
    Rescue,
    a_region,
    device,
    installed,
    saved,
    sign_in,
    waiting,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def rescue(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rescue]:
    with a_region(seeded, tmp_path_factory.mktemp("crew")) as opened:
        yield opened


@pytest.fixture
async def phone(chromium: Browser, rescue: Rescue) -> AsyncIterator[BrowserContext]:
    context = await device(chromium, url=rescue.url)
    yield context
    await context.close()


async def at_the_patient(phone: BrowserContext, rescue: Rescue) -> tuple[Page, str]:
    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene", "fmc")
    page = await phone.new_page()
    await sign_in(page, rescue)
    await page.locator(".clocks").wait_for()
    await installed(page)
    return page, case


HALF_AN_HOUR = """async (minutes) => {
  const usual = {rr: 18, spo2: 95, sbp: 120, dbp: 70, o2: false, consciousness: 'A', temp: 36.5};
  const saline = {text: 'Saline 0.9%', dose: 250, unit: 'mL', route: 'iv'};
  for (let minute = 0; minute < minutes; minute++) {
    await crew.record([['vitals', {...usual, hr: 60 + minute}]]);
    if (minute % 5 === 0) await crew.record([['note', {text: `minute ${minute}`}]]);
    if (minute % 10 === 0) await crew.record([['medication', saline]]);
  }
}"""


async def test_half_an_hour_without_network_is_sent_once_within_ten_seconds(
    phone: BrowserContext, rescue: Rescue
) -> None:
    page, case = await at_the_patient(phone, rescue)
    await phone.set_offline(True)
    await page.evaluate(HALF_AN_HOUR, 30)
    await page.evaluate("location.hash = 'ecg'")
    await page.set_input_files("input[type=file]", str(get_testdata_file("waveform_ecg.dcm")))
    await page.locator("[data-waiting='40']").first.wait_for()
    await page.reload()  # the device was switched off and on: the page and its facts are there
    await page.locator("[data-waiting='40']").first.wait_for()
    await page.evaluate("location.hash = ''")
    assert "since" in await page.locator(".sync").first.inner_text()

    begun = time.monotonic()
    await phone.set_offline(False)
    await saved(page)
    assert time.monotonic() - begun <= 10
    view = rescue.case(case)
    assert sorted(v["hr"] for v in view["vitals"]) == [60 + minute for minute in range(30)]
    assert (len(view["notes"]), len(view["medications"]), len(view["ecgs"])) == (6, 3, 1)
    assert await waiting(page) == 0


async def test_an_answer_that_is_lost_files_nothing_twice(phone: BrowserContext, rescue: Rescue) -> None:
    page, case = await at_the_patient(phone, rescue)
    lost = 0

    async def lose_the_answer(route: Any) -> None:
        nonlocal lost
        if lost < 2:
            lost += 1
            await route.fetch()  # the server files it, the device never hears so
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/api/emergency/sync", lose_the_answer)
    await page.evaluate("crew.record([['note', {text: 'once'}], ['vitals', {hr: 77}]])")
    await saved(page)
    view = rescue.case(case)
    assert lost == 2
    assert [n["text"] for n in view["notes"]] == ["once"] and [v["hr"] for v in view["vitals"]] == [77]


async def test_what_is_typed_survives_a_reload_and_lies_sealed(phone: BrowserContext, rescue: Rescue) -> None:
    page, _ = await at_the_patient(phone, rescue)
    await phone.set_offline(True)
    await page.evaluate("location.hash = 'notes'")
    await page.locator("#note-text").fill("胸骨后压榨感 40 分钟")
    await page.wait_for_timeout(200)
    await page.reload()
    await page.locator("#note-text").wait_for()
    assert await page.locator("#note-text").input_value() == "胸骨后压榨感 40 分钟"
    await page.locator(".big", has_text="Save the note").tap()
    kept = await page.evaluate(ALL_KEPT)
    assert kept["rows"] >= 2 and "胸骨" not in kept["text"] and "Zhou" not in kept["text"]
    assert kept["extractable"] == [False]
    await phone.set_offline(False)
    await saved(page)


ALL_KEPT = """() => new Promise((resolve) => {
  indexedDB.open('banyan-crew').onsuccess = async ({target: {result: db}}) => {
    const of = (store) => new Promise((done) => {
      db.transaction(store).objectStore(store).getAll().onsuccess = (e) => done(e.target.result);
    });
    const rows = [...await of('facts'), ...await of('drafts'), ...await of('kept')];
    const text = rows.map((row) => new TextDecoder().decode(row.box)).join('');
    resolve({rows: rows.length, text, extractable: (await of('keys')).map((entry) => entry.key?.extractable)});
  };
})"""


async def test_an_ended_session_keeps_everything_and_goes_on_after_signing_in(
    phone: BrowserContext, rescue: Rescue
) -> None:
    page, case = await at_the_patient(phone, rescue)
    cookies = [c for c in await phone.cookies() if c["name"] != "banyan_session"]
    await phone.clear_cookies()
    await phone.add_cookies(cookies)  # type: ignore[arg-type]
    await page.evaluate("crew.record([['note', {text: 'typed after the session ended'}]])")
    await page.locator("[data-sync-state=sign-in]").first.tap()
    await page.fill("#in-password", "not the password")
    await page.locator(".csheet .big").tap()
    await page.locator(".csheet [role=alert]").wait_for()
    await page.fill("#in-password", rescue.password)
    await page.locator(".csheet .big").tap()
    await saved(page)
    assert [n["text"] for n in rescue.case(case)["notes"]] == ["typed after the session ended"]


async def test_signing_out_drops_the_key_and_the_same_user_gets_it_back(
    phone: BrowserContext, rescue: Rescue
) -> None:
    page, case = await at_the_patient(phone, rescue)
    await phone.set_offline(True)
    await page.evaluate("crew.record([['note', {text: 'sealed'}]])")
    for _ in range(2):
        await page.evaluate("crew.signOut()")
        await page.wait_for_timeout(300)
    await phone.set_offline(False)
    await page.goto(f"{rescue.url}/signin")
    assert await page.evaluate(KEYS) == [False]
    await phone.clear_cookies(name="banyan_session")
    await sign_in(page, rescue)
    await saved(page)
    assert [n["text"] for n in rescue.case(case)["notes"]] == ["sealed"]


KEYS = """() => new Promise((resolve) => {
  indexedDB.open('banyan-crew').onsuccess = ({target: {result: db}}) => {
    const asked = db.transaction('keys').objectStore('keys').getAll();
    asked.onsuccess = () => resolve(asked.result.map((entry) => 'key' in entry));
  };
})"""


async def test_a_full_disk_is_said_and_nothing_is_lost_while_the_page_is_open(
    phone: BrowserContext, rescue: Rescue
) -> None:
    page, case = await at_the_patient(phone, rescue)
    session = await phone.new_cdp_session(page)
    await phone.set_offline(True)
    await session.send("Storage.overrideQuotaForOrigin", {"origin": rescue.url, "quotaSize": 1})
    await page.evaluate(
        "crew.record([['note', {text: 'x'.repeat(300000)}], ['note', {text: 'on a full disk'}]])"
    )
    await page.locator(".coffbar", has_text="full").wait_for()
    await session.send("Storage.overrideQuotaForOrigin", {"origin": rescue.url})
    await phone.set_offline(False)
    await saved(page)
    assert "on a full disk" in [n["text"] for n in rescue.case(case)["notes"]]


async def test_a_lost_connection_to_the_store_is_opened_again(phone: BrowserContext, rescue: Rescue) -> None:
    page, case = await at_the_patient(phone, rescue)
    await page.evaluate(LOSE_CONNECTION)
    await page.evaluate("crew.record([['note', {text: 'after the screen lock'}]])")
    await saved(page)
    assert [n["text"] for n in rescue.case(case)["notes"]] == ["after the screen lock"]


# What Safari does to an open connection when the screen locks: it is closed under the page.
LOSE_CONNECTION = """() => new Promise((resolve) => {
  const open = IDBDatabase.prototype.transaction;
  let lost = 2;
  IDBDatabase.prototype.transaction = function (...asked) {
    if (lost-- > 0) { this.close(); }
    return open.apply(this, asked);
  };
  resolve();
})"""


async def test_a_wiped_store_is_said_before_anything_is_typed(phone: BrowserContext, rescue: Rescue) -> None:
    page, _ = await at_the_patient(phone, rescue)
    await phone.set_offline(True)
    await page.evaluate("crew.record([['note', {text: 'gone with the store'}]])")
    session = await phone.new_cdp_session(page)
    await page.goto("about:blank")
    await session.send("Storage.clearDataForOrigin", {"origin": rescue.url, "storageTypes": "indexeddb"})
    await phone.set_offline(False)
    await page.goto(f"{rescue.url}/emergency/crew")
    await page.locator(".toast[role=alert]", has_text="1 items").wait_for()


async def test_a_lost_device_drops_what_it_keeps(phone: BrowserContext, rescue: Rescue) -> None:
    page, _ = await at_the_patient(phone, rescue)
    await phone.set_offline(True)
    await page.evaluate("crew.record([['note', {text: 'on a lost phone'}]])")
    device_id = next(c["value"] for c in await phone.cookies() if "device" in c["name"])
    await report_lost(rescue, device_id)
    await phone.set_offline(False)
    await page.goto(f"{rescue.url}/emergency/crew")
    await page.wait_for_timeout(2500)
    if "signin" not in page.url:
        rows = await page.evaluate(ALL_KEPT)
        assert rows["rows"] == 0


async def report_lost(rescue: Rescue, device_id: str) -> None:
    import psycopg

    from banyan.record.postgres.sharing import shared_database

    with shared_database(rescue.served.data, verb="test", tell=lambda _: None) as running:
        async with await psycopg.AsyncConnection.connect(running.dsn, autocommit=True) as conn:
            await conn.execute(
                "update access.device set lost_at = now(), lost_by = 'admin' where id = %s", (device_id,)
            )
            await conn.execute("update access.session set revoked_at = now() where device = %s", (device_id,))


async def test_a_device_with_a_wrong_clock_says_by_how_much(chromium: Browser, rescue: Rescue) -> None:
    case = rescue.call()
    rescue.state(case, "depart_base", "arrive_scene")
    context = await device(chromium, url=rescue.url)
    await context.add_init_script("const real = Date.now; Date.now = () => real() - 90000;")
    page = await context.new_page()
    await sign_in(page, rescue)
    await page.locator(".big", has_text="With patient").tap()
    await saved(page)
    point = rescue.case(case)["times"]["fmc"]
    await context.close()
    assert point["offset_ms"] == pytest.approx(90_000, abs=2000)
    assert abs(seconds_from_now(point["at"])) < 10


def seconds_from_now(at: str) -> float:
    from datetime import UTC, datetime

    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()


async def test_the_first_load_is_small_and_the_second_needs_no_network(
    phone: BrowserContext, rescue: Rescue
) -> None:
    from tests.browser.crew_figures import bytes_on_the_wire

    page = await phone.new_page()
    await page.goto(f"{rescue.url}/signin")
    await page.fill("[name=username]", CREW)
    await page.fill("[name=password]", rescue.password)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "signin" not in url)
    loaded = await bytes_on_the_wire(page, f"{rescue.url}/emergency/crew")
    assert loaded <= 200_000, loaded
    await installed(page)
    await phone.set_offline(True)
    await page.reload()
    await page.locator(".cab").wait_for()
    await phone.set_offline(False)


# No push service can be reached from a test: the browser's own answer stands in for it, the server's is real.
PUSH_SERVICE = """
Notification.requestPermission = async () => 'granted';
Object.defineProperty(Notification, 'permission', {get: () => globalThis.asked ? 'granted' : 'default'});
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (options) => {
  globalThis.asked = options;
  const keys = {p256dh: 'BNcRd', auth: 'tBHI'};
  return {toJSON: () => ({endpoint: 'https://fcm.googleapis.com/fcm/send/abc', keys})};
};
"""


async def test_a_touch_signs_the_device_up_to_be_woken(phone: BrowserContext, rescue: Rescue) -> None:
    rescue.finish()
    page = await phone.new_page()
    await page.add_init_script(PUSH_SERVICE)
    await sign_in(page, rescue)
    await installed(page)
    async with page.expect_response("**/push/subscriptions") as answered:
        await page.locator("#wake").tap()
    assert (await answered.value).status == 201
    await page.wait_for_selector("#waking[data-state=on]")
    given = await page.evaluate("[asked.userVisibleOnly, asked.applicationServerKey]")
    assert given[0] is True
    assert given[1] == rescue.api(CREW, "GET", "/push/key")["key"]
