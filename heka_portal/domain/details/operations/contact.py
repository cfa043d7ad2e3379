"""Change one's contact details and which mails one does without. No import touches them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert

from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.errors import NotAllowed
from heka_portal.domain.outbox.rules import OPTIONAL
from heka_portal.extensions import db
from heka_portal.models.accounts import Account
from heka_portal.models.outbox import MailRefusal
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction, Language, MailKind


@dataclass(frozen=True)
class Contact:
    """How the landlord reaches a person; the postal address only where it is not the home's."""

    phone: str | None
    postal_street: str | None
    postal_code: str | None
    postal_city: str | None
    postal_country: str | None


def change_contact(actor: Actor, contact: Contact, *, language: Language) -> None:
    """Keep the actor's contact details and the language of their mails. Raises NotAllowed."""
    if actor.person_id is None or not actor.may(Permission.OWN_DETAILS):
        raise NotAllowed
    person = db.session.get_one(Person, actor.person_id, with_for_update=True)
    changed = [name for name, value in asdict(contact).items() if getattr(person, name) != value]
    for name, value in asdict(contact).items():
        setattr(person, name, value)
    account = db.session.get_one(Account, actor.account_id, with_for_update=True)
    if account.language is not language:
        account.language = language
        changed.append("language")
    if changed:
        # Which, not what: the log holds no copies.
        _record(actor, {"changed": changed})
    db.session.flush()


def choose_mails(actor: Actor, refused: Collection[MailKind]) -> None:
    """Do without these kinds of mail from now on; what is mandatory comes all the same. Raises NotAllowed."""
    if not actor.may(Permission.OWN_DETAILS):
        raise NotAllowed
    db.session.get_one(Account, actor.account_id, with_for_update=True)
    db.session.execute(delete(MailRefusal).where(MailRefusal.account_id == actor.account_id))
    kinds = [kind for kind in OPTIONAL if kind in refused]
    if kinds:
        rows = [{"account_id": actor.account_id, "kind": kind} for kind in kinds]
        db.session.execute(insert(MailRefusal), rows)
    _record(actor, {"mails_refused": [str(kind) for kind in kinds]})
    db.session.flush()


def _record(actor: Actor, data: dict[str, list[str]]) -> None:
    record_audit(AuditAction.CONTACT_CHANGED, account_id=actor.account_id, person_id=actor.person_id, data=data)
