"""Tell stories of cases: each step goes through the domain's own operations, at a time of the past."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete, select

from devtools.demo.households import Resident
from devtools.demo.pictures import draw_picture
from heka_portal import clock
from heka_portal.domain.access import Actor, Tie
from heka_portal.domain.accounts.queries import get_actor, hash_key
from heka_portal.domain.accounts.ties import list_homes_today
from heka_portal.domain.attachments.operations import ReceivedFile, add_files, receive_file
from heka_portal.domain.cases.operations import assign, note
from heka_portal.domain.casework.operations import Details, make_move, write
from heka_portal.domain.defects.operations import AccessFacts, DefectReport, report_defect, report_on_behalf
from heka_portal.domain.defects.queries import list_upkeep_rules
from heka_portal.domain.enquiries.operations import EnquiryDraft, open_enquiry, open_enquiry_for
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, LoginSession, StaffMember
from heka_portal.models.cases import Case, CaseEvent
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry
from heka_portal.models.outbox import OutboxMail
from heka_portal.models.people import Person
from heka_portal.vocabulary import Audience, Channel, DefectArea, Fault, MailState, MasterKey, Place
from heka_portal.web.files import storage

FORMER_DAYS = 365
EASY_ACCESS = AccessFacts(MasterKey.ALLOWED, call_when="klo 8-16", phone="+358402976001", is_phone_shared=True)


@dataclass(frozen=True)
class Report:
    """What somebody reports; the words are in their own language."""

    place: Place
    fault: Fault
    title: str
    description: str
    access: AccessFacts = EASY_ACCESS
    is_common: bool = False
    for_household: bool = False
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """What somebody writes to customer service; the words are in their own language."""

    topic: str
    subject: str
    text: str


@dataclass
class Teller:
    """Acts as any account at any time; its sessions end with the telling."""

    now: datetime = field(default_factory=clock.now)
    _keys: dict[str, str] = field(default_factory=dict)

    def at(self, days_ago: int, hour: str) -> datetime:
        """An hour of a day of the past, by the clock of Helsinki; never later than now."""
        day = clock.date_in_helsinki(self.now) - timedelta(days=days_ago)
        moment = datetime.combine(day, time.fromisoformat(hour), clock.HELSINKI).astimezone(UTC)
        return min(moment, self.now)

    def coming(self, days: int, hour: str) -> datetime:
        """An hour of a day to come, by the clock of Helsinki."""
        day = clock.date_in_helsinki(self.now) + timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(hour), clock.HELSINKI).astimezone(UTC)

    def actor(self, email: str, at: datetime) -> Actor:
        """Who has this account, with the homes of that day."""
        if email not in self._keys:
            self._keys[email] = self._sign_in(email)
        found = get_actor(self._keys[email], now=at, former_days=FORMER_DAYS)
        assert found is not None  # noqa: S101 - the session was made a moment ago
        return found

    def _sign_in(self, email: str) -> str:
        key = secrets.token_urlsafe(32)
        db.session.add(
            LoginSession(
                account_id=db.session.scalars(select(Account.id).where(Account.email == email)).one(),
                key_hash=hash_key(key),
                created_at=self.now,
                last_seen_at=self.now,
                expires_at=self.now + timedelta(hours=8),
            )
        )
        db.session.flush()
        return key

    def report(self, email: str, report: Report, at: datetime) -> Defect:
        """Report a defect of the first home of the person, or of its building."""
        actor = self.actor(email, at)
        home = actor.homes[0]
        photos = [self._photo(name) for name in report.photos]
        defect, event = report_defect(
            actor,
            DefectReport(
                area=DefectArea.COMMON if report.is_common else DefectArea.HOME,
                apartment_id=None if report.is_common else home.apartment_id,
                building_id=home.building_id,
                place=report.place,
                fault=report.fault,
                title=report.title,
                description=report.description,
                noticed_on=clock.date_in_helsinki(at) - timedelta(days=1),
                access=None if report.is_common else report.access,
                audience=Audience.HOUSEHOLD if report.for_household else Audience.OWN,
                form_key=secrets.token_urlsafe(24),
            ),
            now=at,
        )
        add_files(actor, photos, case_id=defect.id, event_id=event.id, now=at)
        return defect

    def write_message(self, email: str, message: Message, at: datetime) -> Enquiry:
        """Write a message about the first home of the person."""
        actor = self.actor(email, at)
        draft = EnquiryDraft(
            topic=message.topic,
            apartment_id=actor.own_homes[0].apartment_id,
            subject=message.subject,
            text=message.text,
            form_key=secrets.token_urlsafe(24),
        )
        return open_enquiry(actor, draft, now=at)[0]

    def write_message_for(
        self, email: str, resident: Resident, message: Message, channel: Channel, at: datetime
    ) -> Enquiry:
        """A clerk writes down what a resident asks."""
        person_id, home = self._home_of(resident, at)
        draft = EnquiryDraft(
            topic=message.topic,
            apartment_id=home.apartment_id,
            subject=message.subject,
            text=message.text,
            form_key=secrets.token_urlsafe(24),
        )
        return open_enquiry_for(self.actor(email, at), person_id, draft, channel=channel, now=at)[0]

    def report_for(self, email: str, resident: Resident, report: Report, channel: Channel, at: datetime) -> Defect:
        """A clerk writes down what a resident without an account tells."""
        person_id, home = self._home_of(resident, at)
        told = DefectReport(
            area=DefectArea.HOME,
            apartment_id=home.apartment_id,
            building_id=home.building_id,
            place=report.place,
            fault=report.fault,
            title=report.title,
            description=report.description,
            noticed_on=clock.date_in_helsinki(at),
            access=report.access,
            audience=Audience.OWN,
            form_key=secrets.token_urlsafe(24),
        )
        return report_on_behalf(self.actor(email, at), told, owner_id=person_id, channel=channel, now=at)[0]

    def move(self, email: str | None, case: Case, name: str, at: datetime, **details: object) -> CaseEvent:
        """One move; without an email the worker's."""
        actor = self.actor(email, at) if email else None
        return make_move(actor, case, move=name, details=Details(**details), now=at)[1]  # type: ignore[arg-type]

    def write(self, email: str, case: Case, text: str, at: datetime, photos: Sequence[str] = ()) -> None:
        """Write into the conversation."""
        actor = self.actor(email, at)
        event = write(actor, case, text=text, now=at)
        add_files(actor, [self._photo(name) for name in photos], case_id=case.id, event_id=event.id, now=at)

    def note(self, email: str, defect: Defect, text: str, at: datetime) -> None:
        """A note for staff only."""
        note(self.actor(email, at), defect, text=text, now=at)

    def take(self, email: str, case: Case, at: datetime) -> None:
        """Become the case's handler."""
        actor = self.actor(email, at)
        assign(actor, case, handler=db.session.get(StaffMember, actor.staff_id), now=at)

    def contractor_id(self, name: str) -> int:
        """A company's id."""
        return db.session.scalars(select(Contractor.id).where(Contractor.name == name)).one()

    def rule_id(self, code: str) -> int:
        """The id of an upkeep rule in force."""
        rules = list_upkeep_rules(on=clock.date_in_helsinki(self.now))
        return next(rule.id for rule in rules if rule.code == code)

    def end(self) -> None:
        """End the sessions; mails of the past are not sent any more."""
        hashes = [hash_key(key) for key in self._keys.values()]
        db.session.execute(delete(LoginSession).where(LoginSession.key_hash.in_(hashes)))
        db.session.execute(delete(OutboxMail).where(OutboxMail.state == MailState.WAITING))
        db.session.commit()

    def _home_of(self, resident: Resident, at: datetime) -> tuple[int, Tie]:
        """The id of a person of the register, and the first home of that day."""
        person_id = db.session.scalars(select(Person.id).where(Person.register_id == resident.register_id)).one()
        return person_id, list_homes_today(person_id, on=clock.date_in_helsinki(at))[0]

    def _photo(self, name: str) -> ReceivedFile:
        return receive_file(draw_picture(name), name=f"{name}.jpg", put=storage().put)
