from collections.abc import Iterator

import pytest

from heka_portal.integrations.identification.attempts import Attempt, new_attempt
from heka_portal.integrations.identification.keys import RelyingPartyKeys
from heka_portal.integrations.identification.relying_party import RelyingParty
from tests.integrations.identification.scripted import NOW, ScriptedProvider, kept_key, running


@pytest.fixture(scope="session")
def our_keys() -> RelyingPartyKeys:
    return RelyingPartyKeys(kept_key("our entity"), kept_key("ours"), kept_key("ours", "enc"))


@pytest.fixture
def provider(our_keys: RelyingPartyKeys) -> Iterator[ScriptedProvider]:
    with running(our_keys) as provider:
        yield provider


@pytest.fixture
def portal(provider: ScriptedProvider, our_keys: RelyingPartyKeys) -> RelyingParty:
    return RelyingParty(provider.settings(), our_keys)


@pytest.fixture
def attempt() -> Attempt:
    return new_attempt(now=NOW)
