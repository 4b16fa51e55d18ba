"""What set-up builds: complete catalogues, a front end without another host, files of a readable size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from banyan.web.assets import Assets
from banyan.web.i18n import Catalogues, known, preferred
from banyan.web.metrics import REGISTRY
from banyan.web.metrics_shared import SharedFigures

TOP = Path(__file__).parents[2]


def test_plurals_are_spoken_in_both_languages() -> None:
    catalogues = Catalogues()
    assert catalogues.of("zh-CN").ngettext("{n} day ago", "{n} days ago", 2) == "{n} 天前"
    assert catalogues.of("en").ngettext("{n} day ago", "{n} days ago", 2) == "{n} days ago"


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("zh", "zh-CN"), ("zh-Hans-CN", "zh-CN"), ("zh_CN", "zh-CN"), ("en-GB", "en"), ("fr", None)],
)
def test_language_tags_find_their_locale(tag: str, locale: str | None) -> None:
    assert known(tag) == locale


def test_a_browsers_weights_decide() -> None:
    assert preferred("fr;q=0.9, en;q=0.3, zh-CN;q=0.8") == "zh-CN"
    assert preferred("fr, de;q=broken") is None


def test_the_lock_file_names_no_host() -> None:
    text = (TOP / "frontend" / "package-lock.json").read_text()
    assert "resolved" not in text
    assert all("integrity" in one or "link" in one or one.get("inBundle") for one in _packages(text))


def _packages(text: str) -> list[dict[str, object]]:
    return [one for path, one in json.loads(text)["packages"].items() if path]


def test_the_sheet_has_no_colour_of_its_own() -> None:
    folder = TOP / "frontend" / "src" / "web" / "css"
    for sheet in folder.glob("*.css"):
        if sheet.name != "tokens.css":
            for number, line in enumerate(sheet.read_text().splitlines(), 1):
                assert "#" not in line.split("url(")[0].replace("/*", ""), (
                    f"{sheet.name}:{number} defines a colour"
                )


def test_the_shell_is_light() -> None:
    assets = Assets()
    files = [assets.url("web/shell.js"), *assets.preloads("web/shell.js"), assets.url("web/banyan.css")]
    built = [assets.built / file.removeprefix("/static/built/") for file in files]
    size = sum(path.with_name(path.name + ".br").stat().st_size for path in built)
    assert size < 45_000, f"{size} bytes on the wire before a page shows anything of its own"


def test_an_unknown_asset_or_icon_says_where_it_belongs() -> None:
    with pytest.raises(KeyError, match=r"entries\.json"):
        Assets().url("web/nothing.js")
    with pytest.raises(KeyError, match="No icon"):
        Assets().icon("no-such-icon")


def test_figures_of_all_processes_are_in_one_answer(tmp_path: Path) -> None:
    other = '# TYPE banyan_live_viewers gauge\nbanyan_live_viewers{process="1"} 7.0\n'
    (tmp_path / "1.prom").write_text(other)
    from prometheus_client.exposition import generate_latest

    text = SharedFigures(tmp_path).everybody(other.replace('"1"', '"2"').encode()).decode()
    assert text.count("# TYPE banyan_live_viewers gauge") == 1
    assert 'process="1"' in text
    assert 'process="2"' in text
    assert generate_latest(REGISTRY)
