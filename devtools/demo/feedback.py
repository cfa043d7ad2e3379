"""Feedback on accessibility: one that waits, one whose answer is late, and one that was answered."""

from __future__ import annotations

import secrets

from devtools.demo.cast import LAURA
from devtools.demo.telling import Teller
from heka_portal.domain.feedback.operations import Feedback, give_feedback, mark_answered
from heka_portal.domain.feedback.queries import list_feedback
from heka_portal.extensions import db
from heka_portal.vocabulary import Language

GIVEN = (
    # days ago, language, page, words, email
    (
        24,
        Language.SWEDISH,
        "Logga in",
        "Skärmläsaren säger inte att lösenordet är fel förrän jag går tillbaka till fältet.",
        "britta.lund@example.fi",
    ),
    (
        16,
        Language.FINNISH,
        "Asiani",
        "Suurennan tekstin 300 prosenttiin. Tila ja päivä menevät eri riveille, ja on vaikea nähdä, mihin ne kuuluvat.",
        "veikko.salmi@example.fi",
    ),
    (
        2,
        Language.FINNISH,
        None,
        "Haluaisin kuulla tiedotteet luettuina. Näen huonosti, enkä käytä ruudunlukijaa.",
        None,
    ),
)
ANSWER = "Virhe kerrotaan nyt heti kentän luona. Vastattu Britalle sähköpostilla ja pyydetty kokeilemaan uudelleen."


def give_all(teller: Teller) -> None:
    """Give the feedback, and answer the oldest."""
    for days_ago, language, page, words, email in GIVEN:
        give_feedback(
            Feedback(words, page, email, language, secrets.token_urlsafe(24)), now=teller.at(days_ago, "13:40")
        )
    clerk = teller.actor(LAURA.email, teller.at(20, "09:00"))
    oldest = list_feedback(clerk, is_answered=False).lines[0]
    mark_answered(clerk, oldest.id, answer=ANSWER, now=teller.at(20, "09:15"))
    db.session.commit()
