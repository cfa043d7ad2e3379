"""Own details of the cast: bank accounts in force and waiting, and a correction asked of the register."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from devtools.demo.cast import AINO, JONAS
from devtools.demo.telling import Message, Teller
from heka_portal.blueprints.resident.details.corrections import TOPIC, WRONG
from heka_portal.domain.details.operations.bank_accounts import confirm_account, give_account
from heka_portal.domain.details.rules import read_bank_number
from heka_portal.extensions import db
from heka_portal.integrations.identification.settings import LOA_SUBSTANTIAL
from heka_portal.models.accounts import LoginSession
from heka_portal.vocabulary import Language
from heka_portal.web.i18n import in_language

aino, jonas = str(AINO.email), str(JONAS.email)
#: numbers of examples, which no bank has given out
IN_USE, WAITING = "FI21 1234 5600 0007 85", "DE89 3704 0044 0532 0130 00"


def tell(teller: Teller) -> None:
    """Tell what the cast did on the page of its own details."""
    give(teller.at(60, "18:30"), IN_USE)
    give(teller.at(1, "20:10"), WAITING)
    ask_correction(teller)


def give(at: datetime, number: str) -> None:
    """Give a number, and confirm it in the same session, which has ended since."""
    visit = Teller(now=at)
    session_id = visit.actor(aino, at).session_id
    session = update(LoginSession).where(LoginSession.id == session_id)
    db.session.execute(session.values(strong_at=at, strong_acr=LOA_SUBSTANTIAL))
    given = give_account(visit.actor(aino, at), read_bank_number(number), now=at)
    confirm_account(visit.actor(aino, at), given.id, now=at + timedelta(minutes=2))
    # It is not forgotten with the other sessions: the number says in which it was given.
    db.session.execute(session.values(ended_at=at + timedelta(minutes=5)))
    db.session.commit()


def ask_correction(teller: Teller) -> None:
    """A phone that is wrong in the register, told in Swedish and not answered yet."""
    with in_language(Language.SWEDISH):
        subject = str(WRONG["phone"][1])
    words = Message(TOPIC, subject, "Mitt nummer är 040 297 6002. I registret står mitt gamla nummer.")
    teller.write_message(jonas, words, teller.at(1, "08:20"))
    db.session.commit()
