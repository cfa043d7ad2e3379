"""The provider's settings are checked when the portal starts, and pinned keys may lie in files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from heka_portal.config import Settings, SettingsError
from heka_portal.extensions import SETTINGS
from heka_portal.integrations.identification import keys as portal_keys
from heka_portal.web.headers import content_security_policy
from heka_portal.web.identification import CALLBACK_PATH, identification_settings, init_app

ISSUER = "https://tunnistus.example"


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A provider's key set."""
    folder = tmp_path_factory.mktemp("provider")
    portal_keys.make_keys(folder)
    return json.dumps({"keys": [portal_keys.load_keys(folder).signing.as_dict(private=False)]})


def started(settings: Settings, **changes: object) -> Flask:
    app = Flask("heka_portal")
    app.extensions[SETTINGS] = settings.model_copy(
        update={"identification_issuer": ISSUER, "identification_client_id": "heka", **changes}
    )
    init_app(app)
    return app


def test_forms_may_lead_to_the_provider(settings: Settings, pinned: str):
    app = started(
        settings,
        base_url="https://asukas.heka.example",
        identification_provider_jwks=pinned,
        identification_authorization_url="https://login.tunnistus.example/authorize",
    )
    with app.test_request_context("/register"):
        policy = content_security_policy()
    assert f"form-action 'self' https://login.tunnistus.example {ISSUER}" in policy


def test_without_a_provider_forms_stay_here(settings: Settings):
    app = Flask("heka_portal")
    app.extensions[SETTINGS] = settings
    init_app(app)
    with app.test_request_context("/register"):
        assert "form-action 'self';" in content_security_policy()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identification_client_id": ""}, "client_id"),
        ({"identification_issuer": "http://tunnistus.example"}, "issuer must be an https address"),
        ({"identification_scope": ("profile",)}, "scope must contain openid"),
        ({"identification_acr": ()}, "allowed_acr"),
        ({"identification_provider_jwks": "{}"}, "provider_jwks must be a JSON key set"),
        ({"identification_provider_jwks": "/nowhere/jwks.json"}, "/nowhere/jwks.json cannot be read"),
        ({"environment": "production"}, "Production needs the provider's keys pinned"),
    ],
)
def test_mistakes_stop_the_start_with_a_sentence(settings: Settings, changes: dict[str, object], words: str):
    with pytest.raises(SettingsError) as stopped:
        started(settings, **changes)
    assert words in "\n".join(stopped.value.sentences)


def test_pinned_keys_may_lie_in_a_file(settings: Settings, pinned: str, tmp_path: Path):
    kept = tmp_path / "jwks.json"
    kept.write_text(f"{pinned}\n")
    app = started(settings, identification_provider_jwks=str(kept))
    ours = identification_settings(app.extensions[SETTINGS])
    assert ours.provider_jwks == pinned
    assert ours.redirect_uri == settings.base_url + CALLBACK_PATH
    assert ours.problems(production=False) == []
