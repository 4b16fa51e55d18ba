"""The database's configuration, sized to the machine."""

from __future__ import annotations

import os
from pathlib import Path

MIB = 1024 * 1024


def configuration(memory: int | None = None, processors: int | None = None) -> str:
    """The text of `banyan.conf` for this much memory (bytes) and this many processors."""
    memory = memory or _memory()
    processors = processors or os.cpu_count() or 2
    shared = min(max(memory // 16, 64 * MIB), 4096 * MIB)
    settings = {
        "shared_buffers": f"{shared // MIB}MB",
        "effective_cache_size": f"{memory // 2 // MIB}MB",
        "work_mem": f"{min(max(memory // 512, 4 * MIB), 64 * MIB) // MIB}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 32 * MIB), 1024 * MIB) // MIB}MB",
        "max_connections": "200",
        "max_worker_processes": str(max(4, processors)),
        "max_parallel_workers": str(processors),
        "max_parallel_workers_per_gather": str(min(2, processors // 2)),
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "wal_compression": "on",
        "wal_level": "replica",
        "max_wal_size": f"{min(max(memory // 8, 256 * MIB), 4096 * MIB) // MIB}MB",
        "checkpoint_timeout": "10min",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",  # searches last less than a compilation
        "autovacuum_naptime": "20s",
        "autovacuum_vacuum_insert_scale_factor": "0.05",
        "idle_in_transaction_session_timeout": "'5min'",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        # Statements, parameters and details carry patient data: the log names the error and nothing else.
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_line_prefix": "'%m [%p] '",
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    head = "# Written by banyan at each start. Your own settings go into site.conf beside it; they win."
    return "\n".join([head, *lines, "include 'site.conf'", ""])


def _memory() -> int:
    """The machine's memory in bytes, or the container's limit where that is smaller."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            return min(physical, int(Path(limit).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return physical
