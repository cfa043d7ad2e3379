"""What a copy of one's own data holds: a section a kind of thing, each with the columns that are the person's.

Left out is what is a secret (hashes, keys), what is another's (internal notes of staff, other people's names) and what
only keeps the machinery going. Numbers that money or identity hangs on are masked, as on the pages: a copy lies on
disks and in mailboxes where nobody knows who reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import case, func, or_, select

from heka_portal.domain.audit.looks import LOOKS
from heka_portal.domain.exports.rows import Asked, Owner, Section
from heka_portal.domain.people.rules import mask_identity_code
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Identification, LoginSession, StaffMember
from heka_portal.models.attachments import Attachment
from heka_portal.models.audit import AuditLine
from heka_portal.models.bank_accounts import BankAccount
from heka_portal.models.buildings import RescuePlan, RescuePlanReading
from heka_portal.models.calendars import CalendarLink
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant
from heka_portal.models.defects import Defect
from heka_portal.models.email_changes import EmailChange
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.models.homes import Apartment, Building, Occupancy
from heka_portal.models.leases import Lease, LeaseParty
from heka_portal.models.notices import NoticeReading
from heka_portal.models.outbox import MailRefusal, OutboxMail
from heka_portal.models.passkeys import Passkey
from heka_portal.models.payments import Charge, Invoice, Payment
from heka_portal.models.people import Person
from heka_portal.vocabulary import Visibility


def _masked_code(code: str | None) -> str | None:
    return mask_identity_code(code) if code else None


def _section(name: str, asked: Asked, **change: Callable[[Any], Any]) -> Section:
    return Section(name, asked, change)


def _place() -> tuple[Any, ...]:
    return Building.street_address, Apartment.staircase, Apartment.number


def _is_own(owner: Owner) -> Any:
    return Case.__table__.c.owner_id == owner.person_id


def _own_subject(owner: Owner) -> Any:
    """The words of a case; of one that is only followed they are another's."""
    return case((_is_own(owner), Case.__table__.c.subject)).label("subject")


def _taking_part(owner: Owner) -> Any:
    """One's own cases and those one follows, as on the page My matters."""
    return select(CaseParticipant.case_id).where(CaseParticipant.person_id == owner.person_id)


def _leases(owner: Owner) -> Any:
    return select(LeaseParty.lease_id).where(LeaseParty.person_id == owner.person_id)


def _part_from(owner: Owner, of: type[Charge | Invoice]) -> Any:
    """When one's part in the lease of a charge or an invoice began: what was before is another's."""
    return (
        select(func.min(func.coalesce(LeaseParty.from_on, Lease.starts_on)))
        .join(Lease, Lease.id == LeaseParty.lease_id)
        .where(LeaseParty.person_id == owner.person_id, LeaseParty.lease_id == of.lease_id)
        .correlate(of)
        .scalar_subquery()
    )


