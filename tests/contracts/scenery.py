"""What the pages of the table are about, and the browsers they are opened in: cases in every state, drafts, links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from heka_portal.domain.accounts.rules import MOST_PASSKEYS
from heka_portal.extensions import db
from heka_portal.models.accounts import LoginSession
from heka_portal.models.passkeys import PASSKEY_NAME
from heka_portal.vocabulary import (
    ExportState,
    FileType,
    Language,
    RegistrationObstacle,
    TokenPurpose,
)
from heka_portal.web.files import storage
from tests.contracts.access_matrix import PHOTO, make_things
from tests.contracts.pages import ANYONE, NEIGHBOUR, OWNER, RESIDENT, Page, Refusal
from tests.contracts.props import (
    make_bank_accounts,
    make_buildings,
    make_cases,
    make_drafts,
    make_email_tokens,
    make_messages,
    make_notices,
    make_plans,
    make_written,
    name_at_length,
)
from tests.factories.details import make_bank_account, make_export
from tests.factories.files import jpeg
from tests.factories.identifications import identified_client
from tests.factories.passkeys import make_passkey
from tests.support.roles import World, signed_in_client
from tests.support.sending import send

PASSWORD = "seven herons over Vuosaari"
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
            give_factors(world)
            self.things = make_things(world, session_id).values
            storage().put(PHOTO, jpeg(), FileType.JPEG)
            self.cases = make_cases(world) | make_messages(world) | {"ordered": self.things["number"]}
            self.notices = make_notices(world)
            self.drafts = make_drafts(world, session_id) | {"new draft": self.things["key"]}
            self.drafts |= make_written(world, session_id, self.cases["message"])
            self.buildings = make_buildings(world)
            self.plans = make_plans(world)
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
            "notice": lambda: self.notices[page.state],
            "id": lambda: self.world.building_id,
            "building_id": lambda: self.buildings.get(page.state, self.world.building_id),
            "version": lambda: self.plans[page.state][1] if page.state in self.plans else self.things["version"],
            "plan_id": lambda: self.plans[page.state][0] if page.state in self.plans else self.things["plan_id"],
        }
        area = page.endpoint.rpartition(".")[0]
        return own[name]() if name in own else self.things.get(f"{area}.{name}") or self.things[name]

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
        for state, role, door, has_app in (
            ("without a second factor", "clerk", "/staff/sign-in", False),
            ("with a second factor", "supervisor", "/staff/sign-in", True),
            ("with passkeys", "co_tenant", "/sign-in", False),
            ("with an app", "former_tenant", "/sign-in", True),
        ):
            clients[state] = self._halfway(role, door, has_app=has_app)
        clients["about to make a passkey"] = maker = signed_in_client(app, self.world.account_ids["resident"])
        self._give_password("resident")
        named = {"called": "My phone", "present": PASSWORD}
        assert send(maker, "/account/second-factor/passkeys/new", **named).status_code == 303

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

    def _halfway(self, role: str, door: str, *, has_app: bool) -> FlaskClient:
        """A browser that has given the password at a door."""
        email = self._give_password(role, has_app=has_app)
        client = self.app.test_client()
        assert send(client, door, email=email, password=PASSWORD).status_code == 303
        return client

    def _give_password(self, role: str, *, has_app: bool = False) -> str:
        """The email of an account that has a password now."""
        with self.app.app_context():
            account = self.world.account(role)
            account.password_hash = hash_password(PASSWORD)
            account.totp_secret = new_secret() if has_app else None
            db.session.commit()
            return account.email


def give_factors(world: World) -> None:
    """The owner has a code app and as many passkeys as there may be, the co-tenant one; both have recovery codes."""
    owner = world.account(OWNER)
    owner.totp_secret = new_secret()
    for number in range(MOST_PASSKEYS - 2):
        make_passkey(owner, name=f"{LONG_WORD[: PASSKEY_NAME - 2]} {number}", backed_up=True, last_used_at=clock.now())
    make_passkey(world.account("co_tenant"))
    for role in (OWNER, "co_tenant"):
        world.account(role).recovery_codes = ["used up but for this one"]
