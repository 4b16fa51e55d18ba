"""Sign-in with a real OpenID Connect provider process: code, PKCE, ID token, and whose account it is."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg_pool import AsyncConnectionPool

from banyan.access import Accounts, SignInError
from banyan.access.federation import account_of
from banyan.access.oidc import Identity, Oidc
from banyan.settings import OidcProvider
from tests.access.conftest import ADMIN
from tests.access.provider import SECRET, provider, sign_in

CALLBACK = "http://127.0.0.1:9/signin/back/hospital"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider(CALLBACK) as address:
        yield address


@pytest.fixture
def oidc(issuer: str, pool: AsyncConnectionPool, tmp_path: Path) -> Oidc:
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    return Oidc(
        OidcProvider(
            name="hospital", issuer=issuer, client_id="banyan", secret_file=secret, label="City Second"
        ),
        pool,
    )


async def identity_of(oidc: Oidc, login: str, **changes: str) -> tuple[Identity, str]:
    away = await oidc.begin(callback=CALLBACK, next_page="/desk", device="d1")
    came_back = parse_qs(urlsplit(await sign_in(away, login, CALLBACK)).query)
    asked = {"code": came_back["code"][0], "state": came_back["state"][0], "device": "d1"} | changes
    return await oidc.finish(callback=CALLBACK, **asked)


async def test_a_role_at_the_provider_makes_an_account_that_lasts(oidc: Oidc, accounts: Accounts) -> None:
    identity, next_page = await identity_of(oidc, "zhaomin")
    assert (identity.name, identity.display, next_page) == ("zhaomin", "Zhao Min", "/desk")
    who = await account_of(accounts, identity)
    assert (who.user, who.roles, who.institution) == ("zhaomin", ("emergency_doctor",), "h2")
    again, _ = await identity_of(oidc, "zhaomin")
    assert await account_of(accounts, again) == who


async def test_an_account_made_beforehand_is_linked(oidc: Oidc, accounts: Accounts) -> None:
    await accounts.add_user("nobody", by=ADMIN, roles=["crew"], institution="ems")
    identity, _ = await identity_of(oidc, "nobody")
    assert (await account_of(accounts, identity)).roles == ("crew",)


async def test_who_has_no_account_and_no_role_is_told_whom_to_ask(oidc: Oidc, accounts: Accounts) -> None:
    identity, _ = await identity_of(oidc, "nobody")
    with pytest.raises(SignInError, match="administrator") as refused:
        await account_of(accounts, identity)
    assert refused.value.kind == "unknown"


async def test_an_account_with_its_own_password_is_never_taken_over(oidc: Oidc, accounts: Accounts) -> None:
    await accounts.add_user("admin", by=ADMIN, roles=["administrator"], password="a long password")
    identity, _ = await identity_of(oidc, "admin")
    with pytest.raises(SignInError):
        await account_of(accounts, identity)


@pytest.mark.parametrize("changes", [{"state": "forged"}, {"device": "other"}, {"code": "forged"}])
async def test_an_answer_that_this_browser_did_not_ask_for_is_refused(
    oidc: Oidc, changes: dict[str, str]
) -> None:
    with pytest.raises(SignInError) as refused:
        await identity_of(oidc, "zhaomin", **changes)
    assert refused.value.kind == "provider"


async def test_an_answer_is_taken_once(oidc: Oidc) -> None:
    away = await oidc.begin(callback=CALLBACK, next_page="/", device=None)
    came_back = parse_qs(urlsplit(await sign_in(away, "zhaomin", CALLBACK)).query)
    asked = {
        "code": came_back["code"][0],
        "state": came_back["state"][0],
        "callback": CALLBACK,
        "device": None,
    }
    await oidc.finish(**asked)
    with pytest.raises(SignInError, match="begun elsewhere"):
        await oidc.finish(**asked)


async def test_a_token_for_another_sign_in_is_refused(oidc: Oidc, pool: AsyncConnectionPool) -> None:
    away = await oidc.begin(callback=CALLBACK, next_page="/", device="d1")
    came_back = parse_qs(urlsplit(await sign_in(away, "zhaomin", CALLBACK)).query)
    async with pool.connection() as conn:
        await conn.execute("update access.oidc_login set nonce = 'another'")
    with pytest.raises(SignInError, match="cannot be trusted"):
        await oidc.finish(
            code=came_back["code"][0], state=came_back["state"][0], callback=CALLBACK, device="d1"
        )


async def test_a_provider_that_does_not_answer_is_named(pool: AsyncConnectionPool) -> None:
    away = Oidc(
        OidcProvider(name="gone", issuer="http://127.0.0.1:9", client_id="banyan", label="Gone"), pool
    )
    with pytest.raises(SignInError, match="Gone does not answer"):
        await away.begin(callback=CALLBACK, next_page="/", device=None)
