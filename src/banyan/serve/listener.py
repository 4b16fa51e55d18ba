"""The one listening socket that all server processes accept on."""

from __future__ import annotations

import errno
import socket
import time

PATIENCE = 3.0  # a server that was killed a moment ago may still hold the port


class PortInUse(Exception):
    """Another program listens there already."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that child processes can inherit; port 0 takes a free one.

    Raises: PortInUse, with what to do.
    """
    family, address = _resolve(host, port)
    deadline = time.monotonic() + PATIENCE
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            break
        except OSError as wrong:
            listener.close()
            if wrong.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise PortInUse(_explain(host, port, wrong)) from None
            time.sleep(0.2)
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def _resolve(
    host: str, port: int
) -> tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as wrong:
        raise PortInUse(f"The host {host!r} has no address here ({wrong.strerror}). Try 127.0.0.1.") from None
    family, _, _, _, address = found[0]
    return family, address  # type: ignore[return-value]


def _explain(host: str, port: int, wrong: OSError) -> str:
    if wrong.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. Stop that one, or give another with --port."
        )
    if wrong.errno == errno.EACCES:
        return f"Port {port} needs more rights than you have. Give one above 1023 with --port."
    return f"Nothing can listen on {host}:{port}: {wrong.strerror}. Give another --host or --port."
