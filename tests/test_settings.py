"""Settings: from the data folder's file, the environment and the command line; what is wrong is named."""

from pathlib import Path

import pytest

from banyan.settings import Settings, SettingsError, from_environment, load_settings, to_environment


def write(folder: Path, text: str) -> Path:
    (folder / "banyan.toml").write_text(text, encoding="utf-8")
    return folder


def test_an_empty_folder_has_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert (settings.timezone, settings.locale, settings.server_processes) == ("Asia/Shanghai", "zh-CN", 2)
    assert settings.url == "http://localhost:8080"


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'port = 9000\ntimezone = "America/Santiago"\n[backup]\nat = "04:15"\n')
    settings = load_settings(tmp_path, port=0, host=None)
    assert (settings.port, settings.timezone, settings.backup.at) == (0, "America/Santiago", "04:15")


def test_providers_are_read(tmp_path: Path) -> None:
    write(tmp_path, '[[oidc]]\nname = "city"\nissuer = "https://id.example"\nclient_id = "banyan"\n')
    assert load_settings(tmp_path).oidc[0].issuer == "https://id.example"


def test_a_served_database_is_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANYAN_DATABASE_URL", "postgresql://db.example/banyan")
    assert load_settings(tmp_path).database_url == "postgresql://db.example/banyan"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = 'x'", "port"),
        ("prot = 1", "unknown setting 'prot'"),
        ("port =", "not valid TOML"),
        ('timezone = "Mars/Base"', "Mars/Base"),
        ('[backup]\nat = "25:00"', "backup.at"),
        ('tls_cert = "a.pem"', "both --tls-cert and --tls-key"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load_settings(write(tmp_path, text))


def test_settings_reach_a_child_process_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path, region=tmp_path / "区域", hooks={"sms": "https://sms.example/send"})
    for name, value in to_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert from_environment() == settings
