"""Ends a child process whose parent is gone, on systems where the kernel does not."""

from __future__ import annotations

import os
import sys
import threading
import time


def watch_parent() -> None:
    """Starts a thread that ends this process within a second of its parent's death."""
    if sys.platform.startswith("linux"):
        return  # the kernel does it: see record/postgres/account.py
    parent = int(os.environ["BANYAN_PARENT"])

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
