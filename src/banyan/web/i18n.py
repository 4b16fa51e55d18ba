"""Languages of the pages: gettext catalogues of the house front and of every application, merged."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

LOCALES = ("zh-CN", "en")
NAMES = {"zh-CN": "中文", "en": "English"}
OWN = Path(__file__).parent / "locale"
DOMAIN = "messages"


def N_(message: str) -> str:
    """Marks a message for the catalogues where it is only named, to be translated when shown."""
    return message


def known(tag: str | None) -> str | None:
    """The locale served for a language tag, or None: zh, zh-Hans, zh_CN all mean zh-CN."""
    if not tag:
        return None
    language = tag.strip().replace("_", "-").split("-")[0].lower()
    return {"zh": "zh-CN", "en": "en"}.get(language)


def preferred(accept_language: str) -> str | None:
    """The first locale served that a browser asks for, by its weights."""
    weighted = []
    for part in accept_language.split(","):
        tag, _, weight = part.partition(";q=")
        try:
            weighted.append((-float(weight or 1), known(tag)))
        except ValueError:
            continue
    return next((locale for _, locale in sorted(weighted, key=lambda pair: pair[0]) if locale), None)


class Catalogues:
    """Messages of all applications in each language; the English text is the message's name."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._folders = (OWN, *folders)
        self.of = lru_cache(maxsize=len(LOCALES))(self._load)

    def _load(self, locale: str) -> NullTranslations:
        merged = Translations()
        for folder in self._folders:
            path = folder / locale.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.mo"
            if path.is_file():
                with path.open("rb") as compiled:
                    loaded = Translations(compiled)
                merged.merge(loaded)
                merged.plural = loaded.plural  # merging leaves it behind
        return merged
