"""A bank account is given, confirmed by who was identified a moment ago, told, and stopped in time."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from heka_portal import clock
from heka_portal.domain.access import FRESH, Actor
from heka_portal.domain.details.operations.bank_accounts import (
    confirm_account,
    drop_unconfirmed,
    give_account,
    stop_account,
)
from heka_portal.domain.details.queries import (
    get_given_number,
    get_waiting_account,
    list_bank_accounts,
    list_bank_accounts_of,
    reveal_iban,
)
from heka_portal.domain.details.rules import CONFIRMING_LIFE, HOLD, NotFresh, read_bank_number
from heka_portal.domain.errors import NotAllowed, NotFound, TooLate
from heka_portal.extensions import db
from heka_portal.models.bank_accounts import BankAccount
from heka_portal.models.email_changes import EmailChange
from heka_portal.vocabulary import AuditAction, BankAccountState, MailKind
from tests.factories.details import IBAN, make_bank_account
from tests.support.roles import World
from tests.support.sending import audited, received

OTHER_IBAN = "FI4050000100000008"


def fresh(actor: Actor) -> Actor:
    """The actor as identified a moment ago."""
    return replace(actor, strong_at=clock.now())


def test_a_number_waits_72_hours_and_is_told(app: Flask, world: World):
    now = clock.now()
    with app.app_context():
        owner = fresh(world.actor("main_tenant"))
        account = give_account(owner, read_bank_number(IBAN))
        assert list_bank_accounts(owner).history == ()
        confirm_account(owner, account.id, now=now)
        db.session.commit()
        assert account.takes_effect_at == now + HOLD
        early = list_bank_accounts(owner, now=now + HOLD - timedelta(seconds=1))
        late = list_bank_accounts(owner, now=now + HOLD)
        assert early.in_use is None
        assert early.waiting is not None
        assert late.in_use is not None
        assert late.waiting is None
    [mail] = received(app)
    assert mail.kind is MailKind.BANK_ACCOUNT_GIVEN
    assert mail.params == {}, "no number in a mail"
    assert audited(app) == [AuditAction.BANK_ACCOUNT_GIVEN]


def test_the_number_is_not_readable_in_the_database(app: Flask, world: World):
    with app.app_context():
        give_account(world.actor("main_tenant"), read_bank_number(IBAN))
        db.session.commit()
        kept = db.session.execute(text("SELECT iban FROM bank_accounts")).scalar_one()
        assert "12345600000785" not in kept


def test_only_who_was_identified_a_moment_ago_confirms(app: Flask, world: World):
    with app.app_context():
        owner = world.actor("main_tenant")
        account = give_account(owner, read_bank_number(IBAN))
        for at in (None, clock.now() - FRESH):
            with pytest.raises(NotFresh):
                confirm_account(replace(owner, strong_at=at), account.id)


def test_only_the_session_that_gave_it_confirms(app: Flask, world: World):
    with app.app_context():
        owner, elsewhere = world.actor("main_tenant"), fresh(world.actor("main_tenant"))
        stranger = fresh(world.actor("co_tenant"))
        account = give_account(owner, read_bank_number(IBAN))
        for actor in (elsewhere, stranger):
            with pytest.raises(NotFound):
                confirm_account(actor, account.id)
            assert get_given_number(actor, since=clock.now() - CONFIRMING_LIFE) is None


def test_a_number_is_not_confirmed_for_ever(app: Flask, world: World):
    with app.app_context():
        owner, now = world.actor("main_tenant"), clock.now()
        account = give_account(owner, read_bank_number(IBAN), now=now)
        late = now + CONFIRMING_LIFE
        with pytest.raises(NotFound):
            confirm_account(replace(owner, strong_at=late), account.id, now=late)
        assert drop_unconfirmed(now=late) == 0
        assert drop_unconfirmed(now=late + timedelta(seconds=1)) == 1


def test_a_second_press_changes_nothing(app: Flask, world: World):
    with app.app_context():
        owner = fresh(world.actor("main_tenant"))
        account = give_account(owner, read_bank_number(IBAN))
        first = confirm_account(owner, account.id).takes_effect_at
        assert confirm_account(owner, account.id).takes_effect_at == first
        db.session.commit()
    assert len(received(app)) == 1


def test_a_later_number_overtakes_the_one_that_waits(app: Flask, world: World):
    with app.app_context():
        owner = fresh(world.actor("main_tenant"))
        in_use = make_bank_account(owner, age=timedelta(days=9))
        first = give_account(owner, read_bank_number(IBAN))
        confirm_account(owner, first.id)
        second = give_account(owner, read_bank_number(OTHER_IBAN))
        confirm_account(owner, second.id)
        states = {line.id: line.state for line in list_bank_accounts(owner).history}
        assert states == {
            in_use.id: BankAccountState.IN_USE,
            first.id: BankAccountState.STOPPED,
            second.id: BankAccountState.WAITING,
        }


def test_its_owner_stops_it_until_it_takes_effect(app: Flask, world: World):
    with app.app_context():
        owner = world.actor("main_tenant")
        account, now = make_bank_account(owner), clock.now()
        with pytest.raises(NotFound):
            stop_account(world.actor("co_tenant"), account.id)
        with pytest.raises(TooLate):
            stop_account(owner, account.id, now=now + HOLD)
        assert get_waiting_account(owner, now=now) is not None
        stop_account(owner, account.id, now=now)
        assert stop_account(owner, account.id, now=now + HOLD).stopped_at == now, "what was stopped stays so"
        assert get_waiting_account(owner, now=now) is None
        db.session.commit()
    assert [mail.kind for mail in received(app)] == [MailKind.BANK_ACCOUNT_STOPPED]


def test_an_email_that_can_still_be_put_back_is_told_too(app: Flask, world: World):
    with app.app_context():
        owner, now = fresh(world.actor("main_tenant")), clock.now()
        for email, days in (("vanha@example.fi", 1), ("ikivanha@example.fi", -1)):
            db.session.add(
                EmailChange(
                    account_id=owner.account_id,
                    old_email=email,
                    new_email=owner.email,
                    new_token_hash=email,
                    by_identification=False,
                    created_at=now,
                    expires_at=now,
                    done_at=now,
                    undo_until=now + timedelta(days=days),
                )
            )
        confirm_account(owner, give_account(owner, read_bank_number(IBAN)).id)
        db.session.commit()
        email = owner.email
    assert {mail.to for mail in received(app)} == {email, "vanha@example.fi"}


@pytest.mark.parametrize("role", ["former_tenant", "clerk", "finance", "contractor"])
def test_who_has_no_own_details_gives_no_number(app: Flask, world: World, role: str):
    with app.app_context(), pytest.raises(NotAllowed):
        give_account(world.actor(role), read_bank_number(IBAN))


@pytest.mark.parametrize("role", ["clerk", "supervisor", "administrator", "contractor", "co_tenant", "main_tenant"])
def test_of_staff_only_finance_sees_a_number(app: Flask, world: World, role: str):
    with app.app_context():
        owner = world.actor("main_tenant")
        account = make_bank_account(owner)
        assert owner.person_id is not None
        actor = world.actor(role)
        with pytest.raises(NotAllowed):
            list_bank_accounts_of(actor, owner.person_id)
        with pytest.raises(NotAllowed):
            reveal_iban(actor, owner.person_id, account.id)
        finance = world.actor("finance")
        assert reveal_iban(finance, owner.person_id, account.id) == IBAN
        with pytest.raises(NotFound):
            reveal_iban(finance, owner.person_id + 1, account.id)


STEPS = st.lists(
    st.tuples(st.sampled_from(["give", "confirm", "stop", "wait"]), st.integers(0, 100)), min_size=1, max_size=12
)


@given(STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_any_moment_one_number_at_most_is_in_use_and_one_waits(app: Flask, world: World, steps):
    with app.app_context():
        db.session.execute(db.delete(BankAccount))
        owner, now = world.actor("main_tenant"), clock.now()
        for step, hours in steps:
            now += timedelta(hours=hours if step == "wait" else 0)
            with contextlib.suppress(NotFound, TooLate):
                take(step, replace(owner, strong_at=now), hours, now)
            states = [line.state for line in list_bank_accounts(owner, now=now).history]
            assert states.count(BankAccountState.IN_USE) <= 1
            assert states.count(BankAccountState.WAITING) <= 1
        db.session.rollback()


def take(step: str, owner: Actor, which: int, now: datetime) -> None:
    """One step of a random history: give a number, confirm the last, stop some."""
    ids = db.session.scalars(select(BankAccount.id).order_by(BankAccount.id)).all()
    if step == "give":
        give_account(owner, read_bank_number(IBAN), now=now)
    elif ids and step == "confirm":
        confirm_account(owner, ids[-1], now=now)
    elif ids and step == "stop":
        stop_account(owner, ids[which % len(ids)], now=now)
