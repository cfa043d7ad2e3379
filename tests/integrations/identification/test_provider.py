import json
import threading
from datetime import timedelta

import pytest

from heka_portal.integrations.identification.errors import ProviderFailed, ProviderUnreachable
from heka_portal.integrations.identification.pins import pinned_entity
from heka_portal.integrations.identification.provider import Provider
from tests.integrations.identification.scripted import NOW, Reply, kid, make_key, public, reply, sign


def statement(provider, **changes):
    claims = {"iss": provider.issuer, "sub": provider.issuer, "jwks": public(provider.entity), **changes}
    return sign(claims, provider.entity, typ="entity-statement+jwt")


def discovery(provider, **changes):
    document = {
        "issuer": provider.issuer,
        "authorization_endpoint": f"{provider.issuer}/authorize",
        "token_endpoint": f"{provider.issuer}/token",
        "jwks_uri": f"{provider.issuer}/jwks",
        "signed_jwks_uri": f"{provider.issuer}/signed-jwks",
    }
    provider.replies["/.well-known/openid-configuration"] = reply({**document, **changes})
    return provider.settings(authorization_endpoint="", token_endpoint="", signed_jwks_uri="")


class TestKeys:
    def test_set_is_fetched_once_a_day(self, provider):
        known = Provider(provider.settings())
        for hours in (0, 1, 23.9):
            assert known.signing_key(kid(provider.signing), now=NOW + timedelta(hours=hours))
        assert provider.hits["/signed-jwks"] == 1
        known.signing_key(kid(provider.signing), now=NOW + timedelta(hours=24))
        assert provider.hits["/signed-jwks"] == 2

    def test_set_that_ends_sooner_is_fetched_sooner(self, provider):
        provider.publish(provider.signing, exp=int(NOW.timestamp()) + 600)
        known = Provider(provider.settings())
        known.signing_key(kid(provider.signing), now=NOW)
        provider.publish(provider.signing)
        known.signing_key(kid(provider.signing), now=NOW + timedelta(minutes=11))
        assert provider.hits["/signed-jwks"] == 2

    def test_withdrawn_key_is_gone_after_the_day(self, provider):
        known, old = Provider(provider.settings()), provider.signing
        assert known.signing_key(old.kid, now=NOW)
        provider.publish(make_key())
        assert known.signing_key(old.kid, now=NOW + timedelta(days=1)) is None

    def test_old_set_is_not_used_when_the_new_one_cannot_be_had(self, provider):
        known = Provider(provider.settings())
        known.signing_key(kid(provider.signing), now=NOW)
        provider.replies["/signed-jwks"] = Reply(status=500)
        with pytest.raises(ProviderFailed):
            known.signing_key(kid(provider.signing), now=NOW + timedelta(days=2))

    def test_many_threads_fetch_a_new_key_once(self, provider):
        known = Provider(provider.settings())
        known.signing_key(kid(provider.signing), now=NOW)
        newer = make_key()
        provider.publish(provider.signing, newer)
        provider.replies["/signed-jwks"].wait = 0.2
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(known.signing_key(kid(newer), now=NOW))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [key and key.kid for key in found] == [newer.kid] * 8
        assert provider.hits["/signed-jwks"] == 2

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"iss": "https://another.test"}, "signed_key_set_issuer"),
            ({"sub": "https://another.test"}, "signed_key_set_issuer"),
            ({"typ": "JWT"}, "signed_key_set_type"),
            ({"exp": int(NOW.timestamp()) - 60}, "signed_key_set_expired"),
            ({"iat": int(NOW.timestamp()) + 61}, "signed_key_set_expired"),
            ({"exp": None}, "signed_key_set_undated"),
            ({"iat": "yesterday"}, "signed_key_set_undated"),
        ],
    )
    def test_signed_set_is_checked(self, provider, changes, reason):
        provider.publish(provider.signing, **changes)
        with pytest.raises(ProviderFailed) as caught:
            Provider(provider.settings()).signing_key(kid(provider.signing), now=NOW)
        assert caught.value.reason == reason

    def test_set_signed_by_another_entity(self, provider):
        forger = make_key()
        for text in (
            provider.signed_jwks(forger, key=forger),
            sign({**public(forger), "iss": provider.issuer}, forger, kid=provider.entity.kid, typ="jwk-set+jwt"),
            json.dumps(public(forger)),
            "ä",
        ):
            provider.replies["/signed-jwks"] = Reply(text.encode())
            with pytest.raises(ProviderFailed) as caught:
                Provider(provider.settings()).signing_key(kid(forger), now=NOW)
            assert caught.value.reason == "signed_key_set_signature"

    def test_keys_given_by_hand_are_never_fetched(self, provider):
        settings = provider.settings(provider_jwks=json.dumps(public(provider.signing)), provider_entity_keys="")
        known = Provider(settings)
        assert known.signing_key(kid(provider.signing), now=NOW)
        assert known.signing_key("another", now=NOW) is None
        assert not provider.hits

    def test_plain_set_where_nothing_is_pinned(self, provider):
        known = Provider(
            provider.settings(provider_entity_keys="", signed_jwks_uri="", jwks_uri=f"{provider.issuer}/jwks")
        )
        assert known.signing_key(kid(provider.signing), now=NOW)
        assert known.signing_key("another", now=NOW) is None
        assert provider.hits["/jwks"] == 2

    def test_pinned_provider_is_never_asked_for_its_plain_set(self, provider):
        settings = discovery(provider, signed_jwks_uri=None)
        with pytest.raises(ProviderFailed):
            Provider(settings).signing_key(kid(provider.signing), now=NOW)
        assert provider.hits["/jwks"] == 0

    @pytest.mark.parametrize("answer", [Reply(status=404), Reply(b"<html>"), Reply(b"[]"), Reply(b"x" * 300_000)])
    def test_a_set_that_is_none(self, provider, answer):
        provider.replies["/jwks"] = answer
        known = Provider(
            provider.settings(provider_entity_keys="", signed_jwks_uri="", jwks_uri=f"{provider.issuer}/jwks")
        )
        with pytest.raises(ProviderFailed):
            known.signing_key(kid(provider.signing), now=NOW)


