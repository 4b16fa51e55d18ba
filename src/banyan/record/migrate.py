"""Brings a database to the present schema: the numbered SQL files of every package, by yoyo-migrations."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, urlencode

import yoyo
from psycopg.conninfo import conninfo_to_dict

OWN_FOLDER = Path(__file__).parent / "migrations"


class NewerSchema(RuntimeError):
    """The database was written by a newer Banyan."""


def migrate(dsn: str, folders: Iterable[Path]) -> list[str]:
    """Apply what is not applied yet and return the names of what was. One process at a time.

    Raises NewerSchema when the database holds a migration that none of the folders has.
    """
    wanted = yoyo.read_migrations(*(str(folder) for folder in folders))
    with yoyo.get_backend(_yoyo_uri(dsn), "banyan_migration") as backend:
        known = {migration.hash for migration in wanted}
        applied = set(backend.get_applied_migration_hashes())
        if unknown := applied - known:
            raise NewerSchema(
                f"The database holds {len(unknown)} schema changes that this Banyan does not know. "
                "Install the version that wrote it, or restore a backup made by this one."
            )
        with backend.lock():
            pending = backend.to_apply(wanted)
            names = [migration.id for migration in pending]
            backend.apply_migrations(pending)
    return names


def pending(dsn: str, folders: Iterable[Path]) -> list[str]:
    """The names of the schema changes that `migrate` would make."""
    wanted = yoyo.read_migrations(*(str(folder) for folder in folders))
    with yoyo.get_backend(_yoyo_uri(dsn), "banyan_migration") as backend:
        return [migration.id for migration in backend.to_apply(wanted)]


def _yoyo_uri(dsn: str) -> str:
    parts = conninfo_to_dict(dsn)
    user = quote(str(parts.pop("user", "") or ""), safe="")
    password = parts.pop("password", None)
    login = f"{user}:{quote(str(password), safe='')}" if password else user
    name = quote(str(parts.pop("dbname", "") or ""), safe="")
    query = urlencode({key: str(value) for key, value in parts.items() if value is not None})
    return f"postgresql+psycopg://{login}@/{name}?{query}"
