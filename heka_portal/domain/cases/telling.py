"""Who is told of what happens in a case, by mail: that there is news, never what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from heka_portal.domain.outbox.operations import NewMail, enqueue_mails
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.cases import Case, CaseParticipant
from heka_portal.vocabulary import MailKind, ParticipantRole, Party


def mail_participants(
    case: Case, kind: MailKind, *, except_account: int | None = None, with_followers: bool = True
) -> None:
    """Tell everyone who takes part, each in their own language, without any content of the case."""
    rows = db.session.execute(
        select(Account.id, Account.email, Account.language, CaseParticipant.role)
        .join(CaseParticipant, CaseParticipant.person_id == Account.person_id)
        .where(CaseParticipant.case_id == case.id, Account.is_disabled.is_(False))
    ).all()
    enqueue_mails(
        _mail(row, case.number, kind)
        for row in rows
        if row.id != except_account and (with_followers or row.role is not ParticipantRole.FOLLOWER)
    )


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


def tell(case: Case, told: Party, *, closes: bool, needs_resident: bool, except_account: int | None) -> None:
    """Tell the party a move tells of; closing and questions have mails of their own."""
    kind = kind_of(told, closes=closes, needs_resident=needs_resident)
    if kind is not None:
        mail_participants(case, kind, except_account=except_account)


def kind_of(told: Party, *, closes: bool, needs_resident: bool) -> MailKind | None:
    """The mail by which a move tells its case's owner; none: it tells nobody."""
    if told is Party.NOBODY:
        return None
    if closes:
        return MailKind.CASE_CLOSED
    return MailKind.CASE_NEEDS_YOU if needs_resident else MailKind.CASE_NEWS


def mail_participants_of_many(told: Mapping[int, tuple[int, MailKind]]) -> None:
    """As `mail_participants`, for many cases in two statements; `told` is the number and the mail by the case's id."""
    rows = db.session.execute(
        select(CaseParticipant.case_id, Account.id, Account.email, Account.language, CaseParticipant.role)
        .join(Account, CaseParticipant.person_id == Account.person_id)
        .where(CaseParticipant.case_id.in_(told), Account.is_disabled.is_(False))
        .order_by(CaseParticipant.case_id, Account.id)
    ).all()
    enqueue_mails(_mail(row, *told[row.case_id]) for row in rows)


def _mail(row: Any, number: int, kind: MailKind) -> NewMail:
    told = kind if row.role is ParticipantRole.OWNER else MailKind.CASE_NEWS
    return NewMail(told, row.email, row.language, {"number": number}, row.id)
