"""Who is told of what happens in a case, by mail: that there is news, never what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from heka_portal.domain.cases.workflow import Move
from heka_portal.domain.outbox.operations import NewMail, enqueue_mails
from heka_portal.domain.outbox.rules import OPTIONAL
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.cases import Case, CaseParticipant
from heka_portal.models.outbox import MailRefusal
from heka_portal.vocabulary import MailKind, ParticipantRole, Party

_TAKING_PART = (
    select(
        CaseParticipant.case_id,
        Account.id,
        Account.email,
        Account.language,
        CaseParticipant.role,
        MailRefusal.kind.label("refused"),
    )
    .join(Account, CaseParticipant.person_id == Account.person_id)
    .outerjoin(MailRefusal, MailRefusal.account_id == Account.id)
    .where(Account.is_disabled.is_(False))
)


def mail_participants(
    case: Case, kind: MailKind, *, except_account: int | None = None, with_followers: bool = True
) -> None:
    """Tell everyone who takes part, each in their own language, without any content of the case."""
    rows = db.session.execute(_TAKING_PART.where(CaseParticipant.case_id == case.id)).all()
    told = (
        row for row in rows if row.id != except_account and (with_followers or row.role is not ParticipantRole.FOLLOWER)
    )
    enqueue_mails(_wanted(told, lambda _row: (case.number, kind)))


def mail_contractor(case: Case) -> None:
    """Tell the contractor's people that a job is theirs: its number, nothing of the resident."""
    rows = db.session.execute(
        select(Account.id, Account.email, Account.language)
        .join(StaffMember, StaffMember.id == Account.staff_member_id)
        .where(StaffMember.contractor_id == case.contractor_id, Account.is_disabled.is_(False))
    ).all()
    enqueue_mails(
        NewMail(MailKind.JOB_ASSIGNED, row.email, row.language, {"number": case.number}, row.id) for row in rows
    )


def tell(case: Case, step: Move, *, except_account: int | None) -> None:
    """Tell the party a move tells of; closing and questions have mails of their own."""
    kind = kind_of(step)
    if kind is not None:
        mail_participants(case, kind, except_account=except_account)


def kind_of(step: Move) -> MailKind | None:
    """The mail by which a move tells its case's owner; none: it tells nobody."""
    if step.tells is Party.NOBODY:
        return None
    if step.mail is not None:
        return step.mail
    if step.closes:
        return MailKind.CASE_CLOSED
    return MailKind.CASE_NEEDS_YOU if step.awaits is Party.RESIDENT else MailKind.CASE_NEWS


def mail_participants_of_many(told: Mapping[int, tuple[int, MailKind]]) -> None:
    """As `mail_participants`, for many cases in two statements; `told` is the number and the mail by the case's id."""
    rows = db.session.execute(
        _TAKING_PART.where(CaseParticipant.case_id.in_(told)).order_by(CaseParticipant.case_id, Account.id)
    ).all()
    enqueue_mails(_wanted(rows, lambda row: told[row.case_id]))


def _wanted(rows: Iterable[Any], told: Callable[[Any], tuple[int, MailKind]]) -> Iterator[NewMail]:
    """The mails of those who take part, without the kinds each does without: a person has a row a refusal."""
    people: dict[tuple[int, int], tuple[Any, set[MailKind]]] = {}
    for row in rows:
        people.setdefault((row.case_id, row.id), (row, set()))[1].add(row.refused)
    for row, refused in people.values():
        mail = _mail(row, *told(row))
        if mail.kind not in refused or mail.kind not in OPTIONAL:
            yield mail


def _mail(row: Any, number: int, kind: MailKind) -> NewMail:
    told = kind if row.role is ParticipantRole.OWNER else MailKind.CASE_NEWS
    return NewMail(told, row.email, row.language, {"number": number}, row.id)
