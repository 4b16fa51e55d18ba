"""The documentation tells the truth: links lead somewhere, paths exist, verbs and settings are real."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from banyan.cli import VERBS
from banyan.settings import FILE, BackupSetting, OidcProvider, Settings, load_settings

TOP = Path(__file__).parents[2]
PAGES = [page for page in [*TOP.glob("*.md"), *TOP.glob("docs/**/*.md")] if page.is_file()]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
PATH = re.compile(r"`((?:src|tests|docs|bench|demo|frontend|scripts|requirements)/[\w./-]*[\w/])`")
VERB = re.compile(r"(?:`|^|\s)(?:\.venv/bin/)?banyan ([a-z]+)", re.M)
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.S)
NOT_VERBS = {"banyan"}


def ids(page: Path) -> str:
    return str(page.relative_to(TOP))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_leads_to_a_file(page: Path) -> None:
    missing = [
        link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_path_that_is_named_exists(page: Path) -> None:
    named = PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (TOP / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_verb_of_the_command_line_exists(page: Path) -> None:
    named = set(in_code(page.read_text(encoding="utf-8")))
    assert named <= set(VERBS)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_example_in_toml_can_be_read(page: Path) -> None:
    for language, text in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "toml":
            tomllib.loads(text)


def in_code(text: str) -> Iterator[str]:
    """The verbs in spans and blocks of code."""
    spans = re.findall(r"`([^`\n]+)`", text) + [block for _, block in FENCE.findall(text)]
    for span in spans:
        yield from VERB.findall(span)


def test_the_settings_of_the_operations_page_are_all_the_settings(tmp_path: Path) -> None:
    page = (TOP / "docs" / "operations.md").read_text(encoding="utf-8")
    [example] = [text for language, text in FENCE.findall(page) if language == "toml"]
    (tmp_path / FILE).write_text(example, encoding="utf-8")
    load_settings(tmp_path)
    shown = tomllib.loads(example)
    told_elsewhere = {"data", "database_url", "clock", "demo"}
    assert names(Settings) - told_elsewhere - set(shown) == set()
    assert names(BackupSetting) == set(shown["backup"])
    assert names(OidcProvider) == set(shown["oidc"][0])


def names(kind: type[msgspec.Struct]) -> set[str]:
    return {field.name for field in msgspec.structs.fields(kind)}
