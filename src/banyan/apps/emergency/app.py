"""The manifest of emergency collaboration: from the call to the handover."""

from pathlib import Path

from banyan.access import platform_principal
from banyan.apps.emergency import api, follow
from banyan.apps.emergency.pages import ROUTES
from banyan.apps.emergency.questions import as_questionnaire, own_sets
from banyan.apps.emergency.service.ecg import expand_frames
from banyan.apps.emergency.service.ecg_about import render_observation
from banyan.apps.emergency.watchers import WATCHERS
from banyan.platform import Platform
from banyan.web.i18n import N_
from banyan.web.manifest import App, MenuItem

HERE = Path(__file__).parent
HOSPITAL = ("emergency_nurse", "emergency_doctor", "cardiologist")


async def start(platform: Platform) -> None:
    """Keeps the question sets in the record; a site's own change of one stays."""
    who = platform_principal("forms")
    async with platform.door.act(who, "write") as act:
        for chosen in own_sets().values():
            form = as_questionnaire(chosen)
            if await act.read("Questionnaire", form["id"]) is None:
                await act.update(form)


app = App(
    name="emergency",
    title=N_("Emergency collaboration"),
    icon="ambulance",
    menu=(
        MenuItem("/emergency/desk", N_("Dispatch desk"), "headset", ("dispatcher",)),
        MenuItem("/emergency/crew", N_("Crew"), "ambulance", ("crew",)),
        MenuItem("/emergency/incoming", N_("Incoming patients"), "activity", HOSPITAL),
        MenuItem("/emergency/board", N_("Resource board"), "bed", HOSPITAL),
        MenuItem("/emergency/command", N_("Command overview"), "map-2", ("chief", "dispatcher")),
        MenuItem("/emergency/review", N_("Case review"), "history", ("quality_officer", "chief", *HOSPITAL)),
    ),
    routes=ROUTES,
    api=api.router,
    topics=follow.TOPICS,
    expanders={"ecg.frame": expand_frames},
    renderers={"Observation": render_observation},
    watchers=WATCHERS,
    policies=HERE / "policy.cedar",
    migrations=HERE / "migrations",
    locale=HERE / "locale",
    templates=HERE / "pages",
    start=start,
)
