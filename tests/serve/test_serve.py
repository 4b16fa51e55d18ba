"""`banyan serve`: one command, one port, stopped in good order; what is wrong is said."""

from __future__ import annotations

import datetime
import json
import os
import signal
import socket
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.served import Served, command, serve


def run_serve(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("serve", "--data", str(data), *words),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_answers_and_is_well(server: Served) -> None:
    answer = httpx.get(f"{server.url}/health", timeout=20)
    assert answer.status_code == 200
    assert answer.json()["parts"]["worker"]["ok"]


def test_the_folder_says_what_wrote_it_and_is_private(server: Served) -> None:
    made = json.loads((server.data / "banyan.json").read_text())
    assert made["schema"]
    assert made["postgresql"].startswith("1")
    assert server.data.stat().st_mode & 0o077 == 0


def test_a_second_server_on_the_same_folder_is_refused(server: Served) -> None:
    done = run_serve(server.data, "--port", "0")
    assert done.returncode == 1
    assert "already runs" in done.stderr


def test_a_port_that_is_taken_is_named(server: Served, tmp_path: Path) -> None:
    port = server.url.rsplit(":", 1)[1]
    done = run_serve(tmp_path / "data", "--port", port)
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "--port" in done.stderr


def test_what_patients_are_asked_by_stands_in_no_log(server: Served) -> None:
    httpx.get(f"{server.url}/fhir/Patient?identifier=110101199003078515", timeout=20)
    httpx.get(f"{server.url}/no/such/page/110101199003078515", timeout=20)
    for log in (server.data / "logs").iterdir():
        assert "110101199003078515" not in log.read_text(), log.name


def test_every_line_of_a_log_is_json(server: Served) -> None:
    lines = (server.data / "logs" / "server-1.log").read_text().splitlines()
    lines += (server.data / "logs" / "parent.log").read_text().splitlines()
    assert all(json.loads(line)["level"] for line in lines)


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run_serve(tmp_path / "data", "--port", "0", "--tls-cert", "none.pem", "--tls-key", "none.key")
    assert done.returncode == 1
    assert "none.pem" in done.stderr
    assert not (tmp_path / "data").exists()


def test_https_with_a_certificate(tmp_path: Path) -> None:
    cert, key = a_certificate(tmp_path)
    with serve(tmp_path / "data", "--tls-cert", str(cert), "--tls-key", str(key)) as served:
        assert served.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(cert))
        assert httpx.get(f"{served.url}/health", verify=trusted, timeout=20).status_code == 200


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_on_a_signal_with_status_0(tmp_path: Path, kind: signal.Signals) -> None:
    with serve(tmp_path / "data", "--server-processes", "1") as served:
        os.kill(served.pid, kind)
        assert served.process.wait(timeout=60) == 0
    assert not (served.data / "database" / "postmaster.pid").exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(served.url.rsplit(":", 1)[1])), timeout=2)


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file
