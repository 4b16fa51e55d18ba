"""`banyan doctor`: says in plain words what is wrong with an installation, and what to do."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from banyan.cli.running import DEFAULT_DATA, Data, settings_of

MARKS = {"well": "✓", "warning": "!", "failed": "✗"}


def command(
    data: Data = DEFAULT_DATA,
    port: Annotated[int | None, typer.Option(help="The port that `banyan serve` is to use.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Looks at Python, programs, folders, disk, port, schema, database, audit trail, region and clock."""
    from banyan.cli.checkup import checkup

    findings = list(checkup(settings_of(data, port=port)))
    if as_json:
        print(json.dumps([finding.__dict__ for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{MARKS[finding.state]} {finding.name}: {finding.says}")
            if finding.act:
                print(f"    → {finding.act}")
    raise typer.Exit(any(finding.state == "failed" for finding in findings))