def _part_to(owner: Owner, of: type[Charge | Invoice]) -> Any:
    """When it ended, if it has."""
    return (
        select(LeaseParty.to_on)
        .where(LeaseParty.person_id == owner.person_id, LeaseParty.lease_id == of.lease_id)
        .order_by(LeaseParty.to_on.is_not(None), LeaseParty.id)
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def _own_end() -> Any:
    """When the lease ends; for whose part has an end of its own that is said, and the lease's is the others' matter."""
    return case((LeaseParty.to_on.is_(None), Lease.ends_on)).label("ends_on")


def _own_invoices(owner: Owner) -> tuple[Any, ...]:
    ends = _part_to(owner, Invoice)
    return (
        Invoice.lease_id.in_(_leases(owner)),
        Invoice.issued_on >= _part_from(owner, Invoice),
        or_(ends.is_(None), Invoice.issued_on < ends),
    )


def _own_charges(owner: Owner) -> tuple[Any, ...]:
    ends = _part_to(owner, Charge)
    return (
        Charge.lease_id.in_(_leases(owner)),
        or_(Charge.to_on.is_(None), Charge.to_on > _part_from(owner, Charge)),
        or_(ends.is_(None), Charge.from_on < ends),
    )


SECTIONS = (
    _section(
        "person",
        lambda owner: select(
            Person.first_names,
            Person.last_name,
            Person.birth_on,
            Person.identity_code,
            Person.language,
            Person.is_protected,
            Person.register_email,
            Person.register_phone,
            Person.phone,
            Person.postal_street,
            Person.postal_code,
            Person.postal_city,
            Person.postal_country,
        ).where(Person.id == owner.person_id),
        identity_code=_masked_code,
    ),
    _section(
        "account",
        lambda owner: select(Account.email, Account.language, Account.created_at, Account.password_set_at).where(
            Account.id == owner.account_id
        ),
    ),
    _section(
        "homes",
        lambda owner: (
            select(*_place(), Occupancy.from_on, Occupancy.to_on)
            .join(Apartment, Apartment.id == Occupancy.apartment_id)
            .join(Building, Building.id == Apartment.building_id)
            .where(Occupancy.person_id == owner.person_id)
            .order_by(Occupancy.from_on, Occupancy.id)
        ),
    ),
    _section(
        "leases",
        lambda owner: (
            select(
                Lease.register_id,
                *_place(),
                LeaseParty.role,
                Lease.signed_at,
                Lease.starts_on,
                _own_end(),
                Lease.term,
                Lease.monthly_rent_cents,
                LeaseParty.from_on,
                LeaseParty.to_on,
            )
            .select_from(LeaseParty)
            .join(Lease, Lease.id == LeaseParty.lease_id)
            .join(Apartment, Apartment.id == Lease.apartment_id)
            .join(Building, Building.id == Apartment.building_id)
            .where(LeaseParty.person_id == owner.person_id)
            .order_by(Lease.starts_on, LeaseParty.id)
        ),
    ),
    _section(
        "charges",
        lambda owner: (
            select(Charge.kind, Charge.object, Charge.monthly_cents, Charge.from_on, Charge.to_on)
            .where(*_own_charges(owner))
            .order_by(Charge.from_on, Charge.id)
        ),
    ),
    _section(
        "invoices",
        lambda owner: (
            select(
                Invoice.kind,
                Invoice.description,
                Invoice.amount_cents,
                Invoice.issued_on,
                Invoice.due_on,
                Invoice.reference,
                Invoice.period_from,
                Invoice.period_to,
            )
            .where(*_own_invoices(owner))
            .order_by(Invoice.due_on, Invoice.id)
        ),
    ),
    _section(
        "payments",
        lambda owner: (
            select(Payment.reference, Payment.amount_cents, Payment.paid_on, Payment.booked_on)
            .where(Payment.reference.in_(select(Invoice.reference).where(*_own_invoices(owner))))
            .order_by(Payment.paid_on, Payment.id)
        ),
    ),
    _section(
        "bank_accounts",
        lambda owner: (
            select(
                BankAccount.country,
                BankAccount.ending,
                BankAccount.bic,
                BankAccount.confirmed_at,
                BankAccount.takes_effect_at,
                BankAccount.stopped_at,
            )
            .where(BankAccount.person_id == owner.person_id, BankAccount.confirmed_at.is_not(None))
            .order_by(BankAccount.id)
        ),
    ),
    _section(
        "cases",
        lambda owner: (
            select(
                Case.__table__.c.number,
                Case.__table__.c.kind,
                Case.__table__.c.state,
                _own_subject(owner),
                Case.__table__.c.outcome,
                Case.__table__.c.created_at,
                Case.__table__.c.closed_at,
            )
            .where(Case.__table__.c.id.in_(_taking_part(owner)))
            .order_by(Case.__table__.c.id)
        ),
    ),
    _section(
        "defects",
        lambda owner: (
            select(
                Case.__table__.c.number,
                Defect.__table__.c.place,
                Defect.__table__.c.fault,
                Defect.__table__.c.description,
                Defect.__table__.c.noticed_on,
                Defect.__table__.c.master_key,
                Defect.__table__.c.pets,
                Defect.__table__.c.phone,
                Defect.__table__.c.call_when,
                Defect.__table__.c.visit_from,
                Defect.__table__.c.visit_to,
            )
            .join_from(Defect.__table__, Case.__table__, Case.__table__.c.id == Defect.__table__.c.id)
            .where(Case.__table__.c.owner_id == owner.person_id)
            .order_by(Case.__table__.c.id)
        ),
    ),
    _section(
        "messages",
        lambda owner: (
            select(Case.__table__.c.number, Topic.code.label("topic"))
            .join_from(Enquiry.__table__, Case.__table__, Case.__table__.c.id == Enquiry.__table__.c.id)
            .join(Topic, Topic.id == Enquiry.__table__.c.topic_id)
            .where(Case.__table__.c.owner_id == owner.person_id)
            .order_by(Case.__table__.c.id)
        ),
    ),
    _section(
        "conversation",
        lambda owner: (
            select(
                Case.__table__.c.number,
                CaseEvent.at,
                CaseEvent.part,
                CaseEvent.verb,
                CaseEvent.move,
                CaseEvent.to_state,
                CaseEvent.text,
            )
            .join_from(CaseEvent, Case.__table__, Case.__table__.c.id == CaseEvent.case_id)
            .where(_is_own(owner), CaseEvent.visibility == Visibility.EVERYONE)
            .order_by(CaseEvent.case_id, CaseEvent.id)
        ),
    ),
    _section(
        "mails",
        lambda owner: (
            select(OutboxMail.kind, OutboxMail.to_email, OutboxMail.created_at, OutboxMail.sent_at)
            .where(OutboxMail.account_id == owner.account_id)
            .order_by(OutboxMail.id)
        ),
    ),
    _section(
        "mails_refused",
        lambda owner: (
            select(MailRefusal.kind).where(MailRefusal.account_id == owner.account_id).order_by(MailRefusal.kind)
        ),
    ),
    _section(
        "email_changes",
        lambda owner: (
            select(EmailChange.old_email, EmailChange.new_email, EmailChange.created_at, EmailChange.done_at)
            .where(EmailChange.account_id == owner.account_id)
            .order_by(EmailChange.id)
        ),
    ),
    _section(
        "sign_ins",
        lambda owner: (
            select(LoginSession.created_at, LoginSession.ended_at, LoginSession.ip_address, LoginSession.user_agent)
            .where(LoginSession.account_id == owner.account_id)
            .order_by(LoginSession.id)
        ),
    ),
    _section(
        "passkeys",
        lambda owner: (
            select(Passkey.name, Passkey.created_at, Passkey.last_used_at)
            .where(Passkey.account_id == owner.account_id)
            .order_by(Passkey.id)
        ),
    ),
    _section(
        "notices_read",
        lambda owner: (
            select(NoticeReading.notice_id, NoticeReading.read_at, NoticeReading.acknowledged_at)
            .where(NoticeReading.account_id == owner.account_id)
            .order_by(NoticeReading.notice_id)
        ),
    ),
    _section(
        "rescue_plans_read",
        lambda owner: (
            select(Building.street_address, RescuePlan.version, RescuePlanReading.read_at)
            .join(RescuePlan, RescuePlan.id == RescuePlanReading.plan_id)
            .join(Building, Building.id == RescuePlan.building_id)
            .where(RescuePlanReading.account_id == owner.account_id)
            .order_by(RescuePlanReading.id)
        ),
    ),
    _section(
        "calendar_links",
        lambda owner: (
            select(Building.street_address, CalendarLink.language, CalendarLink.created_at, CalendarLink.last_used_at)
            .join(Building, Building.id == CalendarLink.building_id)
            .where(CalendarLink.account_id == owner.account_id)
            .order_by(CalendarLink.id)
        ),
    ),
    _section(
        "identifications",
        lambda owner: (
            select(Identification.purpose, Identification.created_at, Identification.acr, Identification.broker)
            .where(Identification.person_id == owner.person_id)
            .order_by(Identification.id)
        ),
    ),
    _section(
        "looks",
        lambda owner: (
            select(AuditLine.at, AuditLine.action, StaffMember.name, StaffMember.role, AuditLine.reason)
            .join(Account, Account.id == AuditLine.account_id)
            .join(StaffMember, StaffMember.id == Account.staff_member_id)
            .where(AuditLine.person_id == owner.person_id, AuditLine.action.in_(LOOKS))
            .order_by(AuditLine.id)
        ),
    ),
)


def list_own_files(owner: Owner) -> Iterator[tuple[int, str, str]]:
    """The files of one's own cases: the case's number, the name shown, and where the re-made file lies."""
    asked = (
        select(Case.__table__.c.number, Attachment.name, Attachment.storage_key)
        .join_from(Attachment, CaseEvent, CaseEvent.id == Attachment.event_id)
        .join(Case.__table__, Case.__table__.c.id == Attachment.case_id)
        .where(
            _is_own(owner),
            CaseEvent.visibility == Visibility.EVERYONE,
            Attachment.storage_key.is_not(None),
        )
        .order_by(Attachment.id)
    )
    for row in db.session.execute(asked):
        yield row.number, row.name, row.storage_key
