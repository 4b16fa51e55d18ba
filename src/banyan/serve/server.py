"""One server process: the web application on the listening socket that the parent opened."""

from __future__ import annotations

import gc
import os
import socket

import uvicorn

from banyan.serve.logs import log_to
from banyan.serve.parent import watch_parent
from banyan.settings import from_environment
from banyan.web.server import create_app


def main() -> None:
    """Serves until SIGTERM; what is under way is finished first."""
    settings = from_environment()
    log_to(settings.logs, os.environ["BANYAN_CHILD"])
    watch_parent()
    listener = socket.socket(fileno=int(os.environ["BANYAN_LISTENER"]))
    config = uvicorn.Config(
        create_app(settings),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # addresses of requests name patients
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=65,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
    gc.collect()
    gc.freeze()
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
