"""What an installation is told: from `<data>/banyan.toml`, then the environment, then the command line."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from banyan.clock import ClockSetting

FILE = "banyan.toml"
ENVIRONMENT = "BANYAN_SETTINGS"


class SettingsError(Exception):
    """A setting that cannot be followed; the message names the file and the key."""


class OidcProvider(msgspec.Struct, frozen=True, kw_only=True):
    """One OpenID Connect provider that people may sign in with."""

    name: str
    issuer: str
    client_id: str
    secret_file: Path | None = None
    label: str | None = None
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    roles_claim: str = "roles"


class BackupSetting(msgspec.Struct, frozen=True, kw_only=True):
    """When the daily backup is made (on the region's clock), where, and how many are kept."""

    at: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "02:30"
    folder: Path | None = None
    keep: int = 7


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an operator decides."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    server_processes: int = 2
    timezone: str = "Asia/Shanghai"
    locale: str = "zh-CN"
    region: Path | None = None
    database_url: str | None = None
    database_connections: int = 10
    clock: ClockSetting | None = None
    oidc: tuple[OidcProvider, ...] = ()
    backup: BackupSetting = BackupSetting()
    hooks: dict[str, str] = {}
    vapid_contact: str | None = None
    demo: bool = False

    @property
    def region_folder(self) -> Path:
        """Where the region's roads, zones and tiles lie."""
        return self.region or self.data / "region"

    @property
    def backup_folder(self) -> Path:
        """Where backups are written."""
        return self.backup.folder or self.data / "backups"

    @property
    def logs(self) -> Path:
        """Where the logs are written."""
        return self.data / "logs"

    @property
    def url(self) -> str:
        """The address that people open."""
        if self.base_url:
            return self.base_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        shown = "localhost" if self.host in ("0.0.0.0", "::", "127.0.0.1") else host  # noqa: S104
        return f"{'https' if self.tls_cert else 'http'}://{shown}:{self.port}"


def load_settings(data: Path, **given: Any) -> Settings:
    """Reads `<data>/banyan.toml` and `BANYAN_DATABASE_URL`; what is `given` and not None wins.

    Raises: SettingsError with the file and key that is wrong.
    """
    data = data.expanduser().absolute()
    values = _read(data / FILE)
    if url := os.environ.get("BANYAN_DATABASE_URL"):
        values["database_url"] = url
    values |= {key: value for key, value in given.items() if value is not None}
    return _checked(values | {"data": data}, data / FILE)


def to_environment(settings: Settings) -> dict[str, str]:
    """The variable that carries settings to a child process."""
    return {ENVIRONMENT: msgspec.json.encode(settings, enc_hook=str).decode()}


def from_environment() -> Settings:
    """The settings that the parent process handed down."""
    if (text := os.environ.get(ENVIRONMENT)) is None:
        raise SettingsError(f"{ENVIRONMENT} is not set: `banyan serve` starts this process.")
    return msgspec.json.decode(text, type=Settings, dec_hook=_path)


def _read(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsError(f"{file} is not valid TOML: {wrong}. Correct that line.") from None


def _checked(values: dict[str, Any], file: Path) -> Settings:
    unknown = sorted(set(values) - {field.name for field in msgspec.structs.fields(Settings)})
    if unknown:
        raise SettingsError(f"{file} has the unknown setting {unknown[0]!r}. All are in docs/operations.md.")
    try:
        settings = msgspec.convert(values, Settings, dec_hook=_path, strict=False)
        ZoneInfo(settings.timezone)
    except (msgspec.ValidationError, KeyError, ValueError) as wrong:
        raise SettingsError(f"A setting is wrong ({file} or the command line): {wrong}") from None
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise SettingsError("HTTPS needs both --tls-cert and --tls-key.")
    return settings


def _path(kind: type, value: Any) -> Any:
    if issubclass(kind, Path):
        return Path(value).expanduser()
    raise TypeError(f"no way to read {kind.__name__}")
