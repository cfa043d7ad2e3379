"""Settings: each mistake is one clear sentence, and production refuses what is only for trying."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from heka_portal.config import SettingsError, load_settings, make_settings

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
SECRETS = {"secret_key": "s" * 40, "data_keys": f"k1:{KEY}", "lookup_key": KEY}
PRODUCTION = {
    **SECRETS,
    "environment": "production",
    "base_url": "https://asukas.heka.example",
    "identification_issuer": "https://broker.example",
    "identification_client_id": "heka",
    "trusted_proxies": "10.0.0.0/8",
    "mail_url": "smtp://mail.example:587",
}


def sentences(**values: Any) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        make_settings(**values)
    return refused.value.sentences


def test_a_whole_production_starts() -> None:
    settings = make_settings(**PRODUCTION)
    assert settings.is_production
    assert settings.is_secure


def test_nothing_set_says_everything_that_is_missing() -> None:
    told = sentences()
    for name in ("SECRET_KEY", "DATA_KEYS", "LOOKUP_KEY", "BASE_URL", "IDENTIFICATION_ISSUER"):
        assert any(f"HEKA_{name}" in sentence for sentence in told), name


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"debug": "1"}, "HEKA_DEBUG"),
        ({"base_url": "http://asukas.heka.example"}, "HEKA_BASE_URL"),
        ({"identification_stand_in": "1"}, "HEKA_IDENTIFICATION_STAND_IN"),
        ({"test_identity_codes": "1"}, "HEKA_TEST_IDENTITY_CODES"),
        ({"staff_second_factor": "0"}, "HEKA_STAFF_SECOND_FACTOR"),
        ({"identification_acr": "http://ftn.ficora.fi/2017/loatest2"}, "HEKA_IDENTIFICATION_ACR"),
        ({"secret_key": "development" * 4}, "HEKA_SECRET_KEY"),
        ({"data_keys": f"dev1:{KEY}"}, "HEKA_DATA_KEYS"),
        ({"secret_key": "short"}, "HEKA_SECRET_KEY"),
        ({"trusted_proxies": ""}, "HEKA_TRUSTED_PROXIES"),
        ({"mail_url": ""}, "HEKA_MAIL_URL"),
    ],
)
def test_production_refuses(change: dict[str, str], named: str) -> None:
    told = sentences(**{**PRODUCTION, **change})
    assert len(told) == 1
    assert told[0].startswith(named)
    assert told[0].endswith(".")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"database_url": "mysql://x"}, "must begin with sqlite:/// or postgresql://"),
        ({"mail_url": "http://x"}, "must begin with smtp://"),
        ({"storage_url": "ftp://x"}, "must begin with file:"),
        ({"base_url": "asukas"}, "must be an address such as"),
        ({"trusted_proxies": "10.0.0.0/99"}, "must list networks"),
        ({"data_keys": "k1"}, "must look like k2:BASE64"),
        ({"lookup_key": "c2hvcnQ="}, "32 bytes"),
        ({"environment": "staging"}, "production"),
        ({"database_pool_size": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_named_with_its_setting(change: dict[str, str], part: str) -> None:
    told = sentences(**{**PRODUCTION, **change})
    assert len(told) == 1
    assert told[0].startswith(f"HEKA_{next(iter(change)).upper()}: ")
    assert part in told[0]


def test_a_misspelt_setting_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"HEKA_INSTANCE_PATH": str(tmp_path), "HEKA_SERCET_KEY": "x"})
    assert refused.value.sentences == ["HEKA_SERCET_KEY is not a setting of the portal: check its spelling."]


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(
        f"SECRET_KEY = {'s' * 40!r}\nDATA_KEYS = 'k1:{KEY}'\nLOOKUP_KEY = {KEY!r}\nENVIRONMENT = 'development'\n"
        "LANDLORD_NAME = 'Toinen'\nBASE_URL = 'http://file.example'\n"
    )
    settings = load_settings({"HEKA_INSTANCE_PATH": str(tmp_path), "HEKA_BASE_URL": "http://environment.example"})
    assert (settings.landlord_name, settings.base_url) == ("Toinen", "http://environment.example")


@pytest.mark.parametrize("given", ["postgresql://u@h/db", "postgres://u@h/db", "postgresql+psycopg://u@h/db"])
def test_any_postgresql_address_gets_the_driver(given: str) -> None:
    assert make_settings(**{**PRODUCTION, "database_url": given}).database == "postgresql+psycopg://u@h/db"


def test_secrets_are_not_in_the_representation() -> None:
    shown = repr(make_settings(**PRODUCTION))
    assert "s" * 40 not in shown
    assert "kkkk" not in shown


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"chat_url": "http://chat.example"}, "HEKA_CHAT_URL"),
        ({"map_url": "https://map.example/"}, "HEKA_MAP_URL"),
        ({"map_url": "javascript:{address}"}, "HEKA_MAP_URL"),
        ({"security_contact": "tietoturva@heka.example"}, "HEKA_SECURITY_CONTACT"),
        ({"security_contact": "mailto:a@heka.example\nExpires: never"}, "HEKA_SECURITY_CONTACT"),
    ],
)
def test_addresses_that_residents_are_led_to_are_checked(change: dict[str, str], named: str) -> None:
    assert [sentence for sentence in sentences(**{**PRODUCTION, **change}) if named in sentence]


def test_chat_and_map_may_be_left_out() -> None:
    settings = make_settings(**{**PRODUCTION, "chat_url": "", "map_url": ""})
    assert (settings.chat_url, settings.map_url) == ("", "")
