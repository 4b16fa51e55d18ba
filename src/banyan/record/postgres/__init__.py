"""The embedded PostgreSQL: its binaries, its folder, its life from start to stop, its backups."""

from banyan.record.postgres.binaries import Binaries, find_binaries
from banyan.record.postgres.errors import DatabaseError, DiskFull
from banyan.record.postgres.supervisor import EmbeddedPostgres

__all__ = ["Binaries", "DatabaseError", "DiskFull", "EmbeddedPostgres", "find_binaries"]
