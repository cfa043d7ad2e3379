import json

import pytest

from heka_portal.integrations.identification.settings import (
    LOA_SUBSTANTIAL,
    TEST_LOA_SUBSTANTIAL,
    IdentificationSettings,
)
from tests.integrations.identification.scripted import make_key, public

KEYS = json.dumps(public(make_key()))


def settings(**changes):
    values = {
        "issuer": "https://broker.test/uas",
        "client_id": "heka",
        "redirect_uri": "https://portal.test/identification/callback",
        "provider_entity_id": "https://broker.test",
        "provider_entity_keys": KEYS,
        "entity_id": "https://portal.test",
        "organisation_name": "Heka",
        "own_signed_jwks_uri": "https://portal.test/signed-jwks",
    }
    return IdentificationSettings(**{**values, **changes})


def test_good_settings_have_no_problems():
    assert settings().problems(production=True) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"issuer": ""}, "needs issuer"),
        ({"client_id": ""}, "needs client_id"),
        ({"organisation_name": ""}, "needs organisation_name"),
        ({"redirect_uri": "http://portal.test/callback"}, "redirect_uri must be an https address"),
        ({"token_endpoint": "ftp://x"}, "token_endpoint must be"),
        ({"issuer": "https://user:word@broker.test"}, "issuer must be"),
        ({"issuer": "https://broker.test/#a"}, "issuer must be"),
        ({"issuer": "https://[broken"}, "issuer must be"),
        ({"scope": "profile"}, "scope"),
        ({"allowed_acr": frozenset(), "asked_acr": ()}, "allowed_acr"),
        ({"asked_acr": ("other",)}, "asked_acr"),
        ({"allowed_acr": frozenset({LOA_SUBSTANTIAL, TEST_LOA_SUBSTANTIAL})}, "mix"),
        ({"service_name": "x" * 41}, "service_name"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"timeout_seconds": 31}, "timeout_seconds"),
        ({"provider_entity_id": ""}, "provider_entity_keys"),
        ({"provider_entity_keys": "{}"}, "provider_entity_keys"),
        ({"provider_entity_keys": "", "signed_jwks_uri": "https://broker.test/j"}, "signed_jwks_uri needs"),
        ({"provider_jwks": "[]"}, "provider_jwks"),
        ({"provider_jwks": "{"}, "provider_jwks"),
    ],
)
def test_each_problem_is_a_sentence(changes, word):
    problems = settings(**changes).problems(production=False)
    assert any(word in problem for problem in problems), problems
    assert all(problem.endswith(".") for problem in problems)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"allow_test_codes": True}, "test identity codes"),
        ({"allowed_acr": frozenset({TEST_LOA_SUBSTANTIAL}), "asked_acr": (TEST_LOA_SUBSTANTIAL,)}, "test levels"),
        ({"provider_entity_keys": ""}, "pinned"),
        ({"issuer": "http://127.0.0.1:8010"}, "issuer must be"),
        ({"issuer": "https://localhost"}, "issuer must be"),
    ],
)
def test_what_only_production_refuses(changes, word):
    assert settings(**changes).problems(production=False) == []
    assert any(word in problem for problem in settings(**changes).problems(production=True))
