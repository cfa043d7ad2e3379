"""Accounts of staff: made and ended by an operator's command."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from heka_portal import clock
from heka_portal.database import at_most
from heka_portal.domain.accounts.operations.links import drop_links, make_link
from heka_portal.domain.accounts.operations.second_factor import remove_second_factor
from heka_portal.domain.accounts.operations.sessions import end_sessions
from heka_portal.domain.accounts.queries import normal_email
from heka_portal.domain.accounts.rules import EmailTaken
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotFound
from heka_portal.domain.outbox.operations import enqueue_mail
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.homes import Region
from heka_portal.vocabulary import AuditAction, Language, MailKind, StaffRole, TokenPurpose


@dataclass(frozen=True)
class NewStaff:
    """Who gets an account."""

    email: str
    name: str
    role: StaffRole
    language: Language = Language.FINNISH
    #: a contractor's people: their company
    contractor: str | None = None
    #: the team whose cases they see first: a region's id in the register, or its name
    region: str | None = None


def add_staff(new: NewStaff) -> tuple[Account, str]:
    """Make the account and mail the link by which its password is set; returns the link's token too.

    Raises EmailTaken, and NotFound for a region that is not in the register.
    """
    email = normal_email(new.email)
    if db.session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise EmailTaken
    member = StaffMember(
        name=new.name,
        role=new.role,
        contractor_id=_company(new.contractor).id if new.contractor else None,
        region_id=_region_id(new.region) if new.region else None,
    )
    db.session.add(member)
    db.session.flush()
    account = Account(staff_member_id=member.id, email=email, language=new.language, created_at=clock.now())
    db.session.add(account)
    db.session.flush()
    record_audit(AuditAction.STAFF_ADDED, account_id=account.id, data={"role": new.role})
    return account, _send_link(account)


def _send_link(account: Account) -> str:
    token = make_link(TokenPurpose.RESET_PASSWORD, account_id=account.id, language=account.language)
    enqueue_mail(
        MailKind.RESET_PASSWORD,
        to_email=account.email,
        language=account.language,
        params={"token": token},
        account_id=account.id,
    )
    return token


def _company(name: str) -> Contractor:
    company = db.session.scalar(select(Contractor).where(Contractor.name == name))
    if company is None:
        company = Contractor(name=name)
        db.session.add(company)
        db.session.flush()
    return company


def _region_id(which: str) -> int:
    named = or_(Region.register_id == which, Region.name_fi == which)
    found = db.session.scalar(select(Region.id).where(named).order_by(Region.id).limit(at_most(1)))
    if found is None:
        raise NotFound
    return found


def disable_staff(email: str) -> Account:
    """Close the door to somebody who has left: sessions and links end at once. Raises NotFound."""
    account = _find(email)
    account.is_disabled = True
    end_sessions(account.id)
    drop_links(account_id=account.id, person_id=None)
    record_audit(AuditAction.STAFF_DISABLED, account_id=account.id)
    db.session.flush()
    return account


def reset_second_factor(email: str) -> Account:
    """Let somebody who lost phone and codes enrol anew; their sessions end. Raises NotFound."""
    account = _find(email)
    remove_second_factor(account)
    end_sessions(account.id)
    record_audit(AuditAction.SECOND_FACTOR_RESET, account_id=account.id)
    db.session.flush()
    return account


def _find(email: str) -> Account:
    account = db.session.scalar(
        select(Account)
        .where(Account.email == normal_email(email), Account.staff_member_id.is_not(None))
        .with_for_update()
    )
    if account is None:
        raise NotFound
    return account
