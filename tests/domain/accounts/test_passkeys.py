"""Passkeys on a database: made-up answers, two at once, and what is thrown away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heka_portal import clock
from heka_portal.domain.access import Actor
from heka_portal.domain.accounts.operations.challenges import make_challenge, take_challenge
from heka_portal.domain.accounts.operations.cleaning import drop_expired
from heka_portal.domain.accounts.operations.passkey_answers import check_new, handle_of, read_use
from heka_portal.domain.accounts.operations.passkeys import add_passkey, ask_at_door, ask_for_new, check_passkey
from heka_portal.domain.accounts.rules import PasskeyFault, PasskeyRefused
from heka_portal.extensions import db
from heka_portal.models.passkeys import PasskeyChallenge
from tests.support.authenticator import Authenticator, decode, encode
from tests.support.roles import World

CHALLENGE = b"c" * 32
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def actor(app: Flask, world: World) -> Iterator[Actor]:
    """The main tenant, in an open context."""
    with app.app_context():
        yield world.actor("main_tenant")


@pytest.fixture
def device(actor: Actor) -> Authenticator:
    """A device with a passkey of the actor's."""
    device = Authenticator(is_counting=False)
    make_in(device, actor)
    return device


def make_in(device: Authenticator, actor: Actor) -> None:
    """Make a passkey of the actor's in a device."""
    asked = ask_for_new(actor)
    add_passkey(actor, key=asked.key, answer=device.make(json.loads(asked.options)), name="Phone")
    db.session.commit()


def whole_answers(kind: str) -> tuple[dict[str, Any], bytes]:
    """An answer that is right, to be bent."""
    device, options = Authenticator(), {"challenge": encode(CHALLENGE), "user": {"id": encode(b"u" * 32)}}
    answer = device.make(options)
    return json.loads(answer if kind == "create" else device.use(options)), CHALLENGE


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_bent_answer_is_refused_or_says_the_same(actor: Actor, data: st.DataObject):
    kind = data.draw(st.sampled_from(["create", "get"]))
    answer, challenge = whole_answers(kind)
    whole_id = answer["id"]
    part = data.draw(st.sampled_from(["id", "rawId", "type", "response", *answer["response"]]))
    bent = data.draw(JSON | st.binary(max_size=300).map(encode))
    (answer["response"] if part in answer["response"] else answer)[part] = bent
    text = json.dumps(answer)
    try:
        if kind == "create":
            made, _ways = check_new(text, challenge)
            assert encode(made.credential_id) == whole_id
        else:
            given_answer = read_use(text)
            assert encode(given_answer.raw_id) == given_answer.id
    except PasskeyRefused as refused:
        assert refused.fault is PasskeyFault.INVALID


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200) | JSON.map(json.dumps))
def test_a_made_up_answer_is_refused(actor: Actor, text: str):
    for read in (lambda: check_new(text, CHALLENGE), lambda: read_use(text)):
        with pytest.raises(PasskeyRefused):
            read()


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), bit=st.integers(0, 7), part=st.sampled_from(["authenticatorData", "signature"]))
def test_no_bit_of_what_is_signed_may_differ(device: Authenticator, place: int, bit: int, part: str):
    asked = ask_at_door()
    answer = json.loads(device.use(json.loads(asked.options)))
    raw = bytearray(decode(answer["response"][part]))
    raw[place % len(raw)] ^= 1 << bit
    answer["response"][part] = encode(bytes(raw))
    with pytest.raises(PasskeyRefused):
        check_passkey(key=asked.key, answer=json.dumps(answer))
    db.session.rollback()


def test_a_right_answer_opens_the_account(actor: Actor, device: Authenticator):
    asked = ask_at_door()
    account = check_passkey(key=asked.key, answer=device.use(json.loads(asked.options)))
    assert account.id == actor.account_id
    db.session.commit()


def test_devices_know_an_account_by_what_tells_nothing(actor: Actor):
    handle = handle_of(actor.account_id)
    assert handle == handle_of(actor.account_id) != handle_of(actor.account_id + 1)
    assert len(handle) == 32
    assert str(actor.account_id).encode() not in handle


def test_a_challenge_is_taken_once_however_many_come_at_once(app: Flask, world: World):
    with app.app_context():
        key, _ = make_challenge(None)
        db.session.commit()

    def take(_number: int) -> bool:
        with app.app_context():
            try:
                take_challenge(key, account_id=None)
            except PasskeyRefused:
                return False
            finally:
                db.session.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1


def test_a_passkey_counts_up_once_for_two_that_show_the_same(app: Flask, world: World):
    device = Authenticator()
    with app.app_context():
        make_in(device, world.actor("main_tenant"))
        first, second = ask_at_door(), ask_at_door()
        db.session.commit()
    answers = []
    for asked in (first, second):
        device.kept[0].used = 4
        answers.append((asked.key, device.use(json.loads(asked.options))))

    def come(given_answer: tuple[str, str]) -> bool:
        key, answer = given_answer
        with app.app_context():
            try:
                check_passkey(key=key, answer=answer)
            except PasskeyRefused:
                return False
            finally:
                db.session.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(come, answers)) == 1


def test_old_challenges_are_thrown_away(app: Flask):
    with app.app_context(), time_machine.travel(clock.now(), tick=False) as time:
        make_challenge(None)
        db.session.commit()
        assert drop_expired(now=clock.now()) == 0
        time.shift(timedelta(minutes=5, seconds=1))
        fresh, _ = make_challenge(None)
        assert drop_expired(now=clock.now()) == 1
        assert db.session.query(PasskeyChallenge).count() == 1
        take_challenge(fresh, account_id=None)
        db.session.commit()
