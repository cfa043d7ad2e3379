"""What the pages of the table are about, and the browsers they are opened in: cases in every state, drafts, links."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from heka_portal import clock
from heka_portal.blueprints.account.emails import SENT
from heka_portal.blueprints.registration.chosen import KEY as CHOSEN
from heka_portal.domain.accounts.operations.links import make_link
from heka_portal.domain.accounts.operations.passwords import hash_password
from heka_portal.domain.accounts.operations.second_factor import new_secret
from heka_portal.domain.accounts.queries import hash_key
from heka_portal.domain.defects.queries import list_upkeep_rules
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.cases import CaseDraft
from heka_portal.models.email_changes import EmailChange
from heka_portal.models.people import Person
from heka_portal.vocabulary import (
    Audience,
    CaseKind,
    DefectArea,
    ExportState,
    FileType,
    Language,
    RegistrationObstacle,
    TokenPurpose,
)
from heka_portal.web.files import storage
from tests.contracts.access_matrix import PHOTO, make_things
from tests.contracts.pages import ANYONE, NEIGHBOUR, OWNER, RESIDENT, Page, Refusal
from tests.factories.defects import finish, make_defect, move, report_of
from tests.factories.details import make_bank_account, make_export
from tests.factories.files import jpeg
from tests.factories.identifications import identified_client
from tests.support.roles import World, signed_in_client
from tests.support.sending import send

PASSWORD = "seven herons over Vuosaari"
#: words that do not break, as long as the forms let them be
LONG_TITLE = "Huoneistokohtaisenlämpimänkäyttövedenkiertojohdonsulkuventtiilinkahva irti"
LONG_WORD = "Lämminvesijohdonkorvausilmaventtiilinsäätöruuvinkiinnityslevy" * 3


@dataclass(frozen=True)
class Opened:
    """A browser, and the address of a page it can open."""

    client: FlaskClient
    path: str


class Scenery:
    """A world in which every page of the table can be opened; several pages share a browser."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self._clients: dict[str, FlaskClient] = {ANYONE: app.test_client()}
        self._reader(OWNER)
        with app.app_context():
            session_id = db.session.scalars(
                select(LoginSession.id)
                .where(LoginSession.account_id == world.account_ids[OWNER])
                .order_by(LoginSession.id.desc())
            ).first()
            assert session_id is not None
            name_at_length(world)
            self.things = make_things(world, session_id).values
            storage().put(PHOTO, jpeg(), FileType.JPEG)
            self.cases = make_cases(world) | {"ordered": self.things["number"]}
            self.drafts = make_drafts(world, session_id) | {"new draft": self.things["key"]}
            person_id = world.actor(NEIGHBOUR).person_id
            self.reset_token = make_link(
                TokenPurpose.RESET_PASSWORD, account_id=world.account_ids[OWNER], language=Language.FINNISH
            )
            self.confirm_token = make_link(
                TokenPurpose.CONFIRM_ACCOUNT,
                person_id=person_id,
                email="somebody@example.fi",
                password_hash=hash_password(PASSWORD),
                language=Language.FINNISH,
            )
            self.email_tokens = make_email_tokens(world)
            make_bank_accounts(world, session_id)
            make_export(world.actor(OWNER), state=ExportState.WAITING, storage_key=None, expires_at=None)
            db.session.commit()
        for state in self.email_tokens:
            self._clients[state] = app.test_client()
        self._make_browsers(person_id)

    def open(self, page: Page) -> Opened:
        """Where a page is, and who opens it."""
        client = self._clients.get(page.state) if page.reader == ANYONE else self._reader(page.reader)
        assert client is not None, f"no browser for {page}"
        with self.app.test_request_context():
            values: dict[str, Any] = {name: self._value(page, name) for name in self._arguments(page.endpoint)}
            return Opened(client, url_for(page.endpoint, **values, **dict[str, Any](page.query)))

    def refuse(self, refusal: Refusal) -> Opened:
        """Where a page that says no is, and who asks."""
        return Opened(self._reader(refusal.reader), refusal.path)

    def _reader(self, role: str) -> FlaskClient:
        if role not in self._clients:
            self._clients[role] = signed_in_client(self.app, self.world.account_ids[role])
        return self._clients[role]

    def _arguments(self, endpoint: str) -> set[str]:
        """What an address has gaps for; the details of a register's row are asked for in the query."""
        rule = next(self.app.url_map.iter_rules(endpoint))
        return set(rule.arguments) | ({"id"} if endpoint.endswith(".details_view") else set())

    def _value(self, page: Page, name: str) -> Any:
        own: dict[str, Callable[[], Any]] = {
            "number": lambda: self.cases[page.state],
            "key": lambda: self.drafts[page.state],
            "token": lambda: self.email_tokens.get(page.state) or self._token(page),
            "id": lambda: self.world.building_id,
        }
        return own[name]() if name in own else self.things[name]

    def _token(self, page: Page) -> str:
        return self.reset_token if page.endpoint == "auth.reset" else self.confirm_token

    def _make_browsers(self, person_id: int | None) -> None:
        """Browsers halfway through a door."""
        app, clients = self.app, self._clients
        clients["reset link"] = clients["mailed link"] = app.test_client()
        clients["identified"] = identified_client(app, person_id)
        for state, obstacle in (
            ("not in the register", RegistrationObstacle.NOT_IN_REGISTER),
            ("under age", RegistrationObstacle.UNDER_AGE),
        ):
            clients[state] = identified_client(app, None, obstacle=obstacle)
        self._make_fresh(RESIDENT)
        clients["chosen"] = app.test_client()
        with clients["chosen"].session_transaction() as visit:
            visit[CHOSEN] = {"email": "somebody@example.fi", "link": hash_key(self.confirm_token)}
        for state, role in (("without a second factor", "clerk"), ("with a second factor", "supervisor")):
            clients[state] = self._halfway(role, has_factor=state.startswith("with "))

    def _make_fresh(self, role: str) -> None:
        """A browser whose reader has just identified themselves anew, given a number and asked for another email."""
        with self._reader(role).session_transaction() as visit:
            visit[SENT] = {"new": "uusi.osoite@example.fi", "old": "vanha.osoite@example.fi"}
        with self.app.app_context():
            account_id = self.world.account_ids[role]
            session = db.session.scalars(select(LoginSession).where(LoginSession.account_id == account_id)).one()
            session.strong_at = clock.now()
            actor = replace(self.world.actor(role), session_id=session.id)
            make_bank_account(actor, confirmed_at=None, takes_effect_at=None)
            db.session.commit()

    def _halfway(self, role: str, *, has_factor: bool) -> FlaskClient:
        """A browser that has given staff's password."""
        with self.app.app_context():
            account = self.world.account(role)
            account.password_hash = hash_password(PASSWORD)
            account.totp_secret = new_secret() if has_factor else None
            email = account.email
            db.session.commit()
        client = self.app.test_client()
        assert send(client, "/staff/sign-in", email=email, password=PASSWORD).status_code == 303
        return client


