"""Accounts of the demo: the cast's with the known password, and of those whose cases fill the inbox, without one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from devtools.demo.cast import PASSWORD, RECOVERY_CODES, SIGN_INS, STAFF, Colleague
from heka_portal import clock
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.domain.accounts.operations.second_factor import hash_code, new_secret
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.homes import Region
from heka_portal.models.passkeys import Passkey
from heka_portal.models.people import Person
from heka_portal.vocabulary import Language

#: long before the first demo case
AGE = timedelta(days=400)


def open_accounts() -> bool:
    """Open the cast's accounts; False where they are open already."""
    if db.session.scalar(select(Account.id).where(Account.email == STAFF[0].email)) is not None:
        return False
    password_hash = hash_password(PASSWORD)
    for sign_in in SIGN_INS:
        account = open_account(sign_in.resident.register_id, str(sign_in.resident.email), password_hash)
        if sign_in.has_second_step:
            turn_two_steps_on(account)
    for colleague in STAFF:
        hire(colleague, password_hash)
    db.session.commit()
    return True


def open_account(register_id: str, email: str, password_hash: str | None = None) -> Account:
    """The account of a person of the register."""
    person = db.session.scalars(select(Person).where(Person.register_id == register_id)).one()
    return _add(person_id=person.id, email=email, language=person.language, password_hash=password_hash)


def turn_two_steps_on(account: Account) -> None:
    """A code app and two passkeys, which nobody holds: the recovery codes let in."""
    account.totp_secret = new_secret()
    account.recovery_codes = [hash_code(code) for code in RECOVERY_CODES]
    now = clock.now()
    for name, is_shared, days, used_days in (
        ("Nooran puhelin", True, 90, 2),
        ("Turva-avain avainnipussa", False, 60, None),
    ):
        db.session.add(
            Passkey(
                account_id=account.id,
                credential_id=secrets.token_urlsafe(32),
                public_key=b"nobody's",
                sign_count=0,
                transports=["internal" if is_shared else "usb"],
                name=name,
                backed_up=is_shared,
                created_at=now - timedelta(days=days),
                last_used_at=now - timedelta(days=used_days) if used_days else None,
            )
        )
    db.session.flush()


def open_crowd(people: Iterable[Person]) -> list[Account]:
    """Accounts that nobody can sign in to: of those who have reported something."""
    return [_account_of(person) for person in people]


def _account_of(person: Person) -> Account:
    """A person's account, opened where they have none yet."""
    found = db.session.scalar(select(Account).where(Account.person_id == person.id))
    email = f"{person.register_id.lower()}@resident.example"
    return found or _add(person_id=person.id, email=email, language=person.language)


def hire(colleague: Colleague, password_hash: str, *, email: str | None = None) -> None:
    """A member of staff and their account."""
    member = StaffMember(
        name=colleague.name,
        role=colleague.role,
        contractor_id=_company_id(colleague.contractor) if colleague.contractor else None,
        region_id=db.session.scalar(select(Region.id).where(Region.register_id == colleague.region)),
    )
    db.session.add(member)
    db.session.flush()
    _add(
        staff_member_id=member.id,
        email=email or colleague.email,
        language=Language.FINNISH,
        password_hash=password_hash,
    )


def _company_id(name: str) -> int:
    known = db.session.scalar(select(Contractor.id).where(Contractor.name == name))
    if known is not None:
        return known
    company = Contractor(name=name, phone="09 5767 3100", email="tyot@huolto.example")
    db.session.add(company)
    db.session.flush()
    return company.id


def _add(**values: object) -> Account:
    opened_at = clock.now() - AGE
    account = Account(
        **values, created_at=opened_at, password_set_at=opened_at if values.get("password_hash") else None
    )
    db.session.add(account)
    db.session.flush()
    return account
