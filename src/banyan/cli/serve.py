"""`banyan serve`: the database, the server processes and the worker, until Ctrl-C or SIGTERM."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from banyan.cli.running import DEFAULT_DATA, Data, fail, plainly, settings_of, tell


def command(
    data: Data = DEFAULT_DATA,
    host: Annotated[str | None, typer.Option(help="The address to listen on; 0.0.0.0 is all.")] = None,
    port: Annotated[int | None, typer.Option(help="The port; 0 takes a free one.")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain (PEM) for HTTPS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    server_processes: Annotated[int | None, typer.Option(min=1, help="How many server processes.")] = None,
) -> None:
    """Serves Banyan from a data folder; an empty one is enough."""
    settings = settings_of(
        data, host=host, port=port, tls_cert=tls_cert, tls_key=tls_key, server_processes=server_processes
    )
    for file in (settings.tls_cert, settings.tls_key):
        if file is not None and not file.is_file():
            fail(f"There is no file {file}. --tls-cert and --tls-key name files in PEM form.")
    from banyan.serve.listener import PortInUse
    from banyan.serve.tree import serve

    try:
        with plainly():
            status = serve(settings, tell)
    except PortInUse as wrong:
        fail(wrong)
    raise typer.Exit(status)
