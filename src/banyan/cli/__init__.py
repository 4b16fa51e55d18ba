"""`banyan …`: one verb per job, one module per verb, loaded only when it is called."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer


@dataclass(frozen=True)
class Verb:
    """A verb of the command line: its module, and what `banyan --help` says of it."""

    module: str
    says: str
    group: bool = False  # has verbs of its own


VERBS = {
    "serve": Verb("serve", "Serve Banyan from a data folder: database, server, worker."),
    "demo": Verb("demo", "Play the chest-pain rescue on the demonstration region."),
    "load": Verb("load", "Load FHIR bundles and NDJSON files into the record."),
    "region": Verb("region", "Build a region's roads, zones and map.", group=True),
    "db": Verb("db", "Migrate, back up and restore the database.", group=True),
    "user": Verb("user", "Add accounts.", group=True),
    "token": Verb("token", "Make bearer tokens for systems.", group=True),
    "audit": Verb("audit", "Prove that the audit trail is whole.", group=True),
    "rule": Verb("rule", "Compute a clinical rule from JSON."),
    "doctor": Verb("doctor", "Say in plain words what is wrong with an installation."),
}


def main() -> None:
    """The command `banyan`."""
    if len(sys.argv) == 4 and sys.argv[1] == "rule" and not sys.argv[2].startswith("-"):
        from banyan.cli.rule import command  # scripts ask for many rules: the parser alone would take 0.25 s

        command(*sys.argv[2:])
        return
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    build(asked)(prog_name="banyan")


def build(asked: str | None) -> typer.Typer:
    """The command line with the verb that is asked for; with all of them where none is, or an unknown one."""
    import typer

    app = typer.Typer(
        help="Banyan: one health record for a whole city, with the applications on it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_no_verb)
    for name, verb in VERBS.items():
        if asked in (name, None) or asked not in VERBS:
            module = importlib.import_module(f"banyan.cli.{verb.module}")
            if verb.group:
                app.add_typer(module.app, name=name, help=verb.says)
            else:
                app.command(name, help=verb.says)(module.command)
    return app


def _no_verb() -> None:
    """Keeps the verb a word of its own even when only one is loaded."""