def name_at_length(world: World) -> None:
    """The owner has the longest of usual names."""
    person = world.account(OWNER).person_id
    assert person is not None
    named = db.session.get_one(Person, person)
    named.first_names, named.last_name = "Maria-Margaretha Wilhelmiina", "Hyvönen-Kaartoaho-Längström"


def make_cases(world: World) -> dict[str, int]:
    """A case in every state that looks different, by the name of the state."""
    owner, clerk = world.actor(OWNER), world.actor("clerk")
    [rule, *_] = list_upkeep_rules(on=clock.today())
    begins = clock.now() + timedelta(days=1)
    made = {name: make_defect(owner) for name in ("received", "asked", "visit", "done", "closed", "closed by a rule")}
    made["withdrawn"] = make_defect(owner)
    made["of the household"] = make_defect(owner, audience=Audience.HOUSEHOLD)
    made["common"] = make_defect(world.actor(NEIGHBOUR), DefectArea.COMMON)
    made["long"] = make_defect(
        owner, title=LONG_TITLE, description=f"{LONG_WORD}\n\n{LONG_WORD} https://{LONG_WORD}.fi"
    )
    move(clerk, made["asked"], "ask", text="Since when does it drip?")
    move(clerk, made["visit"], "schedule", visit_from=begins, visit_to=begins + timedelta(hours=2))
    finish(clerk, made["done"])
    finish(clerk, made["closed"])
    move(owner, made["closed"], "confirm")
    move(
        clerk, made["closed by a rule"], "close_resident_pays", text="See the rule.", rule_id=rule.id, price_cents=4500
    )
    move(owner, made["withdrawn"], "withdraw")
    for _ in range(8):
        move(clerk, made["long"], "ask", text=LONG_WORD)
        move(owner, made["long"], "inform", text=LONG_WORD)
    move(clerk, made["long"], "await_part", text=LONG_WORD, look_again_on=clock.today() + timedelta(days=9))
    return {name: case.number for name, case in made.items()}


def make_drafts(world: World, session_id: int) -> dict[str, str]:
    """Drafts of the owner with every page answered, of the home and of the common areas."""
    owner = world.actor(OWNER)
    keys = {}
    for name, area in (("draft", DefectArea.HOME), ("common draft", DefectArea.COMMON)):
        report = report_of(owner, area)
        answers = {
            "area": area,
            "apartment_id": report.apartment_id,
            "building_id": report.building_id,
            "place": report.place,
            "fault": report.fault,
            "title": LONG_TITLE,
            "description": LONG_WORD,
            "master_key": "allowed",
            "phone": "+358402976225",
            "call_when": LONG_WORD[:60],
            "has_access": True,
        }
        now = clock.now()
        keys[name] = secrets.token_urlsafe(24)
        db.session.add(
            CaseDraft(
                key=keys[name],
                kind=CaseKind.DEFECT,
                account_id=owner.account_id,
                login_session_id=session_id,
                answers=answers,
                created_at=now,
                saved_at=now + timedelta(seconds=1),
                expires_at=now + timedelta(hours=1),
            )
        )
    return keys


def make_email_tokens(world: World) -> dict[str, str]:
    """The links that a change of the co-tenant's email is confirmed and undone by."""
    account = world.account("co_tenant")
    tokens = {state: secrets.token_urlsafe(32) for state in ("old mailbox", "new mailbox", "undo")}
    now = clock.now()
    for is_done in (False, True):
        db.session.add(
            EmailChange(
                account_id=account.id,
                old_email=account.email,
                new_email="uusi.osoite@example.fi",
                old_token_hash=None if is_done else hash_key(tokens["old mailbox"]),
                new_token_hash=secrets.token_hex(32) if is_done else hash_key(tokens["new mailbox"]),
                undo_token_hash=hash_key(tokens["undo"]) if is_done else None,
                by_identification=False,
                created_at=now,
                expires_at=now + timedelta(hours=24),
                done_at=now if is_done else None,
                undo_until=now + timedelta(days=7) if is_done else None,
            )
        )
    return tokens


def make_bank_accounts(world: World, session_id: int) -> None:
    """The owner's number in use, one that waits, and one that is to be confirmed in their browser."""
    owner = world.actor(OWNER)
    make_bank_account(owner, age=timedelta(days=30))
    make_bank_account(owner, iban="DE89370400440532013000")
    make_bank_account(owner, login_session_id=session_id, confirmed_at=None, takes_effect_at=None)
