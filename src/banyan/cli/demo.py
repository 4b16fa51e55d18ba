"""`banyan demo`: the same processes as `banyan serve`, with a story told on the demonstration region.

The scenario lives in `banyan.demo`; this verb needs two things of it:

- `banyan.demo.prepare(settings: Settings, speed: float, tell: Callable[[str], None]) -> Settings`,
  called before anything runs: makes the region's folder, returns the settings with `region`, `clock`,
  `timezone` and `demo=True`. Called on an empty folder, and again where the story was told before.
- the module `banyan.demo.play`, run as a process (`python -m banyan.demo.play`) once the server answers.
  It reads `banyan.settings.from_environment()` (data, url, database_url, clock) and `BANYAN_DEMO`
  (JSON: {"speed": 8.0, "exitAtEnd": false}), writes to the terminal, and ends with status 0 when every
  fact that the scenario promises is in the record. With --exit-at-end, its end is the end of all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from banyan.cli.running import Data, fail, plainly, settings_of, tell

STORY = "banyan.demo.play"


def command(
    data: Data = Path(".data/demo"),
    host: Annotated[
        str | None, typer.Option(help="The address to listen on; 0.0.0.0 lets phones in.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="The port; 0 takes a free one.")] = None,
    speed: Annotated[float, typer.Option(min=1, max=600, help="How many times faster than life.")] = 8,
    exit_at_end: Annotated[bool, typer.Option(help="End with a summary when the story is over.")] = False,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain (PEM) for HTTPS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
) -> None:
    """Plays the rescue: a call, an ambulance, a 12-lead ECG, the right hospital, a handover."""
    asked = settings_of(data, host=host, port=port, tls_cert=tls_cert, tls_key=tls_key)
    from banyan.demo import prepare
    from banyan.serve.listener import PortInUse
    from banyan.serve.tree import serve

    os.environ["BANYAN_DEMO"] = json.dumps({"speed": speed, "exitAtEnd": exit_at_end})
    try:
        with plainly():
            settings = prepare(asked, speed, tell)
            status = serve(settings, tell, verb="demo", story=STORY, exit_at_end=exit_at_end)
    except PortInUse as wrong:
        fail(wrong)
    raise typer.Exit(status)
