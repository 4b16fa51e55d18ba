"""Message catalogues: `build` compiles them; as a program, takes new messages from the sources into the .po."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).parent.parent
SOURCE = TOP / "src" / "banyan"
SCRIPTS = TOP / "frontend" / "src"
LOCALE = "zh_CN"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract"), ("**.cedar", "ignore")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "_n": (1, 2)}
SCRIPT_KEYWORDS = {"t": None, "tn": (1, 2)}
CALL = re.compile(r'\b(tn?)\(\s*"((?:[^"\\]|\\.)*)"(?:\s*,\s*"((?:[^"\\]|\\.)*)")?')
JINJA = {"**.html": {"silent": "false", "trimmed": "true"}}


def owners() -> Iterator[tuple[str, Path]]:
    """The house front and each application, with its folder."""
    yield "web", SOURCE / "web"
    for folder in sorted((SOURCE / "apps").iterdir()):
        if (folder / "__init__.py").is_file():
            yield folder.name, folder


def _script_messages(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: object, options: object
) -> Iterator[tuple[int, str, str | tuple[str, str], list[str]]]:
    """Calls of t("…") and tn("…", "…"), also inside template literals, which babel's lexer does not enter."""
    text = file.read().decode()
    for call in CALL.finditer(text):
        words = [json.loads(f'"{word}"') for word in (call[2], call[3]) if word is not None]
        line = text.count("\n", 0, call.start()) + 1
        yield line, call[1], words[0] if call[1] == "t" else (words[0], words[1]), []


def _catalogue(folder: Path) -> Path:
    return folder / "locale" / LOCALE / "LC_MESSAGES" / "messages.po"


def extracted(name: str, folder: Path) -> tuple[Catalog, set[str]]:
    """Every message of an application's Python, pages and scripts; apart, those that scripts use."""
    catalogue, scripts = Catalog(locale=LOCALE, project="Banyan"), set[str]()
    for file, _, message, comments, _ in extract_from_dir(folder, METHODS, JINJA, KEYWORDS):
        catalogue.add(
            message,
            locations=[(f"src/banyan/{folder.relative_to(SOURCE)}/{file}", 0)],
            auto_comments=comments,
        )
    for file, _, message, comments, _ in extract_from_dir(
        SCRIPTS / name, [("**.js", _script_messages)], {}, SCRIPT_KEYWORDS
    ):
        catalogue.add(message, locations=[(f"frontend/src/{name}/{file}", 0)], auto_comments=comments)
        scripts.add(message if isinstance(message, str) else message[1])
    return catalogue, scripts


def untranslated(name: str, folder: Path) -> list[str]:
    """Messages of an application that its catalogue lacks."""
    wanted, _ = extracted(name, folder)
    have = _read(_catalogue(folder))
    return [str(m.id) for m in wanted if m.id and not (have.get(m.id) and all(_forms(have, m.id)))]


def _forms(catalogue: Catalog, message: str | tuple[str, ...]) -> tuple[str, ...]:
    found = catalogue.get(message)
    text = found.string if found else ""
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def _read(path: Path) -> Catalog:
    if not path.is_file():
        return Catalog(locale=LOCALE, project="Banyan")
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def build(scripts_folder: Path) -> None:
    """Compiles every .po beside itself, and writes the scripts' messages as one JSON file."""
    scripts_folder.mkdir(parents=True, exist_ok=True)
    of_scripts: dict[str, str] = {}
    for name, folder in owners():
        catalogue = _read(_catalogue(folder))
        if not len(catalogue):
            continue
        with _catalogue(folder).with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
        _, used = extracted(name, folder)
        for message in catalogue:
            key = message.id if isinstance(message.id, str) else (message.id[1] if message.id else "")
            if key in used and (text := _forms(catalogue, message.id)[0]):
                of_scripts[key] = text
    written = json.dumps(of_scripts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (scripts_folder / "zh-CN.json").write_text(written, encoding="utf-8")


def update(names: set[str]) -> None:
    """Takes new messages into each .po (or into those named), drops unused ones, says what lacks a word."""
    for name, folder in owners():
        if names and name not in names:
            continue
        wanted, _ = extracted(name, folder)
        if not len(wanted):
            continue
        path = _catalogue(folder)
        have = _read(path)
        have.update(wanted, no_fuzzy_matching=True)
        have.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, have, width=110, omit_header=True, include_lineno=False, sort_output=True)
        missing = untranslated(name, folder)
        print(f"{name}: {len(have)} messages, {len(missing)} without a translation")
        for message in missing:
            print(f"  {message}")


if __name__ == "__main__":
    update(set(sys.argv[1:]))
