"""Mails in the outbox, a clock moved by hand, and a sender that keeps, refuses or breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.outbox.delivery import Outcome, deliver_batch
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.domain.outbox.queries import read_params
from heka_portal.extensions import db
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import Language, MailKind


def enqueue(kind: MailKind = MailKind.CASE_NEWS, *, to: str = "maija@example.fi", **params: str | int) -> int:
    """Put a mail into the outbox and commit; a case's number is made up where none is given."""
    if not params and kind is MailKind.CASE_NEWS:
        params = {"number": 482719306}
    mail = enqueue_mail(kind, to_email=to, language=Language.FINNISH, params=params)
    db.session.commit()
    return mail.id


def mail_of(mail_id: int) -> OutboxMail:
    """The mail as it stands in the database now."""
    db.session.rollback()
    found = select(OutboxMail).where(OutboxMail.id == mail_id).execution_options(populate_existing=True)
    return db.session.scalars(found).one()


@dataclass
class Office:
    """Sends the Message-IDs of mails to a list, unless an error is set."""

    #: a little later than any mail that a test puts in
    now: datetime = field(default_factory=lambda: clock.now() + timedelta(minutes=1))
    error: BaseException | None = None
    sent: list[str] = field(default_factory=list)
    params: list[dict[str, str | int]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def pass_time(self, length: timedelta) -> None:
        self.now += length

    def render(self, mail: OutboxMail) -> str:
        self.params.append(read_params(mail))
        return mail.message_id

    def send(self, message_id: str) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(message_id)

    def deliver(self) -> Outcome | None:
        """Deliver the next mail."""
        outcomes = deliver_batch(self.send, self.render, clock=self.clock, limit=1)
        return outcomes[0] if outcomes else None
