"""Mail goes into the outbox with what it tells about, sealed where it is secret; dead letters can go again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from heka_portal.domain.errors import NotFound, TooLate
from heka_portal.domain.outbox.operations import enqueue_mail, forget_sent, resend
from heka_portal.domain.outbox.queries import count_dead, get_dead, list_dead, read_params
from heka_portal.domain.outbox.rules import KEPT_SENT, LINK_LIFE
from heka_portal.extensions import db
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import Language, MailKind, MailState
from tests.factories.mails import Office, enqueue, mail_of


def bury(mail_id: int) -> None:
    mail = mail_of(mail_id)
    mail.state, mail.last_error, mail.attempts = MailState.DEAD, "550 unknown", 3
    db.session.commit()


def test_a_mail_is_gone_with_the_transaction_it_belongs_to(office: Office) -> None:
    enqueue_mail(MailKind.CASE_NEWS, to_email="a@example.fi", language=Language.FINNISH, params={"number": 1})
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 0


def test_each_mail_has_a_message_id_of_the_senders_domain(office: Office) -> None:
    ids = {mail_of(enqueue()).message_id for _ in range(3)}
    assert len(ids) == 3
    assert all(message_id.startswith("<") and message_id.endswith("@heka.example>") for message_id in ids)


def test_a_token_is_not_readable_in_the_database(office: Office) -> None:
    mail_id = enqueue(MailKind.RESET_PASSWORD, token="open-sesame")
    stored = db.session.scalar(text("SELECT params FROM outbox_mails"))
    assert "open-sesame" not in str(stored)
    assert read_params(mail_of(mail_id)) == {"token": "open-sesame"}


def test_dead_letters_are_listed_newest_first_a_page_at_a_time(office: Office) -> None:
    ids = [enqueue() for _ in range(5)]
    for mail_id in ids[:4]:
        bury(mail_id)
    first = list_dead(limit=3)
    assert [mail.id for mail in first] == [ids[3], ids[2], ids[1]]
    assert (first[0].last_error, first[0].attempts, first[0].number) == ("550 unknown", 3, 482719306)
    assert [mail.id for mail in list_dead(before_id=first[-1].id, limit=3)] == [ids[0]]
    assert count_dead() == 4
    with pytest.raises(NotFound):
        get_dead(ids[4])


def test_a_dead_letter_goes_again_as_the_same_message(office: Office) -> None:
    mail_id = enqueue()
    bury(mail_id)
    before = mail_of(mail_id).message_id
    resend(get_dead(mail_id), now=office.now)
    db.session.commit()
    office.deliver()
    mail = mail_of(mail_id)
    assert (mail.state, mail.attempts, office.sent) == (MailState.SENT, 1, [before])


def test_two_clerks_send_a_dead_letter_again_once(office: Office) -> None:
    mail_id = enqueue()
    bury(mail_id)
    seen_by_both = get_dead(mail_id)
    resend(seen_by_both, now=office.now)
    db.session.commit()
    with pytest.raises(NotFound):
        resend(seen_by_both, now=office.now)


def test_a_link_that_has_expired_is_not_sent_again(office: Office) -> None:
    mail_id = enqueue(MailKind.RESET_PASSWORD, token="t")
    bury(mail_id)
    created = mail_of(mail_id).created_at
    assert not list_dead()[0].is_too_late(created)
    assert list_dead()[0].is_too_late(created + LINK_LIFE)
    with pytest.raises(TooLate):
        resend(get_dead(mail_id), now=created + LINK_LIFE)


def test_sent_mail_is_forgotten_and_dead_letters_are_not(office: Office) -> None:
    sent, dead = enqueue(), enqueue()
    office.deliver()
    bury(dead)
    assert forget_sent(now=office.now + KEPT_SENT - timedelta(minutes=1)) == 0
    assert forget_sent(now=office.now + KEPT_SENT + timedelta(minutes=1)) == 1
    db.session.commit()
    assert list(db.session.scalars(select(OutboxMail.id))) == [dead]
    assert sent != dead
