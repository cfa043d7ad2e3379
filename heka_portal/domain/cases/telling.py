"""Who is told of what happens in a case, by mail: that there is news, never what it is."""

from __future__ import annotations

from sqlalchemy import select

from heka_portal.domain.outbox.operations import enqueue_mail
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
    for row in rows:
        if row.id == except_account or (row.role is ParticipantRole.FOLLOWER and not with_followers):
            continue
        told = kind if row.role is ParticipantRole.OWNER else MailKind.CASE_NEWS
        enqueue_mail(told, to_email=row.email, language=row.language, params={"number": case.number}, account_id=row.id)


def mail_contractor(case: Case) -> None:
    """Tell the contractor's people that a job is theirs: its number, nothing of the resident."""
    rows = db.session.execute(
        select(Account.id, Account.email, Account.language)
        .join(StaffMember, StaffMember.id == Account.staff_member_id)
        .where(StaffMember.contractor_id == case.contractor_id, Account.is_disabled.is_(False))
    ).all()
    for row in rows:
        enqueue_mail(
            MailKind.JOB_ASSIGNED,
            to_email=row.email,
            language=row.language,
            params={"number": case.number},
            account_id=row.id,
        )


def tell(case: Case, told: Party, *, closes: bool, needs_resident: bool, except_account: int | None) -> None:
    """Tell the party a move tells of; closing and questions have mails of their own."""
    if told is Party.NOBODY:
        return
    kind = MailKind.CASE_NEWS
    if closes:
        kind = MailKind.CASE_CLOSED
    elif needs_resident:
        kind = MailKind.CASE_NEEDS_YOU
    mail_participants(case, kind, except_account=except_account)
