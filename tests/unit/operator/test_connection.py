"""Clients of a connection that is opened anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from cognito_standby.operator.adapters.connection import Connection


@pytest.fixture(autouse=True)
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its file of credentials."""
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    _renew(file, "before")
    return file


def _renew(file: Path, key: str) -> None:
    file.write_text(f"[mine]\naws_access_key_id = {key}\naws_secret_access_key = s\n")


def _signed_by(connection: Connection) -> str:
    told = connection.client("sqs", "us-east-1").generate_presigned_url("list_queues")
    return str(told).split("Credential=")[1].split("%2F")[0]


def test_credentials_are_found_anew_and_the_models_of_services_are_not(profile: Path) -> None:
    """To read the models of a dozen services takes ten times as long as all the rest."""
    connection = Connection("mine")
    assert _signed_by(connection) == "before"
    _renew(profile, "after")
    assert _signed_by(connection) == "before", "a session keeps what it found"
    fresh = connection.anew()
    assert _signed_by(fresh) == "after"
    models = [each.client("sqs", "us-west-2").meta.service_model for each in (connection, fresh)]
    assert models[0].metadata is models[1].metadata
