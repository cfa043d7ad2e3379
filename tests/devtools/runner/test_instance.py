"""The first start makes secrets of its own, later ones keep them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from devtools.runner.instance import prepare_instance
from heka_portal.config import SettingsError, load_settings
from heka_portal.integrations.identification.keys import load_keys


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "instance"
    prepare_instance(folder)
    return folder


def test_settings_are_complete_for_development(instance: Path) -> None:
    settings = load_settings({"HEKA_INSTANCE_PATH": str(instance)})
    assert settings.environment == "development"
    assert settings.identification_stand_in
    assert load_keys(settings.identification_keys_path).signing.kid


def test_production_refuses_them(instance: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"HEKA_INSTANCE_PATH": str(instance), "HEKA_ENVIRONMENT": "production"})
    told = "\n".join(refused.value.sentences)
    for name in ("SECRET_KEY", "DATA_KEYS", "IDENTIFICATION_STAND_IN", "TEST_IDENTITY_CODES", "STAFF_SECOND_FACTOR"):
        assert name in told


def test_secrets_are_the_owners_alone(instance: Path) -> None:
    assert stat.S_IMODE((instance / "config.py").stat().st_mode) == 0o600


def test_second_start_keeps_the_secrets(instance: Path) -> None:
    before = (instance / "config.py").read_bytes(), (instance / "identification" / "sig.pem").read_bytes()
    prepare_instance(instance)
    assert ((instance / "config.py").read_bytes(), (instance / "identification" / "sig.pem").read_bytes()) == before


def test_two_copies_share_no_secret(instance: Path, tmp_path: Path) -> None:
    other = tmp_path / "instance"
    prepare_instance(other)
    one, two = (load_settings({"HEKA_INSTANCE_PATH": str(folder)}) for folder in (instance, other))
    assert one.secret_key != two.secret_key
    assert one.data_keys != two.data_keys
    assert one.lookup_key != two.lookup_key
