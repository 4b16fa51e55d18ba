"""Sign-in with an OpenID Connect provider: authorization code with PKCE, ID token checked by its keys."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from psycopg_pool import AsyncConnectionPool

from banyan.access.errors import SignInError
from banyan.settings import OidcProvider

PATIENCE_SECONDS = 10.0
LOGIN_LIFE_MINUTES = 10
CLOCK_LEEWAY_SECONDS = 60
# What may sign an ID token; "none" and shared-secret algorithms are not taken.
ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says has signed in."""

    provider: str
    subject: str
    name: str
    display: str
    roles: tuple[str, ...]
    institution: str | None


@dataclass
class Oidc:
    """One configured provider."""

    provider: OidcProvider
    pool: AsyncConnectionPool[Any]
    _discovered: dict[str, Any] = field(default_factory=dict)

    async def begin(self, *, callback: str, next_page: str, device: str | None) -> str:
        """The provider's address to send the browser to."""
        found = await self._discovery()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        async with self.pool.connection() as conn:
            await conn.execute(
                "delete from access.oidc_login where created_at < now() - %s * interval '1 minute'",
                (LOGIN_LIFE_MINUTES,),
            )
            await conn.execute(
                "insert into access.oidc_login (state, provider, nonce, verifier, next, device) "
                "values (%s, %s, %s, %s, %s, %s)",
                (state, self.provider.name, nonce, verifier, next_page, device),
            )
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": callback,
            "scope": " ".join(self.provider.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{found['authorization_endpoint']}?{urlencode(query)}"

    async def finish(
        self, *, code: str, state: str, callback: str, device: str | None
    ) -> tuple[Identity, str]:
        """Who came back from the provider, and the page they were going to. Raises SignInError."""
        nonce, verifier, next_page = await self._login(state, device)
        tokens = await self._exchange(code, verifier, callback)
        claims = await self._claims(tokens.get("id_token", ""), nonce)
        if "preferred_username" not in claims and tokens.get("access_token"):
            claims = {**await self._userinfo(tokens["access_token"], claims["sub"]), **claims}
        return self._identity(claims), next_page

    async def _login(self, state: str, device: str | None) -> tuple[str, str, str]:
        """The sign-in that this browser began; each answer is taken once."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(
                "delete from access.oidc_login where state = %s and provider = %s "
                "and device is not distinct from %s "
                "and created_at > now() - %s * interval '1 minute' returning nonce, verifier, next",
                (state, self.provider.name, device, LOGIN_LIFE_MINUTES),
            )
            row = await cursor.fetchone()
        if row is None:
            raise SignInError(
                "provider", "This sign-in was begun elsewhere, is used already or took too long. Begin again."
            )
        return row[0], row[1], row[2]

    async def _discovery(self) -> dict[str, Any]:
        if not self._discovered:
            issuer = self.provider.issuer.rstrip("/")
            found = await self._fetch("GET", f"{issuer}/.well-known/openid-configuration")
            if found.get("issuer", "").rstrip("/") != issuer:
                raise SignInError(
                    "provider",
                    f"{issuer} says that it is {found.get('issuer')}. Correct the issuer in banyan.toml.",
                )
            self._discovered = found
        return self._discovered

    async def _exchange(self, code: str, verifier: str, callback: str) -> dict[str, Any]:
        found = await self._discovery()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": verifier,
        }
        secret = self.provider.secret_file.read_text("utf-8").strip() if self.provider.secret_file else None
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth: tuple[str, str] | None = None
        if secret and "client_secret_basic" in methods:
            auth = (self.provider.client_id, secret)
        else:
            form |= {"client_id": self.provider.client_id} | ({"client_secret": secret} if secret else {})
        return await self._fetch("POST", found["token_endpoint"], data=form, auth=auth)

    async def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        found = await self._discovery()
        keys = KeySet.import_key_set(await self._fetch("GET", found["jwks_uri"]))  # type: ignore[arg-type]
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            JWTClaimsRegistry(
                leeway=CLOCK_LEEWAY_SECONDS,
                iss={"essential": True, "value": found["issuer"]},
                aud={"essential": True, "value": self.provider.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise SignInError(
                "provider", f"The answer of {self._label} cannot be trusted: {error}"
            ) from error
        return decoded.claims

    async def _userinfo(self, token: str, subject: str) -> dict[str, Any]:
        endpoint = (await self._discovery()).get("userinfo_endpoint")
        if endpoint is None:
            return {}
        found = await self._fetch("GET", endpoint, headers={"Authorization": f"Bearer {token}"})
        return found if found.get("sub") == subject else {}

    async def _fetch(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
                answer = await client.request(method, url, **options)
                answer.raise_for_status()
                found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SignInError("provider", f"{self._label} does not answer as expected: {error}") from error
        return dict(found)

    @property
    def _label(self) -> str:
        return self.provider.label or self.provider.name

    def _identity(self, claims: dict[str, Any]) -> Identity:
        name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        roles = claims.get(self.provider.roles_claim) or ()
        institution = claims.get("institution")
        return Identity(
            provider=self.provider.issuer,
            subject=str(claims["sub"]),
            name=name,
            display=str(claims.get("name") or name),
            roles=tuple(map(str, roles)) if isinstance(roles, list) else (),
            institution=str(institution) if institution else None,
        )


def _challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
