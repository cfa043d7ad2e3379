"""What passkeys are bound to, for each way an address may be written."""

from __future__ import annotations

import pytest

from heka_portal.domain.accounts.relying_party import RelyingParty, relying_party_of


@pytest.mark.parametrize(
    ("base_url", "name", "origin"),
    [
        ("https://asukas.heka.example", "asukas.heka.example", "https://asukas.heka.example"),
        ("https://asukas.heka.example:443", "asukas.heka.example", "https://asukas.heka.example"),
        ("https://asukas.heka.example:8443", "asukas.heka.example", "https://asukas.heka.example:8443"),
        ("https://Asukas.Heka.Example/portal", "asukas.heka.example", "https://asukas.heka.example"),
        ("https://bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost", "localhost", "http://localhost"),
        ("http://localhost:80", "localhost", "http://localhost"),
        # browsers know no passkeys of a bare address; this machine has a name as well
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
        ("http://192.0.2.7:8000", "192.0.2.7", "http://192.0.2.7:8000"),
    ],
)
def test_the_address_is_written_as_browsers_write_it(base_url: str, name: str, origin: str):
    assert relying_party_of(base_url) == RelyingParty(name, origin)
