"""Writes docs/rules.md: every rule with its inputs, source and how far it was checked.

python -m banyan.apps.emergency.rules.table docs/rules.md
"""

import sys
from pathlib import Path

from banyan.apps.emergency.rules.registry import RULES
from banyan.apps.emergency.rules.rule import Choice, Input, Number, Rule

HEAD = """# Clinical rules

Written by `python -m banyan.apps.emergency.rules.table docs/rules.md`; do not edit by hand.

Every rule answers `banyan rule emergency.NAME 'JSON'`, the crew's page and the server from the same tables.
A missing input gives `incomplete` and no total; an impossible value is `rejected` with its limits; inputs
that a rule does not know are named in `unknown_inputs`. Optional inputs stand in brackets.

- **checked**: the table reproduces every sound published example.
- **sourced**: the table was read in the named source; there are no published worked examples.
- **memory**: found in no source yet. Shown as *unverified*; a clinician confirms before use, and it never
  decides alone.

| rule | title | status | version | inputs | source |
|---|---|---|---|---|---|
"""


def table() -> str:
    return HEAD + "\n".join(_row(rule) for rule in RULES.values()) + "\n"


def _row(rule: Rule) -> str:
    inputs = ", ".join(_input(each) for each in rule.inputs)
    cells = (f"`{rule.name}`", rule.title, f"**{rule.status}**", rule.version, inputs, rule.source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _input(each: Input) -> str:
    match each:
        case Number():
            shown = f"{each.name} ({each.limits.allowed})"
        case Choice():
            shown = f"{each.name} ({'/'.join(str(option.value) for option in each.options)})"
        case _:
            shown = each.name
    return shown if each.required else f"[{shown}]"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(table(), encoding="utf-8")
