"""The manifest of people and access: sign-in, people, roles, devices, and the audit trail."""

from __future__ import annotations

from pathlib import Path

from banyan.apps.access import sign_in
from banyan.web.i18n import N_
from banyan.web.manifest import App

HERE = Path(__file__).parent

app = App(
    name="access",
    title=N_("People and access"),
    icon="lock",
    routes=(*sign_in.routes,),
    locale=HERE / "locale",
    templates=HERE / "pages",
)
