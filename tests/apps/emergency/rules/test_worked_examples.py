"""Every worked example of the project's own collection, answered by name as `banyan rule` does."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from banyan.apps.emergency.rules import evaluate, names


@pytest.fixture(scope="module")
def examples(shared_data: Path) -> list[dict[str, Any]]:
    text = (shared_data / "emergency-standards" / "worked-examples.yaml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.CSafeLoader)


def test_every_example_is_right(examples):
    wrong = []
    for example in examples:
        result = evaluate("emergency." + example["rule"], example["input"])
        if any(result.get(key, "absent") != value for key, value in example["expect"].items()):
            wrong.append((example["id"], example["expect"], result))
    assert not wrong
    assert len(examples) >= 217


def test_every_rule_of_the_collection_is_here(examples):
    assert set(Counter(e["rule"] for e in examples)) <= set(names())


def test_a_result_that_is_incomplete_or_rejected_carries_no_total(examples):
    for example in examples:
        result = evaluate(example["rule"], example["input"])
        if "incomplete" in result or "rejected" in result:
            assert not {"total", "value", "t_rts", "level", "category", "choice"} & set(result)


def test_leaving_out_any_required_input_is_incomplete_or_unchanged_never_another_total(examples):
    """Triage walks and either-or inputs may decide without it; a sum may not."""
    for example in examples:
        whole = evaluate(example["rule"], example["input"])
        for name in example["input"]:
            part = {k: v for k, v in example["input"].items() if k != name}
            result = evaluate(example["rule"], part)
            if "total" in result and result["total"] is not None:
                assert result["total"] == whole.get("total"), (example["id"], name)
