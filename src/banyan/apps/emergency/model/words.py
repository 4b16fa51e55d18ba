"""Words in both languages, as the views carry them: {"zh": …, "en": …}."""

import gettext
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from banyan.apps.emergency.reasons import Reason, in_words

Words = dict[str, str]
LOCALE = Path(__file__).parents[1] / "locale"


@cache
def _chinese() -> gettext.NullTranslations:
    return gettext.translation("messages", LOCALE, ["zh_CN"], fallback=True)


def words(message: str, **params: Any) -> Words:
    """A message of the catalogue in both languages."""
    chinese = _chinese().gettext(message)
    return (
        {"zh": chinese.format(**params), "en": message.format(**params)}
        if params
        else {
            "zh": chinese,
            "en": message,
        }
    )


def said(reason: Reason, zone: ZoneInfo) -> Words:
    """A reason as a sentence in both languages."""
    return {
        "zh": in_words(reason, _chinese().gettext, zone),
        "en": in_words(reason, lambda text: text, zone),
        "tone": reason.tone,
    }


def named(resource: dict[str, Any], field: str = "name") -> Words:
    """A name with its English translation where the resource carries one."""
    name = str(resource.get(field, ""))
    return {"zh": name, "en": _translation(resource.get(f"_{field}", {})) or name}


def short_named(resource: dict[str, Any]) -> Words:
    """The short name (alias: Chinese, English) where there is one, else the name."""
    alias = resource.get("alias", ())
    return {"zh": alias[0], "en": alias[-1]} if alias else named(resource)


def _translation(companion: dict[str, Any]) -> str:
    for each in companion.get("extension", ()):
        parts = {part["url"]: part for part in each.get("extension", ())}
        if parts.get("lang", {}).get("valueCode") == "en":
            return str(parts["content"].get("valueString", ""))
    return ""
