"""Encryption of personal data: what only the application reads, bound to its column, and found by a keyed mark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.keyring import Keyring, UnreadableSecret

OLD, NEW = {"k1": b"1" * 32}, {"k2": b"2" * 32, "k1": b"1" * 32}


@given(st.text(max_size=200))
def test_what_is_encrypted_comes_back(text: str) -> None:
    ring = Keyring(OLD, b"f" * 32)
    stored = ring.encrypt(text, purpose="people.identity_code")
    assert ring.decrypt(stored, purpose="people.identity_code") == text
    if len(text) > 3:
        assert text not in stored


def test_the_same_text_never_looks_the_same() -> None:
    ring = Keyring(OLD, b"f" * 32)
    assert len({ring.encrypt("010170-999R", purpose="x") for _ in range(50)}) == 50


def test_an_older_key_still_reads_and_the_first_one_writes() -> None:
    stored = Keyring(OLD, b"f" * 32).encrypt("010170-999R", purpose="x")
    ring = Keyring(NEW, b"f" * 32)
    assert ring.decrypt(stored, purpose="x") == "010170-999R"
    assert ring.encrypt("x", purpose="x").startswith("k2.")


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored[:-4] + "AAA=",
        lambda stored: "k9" + stored[2:],
        lambda stored: stored.split(".")[1],
        lambda stored: "",
        lambda stored: stored[:20],
    ],
)
def test_what_was_changed_is_refused(change) -> None:
    ring = Keyring(OLD, b"f" * 32)
    with pytest.raises(UnreadableSecret):
        ring.decrypt(change(ring.encrypt("010170-999R", purpose="x")), purpose="x")


def test_a_value_moved_to_another_column_is_refused() -> None:
    ring = Keyring(OLD, b"f" * 32)
    with pytest.raises(UnreadableSecret):
        ring.decrypt(ring.encrypt("010170-999R", purpose="people.identity_code"), purpose="accounts.totp_secret")


def test_a_fingerprint_is_the_same_for_the_same_code_and_key_only() -> None:
    ring = Keyring(NEW, b"f" * 32)
    assert ring.fingerprint("010190-999W") == Keyring(OLD, b"f" * 32).fingerprint("010190-999W")
    assert ring.fingerprint("010190-999W") != ring.fingerprint("010190Y999W")
    assert ring.fingerprint("010190-999W") != Keyring(NEW, b"g" * 32).fingerprint("010190-999W")
