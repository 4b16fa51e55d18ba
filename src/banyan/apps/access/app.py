"""The manifest of people and access: sign-in, people, roles, devices, and the audit trail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from banyan.apps.access import audit, devices, home, people, rules, sign_in
from banyan.apps.access.requests import AUDITORS, MANAGERS
from banyan.web.i18n import N_
from banyan.web.manifest import App, MenuItem

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.platform import Platform

HERE = Path(__file__).parent


async def _may_follow(platform: Platform, principal: Principal, topic: str) -> bool:
    """Broken glasses are told to who reviews them."""
    return principal.has(*AUDITORS)


app = App(
    name="access",
    title=N_("People and access"),
    icon="lock",
    menu=(
        MenuItem("/people", N_("People"), "users", MANAGERS),
        MenuItem("/access/roles", N_("Roles"), "id-badge-2", (*MANAGERS, *AUDITORS, "chief")),
        MenuItem("/access/why", N_("Who may see what"), "help-circle", (*MANAGERS, *AUDITORS)),
        MenuItem("/access/devices", N_("Devices"), "devices", MANAGERS),
        MenuItem("/audit", N_("Access audit"), "eye", AUDITORS),
        MenuItem("/audit/patient", N_("Audit by patient"), "user-search", AUDITORS),
        MenuItem("/audit/staff", N_("Audit by person"), "list-search", AUDITORS),
        MenuItem("/my/looks", N_("Who looked at my record"), "eye", ("citizen",)),
    ),
    routes=(*sign_in.routes, *people.routes, *rules.routes, *devices.routes, *audit.routes),
    topics={"access": _may_follow},
    locale=HERE / "locale",
    templates=HERE / "pages",
    home=home.card,
)
