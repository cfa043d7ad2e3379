"""A provider over real HTTP that answers exactly what a test tells it to, right or wrong."""

import json
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwe, jws
from joserfc.jwk import RSAKey

from heka_portal.integrations.identification.attempts import Attempt
from heka_portal.integrations.identification.keys import RelyingPartyKeys
from heka_portal.integrations.identification.settings import (
    TEST_LOA_SUBSTANTIAL,
    Dialect,
    IdentificationSettings,
)

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PERSON = {
    "urn:oid:1.2.246.21": "010170-999R",
    "urn:oid:2.5.4.4": "Äyrämö",
    "urn:oid:1.2.246.575.1.14": "Tero Testi",
    "urn:oid:1.3.6.1.5.5.7.9.1": "1970-01-01",
}


def make_key(use: str = "sig") -> RSAKey:
    key = RSAKey.generate_key(2048, {"use": use, "alg": "RSA-OAEP" if use == "enc" else "RS256"})
    key.ensure_kid()
    return key


@cache
def kept_key(name: str, use: str = "sig") -> RSAKey:
    """A key that all tests share: making one takes a tenth of a second."""
    return make_key(use)


def kid(key: RSAKey) -> str:
    assert key.kid is not None
    return key.kid


def public(*keys: RSAKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def sign(claims: Any, key: RSAKey, **header: Any) -> str:
    protected = {"alg": "RS256", "typ": "JWT", "kid": key.kid, **header}
    protected = {name: value for name, value in protected.items() if value is not None}
    payload = claims if isinstance(claims, str) else json.dumps(claims)
    registry = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    return jws.serialize_compact(protected, payload, key, registry=registry)


def encrypt(signed: str, key: RSAKey, **header: Any) -> str:
    protected = {"alg": "RSA-OAEP", "enc": "A128CBC-HS256", "cty": "JWT", "kid": key.kid, **header}
    protected = {name: value for name, value in protected.items() if value is not None}
    algorithms = [protected["alg"], protected["enc"], "DEF"]
    bare = RSAKey.import_key({name: key.as_dict(private=False)[name] for name in ("kty", "n", "e")})
    registry = jwe.JWERegistry(algorithms=algorithms, strict_check_header=False)
    with warnings.catch_warnings(action="ignore"):
        return jwe.encrypt_compact(protected, signed, bare, registry=registry)


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0


def reply(value: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status)


class ScriptedProvider:
    """One provider: set `replies`, look at `hits` and `forms`."""

    def __init__(self, issuer: str, keys: RelyingPartyKeys) -> None:
        self.issuer = issuer
        self.our_keys = keys
        self.signing = kept_key("provider")
        self.entity = kept_key("provider's entity")
        self.hits: Counter[str] = Counter()
        self.forms: list[dict[str, str]] = []
        self.replies: dict[str, Reply] = {}
        self.publish(self.signing)

    def publish(self, *keys: RSAKey, **changes: Any) -> None:
        self.replies["/jwks"] = reply(public(*keys))
        self.replies["/signed-jwks"] = Reply(self.signed_jwks(*keys, **changes).encode())

    def signed_jwks(self, *keys: RSAKey, **changes: Any) -> str:
        issued = int(NOW.timestamp())
        key, typ = changes.pop("key", self.entity), changes.pop("typ", "jwk-set+jwt")
        claims = {**public(*keys), "iss": self.issuer, "sub": self.issuer, "iat": issued, "exp": issued + 7 * 86400}
        return sign({**claims, **changes}, key, typ=typ)

    def settings(self, **changes: Any) -> IdentificationSettings:
        values = {
            "issuer": self.issuer,
            "client_id": "heka",
            "redirect_uri": "http://127.0.0.1:8000/identification/callback",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "signed_jwks_uri": f"{self.issuer}/signed-jwks",
            "provider_entity_id": self.issuer,
            "provider_entity_keys": json.dumps(public(self.entity)),
            "dialect": Dialect.URN,
            "allowed_acr": frozenset({TEST_LOA_SUBSTANTIAL}),
            "asked_acr": (TEST_LOA_SUBSTANTIAL,),
            "allow_test_codes": True,
            "timeout_seconds": 5.0,
            "entity_id": "http://127.0.0.1:8000",
            "organisation_name": "Heka",
            "own_signed_jwks_uri": "http://127.0.0.1:8000/signed-jwks",
        }
        return IdentificationSettings(**{**values, **changes})

    def claims(self, attempt: Attempt, **changes: Any) -> dict[str, Any]:
        issued = int(NOW.timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "opaque",
            "aud": "heka",
            "iat": issued,
            "exp": issued + 300,
            "auth_time": issued,
            "nonce": attempt.nonce,
            "acr": TEST_LOA_SUBSTANTIAL,
            "amr": ["https://broker.test/oidc.bank.1"],
            **PERSON,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def give(self, token: str) -> None:
        self.replies["/token"] = reply({"id_token": token, "access_token": "a", "token_type": "Bearer"})

    def give_claims(self, attempt: Attempt, **changes: Any) -> None:
        self.give(encrypt(sign(self.claims(attempt, **changes), self.signing), self.our_keys.encryption))

    def callback(self, attempt: Attempt, **changes: str) -> dict[str, str]:
        return {"state": attempt.state, "code": "the-code", "iss": self.issuer, **changes}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    provider: ScriptedProvider


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        provider = self.server.provider
        provider.hits[self.path] += 1
        self._send(provider.replies.get(self.path, Reply(status=404)))

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        if header := self.headers.get("Authorization"):
            form["authorization header"] = header
        self.server.provider.forms.append(form)
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Keep the tests' output quiet."""

    def _send(self, answer: Reply) -> None:
        time.sleep(answer.wait)
        # The portal may have gone meanwhile, as some tests want.
        with suppress(OSError):
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self._send_body(answer)

    def _send_body(self, answer: Reply) -> None:
        if not answer.drip:
            self.wfile.write(answer.body)
            return
        for at in range(len(answer.body)):
            self.wfile.write(answer.body[at : at + 1])
            self.wfile.flush()
            time.sleep(answer.drip)


@contextmanager
def running(keys: RelyingPartyKeys) -> Iterator[ScriptedProvider]:
    """A scripted provider on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.provider = ScriptedProvider(f"http://127.0.0.1:{server.server_port}", keys)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