class TestPins:
    def test_statement_names_its_entity(self, provider):
        pinned = pinned_entity(f"\n{statement(provider)}\n", entity_id="")
        assert pinned is not None
        assert (pinned.entity_id, set(pinned.keys)) == (provider.issuer, {provider.entity.kid})

    def test_statement_pins_the_signed_set(self, provider):
        settings = provider.settings(provider_entity_id="", provider_entity_keys=statement(provider))
        assert Provider(settings).signing_key(kid(provider.signing), now=NOW)

    def test_broken_statements_and_sets(self, provider):
        intact = statement(provider)
        for text in (
            intact[:-4],
            f"{intact[:-6]}AAAAAA",
            "text",
            "a.b.c",
            "{}",
            "{",
            '{"keys": []}',
            statement(provider, sub="https://another.test"),
            statement(provider, iss=None, sub=None),
            statement(provider, jwks=None),
            statement(provider, jwks=public(make_key())),
        ):
            with pytest.raises(ValueError, match=r"."):
                pinned_entity(text, entity_id=provider.issuer)

    def test_statement_of_another_entity(self, provider):
        with pytest.raises(ValueError, match="another entity"):
            pinned_entity(statement(provider), entity_id="https://another.test")

    def test_bare_key_set_needs_a_name(self, provider):
        with pytest.raises(ValueError, match="whose"):
            pinned_entity(json.dumps(public(provider.entity)), entity_id="")


class TestDiscovery:
    def test_is_read_once_a_day(self, provider):
        known = Provider(discovery(provider))
        assert known.endpoints(now=NOW).authorization_endpoint == f"{provider.issuer}/authorize"
        assert known.endpoints(now=NOW).token_endpoint == f"{provider.issuer}/token"
        assert known.signing_key(kid(provider.signing), now=NOW)
        assert provider.hits["/.well-known/openid-configuration"] == 1
        known.endpoints(now=NOW + timedelta(days=1))
        assert provider.hits["/.well-known/openid-configuration"] == 2

    def test_is_not_needed_where_all_is_told(self, provider):
        assert Provider(provider.settings()).endpoints(now=NOW).token_endpoint == f"{provider.issuer}/token"
        assert not provider.hits

    def test_what_the_operator_says_comes_first(self, provider):
        discovery(provider)
        settings = provider.settings(authorization_endpoint="", token_endpoint="https://told.test/token")
        assert Provider(settings).endpoints(now=NOW).token_endpoint == "https://told.test/token"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"issuer": "https://another.test"}, "discovery_issuer"),
            ({"issuer": None}, "discovery_issuer"),
            ({"token_endpoint": None}, "discovery_endpoint_missing"),
            ({"token_endpoint": "http://another.test/token"}, "discovery_address_unsafe"),
            ({"authorization_endpoint": "javascript:alert(1)"}, "discovery_address_unsafe"),
            ({"jwks_uri": 7}, "discovery_address_unsafe"),
        ],
    )
    def test_is_checked(self, provider, changes, reason):
        with pytest.raises(ProviderFailed) as caught:
            Provider(discovery(provider, **changes)).endpoints(now=NOW)
        assert caught.value.reason == reason

    def test_provider_that_is_down(self, provider):
        settings = provider.settings(token_endpoint="", discovery_url="http://127.0.0.1:9/")
        with pytest.raises(ProviderUnreachable):
            Provider(settings).endpoints(now=NOW)
