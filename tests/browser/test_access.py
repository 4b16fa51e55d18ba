"""People and access in a real browser: sign-in in all its states, people, devices, rules, the audit trail."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from banyan.access import Denied, Principal, platform_principal
from banyan.access.sealer import Sealer
from banyan.apps.access.app import app as access
from banyan.platform import Platform
from banyan.settings import OidcProvider, Settings
from tests.access.provider import SECRET, provider
from tests.browser.accessibility import assert_accessible, assert_reflows, tab_through
from tests.browser.conftest import OpenPage
from tests.web.site import Site, open_site

pytestmark = pytest.mark.browser
PASSWORD = "banyan-demo-1"
NURSE = Principal("gaoxiang", "Gao Xiang", ("emergency_nurse",), institution="h6")


@pytest.fixture(scope="module")
async def patient(platform: Platform) -> str:
    """A patient whom one hospital treats, and into whose record another one broke."""
    seed = platform_principal("seed")
    async with platform.door.act(seed, "write") as act:
        for id_, zh, en in (("h2", "市第二医院", "City Second"), ("h6", "市第六医院", "City Sixth")):
            await act.update({"resourceType": "Organization", "id": id_, "name": zh, "alias": [en]})
        made = await act.create({"resourceType": "Patient", "name": [{"text": "周秀兰"}], "gender": "female"})
        await act.grant(patient=made.stored.id, institution="h2", because="Notice to City Second, case 0047")
    id_ = made.stored.id
    doctor = Principal("wanglei", "Wang Lei", ("emergency_doctor",), institution="h2")
    await platform.door.read(doctor, "Patient", id_)
    for _ in range(3):
        with pytest.raises(Denied):
            await platform.door.read(NURSE, "Patient", id_)
    await platform.door.break_glass(NURSE, id_, "Unconscious, no family, allergies needed")
    await platform.door.read(NURSE, "Patient", id_)
    async with platform.pool.connection() as conn:
        await Sealer(platform.accounts.keys).seal(conn)
    return id_


@pytest.fixture(scope="module")
async def site(settings: Settings, platform: Platform, patient: str) -> AsyncIterator[Site]:
    async with open_site(settings, platform, (access,)) as opened:
        for user, roles, institution in (
            ("wanglei", ["emergency_doctor"], "h2"),
            ("gaoxiang", ["emergency_nurse"], "h6"),
        ):
            await opened.add(user, *roles, institution=institution)
        yield opened


async def enter(page: Page, name: str, password: str = PASSWORD) -> None:
    await page.fill("#username", name)
    await page.fill("#password", password)
    await page.click("button.go")


PAGES = [
    ("/people", "boss", "administrator"),
    ("/people/wanglei", "boss", "administrator"),
    ("/people/add", "boss", "administrator"),
    ("/access/roles", "boss", "administrator"),
    ("/access/why?who=gaoxiang&patient=PATIENT", "boss", "administrator"),
    ("/access/why?who=wanglei&patient=PATIENT", "boss", "administrator"),
    ("/access/devices", "boss", "administrator"),
    ("/account", "boss", "administrator"),
    ("/audit", "dengkai", "auditor"),
    ("/audit/patient?patient=PATIENT", "dengkai", "auditor"),
    ("/audit/patient?patient=nobody", "dengkai", "auditor"),
    ("/audit/staff", "dengkai", "auditor"),
    ("/", "dengkai", "auditor"),
    ("/my/looks", "citizen7", "citizen"),
]


@pytest.mark.parametrize(("lang", "theme", "width"), [("zh-CN", "light", 390), ("en", "dark", 1440)])
@pytest.mark.parametrize(("path", "user", "role"), PAGES)
async def test_every_page_is_accessible_and_reflows(
    site: Site,
    open_page: OpenPage,
    patient: str,
    path: str,
    user: str,
    role: str,
    lang: str,
    theme: str,
    width: int,
) -> None:
    page = await open_page(
        site, path.replace("PATIENT", patient), user, role, lang=lang, theme=theme, width=width
    )
    await expect(page.locator("h1").first).to_be_attached()
    await page.wait_for_timeout(200)
    await assert_accessible(page)
    if width == 1440:
        await assert_reflows(page)


@pytest.mark.parametrize(
    "path", ["/signin", "/signin?expired=1&next=/people", "/signin/forgot", "/signin/new-password/x"]
)
@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
async def test_sign_in_is_accessible(
    site: Site, chromium: Browser, path: str, theme: str, width: int
) -> None:
    context = await chromium.new_context(viewport={"width": width, "height": 844})
    await context.add_cookies([{"name": "banyan_theme", "value": theme, "url": site.url}])
    page = await context.new_page()
    await page.goto(site.url + path)
    await assert_accessible(page)
    if width == 1440:
        await assert_reflows(page)
    await context.close()


async def test_wrong_then_right_password_goes_on_to_the_page_that_was_wanted(
    site: Site, chromium: Browser
) -> None:
    await site.add("petra", "administrator")
    context = await chromium.new_context(locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{site.url}/people")
    await expect(page).to_have_url(f"{site.url}/signin?next=/people")
    await enter(page, "petra", "wrong password")
    await expect(page.locator(".sum")).to_contain_text("4 tries are left")
    await expect(page.locator("#username")).to_have_value("petra")
    await assert_accessible(page)
    await enter(page, "petra")
    await expect(page).to_have_url(f"{site.url}/people")
    await page.click(".who summary")
    await page.click("text=Sign out")
    await expect(page).to_have_url(f"{site.url}/signin")
    await page.goto(f"{site.url}/people")
    await expect(page).to_have_url(f"{site.url}/signin?next=/people")
    await context.close()


async def test_a_link_to_elsewhere_is_not_followed(site: Site, chromium: Browser) -> None:
    await site.add("quentin", "administrator")
    for wanted in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        context = await chromium.new_context(locale="en-GB")
        page = await context.new_page()
        await page.goto(f"{site.url}/signin?next={wanted}")
        await enter(page, "quentin")
        await expect(page).to_have_url(f"{site.url}/")
        await context.close()


async def test_an_expired_session_keeps_what_was_typed(site: Site, open_page: OpenPage) -> None:
    page = await open_page(site, "/people/add", "admin8", "administrator")
    await page.fill("#display", "Chen Jing")
    await page.fill("#name", "chenjing")
    await page.check("input[value=crew]")
    await site.platform.accounts.sessions.revoke("admin8", by=platform_principal("test"))
    site.platform.accounts.forget()
    await page.click("button.go")
    await expect(page.locator("h1")).to_have_text("Locked; what you typed is kept")
    await enter(page, "admin8")
    await expect(page).to_have_url(f"{site.url}/people/add")
    await expect(page.locator("#display")).to_have_value("Chen Jing")
    await expect(page.locator("input[value=crew]")).to_be_checked()


async def test_a_new_person_signs_in_by_the_one_time_link(
    site: Site, open_page: OpenPage, chromium: Browser
) -> None:
    page = await open_page(site, "/people/add", "admin8", "administrator")
    await page.fill("#display", "Lin Yue")
    await page.fill("#name", "linyue")
    await page.check("input[value=crew]")
    await expect(page.locator("[data-rules=crew]")).to_be_visible()
    await page.click("button.go")
    link = await page.locator("#link").inner_text()
    context = await chromium.new_context(locale="en-GB")
    await context.add_cookies([{"name": "banyan_lang", "value": "en", "url": site.url}])
    phone = await context.new_page()
    await phone.goto(link)
    await phone.fill("#password", "short")
    await phone.click("button.go")
    await expect(phone.locator(".msg")).to_contain_text("at least 8")
    await phone.fill("#password", "a sentence to remember")
    await phone.click("button.go")
    await expect(phone).to_have_url(f"{site.url}/")
    await phone.goto(link)
    await expect(phone.locator("h1")).to_have_text("This link is used or too old")
    await context.close()


async def test_a_lost_device_is_shut_out(site: Site, open_page: OpenPage, chromium: Browser) -> None:
    await site.add("rosa", "crew")
    context = await chromium.new_context(locale="en-GB")
    phone = await context.new_page()
    await phone.goto(f"{site.url}/signin")
    await enter(phone, "rosa")
    await expect(phone).to_have_url(f"{site.url}/")
    page = await open_page(site, "/access/devices", "admin8", "administrator")
    await page.locator(".dev", has_text="rosa").locator("button").click()
    await expect(page.locator(".note-b")).to_have_text("The device is shut out.")
    await phone.goto(f"{site.url}/account")
    await expect(phone).to_have_url(f"{site.url}/signin?next=/account")
    await enter(phone, "rosa")
    await expect(phone.locator("body")).to_contain_text("reported lost")
    await context.close()


async def test_the_answer_why_names_the_relationship(site: Site, open_page: OpenPage, patient: str) -> None:
    page = await open_page(site, f"/access/why?who=wanglei&patient={patient}", "admin8", "administrator")
    await expect(page.locator(".yes")).to_contain_text("Yes")
    await expect(page.locator(".chain")).to_contain_text("Notice to City Second, case 0047")
    await page.goto(f"{site.url}/access/why?who=wanglei&patient=somebody-else")
    await expect(page.locator(".yes")).to_contain_text("only by breaking the glass")


async def test_roles_change_and_accounts_close(site: Site, open_page: OpenPage) -> None:
    await site.add("stefan", "crew")
    page = await open_page(site, "/people/stefan", "admin8", "administrator")
    await page.check("input[value=dispatcher]")
    await page.click("text=Save the roles")
    account = await site.platform.accounts.get("stefan")
    assert account is not None and account.roles == ("dispatcher", "crew")
    await page.click("button.stop")
    await page.click("dialog button[value=yes]")
    await expect(page.locator(".note-b")).to_contain_text("Closed")
    account = await site.platform.accounts.get("stefan")
    assert account is not None and account.disabled_at is not None


async def test_an_administrator_of_one_institution_sees_its_people_only(
    site: Site, open_page: OpenPage
) -> None:
    page = await open_page(site, "/people", "admin-h2", "administrator", institution="h2")
    await expect(page.locator("#people")).to_contain_text("wanglei")
    await expect(page.locator("#people")).not_to_contain_text("gaoxiang")
    await page.goto(f"{site.url}/people/gaoxiang")
    await expect(page.locator("body")).to_contain_text("belongs to another institution")


async def test_the_officer_reviews_and_checks(site: Site, open_page: OpenPage) -> None:
    page = await open_page(site, "/audit", "dengkai", "auditor")
    await expect(page.locator(".pat").first).to_contain_text("was refused 3 times")
    await expect(page.locator("#glass")).to_contain_text("Unconscious, no family")
    await page.click("text=Check now")
    await expect(page.locator(".proof")).to_contain_text("all intact")
    await page.click("#glass button[value=justified]")
    await expect(page.locator("#glass")).to_contain_text("All are reviewed")


async def test_the_organisations_own_account_signs_in(
    settings: Settings, platform: Platform, chromium: Browser
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = settings.data / "oidc-secret"
    secret.write_text(SECRET)
    hospital = OidcProvider(
        name="hospital",
        issuer=f"http://127.0.0.1:{port}",
        client_id="banyan",
        secret_file=secret,
        label="City Second",
    )
    configured = msgspec.structs.replace(settings, oidc=(hospital,))
    async with open_site(configured, platform, (access,)) as site:
        with provider(f"{site.url}/signin/back/hospital", port):
            context = await chromium.new_context(locale="en-GB")
            page = await context.new_page()
            await page.goto(f"{site.url}/signin?next=/account")
            await page.click("text=Use your account at City Second")
            await page.fill("[name=login]", "zhaomin")
            await page.fill("[name=password]", "x")
            await page.click("button[type=submit]")
            await page.click("button[type=submit]")
            await expect(page).to_have_url(f"{site.url}/account")
            await expect(page.locator("h1")).to_have_text("Zhao Min")
            await context.close()


async def test_the_list_of_people_works_by_keyboard(site: Site, open_page: OpenPage) -> None:
    page = await open_page(site, "/people", "admin8", "administrator")
    reached = await tab_through(page)
    for name in ("Add a person", "time is over", "wanglei"):
        assert any(name in one for one in reached), f"{name} is not reached: {reached}"
