"""Both languages are complete: every message of the house front and of each application has its Chinese."""

from pathlib import Path

import pytest

from scripts.catalogues import owners, untranslated

OWNERS = list(owners())


@pytest.mark.parametrize(("name", "folder"), OWNERS, ids=[name for name, _ in OWNERS])
def test_every_message_has_its_translation(name: str, folder: Path) -> None:
    missing = untranslated(name, folder)
    assert not missing, (
        f"{len(missing)} messages of {name} have no Chinese, such as {missing[:3]}. "
        f"Run: python -m scripts.catalogues {name}, then fill {folder.name}/locale."
    )
